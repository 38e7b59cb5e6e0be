"""Pages are drawn with static files as they lie in the sources, without a collected copy."""

import pytest


@pytest.fixture(autouse=True)
def plain_static(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def person(db):
    """A member of the team with a verified address and a password."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.create_user(
        email="aline.sillon@exemple.be",
        password="une phrase pour essai",
        name="Aline Sillon",
        role="administrator",
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user
