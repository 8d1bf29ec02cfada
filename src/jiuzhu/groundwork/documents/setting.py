"""Setting a document as PDF/A and PDF/UA with typst, in the one font of the program, so that bytes repeat."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst

from jiuzhu.groundwork.documents.content import Document
from jiuzhu.groundwork.documents.glyphs import font_folder, showable

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
        "language": document.language,
        "pages": document.pages,
    }
    return typst.compile(
        _LAYOUT,
        root=_LAYOUT.parent,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"document": json.dumps(_showable(said) | {"qr": _qr(document.check_url)}, ensure_ascii=False)},
        # archived for decades, and read aloud to those who do not see (ISO 19005-2 level A, ISO 14289-1)
        pdf_standards=["a-2a", "ua-1"],
    )


def _showable(said: Any) -> Any:
    """Every text within, as the font can show it."""
    if isinstance(said, str):
        return showable(said)
    if isinstance(said, dict):
        return {key: _showable(one) for key, one in said.items()}
    return [_showable(one) for one in said] if isinstance(said, list) else said


def _qr(url: str) -> str:
    """The picture of an address as SVG; empty without one."""
    return segno.make(url, error="m").svg_inline(scale=2, border=1) if url else ""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The font that comes with the program, and no other: a document looks and hashes the same everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()])
