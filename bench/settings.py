"""Settings of the benchmarks: a demonstration's, with the yardsticks beside the portal's addresses."""

from importlib.util import find_spec

from smartrural.settings import *  # noqa: F403
from smartrural.settings import LOGGING, STORAGES

ROOT_URLCONF = "bench.yardsticks"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
LOGGING = LOGGING | {"root": LOGGING["root"] | {"level": "ERROR"}}
if find_spec("outbox.backend") is None:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# Hundreds of people come from one machine here.
REGISTRATIONS_PER_HOUR = REGISTRATIONS_PER_EMAIL_PER_DAY = 0
