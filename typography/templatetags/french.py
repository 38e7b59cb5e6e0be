"""Template filters for French numbers, dates and hours."""

from django import template

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
