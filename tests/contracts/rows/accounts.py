"""Accounts: everybody may log in; one's own account is one's own."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.models import JournalEntry, User
from tests.contracts.table import LOGIN, Row, everyone, signed_in
from tests.factories.accounts import JournalEntryFactory, UserFactory


def a_key(user) -> dict:
    """A security key of the person, or of somebody else when nobody is logged in."""
    owner = user or UserFactory()
    key = Authenticator.objects.create(
        user=owner, type=Authenticator.Type.WEBAUTHN, data={"name": "Clé d’essai"}
    )
    return {"pk": key.pk}


def an_app(user) -> dict:
    """The person's application for codes."""
    if user:
        TOTP.activate(user, generate_totp_secret())
    return {}


def recovery_codes(user) -> dict:
    """The person's recovery codes, beside their application."""
    if user:
        an_app(user)
        RecoveryCodes.activate(user)
    return {}


BUILD = {User: UserFactory, JournalEntry: JournalEntryFactory}
HOME = "/mon-espace/"
REAUTHENTICATE = "/compte/reauthenticate/"
ROWS = [
    Row("account_login", everyone(HOME, anonymous=200)),
    Row("account_signup", everyone(HOME, anonymous=200)),
    Row("account_request_login_code", everyone(HOME, anonymous=200)),
    Row("account_confirm_login_code", everyone(HOME, anonymous="/compte/login/code/")),
    Row("account_logout", signed_in(200, anonymous="/")),
    Row("account_inactive", everyone(200)),
    Row("account_reauthenticate", signed_in(200)),
    Row("account_email", signed_in(200)),
    Row("account_email_verification_sent", signed_in("/compte/email/")),
    Row("account_change_password", signed_in(200)),
    Row("account_set_password", signed_in("/compte/password/change/")),
    Row("account_reset_password", everyone(200)),
    Row("account_confirm_password_reset_code", everyone(LOGIN)),
    Row("account_complete_password_reset", everyone("/compte/password/reset/")),
    Row("account_password_reset_completed", everyone(200)),
    Row("mfa_index", signed_in(200)),
    Row("mfa_authenticate", everyone(HOME, anonymous=LOGIN)),
    Row("mfa_reauthenticate", signed_in(REAUTHENTICATE)),
    Row("mfa_activate_totp", signed_in(200)),
    Row("mfa_deactivate_totp", signed_in(404), label="sans application"),
    Row("mfa_deactivate_totp", signed_in(200), build=an_app),
    Row("mfa_view_recovery_codes", signed_in(404), label="sans code"),
    Row("mfa_view_recovery_codes", signed_in(200), build=recovery_codes),
    Row("mfa_generate_recovery_codes", signed_in(200)),
    Row("mfa_download_recovery_codes", signed_in(200), build=recovery_codes, page=False),
    Row("mfa_list_webauthn", signed_in(200)),
    Row("mfa_add_webauthn", signed_in(200)),
    Row("mfa_remove_webauthn", signed_in(200), build=a_key),
    Row("mfa_edit_webauthn", signed_in(200), build=a_key),
    Row("mfa_reauthenticate_webauthn", signed_in(REAUTHENTICATE), label="sans clé"),
    Row("usersessions_list", signed_in(200)),
    Row("account_home", signed_in(200)),
]
