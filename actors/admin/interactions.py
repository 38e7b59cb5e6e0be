"""Interactions at the desk: noted in a minute, found by what is still to do."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.desk import Verb, Verbs
from accounts.models import User
from actors import actions
from actors.models import Interaction

INTERACTION_VERBS: dict[str, Verb] = {
    "done": (gettext_lazy("L’étape est faite"), actions.done),
    "reread": (gettext_lazy("Relu\u00a0: personne d’effacé n’y est nommé"), actions.reread),
}
NAMED = 3
"""Parties named in the list before « … »."""


class InteractionForm(forms.ModelForm):
    """An interaction has somebody in it."""

    class Meta:
        model = Interaction
        fields = ["contacts", "actors"]  # the desk's fieldsets name the others

    def clean(self):
        cleaned = super().clean()
        given = self.cleaned_data
        if "contacts" in given and "actors" in given and not given["contacts"] and not given["actors"]:
            raise ValidationError(_("Dites avec qui\u00a0: une personne ou un acteur au moins."))
        return cleaned


class StepFilter(admin.SimpleListFilter):
    """What is still to be done, and which texts are to be read again."""

    title = gettext_lazy("étape")
    parameter_name = "a_faire"

    def lookups(self, request, model_admin):
        return [
            ("retard", _("Étape en retard")),
            ("jour", _("Étape d’aujourd’hui")),
            ("etape", _("Étape pas encore faite")),
            ("relire", _("À relire après un effacement")),
        ]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        return {
            "retard": lambda: queryset.late(today),
            "jour": lambda: queryset.due(today),
            "etape": lambda: queryset.to_follow(),
            "relire": lambda: queryset.to_reread(),
        }.get(self.value() or "", lambda: queryset)()


@admin.register(Interaction)
class InteractionAdmin(Verbs):
    form = InteractionForm
    list_display = ["date", "kind", "with_whom", "staff", "next_step", "next_step_on", "next_step_done_at"]
    list_filter = [StepFilter, "kind", ("staff", admin.RelatedOnlyFieldListFilter)]
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "date"
    search_fields = ["contacts__name", "actors__name", "summary", "next_step"]
    autocomplete_fields = ["contacts", "actors", "staff", "action_sheet"]
    readonly_fields = ["next_step_done_at", "to_reread", "created_at"]
    fieldsets = [
        (None, {"fields": ["date", "kind", "contacts", "actors", "staff", "summary"]}),
        (gettext_lazy("Et après"), {"fields": ["next_step", "next_step_on", "next_step_done_at"]}),
        (gettext_lazy("Suivi"), {"fields": ["action_sheet", "to_reread", "created_at"]}),
    ]
    verbs = INTERACTION_VERBS

    def possible(self, interaction):
        now = {
            "done": interaction.next_step_on and not interaction.next_step_done_at,
            "reread": interaction.to_reread,
        }
        return [verb for verb, makes_sense in now.items() if makes_sense]

    def get_queryset(self, request):
        return Interaction.objects.with_parties()

    def get_changeform_initial_data(self, request):
        """Propose who is writing; « ?contacts=12 » and « ?actors=7 » come from a sheet's « Noter un échange »."""
        return {"staff": request.user.pk, **super().get_changeform_initial_data(request)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "staff":
            kwargs["queryset"] = User.objects.staff()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("avec"))
    def with_whom(self, interaction):
        names = [str(one) for one in [*interaction.contacts.all(), *interaction.actors.all()]]
        return ", ".join([*names[:NAMED], *(["…"] if len(names) > NAMED else [])])

    def save_model(self, request, obj, form, change):
        parties = {"contacts": form.cleaned_data["contacts"], "actors": form.cleaned_data["actors"]}
        if change:
            actions.correct(obj, by=request.user, changed=form.changed_data, **parties)
        else:
            actions.record(obj, by=request.user, **parties)

    def has_delete_permission(self, request, obj=None):
        return False
