"""How allauth meets our users: one form of an address, names in French, a second factor for staff."""

from base64 import urlsafe_b64encode

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.querysets import normalise_email

# What lets its reader in: a letter rendered with one of these is secret.
_KEYS = {"code", "key"}

SECRETS = {"secret", "seed"}
"""Entries of a second factor's data that are stored encrypted."""


class AccountAdapter(DefaultAccountAdapter):
    """Addresses are stored in one form; letters say what they are, errors what to do."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Ce compte est fermé. Écrivez à l’équipe si c’est une erreur."),
        "duplicate_email": _("Cette adresse est déjà dans votre compte."),
        "email_password_mismatch": _(
            "L’adresse et le mot de passe ne vont pas ensemble. Vérifiez l’un et l’autre."
        ),
        "email_taken": _("Un compte existe déjà à cette adresse. Connectez-vous plutôt."),
        "enter_current_password": _("Ce n’est pas votre mot de passe actuel."),
        "incorrect_code": _("Ce n’est pas le bon code. Recopiez celui de la dernière lettre reçue."),
        "incorrect_password": _("Ce n’est pas le bon mot de passe."),
        "invalid_login": _("La connexion n’a pas abouti. Recommencez."),
        "invalid_or_expired_key": _("Ce lien n’est plus valable. Demandez-en un autre."),
        "invalid_password_reset": _("Ce lien n’est plus valable. Demandez-en un autre."),
        "max_email_addresses": _("Un compte porte au plus %d adresses."),
        "rate_limited": _("Trop d’essais en peu de temps. Attendez quelques minutes, puis recommencez."),
        "same_as_current": _("C’est déjà la valeur actuelle."),
        # Said of wrong passwords and of wrong codes alike.
        "too_many_login_attempts": _("Trop d’essais ratés. Attendez quelques minutes, puis recommencez."),
        "unknown_email": _("Aucun compte n’a cette adresse."),
        "unverified_primary_email": _("Vérifiez d’abord cette adresse."),
    }

    def clean_email(self, email: str) -> str:
        return normalise_email(super().clean_email(email))

    def render_mail(self, template_prefix, email, context, headers=None):
        marks = {"X-Letter-Kind": template_prefix.rpartition("/")[2].replace("_", "-")}
        if _KEYS & context.keys():
            marks["X-Secret"] = "1"
        return super().render_mail(template_prefix, email, context, headers={**(headers or {}), **marks})


class MFAAdapter(DefaultMFAAdapter):
    """What the authenticator application is shown, secrets as they are stored; errors in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("Un compte à seconde protection ne peut pas recevoir d’autre adresse."),
        "cannot_delete_authenticator": _("Cette protection ne peut pas être retirée."),
        "cannot_generate_recovery_codes": _("Ajoutez d’abord une application ou une clé."),
        "incorrect_code": _("Ce n’est pas le bon code. Attendez le suivant et recommencez."),
        "unverified_email": _(
            "Vérifiez d’abord toutes les adresses de votre compte, ou retirez celles qui ne servent plus."
        ),
    }

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code as plain inline SVG: our policy refuses the `data:` image of the original.

        Always dark on white, whatever the scheme: readers of QR codes want it so.
        """
        code = qrcode.QRCode(border=2)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(
            f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
        )
        return (
            f'<svg viewBox="0 0 {len(rows)} {len(rows)}" width="240" height="240" role="img" '
            f'shape-rendering="crispEdges" aria-label="{_("QR code à viser avec l’application")}">'
            f'<path fill="#fff" d="M0 0h{len(rows)}v{len(rows)}H0z"/><path fill="#000" d="{path}"/></svg>'
        )

    def get_totp_label(self, user) -> str:
        return user.email

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        # Unreadable raises InvalidToken: any text in its place would be a secret that others know.
        return _cipher().decrypt(encrypted_text.encode()).decode()


def encrypted_again(text: str) -> str:
    """Return a stored secret under the present SECRET_KEY: the same text where it is already.

    Raises InvalidToken where neither that key nor SECRET_KEY_FALLBACKS reads it.
    """
    try:
        _fernet(settings.SECRET_KEY).decrypt(text.encode())
    except InvalidToken:
        return _cipher().rotate(text.encode()).decode()
    return text


def _cipher() -> MultiFernet:
    """Return what encrypts with SECRET_KEY, and also reads what SECRET_KEY_FALLBACKS encrypted."""
    return MultiFernet([_fernet(key) for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _fernet(key: str) -> Fernet:
    """Return the cipher of one key.

    One key for one purpose: HMAC-SHA256 of the purpose under the portal's key gives Fernet's 32 bytes.
    """
    digest = salted_hmac("accounts.adapter", "second factor", secret=key, algorithm="sha256").digest()
    return Fernet(urlsafe_b64encode(digest))
