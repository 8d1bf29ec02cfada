"""Issued documents (S13): text is never interpreted, and the same content is the same file."""

import re
import zlib
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from jiuzhu.groundwork.documents.content import (
    Block,
    Document,
    Heading,
    Listing,
    Paragraph,
    Particulars,
    Signature,
    Signatures,
    Table,
)
from jiuzhu.groundwork.documents.glyphs import showable
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
        Listing([text]),
        Signature(text, text, text),
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


def _unpacked(pdf: bytes) -> bytes:
    """Everything that lies in compressed streams, after the file itself."""
    streams = re.findall(rb"(?<!end)stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    found = [pdf]
    for stream in streams:
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(found)


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", _unpacked(pdf)))


def test_a_word_wider_than_its_column_is_broken_and_not_set_over_the_next() -> None:
    narrow = [1, 20]
    assert _pages(set_pdf(_document(Table(["号", "乙"], [["short", "x"]], narrow)))) == 1
    assert _pages(set_pdf(_document(Table(["号", "乙"], [["x" * 1_000, "x"]], narrow)))) > 1
    for block in (Paragraph("x" * 9_000), Listing(["x" * 9_000]), Particulars([("号", "x" * 9_000)])):
        assert _pages(set_pdf(_document(block))) > 1, block


def test_a_signature_by_hand_is_set_where_it_was_made() -> None:
    target = BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 120, 255)).save(target, "PNG")
    signed = _document(Signature("申请人", "王秀兰", "2026-11-26", target.getvalue(), 3.0))
    unsigned = _document(Signature("申请人", "王秀兰", "2026-11-26"))
    drawn, bare = (len(re.findall(rb"/Subtype\s*/Image\b", _unpacked(set_pdf(one)))) for one in (signed, unsigned))
    assert drawn > bare == 0
    assert set_pdf(signed) == set_pdf(signed)


def test_a_document_can_be_archived_and_read_aloud() -> None:
    said = _unpacked(
        set_pdf(_document(Heading("一"), Table(["甲"], [["一"]]), check="核验", check_url="https://c.example"))
    )
    for mark in (b"pdfaid:part>2<", b"pdfaid:conformance>A<", b"pdfuaid:part>1<", b"StructTreeRoot"):
        assert mark in said, mark


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王秀兰", "王秀兰"),
        ("𠮷㐱", "𠮷㐱"),
        ("王𪚥", "王〓(U+2A6A5)"),
        ("好😀", "好〓(U+1F600)"),
        ("甲\u202e乙\x00丙", "甲乙丙"),
        ("葛\U000e0100", "葛"),
        ("Rene\u0301", "René"),
        ("\uf9dc", "\uf9dc"),
        ("一\n二", "一\n二"),
        ("plain", "plain"),
    ],
)
def test_a_sign_without_a_glyph_is_named_and_an_unseen_one_falls_away(text: str, shown: str) -> None:
    assert showable(text) == shown


@given(st.text(alphabet=st.characters(), max_size=30))
@settings(max_examples=40)
def test_no_text_stops_a_document(text: str) -> None:
    assert set_pdf(_document(Heading(text), Paragraph(text), Table([text], [[text]]))).startswith(b"%PDF-")
