"""Public pages: the catalogue, a training, a session, and the registration from form to cancellation."""

from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits, links
from documents import files, pdf
from territory.models import LAG
from trainings import actions, answers, calendars, emails, figures, months, openings, printing, structured
from trainings.choices import RegistrationState
from trainings.filters import SessionFilter
from trainings.forms import EvaluationForm, RegistrationForm
from trainings.models import Certificate, Registration, SessionDay, Training, TrainingSession

BY_PAGE = 20
RECEIVED = "registration.received"
"""The purpose of the link to the page that follows the form; it shows, and cannot cancel."""


class TooMany(actions.Refused):
    """More registrations than people make."""


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
        "trail": _trail(),
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
            "upcoming": sessions.upcoming(),
            "past": sessions.past()[:BY_PAGE],
            "trail": _trail(),
        },
    )


@never_cache
@require_safe
def session(request: HttpRequest, public_id) -> HttpResponse:
    """A date: what, when, where, and its ticket with the seats of this instant."""
    date = _session_or_404(request, public_id)
    return render(
        request,
        "trainings/session.html",
        {
            "session": date,
            "training": date.training,
            "now": timezone.now(),
            "why_closed": openings.why_closed(date, timezone.now()),
            "structured": structured.event(date, LAG.objects.first()) if date.starts else "",
            "trail": _trail(),
        },
    )


@require_safe
def calendar(request: HttpRequest, public_id) -> HttpResponse:
    """The session's calendar file."""
    date = _session_or_404(request, public_id)
    method = calendars.CANCEL if date.cancelled_at else calendars.PUBLISH
    content = calendars.of_session(date, stamp=timezone.now(), method=method)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="seance.ics"'},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, public_id) -> HttpResponse:
    """The registration form; once posted, the page that says who has a seat and who waits."""
    status = 200
    # Read again under its lock, and below: here it is only found.
    visible = TrainingSession.objects.visible_to(request.user).only("pk")
    date = get_object_or_404(visible, public_id=public_id)
    questions = list(date.questions.asked())
    if request.method == "POST":
        more = "ajouter" in request.POST
        form = RegistrationForm(request.POST, user=request.user, more=more, questions=questions)
        if more:
            form.errors.clear()
        elif form.is_valid():
            user = request.user if request.user.is_authenticated else None
            people = form.persons()
            try:
                _refuse_too_many(request, people, closed=bool(openings.why_closed(date, timezone.now())))
                done = actions.register(
                    session=date, people=people, by=user, nonce=form.cleaned_data["nonce"]
                )
            except actions.Refused as refusal:
                form.add_error(None, str(refusal))
                status = 429 if isinstance(refusal, TooMany) else 409
            else:
                return redirect("trainings:received", token=_received_token(done.registrations))
    else:
        form = RegistrationForm(user=request.user, questions=questions)
    # Read now, after a refusal too: the seats shown are those of this instant.
    date = _session_or_404(request, public_id)
    context = {
        "session": date,
        "training": date.training,
        "form": form,
        "now": timezone.now(),
        "why_closed": openings.why_closed(date, timezone.now()),
        "trail": [*_trail(), (date.training.title, date.get_absolute_url())],
    }
    return render(request, "trainings/register.html", context, status=status)


@never_cache
@require_safe
def received(request: HttpRequest, token: str) -> HttpResponse:
    """What the form did: who has a seat, who waits at which rank. It shows names to who holds the address."""
    try:
        public_ids = links.read(RECEIVED, token).public_id.split(".")
    except links.BadLink as error:
        raise Http404 from error
    except links.ExpiredLink:
        return _expired(request)
    registrations = list(_with_session(Registration.objects.filter(public_id__in=public_ids)))
    if not registrations:
        raise Http404
    date = registrations[0].session
    states = {registration.state for registration in registrations}
    context = {
        "session": date,
        "training": date.training,
        "registrations": registrations,
        "seated": states == {RegistrationState.CONFIRMED},
        "trail": [*_trail(), (date.training.title, date.get_absolute_url())],
    }
    return _unlisted(render(request, "trainings/received.html", context))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """One's own registration, by the link of the letter: a GET shows, a POST answers or gives the seat back."""
    try:
        link = links.read(emails.PURPOSE, token)
    except links.BadLink as error:
        raise Http404 from error
    except links.ExpiredLink:
        return _expired(request)
    mine = get_object_or_404(
        _with_session(Registration.objects.all()), public_id=link.public_id, link_version=link.version
    )
    if request.method == "POST":
        if "reponse" in request.POST:
            answers.answer(request, mine)
        else:
            _give_back(request, mine)
        return redirect(request.path)
    started = mine.session.starts_at and mine.session.starts_at <= timezone.now()
    context = {
        "registration": mine,
        "session": mine.session,
        "training": mine.session.training,
        "answers": mine.answers.select_related("question"),
        "started": started,
        "question": None if started or mine.session.cancelled_at else answers.question(mine),
        "gone": mine.state == RegistrationState.CANCELLED,
        "trail": _trail(),
    }
    return _unlisted(render(request, "trainings/registration.html", context))


