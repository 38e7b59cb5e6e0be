"""Users: one address, one role, known to the database."""

import pytest
from django.db import IntegrityError, transaction

from accounts.choices import Role
from accounts.models import User
from tests.factories.accounts import UserFactory


def test_an_address_is_stored_in_one_form(db):
    user = User.objects.create_user("  Aline.Sillon@Exemple.invalid ")
    assert user.email == "aline.sillon@exemple.invalid"
    assert User.objects.get_by_natural_key("ALINE.sillon@exemple.invalid") == user


@pytest.mark.parametrize(
    ("field", "value", "name"),
    [
        ("role", "king", "user_role_is_known"),
        ("email", "Capital@exemple.invalid", "user_email_is_normalised"),
    ],
)
def test_the_database_keeps_the_rules(db, field, value, name):
    user = UserFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        User.objects.filter(pk=user.pk).update(**{field: value})


@pytest.mark.parametrize(
    ("role", "staff", "manager", "superuser"),
    [
        ("", False, False, False),
        (Role.MANAGER, False, True, False),
        (Role.TEAM, True, True, False),
        (Role.ADMINISTRATOR, True, True, True),
    ],
)
def test_a_role_says_who_enters_the_desk(role, staff, manager, superuser):
    user = User(email="x@exemple.invalid", role=role)
    assert (user.is_staff, user.is_manager, user.is_superuser) == (staff, manager, superuser)


def test_staff_are_administrators_and_the_team(db):
    users = {role: UserFactory(role=role) for role in ["", *Role.values]}
    assert set(User.objects.staff()) == {users[Role.ADMINISTRATOR], users[Role.TEAM]}


def test_create_superuser_makes_an_administrator(db):
    assert User.objects.create_superuser("chef@exemple.invalid", "x").role == Role.ADMINISTRATOR
