"""The way into a session and out of it: the form, what follows it, and one's own registrations."""

from datetime import timedelta

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
from trainings import actions, answers, emails, openings
from trainings.choices import RegistrationState
from trainings.forms import AmendForm, RegistrationForm
from trainings.models import Registration, TrainingDocument, TrainingSession
from trainings.views.catalogue import BY_PAGE, session_or_404, trail
from trainings.views.responses import unlisted

RECEIVED = "registration.received"
"""The purpose of the link to the page that follows the form; it shows, and cannot cancel."""


AMENDMENTS_PER_HOUR = 20
"""Changes of one registration by its link."""


class TooMany(actions.Refused):
    """More registrations than people make."""


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
    date = session_or_404(request, public_id)
    context = {
        "session": date,
        "training": date.training,
        "form": form,
        "now": timezone.now(),
        "why_closed": openings.why_closed(date, timezone.now()),
        "trail": [*trail(), (date.training.title, date.get_absolute_url())],
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
        return expired(request)
    registrations = list(with_session(Registration.objects.filter(public_id__in=public_ids)))
    if not registrations:
        raise Http404
    date = registrations[0].session
    states = {registration.state for registration in registrations}
    context = {
        "session": date,
        "training": date.training,
        "registrations": registrations,
        "seated": states == {RegistrationState.CONFIRMED},
        "why": _why(registrations[-1]),
        "trail": [*trail(), (date.training.title, date.get_absolute_url())],
    }
    return unlisted(render(request, "trainings/received.html", context))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """One's own registration, by the link of the letter: a GET shows, a POST answers or gives the seat back."""
    try:
        mine = _of_link(token)
    except links.ExpiredLink:
        return expired(request)
    if request.method == "POST":
        if "reponse" in request.POST:
            answers.answer(request, mine)
        else:
            _give_back(request, mine)
        return redirect(request.path)
    started = mine.session.starts_at and mine.session.starts_at <= timezone.now()
    context = {
        "registration": mine,
        "why": _why(mine),
        "session": mine.session,
        "training": mine.session.training,
        "said": _said(mine),
        "papers": TrainingDocument.objects.of_registration(mine).select_related("document"),
        "token": token,
        "started": started,
        "question": None if started or mine.session.cancelled_at else answers.question(mine),
        "gone": mine.state == RegistrationState.CANCELLED,
        "amend_url": "" if actions.why_fixed(mine) else reverse("trainings:amend", args=[token]),
        "trail": trail(),
    }
    return unlisted(render(request, "trainings/registration.html", context))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, token: str) -> HttpResponse:
    """Correct what one said when registering, by the link of the letter; a GET shows the form."""
    try:
        mine = _of_link(token)
    except links.ExpiredLink:
        return expired(request)
    own_page = reverse("trainings:registration", args=[token])
    why_fixed = actions.why_fixed(mine)
    data = request.POST if request.method == "POST" else None
    status = 409 if data is not None and why_fixed else 200
    form = AmendForm(data, mine=mine, questions=list(mine.session.questions.asked()))
    if form.is_valid():
        try:
            _refuse_too_many_changes(mine)
            changed = actions.amend(mine, person=form.person())
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
            status = 429 if isinstance(refusal, TooMany) else 409
        else:
            messages.success(request, _("C’est noté.") if changed else _("C’est noté : rien n’a changé."))
            return redirect(own_page)
    context = {
        "registration": mine,
        "session": mine.session,
        "training": mine.session.training,
        "form": form,
        "why_fixed": why_fixed,
        "own_page": own_page,
        "trail": [*trail(), (_("Mon inscription"), own_page)],
    }
    return unlisted(render(request, "trainings/amend.html", context, status=status))


class _Row:
    """One line of « Mes inscriptions »: what the person may do from there."""

    def __init__(self, registration: Registration):
        self.registration = registration
        self.url = emails.manage_url(registration)
        self.left = answers.time_left(registration)
        self.amend_url = "" if actions.why_fixed(registration) else emails.amend_url(registration)


@never_cache
@login_required
@require_safe
def my_registrations(request: HttpRequest) -> HttpResponse:
    """Everything a signed-in person registered for, under any address they have proved."""
    now = timezone.now()
    mine = with_session(Registration.objects.of_user(request.user)).coming_first(now)
    page = Paginator(mine, BY_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_Row(one) for one in page],
        "now": now,
        "trail": [(_("Accueil"), reverse("home"))],
    }
    return render(request, "trainings/my_registrations.html", context)


def _of_link(token: str) -> Registration:
    """Return the registration of a letter's link; Http404 for a wrong one, ExpiredLink for an old one."""
    try:
        link = links.read(emails.PURPOSE, token)
    except links.BadLink as error:
        raise Http404 from error
    return get_object_or_404(
        with_session(Registration.objects.all()), public_id=link.public_id, link_version=link.version
    )


def _why(registration: Registration) -> str:
    """Return why a person waits, "" for who does not: a group may wait beside free seats."""
    waits = registration.state == RegistrationState.WAITING and not registration.session.cancelled_at
    return emails.why_waiting(registration) if waits else ""


def _said(mine: Registration) -> list[tuple[str, str]]:
    """Return what the person said of themself when registering: pairs of label and words, without what was left out."""
    said = [
        (_("Organisation"), mine.organisation),
        (_("Commune"), mine.municipality.name if mine.municipality else ""),
        (_("Téléphone"), mine.phone),
        (_("Pour venir"), mine.access_needs),
        *((one.question.label, one.text) for one in mine.answers.select_related("question")),
    ]
    return [(label, words) for label, words in said if words]


def with_session(registrations):
    related = ["session__training", "session__municipality", "session__locality"]
    return registrations.select_related(*related).prefetch_related("session__days")


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


def _refuse_too_many_changes(mine: Registration) -> None:
    """Raise TooMany for a link that is posted in a loop: each change takes the session's lock and a journal line."""
    most = AMENDMENTS_PER_HOUR
    if not limits.spend("registration.amended", str(mine.public_id), most=most, seconds=3600):
        raise TooMany(
            _(
                "Cette inscription a beaucoup changé en une heure. Ce que vous avez écrit reste : réessayez plus tard."
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
        thanks = (
            _("Vous avez quitté la liste d’attente. Merci d’avoir prévenu.")
            if mine.state == RegistrationState.WAITING
            else _("C’est annulé. Merci d’avoir prévenu\u00a0: une place libérée est proposée à qui attend.")
        )
        messages.success(request, thanks)


def expired(request: HttpRequest) -> HttpResponse:
    return unlisted(render(request, "trainings/link_expired.html", status=410))
