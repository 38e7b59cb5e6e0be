"""What pages show of surveys: what a person has to do, and maturity drawn beside the territory's."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from actors.choices import MembershipState
from actors.models import Actor
from charts.chart import Chart
from charts.radar import Series, radar
from needs import figures
from needs.choices import ResponseState
from needs.models import Response, Survey
from needs.querysets import WRITERS
from territory.models import Dimension


@dataclass(frozen=True, slots=True)
class Todo:
    """A survey for one of a person's actors: its response if it began, and whether the person may begin."""

    survey: Survey
    actor: Actor
    response: Response | None
    may_write: bool
    is_open: bool

    @property
    def is_due(self) -> bool:
        """Say whether something is still to be sent, and can be."""
        return self.is_open and not (self.response and self.response.state == ResponseState.SUBMITTED)


def surveys_of(user: User) -> list[Todo]:
    """Return the surveys of the actors for which a user speaks, open ones first (3 queries)."""
    memberships = list(user.memberships.filter(state=MembershipState.ACTIVE).select_related("actor"))
    surveys = list(Survey.objects.begun().select_related("questionnaire"))
    responses = {
        (response.survey_id, response.actor_id): response
        for response in Response.objects.visible_to(user)
        .filter(actor__in=[membership.actor_id for membership in memberships])
        .select_related("survey")
    }
    found = [
        Todo(
            survey=survey,
            actor=membership.actor,
            response=responses.get((survey.pk, membership.actor_id)),
            may_write=membership.role in WRITERS,
            is_open=survey.takes_answers(),
        )
        for survey in surveys
        for membership in memberships
        if membership.actor.family == survey.audience
    ]
    shown = [todo for todo in found if todo.is_open or todo.response]
    return sorted(shown, key=lambda todo: (not todo.is_open, todo.survey.closes_at, todo.actor.name))


FEWEST_BESIDE = 3
"""Communes that must have answered before one of them reads the territory's mean beside its own level."""


@dataclass(frozen=True, slots=True)
class Line:
    """One dimension: the commune's score, the territory's, the previous edition's, and the note it gives."""

    name: str
    own: figures.Score
    territory: figures.Score
    previous: figures.Score | None
    self_rated: int | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A commune's maturity: a radar and the lines of its table; the last line is the whole.

    `beside`: whether enough communes answered to show the territory's mean.
    """

    chart: Chart
    lines: list[Line]
    communes: int
    beside: bool
    previous_edition: str


def maturity_of(response: Response) -> Drawn | None:
    """Return the maturity of a submitted response beside the territory's and the previous edition's, or None."""
    place = response.actor.municipality
    if response.state != ResponseState.SUBMITTED or place is None:
        return None
    survey = response.survey
    communes = figures.maturities(survey)
    own = communes.get(place.code)
    names = dict(Dimension.objects.order_by("order", "pk").values_list("code", "name"))
    if own is None or len(names) < 3:
        return None
    earlier_survey = survey.previous
    before = figures.maturities(earlier_survey).get(place.code) if earlier_survey else None
    # Of two, the mean and one's own would say the other's, which agreed to nothing of the kind.
    beside = len(communes) >= FEWEST_BESIDE
    territory = figures.territory_maturity(communes.values() if beside else (), names)
    lines = [
        Line(
            name=name,
            own=own.dimensions[code],
            territory=territory.dimensions[code],
            previous=before.dimensions[code] if before else None,
            self_rated=own.self_rated[code],
        )
        for code, name in names.items()
    ]
    whole = Line(_("Ensemble"), own.overall, territory.overall, before.overall if before else None, None)
    edition = earlier_survey.edition if earlier_survey and before else ""
    series = [Series(f"{place.name} {survey.edition}", _values(line.own for line in lines), "own")]
    if beside:
        label = _("Territoire, n = %s") % len(communes)
        series.append(Series(label, _values(line.territory for line in lines), "territory"))
    if before:
        earlier = _values(line.previous for line in lines if line.previous)
        series.append(Series(f"{place.name} {edition}", earlier, "previous"))
    chart = radar(
        list(names.values()),
        series,
        key="maturite",
        title=_("Maturité de %s par dimension, à côté du territoire") % place.name,
    )
    return Drawn(chart, [*lines, whole], len(communes), beside, edition)


def _values(scores: Iterable[figures.Score]) -> tuple[float | None, ...]:
    return tuple(None if one.out_of_4 is None else float(one.out_of_4) for one in scores)
