"""The desk's people: accounts opened, roles given, second factors taken away; by administrators only."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from accounts import actions
from accounts.choices import Role
from accounts.models import JournalEntry, User
from tests.factories.accounts import PASSWORD, AdministratorFactory, TeamFactory, UserFactory, logged_in

LIST = reverse("admin:accounts_user_changelist")
ADD = reverse("admin:accounts_user_add")


@pytest.fixture
def chief(db):
    return AdministratorFactory(name="Odile Fictive")


@pytest.fixture
def desk(chief):
    return logged_in(chief)


@pytest.fixture
def protected(db):
    """Somebody with an application and recovery codes."""
    user = UserFactory(name="Basile Fictif")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    return user


def journal() -> list[tuple]:
    return list(JournalEntry.objects.order_by("pk").values_list("verb", "by_label", "facts"))


def change(user, client, **fields):
    typed = {"name": user.name, "role": user.role, "is_active": "on", **fields}
    return client.post(reverse("admin:accounts_user_change", args=[user.pk]), typed)


def reset(client, *users, **fields):
    chosen = [user.pk for user in users]
    return client.post(LIST, {"action": "reset_second_factor", "_selected_action": chosen, **fields})


def test_a_second_factor_is_taken_away_after_a_confirmation(desk, protected, mailoutbox):
    asked = reset(desk, protected)
    assert (asked.status_code, asked.templates[0].name) == (200, "admin/accounts/reset_second_factor.html")
    assert protected.email in asked.content.decode()
    assert (Authenticator.objects.count(), journal(), mailoutbox) == (2, [], [])
    assert reset(desk, protected, confirmed="1").status_code == 302
    assert Authenticator.objects.count() == 0
    assert journal() == [("user.second_factor_reset", "Odile Fictive", {"kinds": ["recovery_codes", "totp"]})]
    assert [(letter.to, letter.subject) for letter in mailoutbox] == [
        ([protected.email], "Seconde protection retirée")
    ]


def test_asking_twice_writes_nothing_more(chief, protected, mailoutbox):
    assert [actions.reset_second_factor(protected, by=chief) for _time in range(2)] == [True, False]
    assert (len(journal()), len(mailoutbox)) == (1, 1)


def test_the_lost_phone_is_logged_out_and_nobody_else(chief):
    loser, phone, other = UserFactory(), Client(), Client()
    for client, user in ((phone, loser), (other, UserFactory())):
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    TOTP.activate(loser, generate_totp_secret())
    assert UserSession.objects.count() == 2
    assert [client.get("/compte/email/").status_code for client in (phone, other)] == [200, 200]
    actions.reset_second_factor(loser, by=chief)
    assert [client.get("/compte/email/").status_code for client in (phone, other)] == [302, 200]


def test_nobody_takes_away_their_own_at_the_desk(desk, chief, protected):
    TOTP.activate(chief, generate_totp_secret())
    reset(desk, chief, protected, confirmed="1")
    assert (Authenticator.objects.count(), journal()) == (3, [])


def test_the_team_takes_no_second_factor_gives_no_role_and_opens_no_account(protected):
    team = logged_in(TeamFactory())
    reset(team, protected, confirmed="1")
    assert change(protected, team, role=Role.ADMINISTRATOR).status_code == 403
    assert team.post(ADD, {"email": "neuf@exemple.invalid", "is_active": "on"}).status_code == 403
    protected.refresh_from_db()
    assert (Authenticator.objects.count(), protected.role, User.objects.count()) == (2, "", 2)
    assert journal() == []


def test_even_a_team_that_may_change_people_gives_no_role(protected, monkeypatch):
    monkeypatch.setattr("accounts.admin.UserAdmin.has_change_permission", lambda *arguments: True)
    team = logged_in(TeamFactory())
    assert change(protected, team, name="Basile Renommé", role=Role.ADMINISTRATOR).status_code == 302
    reset(team, protected, confirmed="1")
    protected.refresh_from_db()
    assert (protected.name, protected.role) == ("Basile Renommé", "")
    assert Authenticator.objects.count() == 2


def test_a_role_changed_at_the_desk_is_journaled_once(desk, protected):
    for _time in range(2):
        assert change(protected, desk, role=Role.TEAM, name="Basile Renommé").status_code == 302
    protected.refresh_from_db()
    assert (protected.role, protected.name) == (Role.TEAM, "Basile Renommé")
    assert journal() == [("user.role_changed", "Odile Fictive", {"before": "", "after": "team"})]


def test_an_account_closed_at_the_desk_is_journaled_once_and_logged_out(desk, protected):
    theirs = logged_in(protected)
    UserSession.objects.create(
        user=protected, ip="127.0.0.1", user_agent="essai", session_key=theirs.session.session_key
    )
    for _time in range(2):
        assert change(protected, desk, is_active="").status_code == 302
    protected.refresh_from_db()
    assert (protected.is_active, journal()) == (False, [("user.closed", "Odile Fictive", {})])
    assert change(protected, desk, is_active="on", name="Basile Renommé").status_code == 302
    protected.refresh_from_db()
    assert (protected.is_active, protected.name) == (True, "Basile Renommé")
    assert [verb for verb, _by, _facts in journal()] == ["user.closed", "user.reopened"]
    assert theirs.get("/compte/").status_code == 302


def test_the_address_of_an_account_is_not_changed_at_the_desk(desk, protected):
    before = protected.email
    assert change(protected, desk, email="autre@exemple.invalid").status_code == 302
    protected.refresh_from_db()
    assert protected.email == before


def test_an_account_opened_at_the_desk_is_entered_by_a_mailed_code(desk, mailoutbox):
    typed = {"email": " Neuf@Exemple.invalid", "name": "Neuf Fictif", "role": "manager", "is_active": "on"}
    assert desk.post(ADD, typed).status_code == 302
    user = User.objects.get(email="neuf@exemple.invalid")
    assert (user.role, user.has_usable_password()) == (Role.MANAGER, False)
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary")) == [
        ("neuf@exemple.invalid", True, True)
    ]
    assert journal() == [
        ("user.invited", "Odile Fictive", {}),
        ("user.role_changed", "Odile Fictive", {"before": "", "after": "manager"}),
    ]
    visitor = Client()
    visitor.post(reverse("account_request_login_code"), {"email": user.email})
    assert [letter.subject for letter in mailoutbox][0] == "Votre compte est ouvert"
    assert [letter.to for letter in mailoutbox] == [[user.email]] * 2
    assert mailoutbox[1].extra_headers["X-Letter-Kind"] == "login-code"


def test_the_second_address_of_somebody_opens_no_other_account(desk, protected):
    EmailAddress.objects.create(user=protected, email="seconde@exemple.invalid", verified=True)
    answer = desk.post(ADD, {"email": "Seconde@exemple.invalid", "is_active": "on"})
    assert answer.context["adminform"].form.errors == {
        "email": ["Un compte a déjà cette adresse. Rien n’est enregistré."]
    }


def test_a_saved_user_is_not_invited_again(protected):
    with pytest.raises(ValueError, match=str(protected.pk)):
        actions.invite_user(protected, by=None)


def test_the_hash_of_a_password_is_not_guessed_by_filtering(chief):
    client = logged_in(TeamFactory())
    for lookup in ("password__startswith", "password", "password__regex"):
        assert client.get(LIST, {lookup: chief.password[:6]}).status_code == 400
    assert chief.email in client.get(LIST, {"role__exact": chief.role}).content.decode()
