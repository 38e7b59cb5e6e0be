"""The public journeys of a sheet: proposed, claimed, kept up to date, confirmed, corrected."""

from pathlib import PurePath
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits, links
from accounts.models import User
from actors import actions, twins
from actors.choices import MembershipState, State
from actors.emails import sheets as letters
from actors.forms.sheets import ClaimForm, CorrectionForm, ProposalForm, SheetForm
from actors.models import Actor, Membership
from documents import files
from documents.storage import StorageFull

DAY, HOUR = 86400, 3600
PROPOSALS_AN_HOUR = 20
"""From one network: a whole municipality goes out by one router."""
PROPOSALS_A_DAY = 5
"""With one address to answer to."""
CORRECTIONS_AN_HOUR = 20
CLAIMS_A_DAY = 10
CONFIRMATIONS_A_DAY = 3
"""New links of the yearly question to one referent."""
LOGO_KEPT = "public, max-age=604800, immutable"
"""Another picture has another address."""


@require_safe
def logo(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The logo of a sheet, for whoever sees the sheet."""
    actor = get_object_or_404(Actor.objects.visible_to(request.user).exclude(logo=""), slug=slug)
    suffix = PurePath(actor.logo.name).suffix
    try:
        response = files.serve(
            actor.logo, f"logo-{actor.slug}{suffix}", content_type=files.TYPES[suffix], inline=True
        )
    except FileNotFoundError as error:
        raise Http404 from error
    if actor in Actor.objects.published():
        response["Cache-Control"] = LOGO_KEPT
    return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The sheet as those who keep it write it; what two people changed at once is shown to the second."""
    user = cast(User, request.user)
    actor = get_object_or_404(Actor.objects.editable_by(user).visible_to(user).with_places(), slug=slug)
    own = actor.memberships.active().filter(user=user).exists()
    form = SheetForm(actor=actor)
    overtaken: list[dict[str, str]] = []
    if request.method == "POST":
        form = SheetForm(request.POST, request.FILES, actor=actor)
        if form.is_valid():
            try:
                _write(actor, form, by=user)
                if own:
                    actions.confirm(actor, by=user)
            except actions.Overtaken as conflict:
                overtaken = [
                    {
                        "name": name,
                        "label": capfirst(str(form.fields[name].label)),
                        "mine": form.shown(name, form.values()[name]),
                        "theirs": form.shown(name, conflict.stored[name]),
                    }
                    for name in conflict.names
                ]
                form = form.after(conflict.stored)
            except StorageFull as full:
                form.add_error("logo", str(full.strerror))
            else:
                messages.success(request, _("La fiche est enregistrée. Merci de la tenir à jour."))
                return redirect(actor)
    return render(
        request,
        "actors/sheet.html",
        {
            "actor": actor,
            "form": form,
            "own": own,
            "overtaken": overtaken,
            "trail": _trail(actor),
        },
        status=409 if overtaken else 200,
    )


def _write(actor: Actor, form: SheetForm, *, by: User) -> None:
    """Write what the form says, the logo last: a conflict of words keeps everything as it was."""
    actions.edit(actor, values=form.values(), seen=form.seen_values(), by=by)
    picture = form.cleaned_data["logo"]
    if picture or form.cleaned_data["without_logo"]:
        actions.set_logo(actor, picture=picture, by=by)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """A sheet that is missing: anybody proposes it; those that may be the same are shown before it is sent."""
    user = request.user if isinstance(request.user, User) else None
    form = ProposalForm(user=user)
    close: list[Actor] = []
    status = 200
    if request.method == "POST":
        form = ProposalForm(request.POST, user=user)
        if form.caught:
            return redirect("actors:proposed")
        if form.is_valid():
            actor = form.actor()
            if "quand-meme" not in request.POST:
                close = twins.close_to(actor, Actor.objects.published())
            if not close:
                if _may_propose(request, form.cleaned_data["your_email"]):
                    _suggest(actor, form, by=user)
                    return redirect("actors:proposed")
                form.add_error(None, TOO_MANY)
                status = 429
    return render(
        request,
        "actors/propose.html",
        {"form": form, "close": close, "trail": _trail()},
        status=status,
    )


TOO_MANY = gettext_lazy(
    "Beaucoup d’envois viennent d’ici\u00a0: rien n’est parti cette fois. Gardez cette page ouverte, et renvoyez plus "
    "tard, demain au besoin."
)


def _may_propose(request: HttpRequest, email: str) -> bool:
    network = limits.visitor(request)
    return limits.spend("proposal", network, most=PROPOSALS_AN_HOUR, seconds=HOUR) and limits.spend(
        "proposal.from", email.lower(), most=PROPOSALS_A_DAY, seconds=DAY
    )


def _suggest(actor: Actor, form: ProposalForm, *, by: User | None) -> None:
    data = form.cleaned_data
    actions.suggest(
        actor,
        name=data["your_name"],
        email=data["your_email"],
        relation=data["relation"],
        themes=list(data["themes"]),
        nonce=data["nonce"],
        by=by,
    )


@require_safe
def proposed(request: HttpRequest) -> HttpResponse:
    """What happens next with a proposal; it says nothing of anybody."""
    return render(request, "actors/proposed.html", {"trail": _trail()})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to speak for an actor, or see where one's request stands."""
    user = cast(User, request.user)
    actor = get_object_or_404(Actor.objects.published().with_places(), slug=slug)
    own = actor.memberships.filter(user=user).first()
    form = ClaimForm()
    status = 200
    if request.method == "POST" and _may_ask(own):
        form = ClaimForm(request.POST)
        if form.is_valid():
            if limits.spend("claim", str(user.public_id), most=CLAIMS_A_DAY, seconds=DAY):
                actions.request_membership(actor, by=user, statement=form.cleaned_data["statement"])
                return redirect(request.path)
            form.add_error(None, TOO_MANY)
            status = 429
    return render(
        request,
        "actors/claim.html",
        {
            "actor": actor,
            "own": own,
            "may_ask": _may_ask(own),
            "answered": actor.memberships.referents().exists(),
            "form": form,
            "trail": _trail(actor),
        },
        status=status,
    )


def _may_ask(own: Membership | None) -> bool:
    return own is None or own.state == MembershipState.REVOKED


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is wrong on a sheet; the team reads it."""
    actor = get_object_or_404(Actor.objects.visible_to(request.user), slug=slug)
    form = CorrectionForm()
    status = 200
    if request.method == "POST":
        form = CorrectionForm(request.POST)
        if form.is_valid():
            try:
                done = form.caught or _report(request, actor, form)
            except ValidationError as full:
                form.add_error(None, full)
            else:
                if done:
                    messages.success(
                        request, _("Merci\u00a0: l’équipe lit votre message et corrige la fiche.")
                    )
                    return redirect(actor)
                form.add_error(None, TOO_MANY)
            status = 429
    return render(
        request,
        "actors/correct.html",
        {"actor": actor, "form": form, "trail": _trail(actor)},
        status=status,
    )


def _report(request: HttpRequest, actor: Actor, form: CorrectionForm) -> bool:
    network = limits.visitor(request)
    if not limits.spend("correction", network, most=CORRECTIONS_AN_HOUR, seconds=HOUR):
        return False
    actions.report(actor, text=form.cleaned_data["text"], email=form.cleaned_data["email"])
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The yearly question, by its link: a GET shows what everybody reads, the referent's POST confirms it."""
    try:
        link = links.read(letters.CONFIRM, token)
    except links.ExpiredLink as expired:
        return _ask_again(request, expired.public_id)
    except links.BadLink as error:
        raise Http404 from error
    referents = Membership.objects.referents().select_related(
        "user", "actor__municipality", "actor__locality"
    )
    referent = get_object_or_404(referents, public_id=link.public_id)
    actor = referent.actor
    if actor.state != State.PUBLISHED or actor.confirmation_round != link.version:
        raise Http404
    done = actions.answered(referent)
    if request.method == "POST":
        if not done:
            actions.confirm(actor, by=cast(User, referent.user))
        return redirect(request.path)
    return render(request, "actors/confirm.html", {"actor": actor, "done": done})


def _ask_again(request: HttpRequest, public_id: str) -> HttpResponse:
    """Offer a new link, by mail to the referent we know: this page names nobody, nor says whether we know one."""
    sent = request.method == "POST"
    referent = Membership.objects.referents().filter(public_id=public_id).first() if sent else None
    if referent and limits.spend("confirmation.to", public_id, most=CONFIRMATIONS_A_DAY, seconds=DAY):
        actions.send_confirmation_link(referent)
    return render(request, "actors/expired.html", {"sent": sent}, status=200 if sent else 410)


def _trail(actor: Actor | None = None) -> list[tuple[str, str]]:
    trail = [(_("Accueil"), reverse("home")), (_("Acteurs"), reverse("actors:directory"))]
    return [*trail, (actor.name, actor.get_absolute_url())] if actor else trail
