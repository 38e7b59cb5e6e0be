"""The activity report's pages: for managers on screen and on paper, with its evidence for the team."""

import tempfile
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import journal
from accounts.models import User
from accounts.proving import proven_for_file
from documents import files, pdf
from portal import activity, evidence
from portal.activity import Activity
from portal.forms import ActivityForm


@never_cache
@login_required
@require_safe
def activity_report(request: HttpRequest) -> HttpResponse:
    """What was done in a period, under one « fiche-projet » or under all, and what its proof still lacks."""
    user = _manager(request)
    form = ActivityForm(request.GET)
    found = activity.of(form.cleaned_data["fiche"], form.period) if form.is_valid() else None
    context = {
        "form": form,
        "activity": found,
        "trend": activity.trend(found) if found else None,
        "query": _query(found) if found else "",
        "may_prove": _may_prove(user),
        "trail": [(_("Accueil"), reverse("home")), (_("Mon espace"), reverse("portal:my_space"))],
    }
    return render(request, "portal/activity.html", context, status=200 if found else 422)


@never_cache
@login_required
@require_safe
def activity_pdf(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    _manager(request)
    found = _asked(request)
    try:
        content = evidence.report(found, created=timezone.localtime())
    except pdf.NotPrinted as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('portal:activity')}?{_query(found)}")
    response = HttpResponse(content, content_type="application/pdf")
    return files.kept_private(response, evidence.file_name(found, "activite", "pdf"), inline=True)


@never_cache
@login_required
@require_POST
@proven_for_file
def activity_evidence(request: HttpRequest) -> HttpResponse | FileResponse:
    """The report, its tables, and the proof file of each session, names and signed sheets included: the team's."""
    user = _manager(request)
    if not _may_prove(user):
        raise Http404
    found = _asked(request)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        evidence.write(out, found, made=timezone.localtime())
    except evidence.TooMuch as refusal:
        out.close()
        messages.error(request, str(refusal))
        return redirect(f"{reverse('portal:activity')}?{_query(found)}")
    facts = {"start": found.period.start.isoformat(), "end": found.period.end.isoformat()}
    journal.record("activity.evidence_taken", found.sheet or user, by=user, **facts)
    out.seek(0)
    response = FileResponse(out, content_type="application/zip")
    return files.kept_private(response, evidence.file_name(found, "preuves", "zip"))


def _manager(request: HttpRequest) -> User:
    """Answer others than managers and the team as if there were no such page."""
    user = cast(User, request.user)
    if not user.is_manager:
        raise Http404
    return user


def _may_prove(user: User) -> bool:
    return user.is_staff and user.has_perm("trainings.view_registration")


def _asked(request: HttpRequest) -> Activity:
    form = ActivityForm(request.GET)
    if not form.is_valid():
        raise Http404
    return activity.of(form.cleaned_data["fiche"], form.period)


def _query(found: Activity) -> str:
    asked = {"du": found.period.start.isoformat(), "au": found.period.end.isoformat()}
    return urlencode({"fiche": found.sheet.pk, **asked} if found.sheet else asked)
