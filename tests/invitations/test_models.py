"""What the database itself promises of campaigns and invitations."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from invitations import actions
from invitations.models import Campaign, Reminder, Sending
from tests.factories.accounts import TeamFactory
from tests.factories.invitations import CampaignFactory, InvitationFactory, RunningCampaignFactory

pytestmark = pytest.mark.django_db

ABROAD = ["//ailleurs.invalid", "/\\ailleurs.invalid", "https://ailleurs.invalid/", "javascript:alert(1)", ""]


@pytest.mark.parametrize("path", ABROAD)
def test_a_campaign_never_lands_elsewhere_by_the_form(path):
    with pytest.raises(ValidationError) as refusal:
        actions.save(CampaignFactory.build(landing_path=path), by=None)
    assert set(refusal.value.message_dict) == {"landing_path"}


@pytest.mark.parametrize("path", ABROAD)
def test_a_campaign_never_lands_elsewhere_in_the_database(path):
    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignFactory(landing_path=path)


@pytest.mark.parametrize("path", ["/a b", "/a\r\nb", "/\t/ailleurs.invalid", "///ailleurs.invalid"])
def test_an_odd_path_is_refused(path):
    with pytest.raises(ValidationError):
        actions.save(CampaignFactory.build(landing_path=path), by=None)


def test_a_text_with_an_unknown_placeholder_is_not_saved():
    with pytest.raises(ValidationError) as refusal:
        actions.save(CampaignFactory.build(body="Bonjour {prénom}", subject="{nom} {x}"), by=None)
    assert set(refusal.value.message_dict) == {"body", "subject"}
    assert Campaign.objects.count() == 0


@pytest.mark.parametrize("address", ["a@b.be\r\nBcc: c@d.be", "pas une adresse", "a@b.be, c@d.be"])
def test_a_reply_address_is_one_address(address):
    with pytest.raises(ValidationError):
        actions.save(CampaignFactory.build(reply_to=address), by=None)


def test_save_remembers_who_created_it():
    ada = TeamFactory()
    assert actions.save(CampaignFactory.build(), by=ada).created_by == ada


def test_one_invitation_a_contact():
    invitation = InvitationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        InvitationFactory(campaign=invitation.campaign, contact=invitation.contact)


def test_one_first_letter_an_invitation_and_one_a_reminder():
    invitation = InvitationFactory()
    reminder = Reminder.objects.create(campaign=invitation.campaign, number=1, planned_at=timezone.now())
    for given in (None, reminder):
        Sending.objects.create(invitation=invitation, reminder=given)
        with pytest.raises(IntegrityError), transaction.atomic():
            Sending.objects.create(invitation=invitation, reminder=given)


def test_one_reminder_at_a_time():
    campaign, now = RunningCampaignFactory(), timezone.now()
    Reminder.objects.create(campaign=campaign, number=1, planned_at=now, begun_at=now)
    Reminder.objects.create(campaign=campaign, number=2, planned_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(campaign=campaign, number=3, planned_at=now, begun_at=now)


def test_what_is_answered_was_begun():
    now = timezone.now()
    for begun in (None, now + timedelta(hours=1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            InvitationFactory(begun_at=begun, answered_at=now)
