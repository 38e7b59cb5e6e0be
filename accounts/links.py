"""Signed links for people without an account: purpose, public id, version, expiry.

A GET shows, a POST acts: mail scanners open every link. A token tells nothing but an identifier; raising the
object's version makes older links fail.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.utils import timezone


class BadLink(Exception):
    """The link was altered, or made for another purpose: answered by a uniform 404."""


class ExpiredLink(Exception):
    """The link was good and its time is over: a 410 that offers a new one. Carries `public_id`."""

    def __init__(self, public_id: str):
        super().__init__("expired")
        self.public_id = public_id


@dataclass(frozen=True)
class Link:
    """What a token says."""

    public_id: str
    version: int
    expires: datetime


def make(purpose: str, public_id, *, version: int = 1, expires: datetime) -> str:
    """Return a token for `purpose` ("registration.cancel") on the object with this public id."""
    payload = [str(public_id), version, int(expires.timestamp())]
    return signing.dumps(payload, salt=f"link:{purpose}", compress=False)


def read(purpose: str, token: str) -> Link:
    """Return what the token says.

    Raises BadLink when it was altered or made for another purpose, ExpiredLink after its time.
    """
    try:
        public_id, version, expires = signing.loads(token, salt=f"link:{purpose}")
        moment = datetime.fromtimestamp(expires, timezone.get_current_timezone())
    except (signing.BadSignature, ValueError, TypeError, OverflowError) as error:
        raise BadLink from error
    if moment < timezone.now():
        raise ExpiredLink(public_id)
    return Link(public_id, version, moment)
