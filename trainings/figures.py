"""Figures of this room, as plain values: the same lines of code for the page, the CSV and the PDF."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from accounts.erasure import NOBODY
from trainings import names
from trainings.choices import CRITERIA
from trainings.models import Attendance, Registration, SessionDay, TrainingSession, duration
from trainings.querysets import RegistrationQuerySet, TrainingSessionQuerySet
from typography.numbers import rounded


@dataclass(frozen=True, slots=True)
class Figures:
    """What was done in a period; lists are ordered pairs."""

    sessions_upcoming: int
    sessions_held: int
    people_registered: int
    people_attended: int
    sessions_full_with_people_waiting: int
    sessions_past_without_attendance: int
    by_family: list[tuple[str, int]]
    by_municipality: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Programme:
    """What everybody may be told of a period."""

    sessions_held: int
    people_attended: int


def programme(start: date, end: date) -> Programme:
    """Count the sessions that took place in [start, end] and who came to them, as `collect` does; two queries."""
    sessions = TrainingSession.objects.between(start, end)
    return Programme(sessions.held().count(), _people(sessions).attended().count())


def _people(sessions):
    """People who have a seat in sessions that were not cancelled; a person counts once a session."""
    return Registration.objects.confirmed().filter(
        session__in=sessions.filter(cancelled_at=None).values("pk")
    )


def collect(start: date, end: date) -> Figures:
    """Count sessions whose first day is in [start, end] (local dates) and the people who have a seat in them.

    A person counts once a session. Cancelled sessions, and registrations that only wait, do not count.
    """
    sessions = TrainingSession.objects.between(start, end)
    people = _people(sessions)
    return Figures(
        sessions_upcoming=sessions.upcoming().filter(cancelled_at=None).count(),
        sessions_held=sessions.held().count(),
        people_registered=people.count(),
        people_attended=people.attended().count(),
        sessions_full_with_people_waiting=sessions.full_with_people_waiting().count(),
        sessions_past_without_attendance=sessions.without_attendance().count(),
        by_family=people.count_by_family(),
        by_municipality=people.count_by_municipality(),
    )


@dataclass(frozen=True, slots=True)
class Activity:
    """What sessions that took place came to. A person counts once a session, but for `people_different`."""

    sessions: int
    registered: int
    attended: int
    people_different: int
    """Of those who came: different addresses and names; without an address, different names."""
    sessions_told: int
    """Sessions of whose people it was said, of one at least, whether they came."""
    hours: Decimal
    """Of the sessions, all their days together."""
    person_hours: Decimal
    """Hours really attended, all people together."""
    by_family: list[tuple[str, int]]
    """Who came, by family, then "" for people without an actor; zeros too."""
    by_municipality: list[tuple[str, int]]
    """Who came, by municipality's code, then "" for people from outside or unknown."""

    @property
    def lasted(self) -> str:
        """The hours of the sessions in words: "7 h 30"."""
        return duration(int(self.hours * 60))

    @property
    def sat_through(self) -> str:
        """The hours really attended, in words."""
        return duration(int(self.person_hours * 60))


def activity(sessions: TrainingSessionQuerySet) -> Activity:
    """Count what took place among `sessions`, and who came; seven queries whatever their number."""
    held = sessions.held()
    keys = held.order_by().values("pk")
    people = Registration.objects.confirmed().filter(session__in=keys)
    came = people.attended()
    marks = Attendance.objects.filter(registration__session__in=keys, attended=True)
    return Activity(
        sessions=held.count(),
        registered=people.count(),
        attended=came.count(),
        people_different=_different(came),
        sessions_told=people.filter(attended__isnull=False).order_by().values("session").distinct().count(),
        hours=hours(held),
        person_hours=_hours(mark.day for mark in marks.select_related("day")),
        by_family=came.count_by_family(),
        by_municipality=came.count_by_municipality(),
    )


def _different(people: RegistrationQuerySet) -> int:
    """Count different addresses and names; who was erased has neither, and counts each time."""
    erased = Q(email="", folded_name=names.folded(NOBODY))
    known = people.exclude(erased).order_by().values("email", "folded_name").distinct()
    return known.count() + people.filter(erased).count()


FEWEST = 5
"""Evaluations under which nothing of them is shown: four opinions of a small room have faces."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What people thought of a session; everything but `asked` is empty under FEWEST evaluations."""

    asked: int
    answered: int | None
    means: list[tuple[str, Decimal]]
    remarks: list[str]
    missing: list[str]


def opinion(session: TrainingSession) -> Opinion:
    """Return the mean of each criterion (1 to 5, one decimal) and what was written; two queries.

    Texts come in the order of the alphabet: the order in which they came would say whose they are.
    """
    asked = session.registrations.filter(evaluation_asked=True).count()
    told = list(session.evaluations.filter(shown=True))
    if len(told) < FEWEST:
        return Opinion(asked, None, [], [], [])
    means = [
        (label, rounded(Decimal(sum(getattr(one, name) for one in told)) / len(told), 1))
        for name, label in CRITERIA.items()
    ]
    return Opinion(
        asked,
        len(told),
        [(str(label), mean) for label, mean in means],
        sorted((one.remarks for one in told if one.remarks), key=names.folded),
        sorted((one.missing for one in told if one.missing), key=names.folded),
    )


def hours(sessions: TrainingSessionQuerySet) -> Decimal:
    """Return the hours of these sessions, all their days together; one query."""
    return _hours(SessionDay.objects.filter(session__in=sessions.order_by().values("pk")))


def _hours(days: Iterable[SessionDay]) -> Decimal:
    return Decimal(sum(day.minutes for day in days)) / 60
