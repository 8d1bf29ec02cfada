"""Archives of packs: the same files give the same bytes, and nothing else than packs is taken in (S01)."""

import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.catalogue.conftest import unzipped, zipped

from jiuzhu.core.errors import InvalidValue
from jiuzhu.engine.packs.loading import load
from jiuzhu.rooms.catalogue.queries.unpacking import unpacked
from jiuzhu.rooms.catalogue.rules import archives
from jiuzhu.rooms.catalogue.rules.archives import archive_of, canonical, files_of, packed

ROOT = Path(__file__).resolve().parents[3]
LAYER = "370900-ours"
_FILES = {f"{LAYER}/dibao/parameters.yaml": b"b", f"{LAYER}/instruments.yaml": b"a"}
_NAMES = st.sampled_from(["a.yaml", "b.md", "dibao/c.yaml", "dibao/cases/d.yaml", "tekun/c.yaml"])


@given(st.dictionaries(_NAMES, st.binary(max_size=40), min_size=1), st.randoms())
def test_the_same_files_give_the_same_bytes_in_whatever_order_and_packing(
    files: dict[str, bytes], random: object
) -> None:
    paths = [f"{LAYER}/{name}" for name in files]
    random.shuffle(paths)  # type: ignore[attr-defined]
    loose = zipped({path: files[path.removeprefix(f"{LAYER}/")] for path in paths})
    whole = packed({f"policies/{LAYER}/{name}": content for name, content in sorted(files.items())})
    assert canonical(loose) == whole == canonical(whole)
    assert files_of(whole) == {f"policies/{LAYER}/{name}": content for name, content in sorted(files.items())}


def test_the_digest_of_the_shipped_packs_survives_the_archive(tmp_path: Path) -> None:
    archive = archive_of([ROOT / "policies"])
    with unpacked(archive) as roots:
        assert [root.name for root in roots] == ["policies"]
        assert load(roots).digest == load([ROOT / "policies"]).digest
    assert archive_of([unzipped(archive, tmp_path) / "policies"]) == archive


def test_several_roots_keep_their_order_and_their_names(tmp_path: Path) -> None:
    for name in ("b_ours", "a_above"):
        (tmp_path / name / LAYER).mkdir(parents=True)
        (tmp_path / name / LAYER / "instruments.yaml").write_bytes(name.encode())
    archive = archive_of([tmp_path / "b_ours", tmp_path / "a_above"])
    assert list(files_of(archive)) == [f"b_ours/{LAYER}/instruments.yaml", f"a_above/{LAYER}/instruments.yaml"]
    assert canonical(archive) == archive
    with pytest.raises(InvalidValue):
        archive_of([tmp_path / "b_ours", tmp_path / "else" / "b_ours"])


def test_demonstration_layers_and_what_is_no_pack_stay_out(tmp_path: Path) -> None:
    root = tmp_path / "policies"
    for path in (
        "370900-ours/a.yaml",
        "370900-ours-demo/a.yaml",
        "370900-ours/.b.yaml",
        "370900-ours/c.txt",
        "README.md",
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"x")
    assert list(files_of(archive_of([root], demo=False))) == ["policies/370900-ours/a.yaml"]
    assert len(files_of(archive_of([root]))) == 2


