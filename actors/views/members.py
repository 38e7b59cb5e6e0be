"""Where a referent looks after members, and where an invitation is accepted."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import links
from accounts.models import User
from actors import actions, emails
from actors.choices import MembershipRole, MembershipState
from actors.forms.members import InvitationForm
from actors.models import Actor, Membership


class SignedInRequest(HttpRequest):
    """A request behind `login_required`."""

    user: User


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
