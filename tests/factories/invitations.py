"""Campaigns and the people they invite, plainly fictitious."""

from datetime import timedelta

import factory
from django.utils import timezone

from invitations import actions
from invitations.choices import State
from invitations.models import Campaign, Invitation, Reminder
from tests.factories.actors import ConsentFactory, ContactFactory


def writable_contact(**facts):
    """Make a contact to whom a campaign may write."""
    contact = ContactFactory(**facts)
    ConsentFactory(contact=contact)
    return contact


class CampaignFactory(factory.django.DjangoModelFactory):
    """A campaign being prepared; its deadline is in a month."""

    class Meta:
        model = Campaign

    title = factory.Sequence(lambda n: f"Enquête fictive {n}")
    kind = "enquête"
    subject = "Votre avis, {prenom}"
    body = "Bonjour {prenom} {nom},\n\nNous attendons {organisation} jusqu’au {date_limite}.\n\n{lien}"
    reply_to = "equipe@gal.invalid"
    landing_path = "/territoire/"
    deadline = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class RunningCampaignFactory(CampaignFactory):
    """A campaign launched ten days ago, without letters."""

    state = State.RUNNING
    launched_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=10))


class InvitationFactory(factory.django.DjangoModelFactory):
    """An invitation of a running campaign."""

    class Meta:
        model = Invitation

    campaign = factory.SubFactory(RunningCampaignFactory)
    contact = factory.LazyFunction(writable_contact)


class ReminderFactory(factory.django.DjangoModelFactory):
    """A reminder planned for the day after tomorrow."""

    class Meta:
        model = Reminder

    campaign = factory.SubFactory(RunningCampaignFactory)
    number = factory.Sequence(lambda n: n + 1)
    planned_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=2))


def launched_campaign(people: int = 2, **facts) -> Campaign:
    """Make a campaign whose first letters are in the outbox."""
    campaign = CampaignFactory(**facts)
    actions.prepare(campaign, contacts=[writable_contact() for _ in range(people)], by=None)
    actions.launch(campaign, by=None)
    return campaign
