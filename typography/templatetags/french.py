"""Template filters for French numbers, dates, hours and ordinals."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from typography import dates, numbers

register = template.Library()

register.filter("number", numbers.number)
register.filter("words", numbers.words)
register.filter("percent", numbers.percent)
register.filter("day", dates.day)
register.filter("hour", dates.hour)
register.filter("moment", dates.moment)


@register.filter
def signed(value: numbers.Number | None, decimals: int = 0) -> str:
    """Return the number with its sign: "+16,7", "−3"."""
    return numbers.number(value, decimals, sign=True)


@register.filter
def ordinals(text: str) -> SafeString:
    """Raise the letters of « 1er », « 1re » and « 34e »; the rest is escaped."""
    return mark_safe(re.sub(r"(?<![\w#])(\d+)(er|re|e)\b", r"\1<sup>\2</sup>", escape(text)))  # noqa: S308
