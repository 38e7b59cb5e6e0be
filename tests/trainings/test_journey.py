"""From a session to a seat, a letter, a link, and the seat offered to the next person."""

import re

from django.core import mail
from django.urls import reverse

from tests.factories.territory import LAGFactory, MunicipalityFactory
from tests.factories.trainings import TrainingSessionFactory
from trainings import actions
from trainings.models import Registration


def post(client, session, **fields):
    """Post the form as a person fills it in; return the response."""
    address = reverse("trainings:register", args=[session.public_id])
    page = client.get(address)
    form = page.context["form"]
    data = {
        "name": "Basile Fictif",
        "email": "basile@exemple.invalid",
        "municipality": "outside",
        "consent": "on",
        "people": "1",
        "nonce": form["nonce"].value(),
    }
    return client.post(address, data | fields)


def test_a_person_registers_reads_the_letter_cancels_and_the_next_one_takes_the_seat(client, db):
    LAGFactory(area__municipalities=[MunicipalityFactory()])
    session = TrainingSessionFactory(capacity=1)
    assert session.training.title in client.get(reverse("trainings:session_list")).content.decode()
    first = post(client, session)
    assert first.status_code == 302
    assert "Place réservée" in client.get(first["Location"]).content.decode()
    post(client, session, name="Aline Fictive", email="aline@exemple.invalid")
    actions.tell()
    assert [letter.to for letter in mail.outbox] == [["basile@exemple.invalid"], ["aline@exemple.invalid"]]
    path = re.search(r"/inscriptions/\S+", mail.outbox[0].body).group()
    assert "Ajouter à mon agenda" in client.get(path).content.decode()
    assert client.post(path).status_code == 302
    # Who comes no more has nothing to write down.
    assert "Ajouter à mon agenda" not in client.get(path).content.decode()
    actions.tell()
    states = Registration.objects.order_by("position").values_list("name", "state")
    assert list(states.all()) == [("Basile Fictif", "cancelled"), ("Aline Fictive", "offered")]
    path = re.search(r"/inscriptions/\S+", mail.outbox[3].body).group()
    assert "Je prends la place" in client.get(path).content.decode()
    assert list(states.all()) == [("Basile Fictif", "cancelled"), ("Aline Fictive", "offered")]
    assert client.post(path, {"reponse": "prendre"}).status_code == 302
    actions.tell()
    assert list(states.all()) == [("Basile Fictif", "cancelled"), ("Aline Fictive", "confirmed")]
    assert [letter.subject.partition("\u00a0:")[0] for letter in mail.outbox[2:]] == [
        "Inscription annulée",
        "Une place pour vous, à confirmer",
        "Vous avez une place",
    ]
