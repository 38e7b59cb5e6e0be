"""Imports at the desk: a file is left, its columns checked, its preview read, and only then written."""

from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from documents.storage import StorageFull
from imports import actions, tasks
from imports.choices import AT_WORK, LEAVE, State
from imports.forms import ColumnsForm, FileForm, LenientForm, UploadForm
from imports.models import Import
from tabular import reading
from tabular.targets import Outcome
from typography.numbers import number

ROWS_A_PAGE = 50
STEPS = (
    ("columns", gettext_lazy("Colonnes")),
    ("preview", gettext_lazy("Aperçu et écriture")),
)
TITLES = {
    Outcome.CREATE: gettext_lazy("À créer"),
    Outcome.CHANGE: gettext_lazy("À modifier"),
    Outcome.DUPLICATE: gettext_lazy("Doublons possibles"),
    Outcome.REFUSED: gettext_lazy("Refusées"),
    Outcome.SAME: gettext_lazy("Sans changement"),
}
WRITTEN = {
    Outcome.CREATE: gettext_lazy("Créées"),
    Outcome.CHANGE: gettext_lazy("Modifiées"),
    Outcome.DUPLICATE: gettext_lazy("Doublons laissés de côté"),
}


@admin.register(Import)
class ImportAdmin(admin.ModelAdmin):
    list_display = ["name", "kind_shown", "source", "state", "told", "by", "created_at"]
    list_display_links = ["name"]
    list_filter = ["state"]
    list_select_related = ["by"]
    search_fields = ["source", "name"]
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request):
        return Import.objects.visible_to(request.user).order_by("-pk")

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("type"))
    def kind_shown(self, run: Import) -> str:
        return str(run.kind.label)

    @admin.display(description=gettext_lazy("bilan"))
    def told(self, run: Import) -> str:
        return summary(run) if run.state == State.DONE else "–"

    def get_urls(self):
        views = {
            "columns": self.columns,
            "reread": require_POST(self.reread),
            "preview": self.preview,
            "advance": self.advance,
            "decide": require_POST(self.decide),
            "confirm": require_POST(self.confirm),
            "drop": require_POST(self.drop),
        }
        own = [
            path(f"<int:object_id>/{name}/", self.admin_site.admin_view(view), name=f"imports_import_{name}")
            for name, view in views.items()
        ]
        return own + super().get_urls()

    def _run(self, request: HttpRequest, object_id) -> Import:
        run = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_change_permission(request, run):
            raise PermissionDenied
        return run

    def _page(self, request, run: Import | None, step: str, title: str, context: dict) -> HttpResponse:
        return render(
            request,
            f"admin/imports/import/{step}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.model._meta,
                "title": capfirst(str(run)) if run else title,
                "step_title": title,
                "run": run,
                "steps": [
                    (label, reverse(f"admin:imports_import_{name}", args=[run.pk]), name == step)
                    for name, label in STEPS
                ]
                if run
                else [],
                **context,
            },
        )

    # Leave a file ------------------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        """Leave a file; `?type=actors` chooses what it holds."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        bound = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
        form = UploadForm(**bound, user=request.user, initial={"target": request.GET.get("type")})
        if request.method == "POST" and form.is_valid():
            try:
                run = actions.receive(**form.cleaned_data, by=_staff(request))
            except ValidationError as error:
                form.add_error("upload", error)
            except StorageFull as error:
                form.add_error("upload", str(error.args[-1]))
            else:
                return redirect("admin:imports_import_columns", run.pk)
        return self._page(request, None, "upload", _("Importer un fichier"), {"form": form})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Go where the import stands."""
        run = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        return self.columns(request, run.pk) if run.state == State.COLUMNS else self.preview(request, run.pk)

    # Columns -----------------------------------------------------------------------------------------

    def columns(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Check where each column goes, answer what is asked once, and ask for the preview."""
        run = self._run(request, object_id)
        try:
            table = actions.table_of(run)
        except reading.FileRefused as error:
            messages.error(request, str(error))
            return redirect("admin:imports_import_changelist")
        posted = request.POST if request.method == "POST" else None
        form = ColumnsForm(posted, target=run.kind, columns=table.columns, mapping=run.mapping)
        once = run.kind.form(posted, initial=run.options)
        lenient = LenientForm(posted, initial=run.options)
        errors: list[str] = []
        if posted is not None and all([form.is_valid(), once.is_valid(), lenient.is_valid()]):
            answers = {name: posted[name] for name in (*once.fields, *lenient.fields) if name in posted}
            try:
                actions.check(run, mapping=form.mapping, options=answers, by=_staff(request))
            except ValidationError as error:
                errors = error.messages
            else:
                tasks.nudge(run)
                return redirect("admin:imports_import_preview", run.pk)
        return self._page(
            request,
            run,
            "columns",
            _("Colonnes"),
            {
                "rows": list(zip(form, table.sample(), strict=True)),
                "once": once,
                "lenient": lenient,
                "errors": errors,
                "wrong": bool(errors or form.errors or once.errors),
                "file": FileForm(initial=run.form),
                "written_as": _written_as(table),
                "warnings": table.warnings,
                "open": run.state not in (State.WRITING, State.DONE, State.CHECKING, State.DROPPED),
            },
        )

    def reread(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Read the file with another encoding, delimiter or title line."""
        run = self._run(request, object_id)
        form = FileForm(request.POST)
        try:
            if form.is_valid():
                actions.reread(run, form=form.cleaned_data, by=_staff(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("admin:imports_import_columns", run.pk)

    # Preview -----------------------------------------------------------------------------------------

    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show how far the work is, then what each line would do, or did."""
        run = self._run(request, object_id)
        counts = run.rows.count_by_outcome()
        chosen = request.GET.get("resultat", "")
        if chosen not in Outcome.values:
            chosen = next((one for one in TITLES if counts[one]), Outcome.CREATE)
        pages = Paginator(run.rows.filter(outcome=chosen), ROWS_A_PAGE)
        done = run.state == State.DONE
        titles = {**TITLES, **(WRITTEN if done else {})}
        return self._page(
            request,
            run,
            "preview",
            _("Aperçu et écriture"),
            {
                "advance": _advance(run) if run.state in AT_WORK else None,
                "advance_url": reverse("admin:imports_import_advance", args=[run.pk]),
                "tabs": [(one, title, number(counts[one]), one == chosen) for one, title in titles.items()],
                "chosen": chosen,
                "page": pages.get_page(request.GET.get("page")),
                "choices": [(LEAVE, _("Laisser de côté")), *run.kind.choices],
                "writes": counts[Outcome.CREATE] + counts[Outcome.CHANGE],
                "same": bool(counts[Outcome.SAME]),
                "refused": bool(counts[Outcome.REFUSED]) and not counts[Outcome.DUPLICATE],
                "columns_url": reverse("admin:imports_import_columns", args=[run.pk]),
                "ready": run.state == State.READY,
                "failed": run.state == State.FAILED,
                "again": run.state == State.FAILED and bool(run.confirmed_at),
                "finished": done,
                "told": summary(run),
                "may_drop": run.state in (State.READY, State.COLUMNS, State.FAILED) and not run.confirmed_at,
                "erased": run.erased_at,
            },
        )

    def advance(self, request: HttpRequest, object_id: int) -> JsonResponse:
        """Say how far the work is, for the page that waits."""
        return JsonResponse(_advance(self._run(request, object_id)))

    def decide(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Decide on one possible duplicate, or on all that are shown."""
        run = self._run(request, object_id)
        chosen = {
            name: value for name, value in request.POST.items() if name[:4] == "row-" and name[4:].isdigit()
        }
        decided = 0
        rows = run.rows.filter(pk__in=[name[4:] for name in chosen]).exclude(candidates=[])
        for row in rows[:ROWS_A_PAGE]:
            choice = str(chosen[f"row-{row.pk}"])
            if choice == (row.choice or LEAVE):
                continue
            try:
                actions.decide(run, row, choice=choice, by=_staff(request))
            except ValidationError as error:
                messages.error(
                    request, _("Ligne %(line)s : %(why)s") % {"line": row.line, "why": error.messages[0]}
                )
            else:
                decided += 1
        told = ngettext("{n} décision est enregistrée.", "{n} décisions sont enregistrées.", decided)
        messages.success(request, told.format(n=number(decided)))
        return redirect(
            f"{reverse('admin:imports_import_preview', args=[run.pk])}?resultat={Outcome.DUPLICATE}"
        )

    def confirm(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Write what the preview shows; after an interruption, go on."""
        run = self._run(request, object_id)
        try:
            tasks.nudge(actions.confirm(run, by=_staff(request)))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("admin:imports_import_preview", run.pk)

    def drop(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Give the import up and erase its file."""
        run = self._run(request, object_id)
        try:
            actions.drop(run, by=_staff(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(
                request, _("L’import est abandonné, son fichier est effacé. Rien n’a été écrit.")
            )
        return redirect("admin:imports_import_changelist")


def _staff(request: HttpRequest) -> User:
    return cast(User, request.user)


def _written_as(table: reading.Table) -> str:
    """Return how the file was understood: « CSV, UTF-8, point-virgule, titres à la ligne 1 »."""
    parts = [
        table.kind,
        reading.ENCODINGS.get(table.form.encoding, "") if table.kind == "CSV" else "",
        reading.DELIMITERS.get(table.form.delimiter, ""),
        _("titres à la ligne %s") % table.form.header if table.form.header else "",
    ]
    return ", ".join(part for part in parts if part)


def _advance(run: Import) -> dict:
    """Return how far the work is, in numbers and words."""
    text = (
        _("En attente : le travail commence dans un instant")
        if not run.total
        else _("%(done)s lignes sur %(total)s") % {"done": number(run.done), "total": number(run.total)}
    )
    return {"done": run.done, "total": run.total or 1, "text": text, "finished": run.state not in AT_WORK}


def summary(run: Import) -> str:
    """Return what an import wrote: « 12 créations, 3 modifications », or « 0 changement »."""
    created, changed = run.counts.get(Outcome.CREATE, 0), run.counts.get(Outcome.CHANGE, 0)
    parts = [
        (created, ngettext("%s création", "%s créations", created)),
        (changed, ngettext("%s modification", "%s modifications", changed)),
    ]
    told = [text % number(n) for n, text in parts if n]
    return ", ".join(told) or _("0 changement")
