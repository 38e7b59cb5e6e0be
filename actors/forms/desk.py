"""Forms of the desk: an actor, imports, a merge."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.choices import Kind, State
from actors.forms.fields import EnterpriseNumberField, PhoneField
from actors.models import Actor


class ActorForm(forms.ModelForm):
    """A sheet at the desk: an enterprise number and a telephone are typed as people write them."""

    enterprise_number = EnterpriseNumberField(
        help_text=_("Par exemple 0314.595.348\u00a0; vide pour une initiative sans numéro."),
    )
    phone = PhoneField()

    class Meta:
        model = Actor
        fields = ["enterprise_number"]  # the desk's fieldsets name the others


class ActorImportForm(forms.Form):
    """What is asked once for a whole file of actors."""

    kind = forms.ChoiceField(
        label=_("Type des acteurs"),
        choices=[(kind.value, kind.label) for kind in Kind],
        initial=Kind.ASSOCIATION,
        help_text=_("Pour les lignes dont aucune colonne ne donne le type."),
    )
    state = forms.ChoiceField(
        label=_("Nouvelles fiches"),
        choices=[
            (State.DRAFT, _("en brouillon")),
            (State.PENDING, _("à relire")),
            (State.PUBLISHED, _("publiées tout de suite")),
        ],
        initial=State.DRAFT,
    )
    strangers = forms.ChoiceField(
        label=_("Commune inconnue ici"),
        choices=[
            ("refuse", _("refuser la ligne")),
            ("keep", _("garder l’acteur sans commune (partenaire hors du territoire)")),
        ],
        initial="refuse",
    )


class ContactImportForm(forms.Form):
    """What is asked once for a whole file of people: above all, where their consent comes from."""

    consent = forms.ChoiceField(
        label=_("Consentement à recevoir nos campagnes"),
        choices=[
            ("", _("Choisissez")),
            ("file", _("toutes les personnes de ce fichier l’ont donné")),
            ("column", _("celles pour qui une colonne dit oui")),
            ("none", _("aucune : elles ne recevront pas de campagne")),
        ],
        help_text=_("Une personne désinscrite le reste, quoi que dise le fichier."),
    )
    consent_source = forms.CharField(
        label=_("Origine du consentement"),
        max_length=200,
        required=False,
        help_text=_("Par exemple : fiche papier de la foire du 12/01/2027."),
    )
    consent_text = forms.CharField(
        label=_("Version du texte accepté"),
        max_length=60,
        required=False,
        help_text=_("Par exemple : 2027-01."),
    )
    consent_day = forms.DateField(
        label=_("Donné le"), required=False, help_text=_("Par exemple\u00a0: 12/01/2027.")
    )

    def clean(self):
        """Ask for the origin of a consent that is said to be given."""
        data = super().clean() or self.cleaned_data
        if data.get("consent") in ("file", "column"):
            for name in ("consent_source", "consent_text", "consent_day"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Un consentement a une origine, un texte et une date."))
        return data


class MergeForm(forms.Form):
    """The one that stays."""

    dans = forms.ModelChoiceField(label=_("Celui qui reste"), queryset=Actor.objects.none())

    def __init__(self, data, *, rows):
        super().__init__(data)
        cast(Any, self.fields["dans"]).queryset = rows
