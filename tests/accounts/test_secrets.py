"""Secrets of second factors: never clear in the database, readable after the portal's key has changed."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from cryptography.fernet import InvalidToken

from tests.factories.accounts import UserFactory


def code_of(secret: str) -> str:
    """What the application on the phone shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def reread(user, kind) -> Authenticator:
    return Authenticator.objects.get(user=user, type=kind)


@pytest.fixture
def user(db):
    return UserFactory()


def test_the_database_holds_no_clear_secret(user, monkeypatch):
    monkeypatch.setattr(RecoveryCodes, "generate_seed", classmethod(lambda cls: "graine" * 10))
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).generate_codes()
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert [clear in stored for clear in (secret, "graine", *codes)] == [False] * (2 + len(codes))
    assert TOTP(reread(user, Authenticator.Type.TOTP)).validate_code(code_of(secret))


def test_after_a_change_of_key_what_the_old_one_encrypted_is_still_read(user, settings):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).generate_codes()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "une toute nouvelle clef"
    assert TOTP(reread(user, Authenticator.Type.TOTP)).validate_code(code_of(secret))
    assert RecoveryCodes(reread(user, Authenticator.Type.RECOVERY_CODES)).generate_codes() == codes


def test_with_the_old_key_forgotten_no_code_is_right(user, settings):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    settings.SECRET_KEY = "une toute nouvelle clef"
    with pytest.raises(InvalidToken):
        TOTP(reread(user, Authenticator.Type.TOTP)).validate_code(code_of(secret))
