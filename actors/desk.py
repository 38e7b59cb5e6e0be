"""What the lists of actors and of contacts do alike at the desk: a list is taken away, two rows become one."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import journal
from accounts.desk import Verbs
from accounts.models import User
from actors import merging
from actors.choices import State
from actors.forms.desk import MergeForm
from documents import files
from tabular import writing

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONG = 5_000
"""Rows from which a count is remembered: below, counting anew costs nothing that one would notice."""
COUNT_SECONDS = 60


class LongPaginator(Paginator):
    """Pages of a list that may hold 200,000 rows: a long one is counted once a minute, a short one each time."""

    @cached_property
    def count(self) -> int:
        """How many rows; of more than `LONG`, how many there were at most a minute ago."""
        rows = cast(QuerySet, self.object_list)
        try:
            sql, params = rows.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return 0
        key = f"actors.desk.count.{hashlib.sha256(repr((sql, params)).encode()).hexdigest()}"
        known = cache.get(key)
        if known is None:
            known = rows.count()
            if known > LONG:
                cache.set(key, known, COUNT_SECONDS)
        return known


class EmptyNamed(admin.RelatedFieldListFilter):
    """A filter in which a word stands for rows that have none, where Django draws a hyphen."""

    empty: "StrOrPromise" = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.empty_value_display = SafeString(self.empty)


class SeatFilter(EmptyNamed):
    """The places where there is somebody: each is asked of an index, the rows are not read."""

    empty = gettext_lazy("sans commune")

    def field_choices(self, field, request, model_admin):
        there = model_admin.model._default_manager.filter(**{field.name: OuterRef("pk")}).order_by()
        return field.get_choices(
            include_blank=False,
            ordering=self.field_admin_ordering(field, request, model_admin),
            limit_choices_to=Q(Exists(there)),
        )


class Exporting(Verbs):
    """The list as it is filtered, to take away: no cell of it is a formula, and the journal says who took it."""

    change_list_template = "admin/actors/change_list.html"
    export_columns: dict[str, Callable[[Any], Any]] = {}
    """Title → what a row has under it."""
    export_related: tuple[str, ...] = ()
    paginator = LongPaginator
    show_full_result_count = False

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {**(extra_context or {}), "export_columns": bool(self.export_columns)}
        )

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        own = [path("exporter/<str:kind>/", self.admin_site.admin_view(self.export_view), name=name)]
        return own + super().get_urls()

    def export_view(self, request: HttpRequest, kind: str) -> StreamingHttpResponse:
        """Hand over what the list shows, every page of it, as CSV or as a workbook."""
        if kind not in EXPORTS:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).get_queryset(request)
        write, content_type = EXPORTS[kind]
        journal.record(
            f"{self.opts.model_name}.exported",
            cast(User, request.user),
            by=cast(User, request.user),
            rows=rows.count(),
            filters=sorted(request.GET),
        )
        found = rows.prefetch_related(*self.export_related).iterator(chunk_size=500)
        cells = ([read(row) for read in self.export_columns.values()] for row in found)
        response = StreamingHttpResponse(
            write([str(title) for title in self.export_columns], cells), content_type=content_type
        )
        return files.kept_private(response, f"{slugify(str(self.opts.verbose_name_plural))}.{kind}")


EXPORTS: dict[str, tuple[Callable, str]] = {
    "csv": (writing.text, "text/csv; charset=utf-8"),
    "xlsx": (
        writing.workbook,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


class Merging(Exporting):
    """Two rows that are one: chosen in the list, or from the one that is too many; previewed, then merged."""

    change_form_template = "admin/actors/change_form.html"
    merge_verb: Callable[..., merging.Report]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may = obj is not None and self.has_change_permission(request, obj)
        context["merge_url"] = self._merge_address(obj) if may else ""
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _merge_address(self, obj) -> str:
        """Return where this row is merged into another, "" where it is already."""
        if getattr(obj, "state", "") == State.MERGED:
            return ""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_merge", args=[obj.pk])

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                "<int:object_id>/fusionner/",
                self.admin_site.admin_view(self.merge_view),
                name=f"{name}_merge",
            )
        ]
        return own + super().get_urls()

    @admin.action(description=gettext_lazy("Fusionner les deux choisis"), permissions=["change"])
    def merge_chosen(self, request, queryset):
        chosen = list(queryset[:3])
        if len(chosen) != 2:
            messages.error(request, _("Choisissez-en deux, ni plus ni moins."))
            return None
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_merge"
        return redirect(f"{reverse(name, args=[chosen[1].pk])}?dans={chosen[0].pk}")

    def merge_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Choose the one that stays, see what moves, and merge what was shown."""
        rows = self.get_queryset(request)
        merged = get_object_or_404(rows, pk=object_id)
        if not self.has_change_permission(request, merged):
            raise PermissionDenied
        form = MergeForm(request.GET if "dans" in request.GET else None, rows=rows.exclude(pk=merged.pk))
        field = cast(Any, form.fields["dans"])
        field.widget = AutocompleteSelect(
            merged._meta.get_field("merged_into"), self.admin_site, attrs={"required": True}
        )
        field.widget.choices = field.choices
        kept = form.cleaned_data["dans"] if form.is_bound and form.is_valid() else None
        report = None
        if kept is not None:
            try:
                report = self.merge_verb(merged, into=kept, by=request.user, dry_run=True)
                if request.method == "POST":
                    if request.POST.get("vu") == report.fingerprint:
                        self.merge_verb(merged, into=kept, by=request.user)
                        done = _("«\u00a0%(merged)s\u00a0» est fusionné dans «\u00a0%(kept)s\u00a0».")
                        messages.success(request, done % {"merged": merged, "kept": kept})
                        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
                        return redirect(name, kept.pk)
                    messages.error(
                        request, _("Quelque chose a changé entre-temps\u00a0: relisez ce qui suit.")
                    )
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Fusionner «\u00a0%s\u00a0»") % merged,
            "merged": merged,
            "kept": kept,
            "form": form,
            "report": report,
            "media": self.media + form.media,
            "list_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            "swap_url": reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_merge", args=[(kept or merged).pk]
            ),
        }
        return render(request, "admin/actors/merge.html", context)
