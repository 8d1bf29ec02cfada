"""A test client that reads every HTML answer as strictly as a validator would."""

import hashlib
import re
from collections import Counter
from typing import Any

import html5lib
from django.http import HttpResponse
from django.test import Client

_INLINE = re.compile(
    r"<style\b|\sstyle\s*=|<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son[a-z]+=[\"']", re.IGNORECASE
)
# tokens of forms, and the numbers of requests
_RANDOM = re.compile(r"\b(?:[0-9A-Za-z]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32})\b")
# the words between two tags; where there are none it matters, and an entity may be wrong
_WORDS = re.compile(r"(?<=>)[^<>&]*[^<>&\s][^<>&]*(?=<)")
_right: set[bytes] = set()
_FULL_PAGE = re.compile(r"<!doctype html>", re.IGNORECASE)
# html5lib 1.1 predates these; they are valid HTML today
_TOLERATED = {"expected-doctype-but-got-start-tag", "expected-doctype-but-got-chars", "expected-doctype-but-got-eof"}


class InvalidPageError(AssertionError):
    """A page that a browser would have to guess at; the message says where."""


def check_page(text: str, where: str) -> None:
    """Refuse invalid HTML, double ids, missing title or language, inline style or script, labels without a field."""
    # a page that differs from another in random numbers and in words alone is as right as that one
    alike = hashlib.sha256(_WORDS.sub("x", _RANDOM.sub("", text)).encode()).digest()
    if alike not in _right:
        _check(text, where)
        _right.add(alike)


def _check(text: str, where: str) -> None:
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    full = bool(_FULL_PAGE.search(text[:200]))
    tree = parser.parse(text) if full else parser.parseFragment(text)
    faults = [f"{position}: {code} {details}" for position, code, details in parser.errors if code not in _TOLERATED]
    if faults:
        raise InvalidPageError(f"{where}: invalid HTML: {faults[:5]}")
    if _INLINE.search(text):
        raise InvalidPageError(f"{where}: inline style, script or event attribute")
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    doubled = [identifier for identifier, count in ids.items() if count > 1]
    if doubled:
        raise InvalidPageError(f"{where}: ids used twice: {doubled}")
    for element in tree.iter("label"):
        target = element.get("for")
        if target and target not in ids:
            raise InvalidPageError(f"{where}: label for {target!r}, which is not on the page")
    if full:
        title = tree.find(".//title")
        if title is None or not (title.text or "").strip():
            raise InvalidPageError(f"{where}: no title")
        if not tree.get("lang"):
            raise InvalidPageError(f"{where}: no language")
        if len(tree.findall(".//h1")) != 1:
            raise InvalidPageError(f"{where}: {len(tree.findall('.//h1'))} first-level headings")


class StrictClient(Client):
    """Django's test client; every HTML answer is checked, and server errors are raised, not rendered."""

    def request(self, **request: Any) -> Any:
        """Answer a request and check the page."""
        answer = super().request(**request)
        if (
            isinstance(answer, HttpResponse)
            and answer.headers.get("Content-Type", "").startswith("text/html")
            and answer.content
        ):
            check_page(
                answer.content.decode(answer.charset or "utf-8"), f"{request.get('PATH_INFO')} ({answer.status_code})"
            )
        return answer
