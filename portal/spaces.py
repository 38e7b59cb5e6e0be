"""The space of an actor (« espace commune »): everything of it in one place, for those who speak for it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from actors.choices import Kind, MembershipRole, MembershipState
from actors.models import Actor, ActorSlug, Membership
from actors.querysets import EDITING
from charts.chart import Chart
from diagnostics.choices import State as DiagnosticState
from diagnostics.models import Diagnostic
from needs import actions, figures, results
from needs.choices import Stance
from needs.models import Need, Response, SharedNeed, Survey
from needs.querysets import WRITERS
from portal import drawings, participation
from portal.actors import locator
from territory.models import Municipality
from trainings.models import TrainingSession

security = logging.getLogger("security")

MOST = 12
"""Things of each kind in a space: the latest."""
SHEETS = 4
"""Diagnostics in a space: the newest."""


@dataclass(frozen=True)
class Asked:
    """A survey for an actor: its response when it began, how far it is, and what the person may do with it."""

    survey: Survey
    response: Response | None
    progress: figures.Progress | None
    is_open: bool
    may_read: bool


@never_cache
@login_required
@require_safe
def my_space(request: HttpRequest) -> HttpResponse:
    """Where login leads: to the one actor for which one speaks, to the desk, else to what one can do here."""
    user = cast(User, request.user)
    mine = list(Actor.objects.of_member(user).with_places())
    if len(mine) == 1:
        return redirect("portal:space", slug=mine[0].slug)
    if not mine and user.is_staff:
        return redirect("admin:index")
    requested = Actor.objects.filter(
        memberships__user=user, memberships__state=MembershipState.REQUESTED
    ).with_places()
    shown = {"actors": mine, "requested": list(requested), "trail": _home()}
    return render(request, "portal/my_space.html", shown)


@never_cache
@login_required
@require_safe
def space(request: HttpRequest, slug: str) -> HttpResponse:
    """An actor's surveys, results, needs, trainings, projects, diagnostics and members."""
    user = cast(User, request.user)
    actor = _visible(user, slug)
    if actor.slug != slug:
        return redirect("portal:space", slug=actor.slug)
    members = list(actor.memberships.active().select_related("user"))
    own = next((one for one in members if one.user_id == user.pk), None)
    asked = _surveys(actor, user)
    latest = _latest(actor)
    commune = actor.kind == Kind.MUNICIPALITY
    return render(
        request,
        "portal/space.html",
        {
            "actor": actor,
            "map": _map(actor),
            "commune": commune,
            "referents": [one.user for one in members if one.role == MembershipRole.REFERENT],
            "member_count": len(members),
            "may_invite": Actor.objects.members_editable_by(user).filter(pk=actor.pk).exists(),
            "may_write": _writes(own),
            "may_edit": user.is_staff or (own is not None and own.role in EDITING),
            "todo": next((one for one in asked if one.is_open and _waits(one)), None),
            "surveys": asked,
            "maturity": results.maturity_of(latest) if latest else None,
            "latest": latest,
            "needs": list(Need.objects.filter(actor=actor)[:MOST]),
            "shared_needs": participation.shared_needs(actor, user, most=MOST, offered=commune),
            "stances": Stance.choices,
            "may_take_stance": commune and _writes(own),
            "sessions": list(_sessions(actor, user)[:MOST]),
            "now": timezone.now(),
            "projects": participation.projects(actor, user, most=MOST),
            "diagnostics": _diagnostics(actor, user),
            "trail": _home(),
        },
    )


