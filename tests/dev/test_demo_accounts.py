"""The demonstration's accounts: fictitious, ready to log in, and never elsewhere."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import JournalEntry, User


def accounts():
    return list(User.objects.order_by("email").values_list("email", "role"))


@pytest.mark.django_db
def test_one_account_for_each_role_with_a_verified_address(capsys):
    call_command("demo_accounts")
    assert accounts() == [
        ("administration@exemple.invalid", "administrator"),
        ("equipe@exemple.invalid", "team"),
        ("gestion@exemple.invalid", "manager"),
    ]
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 3
    assert User.objects.get(email="equipe@exemple.invalid").check_password("fictif-equipe")
    assert "fictif-equipe" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_password_that_everybody_knows_is_hashed_in_few_rounds(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    call_command("demo_accounts")
    hashed = User.objects.get(email="equipe@exemple.invalid").password
    assert hashed.split("$")[:2] == ["pbkdf2_sha256", "1000"]
    assert check_password("fictif-equipe", hashed)


@pytest.mark.django_db
def test_asking_twice_changes_nothing_and_ends_no_session(capsys):
    call_command("demo_accounts")
    before = list(User.objects.order_by("pk").values())
    call_command("demo_accounts")
    assert list(User.objects.order_by("pk").values()) == before
    assert JournalEntry.objects.filter(verb="user.role_changed").count() == 3


@pytest.mark.django_db
def test_refused_outside_a_demonstration(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="n’est pas une démonstration"):
        call_command("demo_accounts")
    assert accounts() == []
