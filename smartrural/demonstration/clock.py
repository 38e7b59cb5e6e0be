"""The days of the demonstration: what is told of last year is done as if it were last year."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from django.utils import timezone


class _Kin(type):
    """A stand-in for `datetime` that still recognises every datetime."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Run a block as if it were `moment` (aware): Django's own clock stands still there.

    Verbs then judge by that day, and rows carry it, defaults included: these hold `timezone.now` itself, hence the
    clock is moved below it. For a command that is alone in its process, never for a page.
    """

    class Moved(datetime, metaclass=_Kin):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    present = vars(timezone)["datetime"]
    vars(timezone)["datetime"] = Moved
    try:
        yield
    finally:
        vars(timezone)["datetime"] = present


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """Return an instant of a day, local time."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def working_day(day: date) -> date:
    """Return this day, or the Monday after for a week-end, the Friday before for one that has passed."""
    if day.weekday() < 5:
        return day
    if day < timezone.localdate():
        return day - timedelta(days=day.weekday() - 4)
    return day + timedelta(days=7 - day.weekday())
