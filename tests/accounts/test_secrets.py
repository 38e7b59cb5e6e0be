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
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts import actions
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


def test_encrypted_again_they_are_read_without_the_old_key(user, settings, capsys):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    codes = RecoveryCodes.activate(user).generate_codes()
    recovery = RecoveryCodes(reread(user, Authenticator.Type.RECOVERY_CODES))
    assert recovery.validate_code(codes[0])
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "une toute nouvelle clef"
    for _time in range(2):
        call_command("encrypt_second_factors")
    assert capsys.readouterr().out.splitlines() == [
        "Secrets chiffrés à nouveau\u00a0: 2.",
        "Secrets chiffrés à nouveau\u00a0: 0.",
    ]
    settings.SECRET_KEY_FALLBACKS = []
    assert TOTP(reread(user, Authenticator.Type.TOTP)).validate_code(code_of(secret))
    recovery = RecoveryCodes(reread(user, Authenticator.Type.RECOVERY_CODES))
    assert recovery.generate_codes() == codes
    assert (recovery.validate_code(codes[0]), recovery.validate_code(codes[1])) == (False, True)


def test_a_secret_that_no_key_reads_stops_before_anything_is_written(user, settings):
    TOTP.activate(user, generate_totp_secret())
    settings.SECRET_KEY = "une toute nouvelle clef"
    TOTP.activate(UserFactory(), generate_totp_secret())
    before = list(Authenticator.objects.order_by("pk").values_list("data", flat=True))
    with pytest.raises(CommandError, match="Rien n’a changé"):
        call_command("encrypt_second_factors")
    assert list(Authenticator.objects.order_by("pk").values_list("data", flat=True)) == before


def test_a_security_key_has_no_secret_to_encrypt(user, settings):
    data = {"name": "Clé de bureau", "credential": {"id": "x"}}
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
    settings.SECRET_KEY = "une toute nouvelle clef"
    assert actions.encrypt_again() == 0
    assert reread(user, Authenticator.Type.WEBAUTHN).data == data
