"""From a request for a login code to the letter that a real server receives."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.models import User
from outbox import actions
from outbox.models import Letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


def test_a_login_code_arrives_and_is_kept_nowhere(client, smtp_server):
    user = User.objects.create_user("ada@commune.example")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    client.post(reverse("account_request_login_code"), {"email": "ada@commune.example"})
    (letter,) = Letter.objects.all()
    assert (letter.kind, letter.lane, letter.secret, letter.subject) == (
        "login-code",
        "transactional",
        True,
        "",
    )
    assert actions.sweep() == 1
    (received,) = smtp_server.letters
    text = received.message.get_body(("plain",)).get_content()
    (code,) = re.findall(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", text, re.MULTILINE)
    assert [name for name in received.message if name.lower().startswith("x-")] == []
    letter.refresh_from_db()
    assert (letter.state, bytes(letter.message)) == ("sent", b"")
    response = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_password_reset_is_secret_and_an_unknown_address_learns_nothing(client):
    User.objects.create_user("ada@commune.example", "une phrase assez longue")
    client.post(reverse("account_reset_password"), {"email": "ada@commune.example"})
    client.post(reverse("account_reset_password"), {"email": "personne@commune.example"})
    assert list(Letter.objects.order_by("pk").values_list("kind", "secret")) == [
        ("password-reset-code", True),
        ("unknown-account", False),
    ]