def test_a_private_folder_holds_what_is_unpacked_and_is_gone_afterwards() -> None:
    with unpacked(zipped(_FILES)) as roots:
        folder = roots[0].parent
        assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IRWXU
        assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*.yaml")) == [
            f"policies/{path}" for path in sorted(_FILES)
        ]
    assert not folder.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/etc/370900-ours/a.yaml",
        "../370900-ours/a.yaml",
        "370900-ours/../../a.yaml",
        "370900-ours/..",
        "370900-ours/./a.yaml",
        "370900-ours//a.yaml",
        "370900-ours\\a.yaml",
        "C:/370900-ours/a.yaml",
        "370900-ours/.git/config.yaml",
        "370900-ours/a.py",
        "370900-ours/a.yaml.sh",
        "370900-ours/dibao/名单.yaml",
        "370900-ours/a\n.yaml",
        "370900-ours/a/b/c/d/e/f/g.yaml",
        "370900-ours/" + "a" * 200 + ".yaml",
        "somewhere/else/370900-ours/a.yaml",
        "loose.yaml",
        "policies/loose.yaml",
    ],
)
def test_a_path_that_is_none_of_packs_is_refused_and_nothing_is_written(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "private"))
    (tmp_path / "private").mkdir()
    with pytest.raises(InvalidValue) as refusal, unpacked(zipped({**_FILES, path: b"x"})):
        pytest.fail("was unpacked")
    assert refusal.value.code == "catalogue.archive.path"
    assert [str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*")] == ["private"]


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644])
def test_links_and_devices_are_refused(mode: int) -> None:
    with pytest.raises(InvalidValue, match="link"):
        files_of(zipped({f"{LAYER}/a.yaml": b"/etc/passwd"}, mode=mode))


@pytest.mark.parametrize(
    "files",
    [
        {f"{LAYER}/a.yaml": b"", f"{LAYER}/A.yaml": b""},
        {f"{LAYER}/a.yaml": b"", f"{LAYER}/a.yaml/b.yaml": b""},
    ],
    ids=["upper and lower", "file and folder"],
)
def test_what_would_lie_on_top_of_each_other_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(InvalidValue) as refusal:
        files_of(zipped(files))
    assert refusal.value.code == "catalogue.archive.path"


def test_the_same_path_twice_is_refused() -> None:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr(f"{LAYER}/a.yaml", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(f"{LAYER}/a.yaml", b"2")
    with pytest.raises(InvalidValue, match="twice"):
        files_of(written.getvalue())


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + b"\0" * 40, zipped(_FILES)[:-30]])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidValue) as refusal:
        files_of(content)
    assert refusal.value.code == "catalogue.archive.broken"


def test_a_damaged_file_within_is_refused() -> None:
    whole = bytearray(packed(_FILES))
    at = whole.index(b"instruments.yaml") + len(b"instruments.yaml")
    whole[at] ^= 1
    with pytest.raises(InvalidValue) as refusal:
        files_of(bytes(whole))
    assert refusal.value.code == "catalogue.archive.broken"


def test_an_archive_without_packs_or_under_lock_is_refused() -> None:
    with pytest.raises(InvalidValue) as refusal:
        files_of(zipped({"README.md": b"x"}))
    assert refusal.value.code == "catalogue.archive.empty"
    locked = bytearray(zipped(_FILES))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[locked.index(mark) + offset] |= 1
    with pytest.raises(InvalidValue) as refusal:
        files_of(bytes(locked))
    assert refusal.value.code == "catalogue.archive.locked"


def test_too_many_files_and_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({f"{LAYER}/a.yaml": b"\0" * 5000})
    assert len(bomb) < 1000
    monkeypatch.setattr(archives, "MOST_BYTES", 4999)
    for act in (
        lambda: files_of(bomb),
        lambda: packed({f"{LAYER}/a.yaml": b"\0" * 5000}),
        lambda: files_of(b"x" * 5000),
    ):
        with pytest.raises(InvalidValue) as refusal:
            act()
        assert refusal.value.code == "catalogue.archive.size"
    monkeypatch.setattr(archives, "MOST_FILES", 1)
    for act in (lambda: files_of(zipped(_FILES)), lambda: packed(_FILES)):
        with pytest.raises(InvalidValue) as refusal:
            act()
        assert refusal.value.code == "catalogue.archive.size"


def test_a_directory_that_understates_its_files_is_measured_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    lying = bytearray(zipped({f"{LAYER}/a.yaml": b"\0" * 5000}))
    at = lying.index(b"PK\x01\x02") + 24
    lying[at : at + 4] = (10).to_bytes(4, "little")
    monkeypatch.setattr(archives, "MOST_BYTES", 4999)
    with pytest.raises(InvalidValue):
        files_of(bytes(lying))
