"""A training in the desk: what is offered, for whom, and why."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from actors.choices import Family
from trainings.models import Training


class TrainingForm(forms.ModelForm):
    families = forms.MultipleChoiceField(
        label=_("publics"),
        choices=Family.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Aucun : tous les publics."),
    )

    class Meta:
        model = Training
        fields = ["families"]  # the admin adds its own


@admin.register(Training)
class TrainingAdmin(admin.ModelAdmin):
    form = TrainingForm
    list_display = ["title", "state", "audience", "level", "action_sheet"]
    list_filter = ["state", "themes", "level"]
    list_select_related = ["action_sheet"]
    search_fields = ["title", "search_text"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["action_sheet", "themes", "dimensions", "shared_needs"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "state", "summary", "objectives", "programme"]}),
        (
            _("Pour qui, pourquoi"),
            {"fields": ["families", "level", "themes", "dimensions", "shared_needs", "action_sheet"]},
        ),
    ]

    @admin.display(description=_("publics"))
    def audience(self, training: Training) -> str:
        return training.audience

    def has_delete_permission(self, request, obj=None):
        return False
