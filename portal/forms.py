"""What is typed on the desk's pages of a person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.querysets import normalise_email


class AddressForm(forms.Form):
    """An address; and the name that tells apart those who share it, which a page of ours sends back."""

    email = forms.EmailField(
        label=_("Adresse e-mail"),
        max_length=254,
        help_text=_("Celle que donne la personne qui demande ses données, ou leur effacement."),
        widget=forms.EmailInput({"autocomplete": "off", "inputmode": "email"}),
    )
    name = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)

    def clean_email(self) -> str:
        """Return the address as it is stored."""
        return normalise_email(self.cleaned_data["email"])
