"""The digest of « Me tenir au courant »: what a week published, and which of it fits a subscription.

Gathered once a digest, then matched to each subscription in memory: a reader more costs no query.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from actors.choices import Subject
from actors.models import Subscription
from needs.models import SharedNeed
from projects.models import Project
from trainings.models import TrainingSession

MOST = 8
"""Things of each kind that a digest names; the others are one click away."""

LISTS = {
    Subject.TRAININGS: "trainings:session_list",
    Subject.PROJECTS: "projects:project_list",
    Subject.NEEDS: "needs:shared_need_list",
}
"""Subject → the page with all of them."""


@dataclass(frozen=True)
class Item:
    """Something that was published: what it is, where one reads more, and whom it concerns.

    `themes` and `places` are primary keys; of none, it is of every theme, of every municipality.
    """

    subject: Subject
    title: str
    details: tuple[str, ...]
    url: str
    themes: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()


class Section(NamedTuple):
    """What a digest says of one subject: the first few, how many others, and where all of them are."""

    subject: Subject
    items: list[Item]
    others: int
    url: str


def due(now: datetime) -> datetime:
    """Return the last moment at which a digest was to be written: DIGEST_WEEKDAY at DIGEST_HOUR, local time."""
    local = timezone.localtime(now)
    moment = local.replace(hour=settings.DIGEST_HOUR, minute=0, second=0, microsecond=0, fold=0)
    # Days are counted in local time: the hour stays the same when the clocks change.
    moment -= timedelta(days=(local.isoweekday() - settings.DIGEST_WEEKDAY) % 7)
    return moment if moment <= local else moment - timedelta(days=7)


def gather(since: datetime, until: datetime) -> list[Item]:
    """Return what became public in [since, until) and still is, by subject; ten queries at most."""
    return [*_sessions(since, until), *_projects(since, until), *_needs(since, until)]


def fitting(items: Iterable[Item], subscription: Subscription) -> list[Section]:
    """Return what fits a subscription, subject by subject; empty when nothing does."""
    themes = {theme.pk for theme in subscription.themes.all()}
    places = {place.pk for place in subscription.municipalities.all()}
    wanted: dict[Subject, list[Item]] = {subject: [] for subject in subscription.subjects}
    for item in items:
        if item.subject in wanted and _meet(themes, item.themes) and _meet(places, item.places):
            wanted[item.subject].append(item)
    return [
        Section(subject, found[:MOST], max(len(found) - MOST, 0), _address(reverse(LISTS[subject])))
        for subject, found in wanted.items()
        if found
    ]


def _meet(chosen: set[int], named: frozenset[int]) -> bool:
    """Who chose nothing takes all; what names nothing concerns all."""
    return not chosen or not named or not named.isdisjoint(chosen)


def _sessions(since: datetime, until: datetime) -> list[Item]:
    announced = TrainingSession.objects.visible_to(AnonymousUser()).published_between(since, until)
    ahead = announced.upcoming().filter(cancelled_at=None)
    drawn = ahead.select_related("training", "municipality", "locality")
    return [
        Item(
            Subject.TRAININGS,
            _one_line(session.training.title),
            (*session.when, session.place),
            _address(session.get_absolute_url()),
            _keys(session.training.themes.all()),
            frozenset([session.municipality_id] if session.municipality_id else []),
        )
        for session in drawn.prefetch_related("days", "training__themes")
    ]


def _projects(since: datetime, until: datetime) -> list[Item]:
    shown = Project.objects.published_between(since, until).with_lead().with_places()
    return [
        Item(
            Subject.PROJECTS,
            _one_line(project.title),
            _told(project),
            _address(project.get_absolute_url()),
            _keys(project.themes.all()),
            _keys(project.municipalities.all()),
        )
        for project in shown.prefetch_related("themes").order_by("published_at", "pk")
    ]


def _told(project: Project) -> tuple[str, ...]:
    carried = _("Porté par %(lead)s") % {"lead": _one_line(str(project.lead))}
    return (_one_line(project.summary), carried) if project.described and project.summary else (carried,)


def _needs(since: datetime, until: datetime) -> list[Item]:
    shown = SharedNeed.objects.published_between(since, until).with_communes().order_by("published_at", "pk")
    found = []
    for need in shown:
        communes = {one.municipality for one in need.needs.all() if one.municipality}
        communes |= {position.municipality for position in need.positions.all()}
        names = sorted(place.name for place in communes)
        found.append(
            Item(
                Subject.NEEDS,
                _one_line(need.title),
                (", ".join(names),) if names else (),
                _address(need.get_absolute_url()),
                frozenset([need.theme_id] if need.theme_id else []),
                _keys(communes),
            )
        )
    return found


def _one_line(text: str) -> str:
    """Whatever a title holds, a subject holds one line; no-break spaces stay."""
    return re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()


def _keys(rows) -> frozenset[int]:
    return frozenset(row.pk for row in rows)


def _address(path: str) -> str:
    return settings.SITE_URL + path
