"""Issued documents (S13): text is never interpreted, and the same content is the same file."""

from datetime import date

import pytest

from jiuzhu.groundwork.documents.content import (
    Block,
    Document,
    Heading,
    Paragraph,
    Particulars,
    Signatures,
    Table,
)
from jiuzhu.groundwork.documents.setting import set_pdf


def _document(*blocks: Block, **changed: str) -> Document:
    said = {"title": "核对报告", "number": "HD-1", "issuer": "泰山区民政局"} | changed
    return Document(issued_on=date(2026, 11, 26), blocks=blocks, **said)


def test_the_same_content_is_the_same_file() -> None:
    document = _document(Heading("一"), Paragraph("甲"), check="核验", check_url="https://city.example/check?n=1")
    assert set_pdf(document) == set_pdf(document)
    assert set_pdf(document) != set_pdf(_document(Heading("一"), Paragraph("乙")))
    assert set_pdf(document).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "text",
    ["#let x = 1", "$x$", "*粗* _斜_ `码`", "[b] @ref <label>", '#panic("x")', "\\u{0}", "㐱𠮷骨角", "", "长" * 5_000],
)
def test_text_is_set_and_never_interpreted(text: str) -> None:
    blocks: list[Block] = [
        Heading(text),
        Paragraph(text),
        Particulars([(text, text)]),
        Table([text], [[text]]),
        Signatures([(text,) * 3]),
    ]
    assert set_pdf(_document(*blocks, title=text or "空", issuer=text)).startswith(b"%PDF-")


def test_a_long_table_runs_over_pages_and_an_empty_one_says_so() -> None:
    short = set_pdf(_document(Table(["甲", "乙"], [])))
    long = set_pdf(_document(Table(["甲", "乙"], [["一", "二"]] * 2_000, [3, 1], frozenset({1}))))
    assert long.count(b"/Type /Page") > 10 * short.count(b"/Type /Page") or len(long) > 10 * len(short)


def test_a_row_as_wide_as_no_heading_is_refused() -> None:
    with pytest.raises(ValueError, match="cell for each heading"):
        set_pdf(_document(Table(["甲", "乙"], [["一"]])))
