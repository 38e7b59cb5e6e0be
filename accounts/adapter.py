"""How allauth meets our users: one form of an address, names in French, a second factor for staff."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from accounts.querysets import normalise_email


class AccountAdapter(DefaultAccountAdapter):
    """Addresses are stored in one form."""

    def clean_email(self, email: str) -> str:
        return normalise_email(super().clean_email(email))


class MFAAdapter(DefaultMFAAdapter):
    """Names shown in the authenticator application."""

    def get_totp_label(self, user) -> str:
        return user.email
