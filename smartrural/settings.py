"""Settings: read from the environment, sorted by concern, safe by default.

Nothing secret has a default. Outside a demonstration, a missing SECRET_KEY or an unencrypted SITE_URL
stops the portal. What the environment does not say is looked up in `var/environment` (written by `make run`).
"""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
env.read_env(str(VAR_DIR / "environment"), recurse=False)

# What this installation is -------------------------------------------------------------------------------

DEMONSTRATION = env.bool("DEMONSTRATION", default=False)
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.str(
    "SITE_URL", default="http://127.0.0.1:8000" if DEMONSTRATION else "https://localhost"
).rstrip("/")
_site = urlsplit(SITE_URL)
ENCRYPTED = _site.scheme == "https"
if not ENCRYPTED and not DEMONSTRATION:
    raise ImproperlyConfigured("SITE_URL doit commencer par https:// hors du mode démonstration.")

SECRET_KEY = env.str(
    "SECRET_KEY", default="demonstration-seulement-ne-protege-rien-0123456789" if DEMONSTRATION else ""
)
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY manque : donnez une longue valeur aléatoire dans l’environnement.")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname or "localhost"])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if ENCRYPTED else []
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
TERRITORY_DIR = Path(env.str("TERRITORY_DIR", default=str(BASE_DIR / "data")))
CODE_VERSION = env.str("CODE_VERSION", default="0.1.0")

# Rooms ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "smartrural.apps.AdminConfig",
    "smartrural.apps.Roof",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "typography",
    "accounts",
    "territory",
    "documents",
    "outbox",
    "imports",
    "actors",
    "invitations",
    "needs",
    "trainings",
    "projects",
    "diagnostics",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "smartrural.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.require_second_factor",
    "smartrural.kept.KeptPages",
]

ROOT_URLCONF = "smartrural.urls"
WSGI_APPLICATION = "smartrural.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"face": "smartrural.face"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "smartrural.context.site",
            ],
        },
    },
]

FORM_RENDERER = "smartrural.forms.Renderer"

# Database: PostgreSQL is the truth, SQLite is the embedded default --------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portail.sqlite3'}")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 5

# Cache, queues -------------------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "smartrural.caches.SoftRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "portail",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "socket_connect_timeout": 1,
        "socket_timeout": 1,
        "visibility_timeout": 3600,
        # A broker that refuses or stays silent costs a page one timeout, not a wait without end.
        "max_retries": 0,
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "portail_cache",
            # Django keeps 300 entries and, beyond, drops a third by the alphabet: whoever asks for many pages
            # would make it forget who has tried how many passwords.
            "OPTIONS": {"MAX_ENTRIES": 200_000},
        }
    }
    BROKER_DIR = VAR_DIR / "broker"
    for name in ("messages", "control"):
        (BROKER_DIR / name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
# Public pages for visitors without a session (smartrural/kept.py); 0 while one works on the templates.
KEPT_PAGES_SECONDS = 0 if DEBUG else 60

CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "letters"
CELERY_TASK_ROUTES = {
    "outbox.tasks.send_bulk": {"queue": "bulk"},
    "invitations.tasks.*": {"queue": "bulk"},
    "portal.tasks.*": {"queue": "bulk"},
    "diagnostics.tasks.*": {"queue": "reports"},
    "imports.tasks.*": {"queue": "reports"},
}
CELERY_TIMEZONE = "Europe/Brussels"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict] = {
    "purge-sessions": {"task": "accounts.tasks.purge_sessions", "schedule": crontab(hour=3, minute=20)},
    "finish-erasures": {"task": "accounts.tasks.finish_erasures", "schedule": crontab(hour=4, minute=20)},
    "sweep-files": {"task": "documents.tasks.sweep", "schedule": crontab(hour=4, minute=10)},
    "sweep-diagnostics": {"task": "diagnostics.tasks.sweep", "schedule": 60},
    "sweep-imports": {"task": "imports.tasks.sweep", "schedule": 60},
    "erase-imports": {"task": "imports.tasks.erase_old", "schedule": crontab(hour=4, minute=0)},
    # Sweeps that nobody took in time would only pile up.
    "sweep-letters": {"task": "outbox.tasks.sweep", "schedule": 20, "options": {"expires": 20}},
    "write-invitations": {"task": "invitations.tasks.sweep", "schedule": 20, "options": {"expires": 20}},
    "tell-registrations": {"task": "trainings.tasks.tell", "schedule": 20, "options": {"expires": 20}},
    "expire-offers": {"task": "trainings.tasks.expire_offers", "schedule": 60, "options": {"expires": 60}},
    "remind-registrations": {"task": "trainings.tasks.remind", "schedule": 300, "options": {"expires": 300}},
    "open-shares": {"task": "trainings.tasks.open_shares", "schedule": 600, "options": {"expires": 600}},
    "write-digests": {"task": "portal.tasks.write_digests", "schedule": 60, "options": {"expires": 60}},
    "erase-subscriptions": {
        "task": "actors.tasks.erase_subscriptions",
        "schedule": crontab(hour=3, minute=30),
    },
    "erase-suggestions": {
        "task": "actors.tasks.erase_suggestions",
        "schedule": crontab(hour=3, minute=35),
    },
    "empty-letters": {"task": "outbox.tasks.empty_bodies", "schedule": crontab(hour=3, minute=40)},
    "ask-for-confirmations": {
        "task": "actors.tasks.ask_for_confirmations",
        "schedule": crontab(hour=8, minute=30),
    },
    "erase-access-needs": {
        "task": "trainings.tasks.erase_access_needs",
        "schedule": crontab(hour=3, minute=50),
    },
}

