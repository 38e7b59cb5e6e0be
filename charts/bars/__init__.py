"""Bars: rows, columns, columns stacked, shares of a hundred. Bars start at 0, and each carries its value."""

from .legends import FILLS, sign
from .rows import Row, horizontal
from .stacks import Stack, stacked_columns, stacked_shares
from .uprights import Column, columns

__all__ = [
    "FILLS",
    "Column",
    "Row",
    "Stack",
    "columns",
    "horizontal",
    "sign",
    "stacked_columns",
    "stacked_shares",
]