@never_cache
@login_required
@require_safe
def my_registrations(request: HttpRequest) -> HttpResponse:
    """Everything a signed-in person registered for, under any address they have proved."""
    mine = _with_session(Registration.objects.of_user(request.user)).order_by("-session__starts_at", "pk")
    page = Paginator(mine, BY_PAGE).get_page(request.GET.get("page"))
    rows = [(one, emails.manage_url(one), answers.time_left(one)) for one in page]
    context = {
        "page": page,
        "rows": rows,
        "now": timezone.now(),
        "trail": [(_("Accueil"), reverse("home"))],
    }
    return render(request, "trainings/my_registrations.html", context)


@never_cache
@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a certificate is valid, to whoever holds its number: what the paper shows, and nothing more."""
    issued = _certificate_or_404(number)
    context = {"certificate": issued, "trail": [(_("Accueil"), reverse("home"))]}
    return _unlisted(render(request, "trainings/certificate.html", context))


@never_cache
@require_safe
def certificate_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The paper itself, as long as it is valid."""
    issued = _certificate_or_404(number)
    if issued.withdrawn_at:
        return redirect(issued)
    try:
        content = printing.certificate(issued)
    except pdf.NotPrinted as error:
        messages.error(request, str(error))
        return redirect(issued)
    response = HttpResponse(content, content_type="application/pdf")
    return _unlisted(files.kept_private(response, f"attestation-{issued.number}.pdf", inline=True))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evaluate(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody thought of a session: the link says once that they may answer, never what they answered."""
    try:
        link = links.read(emails.EVALUATE, token)
    except links.BadLink as error:
        raise Http404 from error
    except links.ExpiredLink:
        return _expired(request)
    mine = get_object_or_404(
        _with_session(Registration.objects.confirmed()), public_id=link.public_id, link_version=link.version
    )
    form = EvaluationForm(request.POST or None, place=mine.municipality)
    if request.method == "POST" and not mine.evaluated and form.is_valid():
        actions.evaluate(mine, **form.opinion())
        return redirect(request.path)
    context = {
        "session": mine.session,
        "training": mine.session.training,
        "answered": mine.evaluated,
        "form": form,
        "fewest": figures.FEWEST,
        "trail": _trail(),
    }
    return _unlisted(render(request, "trainings/evaluate.html", context))


# Inside --------------------------------------------------------------------------------------------------


def _catalogue(request: HttpRequest, sessions, *, past: bool) -> HttpResponse:
    filtered = SessionFilter(request.GET, queryset=sessions)
    page = Paginator(filtered.qs, BY_PAGE).get_page(request.GET.get("page"))
    page.object_list = _drawn(page.object_list)
    months = [
        (key, rows := list(group), sum(1 for one in rows if not one.cancelled_at))
        for key, group in groupby(
            page, key=lambda one: timezone.localtime(one.starts_at).date().replace(day=1)
        )
    ]
    context = {
        "filter": filtered,
        "page": page,
        "count": filtered.qs.filter(cancelled_at=None).count(),
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


def _session_or_404(request: HttpRequest, public_id) -> TrainingSession:
    return get_object_or_404(_drawn(TrainingSession.objects.visible_to(request.user)), public_id=public_id)


def _certificate_or_404(number: str) -> Certificate:
    """Return a certificate by its number, in whatever case it was typed."""
    return get_object_or_404(Certificate, number=number.upper())


def _with_session(registrations):
    related = ["session__training", "session__municipality", "session__locality"]
    return registrations.select_related(*related).prefetch_related("session__days")


def _trail() -> list[tuple[str, str]]:
    return [(_("Accueil"), reverse("home")), (_("Formations"), reverse("trainings:session_list"))]


def _refuse_too_many(request: HttpRequest, people: list[actions.Person], *, closed: bool) -> None:
    """Raise TooMany where one network fills sessions, or one address gets letter upon letter.

    A closed session writes to nobody: it uses up no address's share, which somebody else may need.
    """
    network = limits.visitor(request)
    free = limits.spend("registration", network, most=settings.REGISTRATIONS_PER_HOUR, seconds=3600)
    for person in [] if closed else people:
        most = settings.REGISTRATIONS_PER_EMAIL_PER_DAY
        free = free and limits.spend("registration.to", person.email, most=most, seconds=86400)
    if not free:
        raise TooMany(
            _(
                "Beaucoup d’inscriptions sont venues d’ici, ou sous cette adresse, en peu de temps. Rien n’est "
                "enregistré, et ce que vous avez écrit reste\u00a0: réessayez plus tard, ou écrivez à l’équipe."
            )
        )


def _received_token(registrations: list[Registration]) -> str:
    """Return the token of the page that follows the form, good for a day."""
    public_ids = ".".join(one.public_id.hex for one in registrations)
    return links.make(RECEIVED, public_ids, expires=timezone.now() + timedelta(days=1))


def _give_back(request: HttpRequest, mine: Registration) -> None:
    if mine.state == RegistrationState.CANCELLED:
        messages.info(request, _("Cette inscription était déjà annulée. Rien n’est changé."))
        return
    try:
        actions.cancel(mine, by=None)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("C’est annulé. Merci d’avoir prévenu : une place libérée est proposée à qui attend.")
        )


def _expired(request: HttpRequest) -> HttpResponse:
    return _unlisted(render(request, "trainings/link_expired.html", status=410))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Keep a personal page out of search engines."""
    response["X-Robots-Tag"] = "noindex"
    return response