@login_required
@require_POST
def stance(request: HttpRequest, slug: str, need: str) -> HttpResponse:
    """Say how far a commune goes with a shared need: its referent and its editors, for itself alone."""
    user = cast(User, request.user)
    actor = _visible(user, slug)
    own = actor.memberships.active().filter(user=user).first()
    if actor.kind != Kind.MUNICIPALITY or not _writes(own):
        _refuse(user, slug)
    shared = get_object_or_404(SharedNeed.objects.visible_to(user).open(), slug=need)
    said = request.POST.get("position", "")
    if said not in Stance.values:
        messages.error(request, _("Choisissez une position dans la liste. Rien n’est changé."))
    else:
        actions.set_position(
            shared, municipality=cast(Municipality, actor.municipality), stance=said, by=user
        )
        messages.success(
            request,
            _(
                "C’est noté\u00a0: %(actor)s %(stance)s, pour «\u00a0%(need)s\u00a0». Une délibération le confirmera."
            )
            % {"actor": actor, "stance": Stance(said).label, "need": shared},
        )
    return redirect(reverse("portal:space", args=[actor.slug]) + "#besoins")


# Inside --------------------------------------------------------------------------------------------------


def _visible(user: User, slug: str) -> Actor:
    """Return the actor whose space this user may open, by its present or a former address; else 404."""
    spaces = Actor.objects.spaces_visible_to(user).with_places()
    found = spaces.filter(slug=slug).first()
    if found is None:
        former = ActorSlug.objects.filter(slug=slug, actor__in=spaces).select_related("actor").first()
        found = former.actor if former else None
    return found or _refuse(user, slug)


def _refuse(user: User, slug: str):
    """Say that there is no such page, and tell who watches over security."""
    security.warning("space refused: %s to user %s", slug, user.public_id)
    raise Http404


def _map(actor: Actor) -> Chart | None:
    """Return a commune large with its villages; where the seat is, for the others."""
    if actor.kind != Kind.MUNICIPALITY:
        return locator(actor)
    municipalities = Municipality.objects.of_lag().with_boundary().prefetch_related("localities")
    around = {place.pk: place for place in municipalities}
    here = around.get(cast(int, actor.municipality_id))
    return drawings.municipality_map(here, list(around.values())) if here else None


def _writes(membership: Membership | None) -> bool:
    return membership is not None and membership.role in WRITERS


def _waits(asked: Asked) -> bool:
    return asked.response is None or asked.response.takes_answers()


def _surveys(actor: Actor, user: User) -> list[Asked]:
    """Return the surveys put to an actor: those open first, by deadline, then those it answered, newest first."""
    responses = {
        response.survey_id: response
        for response in Response.objects.filter(actor=actor).select_related("survey")
    }
    readable = set(Response.objects.visible_to(user).filter(actor=actor).values_list("pk", flat=True))
    found = []
    for survey in Survey.objects.begun().filter(audience=actor.family).select_related("questionnaire"):
        response = responses.get(survey.pk)
        if response is None and not survey.takes_answers():
            continue
        if response:
            response.survey = survey
        found.append(
            Asked(
                survey=survey,
                response=response,
                progress=_progress(response) if response and response.takes_answers() else None,
                is_open=survey.takes_answers(),
                may_read=response is not None and response.pk in readable,
            )
        )
    return sorted(found, key=lambda one: (not one.is_open, one.survey.closes_at if one.is_open else 0))


def _progress(response: Response) -> figures.Progress:
    return figures.progress(figures.sections_of(response), figures.answers_of(response))


def _latest(actor: Actor) -> Response | None:
    """Return the newest response that an actor sent, whose results can be drawn."""
    sent = Response.objects.submitted().filter(actor=actor)
    related = sent.select_related("survey__questionnaire", "survey__previous", "actor__municipality")
    return related.order_by("-submitted_at", "-pk").first()


def _sessions(actor: Actor, user: User):
    sessions = TrainingSession.objects.visible_to(user).with_people_of(actor)
    return sessions.select_related("training", "municipality", "locality").order_by("-starts_at", "-pk")


def _diagnostics(actor: Actor, user: User) -> Sequence[Diagnostic]:
    """Return the diagnostics of a commune that the person may read."""
    if actor.kind != Kind.MUNICIPALITY:
        return []
    ready = Diagnostic.objects.visible_to(user).filter(state=DiagnosticState.READY)
    return list(ready.of_scope(actor.municipality)[:SHEETS])


def _home() -> list[tuple[str, str]]:
    return [(_("Accueil"), reverse("home"))]
