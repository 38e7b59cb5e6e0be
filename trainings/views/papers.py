"""The picture of a training, and its documents: of everybody, or of those who are registered."""

from pathlib import PurePath

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts import links
from documents import files
from trainings import emails
from trainings.choices import TrainingState
from trainings.models import Registration, Training, TrainingDocument
from trainings.views.registering import expired

PICTURE_KEPT = "public, max-age=604800, immutable"
"""Another picture has another address."""


@require_safe
def image(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The picture of a training, for whoever may read a page that shows it."""
    training = get_object_or_404(Training.objects.announced_to(request.user).exclude(image=""), slug=slug)
    suffix = PurePath(training.image.name).suffix
    try:
        response = files.serve(
            training.image, f"{training.slug}{suffix}", content_type=files.TYPES[suffix], inline=True
        )
    except FileNotFoundError as error:
        raise Http404 from error
    # Only under its own address: the bare one may show another picture tomorrow, or none.
    if training.state != TrainingState.DRAFT and request.get_full_path() == training.image_address:
        response["Cache-Control"] = PICTURE_KEPT
    return response


@require_safe
def document(request: HttpRequest, public_id) -> HttpResponseBase:
    """A document of everybody, as a download; the team reads those of the registered here too."""
    visible = TrainingDocument.objects.visible_to(request.user).select_related("document")
    return _handed(get_object_or_404(visible, document__public_id=public_id))


@require_safe
def registration_document(request: HttpRequest, token: str, public_id) -> HttpResponseBase:
    """A document of the training somebody is registered for, by the link of their letter, while they are."""
    try:
        link = links.read(emails.PURPOSE, token)
    except links.BadLink as error:
        raise Http404 from error
    except links.ExpiredLink:
        return expired(request)
    mine = get_object_or_404(
        Registration.objects.select_related("session"),
        public_id=link.public_id,
        link_version=link.version,
    )
    theirs = TrainingDocument.objects.of_registration(mine).select_related("document")
    response = _handed(get_object_or_404(theirs, document__public_id=public_id))
    response["X-Robots-Tag"] = "noindex"
    return response


def _handed(paper: TrainingDocument) -> HttpResponse | FileResponse:
    kept = paper.document
    try:
        return files.serve(kept.file, kept.name, content_type=kept.content_type)
    except FileNotFoundError as error:
        raise Http404 from error
