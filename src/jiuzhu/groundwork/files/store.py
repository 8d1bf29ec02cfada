"""The bytes of uploaded files on disk: encrypted, named by the SHA-256 of the content, written whole or not at all.

A file's key is derived from the installation's field keys; its hash is part of what is authenticated, so that a file
exchanged for another, or changed in one bit, is refused when it is read.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from jiuzhu.groundwork.crypto.installation import installed_keyring
from jiuzhu.groundwork.crypto.keyring import HEADER_BYTES, Header, Keyring, Purpose, SealRefused, header_of

CONTEXT = "stored_file.content"
_HASH = re.compile(r"[0-9a-f]{64}")
_HALF_WRITTEN = ".part"


class StoredBytesDamaged(RuntimeError):  # noqa: N818 (the bytes are damaged)
    """The bytes on disk are missing, were changed, or their key is gone: restore them from a backup."""


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of encrypted files."""

    root: Path
    keyring: Keyring

    def put(self, content: bytes, *, at: datetime) -> str:
        """Store bytes and return their hash; bytes already there and sound are kept, and marked as used at `at`."""
        sha256 = self.hash_of(content)
        path = self.path_of(sha256)
        if not self._is_sound(sha256):
            self._write(path, self._sealed(content, sha256))
        os.utime(path, (at.timestamp(), at.timestamp()))
        return sha256

    @staticmethod
    def hash_of(content: bytes) -> str:
        """The hash under which bytes are stored."""
        return hashlib.sha256(content).hexdigest()

    def get(self, sha256: str) -> bytes:
        """The plain bytes.

        Raises:
            StoredBytesDamaged: they are missing or are not what was stored.
        """
        try:
            sealed = self.path_of(sha256).read_bytes()
            content = self.keyring.open(sealed, CONTEXT, row=sha256, purpose=Purpose.FILE)
        except FileNotFoundError:
            raise StoredBytesDamaged(f"stored file {sha256[:12]}…: the bytes are missing") from None
        except SealRefused as reason:
            raise StoredBytesDamaged(f"stored file {sha256[:12]}…: {reason}") from None
        if self.hash_of(content) != sha256:
            raise StoredBytesDamaged(f"stored file {sha256[:12]}…: the content has another hash")
        return content

    def path_of(self, sha256: str) -> Path:
        """Where the bytes of a hash lie.

        Raises:
            ValueError: not 64 lower-case hexadecimal digits.
        """
        if not _HASH.fullmatch(sha256):
            raise ValueError("a hash has 64 lower-case hexadecimal digits")
        return self.root / sha256[:2] / sha256

    def hashes(self) -> Iterator[str]:
        """The hashes of all stored files, in order."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path.name for path in folder.iterdir() if _HASH.fullmatch(path.name))

    def used_at(self, sha256: str) -> datetime | None:
        """When the bytes were last stored; None when they are not there."""
        try:
            return datetime.fromtimestamp(self.path_of(sha256).stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def remove(self, sha256: str) -> None:
        """Remove bytes; nothing happens when they are not there."""
        self.path_of(sha256).unlink(missing_ok=True)

    def remove_half_written(self, *, before: datetime) -> int:
        """Remove what writers that were killed have left, when last written before a moment; returns how many."""
        removed = 0
        for path in self.root.glob(f"[0-9a-f][0-9a-f]/*{_HALF_WRITTEN}"):
            if path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def files_by_key(self) -> dict[Header | None, int]:
        """How many files lie under which suite and key; None stands for bytes that nothing of ours wrote."""
        counts: dict[Header | None, int] = {}
        for sha256 in self.hashes():
            header = self._header(sha256)
            counts[header] = counts.get(header, 0) + 1
        return counts

    def rotate(self, *, on_file: Callable[[int], None] = lambda _files: None) -> tuple[int, tuple[str, ...]]:
        """Seal every file anew that is not under the current key; returns how many, and the hashes of damaged ones.

        Each file is replaced whole, so a rotation may be stopped anywhere and run again.
        """
        rotated = 0
        damaged: list[str] = []
        for sha256 in self.hashes():
            if self._header(sha256) == self.keyring.current:
                continue
            path = self.path_of(sha256)
            try:
                content, times = self.get(sha256), path.stat()
                self._write(path, self._sealed(content, sha256))
                os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
                rotated += 1
            except StoredBytesDamaged:
                damaged.append(sha256)
            on_file(1)
        return rotated, tuple(damaged)

    def _sealed(self, content: bytes, sha256: str) -> bytes:
        return self.keyring.seal(content, CONTEXT, row=sha256, purpose=Purpose.FILE)

    def _is_sound(self, sha256: str) -> bool:
        try:
            self.get(sha256)
        except StoredBytesDamaged:
            return False
        return True

    def _header(self, sha256: str) -> Header | None:
        try:
            with self.path_of(sha256).open("rb") as stream:
                return header_of(stream.read(HEADER_BYTES))
        except (FileNotFoundError, SealRefused):
            return None

    def _write(self, path: Path, sealed: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}{_HALF_WRITTEN}")
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(sealed)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def installed_store() -> FileStore:
    """The store of this installation, under its `var` folder."""
    return FileStore(settings.ENVIRONMENT.var / "files", installed_keyring())


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no descriptor of a folder and needs none."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
