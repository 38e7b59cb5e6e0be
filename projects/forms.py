"""What is typed to make a project of a shared need."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.models import Actor
from needs.models import SharedNeed
from projects.choices import Kind
from territory.models import Objective


class FromNeedForm(forms.Form):
    """A shared need that waits for an answer, and who would lead the project that answers it."""

    shared_need = forms.ModelChoiceField(
        SharedNeed.objects.open(),
        label=_("Besoin mutualisé"),
        help_text=_("Il devient « planifié » ; ses communes, son thème et sa dimension passent au projet."),
    )
    title = forms.CharField(
        label=_("Titre du projet"),
        max_length=160,
        widget=forms.TextInput({"class": "vTextField"}),
        help_text=_("Ce que le projet fait, plutôt que ce qui manque."),
    )
    kind = forms.ChoiceField(label=_("Type"), choices=Kind)
    lead = forms.ModelChoiceField(Actor.objects.published(), label=_("Porteur"))
    action_sheet = forms.ModelChoiceField(
        Objective.objects.action_sheets(),
        label=_("Fiche-projet"),
        required=False,
        help_text=_("La fiche de la stratégie du GAL sous laquelle le projet se compte."),
    )
