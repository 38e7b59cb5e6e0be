"""Settings of the tests: those of the portal, with nothing of the person who runs them, and fast.

Works under `make test` (which gives DATABASE_URL and REDIS_TEST_URL) and under a bare `pytest` (SQLite).
"""

import os
import tempfile

# The first process makes the folder; its workers and the processes they start find it here.
_mine = "PORTAIL_TESTS_DIR" not in os.environ
_place = os.environ.setdefault(
    "PORTAIL_TESTS_DIR", tempfile.mkdtemp(prefix="portail-tests-") if _mine else ""
)
for _name in (
    "REDIS_URL",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_HOST_USER",
    "EMAIL_HOST_PASSWORD",
    "MEDIA_ROOT",
):
    os.environ.pop(_name, None)
if not os.environ.get("DATABASE_URL"):
    os.environ.pop("DATABASE_URL", None)
os.environ |= {
    "DEMONSTRATION": "1",
    "DEBUG": "0",
    "SECRET_KEY": "tests-seulement-ne-protege-rien-0123456789-0123456789",
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "VAR_DIR": os.path.join(_place, os.environ.get("PYTEST_XDIST_WORKER", "main")),  # noqa: PTH118
}

from dev import catalogues  # noqa: E402
from smartrural.settings import *  # noqa: E402, F403
from smartrural.settings import STATIC_ROOT, STORAGES  # noqa: E402

# Removed at the end by the process that made it (tests/conftest.py).
TESTS_DIR_TO_REMOVE = _place if _mine else None

catalogues.compile_stale()  # a bare `pytest` counts in French too
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is not there

KEPT_PAGES_SECONDS = 0  # tests of a page are tests of its view; tests/roof/test_kept.py turns it on
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# "database" exists so that every test database has the table that the portal uses where there is no Redis.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "database": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portail_cache",
    },
}
