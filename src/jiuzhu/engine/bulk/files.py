"""Opening files that others sent: CSV in UTF-8 or GBK, Parquet, a CSV in a zip. What is too large or broken is refused.

Nothing here is trusted: sizes are counted while unpacking, encodings while decoding, rows by the file's own end.
"""

import codecs
import csv
import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

import duckdb

from jiuzhu.engine.bulk.problems import FileRefused, refuse

MANIFEST = "manifest.json"
ENDINGS = ("parquet", "csv", "zip")
_CHUNK = 1 << 20
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: on disk, unpacked, in rows, in one line; and how far a zip may shrink."""

    file_bytes: int = 4_000_000_000
    unpacked_bytes: int = 8_000_000_000
    rows: int = 100_000_000
    line_bytes: int = 65_536
    shrink: int = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What the manifest beside the files says of one: the day of its data, its rows, its digest."""

    as_of: date | None = None
    rows: int | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file ready to be read: `path` is CSV in UTF-8 or Parquet, `headings` its columns with their types."""

    name: str
    path: Path
    is_parquet: bool
    headings: tuple[str, ...]
    types: tuple[str, ...] = ()


def manifest_of(folder: Path) -> Mapping[str, Told]:
    """What `manifest.json` says of the files of a folder; nothing when there is none.

    Raises:
        FileRefused: it is not of the form.
    """
    file = folder / MANIFEST
    if not file.exists():
        return {}
    try:
        given = json.loads(file.read_text(encoding="utf-8-sig"))
        return {name: _told(one) for name, one in given["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise refuse(
            MANIFEST,
            "manifest.form",
            "清单读不出来，应为JSON，files下按文件名写as_of（日期）、rows（行数）、sha256，请改正",
            "the manifest cannot be read: JSON with `files`, and for each its as_of, rows and sha256; correct it",
        ) from wrong


def _told(one: Mapping[str, Any]) -> Told:
    day, rows = one.get("as_of"), one.get("rows")
    return Told(
        None if day is None else date.fromisoformat(day), None if rows is None else int(rows), one.get("sha256", "")
    )


def open_file(file: Path, work: Path, limits: Limits, told: Told | None = None) -> Opened:
    """Check a file's size, packing, encoding and heading; what has to be unpacked or recoded is put into `work`.

    Raises:
        FileRefused: it cannot be used, with the reason and the place.
    """
    told = told or Told()
    try:
        size = file.stat().st_size
    except OSError as wrong:
        raise refuse(
            file.name, "file.missing", "文件不存在或无法打开", "there is no such file, or it cannot be opened"
        ) from wrong
    if size > limits.file_bytes:
        raise _too_large(file.name, size, limits.file_bytes)
    if size == 0:
        raise refuse(file.name, "file.empty", "文件是空的，请重新获取", "the file is empty; get it again")
    if told.sha256 and told.sha256.lower() != _digest(file):
        raise refuse(
            file.name,
            "file.digest",
            "文件内容与清单的校验值不一致，可能在传送中损坏或被改动，请重新获取",
            "its digest is not the one in the manifest: damaged on its way or changed; get it again",
        )
    with file.open("rb") as stream:
        first = stream.read(4)
    if first == b"PAR1" or file.suffix == ".parquet":
        return _parquet(file, limits)
    path = _unpacked(file, work, limits) if first[:2] == b"PK" or file.suffix == ".zip" else file
    path = _in_utf8(file.name, path, work)
    return Opened(file.name, path, is_parquet=False, headings=_heading(file.name, path, limits))


def fingerprint(file: Path) -> str:
    """What tells a file from a later one without reading all of it: name, size, time of change, both ends."""
    stat = file.stat()
    found = hashlib.sha256(f"{file.name}:{stat.st_size}:{stat.st_mtime_ns}".encode())
    with file.open("rb") as stream:
        found.update(stream.read(_CHUNK))
        stream.seek(max(0, stat.st_size - _CHUNK))
        found.update(stream.read(_CHUNK))
    return found.hexdigest()


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _too_large(name: str, size: int, most: int) -> FileRefused:
    return refuse(
        name,
        "file.size",
        f"文件有{size / _MB:,.0f} MB，超过{most / _MB:,.0f} MB的上限，请拆分后分批核对",
        f"it has {size / _MB:,.0f} MB, more than the {most / _MB:,.0f} MB allowed; split it into several",
    )


def _parquet(file: Path, limits: Limits) -> Opened:
    quoted = str(file).replace("'", "''")
    try:
        with duckdb.connect(":memory:", config={"threads": 1}) as con:
            (rows,) = con.execute(f"SELECT num_rows FROM parquet_file_metadata('{quoted}')").fetchall()[0]  # noqa: S608
            (unpacked,) = con.execute(
                f"SELECT coalesce(sum(total_uncompressed_size), 0) FROM parquet_metadata('{quoted}')"  # noqa: S608
            ).fetchall()[0]
            if rows > limits.rows or unpacked > limits.unpacked_bytes:
                raise refuse(
                    file.name,
                    "file.unpacked",
                    f"展开后有{rows:,}行、{unpacked / _MB:,.0f} MB，超过上限（{limits.rows:,}行、"
                    f"{limits.unpacked_bytes / _MB:,.0f} MB），未读取",
                    f"unpacked it has {rows:,} rows and {unpacked / _MB:,.0f} MB, more than {limits.rows:,} rows or "
                    f"{limits.unpacked_bytes / _MB:,.0f} MB allowed; nothing was read",
                )
            described = con.execute(f"DESCRIBE SELECT * FROM read_parquet('{quoted}')").fetchall()  # noqa: S608
    except duckdb.Error as wrong:
        raise refuse(
            file.name,
            "file.parquet",
            "不是完整的Parquet文件，可能被截断，请重新获取",
            "not a whole Parquet file, perhaps cut short; get it again",
        ) from wrong
    return Opened(
        file.name,
        file,
        is_parquet=True,
        headings=tuple(row[0] for row in described),
        types=tuple(row[1] for row in described),
    )


def _unpacked(file: Path, work: Path, limits: Limits) -> Path:
    """The one CSV in a zip, counted while it is unpacked: what the zip says of its size is not believed."""
    aim = work / f"{file.stem}.unpacked.csv"
    try:
        with zipfile.ZipFile(file) as packed:
            members = [one for one in packed.infolist() if not one.is_dir()]
            if len(members) != 1 or not members[0].filename.lower().endswith(".csv") or members[0].flag_bits & 1:
                raise refuse(
                    file.name,
                    "zip.members",
                    f"压缩包里应当只有一个未加密的CSV文件，现有{len(members)}个文件，请重新打包",
                    f"a zip holds one CSV that is not encrypted; this one has {len(members)} files; pack it again",
                )
            most = min(limits.unpacked_bytes, max(members[0].compress_size, 1) * limits.shrink + _CHUNK)
            with packed.open(members[0]) as source, aim.open("wb") as target:
                _copy_counted(file.name, source, target, most)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as wrong:
        aim.unlink(missing_ok=True)
        raise refuse(
            file.name, "zip.broken", "压缩包不完整或已损坏，请重新获取", "the zip is cut short or damaged; get it again"
        ) from wrong
    except FileRefused:
        aim.unlink(missing_ok=True)
        raise
    return aim


def _copy_counted(name: str, source: IO[bytes], target: IO[bytes], most: int) -> None:
    written = 0
    while chunk := source.read(_CHUNK):
        written += len(chunk)
        if written > most:
            raise refuse(
                name,
                "zip.bomb",
                f"解压后超过{most / _MB:,.1f} MB，与压缩包大小极不相称，可能是压缩炸弹，已停止解压",
                f"it unpacks to more than {most / _MB:,.1f} MB, out of all proportion; unpacking was stopped",
            )
        target.write(chunk)


def _in_utf8(name: str, file: Path, work: Path) -> Path:
    """The file itself when it is UTF-8; recoded when it is GBK.

    Raises:
        FileRefused: neither, or with zero bytes; names the row.
    """
    row = _first_wrong_row(file, "utf-8")
    if row == 0:
        return file
    other = _first_wrong_row(file, "gb18030")
    if other:
        raise refuse(
            name,
            "file.encoding",
            "既不是UTF-8也不是GBK编码，或含有空字节，请另存为UTF-8编码的CSV",
            "neither UTF-8 nor GBK, or with zero bytes in it; save it as CSV in UTF-8",
            row=max(row, other),
        )
    aim = work / f"{file.stem}.utf8.csv"
    with file.open(encoding="gb18030", newline="") as source, aim.open("w", encoding="utf-8", newline="") as target:
        while text := source.read(_CHUNK):
            target.write(text)
    return aim


def _first_wrong_row(file: Path, encoding: str) -> int:
    """The first row that is not of an encoding; 0 when all are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    row = 1
    with file.open("rb") as stream:
        while True:
            chunk = stream.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as wrong:
                return row + wrong.object[: wrong.start].count(b"\n")
            if b"\0" in chunk:
                return row + chunk[: chunk.index(b"\0")].count(b"\n")
            if not chunk:
                return 0
            row += chunk.count(b"\n")


def _heading(name: str, file: Path, limits: Limits) -> tuple[str, ...]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        line = stream.readline(limits.line_bytes)
    if len(line) >= limits.line_bytes:
        raise refuse(
            name,
            "file.line",
            f"表头超过{limits.line_bytes:,}个字符，不是CSV文件",
            f"the heading is longer than {limits.line_bytes:,} characters: no CSV file",
            row=1,
        )
    return tuple(cell.strip() for cell in next(csv.reader([line]), []))
