"""Projects at the desk: the portfolio, each sheet with its partners and steps, each move a button."""

from functools import partial
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.desk import Table, Verbs
from accounts.models import User
from needs.models import SharedNeed
from projects import actions
from projects.choices import NEXT, State
from projects.forms import FromNeedForm
from projects.models import Milestone, Partnership, Project
from typography import numbers


def _mover(state: State):
    return lambda project, *, by: actions.move(project, to=state, reason=project.reason, by=by)


STATE_VERBS = {
    State.DESIGN: gettext_lazy("Passer en conception"),
    State.APPROVED: gettext_lazy("Approuver"),
    State.RUNNING: gettext_lazy("Mettre en route"),
    State.COMPLETED: gettext_lazy("Terminer"),
    State.EVALUATED: gettext_lazy("Marquer comme évalué"),
    State.PAUSED: gettext_lazy("Mettre en pause avec ce motif"),
    State.ABANDONED: gettext_lazy("Abandonner avec ce motif"),
}


class PartnershipInline(Table):
    model = Partnership
    extra = 0
    autocomplete_fields = ["actor"]


class MilestoneInline(Table):
    model = Milestone
    extra = 0
    fields = ["title", "due_on", "done_on", "responsible", "order"]
    autocomplete_fields = ["responsible"]


class LateFilter(admin.SimpleListFilter):
    """Projects with a step whose day has passed."""

    title = gettext_lazy("étapes")
    parameter_name = "etapes"

    def lookups(self, request, model_admin):
        return [("retard", _("En retard"))]

    def queryset(self, request, queryset):
        return queryset.late(timezone.localdate()) if self.value() == "retard" else queryset


@admin.register(Project)
class ProjectAdmin(Verbs):
    change_list_template = "admin/projects/project/change_list.html"
    list_display = ["title", "state", "published", "lead", "places", "action_sheet", "next_step"]
    list_filter = [
        *("state", "published", LateFilter, "kind"),
        ("action_sheet", admin.RelatedOnlyFieldListFilter),
        ("municipalities", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["lead", "action_sheet"]
    list_per_page = 50
    search_fields = ["title", "summary", "lead__search_text"]
    search_help_text = gettext_lazy("Un mot du titre ou le nom du porteur.")
    autocomplete_fields = [
        *("lead", "action_sheet", "municipalities", "themes", "dimensions", "pillars", "objectives"),
    ]
    filter_horizontal = ["shared_needs"]
    readonly_fields = [
        *("state", "state_since", "published", "published_at", "former", "created_at", "updated_at"),
    ]
    inlines = [PartnershipInline, MilestoneInline]
    fieldsets = [
        (None, {"fields": ["title", "slug", "kind", "summary", "story"]}),
        (
            gettext_lazy("Où il en est"),
            {
                "description": gettext_lazy(
                    "Les boutons au bas de la page changent l’état et la publication : ce qui est saisi "
                    "est enregistré d’abord."
                ),
                "fields": ["state", "state_since", "reason", "published", "published_at"],
            },
        ),
        (gettext_lazy("Pourquoi"), {"fields": ["shared_needs", "action_sheet", "objectives"]}),
        (gettext_lazy("Qui et où"), {"fields": ["lead", "lag_contact", "municipalities"]}),
        (gettext_lazy("De quoi il s’agit"), {"fields": ["themes", "dimensions", "pillars"]}),
        (gettext_lazy("Quand"), {"fields": ["horizon", ("starts_on", "ends_on")]}),
        (gettext_lazy("Suivi"), {"fields": ["former", "created_at", "updated_at"]}),
    ]
    verbs = {
        **{state.value: (label, _mover(state)) for state, label in STATE_VERBS.items()},
        "publish": (gettext_lazy("Publier"), actions.publish),
        "withdraw": (gettext_lazy("Retirer du site"), actions.withdraw),
    }

    def possible(self, project):
        return [*NEXT[project.state], "withdraw" if project.published else "publish"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("municipalities", "milestones")

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ["title"]}

    @admin.display(description=gettext_lazy("communes"))
    def places(self, project):
        return ", ".join(place.name for place in project.municipalities.all()) or "–"

    @admin.display(description=gettext_lazy("prochaine étape"))
    def next_step(self, project):
        step = next((step for step in project.milestones.all() if step.done_on is None), None)
        if step is None:
            return "–"
        step.project = project
        told = f"{step.due_on:%d/%m/%Y} · {step.title}"
        return _("En retard : {step}").format(step=told) if step.is_late else told

    @admin.display(description=gettext_lazy("anciennes adresses"))
    def former(self, project):
        return ", ".join(project.former_slugs.values_list("slug", flat=True)) or "–" if project.pk else "–"

    def save_model(self, request, obj, form, change):
        actions.save(obj, by=request.user, changed=form.changed_data)

    def save_formset(self, request, form, formset, change):
        """Partners and steps go through their verbs, so that the journal tells of them."""
        for one in formset.save(commit=False):
            if isinstance(one, Milestone):
                actions.save_milestone(one, by=request.user)
            elif one.pk:
                one.save()
            else:
                part = actions.add_partner(one.project, actor=one.actor, role=one.role, by=request.user)
                one.pk = part.pk
        for gone in formset.deleted_objects:
            gone.delete()

    def has_delete_permission(self, request, obj=None):
        return False

    # A project of a shared need --------------------------------------------------------------------------

    def get_urls(self):
        here = path(
            "depuis-un-besoin/",
            self.admin_site.admin_view(self.from_need),
            name="projects_project_from_need",
        )
        return [here, *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        waiting = SharedNeed.objects.open().count()
        told = ngettext("%s besoin attend", "%s besoins attendent", max(waiting, 1)) % numbers.number(waiting)
        return super().changelist_view(request, {**(extra_context or {}), "waiting_told": told})

    def from_need(self, request: HttpRequest) -> HttpResponse:
        """Make a project of a shared need; `?besoin=` names one by its public id."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self._from_need_form(request)
        if request.method == "POST" and form.is_valid():
            try:
                project = actions.create_from_shared_need(**form.cleaned_data, by=cast(User, request.user))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("« %s » est annoncé : complétez sa fiche.") % project)
                return redirect("admin:projects_project_change", project.pk)
        return TemplateResponse(
            request,
            "admin/projects/project/from_need.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Faire un projet d’un besoin mutualisé"),
                "opts": self.opts,
                "form": form,
                "media": form.media,
            },
        )

    def _from_need_form(self, request: HttpRequest) -> FromNeedForm:
        asked = request.GET.get("besoin", "")
        waiting = SharedNeed.objects.open()
        chosen = next((need for need in waiting if str(need.public_id) == asked), None)
        form = FromNeedForm(
            request.POST if request.method == "POST" else None,
            initial={"shared_need": chosen, "title": chosen.title if chosen else ""},
        )
        picker = partial(AutocompleteSelect, admin_site=self.admin_site)
        for name in ("lead", "action_sheet"):
            field = cast(forms.ModelChoiceField, form.fields[name])
            field.widget = picker(Project._meta.get_field(name), choices=field.choices)
        return form
