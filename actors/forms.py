"""What is typed about actors and members."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.choices import MembershipRole
from actors.models import Actor
from territory import enterprise_numbers


class InvitationForm(forms.Form):
    """A colleague's address, and what they may do."""

    email = forms.EmailField(
        label=_("Adresse e-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        help_text=_("La personne reçoit une lettre avec un lien ; elle se connecte avec cette adresse."),
    )
    role = forms.ChoiceField(
        label=_("Rôle"),
        initial=MembershipRole.EDITOR,
        widget=forms.RadioSelect,
        choices=[
            (MembershipRole.REFERENT, _("Référent : répond pour l’acteur et invite des collègues")),
            (MembershipRole.EDITOR, _("Éditeur : tient la fiche et les réponses à jour")),
            (MembershipRole.MEMBER, _("Membre : voit l’espace de l’acteur")),
        ],
    )


class ActorForm(forms.ModelForm):
    """A sheet at the desk: an enterprise number is typed as people write it."""

    enterprise_number = forms.CharField(
        label=_("Numéro d’entreprise"),
        max_length=30,
        required=False,
        help_text=_("Par exemple 0314.595.348 ; vide pour une initiative sans numéro."),
    )

    class Meta:
        model = Actor
        fields = ["enterprise_number"]  # the desk's fieldsets name the others

    def clean_enterprise_number(self) -> str:
        """Return the ten digits."""
        return enterprise_numbers.normalise(self.cleaned_data["enterprise_number"])
