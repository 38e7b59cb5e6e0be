"""Small truths of registering: what is asked of a colleague, who wrote whose name, why one waits, who is there twice."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests.contracts import markup
from tests.factories.accounts import TeamFactory
from tests.factories.territory import MunicipalityFactory
from tests.factories.trainings import RegistrationFactory, RegistrationQuestionFactory, TrainingSessionFactory
from tests.trainings.test_admin import change_address, said
from tests.trainings.test_arrivals import address as arrival_address
from tests.trainings.test_arrivals import full_today, typed
from tests.trainings.test_questions import questions_posted
from trainings import actions, erasing, phones
from trainings.actions import Person
from trainings.models import Registration


@pytest.fixture
def team(db):
    return TeamFactory(name="Odile Fictive")


@pytest.fixture
def desk(client, team):
    client.force_login(team)
    return client


# A colleague ---------------------------------------------------------------------------------------------


def test_what_is_required_is_not_called_optional_for_a_colleague(client, jodoigne):
    session = TrainingSessionFactory()
    meal = RegistrationQuestionFactory(session=session, label="Repas", required=True)
    tool = RegistrationQuestionFactory(session=session, label="Tableur")
    address = reverse("trainings:register", args=[session.public_id])
    html = client.post(address, {"people": "1", "ajouter": "1"}).content.decode()
    labels = {one.partition('"')[0]: one.partition("</label>")[0] for one in html.split('<label for="id_')}
    marks = {
        name: label.partition("(")[2].rpartition(")")[0].rpartition("(")[2]
        for name, label in labels.items()
        if name.startswith("question_")
    }
    assert marks == {
        f"question_{meal.pk}": "",
        f"question_{tool.pk}": "facultatif",
        f"question_{meal.pk}_2": "obligatoire si ce collègue vient",
        f"question_{tool.pk}_2": "facultatif",
    }


ALINE, BASILE, CHLOE = (
    Person(name="Aline Fictive", email="aline@exemple.invalid"),
    Person(name="Basile Fictif", email="basile@exemple.invalid"),
    Person(name="Chloé Fictive", email="aline@exemple.invalid"),
)


def letters():
    """Write what is owed; return address → bodies that say who registered the person."""
    actions.tell()
    told = {}
    for one in mail.outbox:
        for body in (one.body, one.alternatives[0][0]):
            told.setdefault(one.to[0], []).append("C’est Aline Fictive qui vous inscrit." in body)
    return told


@pytest.mark.parametrize("capacity", [3, 1], ids=["with seats", "waiting"])
def test_a_colleague_with_an_address_of_their_own_is_told_who_registered_them(db, capacity):
    session = TrainingSessionFactory(capacity=capacity)
    actions.register(session=session, people=[ALINE, BASILE, CHLOE], by=None)
    # Aline reads Chloé's letter herself.
    assert letters() == {"aline@exemple.invalid": [False] * 4, "basile@exemple.invalid": [True] * 2}


def test_who_was_registered_before_still_brings_the_others(db):
    session = TrainingSessionFactory(capacity=3)
    actions.register(session=session, people=[ALINE], by=None)
    actions.register(session=session, people=[ALINE, BASILE], by=None)
    assert letters()["basile@exemple.invalid"] == [True, True]


def test_who_is_erased_is_tied_to_nobody_any_more(db):
    session = TrainingSessionFactory(capacity=3)
    actions.register(session=session, people=[ALINE, BASILE], by=None)
    basile = session.registrations.get(name="Basile Fictif")
    assert basile.brought_by.name == "Aline Fictive"
    erasing._forget(basile, None)
    assert Registration.objects.get(pk=basile.pk).brought_by is None


# Why one waits -------------------------------------------------------------------------------------------


def waiting_letter():
    actions.tell()
    return [one.body for one in mail.outbox if one.subject.startswith("En attente")][-1]


def test_who_waits_is_told_that_it_is_full_and_not_of_a_share(db):
    session = TrainingSessionFactory(capacity=1, share=1, share_of="municipality")
    place = MunicipalityFactory()
    RegistrationFactory(session=session, municipality=place)
    actions.register(session=session, people=[ALINE], by=None)
    assert "La séance est complète. Vous êtes en attente, au rang 1." in waiting_letter()


def test_who_waits_is_told_of_the_share_while_there_are_seats(db):
    place = MunicipalityFactory()
    day = timezone.localdate() + timedelta(days=30)
    session = TrainingSessionFactory(capacity=5, share=1, share_of="municipality", share_days=10, days=[day])
    RegistrationFactory(session=session, municipality=place)
    person = Person(name="Aline Fictive", email="aline@exemple.invalid", municipality=place)
    actions.register(session=session, people=[person], by=None)
    assert f"{session.share_told} Les vôtres sont prises. Vous êtes en attente" in waiting_letter()
    assert session.share_told.startswith("1 place par commune jusqu’au ")


def test_who_waits_is_told_that_the_group_does_not_fit(db):
    session = TrainingSessionFactory(capacity=1)
    actions.register(session=session, people=[ALINE, BASILE], by=None)
    assert "Il ne reste pas assez de places pour que vous veniez tous ensemble." in waiting_letter()


# On the phone --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0470 00 00 01", "0470000001"),
        ("+32 (0)470/00.00.01", "0470000001"),
        ("0032470000001", "0470000001"),
        ("+33 6 12 34 56 78", "0033612345678"),
        ("poste 12", ""),
        ("", ""),
    ],
)
def test_a_number_is_compared_whatever_its_dress(written, number):
    assert phones.folded(written) == number


@pytest.fixture
def called():
    """A session in which Basile has a seat, known by his number."""
    session = TrainingSessionFactory(capacity=5)
    RegistrationFactory(session=session, name="Basile Fictif", phone="0470 00 00 01")
    return session


def on_the_phone(desk, session, **fields):
    form = {"name": "Denis Fictif", "phone": "+32 470 00 00 01", "nonce": "b" * 32} | fields
    return desk.post(reverse("admin:trainings_session_people", args=[session.pk]), form)


def test_a_number_that_somebody_of_the_session_has_is_asked_about_and_nothing_is_lost(desk, called):
    response = on_the_phone(desk, called)
    html = response.content.decode()
    assert markup.faults(html) == []
    assert response.context["form"].non_field_errors() == [
        "Ce numéro est déjà celui de Basile Fictif (confirmée). Personne n’est encore ajouté\u00a0: si c’est "
        "quelqu’un d’autre, inscrivez quand même."
    ]
    assert 'value="Denis Fictif"' in html
    assert 'value="' + "b" * 32 in html
    assert called.registrations.count() == 1
    on_the_phone(desk, called, quand_meme="1")
    assert list(called.registrations.order_by("pk").values_list("name", flat=True)) == [
        "Basile Fictif",
        "Denis Fictif",
    ]


def test_the_same_form_sent_again_is_asked_nothing(desk, called):
    for _turn in range(2):
        response = on_the_phone(desk, called, phone="0470 00 00 02")
        assert response.status_code == 302
    assert called.registrations.count() == 2


@pytest.mark.parametrize("other", ["cancelled", "elsewhere"])
def test_who_cancelled_or_comes_to_another_session_holds_nobody_up(desk, called, other):
    if other == "cancelled":
        actions.cancel(called.registrations.get(), by=None)
    session = called if other == "cancelled" else TrainingSessionFactory()
    assert on_the_phone(desk, session).status_code == 302


# At the door ---------------------------------------------------------------------------------------------


def test_who_arrives_and_was_registered_is_told_apart_from_who_was_not(desk):
    session = full_today()
    answers = [
        said(desk.post(arrival_address(session), fields, follow=True))
        for fields in (
            typed(session, name="aline fictive"),
            typed(session, name="Denis Fictif", nonce="d" * 32),
        )
    ]
    assert answers == [
        ["Aline Fictive\u00a0: cette personne était déjà inscrite, elle est marquée présente."],
        ["Denis Fictif est sur la liste, et présent."],
    ]


def test_the_roll_call_s_script_finds_it_on_the_page_that_it_loads_again(desk):
    session = full_today()
    for _retry in range(2):
        desk.post(
            arrival_address(session),
            typed(session, name="Denis Fictif"),
            headers={"accept": "application/json"},
        )
    page = reverse("admin:trainings_session_roll_call", args=[session.pk])
    assert said(desk.get(page)) == []
    desk.post(
        arrival_address(session),
        typed(session, name="aline fictive", nonce="d" * 32),
        headers={"accept": "application/json"},
    )
    assert said(desk.get(page)) == [
        "Aline Fictive\u00a0: cette personne était déjà inscrite, elle est marquée présente."
    ]


# An offer that is extended -------------------------------------------------------------------------------


def offered(**fields):
    until = timezone.now() + timedelta(hours=5)
    return RegistrationFactory(state="offered", offered_until=until, **fields)


def kinds():
    return [one.extra_headers["X-Letter-Kind"] for one in mail.outbox]


def test_who_has_longer_to_answer_is_written_to_once_with_the_new_hour(team):
    until = actions.extend(offered(), by=team)
    assert kinds() == ["registration.extended"]
    letter = mail.outbox[0]
    local = timezone.localtime(until)
    for body in (letter.body, letter.alternatives[0][0]):
        assert "reste gardée pour vous jusqu’au " in body
        assert f"{local.hour}\u00a0h" in body
        assert "/inscriptions/" in body
    actions.tell()
    assert len(mail.outbox) == 1


def test_who_has_no_address_is_phoned_and_who_was_told_nothing_yet_gets_the_offer_alone(team):
    actions.extend(offered(email="", entered_by="Odile"), by=team)
    until = actions.extend(offered(told="waiting"), by=team)
    assert mail.outbox == []
    actions.tell()
    assert kinds() == ["registration.offered"]
    assert f"{timezone.localtime(until).hour}\u00a0h" in mail.outbox[0].body


def test_an_offer_that_already_lasts_until_the_start_is_extended_no_more(team):
    registration = offered()
    Registration.objects.update(offered_until=registration.session.starts_at)
    assert actions.extend(registration, by=team) == registration.session.starts_at
    assert mail.outbox == []


# The desk's questions ------------------------------------------------------------------------------------


def test_new_questions_come_after_the_others_in_the_order_in_which_they_are_written(desk):
    session = TrainingSessionFactory()
    first = RegistrationQuestionFactory(session=session, rank=4, label="Repas")
    new = [
        (None, {"rank": rank, "label": label, "kind": "text"})
        for rank, label in (("", "Tableur"), ("", "Garde"), ("2", "Covoiturage"))
    ]
    response = desk.post(
        change_address(session),
        questions_posted(session, (first, {}), *new) | {"capacity": session.capacity},
    )
    assert response.status_code == 302
    assert list(session.questions.order_by("rank").values_list("rank", "label")) == [
        (2, "Covoiturage"),
        (4, "Repas"),
        (5, "Tableur"),
        (6, "Garde"),
    ]


def test_the_first_question_of_a_session_is_the_first(desk):
    session = TrainingSessionFactory()
    desk.post(
        change_address(session),
        questions_posted(session, (None, {"rank": "", "label": "Repas", "kind": "text"}))
        | {"capacity": session.capacity},
    )
    assert session.questions.get().rank == 1
