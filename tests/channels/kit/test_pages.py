"""The frame and the gallery: valid in every density, theme and language, without the database, with strict headers."""

import re
from pathlib import Path

import pytest
from django.test import Client, override_settings

import jiuzhu.channels.kit
from jiuzhu.channels.kit.middleware import content_security_policy

KIT = Path(jiuzhu.channels.kit.__file__).parent
PAGES = ["/kit/", "/kit/workbench/", "/", "/public/"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("density", ["staff", "citizen", "elder", ""])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_valid_in_every_density_and_language(
    client: Client, address: str, density: str, language: str
) -> None:
    client.cookies.load({"density": density, "language": language, "theme": "dark"})
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    expected = "citizen" if density in {"staff", ""} else density
    if address == "/kit/workbench/":
        expected = density or "staff"
    assert f'data-density="{expected}"' in text
    assert 'data-theme="dark"' in text
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in text


def test_english_pages_hold_no_chinese_but_names(client: Client) -> None:
    client.cookies.load({"language": "en"})
    for address in PAGES:
        text = client.get(address).content.decode()
        for allowed in ("简体中文", "简", "繁體中文", "繁", "王秀兰", "李建国", "李晓雨", "李建华", "张桂英", "赵德福"):
            text = text.replace(allowed, "")
        assert re.findall(r"[\u4e00-\u9fff]+", text) == []


def test_a_nonsense_cookie_is_as_good_as_none(client: Client) -> None:
    client.cookies.load({"density": "<script>", "theme": "neon"})
    text = client.get("/").content.decode()
    assert 'data-density="citizen"' in text
    assert 'data-theme="auto"' in text


def test_the_gallery_shows_every_component() -> None:
    templates = KIT / "templates"
    shown = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("kit", "components", "django")
        for path in (templates / folder).rglob("*.html")
    )
    for component in (templates / "components").glob("*.html"):
        assert re.search(rf"<c-{component.stem.replace('_', '-')}[\s/>]", shown), component.name


@pytest.mark.parametrize("address", ["/kit/", "/kit/workbench/"])
@override_settings(TRIAL=False)
def test_the_gallery_does_not_exist_in_production(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (KIT / "static/kit/icons.svg").read_text(encoding="utf-8")))
    channels = KIT.parent
    for template in channels.rglob("templates/**/*.html"):
        text = template.read_text(encoding="utf-8")
        named = set(re.findall(r'<c-icon[^>]*\sname="([\w-]+)"', text)) | set(re.findall(r'\sicon="([\w-]+)"', text))
        assert named <= drawn, template.name


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(client: Client) -> None:
    answer = client.get("/")
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "no-cache" in answer.headers["Cache-Control"]


@override_settings(IDENTITY_PROVIDER_ORIGINS=["https://identity.example"])
def test_login_may_lead_on_to_the_named_identity_provider_only() -> None:
    assert "form-action 'self' https://identity.example;" in content_security_policy()


def test_a_request_keeps_a_well_formed_id_and_replaces_any_other(client: Client) -> None:
    assert (
        client.get("/", headers={"x-request-id": "gateway-0123456789"}).headers["X-Request-ID"] == "gateway-0123456789"
    )
    for bad in ("short", "x" * 65, "has space 123", "new\nline-12345", "<b>bold-tag</b>"):
        given = client.get("/", headers={"x-request-id": bad}).headers["X-Request-ID"]
        assert re.fullmatch(r"[0-9a-f]{32}", given)


def test_scripts_are_short_and_hold_no_globals_or_eval() -> None:
    for script in (KIT / "static/kit").glob("*.js"):
        text = script.read_text(encoding="utf-8")
        assert text.count("\n") <= 150, script.name
        assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|document\.write|window\.\w+\s*=", text), (
            script.name
        )


def test_htmx_is_told_to_stay_strict() -> None:
    text = (KIT / "templates/kit/htmx.html").read_text(encoding="utf-8")
    for setting in (
        '"allowEval":false',
        '"selfRequestsOnly":true',
        '"includeIndicatorStyles":false',
        '"historyCacheSize":0',
    ):
        assert setting in text
