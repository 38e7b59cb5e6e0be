"""« Se connecter » brings back to the page that one was reading."""

import pytest
from django.urls import reverse

from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def entrance(client, path: str) -> str:
    return str(client.get(path).context["entrance"])


def test_who_logs_in_comes_back_to_the_page(client):
    user = UserFactory()
    address = entrance(client, "/acteurs/?q=miel")
    assert address == "/compte/login/?next=%2Facteurs%2F%3Fq%3Dmiel"
    assert 'name="next" value="/acteurs/?q=miel"' in client.get(address).content.decode()
    answer = client.post(address, {"login": user.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/acteurs/?q=miel")


@pytest.mark.parametrize("path", ["/", "/compte/login/", "/compte/password/reset/"])
def test_from_home_and_from_the_pages_of_the_account_one_goes_home(client, path):
    assert entrance(client, path) == reverse("account_login")


def test_an_address_of_elsewhere_is_not_followed(client):
    user = UserFactory()
    answer = client.post(
        reverse("account_login") + "?next=//ailleurs.invalid/x", {"login": user.email, "password": PASSWORD}
    )
    assert answer["Location"] == reverse("portal:my_space")
