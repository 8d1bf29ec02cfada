"""Setting a document as PDF/A with typst, in the one font that comes with the program, so that bytes repeat."""

import json
from functools import lru_cache
from pathlib import Path

import cvttf_NotoSansCJK_Regular
import segno
import typst

from jiuzhu.groundwork.documents.content import Document

_LAYOUT = Path(__file__).with_name("layout.typ")


def set_pdf(document: Document) -> bytes:
    """The document as PDF; the same document always gives the same bytes."""
    said = {
        "title": document.title,
        "number": document.number,
        "issuer": document.issuer,
        "issued_on": document.issued_on.isoformat(),
        "blocks": [one.as_data() for one in document.blocks],
        "check": document.check,
        "qr": _qr(document.check_url),
        "language": document.language,
        "pages": document.pages,
    }
    return typst.compile(
        _LAYOUT,
        root=_LAYOUT.parent,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"document": json.dumps(said, ensure_ascii=False)},
        # archived for decades (ISO 19005-2)
        pdf_standards="a-2b",
    )


def _qr(url: str) -> str:
    """The picture of an address as SVG; empty without one."""
    return segno.make(url, error="m").svg_inline(scale=2, border=1) if url else ""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The font that comes with the program, and no other: a document looks and hashes the same everywhere."""
    folder = Path(cvttf_NotoSansCJK_Regular.__file__).parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
