"""The activity of a period, under one « fiche-projet » or under all: what was done, and what proves it.

Sessions, people and hours come from `trainings.figures`, campaigns from `invitations.figures`: the same lines of
code as their own pages, so that everything adds up.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.choices import Family, InteractionKind
from actors.models import Interaction
from actors.querysets import InteractionQuerySet
from charts import Chart, bars
from invitations import figures as invitation_figures
from invitations.models import Campaign
from projects.models import Project
from territory.models import Municipality, Objective
from trainings import figures as training_figures
from trainings import proof
from trainings.models import TrainingSession
from trainings.querysets import TrainingSessionQuerySet
from typography import dates, numbers


@dataclass(frozen=True)
class Period:
    """From one local date to another, both included."""

    start: date
    end: date

    def __str__(self) -> str:
        start, end = (dates.day(one, weekday=False) for one in (self.start, self.end))
        return _("du {start} au {end}").format(start=start, end=end)

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """The first instant of the first day, and the first after the last."""
        zone = timezone.get_current_timezone()
        return (
            datetime.combine(self.start, time.min, zone),
            datetime.combine(date.fromordinal(self.end.toordinal() + 1), time.min, zone),
        )

    @property
    def months(self) -> list[date]:
        """The first day of each month of the period."""
        count = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
        first = self.start.year * 12 + self.start.month - 1
        return [date((first + n) // 12, (first + n) % 12 + 1, 1) for n in range(count)]


@dataclass(frozen=True)
class Lack:
    """A session that took place, and the pieces that its proof file lacks."""

    session: TrainingSession
    pieces: Sequence[str]


@dataclass(frozen=True)
class Activity:
    """What a report shows. People count once a session."""

    sheet: Objective | None
    period: Period
    figures: training_figures.Activity
    sessions: Sequence[TrainingSession]
    """Those that took place, in order, each `with_proof`."""
    unsaid: Sequence[TrainingSession]
    """Those that are over and that nobody said to have taken place: they count for nothing yet."""
    families: Sequence[tuple[str, int]]
    municipalities: Sequence[tuple[str, int]]
    """Each of the territory, those from where nobody came too; then the others together."""
    unreached: Sequence[str]
    campaigns: Sequence[tuple[Campaign, invitation_figures.Participation]]
    interactions: Sequence[tuple[str, int]]
    projects: Sequence[Project]
    lacks: Sequence[Lack]

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """The figures as page and paper show them: the number, what it counts, and what one must know of it."""
        one, campaigns = self.figures, len(self.campaigns)
        different = ngettext(
            "une personne compte une fois par séance\u00a0: {n} personne différente",
            "une personne compte une fois par séance\u00a0: {n} personnes différentes",
            one.people_different,
        ).format(n=numbers.number(one.people_different))
        together = _("{hours} de présence, toutes personnes ensemble").format(hours=one.sat_through)
        return [
            (numbers.number(one.sessions), ngettext("séance tenue", "séances tenues", one.sessions), ""),
            (numbers.number(one.attended), ngettext("présence", "présences", one.attended), different),
            (numbers.number(one.registered), ngettext("inscription", "inscriptions", one.registered), ""),
            (one.lasted, _("heures de séance"), together),
            (numbers.number(campaigns), ngettext("campagne", "campagnes", campaigns), ""),
            (
                numbers.number(self.exchanges),
                ngettext("échange noté", "échanges notés", self.exchanges),
                "",
            ),
        ]

    @property
    def exchanges(self) -> int:
        """How many exchanges in all."""
        return sum(count for _kind, count in self.interactions)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was done."""
        return not (self.sessions or self.unsaid or self.campaigns or self.exchanges or self.projects)


def sessions(sheet: Objective | None, period: Period) -> TrainingSessionQuerySet:
    """Return the sessions whose first day is in the period, accounted under the sheet (None: all)."""
    found = TrainingSession.objects.between(period.start, period.end)
    return found.of_action_sheet(sheet) if sheet else found


def of(sheet: Objective | None, period: Period) -> Activity:
    """Gather what was done; the number of queries does not depend on how much it is."""
    found = sessions(sheet, period)
    figures = training_figures.activity(found)
    held = list(with_all(found.held()))
    start, end = period.instants
    campaigns = _under(sheet, Campaign.objects.filter(launched_at__gte=start, launched_at__lt=end))
    answered = invitation_figures.totals(campaigns)
    nobody = invitation_figures.Participation("", {})
    places = dict(Municipality.objects.of_lag().order_by("name").values_list("code", "name"))
    came = dict(figures.by_municipality)
    local = [(name, came.get(code, 0)) for code, name in places.items()]
    elsewhere = figures.attended - sum(count for _name, count in local)
    labels = {family.value: capfirst(str(family.label)) for family in Family} | {"": _("Sans organisation")}
    kinds = Counter(exchanges(sheet, period).order_by().values_list("kind", flat=True))
    missing = (
        (session, [piece.name for piece in proof.pieces(session) if not piece.there]) for session in held
    )
    return Activity(
        sheet=sheet,
        period=period,
        figures=figures,
        sessions=held,
        unsaid=list(found.past().unsaid().select_related("training").order_by("starts_at", "pk")),
        families=[(labels[family], count) for family, count in figures.by_family],
        municipalities=[*local, (_("Ailleurs ou inconnue"), elsewhere)],
        unreached=[name for name, count in local if not count] if figures.sessions_told else [],
        campaigns=[(one, answered.get(one.pk, nobody)) for one in campaigns.order_by("launched_at", "pk")],
        interactions=[(capfirst(str(kind.label)), kinds[kind]) for kind in InteractionKind if kinds[kind]],
        projects=list(Project.objects.filter(action_sheet=sheet).order_by("title", "pk")) if sheet else [],
        lacks=[Lack(session, names) for session, names in missing if names],
    )


def with_all(sessions: TrainingSessionQuerySet) -> TrainingSessionQuerySet:
    """Sessions with all that the report and its evidence read of each, in order of their first day."""
    related = sessions.select_related("training__action_sheet", "municipality", "locality", "signed_sheet")
    return related.with_proof().prefetch_related("days").order_by("starts_at", "pk")


def trend(activity: Activity, *, paper: str = "screen") -> Chart | None:
    """Return people who came, month by month; None where nobody did, or within one month."""
    months = activity.period.months
    if len(months) < 2 or not activity.figures.attended:
        return None
    came: Counter[date] = Counter()
    for session in activity.sessions:
        came[timezone.localdate(session.starts_at).replace(day=1)] += session.came
    by_year = len(months) > MOST_MONTHS
    if by_year:
        years = sorted({month.year for month in months})
        columns = [
            bars.Column(str(year), sum(count for month, count in came.items() if month.year == year))
            for year in years
        ]
    else:
        several = months[0].year != months[-1].year
        columns = [bars.Column(dates.short_month(month, year=several), came[month]) for month in months]
    return bars.columns(
        columns,
        key="tendance",
        title=_("Personnes venues, année par année") if by_year else _("Personnes venues, mois par mois"),
        measure=_("personnes"),
        paper=paper,
    )


MOST_MONTHS = 24
"""Months that a drawing can tell apart; a longer period is drawn by year."""


def exchanges(sheet: Objective | None, period: Period) -> InteractionQuerySet:
    """Return the exchanges of a period, under one « fiche-projet » or (None) all."""
    return _under(sheet, Interaction.objects.filter(date__gte=period.start, date__lte=period.end))


def _under(sheet: Objective | None, found):
    return found.filter(action_sheet=sheet) if sheet else found
