"""Staff without a second factor see only the pages that set one up."""

import pytest
from allauth.mfa.models import Authenticator

from tests.factories.accounts import AdministratorFactory, ManagerFactory, TeamFactory


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.parametrize("factory", [TeamFactory, AdministratorFactory])
def test_staff_are_sent_to_set_one_up(db, client, required, factory):
    client.force_login(factory())
    for path in ("/bureau/", "/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, "/compte/2fa/")


def test_with_a_second_factor_the_desk_opens(db, client, required):
    user = TeamFactory()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(user)
    assert client.get("/bureau/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(db, client, required):
    user = TeamFactory()
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    client.force_login(user)
    assert client.get("/bureau/").status_code == 302


def test_managers_and_demonstrations_are_not_asked(db, client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(ManagerFactory())
    assert client.get("/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(TeamFactory())
    assert client.get("/bureau/").status_code == 200


def test_the_pages_that_set_it_up_and_health_stay_open(db, client, required):
    client.force_login(TeamFactory())
    assert client.get("/sante/vif").status_code == 200
    assert client.get("/compte/email/").status_code in (200, 302)
