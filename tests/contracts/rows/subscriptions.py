"""« Me tenir au courant » is everybody's, without an account; staff read who is subscribed, and stop it when asked."""

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from accounts import links
from actors import emails
from actors.choices import SubscriptionState
from actors.models import Subscription
from tests.contracts.table import Row, desk, everyone
from tests.factories.actors import SubscriptionFactory
from tests.factories.portal import small_territory
from tests.factories.territory import ThemeFactory


def a_form(user) -> dict:
    """A territory with themes to choose from."""
    small_territory()
    for _ in range(3):
        ThemeFactory()
    return {}


def a_day_later(user) -> dict:
    """One address gets a few letters a day: each role asks as if it were the first."""
    cache.clear()
    return {}


def a_token(purpose: str, *, days: int = 1, **facts) -> dict:
    """A link to a subscription that chose a theme, good for `days` more."""
    subscription = SubscriptionFactory(themes=[ThemeFactory()], **facts)
    expires = timezone.now() + timedelta(days=days)
    return {"token": links.make(purpose, subscription.public_id, expires=expires)}


def to_confirm(user) -> dict:
    return a_token(emails.CONFIRM, state=SubscriptionState.PENDING)


def confirmed(user) -> dict:
    return a_token(emails.CONFIRM)


def too_late(user) -> dict:
    return a_token(emails.CONFIRM, state=SubscriptionState.PENDING, days=-1)


def to_change(user) -> dict:
    a_form(user)
    return a_token(emails.MANAGE)


def to_stop(user) -> dict:
    return a_token(emails.STOP)


def stopped(user) -> dict:
    return a_token(emails.STOP, state=SubscriptionState.STOPPED)


def altered(user) -> dict:
    return {"token": to_stop(user)["token"] + "x"}


BUILD = {Subscription: lambda: SubscriptionFactory(themes=[ThemeFactory()])}
CONFIRM, MANAGE, STOP = (
    "actors:subscription_confirm",
    "actors:subscription_manage",
    "actors:subscription_stop",
)

ROWS = [
    Row("actors:subscribe", everyone(200), build=a_form),
    Row("actors:subscribe", everyone(200), build=a_form, query="?commune=val-fictif-1&theme=%00rien"),
    Row("actors:subscribe", everyone(200), label="sans territoire"),
    Row("actors:subscribe", everyone(200), method="post", data={"email": "rien"}, label="mal remplie"),
    Row(
        "actors:subscribe",
        everyone("/me-tenir-au-courant/lettre-envoyee/"),
        build=a_day_later,
        method="post",
        data={"email": "zelie@exemple.invalid"},
    ),
    Row("actors:subscription_asked", everyone(200)),
    Row(CONFIRM, everyone(200), build=to_confirm),
    Row(CONFIRM, everyone(200), build=confirmed, label="déjà fait"),
    Row(CONFIRM, everyone(410), build=too_late, label="trop vieux"),
    Row(CONFIRM, everyone(200), build=too_late, method="post", label="trop vieux"),
    Row(CONFIRM, everyone(404), build=to_stop, label="d’un autre usage"),
    Row(MANAGE, everyone(200), build=to_change),
    Row(MANAGE, everyone(404), build=to_stop, label="d’un autre usage"),
    Row(STOP, everyone(200), build=to_stop),
    Row(STOP, everyone(200), build=to_stop, method="post"),
    Row(STOP, everyone(200), build=stopped, label="déjà fait"),
    Row(STOP, everyone(404), build=altered, label="altéré"),
    Row("admin:actors_subscription_export", desk(200), build=lambda user: {"kind": "csv"}, page=False),
]
