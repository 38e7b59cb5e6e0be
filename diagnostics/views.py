"""Pages and downloads of diagnostics: gather, decide, show."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diagnostics import actions, report, snapshots, tasks
from diagnostics.choices import Publication
from diagnostics.forms import RequestForm
from diagnostics.models import Diagnostic
from documents import files


def _may_request(user) -> bool:
    return user.is_authenticated and user.is_manager


@require_GET
def diagnostic_list(request):
    """The diagnostics one may read, newest first."""
    diagnostics = Diagnostic.objects.visible_to(request.user).with_scope()[:200]
    context = {"diagnostics": diagnostics, "may_request": _may_request(request.user)}
    return render(request, "diagnostics/diagnostic_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def diagnostic_request(request):
    """Ask for a diagnostic; `?territoire=commune:25048` chooses the place beforehand."""
    if not _may_request(request.user):
        raise Http404
    form = RequestForm(request.POST or None, initial={"place": request.GET.get("territoire", "")})
    if request.method == "POST" and form.is_valid():
        try:
            asked = {name: form.cleaned_data[name] for name in ("scope", "edition", "survey", "chapters")}
            diagnostic = actions.request(**asked, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tasks.nudge(diagnostic)
            return redirect(diagnostic)
    return render(request, "diagnostics/diagnostic_request.html", {"form": form, "trail": _trail()})


def _trail() -> list[tuple[str, str]]:
    return [(_("Accueil"), reverse("home")), (_("Diagnostics"), reverse("diagnostics:diagnostic_list"))]


def _visible(request, public_id) -> Diagnostic:
    return get_object_or_404(Diagnostic.objects.visible_to(request.user).with_scope(), public_id=public_id)


def _ready(request, public_id) -> Diagnostic:
    diagnostic = _visible(request, public_id)
    if not diagnostic.is_ready:
        raise Http404
    return diagnostic


@require_GET
@never_cache
def diagnostic_page(request, public_id):
    """The diagnostic as a page; while it is being made, how far it is."""
    diagnostic = _visible(request, public_id)
    if not diagnostic.is_ready:
        context = {"diagnostic": diagnostic, "trail": _trail()}
        return render(request, "diagnostics/diagnostic_progress.html", context)
    context = report.context(diagnostic.snapshot.data, paper="screen")
    context |= {"diagnostic": diagnostic, "trail": _trail(), "may_publish": _may_request(request.user)}
    return render(request, "diagnostics/diagnostic_page.html", context)


@require_GET
@never_cache
def diagnostic_progress(request, public_id):
    """How far the work is, for the page that waits."""
    diagnostic = _visible(request, public_id)
    return JsonResponse(
        {
            "done": diagnostic.done,
            "total": diagnostic.total,
            "text": diagnostic.message,
            "finished": not diagnostic.is_in_progress,
        }
    )


@login_required
@require_POST
def diagnostic_retry(request, public_id):
    """Start a failed diagnostic again."""
    diagnostic = _visible(request, public_id)
    if not _may_request(request.user):
        raise Http404
    try:
        tasks.nudge(actions.retry(diagnostic, by=request.user))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(diagnostic)


@login_required
@require_POST
def diagnostic_publish(request, public_id):
    """Let everybody read a diagnostic, or its `readers` alone again: `publication` says which."""
    diagnostic = _visible(request, public_id)
    if not _may_request(request.user):
        raise Http404
    wanted = request.POST.get("publication")
    if wanted not in Publication.values:
        raise Http404
    try:
        published = actions.publish(diagnostic, publication=wanted, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        done = _("Ce diagnostic est publié\u00a0: tout le monde peut le lire.")
        undone = _("Ce diagnostic n’est plus publié. {readers} sont seuls à le lire.")
        messages.success(request, done if published.is_public else undone.format(readers=diagnostic.readers))
    return redirect(diagnostic)


def _file_name(diagnostic: Diagnostic, kind: str, extension: str) -> str:
    return f"{kind}-{slugify(str(diagnostic.scope))}-{diagnostic.edition}-v{diagnostic.version}.{extension}"


@require_GET
def sheet_pdf(request, public_id):
    """The one-page sheet, as it was stored."""
    diagnostic = _ready(request, public_id)
    kind = _("fiche-communale") if diagnostic.municipality_id else _("fiche-territoire")
    return files.serve(diagnostic.sheet, _file_name(diagnostic, kind, "pdf"), content_type="application/pdf")


@require_GET
def report_pdf(request, public_id):
    """The whole diagnostic, as it was stored."""
    diagnostic = _ready(request, public_id)
    return files.serve(
        diagnostic.report, _file_name(diagnostic, "diagnostic", "pdf"), content_type="application/pdf"
    )


@require_GET
def snapshot_json(request, public_id):
    """The frozen figures in their canonical writing: the SHA-256 of this file is the printed fingerprint."""
    diagnostic = _ready(request, public_id)
    content = snapshots.canonical(diagnostic.snapshot.data)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    return files.kept_private(response, _file_name(diagnostic, "donnees", "json"))


@require_GET
def table_csv(request, public_id, key):
    """One printed table, for a spreadsheet."""
    diagnostic = _ready(request, public_id)
    tables = {report.table_anchor(table["key"])[2:]: table for table in diagnostic.snapshot.data["tables"]}
    if key not in tables:
        raise Http404
    response = HttpResponse(snapshots.table_csv(tables[key]), content_type="text/csv; charset=utf-8")
    return files.kept_private(response, _file_name(diagnostic, f"tableau-{key}", "csv"))
