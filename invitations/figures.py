"""Counts of a campaign, as plain values."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.choices import FAMILY_OF
from invitations.choices import Progress
from invitations.models import Campaign, Invitation, Sending
from invitations.querysets import WAITING
from outbox.choices import State as Letter
from typography.numbers import number, percent

LEFT = (
    Progress.SENT,
    Progress.BEGUN,
    Progress.ANSWERED,
    Progress.REACHED,
    Progress.BOUNCED,
    Progress.UNCERTAIN,
    Progress.WITHHELD,
)
"""Where a letter's fate is known, or will not change by itself."""


@dataclass(frozen=True)
class Participation:
    """People of a campaign, or of a part of it, by where their invitation is; each is counted once."""

    label: str
    counts: dict[str, int]

    @property
    def invited(self) -> int:
        """Everybody."""
        return sum(self.counts.values())

    @property
    def written(self) -> int:
        """People for whom a letter was written: all but those prepared."""
        return self.invited - self.counts.get(Progress.PREPARED, 0)

    @property
    def treated(self) -> int:
        """People whose letter no longer waits."""
        return sum(self.counts.get(progress, 0) for progress in LEFT)

    @property
    def begun(self) -> int:
        """People who pressed the first button, those who answered included."""
        return self.counts.get(Progress.BEGUN, 0) + self.answered

    @property
    def answered(self) -> int:
        """People who went to the end."""
        return self.counts.get(Progress.ANSWERED, 0)

    @property
    def share(self) -> str:
        """Those who answered of those invited, as people here write it: "18 %"."""
        return percent(100 * self.answered / self.invited, 0) if self.invited else "–"

    @property
    def bounced(self) -> int:
        """People whose address refuses letters, and who have done nothing."""
        return self.counts.get(Progress.BOUNCED, 0)

    @property
    def uncertain(self) -> int:
        """People whose letters may have arrived or not, and who have done nothing."""
        return self.counts.get(Progress.UNCERTAIN, 0)

    @property
    def lines(self) -> list[tuple[str, int]]:
        """(progress in French, people) for each progress, zeros included."""
        return [(str(progress.label), self.counts.get(progress, 0)) for progress in Progress]


@dataclass(frozen=True)
class Results:
    """A campaign's participation: in all, by municipality and by family of actors (both in label order)."""

    total: Participation
    by_municipality: list[Participation]
    by_family: list[Participation]


def participation(campaign: Campaign) -> Results:
    """Count a campaign's invitations; one query whatever its size."""
    rows = (
        Invitation.objects.filter(campaign=campaign)
        .with_place()
        .with_progress()
        .order_by()
        .values_list("place", "actor__kind", "progress")
        .annotate(Count("pk"))
    )
    total: Counter[str] = Counter()
    places: dict[str, Counter[str]] = {}
    families: dict[str, Counter[str]] = {}
    for place, kind, progress, people in rows:
        total[progress] += people
        places.setdefault(place or "", Counter())[progress] += people
        families.setdefault(str(FAMILY_OF[kind].label) if kind else "", Counter())[progress] += people
    return Results(
        Participation(_("Ensemble"), dict(total)),
        _sorted(places, _("Commune inconnue")),
        _sorted(families, _("Sans acteur")),
    )


def totals(campaigns: QuerySet[Campaign]) -> dict[int, Participation]:
    """Count the invitations of each campaign that has any, by its key; one query whatever their number."""
    rows = (
        Invitation.objects.filter(campaign__in=campaigns.order_by().values("pk"))
        .with_progress()
        .order_by()
        .values_list("campaign", "progress")
        .annotate(Count("pk"))
    )
    counts: dict[int, dict[str, int]] = {}
    for campaign, progress, people in rows:
        counts.setdefault(campaign, {})[progress] = people
    return {campaign: Participation(_("Ensemble"), found) for campaign, found in counts.items()}


def _sorted(parts: dict[str, Counter[str]], unknown: str) -> list[Participation]:
    """Those without a label come last."""
    order = sorted(parts, key=lambda label: (label == "", label))
    return [Participation(label or unknown, dict(parts[label])) for label in order]


@dataclass(frozen=True)
class Advance:
    """How far the letters of a campaign are: `done` no longer wait, of `total`, those to be written included."""

    done: int
    total: int
    sent: int
    uncertain: int
    withheld: int
    finished: bool

    @property
    def text(self) -> str:
        """The same in words."""
        words = ngettext(
            "{sent} lettre partie sur {total}", "{sent} lettres parties sur {total}", self.sent
        ).format(sent=number(self.sent), total=number(self.total))
        if self.uncertain:
            words += ngettext(", {n} incertaine", ", {n} incertaines", self.uncertain).format(
                n=number(self.uncertain)
            )
        if self.withheld:
            words += ngettext(", {n} non partie", ", {n} non parties", self.withheld).format(
                n=number(self.withheld)
            )
        return words + "."


def advance(campaign: Campaign, *, to_write: int) -> Advance:
    """Count a campaign's letters; `to_write` is how many people a launch or a reminder has yet to reach."""
    counted = Sending.objects.filter(invitation__campaign=campaign).aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=WAITING),
        sent=Count("pk", filter=Q(letter__state=Letter.SENT)),
        uncertain=Count("pk", filter=Q(letter__state=Letter.UNCERTAIN)),
    )
    done = counted["total"] - counted["waiting"]
    return Advance(
        done=done,
        total=counted["total"] + to_write,
        sent=counted["sent"],
        uncertain=counted["uncertain"],
        withheld=done - counted["sent"] - counted["uncertain"],
        finished=not to_write and not counted["waiting"],
    )
