"""Once a year: the day of last year, the 29th of February among them."""

from calendar import monthrange
from datetime import datetime

from django.utils import timezone


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same local hour so many months earlier, on the last day of a month that is too short.

    29/02/2028 less 12 months is 28/02/2027; 31/03 less 1 month is the last of February.
    """
    local = timezone.localtime(moment)
    count = local.year * 12 + local.month - 1 - months
    year, month = divmod(count, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    naive = local.replace(year=year, month=month + 1, day=day, tzinfo=None)
    return timezone.make_aware(naive)
