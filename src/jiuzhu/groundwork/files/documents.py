"""PDF documents: those that run, fetch or carry something are refused (ISO 32000-1, 7.5.7, 7.11.4, 12.6.4).

This is a filter for what people bring by mistake and for known tricks (escaped names, names inside compressed object
streams). It does not replace the sandbox of the program that shows the document.
"""

import re
import zipfile
import zlib
from io import BytesIO

from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.files.limits import UploadLimits

_HEAD = b"%PDF-"
_END = b"%%EOF"
_END_WITHIN_BYTES = 2048
_END_OF_NAME = rb"(?![A-Za-z0-9])"


def _name(word: str) -> bytes:
    """A pattern of a name in which any letter may be written as `#` and two hexadecimal digits (7.3.5)."""
    return "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in word).encode()


_FORBIDDEN_NAMES = ("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "XFA")
_FORBIDDEN = re.compile(rb"/(?:" + rb"|".join(_name(word) for word in _FORBIDDEN_NAMES) + rb")" + _END_OF_NAME)
_LOCKED = re.compile(rb"/" + _name("Encrypt") + _END_OF_NAME + rb"\s*(\d+\s+\d+\s+R|<<)")
_OBJECT_STREAM = re.compile(rb"/" + _name("ObjStm") + _END_OF_NAME)
_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_NUMBERS_FIRST = re.compile(rb"\s*\d+\s+\d+")
_DICTIONARY_BYTES = 1024
_PEEK_BYTES = 256
_MOST_STREAMS = 20_000
_PIECE_BYTES = 16 * 1024


def check_document(content: bytes, limits: UploadLimits) -> None:
    """Refuse what is no plain document.

    Raises:
        InvalidValue: broken, locked, with active or embedded content, or another file is hidden behind it.
    """
    if not content.startswith(_HEAD) or _END not in content[-_END_WITHIN_BYTES:]:
        raise InvalidValue(
            "file.document_broken",
            "PDF文件不完整或已损坏，请重新生成或重新扫描后上传",
            "The PDF is incomplete or damaged; make or scan it again and upload it.",
        )
    if _LOCKED.search(content):
        raise InvalidValue(
            "file.document_locked",
            "PDF文件设有密码或权限限制，系统无法核对内容，请取消限制或打印为新的PDF后重新上传",
            "The PDF is locked; remove the lock or print it to a new PDF, and upload it again.",
        )
    if _FORBIDDEN.search(content) or zipfile.is_zipfile(BytesIO(content)):
        raise _active()
    _check_object_streams(content, limits)


def _check_object_streams(content: bytes, limits: UploadLimits) -> None:
    """Objects may lie in compressed streams, which begin with pairs of numbers: those are unpacked and searched."""
    left = limits.pdf_unpacked_bytes
    for number, start in enumerate(_STREAM.finditer(content), start=1):
        if number > _MOST_STREAMS:
            raise InvalidValue(
                "file.document_complex",
                "PDF文件结构过于复杂，系统无法核对内容，请打印为新的PDF或分成几个文件后重新上传",
                "The PDF is too complex to be checked; print it to a new PDF or split it.",
            )
        dictionary = content[max(0, start.start() - _DICTIONARY_BYTES) : start.start()]
        named = _OBJECT_STREAM.search(dictionary.rsplit(b"endobj", maxsplit=1)[-1]) is not None
        body = memoryview(content)[start.end() :]
        inflating = zlib.decompressobj()
        try:
            first = inflating.decompress(body[: 4 * _PEEK_BYTES], _PEEK_BYTES)
        except zlib.error:
            if named:
                raise _active() from None
            continue
        if not named and not _NUMBERS_FIRST.match(first):
            continue
        rest = _inflated(body, left)
        left -= len(rest)
        if _FORBIDDEN.search(rest):
            raise _active()


def _inflated(body: memoryview, limit_bytes: int) -> bytes:
    """Unpack the stream at the start of `body`, in pieces, so that what follows it is never copied."""
    inflating = zlib.decompressobj()
    found = bytearray()
    place = 0
    while not inflating.eof and place < len(body):
        piece = bytes(body[place : place + _PIECE_BYTES])
        place += len(piece)
        try:
            found += inflating.decompress(piece, limit_bytes + 1 - len(found))
        except zlib.error:
            raise _active() from None
        if len(found) > limit_bytes:
            raise _active()
    return bytes(found)


def _active() -> InvalidValue:
    return InvalidValue(
        "file.document_active",
        "PDF文件含有脚本、可启动的程序或附件，存在安全风险，请打印为新的PDF后重新上传，附件请单独上传",
        "The PDF holds scripts, programs or attachments; print it to a new PDF and upload attachments by themselves.",
    )
