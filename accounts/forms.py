"""allauth's forms in our words: French labels and help, no placeholder, no inline style."""

from allauth.account import forms as account
from allauth.account.models import EmailAddress
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm as _GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm as _ActivateTOTPForm
from allauth.mfa.totp.forms import DeactivateTOTPForm as _DeactivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import CharField, Field, ModelForm, TextInput
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.querysets import normalise_email

NEW_PASSWORD = _(
    "Au moins 10 caractères, pas seulement des chiffres. "
    "Une courte phrase se retient mieux qu’un mot compliqué."
)
CODE = _("Recopiez-le tel quel ; majuscules et tiret ne comptent pas.")


class OurWords:
    """Give fields the labels and helps of `words`, and take away what our pages do without.

    `words` maps a field's name to its label, and its help text ("" for none).
    """

    words: dict[str, tuple] = {}
    fields: dict[str, Field]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]


class LoginForm(OurWords, account.LoginForm):
    words = {
        "login": (_("Adresse e-mail"), ""),
        "password": (_("Mot de passe"), ""),
        "remember": (_("Rester connecté sur cet appareil"), ""),
    }


ORGANISATION = "signup.organisation"
"""Where the session keeps what was typed at sign-up, until the address is proved."""


class SignupForm(OurWords, account.SignupForm):
    organisation = CharField(
        max_length=200, required=False, widget=TextInput({"autocomplete": "organization"})
    )
    words = {
        "email": (_("Adresse e-mail"), _("Nous y envoyons un code pour vérifier qu’elle est à vous.")),
        "password1": (_("Mot de passe"), NEW_PASSWORD),
        "organisation": (
            _("Pour quelle organisation\u00a0?"),
            _(
                "Son nom tel qu’il est dans l’annuaire\u00a0: votre demande lui parvient. Vide si vous venez pour vous."
            ),
        ),
        settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD: (_("Ne remplissez pas ce champ"), ""),
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["email", "password1", "organisation"])
        # Kept out of sight by our style sheet: the policy refuses the inline style of the original.
        trap = self.fields[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD].widget
        trap.attrs = {"class": "trap", "tabindex": "-1", "autocomplete": "off"}

    def custom_signup(self, request, user) -> None:
        """Keep the organisation until the address is proved: what it leads to is another room's."""
        super().custom_signup(request, user)
        if said := self.cleaned_data["organisation"]:
            request.session[ORGANISATION] = said


class AddEmailForm(OurWords, account.AddEmailForm):
    words = {"email": (_("Nouvelle adresse e-mail"), _("Nous y envoyons un code pour la vérifier."))}


class ChangePasswordForm(OurWords, account.ChangePasswordForm):
    words = {
        "oldpassword": (_("Mot de passe actuel"), ""),
        "password1": (_("Nouveau mot de passe"), NEW_PASSWORD),
        "password2": (_("Nouveau mot de passe, encore une fois"), ""),
    }


class SetPasswordForm(OurWords, account.SetPasswordForm):
    words = {
        "password1": (_("Mot de passe"), NEW_PASSWORD),
        "password2": (_("Mot de passe, encore une fois"), ""),
    }


class ResetPasswordForm(OurWords, account.ResetPasswordForm):
    words = {"email": (_("Adresse e-mail"), _("Celle de votre compte."))}


class ResetPasswordKeyForm(OurWords, account.ResetPasswordKeyForm):
    words = {
        "password1": (_("Nouveau mot de passe"), NEW_PASSWORD),
        "password2": (_("Nouveau mot de passe, encore une fois"), ""),
    }


class ReauthenticateForm(OurWords, account.ReauthenticateForm):
    words = {"password": (_("Mot de passe"), "")}


class RequestLoginCodeForm(OurWords, account.RequestLoginCodeForm):
    words = {"email": (_("Adresse e-mail"), _("Celle de votre compte. Nous y envoyons un code."))}


class ConfirmLoginCodeForm(OurWords, account.ConfirmLoginCodeForm):
    words = {"code": (_("Code reçu par e-mail"), CODE)}


class ConfirmEmailVerificationCodeForm(OurWords, account.ConfirmEmailVerificationCodeForm):
    words = {"code": (_("Code reçu par e-mail"), CODE)}


class ConfirmPasswordResetCodeForm(OurWords, account.ConfirmPasswordResetCodeForm):
    words = {"code": (_("Code reçu par e-mail"), CODE)}


class ChangeEmailForm(OurWords, account.ChangeEmailForm):
    words = {"email": (_("Adresse e-mail"), "")}


class AuthenticateForm(OurWords, mfa.AuthenticateForm):
    words = {"code": (_("Code"), _("Les six chiffres de votre application, ou un code de secours."))}


class MFAReauthenticateForm(OurWords, mfa.ReauthenticateForm):
    words = {"code": (_("Code"), _("Les six chiffres de votre application, ou un code de secours."))}


class ActivateTOTPForm(OurWords, _ActivateTOTPForm):
    words = {
        "code": (_("Code affiché par l’application"), _("Six chiffres, renouvelés toutes les 30 secondes."))
    }


class DeactivateTOTPForm(OurWords, _DeactivateTOTPForm):
    """Nothing to fill in."""


class GenerateRecoveryCodesForm(OurWords, _GenerateRecoveryCodesForm):
    """Nothing to fill in."""


class AddWebAuthnForm(OurWords, webauthn.AddWebAuthnForm):
    words = {"name": (_("Nom de la clé"), _("Pour la reconnaître plus tard, par exemple « Téléphone »."))}


class EditWebAuthnForm(OurWords, webauthn.EditWebAuthnForm):
    words = {"name": (_("Nom de la clé"), "")}


class UserForm(ModelForm):
    """A person at the desk; a new one's address may not be a second address of somebody else."""

    class Meta:
        model = User
        fields = ["email", "name", "role", "is_active"]

    def clean_email(self) -> str:
        email = normalise_email(self.cleaned_data["email"])
        if EmailAddress.objects.filter(email=email, verified=True).exclude(user=self.instance.pk).exists():
            raise ValidationError(_("Un compte a déjà cette adresse. Rien n’est enregistré."))
        return email
