"""What is told of projects, as plain values: needs behind them, latest news, the portfolio."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actors.models import Actor
from needs import figures as needs
from needs.models import SharedNeed
from projects.choices import ROLE_HEADS, STATE_ICONS, PartnerRole, State
from projects.models import Milestone, Project
from territory.models import Municipality
from typography import numbers


def told(n: int) -> str:
    """Return "0 projet", "1 projet", "12 projets" (French: zero is singular)."""
    return ngettext("%s projet", "%s projets", max(n, 1)) % numbers.number(n)


def count_published() -> int:
    """Return how many projects everybody may read; one query."""
    return Project.objects.published().count()


@dataclass(frozen=True)
class Reason:
    """A need behind a project: the municipalities that accept to be named with it, and how many have it."""

    need: SharedNeed
    municipalities: Sequence[Municipality]
    count: int


def reasons(project: Project, user) -> list[Reason]:
    """Return the shared needs that a project answers, as far as `user` may see them; three queries."""
    shared_needs = project.shared_needs.visible_to(user).prefetch_related("needs__municipality")
    return [
        Reason(need, municipalities_of([need]), len({one.municipality_id for one in need.needs.all()}))
        for need in shared_needs
    ]


def municipalities_of(shared_needs: Iterable[SharedNeed]) -> list[Municipality]:
    """Return the municipalities that accept to be named with these needs, each once, by name."""
    found = {place for shared in shared_needs for place in needs.named(shared)}
    return sorted(found, key=lambda place: place.slug)


def partners(project: Project) -> list[tuple[str, list[Actor]]]:
    """Return each role that somebody has, as a heading, with its actors; one query."""
    parts = list(project.partnerships.select_related("actor"))
    held = [
        (str(ROLE_HEADS[role]), [part.actor for part in parts if part.role == role]) for role in PartnerRole
    ]
    return [(head, actors) for head, actors in held if actors]


@dataclass(frozen=True)
class News:
    """Something that happened to a project."""

    on: date
    words: str


def latest(project: Project, milestones: Iterable[Milestone], *, most: int = 5) -> list[News]:
    """Return what happened to a project, the newest first: steps reached, and its present state."""
    news = [
        News(step.done_on, _("Étape franchie : {title}.").format(title=step.title))
        for step in milestones
        if step.done_on
    ]
    news.append(
        News(
            project.state_since,
            _("Le projet est {state}.").format(state=project.get_state_display()),
        )
    )
    return sorted(news, key=lambda one: one.on, reverse=True)[:most]


@dataclass(frozen=True)
class Column:
    """The projects of one state, on the board."""

    state: State
    icon: str
    projects: Sequence[Project]
    total: int


MOST_A_COLUMN = 8
ROAD = (State.ANNOUNCED, State.DESIGN, State.APPROVED, State.RUNNING, State.COMPLETED, State.EVALUATED)
"""The states that a project goes through when all goes well: always on the board."""


def board(projects: Iterable[Project]) -> list[Column]:
    """Return projects by state, at most `MOST_A_COLUMN` shown in each; stopped ones where there are any."""
    by_state: dict[str, list[Project]] = {state: [] for state in State}
    for project in projects:
        by_state[project.state].append(project)
    return [
        Column(state, STATE_ICONS[state], held[:MOST_A_COLUMN], len(held))
        for state in State
        if (held := by_state[state]) or state in ROAD
    ]


@dataclass(frozen=True)
class PortfolioRow:
    """One line of the portfolio: labels and counts, ready for a table or a file."""

    title: str
    slug: str
    state: State
    lead: str
    action_sheet: str
    municipalities: tuple[str, ...]
    needs: int
    reached: int
    steps: int
    late: int


def portfolio(projects, today: date) -> list[PortfolioRow]:
    """Return one row a project, in the order given, with its steps counted on this day; four queries."""
    rows = projects.select_related("lead", "action_sheet").prefetch_related(
        "municipalities",
        Prefetch("shared_needs", SharedNeed.objects.only("pk")),
        Prefetch("milestones", Milestone.objects.order_by("due_on")),
    )
    found = []
    for project in rows:
        steps = list(project.milestones.all())
        waiting = [step for step in steps if step.done_on is None]
        found.append(
            PortfolioRow(
                title=project.title,
                slug=project.slug,
                state=State(project.state),
                lead=project.lead.name,
                action_sheet=str(project.action_sheet or ""),
                municipalities=tuple(place.name for place in project.municipalities.all()),
                needs=len(project.shared_needs.all()),
                reached=len(steps) - len(waiting),
                steps=len(steps),
                late=sum(step.due_on < today for step in waiting) if project.is_under_way else 0,
            )
        )
    return found
