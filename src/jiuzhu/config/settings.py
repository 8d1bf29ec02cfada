"""Django settings, derived from the typed environment."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.urls import reverse_lazy

from jiuzhu.config.environment import ROOT, Stage, read

ENVIRONMENT = read()
PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = ENVIRONMENT.secret_key or "unset"
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
# folders of policy packs; later ones are laid over earlier ones
POLICIES = list(ENVIRONMENT.policies)
STAGE = ENVIRONMENT.stage
TRIAL = ENVIRONMENT.stage is not Stage.PRODUCTION
# demonstration values of policy are for trials: in production a city supplies its own, or the answer is unknown
DEMO_POLICIES = TRIAL

ROOMS = [
    "organization",
    "catalogue",
    "exchange",
    "capability",
    "funds",
    "registry",
    "application",
    "verification",
    "determination",
    "disclosure",
    "referral",
    "payment",
    "supervision",
    "evaluation",
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_cotton.apps.SimpleAppConfig",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "procrastinate.contrib.django",
    "jiuzhu.channels.kit",
    "jiuzhu.channels.portal",
    "jiuzhu.channels.workbench",
    "jiuzhu.channels.public",
    *[f"jiuzhu.rooms.{room}" for room in ROOMS],
    "jiuzhu.groundwork",
    *(["jiuzhu.demo"] if TRIAL else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "jiuzhu.channels.kit.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "jiuzhu.channels.kit.middleware.request_identity",
    "jiuzhu.channels.kit.errors.RefusalMiddleware",
    "jiuzhu.channels.kit.acting.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "jiuzhu.config.urls"
WSGI_APPLICATION = "jiuzhu.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "channels" / "kit" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiuzhu.channels.kit.context.frame",
                "jiuzhu.channels.workbench.navigation.context",
            ],
        },
    }
]
COTTON_DIR = "components"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")) or "jiuzhu",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": query,
    }


# "default" logs in as jiuzhu_app, which owns nothing; "owner" is for migrations, deriving, verification and bulk loads.
DATABASES = {"default": _database(ENVIRONMENT.database_app_url), "owner": _database(ENVIRONMENT.database_url)}
DATABASES["owner"]["TEST"] = {"MIRROR": None}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "groundwork.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["login_name", "display_name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("portal:home")
# where the QR code of an issued document leads
DOCUMENT_CHECK = reverse_lazy("public:document_check")
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "jiuzhu.channels.kit.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "jiuzhu.channels.kit.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
USERSESSIONS_TRACK_ACTIVITY = True
SECOND_FACTOR_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = TRIAL
MFA_TOTP_ISSUER = "jiuzhu"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_LOGIN_ON_GET = False
IDENTITY_PROVIDER = "unified-identity"
SOCIALACCOUNT_PROVIDERS: dict[str, object] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid", "profile"],
        "APPS": [
            {
                "provider_id": IDENTITY_PROVIDER,
                "name": "统一身份认证",
                "client_id": ENVIRONMENT.identity_client_id,
                "secret": ENVIRONMENT.identity_client_secret,
                "settings": {"server_url": ENVIRONMENT.identity_server},
            }
        ],
    }
}
SOCIALACCOUNT_STORE_TOKENS = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"  # as the login library names it to the backends, not as the form does
AXES_USERNAME_CALLABLE = "jiuzhu.channels.kit.adapters.locked_name"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SECURE = ENVIRONMENT.behind_tls
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = ENVIRONMENT.behind_tls
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.behind_tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.behind_tls
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.behind_tls else None
SECURE_SSL_REDIRECT = ENVIRONMENT.behind_tls
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "channels" / "kit" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
FORMAT_MODULE_PATH = "jiuzhu.channels.kit.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.var / "static"
STATICFILES_DIRS = [
    ("htmx", ROOT / "node_modules" / "htmx.org" / "dist"),
    ("signature_pad", ROOT / "node_modules" / "signature_pad" / "dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ENVIRONMENT.stage is Stage.TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = ENVIRONMENT.stage is Stage.TEST

EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING_CONFIG = "jiuzhu.groundwork.logs.configuration.configure"
LOGGING = {"json": not TRIAL, "level": "INFO"}

# Modules that define jobs, periodic tasks or subscriptions; a worker imports them before it starts.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = [
    "jiuzhu.groundwork.idempotency.expiry",
    "jiuzhu.groundwork.outbox.delivery",
    "jiuzhu.journeys.apply",
    "jiuzhu.journeys.check_pack",
    "jiuzhu.journeys.measure",
    "jiuzhu.journeys.screen",
    "jiuzhu.journeys.take_down",
    "jiuzhu.journeys.verify",
    "jiuzhu.journeys.verify_batch",
]
# A worker that gives no sign for TASK_STALLED_SECONDS has died: its jobs go back into the queue.
TASK_HEARTBEAT_SECONDS = 1.0 if TRIAL else 5.0
TASK_STALLED_SECONDS = 4.0 if TRIAL else 30.0
TASK_SHUTDOWN_SECONDS = 0.5  # then long jobs stop at their next chunk; short ones always end
TASK_POLL_SECONDS = 1.0
IDEMPOTENCY_KEEP_DAYS = 7

if os.environ.get("JIUZHU_WITHOUT_MIGRATIONS"):  # while tables are being designed: make them straight from the models
    MIGRATION_MODULES = dict.fromkeys((*ROOMS, "groundwork", "demo"))

ACCOUNT_FORMS = {
    "login": "jiuzhu.channels.kit.accounts.forms.StaffLoginForm",
    "reauthenticate": "jiuzhu.channels.kit.accounts.forms.PasswordAgainForm",
    "change_password": "jiuzhu.channels.kit.accounts.forms.PasswordChangeForm",
}
MFA_FORMS = {
    "authenticate": "jiuzhu.channels.kit.accounts.forms.SecondFactorForm",
    "reauthenticate": "jiuzhu.channels.kit.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "jiuzhu.channels.kit.accounts.forms.SetUpCodeForm",
    "add_webauthn": "jiuzhu.channels.kit.accounts.forms.PasskeyForm",
    "edit_webauthn": "jiuzhu.channels.kit.accounts.forms.PasskeyNameForm",
}
AXES_LOCKOUT_TEMPLATE = "account/lockout.html"
CSRF_FAILURE_VIEW = "jiuzhu.channels.kit.errors.csrf_failure"