# People --------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:my_space"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "site_web"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_email": "accounts.forms.ChangeEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmPasswordResetCodeForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TOTP_ISSUER = "SMART Ruralité"
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.MFAReauthenticateForm",
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "deactivate_totp": "accounts.forms.DeactivateTOTPForm",
    "generate_recovery_codes": "accounts.forms.GenerateRecoveryCodesForm",
    "add_webauthn": "accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "accounts.forms.EditWebAuthnForm",
}
# Staff read personal data: a second factor is asked of them everywhere but in a demonstration.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not DEMONSTRATION)

# A whole municipality goes out by one router: generous for a network address; 0 for no limit.
REGISTRATIONS_PER_HOUR = env.int("REGISTRATIONS_PER_HOUR", default=120)
# Each registration writes a letter to an address that anybody may type; a secretary types hers for colleagues.
REGISTRATIONS_PER_EMAIL_PER_DAY = env.int("REGISTRATIONS_PER_EMAIL_PER_DAY", default=30)
# « Me tenir au courant »: each form writes a letter to an address that anybody may type.
SUBSCRIPTIONS_PER_HOUR = env.int("SUBSCRIPTIONS_PER_HOUR", default=60)
SUBSCRIPTION_LETTERS_PER_EMAIL_PER_DAY = env.int("SUBSCRIPTION_LETTERS_PER_EMAIL_PER_DAY", default=3)
# When the digest of the week is written: 1 is Monday, 7 is Sunday; the hour is local.
DIGEST_WEEKDAY = env.int("DIGEST_WEEKDAY", default=4, validate=validate.Range(min=1, max=7))
DIGEST_HOUR = env.int("DIGEST_HOUR", default=7, validate=validate.Range(min=0, max=23))

# Erasures (docs/decisions/0017): keep the register with the backups, not in them, and its key with it.
ERASURE_REGISTER = Path(env.str("ERASURE_REGISTER", default=str(VAR_DIR / "registre" / "effacements.jsonl")))
ERASURE_KEY = env.str("ERASURE_KEY", default="") or SECRET_KEY
# Years after a session during which what proves who came must be kept for the funders.
EVIDENCE_YEARS = env.int("EVIDENCE_YEARS", default=10)

# Letters -------------------------------------------------------------------------------------------------

EMAIL_BACKEND = "outbox.backend.OutboxBackend"
EMAIL_HOST = env.str("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"SMART Ruralité <portail@{_site.hostname}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
OUTBOX_TURN = 3  # seconds a worker gives to one lane before it lets the other pass
OUTBOX_LEASE = env.int("OUTBOX_LEASE", default=60)  # seconds after which a silent worker is taken for dead
OUTBOX_TRIES = 18  # with waits from one minute to six hours: about two and a half days
OUTBOX_SECRET_LIFE = 3600  # seconds after which a login code that could not be sent is given up
OUTBOX_NUDGE_PAUSE = 30  # seconds without nudges after the broker failed
OUTBOX_KEEP_BODIES_DAYS = env.int("OUTBOX_KEEP_BODIES_DAYS", default=90)
# Bulk letters a minute, in all and for one recipient's domain; 0 for no limit.
OUTBOX_BULK_PER_MINUTE = env.int("OUTBOX_BULK_PER_MINUTE", default=0)
OUTBOX_BULK_PER_HOST_PER_MINUTE = env.int(
    "OUTBOX_BULK_PER_HOST_PER_MINUTE", default=0 if DEMONSTRATION else 120
)
# Who reads such an address gets in: a letter that holds one is secret, even if its sender did not say so.
OUTBOX_SECRET_PATTERN = r"/compte/(password/reset/key|confirm-email)/[^\s\"<]"  # noqa: S105

# Language, time ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("français"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["smartrural.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"
USE_THOUSAND_SEPARATOR = False

# Files ---------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
MEDIA_URL = ""  # nothing stored is served by address: each file has a view that asks who may see it
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # Collected by one user and served by another: public, unlike what people upload.
        "OPTIONS": {"file_permissions_mode": 0o644},
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
# Where the proxy finds MEDIA_ROOT/private when it hands files over itself (X-Accel-Redirect); empty: we stream them.
ACCEL_PREFIX = env.str("ACCEL_PREFIX", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Days that an imported file and its preview are kept; what they became stays.
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=30)

# Security ------------------------------------------------------------------------------------------------

_prefix = "__Host-" if ENCRYPTED else ""
SESSION_COOKIE_NAME = f"{_prefix}session"
CSRF_COOKIE_NAME = f"{_prefix}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENCRYPTED
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_SSL_REDIRECT = ENCRYPTED
SECURE_REDIRECT_EXEMPT = [r"^sante/"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENCRYPTED else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENCRYPTED
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "smartrural.views.csrf_failure"
# Named as in Django 6, so that the upgrade is the deletion of our middleware.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}

# Logs: one JSON object a line, no personal data ----------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "smartrural.logs.JSONFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # WeasyPrint and fontTools tell each step of each font: only what went wrong is of use here.
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "WARNING"},
    },
}
