"""Pages behind the links of our letters: a GET shows, a POST acts."""

from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import links
from actors import actions as actors
from invitations import actions, emails
from invitations.models import Invitation

SESSION_KEY = "invitation"
"""Where the room above finds the public id of the invitation that its visitor follows."""


def _private(view):
    """Keep what a personal link shows out of caches and search engines; GET and POST alone."""

    @wraps(view)
    def shown(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(shown))


@_private
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, to what, until when; the button begins and leads to the campaign's page."""
    try:
        link = links.read(emails.OPEN, token)
    except links.BadLink as error:
        raise Http404 from error
    except links.ExpiredLink as expired:
        return _expired(request, expired.public_id)
    invitation = _invitation(link.public_id)
    if invitation.link_version != link.version:
        raise Http404
    if invitation.answered_at:
        return render(request, "invitations/answered.html", {"campaign": invitation.campaign})
    if not invitation.campaign.is_open:
        return render(request, "invitations/over.html", {"campaign": invitation.campaign}, status=410)
    if request.method == "POST":
        try:
            actions.mark_begun(invitation)
        except actions.Refused:  # it ended while the page was open: shown again, the page says so
            return redirect(request.path)
        if not request.user.is_authenticated:
            request.session.cycle_key()  # what this link opens is not for who knew the visitor's session before
        request.session[SESSION_KEY] = str(invitation.public_id)
        return redirect(invitation.campaign.landing_path)
    return render(
        request, "invitations/open.html", {"invitation": invitation, "campaign": invitation.campaign}
    )


def _expired(request: HttpRequest, public_id: str) -> HttpResponse:
    """Offer a new link, by mail to the address we know: this page names nobody."""
    invitation = _invitation(public_id)
    if not invitation.campaign.is_open:
        return render(request, "invitations/over.html", {"campaign": invitation.campaign}, status=410)
    sent = request.method == "POST"
    if sent:
        actions.send_new_link(invitation)
    return render(request, "actors/expired.html", {"sent": sent}, status=200 if sent else 410)


@csrf_exempt  # RFC 8058: mail programs post here without cookie; whoever holds the link may act
@_private
def opt_out(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for no more campaigns; posted again, the answer is the same."""
    try:
        public_id = links.read(emails.OPT_OUT, token).public_id
    except links.ExpiredLink as expired:
        public_id = expired.public_id  # the right to object has no end
    except links.BadLink as error:
        raise Http404 from error
    contact = actions.who_objects(public_id)
    if contact is None:
        raise Http404
    if request.method == "POST":
        actors.opt_out(contact)
    return render(request, "invitations/opt_out.html", {"done": contact.opted_out_at is not None})


def _invitation(public_id: str) -> Invitation:
    found = (
        Invitation.objects.select_related("campaign", "contact", "actor").filter(public_id=public_id).first()
    )
    if found is None:
        raise Http404
    return found
