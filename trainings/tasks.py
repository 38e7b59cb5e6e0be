"""What Celery does for trainings."""

import time

from celery import shared_task

from trainings import actions

TURN = 15
"""Seconds of writing before the letters already written may leave."""


@shared_task
def tell() -> None:
    """Write the letters that are owed to people of sessions, as long as there are some."""
    end = time.monotonic() + TURN
    while time.monotonic() < end and actions.tell():
        pass


@shared_task
def expire_offers() -> None:
    """Pass on the seats whose offer has run out."""
    actions.expire_offers()


@shared_task
def remind() -> None:
    """Write the letters around the date: who still comes, where people wait, and the reminders."""
    actions.ask_who_comes()
    actions.remind()


@shared_task
def open_shares() -> None:
    """Give the seats that nobody's share keeps any more to those who wait."""
    actions.open_shares()


@shared_task
def erase_access_needs() -> None:
    """Erase what people needed to come, and the answers that were promised to go, a month after their session."""
    actions.erase_access_needs()
    actions.erase_answers()
