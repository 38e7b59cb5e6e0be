"""Questions about campaigns and invitations."""

from datetime import datetime

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from actors.models import Consent, Contact
from invitations.choices import OPEN, Progress, State
from outbox.choices import State as Letter


class CampaignQuerySet(models.QuerySet):
    """Questions about campaigns, chained."""

    def visible_to(self, user):
        """Campaigns are the staff's."""
        return self if user.is_authenticated and user.is_staff else self.none()

    def open_at(self, at: datetime):
        """Campaigns whose links work at that instant."""
        return self.filter(state__in=OPEN, deadline__gt=at)

    def with_advance(self):
        """Add how many people are invited and have answered, how many letters there are and have left."""
        invited = apps.get_model("invitations.Invitation").objects.filter(campaign=OuterRef("pk"))
        letters = apps.get_model("invitations.Sending").objects.filter(invitation__campaign=OuterRef("pk"))
        return self.annotate(
            invited=_count(invited, "campaign"),
            answered=_count(invited.exclude(answered_at=None), "campaign"),
            letters=_count(letters, "invitation__campaign"),
            sent=_count(letters.filter(letter__state=Letter.SENT), "invitation__campaign"),
        )

    def being_written(self):
        """Campaigns that still have letters to write: a launch, or a reminder on its way."""
        return self.filter(
            Q(state=State.LAUNCHING) | Q(Exists(_reminders().under_way()), state=State.RUNNING)
        )

    def to_launch(self, at: datetime):
        """Scheduled campaigns whose moment has come at that instant."""
        return self.filter(state=State.SCHEDULED, scheduled_at__lte=at)

    def to_remind(self, at: datetime):
        """Running campaigns with a reminder whose moment has come at that instant, and none under way."""
        planned = _reminders().planned().filter(planned_at__lte=at)
        return self.filter(
            Exists(planned), ~Exists(_reminders().under_way()), state=State.RUNNING, deadline__gt=at
        )


class ReminderQuerySet(models.QuerySet):
    """Questions about reminders, chained."""

    def planned(self):
        """Reminders that have not begun."""
        return self.filter(begun_at=None)

    def begun(self):
        """Reminders under way, or over."""
        return self.exclude(begun_at=None)

    def under_way(self):
        """Reminders that still have letters to write."""
        return self.begun().filter(sent_at=None)


class InvitationQuerySet(models.QuerySet):
    """Questions about invitations, chained."""

    def unanswered(self):
        """Invitations that nobody has answered."""
        return self.filter(answered_at=None)

    def writable(self):
        """Invitations of people to whom a campaign may write today."""
        return self.filter(contact__in=Contact.objects.writable().order_by().values("pk"))

    def never_written(self):
        """Invitations without a first letter."""
        return self.filter(~Exists(_sendings().filter(reminder=None)))

    def untouched(self):
        """Invitations to which nothing was written, and with which nobody did anything.

        Once a campaign is launched, those whom no letter reaches are no longer among them: they are to be phoned.
        """
        nothing = self.filter(
            begun_at=None, answered_at=None, bounced_at=None, reached_at=None, link_version=1
        )
        waiting = Q(contact__in=Contact.objects.writable().order_by().values("pk"))
        return nothing.filter(~Exists(_sendings()), Q(campaign__launched_at=None) | waiting)

    def count_untouched(self) -> dict[str, int]:
        """How many invitations there are ("invited"), and how many of them are `untouched` ("untouched")."""
        untouched = self.untouched().order_by().values("pk")
        return self.aggregate(invited=Count("pk"), untouched=Count("pk", filter=Q(pk__in=untouched)))

    def living(self):
        """Invitations of people who are still somebody: not erased, nor merged into another contact."""
        return self.filter(contact__erased_at=None, contact__merged_into=None)

    def out_of_reach(self):
        """Invitations of people whom no letter reaches (no address, or one that refuses): to phone or write to.

        Those who answered meanwhile are left out, those ticked stay; who objected to campaigns is left in peace.
        """
        withdrawn = Consent.objects.filter(contact=OuterRef("contact"), withdrawn_at__isnull=False)
        given = Consent.objects.filter(contact=OuterRef("contact"), withdrawn_at=None)
        return self.living().filter(
            Q(contact__email="") | Q(contact__bounced_at__isnull=False),
            Q(answered_at=None) | Q(reached_at__isnull=False),
            Exists(given) | ~Exists(withdrawn),
            contact__opted_out_at=None,
        )

    def remindable(self):
        """Unanswered invitations of people who have had a first letter, and may be written to today."""
        return self.unanswered().writable().filter(Exists(_sendings().filter(reminder=None)))

    def due_for_reminder(self, before: datetime):
        """Those `remindable` whose last letter was written before that instant."""
        return self.remindable().filter(~Exists(_sendings().filter(written_at__gte=before)))

    def with_progress(self):
        """Add `progress`, a value of `choices.Progress`, read from the dates and the letters."""
        letters = _sendings()
        return self.annotate(
            progress=Case(
                When(answered_at__isnull=False, then=Value(Progress.ANSWERED)),
                When(begun_at__isnull=False, then=Value(Progress.BEGUN)),
                When(reached_at__isnull=False, then=Value(Progress.REACHED)),
                When(bounced_at__isnull=False, then=Value(Progress.BOUNCED)),
                When(Exists(letters.filter(letter__state=Letter.SENT)), then=Value(Progress.SENT)),
                When(Exists(letters.filter(letter__state=Letter.UNCERTAIN)), then=Value(Progress.UNCERTAIN)),
                When(Exists(letters.filter(WAITING)), then=Value(Progress.WAITING)),
                When(Exists(letters), then=Value(Progress.WITHHELD)),
                default=Value(Progress.PREPARED),
                output_field=models.CharField(),
            )
        )

    def with_place(self):
        """Add `place`, the name of the municipality of the person, else of the actor; None when unknown."""
        return self.annotate(place=Coalesce("contact__municipality__name", "actor__municipality__name"))

    def by_name(self):
        """In the order of names as people read it: « Éloïse » before « Zoé »."""
        # A contact's searched text begins with its name, folded.
        return self.order_by("contact__search_text", "contact__name", "pk")


class SendingQuerySet(models.QuerySet):
    """Questions about letters written to invited people, chained."""

    def needing_a_person(self, campaign):
        """Letters of a campaign that may not have arrived, to people who have not answered; with `sendable`.

        Uncertain and failed ones; and those kept back from people who may be written to after all: a deadline
        was moved, an address corrected. Only what is `sendable` is worth sending again. Texts stay behind.
        """
        reachable = Q(invitation__contact__in=Contact.objects.writable().order_by().values("pk"))
        doubtful = self.filter(invitation__campaign=campaign, invitation__answered_at=None).annotate(
            sendable=Case(When(reachable, then=Value(True)), default=Value(False))
        )
        doubtful = doubtful.filter(
            Q(letter__state__in=[Letter.UNCERTAIN, Letter.FAILED])
            | Q(letter__state=Letter.CANCELLED, sendable=True)
        )
        people = doubtful.select_related("invitation__contact", "invitation__actor", "reminder", "letter")
        return people.defer("letter__message").order_by("invitation__contact__name", "pk")


WAITING = Q(letter__state__in=[Letter.QUEUED, Letter.CLAIMED, Letter.SENDING])
"""Sendings whose letter has not left yet."""


def _count(rows, by: str):
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _sendings():
    return apps.get_model("invitations.Sending").objects.filter(invitation=OuterRef("pk")).order_by()


def _reminders():
    return apps.get_model("invitations.Reminder").objects.filter(campaign=OuterRef("pk")).order_by()
