"""Telephone numbers as people write them, compared: spaces, dots, and Belgium's own prefix make no difference. Pure."""

import re

SHORTEST = 8
"""Digits under which a number tells two people apart no better than « demander au bureau »."""


def folded(text: str) -> str:
    """Return "0470000001" for "+32 (0)470 00.00.01", "" for what is no number one could call."""
    digits = re.sub(r"[^0-9+]", "", text.replace("(0)", ""))
    digits = re.sub(r"^(\+|00)320?", "0", digits).replace("+", "00")
    return digits if len(digits) >= SHORTEST else ""
