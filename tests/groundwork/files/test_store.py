"""The bytes on disk: encrypted, whole, found damaged when they are."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jiuzhu.groundwork.crypto.keyring import Header, Keyring
from jiuzhu.groundwork.crypto.suites import Suite
from jiuzhu.groundwork.files.store import FileStore, StoredBytesDamaged

AT = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
CONTENT = "户口本：张三，泰山区".encode() * 50
KEY_1 = "1:" + "11" * 32
KEY_2 = "2:" + "22" * 32


def all_files(store: FileStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_bytes_come_back_and_lie_encrypted_under_their_hash(store: FileStore) -> None:
    sha256 = store.put(CONTENT, at=AT)
    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert store.get(sha256) == CONTENT
    path = store.root / sha256[:2] / sha256
    assert all_files(store) == [path]
    assert "张三".encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_the_same_bytes_are_stored_once_and_marked_as_used(store: FileStore) -> None:
    sha256 = store.put(CONTENT, at=AT)
    before = store.path_of(sha256).read_bytes()
    later = AT + timedelta(days=2)
    assert store.put(CONTENT, at=later) == sha256
    assert store.path_of(sha256).read_bytes() == before
    assert store.used_at(sha256) == later
    assert list(store.hashes()) == [sha256]


def test_every_changed_byte_on_disk_is_found(store: FileStore) -> None:
    sha256 = store.put(b"short", at=AT)
    path = store.path_of(sha256)
    sealed = path.read_bytes()
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(StoredBytesDamaged):
            store.get(sha256)
    for length in range(len(sealed)):
        path.write_bytes(sealed[:length])
        with pytest.raises(StoredBytesDamaged):
            store.get(sha256)


def test_a_file_put_in_the_place_of_another_is_found(store: FileStore) -> None:
    one, two = store.put(b"one", at=AT), store.put(b"two", at=AT)
    shutil.copy(store.path_of(one), store.path_of(two))
    with pytest.raises(StoredBytesDamaged, match="belong to another place"):
        store.get(two)


def test_missing_bytes_and_a_wrong_hash_are_told_apart(store: FileStore) -> None:
    with pytest.raises(StoredBytesDamaged, match="missing"):
        store.get("0" * 64)
    for wrong in ("../../etc/passwd", "A" * 64, "", "0" * 63, "0" * 64 + "\n"):
        with pytest.raises(ValueError, match="64"):
            store.get(wrong)


def test_a_new_upload_mends_a_damaged_copy(store: FileStore) -> None:
    sha256 = store.put(CONTENT, at=AT)
    store.path_of(sha256).write_bytes(b"damaged")
    store.put(CONTENT, at=AT)
    assert store.get(sha256) == CONTENT


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_nothing(store: FileStore, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        if step == "fsync":
            broken.setattr(os, "fsync", fail)
        else:
            broken.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="No space"):
            store.put(CONTENT, at=AT)
    assert all_files(store) == []
    assert store.get(store.put(CONTENT, at=AT)) == CONTENT


def test_a_failed_replacement_leaves_the_former_copy(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = store.put(CONTENT, at=AT)
    rotated = FileStore(store.root, Keyring.parse(f"{KEY_1},{KEY_2}", "sm"))

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(OSError, match="Input/output"):
            rotated.rotate()
    assert store.get(sha256) == CONTENT
    assert len(all_files(store)) == 1


KILLED_WHILE_WRITING = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from jiuzhu.groundwork.crypto.keyring import Keyring
from jiuzhu.groundwork.files.store import FileStore

def die(descriptor):
    os.ftruncate(descriptor, 100)
    os.kill(os.getpid(), signal.SIGKILL)

os.fsync = die
FileStore(Path(sys.argv[1]), Keyring.parse(sys.argv[2], "sm")).put(b"content" * 100, at=datetime.now(UTC))
"""


def test_a_process_killed_while_writing_leaves_no_file_of_that_hash(store: FileStore) -> None:
    sha256 = store.hash_of(b"content" * 100)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_WRITING, str(store.root), KEY_1],
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3] / "src")},
    )
    assert killed.returncode == -signal.SIGKILL
    left = all_files(store)
    assert len(left) == 1
    assert left[0].name.endswith(".part")
    assert list(store.hashes()) == []
    with pytest.raises(StoredBytesDamaged, match="missing"):
        store.get(sha256)
    written = datetime.fromtimestamp(left[0].stat().st_mtime, UTC)
    assert store.remove_half_written(before=written - timedelta(seconds=1)) == 0
    assert store.remove_half_written(before=written + timedelta(seconds=1)) == 1
    assert all_files(store) == []


def test_rotation_brings_every_file_to_the_current_key_and_may_be_stopped(store: FileStore) -> None:
    hashes = [store.put(f"file {n}".encode(), at=AT) for n in range(5)]
    rotated = FileStore(store.root, Keyring.parse(f"{KEY_1},{KEY_2}", "international"))
    seen: list[int] = []

    def stop_at(count: int) -> Callable[[int], None]:
        def hear(files: int) -> None:
            seen.append(files)
            if len(seen) == count:
                raise KeyboardInterrupt

        return hear

    with pytest.raises(KeyboardInterrupt):
        rotated.rotate(on_file=stop_at(2))
    assert rotated.files_by_key()[Header(Suite.INTERNATIONAL, 2)] == 2
    assert [rotated.get(sha256) for sha256 in hashes] == [f"file {n}".encode() for n in range(5)]
    assert rotated.rotate() == (3, ())
    assert rotated.files_by_key() == {Header(Suite.INTERNATIONAL, 2): 5}
    assert rotated.rotate() == (0, ())
    assert [rotated.get(sha256) for sha256 in hashes] == [f"file {n}".encode() for n in range(5)]
    assert {rotated.used_at(sha256) for sha256 in hashes} == {AT}


def test_rotation_names_damaged_files_and_goes_on(store: FileStore) -> None:
    good, bad = store.put(b"good", at=AT), store.put(b"bad", at=AT)
    store.path_of(bad).write_bytes(b"nonsense")
    rotated = FileStore(store.root, Keyring.parse(f"{KEY_1},{KEY_2}", "sm"))
    assert rotated.rotate() == (1, (bad,))
    assert rotated.get(good) == b"good"
    assert rotated.files_by_key() == {Header(Suite.SM, 2): 1, None: 1}
