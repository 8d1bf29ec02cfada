"""A set of policy packs as one archive: all files of all layers, and the one form in which it is stored.

Paths are `root/layer/…`, as in `policies/370000-shandong/dibao/process.yaml`; an archive without root folders gets one.
The stored form is a zip without compression, so that the same files give the same bytes on every machine.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path

from jiuzhu.core.errors import InvalidValue
from jiuzhu.engine.packs.loading import DEMO

MEBIBYTE = 1024 * 1024
MOST_BYTES = 32 * MEBIBYTE
MOST_FILES = 2_000
ROOT = "policies"
# folders have entries of their own in most archives
_MOST_ENTRIES = 3 * MOST_FILES
_LONGEST_PATH = 200
_DEEPEST = 6
_KINDS = (".yaml", ".md")
_LAYER = re.compile(r"[0-9]{6}-[a-z][a-z0-9-]*")
# letters that mean the same on every file system; a name that begins with a dot is hidden, `..` climbs
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_BESIDE_LAYERS = "README.md"
_ENCRYPTED = 0x1
_PIECE_BYTES = 256 * 1024
_NO_DAY = (1980, 1, 1, 0, 0, 0)
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)

Files = Mapping[str, bytes]


def archive_of(folders: Sequence[Path], *, demo: bool = True) -> bytes:
    """The archive of folders of layers, in the order in which they are laid over each other.

    Without `demo` layers of demonstration values are left out. Only files that packs consist of are taken.

    Raises:
        InvalidValue: two folders have the same name, or what they hold is no set of packs.
    """
    names = [folder.name for folder in folders]
    if len(set(names)) != len(names):
        raise InvalidValue(
            "catalogue.archive.roots",
            "两个政策文件夹同名，请改名后重试",
            "Two folders of packs have the same name; rename one.",
        )
    found: dict[str, bytes] = {}
    for folder in folders:
        for path in sorted(folder.glob("*-*/**/*")):
            parts = path.relative_to(folder).parts
            passed_over = any(part.startswith(".") for part in parts) or (not demo and parts[0].endswith(DEMO))
            if path.suffix in _KINDS and path.is_file() and not passed_over:
                found["/".join((folder.name, *parts))] = path.read_bytes()
    return packed(found)


def canonical(content: bytes) -> bytes:
    """An archive that was handed in, in the form in which it is stored.

    Raises:
        InvalidValue: it is no archive of packs; see `files_of`.
    """
    return packed(files_of(content))


def has_demo(files: Iterable[str]) -> bool:
    """Whether a layer of demonstration values is among the paths."""
    return any(path.split("/")[1].endswith(DEMO) for path in files)


def packed(files: Files) -> bytes:
    """Files by path as one archive: roots in their order, the files of each by path.

    Raises:
        InvalidValue: a path or the whole is not what a set of packs may be.
    """
    if sum(map(len, files.values())) > MOST_BYTES or len(files) > MOST_FILES:
        raise _too_large()
    rooted = _rooted(files)
    roots = list(dict.fromkeys(path.split("/")[0] for path in rooted))
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(rooted, key=lambda path: (roots.index(path.split("/")[0]), path)):
            entry = zipfile.ZipInfo(path, _NO_DAY)
            entry.create_system = 3
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, rooted[path])
    return written.getvalue()


def files_of(content: bytes) -> dict[str, bytes]:
    """The files of an archive by path, in its order; nothing is written anywhere.

    Raises:
        InvalidValue: no zip, locked, too large, or with a path that is absolute, climbs, is a link or of no known kind.
    """
    if len(content) > MOST_BYTES:
        raise _too_large()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _rooted(_read(archive))
    except InvalidValue:
        raise
    except _UNREADABLE:
        raise InvalidValue(
            "catalogue.archive.broken",
            "文件不是完整的zip压缩包，请把政策文件夹压缩为zip后重新上传",
            "The file is not a complete zip archive; pack the folder of policies as zip and upload it again.",
            field="archive",
        ) from None


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _too_large()
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for entry in entries:
        _refuse_entry(entry)
        if entry.is_dir():
            continue
        if entry.filename in found or len(found) == MOST_FILES:
            raise _too_large() if entry.filename not in found else _path(entry.filename, "出现两次", "is there twice")
        pieces = []
        with archive.open(entry) as stream:
            # what the directory states may be a lie
            while piece := stream.read(_PIECE_BYTES):
                left -= len(piece)
                if left < 0:
                    raise _too_large()
                pieces.append(piece)
        found[entry.filename] = b"".join(pieces)
    return found


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise InvalidValue(
            "catalogue.archive.locked",
            "压缩包设有密码，请取消密码后重新上传",
            "The archive is locked by a password; remove it and upload the archive again.",
            field="archive",
        )
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _path(entry.filename, "是链接或特殊文件", "is a link or a special file")


def _rooted(files: Files) -> dict[str, bytes]:
    """The files with a root before each path; what lies beside the layers is left out."""
    for path in files:
        _refuse_path(path)
    parents = {"/".join(path.split("/")[:depth]) for path in files for depth in range(1, path.count("/") + 1)}
    for path in parents & files.keys():
        raise _path(path, "既是文件又是文件夹", "is both a file and a folder")
    bare = any(_LAYER.fullmatch(path.split("/")[0]) for path in files if "/" in path)
    found: dict[str, bytes] = {}
    for path, content in files.items():
        parts = path.split("/")
        rooted = [ROOT, *parts] if bare else parts
        if len(rooted) <= 2 and rooted[-1] == _BESIDE_LAYERS:
            continue
        if len(rooted) < 3 or not _LAYER.fullmatch(rooted[1]):
            raise _path(
                path,
                "不在层级文件夹内，层级文件夹的名称如370000-shandong",
                "lies in no layer; a layer's folder is called as in 370000-shandong",
            )
        found["/".join(rooted)] = content
    lower = [path.lower() for path in found]
    if len(set(lower)) != len(lower):
        raise _path(next(one for one in lower if lower.count(one) > 1), "出现两次", "is there twice")
    if not found:
        raise InvalidValue(
            "catalogue.archive.empty",
            "压缩包内没有政策文件，请核对是否选错文件",
            "The archive holds no file of a policy pack; check that it is the right one.",
            field="archive",
        )
    return found


def _refuse_path(path: str) -> None:
    parts = path.split("/")
    if path.startswith("/") or "\\" in path or ":" in path or ".." in parts:
        raise _path(path, "不是压缩包内的相对路径", "is no path within the archive")
    if len(path) > _LONGEST_PATH or len(parts) > _DEEPEST or not all(_PART.fullmatch(part) for part in parts):
        raise _path(
            path,
            "名称不合规：只用字母、数字、下划线、连字符和点，不以点开头，且不超过6层",
            "is not named as packs are: letters, digits, _ - and dots, no dot first, at most 6 levels",
        )
    if not path.endswith(_KINDS):
        raise _path(path, "不是.yaml或.md文件", "is neither a .yaml nor a .md file")


def _path(path: str, zh: str, en: str) -> InvalidValue:
    shown = path if len(path) <= 80 else path[:79] + "…"
    return InvalidValue(
        "catalogue.archive.path",
        f"“{shown}”{zh}，请整理后重新压缩上传",
        f'"{shown}" {en}; put it right, pack the folder anew and upload it again.',
        field="archive",
    )


def _too_large() -> InvalidValue:
    return InvalidValue(
        "catalogue.archive.size",
        f"政策文件超过{MOST_FILES}个，或合计超过{MOST_BYTES // MEBIBYTE}兆字节，请删去无关文件",
        f"There are more than {MOST_FILES} files or {MOST_BYTES // MEBIBYTE} MiB; remove what is not needed.",
        field="archive",
    )
