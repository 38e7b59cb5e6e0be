"""How allauth meets our users: one form of an address, names in French, a second factor for staff."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from accounts.querysets import normalise_email

# What lets its reader in: a letter rendered with one of these is secret.
_KEYS = {"code", "key"}


class AccountAdapter(DefaultAccountAdapter):
    """Addresses are stored in one form; letters say what they are, and whether they hold a code."""

    def clean_email(self, email: str) -> str:
        return normalise_email(super().clean_email(email))

    def render_mail(self, template_prefix, email, context, headers=None):
        marks = {"X-Letter-Kind": template_prefix.rpartition("/")[2].replace("_", "-")}
        if _KEYS & context.keys():
            marks["X-Secret"] = "1"
        return super().render_mail(template_prefix, email, context, headers={**(headers or {}), **marks})


class MFAAdapter(DefaultMFAAdapter):
    """Names shown in the authenticator application."""

    def get_totp_label(self, user) -> str:
        return user.email
