"""What templates draw from plain values: icons, grains, almanac dates (`{% load face %}`)."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from typography import dates

register = template.Library()

MOST_GRAINS = 40
"""Beyond that many seats a bar replaces the grains."""


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return one symbol of img/icons.svg, silent for readers: the words beside it say the same."""
    return format_html(
        '<svg class="icon" width="24" height="24" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
@lru_cache(maxsize=256)  # a list draws the same few again and again, and grains are half of its nodes
def grains(free: int, capacity: int) -> SafeString:
    """Draw seats: big wheat grains are free, small grey ones taken; all beet when none is left.

    Two rows, taken first; a bar past `MOST_GRAINS`. The words (« 4 places libres sur 14 ») stand beside it,
    in the page.
    """
    return render_to_string("components/grains.html", grains_of(free, capacity))


def grains_of(free: int, capacity: int) -> dict:
    """Return where each grain stands, in pixels, and which are free; no grain where a bar stands for them."""
    free = max(0, min(free, capacity))
    columns = (capacity + 1) // 2 if capacity > 12 else capacity
    drawn = [
        {
            "x": 8 + 13 * (seat % columns),
            "y": 9 + 18 * (seat // columns),
            "free": seat >= capacity - free,
        }
        for seat in range(capacity if capacity <= MOST_GRAINS else 0)
    ]
    return {
        "grains": drawn,
        "width": 13 * columns + 4,
        "height": 36 if capacity > 12 else 18,
        "full": free == 0,
        "taken_share": round(200 * (capacity - free) / capacity) if capacity else 0,
    }


@register.inclusion_tag("components/almanac.html")
def almanac(days: date | Sequence[date]) -> dict:
    """Draw a date as an almanac does: weekday, huge day number, month, hour.

    `days` is one date or instant, or several in order: two give « 8+15 », more give « 14→28 », the weekday in
    the plural when it is the same for all. Instants are read in local time.
    """
    several = list(days) if isinstance(days, Sequence) else [days]
    local = [
        timezone.localtime(day) if isinstance(day, datetime) and timezone.is_aware(day) else day
        for day in several
    ]
    first, last = local[0], local[-1]
    weekdays = {dates.WEEKDAYS[day.weekday()] for day in local}
    months = list(dict.fromkeys(dates.MONTHS[day.month - 1] for day in (first, last)))
    return {
        "weekday": f"{weekdays.pop()}{'s' if len(local) > 1 else ''}" if len(weekdays) == 1 else "",
        "first": first.day,
        "last": last.day if len(local) > 1 else None,
        "joint": "+" if len(local) == 2 else "→",
        "ordinal": first.day == 1 and len(local) == 1,
        "month": " – ".join(months),
        "hour": dates.hour(first) if isinstance(first, datetime) else "",
        "machine": first.isoformat(),
    }


BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def browser(user_agent: str) -> str:
    """Return « Firefox sur Windows » for what a browser says of itself; its own words when unknown."""
    name = next((label for sign, label in BROWSERS if sign in user_agent), "")
    system = next((label for sign, label in SYSTEMS if sign in user_agent), "")
    if name and system:
        return _("%(browser)s sur %(system)s") % {"browser": name, "system": system}
    return name or user_agent[:80] or _("Appareil inconnu")


@register.filter
def labelled(cells: Sequence[str], headers: Sequence[dict]) -> list[SafeString]:
    """Return the cells of a row of the desk's lists, each with its role and the words of its column.

    On a phone a row is a card: the column's words go before each value, and what is drawn as blocks is still a
    table to who does not see it. The first cell, which leads on, and the box that selects need no words.
    """
    found = []
    for cell, header in zip(cells, headers, strict=False):
        tag = cell[1:3]
        role = "rowheader" if tag == "th" else "cell"
        words = "" if tag == "th" or "action-checkbox" in cell[:40] else capfirst(header["text"])
        told = format_html(' data-label="{}"', words) if words else ""
        found.append(mark_safe(f'{cell[:3]} role="{role}"{told}{cell[3:]}'))  # noqa: S308 - the admin's own cells
    return found
