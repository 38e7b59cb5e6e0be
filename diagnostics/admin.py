"""Diagnostics at the desk: a list to read, and buttons that call the same actions as everywhere."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from diagnostics import actions, tasks
from diagnostics.choices import Publication
from diagnostics.models import Diagnostic


class ToReviewFilter(admin.SimpleListFilter):
    """Diagnostics that wait to be read and published."""

    title = _("à faire")
    parameter_name = "a_faire"

    def lookups(self, request, model_admin):
        return [("relire", _("À relire"))]

    def queryset(self, request, queryset):
        return queryset.to_review() if self.value() == "relire" else queryset


@admin.register(Diagnostic)
class DiagnosticAdmin(admin.ModelAdmin):
    list_display = ["title", "edition", "version", "status", "state", "publication", "requested_at"]
    list_filter = ["state", ToReviewFilter, "status", "publication", "edition"]
    search_fields = ["title"]
    actions = ["retry", "validate", "publish", "withdraw"]
    fields = (
        "title",
        "edition",
        "version",
        "survey",
        "chapters",
        "status",
        "state",
        "message",
        "error",
        "publication",
        "requested_by",
        "requested_at",
        "finished_at",
        "attempts",
        "page",
        "fingerprint",
        "report_sha256",
        "sheet_sha256",
        "maker",
    )
    readonly_fields = tuple(fields)

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    @admin.display(description=_("page"))
    def page(self, diagnostic: Diagnostic) -> str:
        return format_html('<a href="{}">{}</a>', diagnostic.get_absolute_url(), diagnostic)

    @admin.display(description=_("empreinte des données"))
    def fingerprint(self, diagnostic: Diagnostic) -> str:
        snapshot = getattr(diagnostic, "snapshot", None)
        return snapshot.sha256 if snapshot else "—"

    def _each(self, request, queryset, act, done) -> None:
        """Apply an action to each chosen diagnostic; say which were refused, and why."""
        count = 0
        for diagnostic in queryset:
            try:
                act(diagnostic)
                count += 1
            except ValidationError as error:
                messages.error(request, f"{diagnostic}\u00a0: {' '.join(error.messages)}")
        if count:
            messages.success(request, f"{done} ({count})")

    @admin.action(description=_("Réessayer"), permissions=["change"])
    def retry(self, request, queryset):
        self._each(
            request,
            queryset,
            lambda one: tasks.nudge(actions.retry(one, by=request.user)),
            _("Remis au travail"),
        )

    @admin.action(description=_("Valider (nouvelle version)"), permissions=["change"])
    def validate(self, request, queryset):
        self._each(
            request,
            queryset,
            lambda one: tasks.nudge(actions.validate(one, by=request.user)),
            _("Version validée en préparation"),
        )

    @admin.action(description=_("Publier pour tout le monde"), permissions=["change"])
    def publish(self, request, queryset):
        self._each(
            request,
            queryset,
            lambda one: actions.publish(one, publication=Publication.PUBLIC, by=request.user),
            _("Publié"),
        )

    @admin.action(description=_("Retirer de la publication"), permissions=["change"])
    def withdraw(self, request, queryset):
        self._each(
            request,
            queryset,
            lambda one: actions.publish(one, publication=Publication.PRIVATE, by=request.user),
            _("Retiré"),
        )
