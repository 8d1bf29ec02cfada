"""Assertions on the settings of an installation; each takes the settings and returns findings."""

from collections.abc import Callable
from typing import Any

from jiuzhu.groundwork.crypto.keyring import Keyring, KeyringFault
from jiuzhu.groundwork.startup.findings import Finding

SECRET_LENGTH = 50
_DIFFERENT_CHARACTERS = 10
TIME_ZONE = "Asia/Shanghai"

Settings = Any  # django.conf.settings, or a stand-in with the same names
Assertion = Callable[[Settings], list[Finding]]


def secret_key(settings: Settings) -> list[Finding]:
    """The secret key is long and varied."""
    key = str(settings.SECRET_KEY)
    if len(key) >= SECRET_LENGTH and len(set(key)) >= _DIFFERENT_CHARACTERS:
        return []
    return [
        Finding(
            "secret_key",
            "JIUZHU_SECRET_KEY",
            f"未设置、过短（少于{SECRET_LENGTH}个字符）或过于单一",
            f"请设为随机生成的{SECRET_LENGTH}个以上字符",
            f"it is missing, shorter than {SECRET_LENGTH} characters, or too uniform",
            f"set it to {SECRET_LENGTH} or more random characters",
        )
    ]


def field_keys(settings: Settings) -> list[Finding]:
    """The field keys parse: at least one, each of 32 bytes, a known suite."""
    environment = settings.ENVIRONMENT
    try:
        Keyring.parse(environment.field_keys, environment.cipher_suite)
    except KeyringFault as fault:
        return [
            Finding(
                "field_keys",
                "JIUZHU_FIELD_KEYS",
                f"字段加密密钥不可用（{fault}）",
                "请用 jiuzhu keys new 生成32字节密钥，写成“编号:十六进制”",
                f"the field keys cannot be used ({fault})",
                "make a key of 32 bytes with `jiuzhu keys new` and write it as NUMBER:HEX",
            )
        ]
    return []


def debug(settings: Settings) -> list[Finding]:
    """Debugging is off, for the program and for its templates."""
    in_templates = any(engine.get("OPTIONS", {}).get("debug") for engine in settings.TEMPLATES)
    if not settings.DEBUG and not in_templates:
        return []
    return [
        Finding(
            "debug",
            "DEBUG",
            "调试模式已打开，会向用户泄露内部信息",
            "请设为 False",
            "debugging is on and would show users the inside of the program",
            "set it to False",
        )
    ]


def secure_transport(settings: Settings) -> list[Finding]:
    """Every page and cookie travels under TLS only."""
    wanted = (
        ("SESSION_COOKIE_SECURE", settings.SESSION_COOKIE_SECURE),
        ("CSRF_COOKIE_SECURE", settings.CSRF_COOKIE_SECURE),
        ("SECURE_SSL_REDIRECT", settings.SECURE_SSL_REDIRECT),
        ("SECURE_HSTS_SECONDS", settings.SECURE_HSTS_SECONDS > 0),
        ("SESSION_COOKIE_HTTPONLY", settings.SESSION_COOKIE_HTTPONLY),
        ("CSRF_COOKIE_HTTPONLY", settings.CSRF_COOKIE_HTTPONLY),
    )
    return [
        Finding(
            f"transport.{name.lower()}",
            f"JIUZHU_BEHIND_TLS ({name})",
            "登录凭据可能以明文传输或被脚本读取",
            "请在服务前部署TLS，并设 JIUZHU_BEHIND_TLS=true",
            "logins could travel in plain text or be read by a script",
            "put TLS in front of the server and set JIUZHU_BEHIND_TLS=true",
        )
        for name, holds in wanted
        if not holds
    ]


def allowed_hosts(settings: Settings) -> list[Finding]:
    """The names of the server are listed, without a wildcard for everything."""
    hosts = [str(host) for host in settings.ALLOWED_HOSTS]
    if hosts and not any(host.strip(".") in ("*", "") for host in hosts):
        return []
    return [
        Finding(
            "allowed_hosts",
            "JIUZHU_ALLOWED_HOSTS",
            "未列出本系统的域名，或允许任意域名",
            "请写明本系统的域名，以逗号分隔",
            "the names of this server are not listed, or every name is allowed",
            "list the names of this server, separated by commas",
        )
    ]


def demonstration(settings: Settings) -> list[Finding]:
    """The synthetic city and its accounts are not installed."""
    if not any(str(app).startswith("jiuzhu.demo") for app in settings.INSTALLED_APPS):
        return []
    return [
        Finding(
            "demonstration",
            "INSTALLED_APPS",
            "装有演示数据与演示账号（jiuzhu.demo）",
            "请设 JIUZHU_STAGE=production，并使用全新的数据库",
            "the demonstration with its accounts (jiuzhu.demo) is installed",
            "set JIUZHU_STAGE=production and use a fresh database",
        )
    ]


def time_zone(settings: Settings) -> list[Finding]:
    """Times are kept with their zone and shown in China's."""
    if settings.USE_TZ and settings.TIME_ZONE == TIME_ZONE:
        return []
    return [
        Finding(
            "time_zone",
            "TIME_ZONE",
            "时区不是北京时间，办理期限会算错",
            f"请设 USE_TZ=True、TIME_ZONE={TIME_ZONE}",
            "the time zone is not China's, so deadlines would be wrong",
            f"set USE_TZ=True and TIME_ZONE={TIME_ZONE}",
        )
    ]


ASSERTIONS: tuple[Assertion, ...] = (
    secret_key,
    field_keys,
    debug,
    secure_transport,
    allowed_hosts,
    demonstration,
    time_zone,
)


def check_installation(settings: Settings) -> list[Finding]:
    """All findings on the settings, in the order of `ASSERTIONS`."""
    return [finding for assertion in ASSERTIONS for finding in assertion(settings)]
