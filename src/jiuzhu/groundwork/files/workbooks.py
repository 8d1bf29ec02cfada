"""Excel workbooks: the directory of the archive is judged before anything is unpacked, then every entry is measured.

ECMA-376 (Office Open XML) part 2 describes the package and its relationships.
"""

import zipfile
import zlib
from io import BytesIO
from xml.etree import ElementTree as ET

from jiuzhu.core.errors import InvalidValue
from jiuzhu.groundwork.files.limits import MEBIBYTE, UploadLimits

_REQUIRED = frozenset({"[content_types].xml", "xl/workbook.xml"})
_ARCHIVES = (".zip", ".xlsx", ".xlsm", ".xlsb", ".docx", ".pptx", ".7z", ".rar", ".gz", ".jar")
_MACROS = ("vbaproject.bin", "vbaprojectsignature.bin", "xl/macrosheets/", "xl/dialogsheets/", "xl/activex/")
_EMBEDDED = ("xl/embeddings/", "xl/ctrlprops/")
_OUTSIDE = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/", "customui/")
_ENCRYPTED_FLAG = 0x1
_SMALL_BYTES = MEBIBYTE
_PIECE_BYTES = 256 * 1024
_RELATIONS_BYTES = 16 * MEBIBYTE
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)


def check_workbook(content: bytes, limits: UploadLimits) -> None:
    """Refuse what is no plain workbook.

    Raises:
        InvalidValue: broken, locked by a password, a bomb, or with macros, embedded files or links to other files.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_directory(archive.infolist(), limits)
            _measure(archive, limits)
            for entry in archive.infolist():
                if entry.filename.lower().endswith(".rels"):
                    if entry.file_size > _RELATIONS_BYTES:
                        raise _bomb()
                    _check_relations(archive.read(entry))
    except InvalidValue:
        raise
    except _UNREADABLE:
        raise _broken() from None


def _check_directory(entries: list[zipfile.ZipInfo], limits: UploadLimits) -> None:
    names = [entry.filename.replace("\\", "/").lower() for entry in entries]
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise InvalidValue(
            "file.workbook_locked",
            "Excel文件设有密码，系统无法核对内容，请取消密码后重新上传",
            "The workbook is locked by a password; remove the password and upload it again.",
        )
    if len(entries) > limits.workbook_entries:
        raise _bomb()
    if len(set(names)) != len(names) or any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise _broken()
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if unpacked > limits.workbook_unpacked_bytes:
        raise _bomb()
    if unpacked > _SMALL_BYTES and unpacked > limits.workbook_ratio * packed:
        raise _bomb()
    if not set(names) >= _REQUIRED:
        raise _broken()
    _check_contents(names)


def _check_contents(names: list[str]) -> None:
    for name in names:
        if any(part in name for part in _MACROS):
            raise InvalidValue(
                "file.workbook_macro",
                "Excel文件含有宏，存在安全风险，请另存为不含宏的“Excel 工作簿（.xlsx）”后重新上传",
                'The workbook holds macros; save it as an "Excel Workbook (.xlsx)" without them and upload it again.',
            )
        if name.startswith(_EMBEDDED) or name.endswith(_ARCHIVES):
            raise InvalidValue(
                "file.workbook_embedded",
                "Excel文件中嵌有其他文件，请删除嵌入的对象，把需要的文件单独上传",
                "The workbook holds other files; remove the embedded objects and upload those files by themselves.",
            )
        if name.startswith(_OUTSIDE):
            raise _outside()


def _measure(archive: zipfile.ZipFile, limits: UploadLimits) -> None:
    """Unpack every entry piece by piece: what the directory states may be a lie."""
    left = limits.workbook_unpacked_bytes
    for entry in archive.infolist():
        first = b""
        with archive.open(entry) as stream:
            while piece := stream.read(_PIECE_BYTES):
                first = first or piece[:4]
                left -= len(piece)
                if left < 0:
                    raise _bomb()
        if first == b"PK\x03\x04":
            _check_contents([entry.filename + ".zip"])


def _check_relations(content: bytes) -> None:
    """Only hyperlinks may point outside; data, pictures and templates may not be fetched from elsewhere."""
    if b"<!" in content.replace(b"<!--", b"") or b"\x00" in content:
        raise _broken()
    try:
        root = ET.fromstring(content)  # noqa: S314 (a document type was refused above, so nothing expands)
    except ET.ParseError:
        raise _broken() from None
    for relation in root.iter():
        if relation.get("TargetMode", "").lower() == "external" and not relation.get("Type", "").endswith("/hyperlink"):
            raise _outside()


def _outside() -> InvalidValue:
    return InvalidValue(
        "file.workbook_external",
        "Excel文件引用了外部文件或数据连接，请在“数据—编辑链接”中断开链接，或复制为数值后重新上传",
        "The workbook refers to other files or data connections; break the links or paste as values, and try again.",
    )


def _bomb() -> InvalidValue:
    return InvalidValue(
        "file.workbook_bomb",
        "Excel文件解压后过大，请删除空白行列和多余工作表，另存为新文件后重新上传；数据较多时请分成几个文件",
        "The workbook unpacks to too much; delete empty rows and spare sheets and save it anew, or split it.",
    )


def _broken() -> InvalidValue:
    return InvalidValue(
        "file.workbook_broken",
        "文件不是完整的Excel工作簿（.xlsx），请用Excel或WPS打开，另存为.xlsx后重新上传",
        "The file is not a complete Excel workbook (.xlsx); open it, save it as .xlsx and upload it again.",
    )
