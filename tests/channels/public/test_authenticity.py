"""The public check of documents: genuine or not, in force or not, altered or not, and nothing about anybody."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings
from tests.channels.conftest import DONGHU
from tests.strict_client import StrictClient

from jiuzhu.core.actors import system_actor
from jiuzhu.groundwork.documents.actions import Imprint, end_document, issue
from jiuzhu.groundwork.documents.content import Document, Paragraph
from jiuzhu.groundwork.documents.queries import IssuedView
from jiuzhu.groundwork.files import owners
from jiuzhu.groundwork.files.limits import UploadLimits
from jiuzhu.groundwork.files.queries import open_for

pytestmark = pytest.mark.django_db

CHECK = "/public/documents/check/"
AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
KIND = "test.decision"
ISSUER = system_actor("test")
UNKNOWN = "DB3709022026000099"


@dataclass(frozen=True)
class Paper:
    """What somebody holds in hand."""

    view: IssuedView
    code: str
    file: bytes

    @property
    def asked(self) -> dict[str, str]:
        return {"number": self.view.number, "code": self.code}


@pytest.fixture(autouse=True)
def _kept_apart(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)
    monkeypatch.setattr(owners, "_rules", dict(owners._rules))
    owners.register_owner(KIND, may_open=lambda _actor, _id: True, may_add=lambda _actor, _id: False)


@pytest.fixture
def issued() -> Callable[[int], Paper]:
    def make(version: int = 1) -> Paper:
        seen: list[Imprint] = []

        def build(imprint: Imprint) -> Document:
            seen.append(imprint)
            said = [Paragraph("王秀兰家庭：批准")]
            return Document("低保审核确认决定书", imprint.number, "泰山区民政局", imprint.issued_on, said)

        view = issue(
            actor=ISSUER,
            at=AT,
            kind="test.letter",
            prefix="DB",
            object_type=KIND,
            object_id=1,
            version=version,
            division=DONGHU,
            build=build,
            household_id=5,
        )
        assert view.file_id is not None
        return Paper(view, seen[0].check_code, b"".join(open_for(ISSUER, view.file_id).pieces))

    return make


def text_of(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


def compared(client: StrictClient, paper: Paper, content: bytes, name: str = "a.pdf") -> str:
    answer = client.post(CHECK, paper.asked | {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return text_of(answer.content)


def test_the_page_is_open_to_everyone_and_kept_by_nobody(client: StrictClient) -> None:
    answer = client.get(CHECK)
    assert answer.status_code == 200
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"][:7]) == ("no-store", "noindex")
    assert CHECK in client.get("/public/").content.decode()


def test_a_document_is_told_genuine_and_nobody_is_named(client: StrictClient, issued: Callable[..., Paper]) -> None:
    paper = issued()
    typed = {"number": paper.view.number.lower(), "code": f"{paper.code[:4]} {paper.code[4:8]}-{paper.code[8:]}"}
    for asked in (paper.asked, typed):
        page = text_of(client.get(CHECK, asked).content)
        for shown in (
            "由本系统出具，现在有效",
            "低保审核确认决定书",
            "泰山区民政局",
            "2026-11-26",
            paper.view.sha256,
        ):
            assert shown in page, shown
        assert "王秀兰" not in page


def test_a_wrong_code_and_an_unknown_number_are_answered_in_the_same_words(
    client: StrictClient, issued: Callable[..., Paper]
) -> None:
    paper = issued()
    pages = []
    for number, code in (
        (paper.view.number, "2" * 12),
        (paper.view.number, ""),
        (paper.view.number, "\x00"),
        (UNKNOWN, paper.code),
        ("\x00DB1\n", paper.code),
        ("<b>" * 30, "𠮷"),
    ):
        for answer in (
            client.get(CHECK, {"number": number, "code": code}),
            client.post(CHECK, {"number": number, "code": code, "file": SimpleUploadedFile("a.pdf", paper.file)}),
        ):
            assert answer.status_code == 200
            page = text_of(answer.content)
            assert paper.view.sha256 not in page
            pages.append(page)
    assert all("没有查到这份文书" in page and "与出具时" not in page for page in pages)


def test_the_file_that_was_issued_is_known_and_an_altered_one_found_out(
    client: StrictClient, issued: Callable[..., Paper]
) -> None:
    paper = issued()
    assert "您手中的文件与出具时一致" in compared(client, paper, paper.file, "改名.bin")
    altered = paper.file[:-1] + bytes([paper.file[-1] ^ 1])
    for content in (altered, paper.file + b"\n", b"x"):
        page = compared(client, paper, content)
        assert "您手中的文件与出具时不一致" in page
        assert "由本系统出具，现在有效" in page, "the document holds, whatever the file is"


def test_no_file_an_empty_one_and_a_huge_one_are_asked_for_again(
    client: StrictClient, issued: Callable[..., Paper]
) -> None:
    paper = issued()
    huge = b"x" * (UploadLimits().size_bytes + 1)
    for given in (
        {},
        {"file": SimpleUploadedFile("a.pdf", b"")},
        {"file": SimpleUploadedFile("a.pdf", huge)},
    ):
        answer = client.post(CHECK, paper.asked | given)
        assert answer.status_code == 422
        assert "与出具时" not in text_of(answer.content)


def test_a_replaced_document_says_so_even_with_its_true_file(
    client: StrictClient, issued: Callable[..., Paper]
) -> None:
    first, second = issued(1), issued(2)
    page = compared(client, first, first.file)
    assert "已有更新的版本" in page
    assert "现在有效" not in page
    assert second.view.number not in page, "the number of the other is not told"
    assert "现在有效" in text_of(client.get(CHECK, second.asked).content)
    assert "与出具时不一致" in compared(client, second, first.file)


def test_a_withdrawn_document_says_so_and_not_why(client: StrictClient, issued: Callable[..., Paper]) -> None:
    paper = issued()
    end_document(actor=ISSUER, at=AT, document_id=paper.view.id, reason="收入核对有误")
    page = text_of(client.get(CHECK, paper.asked).content)
    assert "已经收回，不再有效" in page
    assert "失效日期 2026-11-26" in page
    assert "收入核对有误" not in page


def test_what_was_compared_is_not_kept(client: StrictClient, issued: Callable[..., Paper], tmp_path: Path) -> None:
    paper = issued()
    before = sorted(path.name for path in tmp_path.rglob("*"))
    compared(client, paper, b"something of one's own")
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_in_english_only_what_was_issued_in_chinese_is_chinese(
    client: StrictClient, issued: Callable[..., Paper]
) -> None:
    paper = issued()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(CHECK, paper.asked).content.decode()
    assert "Issued here, and in force" in page
    assert '<span lang="zh-Hans">低保审核确认决定书</span>' in page
