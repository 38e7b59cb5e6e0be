"""Public pages of the directory, and the pages where a referent looks after members."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import links
from accounts.models import User
from actors import actions, emails
from actors.choices import FAMILY_SLUGS, Family, MembershipRole, MembershipState
from actors.directory import Result
from actors.forms import InvitationForm
from actors.models import Actor, Membership
from territory.models import Municipality

OFFER = {
    Family.MUNICIPALITIES: gettext_lazy(
        "Des formations pour les agents et les mandataires, une enquête pour dire où en est la commune, "
        "un diagnostic à montrer au Collège, et des projets menés à plusieurs."
    ),
    Family.ASSOCIATIONS: gettext_lazy(
        "Des ateliers près de chez vous, une place pour dire ce qui manque, et des communes avec qui "
        "monter un projet."
    ),
    Family.ENTERPRISES: gettext_lazy(
        "Des petits déjeuners et des formations courtes, des voisins qui cherchent la même chose, et une "
        "place sur la carte."
    ),
    Family.PARTNERS: gettext_lazy(
        "Les besoins du terrain, réunis et chiffrés, et des projets auxquels apporter un métier, une "
        "recherche, un réseau."
    ),
}
"""What the programme offers each family."""


class SignedInRequest(HttpRequest):
    """A request behind `login_required`."""

    user: User


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """The directory: filters, the actors found, the map and the table of the same."""
    result = Result(request.GET, list(Municipality.objects.of_lag()))
    return render(
        request,
        "actors/directory.html",
        {
            "result": result,
            "filter": result.filter,
            "family": result.filter.chosen.get("famille", ""),
            "trail": [(_("Accueil"), reverse("home"))],
        },
    )


@require_safe
def family(request: HttpRequest, family: str) -> HttpResponse:
    """A family of actors: what the programme offers it, who is there and where."""
    if family not in FAMILY_SLUGS:
        raise Http404
    data = {"famille": family, "page": request.GET.get("page", "1")}
    return render(
        request,
        "actors/family.html",
        {
            "family": FAMILY_SLUGS[family],
            "offer": OFFER[FAMILY_SLUGS[family]],
            "result": Result(data, list(Municipality.objects.of_lag())),
            "trail": [(_("Accueil"), reverse("home")), (_("Acteurs"), reverse("actors:directory"))],
        },
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who speaks for an actor; its referent invites colleagues here."""
    actor = get_object_or_404(Actor.objects.members_editable_by(request.user), slug=slug)
    asked = {"role": role} if (role := request.GET.get("role", "")) in MembershipRole.values else None
    form = InvitationForm(request.POST if request.method == "POST" else None, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            membership = actions.invite_member(actor, **form.cleaned_data, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _told(membership))
            return redirect("actors:members", slug=slug)
    people = actor.memberships.current().select_related("user").order_by("state", "role", "pk")
    return render(
        request,
        "actors/members.html",
        {
            "actor": actor,
            "active": [one for one in people if one.state == MembershipState.ACTIVE],
            "waiting": [one for one in people if one.state != MembershipState.ACTIVE],
            "form": form,
            "days": actions.INVITATION_DAYS,
            "roles": MembershipRole.choices,
            "trail": [
                (_("Accueil"), reverse("home")),
                (_("Acteurs"), reverse("actors:directory")),
                (actor.name, actor.get_absolute_url()),
            ],
        },
    )


def _told(membership: Membership) -> str:
    if membership.state == MembershipState.ACTIVE:
        return _("Cette personne est déjà membre.")
    return _("L’invitation est en route vers %(email)s.") % {"email": membership.email}


@login_required
@require_POST
def membership_approve(request: SignedInRequest, slug: str, public_id) -> HttpResponse:
    """Let in somebody who asked."""
    membership = _editable(request, slug, public_id)
    role = request.POST.get("role", "")
    try:
        actions.approve(membership, by=request.user, role=role if role in MembershipRole.values else "")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(user)s est maintenant membre.") % {"user": membership.user})
    return redirect("actors:members", slug=slug)


@login_required
@require_POST
def membership_decline(request: SignedInRequest, slug: str, public_id) -> HttpResponse:
    """Refuse somebody who asked, and say why."""
    membership = _editable(request, slug, public_id)
    try:
        actions.decline(membership, reason=request.POST.get("motif", ""), by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(
            request, _("C’est noté\u00a0: une lettre dit pourquoi à %(user)s.") % {"user": membership.user}
        )
    return redirect("actors:members", slug=slug)


@login_required
@require_POST
def membership_revoke(request: SignedInRequest, slug: str, public_id) -> HttpResponse:
    """Withdraw a member, an invitation or a request."""
    membership = _editable(request, slug, public_id)
    who = membership.user or membership.email
    try:
        actions.revoke(membership, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("C’est fait\u00a0: %(who)s n’est plus dans la liste.") % {"who": who})
    if not Actor.objects.members_editable_by(request.user).filter(slug=slug).exists():
        return redirect(membership.actor)
    return redirect("actors:members", slug=slug)


def _editable(request: HttpRequest, slug: str, public_id) -> Membership:
    editable = Membership.objects.editable_by(request.user).select_related("actor", "user")
    return get_object_or_404(editable, actor__slug=slug, public_id=public_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def membership_accept(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation, by its link: a GET shows it, the invited person's POST accepts it."""
    try:
        link = links.read(emails.ACCEPT, token)
    except links.ExpiredLink:
        return render(request, "410.html", status=410)
    except links.BadLink as error:
        raise Http404 from error
    membership = get_object_or_404(Membership.objects.select_related("actor"), public_id=link.public_id)
    user = request.user if isinstance(request.user, User) else None
    mine = user is not None and actions.owns(user, membership.email)
    done = membership.state == MembershipState.ACTIVE and mine
    if not done and (membership.state != MembershipState.INVITED or membership.version != link.version):
        raise Http404
    if request.method == "POST" and user and mine:
        try:
            actions.accept(membership, by=user)
        except ValidationError as error:
            raise Http404 from error
        messages.success(
            request, _("Vous parlez maintenant pour «\u00a0%(actor)s\u00a0».") % {"actor": membership.actor}
        )
        # The space is composed above this room; named, not imported.
        return redirect("portal:space", slug=membership.actor.slug)
    return render(
        request,
        "actors/membership_accept.html",
        {"membership": membership, "mine": mine, "done": done},
        status=403 if request.method == "POST" else 200,
    )
