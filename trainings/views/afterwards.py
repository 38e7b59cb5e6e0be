"""What follows a session: the certificate, and a minute to say what it was worth."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import links
from documents import files, pdf
from trainings import actions, emails, figures, printing
from trainings.forms import EvaluationForm
from trainings.models import Certificate, Registration
from trainings.views.catalogue import trail
from trainings.views.registering import expired, with_session
from trainings.views.responses import unlisted


@never_cache
@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a certificate is valid, to whoever holds its number: what the paper shows, and nothing more."""
    issued = _certificate_or_404(number)
    context = {"certificate": issued, "trail": [(_("Accueil"), reverse("home"))]}
    return unlisted(render(request, "trainings/certificate.html", context))


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
    return unlisted(files.kept_private(response, f"attestation-{issued.number}.pdf", inline=True))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def evaluate(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody thought of a session: the link says once that they may answer, never what they answered."""
    try:
        link = links.read(emails.EVALUATE, token)
    except links.BadLink as error:
        raise Http404 from error
    except links.ExpiredLink:
        return expired(request)
    mine = get_object_or_404(
        with_session(Registration.objects.confirmed()), public_id=link.public_id, link_version=link.version
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
        "trail": trail(),
    }
    return unlisted(render(request, "trainings/evaluate.html", context))


def _certificate_or_404(number: str) -> Certificate:
    """Return a certificate by its number, in whatever case it was typed."""
    return get_object_or_404(Certificate, number=number.upper())
