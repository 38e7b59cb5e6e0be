"""Verbs: a file is taken in, its columns confirmed, previewed, confirmed, written in batches, erased."""

from imports.actions.erasing import drop, erase_naming, erase_old, forget
from imports.actions.previewing import decide
from imports.actions.receiving import check, receive, reread, table_of
from imports.actions.working import work
from imports.actions.writing import confirm

__all__ = [
    "check",
    "confirm",
    "decide",
    "drop",
    "erase_naming",
    "erase_old",
    "forget",
    "receive",
    "reread",
    "table_of",
    "work",
]
