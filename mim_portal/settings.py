"""Settings from the environment; whatever is missing or unsafe in production stops the start with one line.

A secret named X may also come from the file that X_FILE names. Servers that run embedded under VAR_DIR are found
by mim_portal.embedded.discovery, so that every manage.py command speaks to that VAR_DIR's database.
"""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONCE, SELF
from django.core.exceptions import ImproperlyConfigured

from mim_portal import enums, schedule
from mim_portal.embedded import discovery

discovery.apply(os.environ)

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

MIM_ENV: str = env.str("MIM_ENV", default="production")  # production, embedded (make run) or test
if MIM_ENV not in {"production", "embedded", "test"}:
    raise ImproperlyConfigured(f"MIM_ENV is {MIM_ENV!r}; it must be production, embedded or test.")
PRODUCTION = MIM_ENV == "production"
DEBUG = False

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()
PORT: int = env.int("PORT", default=8000)
LIVE_PORT: int = env.int("LIVE_PORT", default=8001)
BASE_URL: str = env.str("BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
LIVE_URL: str = env.str("LIVE_URL", default=f"http://127.0.0.1:{LIVE_PORT}").rstrip("/")
MAIL_DIR = VAR_DIR / "mail"  # where the embedded mail sink leaves messages
# What a manager needs while the portal itself is down, written each minute; best on another machine.
BREAK_GLASS_DIR = Path(env.str("BREAK_GLASS_DIR", default=str(VAR_DIR / "break-glass")))
# Where a copy of the public status pages is kept as files for another web server; none unless it is set.
STATUS_COPY_DIR = Path(env.str("STATUS_COPY_DIR")) if env.str("STATUS_COPY_DIR", default="") else None
# And in a store that speaks S3: s3://bucket/prefix, at AWS or at the endpoint; keys as boto3 finds them.
STATUS_COPY_S3: str = env.str("STATUS_COPY_S3", default="")
STATUS_COPY_S3_ENDPOINT: str = env.str("STATUS_COPY_S3_ENDPOINT", default="")
SNAPSHOT_DIR = Path(env.str("SNAPSHOT_DIR", default=str(VAR_DIR / "snapshots")))

_INSECURE_KEY = "not-a-secret: set MIM_SECRET_KEY"
SECRET_KEY: str = env.str("MIM_SECRET_KEY", default=_INSECURE_KEY)
if PRODUCTION and (len(SECRET_KEY) < 50 or SECRET_KEY.startswith(("not-a-secret", "django-insecure-", "generated-"))):
    raise ImproperlyConfigured(
        "Set MIM_SECRET_KEY (or MIM_SECRET_KEY_FILE) to a random text of at least 50 characters of your own. "
        "To try the portal on this machine, use `make run`."
    )
SECRET_KEY_FALLBACKS: list[str] = env.list("MIM_SECRET_KEY_FALLBACKS", default=[])  # former keys, while changing it
METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")  # what a scraper of /metrics shows; unset: tokens of people
if 0 < len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN is too short: use at least 20 random characters, or leave it unset.")
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

DATABASE_URL: str = env.str("DATABASE_URL", default="")
if not DATABASE_URL:
    raise ImproperlyConfigured(
        "No database: set DATABASE_URL to a PostgreSQL address, or start the embedded servers with `make run`."
    )
REDIS_URL: str = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
LANGUAGETOOL_URL: str = env.str("LANGUAGETOOL_URL", default="")
LANGUAGE: str = env.str("MIM_LANGUAGE", default="en-GB")  # LanguageTool's variant for what the portal sends

DATABASES = {"default": {**env.db_url_config(DATABASE_URL), "ATOMIC_REQUESTS": False, "CONN_HEALTH_CHECKS": True}}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=600)
PREPARED_STATEMENTS: bool = env.bool("PREPARED_STATEMENTS", default=True)  # off behind a pooler of transactions
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"].update({"connect_timeout": 3})
# Compiling a plan costs more than any of our queries gains by it.
DATABASES["default"]["OPTIONS"].setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "mim_portal",
    "teams",
    "incidents",
    "comms",
    "reviews",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "pgtrigger",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "allauth",
    "allauth.account",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "mim_portal.middleware.ViewerTimeZoneMiddleware",
    "mim_portal.middleware.DenyByDefaultMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "mim_portal.urls"
WSGI_APPLICATION = "mim_portal.wsgi.application"

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "mim_portal.jinja2.environment",
            "context_processors": [*_CONTEXT_PROCESSORS, "mim_portal.context.page"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT_PROCESSORS},
    },
]
FORM_RENDERER = "mim_portal.lib.widget_renderer.WidgetRenderer"

