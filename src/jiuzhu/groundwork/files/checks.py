"""Whether an upload may be taken: pure functions on its bytes and its name. Whatever passes is what will be stored.

The type is found from the content; the name must agree with it; only then the rules of the type are applied.
"""

import re
from dataclasses import dataclass, field

import puremagic

from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.files.documents import check_document
from jiuzhu.groundwork.files.images import clean_image
from jiuzhu.groundwork.files.limits import IMAGES, NAMES_OF_TYPES, SUFFIXES, MediaType, UploadLimits
from jiuzhu.groundwork.files.names import refuse_hidden_ending, safe_name, suffix_of
from jiuzhu.groundwork.files.workbooks import check_workbook

_BINARY = (MediaType.JPEG, MediaType.PNG, MediaType.PDF)
_ZIP_HEAD = b"PK\x03\x04"
_MARKUP = re.compile(r"\s*<\s*(!doctype|!--|\?|[a-z])", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SHOWN_NAME = 40


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """An upload that may be stored: its bytes (of an image: without metadata), its safe name and what it is."""

    content: bytes = field(repr=False)
    name: str
    media_type: MediaType
    width_px: int | None = None
    height_px: int | None = None


def check_upload(content: bytes, name: str, limits: UploadLimits | None = None) -> CheckedUpload:
    """Check an upload.

    Raises:
        InvalidValue: each reason has a code (`file.size`, `file.type_mismatch`, …) and says what to do.
    """
    limits = limits or UploadLimits()
    name = safe_name(name)
    _refuse_size(content, limits)
    promised = _promised(name, limits)
    refuse_hidden_ending(name)
    if sniff(content) is not promised:
        raise InvalidValue(
            "file.type_mismatch",
            f"文件“{_shown(name)}”的内容不是{NAMES_OF_TYPES[promised][0]}，请核对是否选错文件，或另存为正确格式后重新上传",
            f'The content of "{_shown(name)}" is no {NAMES_OF_TYPES[promised][1]}; check that it is the right file, or'
            " save it in the right format.",
        )
    if promised in IMAGES:
        image = clean_image(content, promised, limits)
        return CheckedUpload(image.content, name, promised, image.width_px, image.height_px)
    if promised is MediaType.PDF:
        check_document(content, limits)
    elif promised is MediaType.XLSX:
        check_workbook(content, limits)
    return CheckedUpload(content, name, promised)


def sniff(content: bytes) -> MediaType | None:
    """The type by content; None when it is none of those taken."""
    if content.startswith(_ZIP_HEAD):
        # whether the archive is a workbook is judged by its directory
        return MediaType.XLSX
    try:
        guesses = {guess.mime_type for guess in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        guesses = set()
    for media_type in _BINARY:
        if media_type.value in guesses:
            return media_type
    return MediaType.CSV if _is_table_text(content) else None


def table_text(content: bytes) -> str | None:
    """The text of a CSV file in UTF-8 or GB 18030 (what Excel writes in China); None when it is neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _is_table_text(content: bytes) -> bool:
    text = table_text(content)
    return text is not None and bool(text.strip()) and not _CONTROLS.search(text) and not _MARKUP.match(text)


def _refuse_size(content: bytes, limits: UploadLimits) -> None:
    if not content:
        raise InvalidValue(
            "file.empty",
            "文件是空的，请核对是否选错文件，重新上传",
            "The file is empty; check that it is the right one and upload it again.",
        )
    if len(content) > limits.size_bytes:
        size = f"{len(content) / 1024 / 1024:.1f}"
        most = f"{limits.size_bytes / 1024 / 1024:.4g}"
        raise InvalidValue(
            "file.size",
            f"文件为{size}兆字节，超过上限{most}兆字节，请压缩图片、降低扫描分辨率或分成几个文件后上传",
            f"The file has {size} MiB, more than the limit of {most} MiB; make it smaller or split it.",
        )


def _promised(name: str, limits: UploadLimits) -> MediaType:
    promised = SUFFIXES.get(suffix_of(name))
    if promised is None or promised not in limits.allowed:
        allowed = sorted(limits.allowed, key=list(MediaType).index)
        zh = "、".join(NAMES_OF_TYPES[one][0] for one in allowed)
        en = ", ".join(NAMES_OF_TYPES[one][1] for one in allowed)
        raise InvalidValue(
            "file.type",
            f"不能上传“{_shown(name)}”这类文件，可上传：{zh}，请转换格式后重新上传",
            f'Files like "{_shown(name)}" are not taken; these are: {en}. Convert the file and upload it again.',
        )
    return promised


def _shown(name: str) -> str:
    return name if len(name) <= _SHOWN_NAME else f"{name[: _SHOWN_NAME - 12]}…{name[-10:]}"
