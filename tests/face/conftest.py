"""Pages are drawn with static files as they lie in the sources, without a collected copy."""

import pytest
from django.conf import settings as django_settings


@pytest.fixture(autouse=True, scope="session")
def somewhere_for_static_files():
    """The live server, made before any test's settings, wants its directory to exist."""
    django_settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def plain_static(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, tests only
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
