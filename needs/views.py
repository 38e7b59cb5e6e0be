"""Pages of surveys (list, response, section, review) and of shared needs."""

import logging
from functools import wraps
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from actors.models import Actor, Contact
from invitations.models import Invitation
from invitations.views import SESSION_KEY
from needs import actions, figures, results
from needs.forms import SectionForm, SubmissionForm
from needs.models import Response, SharedNeed, Survey
from needs.querysets import WRITERS
from territory.models import Municipality
from typography import dates

security = logging.getLogger("security")
KEPT = "needs.kept_for_login"
"""Session key of what somebody wrote while their session had ended."""
KEPT_MOST = 200_000
"""Bytes kept for login."""


# Surveys -------------------------------------------------------------------------------------------------


@never_cache
@login_required
@require_safe
def survey_list(request: HttpRequest) -> HttpResponse:
    """The surveys of the actors for which one speaks: to begin, to continue, sent."""
    return render(
        request,
        "needs/survey_list.html",
        {"todo": results.surveys_of(cast(User, request.user)), "trail": [(_("Accueil"), reverse("home"))]},
    )


@never_cache
@require_safe
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the letters lead: what is asked, of whom, until when, and the button that begins."""
    found = get_object_or_404(Survey.objects.begun().select_related("questionnaire"), slug=slug)
    invitation = _invitation(request)
    if invitation is None or not found.campaigns.filter(campaign=invitation.campaign_id).exists():
        return redirect("needs:survey_list")
    begun = Response.objects.editable_by(request.user, invitation).filter(survey=found).first()
    if begun:
        return redirect(begun)
    return render(
        request,
        "needs/survey.html",
        {"survey": found, "invitation": invitation, "open": found.takes_answers(), "trail": _trail(request)},
    )


@require_POST
def response_start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin the response of one of one's actors, or of the invited one, or go on with it."""
    found = get_object_or_404(Survey.objects.begun(), slug=slug)
    invitation = _invitation(request)
    if invitation and not found.campaigns.filter(campaign=invitation.campaign_id).exists():
        invitation = None
    if invitation is None and not request.user.is_authenticated:
        return redirect_to_login(reverse("needs:survey_list"))
    mine = Actor.objects.none()
    if request.user.is_authenticated:
        mine = Actor.objects.of_member(request.user).filter(memberships__role__in=WRITERS)
    if invitation and invitation.campaign.is_open:
        mine = Actor.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk=invitation.actor_id))
    actor = get_object_or_404(mine.distinct(), slug=request.POST.get("acteur", "")[:220].replace("\x00", ""))
    try:
        response = actions.start(found, actor=actor, by=_user(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(found if invitation else "needs:survey_list")
    return redirect(response)


def _user(request: HttpRequest) -> User | None:
    """Who writes with an account; None for who follows a personal link."""
    return request.user if request.user.is_authenticated else None


def _invitation(request: HttpRequest) -> Invitation | None:
    """The invitation that the visitor follows: they opened its letter's link and pressed its button."""
    public_id = request.session.get(SESSION_KEY)
    if not public_id:
        return None
    known = Invitation.objects.select_related("campaign", "contact", "actor")
    return known.filter(public_id=public_id).first()


def _contact(request: HttpRequest) -> Contact | None:
    """The person who follows a personal link, where there is no account."""
    invitation = None if request.user.is_authenticated else _invitation(request)
    return invitation.contact if invitation else None


def _trail(request: HttpRequest) -> list[tuple[str, str]]:
    home = [(_("Accueil"), reverse("home"))]
    return [*home, (_("Enquêtes"), reverse("needs:survey_list"))] if request.user.is_authenticated else home


def _or_login(view):
    """Ask for login, unless a personal link opens this response.

    What was posted by somebody whose session had ended is found again afterwards.
    """

    @wraps(view)
    def door(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated or _is_invited(request, kwargs["public_id"]):
            return view(request, *args, **kwargs)
        if request.method == "POST" and Response.objects.filter(public_id=kwargs["public_id"]).exists():
            fields = request.POST.copy()
            fields.pop("csrfmiddlewaretoken", None)
            if len(body := fields.urlencode()) <= KEPT_MOST:
                request.session[KEPT] = {"path": request.path, "body": body}
        return redirect_to_login(request.path)

    return door


def _is_invited(request: HttpRequest, public_id) -> bool:
    """Tell whether the personal link that the visitor follows opens this response."""
    invitation = _invitation(request)
    if invitation is None:
        return False
    return Response.objects.visible_to(request.user, invitation).filter(public_id=public_id).exists()


def _response_or_404(request: HttpRequest, slug: str, public_id, *, write: bool = False) -> Response:
    """Return a response that the person may see (or write); else 404, and a line for security."""
    invitation = _invitation(request)
    allowed = Response.objects.visible_to(request.user, invitation)
    if write:
        allowed = Response.objects.editable_by(request.user, invitation)
    found = (
        allowed.select_related("survey__questionnaire", "survey__previous", "actor__municipality")
        .filter(survey__slug=slug, public_id=public_id)
        .first()
    )
    if found is None:
        security.warning(
            "response refused: %s %s to user %s",
            request.method,
            public_id,
            getattr(request.user, "public_id", None),
        )
        raise Http404
    return found


@never_cache
@_or_login
@require_safe
def response(request: HttpRequest, slug: str, public_id) -> HttpResponse:
    """A response: its sections, what is missing, and once sent its maturity beside the territory's."""
    found = _response_or_404(request, slug, public_id)
    progress = figures.progress(figures.sections_of(found), figures.answers_of(found))
    return render(
        request,
        "needs/response.html",
        _common(request, found)
        | {
            "progress": progress,
            "next_section": next((one.section for one in progress.sections if not one.complete), None),
            "minutes_left": progress.minutes_left(found.survey.questionnaire.minutes),
            "maturity": results.maturity_of(found),
        },
    )


def _common(request: HttpRequest, response: Response) -> dict:
    """What every page of a response shows."""
    invitation = _invitation(request)
    may_write = Response.objects.editable_by(request.user, invitation).filter(pk=response.pk).exists()
    may_submit = Response.objects.submittable_by(request.user, invitation).filter(pk=response.pk).exists()
    return {
        "response": response,
        "survey": response.survey,
        "writable": may_write and response.takes_answers(),
        "why_not": _why_not(response, may_write),
        "may_submit": may_submit,
        "trail": _trail(request),
    }


def _why_not(response: Response, may_write: bool) -> str:
    """Why nothing can be written; "" when it can."""
    try:
        actions.refuse_when_closed(response)
    except actions.NoLongerEditable as error:
        return " ".join(error.messages)
    if not may_write:
        return _("Vous lisez cette réponse : sa personne référente et ses éditeurs l’écrivent.")
    return ""


# A section -----------------------------------------------------------------------------------------------


@never_cache
@_or_login
@require_http_methods(["GET", "HEAD", "POST"])
def response_section(request: HttpRequest, slug: str, public_id, section: str) -> HttpResponse:
    """One section: read, or written and kept as a draft; two people on one answer see both versions."""
    found = _response_or_404(request, slug, public_id, write=request.method == "POST")
    sections, answers = figures.sections_of(found), figures.answers_of(found)
    place = next((n for n, one in enumerate(sections) if one.code == section), None)
    if place is None:
        raise Http404
    questions = sections[place].questions.all()
    kept = _kept_for_login(request)
    form = SectionForm(request.POST or kept, questions=questions, answers=answers)
    context = _common(request, found)
    status = 200
    if request.method == "POST":
        form.is_valid()
        given = form.given()
        try:
            saved = actions.save_answers(found, given=given, by=_user(request), contact=_contact(request))
        except actions.NoLongerEditable as error:
            context["why_not"], context["writable"], status = " ".join(error.messages), False, 409
        else:
            answers = saved.answers
            form.show(saved, given)
            if not form.errors and not saved.conflicts:
                messages.success(request, _told(saved))
                return redirect(_next(request, found, sections, place))
    return render(
        request,
        "needs/response_section.html",
        context
        | {
            "form": form,
            "section": sections[place],
            "number": place + 1,
            "previous": sections[place - 1] if place else None,
            "following": sections[place + 1] if place + 1 < len(sections) else None,
            "progress": figures.progress(sections, answers),
            "found_again": kept is not None,
        },
        status=status,
    )


def _kept_for_login(request: HttpRequest) -> QueryDict | None:
    """What the person wrote on this page before having to log in again; given once."""
    kept = request.session.get(KEPT)
    if request.method == "POST" or not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    return QueryDict(kept["body"], encoding="utf-8")


def _told(saved: actions.Saved) -> str:
    if not saved.changed:
        return _("Rien n’avait changé : tout est gardé.")
    return _("Enregistré à %s.") % dates.hour(timezone.now())


def _next(request: HttpRequest, response: Response, sections, place: int) -> str:
    """Where the pressed button leads."""
    base = [response.survey.slug, response.public_id]
    wanted = request.POST.get("vers", "")
    if wanted == "relire":
        return reverse("needs:response_review", args=base)
    if wanted in {one.code for one in sections}:
        return reverse("needs:section", args=[*base, wanted])
    return reverse("needs:section", args=[*base, sections[place].code])


@never_cache
@require_POST
def section_autosave(request: HttpRequest, slug: str, public_id, section: str) -> JsonResponse:
    """Keep what is being written. Answers {"text", "tone", "seen"}: 401 logged out, 409 no longer editable."""
    if not request.user.is_authenticated and not _is_invited(request, public_id):
        text = _("Votre session est finie. Vos réponses restent ici : connectez-vous pour les enregistrer.")
        return JsonResponse({"text": text, "tone": "late"}, status=401)
    found = _response_or_404(request, slug, public_id, write=True)
    asked = next((one for one in figures.sections_of(found) if one.code == section), None)
    if asked is None:
        raise Http404
    form = SectionForm(request.POST, questions=asked.questions.all(), answers=figures.answers_of(found))
    form.is_valid()
    given = form.given()
    try:
        saved = actions.save_answers(found, given=given, by=_user(request), contact=_contact(request))
    except actions.NoLongerEditable as error:
        return JsonResponse({"text": " ".join(error.messages), "tone": "late"}, status=409)
    told = _("Enregistré à %s") % dates.hour(timezone.now())
    doubts = len(form.errors)
    if saved.conflicts:
        label = saved.conflicts[0].mine.question.label
        told = _("%(who)s a répondu autrement à « %(question)s » : enregistrez pour comparer.") % {
            "who": saved.conflicts[0].theirs.writer or _("Quelqu’un"),
            "question": label,
        }
    elif doubts:
        told += ngettext(", sauf une réponse à revoir", ", sauf %(count)s réponses à revoir", doubts) % {
            "count": doubts
        }
    return JsonResponse(
        {
            "text": told,
            "tone": "late" if saved.conflicts or doubts else "",
            "seen": {
                f"{one.question.code}-seen": actions.mark(saved.answers.get(one.question.pk))
                for one in given
                if actions.agrees(saved.answers.get(one.question.pk), one)
            },
        }
    )


# Submission ----------------------------------------------------------------------------------------------


@never_cache
@_or_login
@require_http_methods(["GET", "HEAD", "POST"])
def response_review(request: HttpRequest, slug: str, public_id) -> HttpResponse:
    """All the answers on one page, what is missing, and the button that sends them."""
    found = _response_or_404(request, slug, public_id, write=request.method == "POST")
    context = _common(request, found)
    form = SubmissionForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST":
        if not context["may_submit"]:
            _response_or_404(request, slug, public_id)
            messages.error(
                request, _("C’est la personne référente qui envoie la réponse. Rien n’est envoyé.")
            )
            return redirect(request.path)
        if form.is_valid():
            try:
                actions.submit(found, **form.cleaned_data, by=_user(request), contact=_contact(request))
            except ValidationError as error:
                for told in error.messages:
                    messages.error(request, told)
                return redirect(request.path)
            messages.success(
                request, _("C’est envoyé. Merci ! Un accusé de réception part vers votre adresse.")
            )
            return redirect(found)
    sections, answers = figures.sections_of(found), figures.answers_of(found)
    return render(
        request,
        "needs/response_review.html",
        context
        | {
            "form": form,
            "progress": figures.progress(sections, answers),
            "chapters": [
                (section, [(question, answers.get(question.pk)) for question in section.questions.all()])
                for section in sections
            ],
        },
    )


# Shared needs --------------------------------------------------------------------------------------------


@require_safe
def shared_need_list(request: HttpRequest) -> HttpResponse:
    """What several communes lack, and how far each of them goes."""
    municipalities = list(Municipality.objects.of_lag())
    shared = SharedNeed.objects.visible_to(request.user).with_communes()
    return render(
        request,
        "needs/shared_need_list.html",
        {
            "municipalities": municipalities,
            "rows": figures.matrix(shared, municipalities),
            "trail": [(_("Accueil"), reverse("home"))],
        },
    )
