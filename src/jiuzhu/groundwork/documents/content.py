"""What an issued document says: blocks of plain text, which the layout sets and never interprets."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section."""

    text: str

    def as_data(self) -> dict[str, Any]:
        """The form that the layout reads."""
        return {"kind": "heading", "text": self.text}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `small` is set smaller, for notes."""

    text: str = field(repr=False)
    small: bool = False

    def as_data(self) -> dict[str, Any]:
        """The form that the layout reads."""
        return {"kind": "paragraph", "text": self.text, "small": self.small}


@dataclass(frozen=True, slots=True)
class Particulars:
    """Labels and their values, one to a line."""

    rows: Sequence[tuple[str, str]] = field(repr=False)

    def as_data(self) -> dict[str, Any]:
        """The form that the layout reads."""
        return {"kind": "particulars", "rows": [list(row) for row in self.rows]}


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose heading is repeated on every page. `shares` are the widths of the columns to each other.

    Columns in `numeric` (counted from 0) are set flush right. A table without rows says `empty`.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]] = field(repr=False)
    shares: Sequence[int] = ()
    numeric: frozenset[int] = frozenset()
    empty: str = "无"

    def as_data(self) -> dict[str, Any]:
        """The form that the layout reads.

        Raises:
            ValueError: a row is not as wide as the heading.
        """
        width = len(self.headings)
        if any(len(row) != width for row in self.rows) or (self.shares and len(self.shares) != width):
            raise ValueError("every row of a table has a cell for each heading")
        return {
            "kind": "table",
            "headings": list(self.headings),
            "rows": [list(row) for row in self.rows],
            "shares": list(self.shares) or [1] * width,
            "numeric": sorted(self.numeric),
            "empty": self.empty,
        }


@dataclass(frozen=True, slots=True)
class Listing:
    """Points, one to a line."""

    items: Sequence[str] = field(repr=False)

    def as_data(self) -> dict[str, Any]:
        """The form that the layout reads."""
        return {"kind": "listing", "items": list(self.items)}


@dataclass(frozen=True, slots=True)
class Signature:
    """A line signed by hand: `image` is the signature as PNG, `ratio` its width by its height."""

    label: str
    name: str = field(repr=False)
    signed_on: str
    image: bytes = field(default=b"", repr=False)
    ratio: float = 3.0

    def as_data(self) -> dict[str, Any]:
        """The form that the layout reads; JSON holds no bytes, so the picture is wrapped in a drawing."""
        drawing = ""
        if self.image:
            height = 100
            size = f'width="{height * self.ratio:.2f}" height="{height}"'
            data = b64encode(self.image).decode()
            drawing = (
                f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
                f'<image {size} href="data:image/png;base64,{data}"/></svg>'
            )
        return {
            "kind": "signature",
            "label": self.label,
            "name": self.name,
            "signed_on": self.signed_on,
            "image": drawing,
        }


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on: who signs, and the name and time where it was signed already."""

    rows: Sequence[tuple[str, str, str]] = field(repr=False)

    def as_data(self) -> dict[str, Any]:
        """The form that the layout reads."""
        return {"kind": "signatures", "rows": [list(row) for row in self.rows]}


Block = Heading | Paragraph | Particulars | Table | Listing | Signature | Signatures


@dataclass(frozen=True, slots=True)
class Document:
    """An issued document. `check` are the words at its foot that say how to check it, `check_url` what its QR leads to.

    `pages` is how pages are counted (`第{n}页，共{m}页`).
    """

    title: str
    number: str
    issuer: str
    issued_on: date
    blocks: Sequence[Block] = field(repr=False)
    check: str = ""
    check_url: str = ""
    language: str = "zh"
    pages: str = "第{n}页，共{m}页"
