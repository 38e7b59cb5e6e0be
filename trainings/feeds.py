"""What calendars and readers subscribe to: the catalogue as an agenda and as news, with the catalogue's filters."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from territory.models import LAG
from trainings import calendars
from trainings.filters import SessionFilter
from trainings.models import TrainingSession

PAST_KEPT = timedelta(days=92)
"""How long a session stays in the agenda after its end."""
MOST_SESSIONS = 500
"""Sessions in the agenda: the soonest."""
NEWEST = 30
"""Sessions in the news: the last announced."""
KEPT = 300
"""Seconds during which a reader need not ask again."""


@require_safe
@cache_control(public=True, max_age=KEPT)
@conditional_page
def agenda(request: HttpRequest) -> HttpResponse:
    """The agenda of all sessions, or of those that the catalogue's filters find, to subscribe to.

    Asked again with `If-None-Match`, it answers 304 as long as nothing changed.
    """
    since = timezone.now() - PAST_KEPT
    sessions = TrainingSession.objects.visible_to(AnonymousUser()).for_calendars(since)
    found = SessionFilter(request.GET, queryset=sessions).qs
    related = found.select_related("training", "municipality", "locality").prefetch_related("days")
    content = calendars.of_sessions(related[:MOST_SESSIONS], name=_title())
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="formations.ics"'},
    )


class Announcements(Feed):
    """The sessions last announced, as Atom (RFC 4287)."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _title()

    def link(self) -> str:
        return reverse("trainings:session_list")

    def feed_url(self) -> str:
        return reverse("trainings:announcements")

    def subtitle(self) -> str:
        return _("Les dernières séances annoncées.")

    def get_object(self, request: HttpRequest) -> SessionFilter:
        sessions = TrainingSession.objects.visible_to(AnonymousUser())
        return SessionFilter(request.GET, queryset=sessions.order_by("-published_at", "-pk"))

    def items(self, found: SessionFilter) -> list[TrainingSession]:
        related = found.qs.select_related("training", "municipality", "locality").prefetch_related("days")
        return list(related[:NEWEST])

    def item_title(self, item: TrainingSession) -> str:
        title = str(item.training)
        return _("Annulée\u00a0: {title}").format(title=title) if item.cancelled_at else title

    def item_description(self, item: TrainingSession) -> str:
        return " · ".join([*item.when, item.place, item.training.summary])

    def item_pubdate(self, item: TrainingSession):
        return item.published_at

    def item_updateddate(self, item: TrainingSession):
        return item.revised_at or item.published_at


announcements = require_safe(cache_control(public=True, max_age=KEPT)(conditional_page(Announcements())))


def _title() -> str:
    lag = LAG.objects.first()
    return _("Formations, {lag}").format(lag=lag.short_name) if lag else _("Formations")
