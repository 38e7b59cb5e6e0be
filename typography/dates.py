"""Dates and hours in French: weekday first, « 1er », « 19 h », « 9 h 30 »."""

from datetime import date, datetime, time

from django.utils import timezone

NBSP = "\u00a0"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

SHORT_MONTHS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juill.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)


def short_month(value: date, *, year: bool = True) -> str:
    """Return "janv. 2027", for where there is little room."""
    text = SHORT_MONTHS[value.month - 1]
    return f"{text}{NBSP}{value.year}" if year else text


def day(value: date, *, weekday: bool = True, year: bool = True) -> str:
    """Return "mardi 12 janvier 2027"; the first of a month is "1er". Instants are read in local time."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    number = "1er" if value.day == 1 else str(value.day)
    text = f"{number}{NBSP}{MONTHS[value.month - 1]}"
    if weekday:
        text = f"{WEEKDAYS[value.weekday()]} {text}"
    return f"{text} {value.year}" if year else text


def hour(value: time | datetime) -> str:
    """Return "19 h" or "9 h 30". Instants are read in local time."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.hour}{NBSP}h" if value.minute == 0 else f"{value.hour}{NBSP}h{NBSP}{value.minute:02d}"


def hours(start: time, end: time) -> str:
    """Return "de 12 h à 14 h 30"."""
    return f"de {hour(start)} à {hour(end)}"


def moment(value: datetime) -> str:
    """Return "mardi 12 janvier 2027 à 19 h"."""
    return f"{day(value)} à {hour(value)}"


def left(until: datetime, now: datetime) -> str:
    """Return the time left in words, rounded down: "2 jours et 4 heures", "1 heure et 5 minutes", "moins d’une minute".

    What is left of a day in minutes is not told. A time that is over has nothing left: "moins d’une minute".
    """
    minutes = max(0, int((until - now).total_seconds()) // 60)
    hours, rest = divmod(minutes, 60)
    days, odd = divmod(hours, 24)
    units = [(days, "jour"), (odd, "heure"), (0 if days else rest, "minute")]
    told = [f"{count}{NBSP}{unit}{'s' if count > 1 else ''}" for count, unit in units if count]
    return " et ".join(told) or f"moins d’une{NBSP}minute"
