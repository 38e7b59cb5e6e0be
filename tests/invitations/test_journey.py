"""From a campaign to an answer, by the letters that a real SMTP server received."""

import re

import pytest
from django.urls import reverse

from accounts.models import JournalEntry
from invitations import actions, figures
from invitations.choices import State
from invitations.models import Invitation
from outbox import actions as outbox
from tests.factories.actors import EnterpriseFactory
from tests.factories.invitations import CampaignFactory, writable_contact

pytestmark = pytest.mark.django_db


def personal_path(text: str) -> str:
    """The path of the personal link in a letter's text."""
    return re.search(r"http://testserver(/invitation/\S+)", text)[1]


def test_from_campaign_to_answer(client, smtp_server):
    campaign = CampaignFactory()
    brewery = EnterpriseFactory(name="Brasserie Imaginaire")
    ada, bob = writable_contact(name="Ada Fictive", actors=[brewery]), writable_contact(name="Bob Fictif")
    assert actions.prepare(campaign, contacts=[ada, bob], by=None) == 2
    assert actions.launch(campaign, by=None) == 2
    assert campaign.state == State.RUNNING
    outbox.sweep()
    letters = {letter.recipients[0]: letter for letter in smtp_server.letters}
    assert sorted(letters) == sorted([ada.email, bob.email])
    assert letters[ada.email].message["Subject"] == "Votre avis, Ada"
    assert "Nous attendons Brasserie Imaginaire jusqu’au" in letters[ada.email].text
    path = personal_path(letters[ada.email].text)

    page = client.get(path)
    assert page.status_code == 200
    assert Invitation.objects.get(contact=ada).begun_at is None
    answer = client.post(path)
    assert (answer.status_code, answer["Location"]) == (302, "/territoire/")
    invitation = Invitation.objects.get(contact=ada)
    assert client.session["invitation"] == str(invitation.public_id)

    actions.mark_answered(client.session["invitation"])
    assert "C’est déjà fait" in client.get(path).content.decode()
    total = figures.participation(campaign).total
    assert (total.invited, total.begun, total.answered) == (2, 1, 1)
    assert list(JournalEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "campaign.prepared",
        "campaign.launching",
        "invitation.begun",
        "invitation.answered",
    ]


def test_a_page_of_the_portal_is_where_it_leads(client):
    assert reverse("invitations:open", args=["x"]) == "/invitation/x/"
    assert client.get("/invitation/x/").status_code == 404
