"""The same session again: once, every n weeks, or on the dates one gives."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import journal
from accounts.models import User
from trainings.actions.locks import locked
from trainings.actions.refusals import Refused
from trainings.models import SessionDay, TrainingSession
from typography import dates

MOST_SESSIONS = 52
"""Sessions that one form makes: a year of weeks."""
FURTHEST = timedelta(days=3 * 366)
"""How far ahead a session is planned; what is further is a slip of the finger."""

COPIED = (
    *("training", "format", "venue", "access_notes", "municipality", "locality", "online_url"),
    *(
        "capacity",
        "minimum",
        "waiting_list",
        "reminder_days",
        "trainers",
        "price",
        "share",
        "share_of",
        "share_days",
    ),
)
"""What a session of the series takes over as it is; dates that go with its day move with it."""


def series_days(session: TrainingSession, *, starts: Sequence[date]) -> list[list[SessionDay]]:
    """Return the days that each session of a series would have, unsaved; the first of each is on its date.

    Hours are local: 19:00 stays 19:00 over a change of clocks. Raises Refused, naming every date that is
    wrong: past, given twice, too far, in two sessions of the series at once, or with an hour that the change of
    clocks takes away.
    """
    pattern = session.announced_days
    if not pattern:
        raise Refused(_("Donnez d’abord un jour à la séance de départ. Rien n’est créé."))
    if not 1 <= len(starts) <= MOST_SESSIONS:
        raise Refused(_("Donnez de une à {most} dates. Rien n’est créé.").format(most=MOST_SESSIONS))
    today = timezone.localdate()
    wrong: list[str] = []
    found: list[list[SessionDay]] = []
    for start in starts:
        if starts.count(start) > 1:
            wrong.append(_("{day} est donné deux fois").format(day=dates.day(start)))
        elif start > today + FURTHEST:
            wrong.append(_("{day} est à plus de trois ans").format(day=dates.day(start)))
        else:
            found.append(_moved(pattern, start, wrong))
    wrong += _twice(found)
    if wrong:
        said = "\u00a0; ".join(dict.fromkeys(wrong))
        raise Refused(_("{wrong}. Rien n’est créé.").format(wrong=said[:1].upper() + said[1:]))
    return found


@transaction.atomic
def make_series(
    session: TrainingSession, *, starts: Sequence[date], by: User, nonce: str
) -> list[TrainingSession]:
    """Make a draft for each date, like `session`: all of them or none. Raises Refused as `series_days` does.

    `nonce` is the form's mark: posted again, it returns the sessions that it made.
    """
    if not nonce:
        raise ValueError("A series needs the mark of its form.")
    session = locked(session)
    if made := list(TrainingSession.objects.filter(series=nonce).order_by("series_rank")):
        return made
    asked = list(session.questions.asked())
    for rank, days in enumerate(series_days(session, starts=starts), start=1):
        copy = TrainingSession(
            series=nonce, series_rank=rank, **{name: getattr(session, name) for name in COPIED}
        )
        shift = days[0].date - session.announced_days[0].date
        copy.opens_at, copy.closes_at = _shifted(session.opens_at, shift), _shifted(session.closes_at, shift)
        copy.decide_on = session.decide_on and session.decide_on + shift
        copy.save(force_insert=True)
        for day in days:
            day.session = copy
            day.save()
        for question in asked:
            question.pk, question.session, question._state.adding = None, copy, True
            question.save(force_insert=True)
        journal.record("session.copied", copy, by=by, source=str(session.public_id), rank=rank)
        made.append(copy)
    return made


def _twice(found: list[list[SessionDay]]) -> list[str]:
    """Say which days fall into two sessions of the series at the same hours, as two weeks in a row made each week."""
    days = sorted((day.date, day.start_time, day.end_time) for one in found for day in one)
    return [
        _("{day} tomberait dans deux séances de la série").format(day=dates.day(later[0]))
        for earlier, later in pairwise(days)
        if earlier[0] == later[0] and later[1] < earlier[2]
    ]


def _moved(pattern: list[SessionDay], start: date, wrong: list[str]) -> list[SessionDay]:
    """Return the days of `pattern`, the first of them on `start`; what cannot be is told in `wrong`."""
    moved = []
    for day in pattern:
        copy = SessionDay(
            date=start + (day.date - pattern[0].date), start_time=day.start_time, end_time=day.end_time
        )
        if copy.starts_at <= timezone.now():
            wrong.append(_("{day} est passé").format(day=dates.day(copy.date)))
        try:
            copy.clean()
        except ValidationError:
            wrong.append(
                _("{day}, {hours} : cette heure n’existe pas, ou existe deux fois, ce jour-là").format(
                    day=dates.day(copy.date), hours=dates.hours(copy.start_time, copy.end_time)
                )
            )
        moved.append(copy)
    return moved


def _shifted(moment: datetime | None, shift: timedelta) -> datetime | None:
    """Return a moment some days later, at the same local hour."""
    if moment is None:
        return None
    local = timezone.localtime(moment)
    hour: time = local.time()
    return timezone.make_aware(datetime.combine(local.date() + shift, hour))
