"""Settings: the environment is read here, once. `.env.example` names every variable."""

import os
import sys
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from statement_tracker import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent
env.load(Path(os.environ.get("ENV_FILE", BASE_DIR / ".env")))
DATA_DIR = Path(env.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
env.load(DATA_DIR / "local.env")  # the keys that the first `make run` made

# Where it listens, and the address that people use
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000)
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_HOST, HTTPS = env.site(SITE_URL)
BEHIND_PROXY = env.flag("BEHIND_PROXY", HTTPS)

# Security
DEBUG = env.flag("DEBUG", False)
DEMO = env.flag("DEMO", False)  # sample accounts, whose password is public
SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
HISTORY_KEY = env.secret("HISTORY_KEY")  # HMAC key of the history's hash chain; kept outside the database
ALLOWED_HOSTS = list(dict.fromkeys([*env.words("ALLOWED_HOSTS"), SITE_HOST, *env.LOOPBACK, "[::1]"]))
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "commitments.views.sessions"
SESSION_COOKIE_NAME = "__Host-sid" if HTTPS else "sid"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_AGE = env.number("SESSION_HOURS", 12) * 3600  # from the sign-in on, however busy
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_MINUTES", 60) * 60
REQUESTS_A_MINUTE = {"write": env.number("WRITES_A_MINUTE", 120), "search": env.number("SEARCHES_A_MINUTE", 120)}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Application
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "template_partials",
    "commitments",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "commitments.views.middleware.CompressedPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "commitments.views.middleware.PersonMiddleware",
    "commitments.views.guard.SessionLimitsMiddleware",
    "commitments.views.middleware.SignInRequiredMiddleware",
    "commitments.views.middleware.PersonLocaleMiddleware",
    "commitments.views.middleware.PlainAddressMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "commitments.views.guard.PrivatePagesMiddleware",
    "commitments.views.guard.RateLimitMiddleware",
    "commitments.views.guard.SecondFactorMiddleware",
]
ROOT_URLCONF = "statement_tracker.urls"
WSGI_APPLICATION = "statement_tracker.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commitments.views.context.shell",
            ],
        },
    }
]

# Data
DATABASES = {
    "default": env.database(
        env.text("DATABASE_URL"),
        DATA_DIR / "tracker.sqlite3",
        seconds=env.number("STATEMENT_TIMEOUT_SECONDS", 30),
        pgbouncer=env.flag("PGBOUNCER", False),
    )
}
CACHES = {  # in the database, so that rate limits hold over processes and sign-in outlives a loss of Redis
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
MEDIA_ROOT = DATA_DIR / "files"
CLAMAV_ADDRESS = env.text("CLAMAV_ADDRESS")
DOSSIER_WORKER_FROM = env.number("DOSSIER_WORKER_FROM", 300)  # commitments; from so many on a worker makes the dossier
DOSSIER_KEPT_DAYS = env.number("DOSSIER_KEPT_DAYS", 7)  # for how long what a worker made is kept
DOSSIER_TEMPLATE = env.text("DOSSIER_TEMPLATE")  # a .docx whose page, header, footer and styles dossiers take
MAX_UPLOAD_BYTES = 25 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = [
    "commitments.exchange.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o640, 0o750
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
SERIALIZATION_MODULES = {"json": "commitments.exchange.fixture_json"}

# People
CSRF_FAILURE_VIEW = "commitments.views.errors.csrf_failure"
AUTH_USER_MODEL = "commitments.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an address is unique whatever its case: a constraint that the check cannot see
AUTHENTICATION_BACKENDS = ["commitments.views.sign_in.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SINGLE_PARTY = env.flag("SINGLE_PARTY", False)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "commitments.views.sign_in.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody's mailbox is filled by typing its address here
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
MFA_REQUIRED_ROLES = env.required_roles(
    env.words("MFA_REQUIRED_ROLES", "coordinator,administrator" if HTTPS and not DEMO else "")
)
MFA_ADAPTER = "commitments.views.sign_in.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # plain http is for this machine alone, which browsers take as secure
MFA_TOTP_ISSUER = "Statement Tracker"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s: telephones whose clock is a little off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address is proved by the invitation that was sent to it

# A government's own sign-on, for the parties named here: accounts come with it, with body and role from its claims
SIGN_ONS = [env.sign_on(party) for party in env.words("OIDC_PARTIES")]
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": SIGN_ONS,
        "provider_class": "commitments.views.sign_on.SignOnProvider",
    }
}
SOCIALACCOUNT_ADAPTER = "commitments.views.sign_in.SignOnAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # never joined to an account by its address alone
SOCIALACCOUNT_STORE_TOKENS = False
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += env.origins(app["settings"]["server_url"] for app in SIGN_ONS)

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("tr", _("Turkish")), ("ms", _("Malay"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["statement_tracker.formats"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # it would put separators into keys in addresses and forms; words.py groups figures
TIME_ZONE = env.text("TIME_ZONE", "UTC")

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": env.evidence_storage(
        env.text("S3_BUCKET"),
        prefix=env.text("S3_PREFIX"),
        endpoint=env.text("S3_ENDPOINT"),
        region=env.text("S3_REGION"),
        key=env.text("S3_ACCESS_KEY"),
        secret=env.text("S3_SECRET_KEY"),
        scanned=bool(CLAMAV_ADDRESS),
    ),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG

# Mail
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 60
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Statement Tracker <statement-tracker@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CONTACT_EMAIL = env.text("CONTACT_EMAIL")  # on the page about accessibility; without it, the coordinator is named
ADMINS = [("Administrator", address) for address in env.words("ADMIN_EMAILS")]

# Queue: the database holds what must be told, Celery only rings the bell
REDIS_URL = env.text("REDIS_URL")
BROKER_FILE = DATA_DIR / "broker.sqlite3"
CELERY_BROKER_URL = REDIS_URL or f"sqla+sqlite:///{BROKER_FILE}"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 1800,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
    }
    if REDIS_URL
    else {"connect_args": {"timeout": 20}}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULER = "statement_tracker.beat:TickScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_BEAT_SCHEDULE = {  # a ring that waited longer than its period is dropped: the next one does its work
    task: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for task, seconds in {
        "statement_tracker.heartbeat": 15,
        "commitments.plan_reminders": 60,
        "commitments.send_mails": 60,
        "commitments.sweep_mails": 60,
        "commitments.send_invitations": 60,
        "commitments.send_draft_notices": 60,
        "commitments.make_dossiers": 60,
        "statement_tracker.prune_broker": 3600,
        "commitments.check_texts": 24 * 3600,
        "commitments.remove_orphans": 24 * 3600,
        **({"commitments.scan_files": 300} if CLAMAV_ADDRESS else {}),
    }.items()
}

# Logs: one line an event on standard error; the supervisor or the service manager keeps them
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "statement_tracker.logs.LineFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {name: {"level": "WARNING"} for name in ("celery.beat", "celery.worker.strategy", "celery.app.trace")},
}
