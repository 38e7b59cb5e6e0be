"""Counts and scores as plain values: progress, participation, maturity, needs by commune."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import cast

from django.db.models import Count, Q
from django.utils.translation import ngettext

from actors.choices import State
from actors.models import Actor
from invitations.models import Campaign
from needs import scoring
from needs.choices import QuestionKind, Stance
from needs.models import Answer, Question, Response, Section, SharedNeed, Survey
from territory.models import Dimension, Municipality


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """How far a section is: what is asked, what is answered, which required questions wait."""

    section: Section
    asked: int
    answered: int
    missing: tuple[Question, ...]
    authors: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """True when every question has an answer."""
        return self.answered == self.asked


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a response is."""

    sections: tuple[SectionProgress, ...]

    @property
    def asked(self) -> int:
        """Questions that await an answer."""
        return sum(one.asked for one in self.sections)

    @property
    def answered(self) -> int:
        """Questions that have one."""
        return sum(one.answered for one in self.sections)

    def minutes_left(self, whole: int) -> int:
        """Return the minutes that the rest should take when the whole takes `whole`, rounded up."""
        return -(-whole * (self.asked - self.answered) // self.asked) if self.asked else 0

    @property
    def missing(self) -> list[tuple[Section, Question]]:
        """Required questions without an answer, with their section, in order."""
        return [(one.section, question) for one in self.sections for question in one.missing]


def sections_of(response: Response) -> list[Section]:
    """Return the sections of a response's questionnaire, with questions and choices (3 queries)."""
    return list(
        response.survey.questionnaire.sections.prefetch_related("questions__choices", "questions__dimension")
    )


def answers_of(response: Response) -> dict[int, Answer]:
    """Return {question pk: answer} of a response, with who wrote them (1 query)."""
    written = response.answers.select_related("author", "contact")
    return {answer.question_id: answer for answer in written}


def progress(sections: Iterable[Section], answers: dict[int, Answer]) -> Progress:
    """Return how far a response is, from what `sections_of` and `answers_of` gave. No query."""
    found = []
    for section in sections:
        asked = [question for question in section.questions.all() if question.asks]
        given = [answers[q.pk] for q in asked if q.pk in answers and answers[q.pk].is_given]
        done = {answer.question_id for answer in given}
        authors = dict.fromkeys(str(answer.writer) for answer in given if answer.writer)
        missing = tuple(q for q in asked if q.required and q.pk not in done)
        found.append(SectionProgress(section, len(asked), len(given), missing, tuple(authors)))
    return Progress(tuple(found))


# Participation -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Participation:
    """Who was asked, who began, who sent."""

    invited: int
    begun: int
    submitted: int


def participation(survey: Survey) -> Participation:
    """Return the participation of a survey: published actors of its audience, responses begun and sent."""
    responses = Response.objects.filter(survey=survey)
    return Participation(
        invited=Actor.objects.filter(state=State.PUBLISHED).of_family(survey.audience).count(),
        begun=responses.count(),
        submitted=responses.submitted().count(),
    )


def unanswered(survey: Survey) -> list[Actor]:
    """Return the published actors of a survey's audience whose response is not sent, by name (1 query)."""
    sent = Response.objects.submitted().filter(survey=survey).values("actor")
    asked = Actor.objects.filter(state=State.PUBLISHED).of_family(survey.audience)
    return list(asked.exclude(pk__in=sent))


@dataclass(frozen=True, slots=True)
class Invited:
    """A campaign that invites to a survey: the people invited, and those of them who answered."""

    campaign: Campaign
    invited: int
    answered: int


def campaigns_of(survey: Survey) -> list[Invited]:
    """Return the campaigns that invite to a survey, the newest first (1 query)."""
    invitations = "campaign__invitations"
    counted = survey.campaigns.select_related("campaign").annotate(
        invited=Count(invitations),
        answered=Count(invitations, filter=Q(**{f"{invitations}__answered_at__isnull": False})),
    )
    return [Invited(one.campaign, one.invited, one.answered) for one in counted.order_by("-pk")]


# Maturity ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Score:
    """A score from 0 to 1, exact; None is « n.d. ». `n`: criteria, or communes for the territory."""

    value: Decimal | None
    n: int

    @property
    def out_of_4(self) -> Decimal | None:
        """The same, from 0 to 4."""
        return None if self.value is None else self.value * 4

    @property
    def out_of_100(self) -> Decimal | None:
        """The same, from 0 to 100."""
        return None if self.value is None else self.value * 100

    @property
    def band(self) -> str:
        """« Semis », « Levée », « Épi », « Moisson »; "" when not known."""
        place = None if self.value is None else scoring.band(Fraction(self.value))
        return "" if place is None else scoring.BANDS[place]

    @property
    def growth(self) -> int | None:
        """The level whose growth stands for the band."""
        place = None if self.value is None else scoring.band(Fraction(self.value))
        return None if place is None else scoring.BAND_LEVELS[place]


@dataclass(frozen=True, slots=True)
class Maturity:
    """Scores by dimension code, in the dimensions' order, and overall. `self_rated`: 0 to 10, beside."""

    dimensions: dict[str, Score]
    overall: Score
    self_rated: dict[str, int | None]


def dimension_codes() -> list[str]:
    """Return the codes of the dimensions, in their order (1 query)."""
    return list(Dimension.objects.order_by("order", "pk").values_list("code", flat=True))


def maturities(survey: Survey) -> dict[str, Maturity]:
    """Return {municipality code: maturity} of the responses sent to a survey (4 queries).

    Formulas: needs.scoring. A municipality that did not send its response is absent.
    """
    sent = Response.objects.submitted().filter(survey=survey, actor__municipality__isnull=False)
    municipality_of = dict(sent.values_list("pk", "actor__municipality__code"))
    return {municipality_of[pk]: found for pk, found in _maturities(survey, municipality_of).items()}


def maturity(response: Response) -> Maturity:
    """Return the maturity of one response, sent or not (3 queries)."""
    return _maturities(response.survey, [response.pk])[response.pk]


def territory_maturity(of_communes: Iterable[Maturity], codes: Iterable[str]) -> Maturity:
    """Return the mean of communes by dimension, each with its n; overall is the mean of their overalls."""
    communes = list(of_communes)
    dimensions = {
        code: _mean(one.dimensions[code].value for one in communes if code in one.dimensions)
        for code in codes
    }
    return Maturity(dimensions, _mean(one.overall.value for one in communes), {})


def _mean(values: Iterable[Decimal | None]) -> Score:
    mean = scoring.territory(None if value is None else Fraction(value) for value in values)
    return Score(_decimal(mean.value), mean.n)


def _maturities(survey: Survey, responses: Iterable[int]) -> dict[int, Maturity]:
    codes = dimension_codes()
    questions = {
        question.pk: question
        for question in Question.objects.filter(
            questionnaire=survey.questionnaire_id, dimension__isnull=False
        ).select_related("dimension")
    }
    given: dict[int, dict[int, Answer]] = {pk: {} for pk in responses}
    for answer in Answer.objects.filter(response__in=given, question__in=questions):
        given[answer.response_id][answer.question_id] = answer
    return {pk: _scored(questions, answers, codes) for pk, answers in given.items()}


def _scored(questions: dict[int, Question], answers: dict[int, Answer], codes: list[str]) -> Maturity:
    criteria, self_rated = [], dict.fromkeys(codes)
    for pk, question in questions.items():
        answer = answers.get(pk)
        code = cast(Dimension, question.dimension).code  # those without one are not asked for
        if question.criterion:
            criteria.append(
                scoring.Criterion(
                    dimension=code,
                    level=answer.value if answer else None,
                    weight=question.weight,
                    concerned=not (answer and answer.not_concerned),
                )
            )
        elif question.kind == QuestionKind.SCALE:
            self_rated[code] = answer.value if answer else None
    scores = scoring.dimensions(criteria, codes)
    counts = {
        code: sum(one.dimension == code and one.concerned and one.level is not None for one in criteria)
        for code in codes
    }
    return Maturity(
        dimensions={code: Score(_decimal(scores[code]), counts[code]) for code in codes},
        overall=Score(_decimal(scoring.overall(scores)), sum(counts.values())),
        self_rated=self_rated,
    )


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / Decimal(value.denominator)


# Shared needs --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A shared need, and how far each municipality goes: a stance, "voiced" (one of its needs), or "".

    `unnamed`: municipalities that voiced it and did not accept to be named; they are counted, without a cell.
    """

    shared_need: SharedNeed
    cells: tuple[str, ...]
    unnamed: int = 0

    @property
    def engaged(self) -> int:
        """Municipalities that voiced it or took a position, named or not."""
        return sum(bool(cell) for cell in self.cells) + self.unnamed

    @property
    def stances(self) -> list[tuple[str, int]]:
        """("cofinancent", 2) and so on for the stances taken, the furthest first: words that follow a number."""
        cofund, join, care = (
            self.cells.count(stance) for stance in (Stance.COFUNDS, Stance.JOINS, Stance.INTERESTED)
        )
        words = [
            (ngettext("cofinance", "cofinancent", cofund), cofund),
            (ngettext("rejoint", "rejoignent", join), join),
            (ngettext("est intéressée", "sont intéressées", care), care),
        ]
        return [(word, count) for word, count in words if count]


VOICED = "voiced"


def count_shared() -> int:
    """Return how many shared needs everybody may read (1 query)."""
    return SharedNeed.objects.filter(public=True).count()


def matrix(shared_needs: Iterable[SharedNeed], municipalities: Iterable[Municipality]) -> list[Row]:
    """Return one row a shared need (from `with_communes()`), one cell a municipality. No query."""
    places = [place.pk for place in municipalities]
    rows = []
    for shared in shared_needs:
        told = {place.pk: VOICED for place in named(shared)}
        told |= {position.municipality_id: position.stance for position in shared.positions.all()}
        unnamed = {need.municipality_id for need in shared.needs.all()} - told.keys()
        rows.append(Row(shared, tuple(told.get(pk, "") for pk in places), len(unnamed)))
    return rows


def named(shared_need: SharedNeed) -> set[Municipality]:
    """Return the municipalities that voiced a shared need and accept to be named with it.

    No query after `with_communes()`. A position needs no such consent: a municipality takes it to be known.
    """
    return {need.municipality for need in shared_need.needs.all() if need.publishable}
