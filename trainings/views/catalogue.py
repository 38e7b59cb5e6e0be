"""The catalogue: the list, the month, the archive, a training and a session."""

from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from territory.models import LAG
from trainings import calendars, months, openings, structured
from trainings.filters import SessionFilter
from trainings.models import SessionDay, Training, TrainingSession

BY_PAGE = 20


@never_cache
@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    """The catalogue: what is coming, soonest first, with the seats of this instant."""
    return _catalogue(request, TrainingSession.objects.visible_to(request.user).upcoming(), past=False)


@never_cache
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """The catalogue as a calendar: a month, with the filters of the list."""
    shown = months.asked(request.GET.get("mois", ""), timezone.localdate())
    sessions = TrainingSession.objects.visible_to(request.user).for_calendars()
    filtered = SessionFilter(request.GET, queryset=sessions)
    found = SessionDay.objects.filter(
        session__in=filtered.qs.order_by().values("pk"), date__gte=shown.first, date__lte=shown.last
    )
    days = list(
        found.select_related("session__training", "session__municipality").order_by("date", "start_time")
    )
    asked = request.GET.copy()
    asked.pop("mois", None)
    context = {
        "filter": filtered,
        "month": shown,
        "weeks": shown.weeks(days),
        "count": len({day.session_id for day in days if not day.session.cancelled_at}),
        "nothing": not days,
        "today": timezone.localdate(),
        "query": asked.urlencode(),
        "trail": trail(),
    }
    return render(request, "trainings/month.html", context)


@never_cache
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """What has been: latest first."""
    return _catalogue(request, TrainingSession.objects.visible_to(request.user).past(), past=True)


@never_cache
@require_safe
def training(request: HttpRequest, slug: str) -> HttpResponse:
    """An offer, with its dates to come and those that were."""
    offer = get_object_or_404(
        Training.objects.visible_to(request.user).prefetch_related("themes").select_related("action_sheet"),
        slug=slug,
    )
    sessions = _drawn(TrainingSession.objects.visible_to(request.user).filter(training=offer))
    return render(
        request,
        "trainings/training.html",
        {
            "training": offer,
            **_with_it(request, offer),
            "upcoming": sessions.upcoming(),
            "past": sessions.past()[:BY_PAGE],
            "trail": trail(),
        },
    )


@never_cache
@require_safe
def session(request: HttpRequest, public_id) -> HttpResponse:
    """A date: what, when, where, and its ticket with the seats of this instant."""
    date = session_or_404(request, public_id)
    return render(
        request,
        "trainings/session.html",
        {
            "session": date,
            "training": date.training,
            **_with_it(request, date.training),
            "now": timezone.now(),
            "why_closed": openings.why_closed(date, timezone.now()),
            "structured": structured.event(date, LAG.objects.first()) if date.starts else "",
            "trail": trail(),
        },
    )


@require_safe
def calendar(request: HttpRequest, public_id) -> HttpResponse:
    """The session's calendar file."""
    date = session_or_404(request, public_id)
    method = calendars.CANCEL if date.cancelled_at else calendars.PUBLISH
    content = calendars.of_session(date, stamp=timezone.now(), method=method)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="seance.ics"'},
    )


def _catalogue(request: HttpRequest, sessions, *, past: bool) -> HttpResponse:
    filtered = SessionFilter(request.GET, queryset=sessions)
    page = Paginator(filtered.qs, BY_PAGE).get_page(request.GET.get("page"))
    page.object_list = _drawn(page.object_list)
    months = [
        (key, rows := list(group), held := sum(1 for one in rows if not one.cancelled_at), len(rows) - held)
        for key, group in groupby(
            page, key=lambda one: timezone.localtime(one.starts_at).date().replace(day=1)
        )
    ]
    count = filtered.qs.filter(cancelled_at=None).count()
    context = {
        "filter": filtered,
        "page": page,
        "count": count,
        "called_off": page.paginator.count - count,
        "months": months,
        "past": past,
        "elsewhere": 0 if page.paginator.count else _elsewhere(request, sessions),
        "trail": [(_("Accueil"), reverse("home"))],
        "agenda": _subscriptions(request),
    }
    return render(request, "trainings/session_list.html", context)


def _subscriptions(request: HttpRequest) -> dict[str, str]:
    """Addresses of what these filters give elsewhere: an agenda (`url`, `webcal`), `news`, a `month`."""
    asked = request.GET.copy()
    asked.pop("page", None)
    query = f"?{asked.urlencode()}" if asked else ""
    url = request.build_absolute_uri(reverse("trainings:agenda")) + query
    return {
        "url": url,
        "webcal": f"webcal:{url.partition(':')[2]}",
        "news": reverse("trainings:announcements") + query,
        "month": reverse("trainings:month") + query,
    }


def _elsewhere(request: HttpRequest, sessions) -> int:
    """Count what the same filters find in all municipalities."""
    wider = request.GET.copy()
    if not wider.pop("commune", None):
        return 0
    return SessionFilter(wider, queryset=sessions).qs.count()


def _drawn(sessions):
    """Sessions with all that a row of the catalogue shows."""
    shown = sessions.with_seats().select_related("training", "municipality", "locality")
    return shown.prefetch_related("days")


def _with_it(request: HttpRequest, offer: Training) -> dict[str, list]:
    """What goes with an offer on its page and on those of its dates: who gives it, what one may download."""
    papers = offer.documents.visible_to(request.user).select_related("document")
    return {"papers": list(papers), "trainers": offer.given_by}


def session_or_404(request: HttpRequest, public_id) -> TrainingSession:
    return get_object_or_404(_drawn(TrainingSession.objects.visible_to(request.user)), public_id=public_id)


def trail() -> list[tuple[str, str]]:
    return [(_("Accueil"), reverse("home")), (_("Formations"), reverse("trainings:session_list"))]
