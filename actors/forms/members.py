"""Forms of those who speak for an actor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from actors.choices import MembershipRole


class InvitationForm(forms.Form):
    """A colleague's address, and what they may do."""

    email = forms.EmailField(
        label=_("Adresse e-mail"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "off"}),
        help_text=_("La personne reçoit une lettre avec un lien\u00a0; elle se connecte avec cette adresse."),
    )
    role = forms.ChoiceField(
        label=_("Rôle"),
        initial=MembershipRole.EDITOR,
        widget=forms.RadioSelect,
        choices=[
            (MembershipRole.REFERENT, _("Référent\u00a0: répond pour l’acteur et invite des collègues")),
            (MembershipRole.EDITOR, _("Éditeur\u00a0: tient la fiche et les réponses à jour")),
            (MembershipRole.MEMBER, _("Membre\u00a0: voit l’espace de l’acteur")),
        ],
    )