# --- sign-in -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "teams.Person"
AUTHENTICATION_BACKENDS = [
    "mim_portal.signed_in.Password",
    "mim_portal.signed_in.Account",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if MIM_ENV == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_ADAPTER = "mim_portal.accounts.ClosedAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,3/m/key"}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nothing is ever sent to an address that strangers type
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

SESSION_ENGINE = "mim_portal.signed_in"
SESSION_COOKIE_NAME = "mim_session" if PRODUCTION else f"mim_session_{PORT}"
CSRF_COOKIE_NAME = "mim_csrf" if PRODUCTION else f"mim_csrf_{PORT}"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_FAILURE_VIEW = "mim_portal.views.errors.csrf_failure"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, LIVE_URL],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "microphone", "geolocation", "payment", "usb", "accelerometer", "gyroscope")
}

# --- language, time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

# --- files, cache, mail --------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static" / "build", BASE_DIR / "static" / "img"]
STATICFILES_DIRS = [path for path in STATICFILES_DIRS if path.is_dir()]
STATIC_ROOT = VAR_DIR / "static"
_STATICFILES = {
    "production": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    "embedded": "mim_portal.staticfiles.OwnCompressedStorage",  # compressing all of them takes 30 s
    "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATICFILES[MIM_ENV]},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = MIM_ENV == "test"  # no walk over every file for each test client
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_HANDLERS = [
    "mim_portal.lib.uploads.BoundedHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The shared cache holds counters of refused sign-ins; it lives in PostgreSQL so that sign-in works without Redis.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}}

vars().update(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:1025"))
EMAIL_TIMEOUT = 10
IMAP_URL: str = env.str("IMAP_URL", default="")  # the mailbox that readers' replies arrive in; unset, none is read
OPT_OUT_ADDRESS: str = env.str("OPT_OUT_ADDRESS", default="")  # whose mails reach the portal; unset, that mailbox
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="Major incidents <incidents@example.org>")

# Chat, SMS and webhooks: hosts of one's own network that may be called (name or name:port), and whom to trust there.
OUTGOING_INTERNAL_HOSTS: list[str] = env.list("OUTGOING_INTERNAL_HOSTS", default=[])
OUTGOING_CA_FILE: str = env.str("OUTGOING_CA_FILE", default="")

# --- Celery: tables are the queue, beat is the clock, Celery is the muscle -------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker never gives Redis up
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2, "visibility_timeout": 60}
CELERY_TASK_ROUTES = {
    "comms.tasks.sweep_*": {"queue": "clock"},
    "incidents.tasks.sweep_*": {"queue": "clock"},
    "teams.tasks.sweep_*": {"queue": "clock"},
    "comms.tasks.deliver_channels": {"queue": "channels"},
    "comms.tasks.deliver*": {"queue": "deliveries"},
}
CELERY_BEAT_SCHEDULER = "mim_portal.beat:Scheduler"
CELERY_BEAT_SCHEDULE = schedule.BEAT

# --- what serves a lower app from above, as greppable dotted paths (DESIGN: reactions, guards, sources) --------------
TIMELINE_REACTIONS = [
    "comms.reactions.deadlines.react",
    "comms.reactions.snapshots.react",
    "comms.reactions.calls.react",
    "comms.reactions.command.react",
    "comms.reactions.mentions.react",
    "comms.reactions.accountable.react",
    "comms.reactions.decisions.react",
    "comms.reactions.waking.react",
]
TIMELINE_CONSUMERS = [
    "reviews.consumers.lapses.consume",
    "reviews.consumers.reviews.consume",
    "incidents.consumers.search.consume",
    "comms.consumers.webhooks.consume",
    "comms.consumers.feedback.consume",
]
SEARCH_SOURCES = ["comms.queries.search.texts"]  # texts of entries that apps above keep, for finding incidents
TRANSITION_GUARDS = ["comms.reactions.guards.restored_sent", "comms.reactions.guards.retraction_sent"]
# What the closing checklist asks from above
CLOSURE_ITEMS = ["comms.reactions.guards.closing", "reviews.queries.closing.items"]
CANDIDATE_REACTIONS = ["comms.reactions.candidates.react"]  # a candidate was raised, in the same transaction
PEOPLE_REACTIONS = ["comms.reactions.people.react"]  # people were invited, in the same transaction
INVITATION_MAIL = ["comms.services.telling.accounts.mail_states"]  # what became of the mail of invitations
DEPENDENTS = [  # what hangs on a person, team, service or site, named before it is switched off
    "teams.queries.dependents.own",
    "incidents.queries.dependents.find",
    "comms.queries.dependents.find",
    "reviews.queries.dependents.find",
]
DESK_REACTIONS = ["comms.reactions.desk.react"]  # asked, chased, or undecided for too long, in the same transaction
BRIEF_SOURCES = ["comms.queries.promises.promises.brief"]
# Who may be owed updates, chosen by whoever declares.
DECLARATION_AUDIENCES = ["comms.queries.promises.owing.for_declaration"]
PROFILE_USES = ["incidents.queries.engagements.profile_uses"]  # in how many incidents a version was used
CALL_OBJECTIONS = ["reviews.services.suggesting.calls.against_profile"]  # a team was called against its profile
WATCHED_PLANS = ["reviews.queries.reminders.watched"]  # what the practice does since the last time, where it is written
CALL_WAYS = ["comms.queries.paging.ways"]  # who was reached how, for each call for help
CALLER_SOURCES = ["comms.queries.callers.source"]  # what the desk was told and when the next word comes
DUE_SOURCES = ["comms.queries.promises.promises.due"]  # what comes due, for whoever takes an incident over
INCIDENT_FACETS = [  # what the API shows of an incident from above
    "comms.queries.promises.promises.facet",
    "comms.queries.promises.promises.first_comms",
    "comms.queries.promises.downgrades.facet",
    "reviews.queries.reviews.facet",
]
CLOCK_HEARTBEAT = "sweep_deadlines"
CLOCK_STAND_IN = "comms.tasks.fallback.StandIn"  # what beat runs while the clock worker is silent
CLOCK_NOTICES = "comms.tasks.fallback.send_notices"

# --- REST API ------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["teams.api.authentication.BearerToken", "teams.api.authentication.Session"],
    "DEFAULT_PERMISSION_CLASSES": ["mim_portal.api.permissions.ScopeAndRole"],
    "DEFAULT_PAGINATION_CLASS": "mim_portal.api.paging.CursorPaging",
    "PAGE_SIZE": 50,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "mim_portal.api.problems.handler",
    "DEFAULT_THROTTLE_CLASSES": ["mim_portal.api.throttling.TokenRate"],
    "DEFAULT_THROTTLE_RATES": {"token": env.str("API_RATE", default="6000/min")},
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
DRF_STANDARDIZED_ERRORS = {"EXCEPTION_FORMATTER_CLASS": "mim_portal.api.problems.Formatter"}
KNOX_TOKEN_MODEL = "teams.ApiToken"
REST_KNOX = {
    "TOKEN_MODEL": "teams.ApiToken",
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_TTL": timedelta(days=365),
    "AUTO_REFRESH": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MIM Portal",
    "DESCRIPTION": "Major incidents end to end: candidates, incidents, promises, updates, reviews, lapses.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SERVE_AUTHENTICATION": None,
    "ENUM_NAME_OVERRIDES": enums.NAMES,
}

# --- professional defaults that an organisation may change -----------------------------------------------------------
WATCH_MINUTES = {  # domain.md 1.8: how long a restored service is watched before it may be resolved
    "P1": env.int("WATCH_MINUTES_P1", default=60),
    "P2": env.int("WATCH_MINUTES_P2", default=30),
    "P3": env.int("WATCH_MINUTES_P3", default=30),
    "P4": env.int("WATCH_MINUTES_P4", default=0),
    "P5": env.int("WATCH_MINUTES_P5", default=0),
}
# Files that people attach to a candidate or an incident.
ATTACHMENT_BYTES = env.int("ATTACHMENT_BYTES", default=10 * 1024 * 1024)
ATTACHMENTS_EACH = env.int("ATTACHMENTS_EACH", default=20)
ATTACHMENTS_PER_PERSON_AND_HOUR = env.int("ATTACHMENTS_PER_PERSON_AND_HOUR", default=60)
UPLOAD_BYTES = 5 * ATTACHMENT_BYTES  # of one request with several files
RELIEF_AFTER = timedelta(hours=env.int("TEAM_RELIEF_HOURS", default=4))  # when a team at work is due to be relieved
SECOND_READER_TIMER = timedelta(minutes=3)  # domain.md 4.5

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_signatures": {"()": "mim_portal.lib.signed_links.WithoutSignatures"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_signatures"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.security.DisallowedHost": {"level": "ERROR"},
        "apprise": {"level": "CRITICAL"},  # it writes numbers and parts of addresses down
    },
}
CACHE_KEY_SALT = hashlib.sha256(SECRET_KEY.encode()).hexdigest()[:12]
