"""Counts of a campaign: each person once, in all, by municipality, by family."""

import pytest
from django.utils import timezone

from invitations import actions, figures
from invitations.actions import writing
from invitations.choices import Progress
from invitations.models import Invitation
from outbox.choices import State
from outbox.models import Letter
from tests.factories.actors import CommuneFactory, EnterpriseFactory
from tests.factories.invitations import (
    CampaignFactory,
    InvitationFactory,
    RunningCampaignFactory,
    launched_campaign,
    writable_contact,
)
from tests.factories.territory import MunicipalityFactory

pytestmark = pytest.mark.django_db


def test_participation_counts_each_person_once():
    campaign, now = RunningCampaignFactory(), timezone.now()
    here, there = MunicipalityFactory(name="Val-Fictif"), MunicipalityFactory(name="Mont-Fictif")
    commune, brewery = CommuneFactory(municipality=here), EnterpriseFactory(municipality=there)
    # A person's own municipality counts before that of the actor.
    own = writable_contact(municipality=here)
    InvitationFactory(campaign=campaign, actor=brewery, contact=own, begun_at=now, answered_at=now)
    InvitationFactory(campaign=campaign, actor=commune, begun_at=now)
    InvitationFactory(campaign=campaign, actor=brewery)
    InvitationFactory(campaign=campaign)
    InvitationFactory()
    results = figures.participation(campaign)

    def told(parts):
        return [(part.label, part.invited, part.begun, part.answered) for part in parts]

    assert told([results.total]) == [("Ensemble", 4, 2, 1)]
    assert told(results.by_municipality) == [
        ("Mont-Fictif", 1, 0, 0),
        ("Val-Fictif", 2, 2, 1),
        ("Commune inconnue", 1, 0, 0),
    ]
    assert told(results.by_family) == [
        ("communes", 1, 1, 0),
        ("entreprises", 2, 1, 1),
        ("Sans acteur", 1, 0, 0),
    ]


def test_participation_asks_once(django_assert_num_queries):
    campaign = launched_campaign(5)
    with django_assert_num_queries(1):
        figures.participation(campaign)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Progress.WAITING),
        ({"state": State.SENT, "sent_at": timezone.now()}, Progress.SENT),
        ({"state": State.UNCERTAIN}, Progress.UNCERTAIN),
        ({"state": State.FAILED}, Progress.WITHHELD),
        ({"state": State.CANCELLED}, Progress.WITHHELD),
    ],
)
def test_progress_is_read_from_the_letter(fields, expected):
    campaign = launched_campaign(1)
    Letter.objects.update(**fields)
    assert Invitation.objects.with_progress().get().progress == expected
    assert figures.participation(campaign).total.counts == {expected: 1}


def test_progress_without_letter_is_prepared():
    InvitationFactory()
    assert Invitation.objects.with_progress().get().get_progress_display() == "pas encore écrite"


def test_an_answer_says_more_than_its_letter():
    launched_campaign(1)
    invitation = Invitation.objects.get()
    actions.mark_begun(invitation)
    assert Invitation.objects.with_progress().get().progress == Progress.BEGUN
    actions.mark_answered(invitation.public_id)
    assert Invitation.objects.with_progress().get().progress == Progress.ANSWERED


def test_advance_counts_letters_and_those_to_write(monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 3)
    campaign = launched_campaign(4)
    one, two, _three = Letter.objects.order_by("pk")
    Letter.objects.filter(pk=one.pk).update(state=State.SENT, sent_at=timezone.now())
    Letter.objects.filter(pk=two.pk).update(state=State.UNCERTAIN)
    now = figures.advance(campaign, to_write=actions.to_write(campaign))
    assert (now.done, now.total, now.finished) == (2, 4, False)
    assert now.text == "1 lettre partie sur 4, 1 incertaine."


def test_advance_of_a_draft_is_nothing():
    now = figures.advance(CampaignFactory(), to_write=0)
    assert (now.done, now.total, now.finished) == (0, 0, True)
