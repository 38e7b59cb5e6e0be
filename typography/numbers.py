"""Numbers in French: narrow no-break spaces, decimal comma, real minus, half rounded away from zero."""

from decimal import ROUND_HALF_UP, Decimal

NARROW = "\u202f"  # narrow no-break space: thousands, before ; ? ! %
MINUS = "\u2212"
MISSING = "n.d."

Number = int | float | Decimal


def rounded(value: Number, decimals: int = 0) -> Decimal:
    """Return `value` rounded half away from zero, as a Decimal with `decimals` places.

    Python's own rounding gives 62 for 62.5; people check figures by hand and expect 63.
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def number(value: Number | None, decimals: int = 0, *, sign: bool = False) -> str:
    """Return "14 357", "15,4", "−3" or, with `sign`, "+16,7"; "n.d." for None (missing is never 0)."""
    if value is None:
        return MISSING
    exact = rounded(value, decimals)
    text = f"{abs(exact):,.{decimals}f}".replace(",", NARROW).replace(".", ",")
    if exact < 0:
        return MINUS + text
    return "+" + text if sign and exact > 0 else text


def percent(value: Number | None, decimals: int = 1, *, sign: bool = False) -> str:
    """Return "15,4 %" for 15.4 (already a percentage); "n.d." for None."""
    text = number(value, decimals, sign=sign)
    return text if value is None else f"{text}{NARROW}%"


def weight(octets: int) -> str:
    """Return how much a file weighs: "820 octets", "34 ko", "1,2 Mo" (thousands, as a computer's folder says)."""
    if octets < 1000:
        return f"{number(octets)}\u00a0octets"
    if rounded(octets / 1000) < 1000:
        return f"{number(octets / 1000)}\u00a0ko"
    return f"{number(octets / 1_000_000, 1)}\u00a0Mo"


_WORDS = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
UNITS = _WORDS.split()


def words(value: int) -> str:
    """Return a small count as people say it: "sept"; above sixteen, the number itself."""
    return UNITS[value] if 0 <= value < len(UNITS) else number(value)
