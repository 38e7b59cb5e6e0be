"""A week of the digest: when it is written, what it gathers, and how its letters are read."""

from collections import Counter
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import time_machine
from django.utils import timezone

from actors.models import Subscription
from outbox.models import Letter
from portal import digest, tasks

NOW = timezone.make_aware(datetime(2026, 11, 22, 10))
"""A Sunday; digests are written on Thursdays at 7."""
DUE = timezone.make_aware(datetime(2026, 11, 26, 7))


def write(moment: datetime = DUE) -> None:
    """Let beat ask, at this moment."""
    with time_machine.travel(moment, tick=False):
        tasks.write_digests()


def letters() -> Counter:
    """Address → digests written to it."""
    return Counter(Letter.objects.filter(kind="subscription.digest").values_list("recipients", flat=True))


def read(letter: Letter):
    return message_from_bytes(bytes(letter.message), policy=policy.default)


def text_of(letter: Letter) -> str:
    return read(letter).get_body(("plain",)).get_content().replace("\r\n", "\n")


def html_of(letter: Letter) -> str:
    return read(letter).get_body(("html",)).get_content()


def titles(items) -> list[str]:
    return [item.title for item in items]


def week() -> list[digest.Item]:
    return digest.gather(DUE - timedelta(days=7), DUE)


def shown(subscription: Subscription) -> list[str]:
    return [item.title for section in digest.fitting(week(), subscription) for item in section.items]
