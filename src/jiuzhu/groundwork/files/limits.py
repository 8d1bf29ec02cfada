"""What may be uploaded: the types and the sizes."""

from dataclasses import dataclass
from enum import StrEnum

MEBIBYTE = 1024 * 1024


class MediaType(StrEnum):
    """The types this system takes (RFC 6838 names)."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    CSV = "text/csv"


IMAGES = frozenset({MediaType.JPEG, MediaType.PNG})

# What a browser may show inside a page of ours; everything else is saved to disk.
SHOWN_INLINE = frozenset({MediaType.JPEG, MediaType.PNG, MediaType.PDF})

SUFFIXES: dict[str, MediaType] = {
    ".jpg": MediaType.JPEG,
    ".jpeg": MediaType.JPEG,
    ".png": MediaType.PNG,
    ".pdf": MediaType.PDF,
    ".xlsx": MediaType.XLSX,
    ".csv": MediaType.CSV,
}

NAMES_OF_TYPES: dict[MediaType, tuple[str, str]] = {
    MediaType.JPEG: ("JPG图片", "JPEG image"),
    MediaType.PNG: ("PNG图片", "PNG image"),
    MediaType.PDF: ("PDF文档", "PDF document"),
    MediaType.XLSX: ("Excel工作簿（.xlsx）", "Excel workbook (.xlsx)"),
    MediaType.CSV: ("CSV表格", "CSV table"),
}


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Limits of one place of upload. Sizes are technical defaults, not policy."""

    allowed: frozenset[MediaType] = frozenset(MediaType)
    size_bytes: int = 10 * MEBIBYTE
    image_px: int = 50_000_000
    image_side_px: int = 20_000
    workbook_entries: int = 1_000
    workbook_unpacked_bytes: int = 200 * MEBIBYTE
    workbook_ratio: int = 100
    pdf_unpacked_bytes: int = 100 * MEBIBYTE
