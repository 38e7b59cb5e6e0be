"""Who was invited to a session and registers has answered the invitation, whatever way they came."""

import html
import re

import pytest
from django.urls import reverse

from invitations import actions as invitations
from tests.factories.accounts import TeamFactory, logged_in
from tests.factories.invitations import CampaignFactory, writable_contact
from tests.factories.trainings import TrainingSessionFactory
from trainings import actions
from trainings.actions import Person

pytestmark = pytest.mark.django_db


def invited(landing: str):
    """Denis, whom a launched campaign invites to that page."""
    denis = writable_contact(name="Denis Fictif", email="denis@exemple.invalid")
    campaign = CampaignFactory(landing_path=landing)
    invitations.prepare(campaign, contacts=[denis], by=None)
    invitations.launch(campaign, by=None)
    return campaign.invitations.get()


def register(session, email="Denis@exemple.invalid"):
    actions.register(session=session, people=[Person(name="Denis Fictif", email=email)], by=None)
    actions.tell()


@pytest.mark.parametrize("page", ["session", "training"])
def test_registering_answers_the_invitation_that_led_there(page):
    session = TrainingSessionFactory()
    led = session if page == "session" else session.training
    invitation = invited(led.get_absolute_url())
    register(session)
    invitation.refresh_from_db()
    assert invitation.answered_at is not None
    assert list(invitation.campaign.invitations.unanswered()) == []


def test_who_waits_has_answered_too():
    session = TrainingSessionFactory(capacity=1)
    invitation = invited(session.get_absolute_url())
    register(session, email="basile@exemple.invalid")
    register(session)
    invitation.refresh_from_db()
    assert invitation.answered_at is not None


def test_neither_somebody_else_nor_another_session_answers_it():
    session = TrainingSessionFactory()
    invitation = invited(session.get_absolute_url())
    register(session, email="basile@exemple.invalid")
    register(TrainingSessionFactory())
    invitation.refresh_from_db()
    assert invitation.answered_at is None


def test_an_answer_that_a_process_lost_half_way_is_noted_with_the_letter(monkeypatch):
    session = TrainingSessionFactory()
    invitation = invited(session.get_absolute_url())
    with monkeypatch.context() as patch:
        patch.setattr(invitations, "mark_answered_by", lambda *args, **kwargs: 1 / 0)
        register(session)
    invitation.refresh_from_db()
    assert invitation.answered_at is None
    assert actions.tell() == 1
    invitation.refresh_from_db()
    assert invitation.answered_at is not None


def test_a_session_leads_to_a_campaign_that_invites_to_it():
    desk = logged_in(TeamFactory())
    session = TrainingSessionFactory(training__title="Élaguer & greffer")
    change = reverse("admin:trainings_trainingsession_change", args=[session.pk])
    [address] = re.findall(r'href="([^"]*campaign/add/[^"]*)"', desk.get(change).text)
    initial = desk.get(html.unescape(address)).context["adminform"].form.initial
    assert (initial["landing_path"], initial["title"]) == (session.get_absolute_url(), "Élaguer & greffer")
    actions.cancel_session(session, reason="Neige", by=TeamFactory())
    assert "campaign/add/" not in desk.get(change).text
