"""The desk is entered, left and secured by the same doors as everyone's account."""

import pytest

pytestmark = pytest.mark.urls("tests.face.urls")


def test_desk_sends_to_the_common_login(client, db):
    response = client.get("/bureau/", follow=True)
    assert response.redirect_chain[-1][0] == "/compte/login/?next=/bureau/"


def test_desk_refuses_those_who_are_not_staff(client, django_user_model, db):
    client.force_login(django_user_model.objects.create_user(email="denis.labour@exemple.be"))
    assert client.get("/bureau/login/").status_code == 403


@pytest.mark.parametrize(
    ("address", "target"),
    [("/bureau/password_change/", "/compte/password/change/"), ("/bureau/logout/", "/compte/logout/")],
)
def test_desk_shares_the_pages_of_accounts(client, person, address, target):
    client.force_login(person)
    response = client.post(address)
    assert (response.status_code, response.url) == (302, target)


def test_date_and_hour_have_labels_of_their_own(client, person):
    client.force_login(person)
    text = client.get("/bureau/essai/usersessions/usersession/add/").content.decode()
    assert '<label for="id_created_at_0">Date' in text
    assert '<label for="id_created_at_1">Heure' in text


def test_desk_follows_the_system_and_has_no_theme_button(client, person):
    client.force_login(person)
    text = client.get("/bureau/").content.decode()
    assert "theme.js" not in text
    assert "theme-toggle" not in text
