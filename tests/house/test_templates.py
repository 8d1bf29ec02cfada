"""Templates: translated, used, free of inline code, every form protected."""

import re
from pathlib import Path

import pytest
from tests.house.source import PACKAGE, modules

TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_TRANSLATED = re.compile(
    r"\{%\s*(?:trans|translate)\s.*?%\}|\{%\s*(?:blocktrans|blocktranslate).*?\{%\s*end(?:blocktrans|blocktranslate)\s*%\}"
    r"|\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|_\(['\"].*?['\"]\)|<!--.*?-->",
    re.DOTALL,
)
# Names of languages stand in their own language.
_OWN_NAMES = {"简体中文", "繁體中文", "简", "繁"}


def _name(path: Path) -> str:
    return str(path).split("/templates/", 1)[1]


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_text_is_left_untranslated(path: Path) -> None:
    rest = _TRANSLATED.sub("", path.read_text(encoding="utf-8"))
    for name in _OWN_NAMES:
        rest = rest.replace(name, "")
    left = [line.strip() for line in rest.splitlines() if _CHINESE.search(line)]
    assert left == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=", text), "inline style"
    assert not re.search(r"<style\b", text), "style element"
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), "inline script"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "event attribute"
    assert "javascript:" not in text
    assert "|safe" not in text, "mark_safe in a template"
    assert "autoescape off" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_post_form_carries_the_token(path: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", path.read_text(encoding="utf-8"), re.DOTALL):
        if re.search(r"method\s*=\s*[\"']?post", form, re.IGNORECASE):
            assert "csrf_token" in form


def test_every_template_is_used() -> None:
    """By name in a view, an include, an extends, a component tag; or by a library that looks it up."""
    looked_up = ("account/", "mfa/", "socialaccount/", "usersessions/", "django/forms/", "allauth/", "idp/")
    sources = "\n".join(module.text for module in modules()) + "\n".join(
        path.read_text(encoding="utf-8") for path in TEMPLATES
    )
    unused = []
    for path in TEMPLATES:
        name = _name(path)
        if name.startswith(looked_up):
            continue
        if name.startswith("components/"):
            tag = name.removeprefix("components/").removesuffix(".html").replace("/", ".").replace("_", "-")
            if not re.search(rf"<c-{re.escape(tag)}[\s/>]", sources):
                unused.append(name)
        elif name not in sources:
            unused.append(name)
    assert unused == []
