"""Files that others sent, and what is wrong with them: refused by name, row and column, and nothing is believed."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from tests.engine.test_bulk import BIRTHS, number, one_person, write

from jiuzhu.engine.bulk.files import Limits
from jiuzhu.engine.bulk.problems import FileProblem, FileRefused
from jiuzhu.engine.bulk.registers import REGISTERS
from jiuzhu.engine.bulk.results import ResultState, results
from jiuzhu.engine.bulk.running import Options, Piece, RegisterState, run

OWN = number(BIRTHS[0], 1)
HEAD = "number,name,balance_yuan\n"
GOOD = f"{OWN},张伟,100.50\n"
SMALL = Limits(file_bytes=100_000, unpacked_bytes=200_000, rows=1000, line_bytes=2000)


def verified(folder: Path, options: Options | None = None, *, name: str = "deposits.csv", **parts: bytes) -> Piece:
    people, _ = one_person(folder)
    (folder / "in").mkdir(exist_ok=True)
    for content in parts.values():
        (folder / "in" / name).write_bytes(content)
    batch = run(people, folder / "in", folder / "out", options or Options(on=date(2026, 9, 1)), which=["deposits"])
    return batch.pieces[0]


def refused(folder: Path, content: bytes, **more: object) -> FileProblem:
    piece = verified(folder, content=content, **more)  # type: ignore[arg-type]
    assert piece.state is RegisterState.REFUSED
    states = {one.state for one in results(folder / "out", {"deposits": REGISTERS["deposits"]})}
    assert states == {ResultState.UNKNOWN}
    first = piece.problems[0]
    assert OWN not in first.message("zh") + first.message("en")
    assert first.file in first.message("zh")
    assert first.file in first.message("en")
    return first


def parquet(file: Path, query: str) -> None:
    with duckdb.connect(":memory:") as con:
        con.execute(f"COPY ({query}) TO '{file}' (FORMAT parquet)")


def balance(folder: Path) -> tuple[int | None, int | None]:
    (one,) = results(folder / "out", {"deposits": REGISTERS["deposits"]})
    return one.low, one.high


@pytest.mark.parametrize(
    "content",
    [
        (HEAD + GOOD).encode(),
        (HEAD + GOOD).encode("utf-8-sig"),
        (HEAD + GOOD).encode("gbk"),
        (HEAD + GOOD).replace("\n", "\r\n").encode(),
        f"余额（元）,姓名,备注,身份证号\n100.50,张伟,x,{OWN}\n".encode("gb18030"),
        f'身份证号,姓名,余额\n{OWN},张伟,"1,00.50"\n'.encode(),
        f"number,name,balance_fen\n{OWN},张伟,10050".encode(),
    ],
    ids=["utf-8", "bom", "gbk", "crlf", "chinese headings in another order", "thousands", "fen, no last newline"],
)
def test_ways_of_writing_one_thing(tmp_path: Path, content: bytes) -> None:
    piece = verified(tmp_path, content=content)
    assert piece.problems == ()
    assert balance(tmp_path) == (10050, 10050)


def test_parquet_is_read_by_its_own_types(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for at, value in enumerate(
        ("CAST(10050 AS BIGINT) AS balance_fen", "CAST(100.50 AS DECIMAL(9, 2)) AS 余额", "'100.5' AS 余额")
    ):
        folder = tmp_path / str(at)
        people, _ = one_person(folder)
        (folder / "in").mkdir()
        parquet(folder / "in" / "deposits.parquet", f"SELECT '{OWN}' AS number, '张伟' AS name, {value}")
        run(people, folder / "in", folder / "out", Options(on=date(2026, 9, 1)), which=["deposits"])
        assert balance(folder) == (10050, 10050)


@pytest.mark.parametrize(
    ("rows", "row", "column", "code"),
    [
        (f"{OWN},张伟,-1\n", 3, "balance_yuan", "cell.money"),
        (f"{OWN},张伟,1.005\n", 3, "balance_yuan", "cell.money"),
        (f"{OWN},张伟,1e9\n", 3, "balance_yuan", "cell.money"),
        (f"{OWN},张伟,NaN\n", 3, "balance_yuan", "cell.money"),
        (f"{OWN},张伟,99999999999999999999\n", 3, "balance_yuan", "cell.money"),
        (f"{OWN},张伟,约三百\n", 3, "balance_yuan", "cell.money"),
        (f"{OWN},张伟\n", 3, "balance_yuan", "row.broken"),
        (f"{OWN},张伟,1,2\n", 3, "", "row.broken"),
        (f'{OWN},"张伟,1\n', 3, "name", "row.broken"),
        (f"{OWN},张伟,{'9' * 5000}\n", 3, "", "row.broken"),
        (f"100,{OWN},张伟\n" * 3, 3, "name", "column.swapped"),
        (f"张伟,{OWN},100\n" * 3, 3, "number", "column.swapped"),
    ],
)
def test_a_wrong_row_is_named_with_its_column(tmp_path: Path, rows: str, row: int, column: str, code: str) -> None:
    options = Options(on=date(2026, 9, 1), limits=SMALL)
    # the heading is row 1 and the good row 2
    problem = refused(tmp_path, (HEAD + GOOD + rows).encode(), options=options)
    assert (problem.row, problem.column, problem.code) == (row, column, code)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.empty"),
        (HEAD.encode()[:10] + b"\xff\xff\xff,", "file.encoding"),
        ((HEAD + GOOD).encode() + b"\0\0", "file.encoding"),
        (f"number,name\n{OWN},张伟\n".encode(), "column.missing"),
        ("余额\n100\n".encode(), "column.missing"),
        (f"number,number,name,余额\n{OWN},{OWN},张伟,1\n".encode(), "heading.name"),
        (f"number,身份证号,name,余额\n{OWN},{OWN},张伟,1\n".encode(), "heading.twice"),
        (f"number,,name,余额\n{OWN},,张伟,1\n".encode(), "heading.name"),
        (b"x" * 3000, "file.line"),
        (HEAD.encode() + GOOD.encode() * 5000, "file.size"),
        (b"PAR1" + b"\0" * 100, "file.parquet"),
        (b"PK\x03\x04broken", "zip.broken"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused(tmp_path, content, options=Options(on=date(2026, 9, 1), limits=SMALL)).code == code


def _zip(file: Path, members: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return file.read_bytes()


def test_a_zip_holds_one_csv(tmp_path: Path) -> None:
    content = _zip(tmp_path / "a.zip", {"deposits.csv": (HEAD + GOOD).encode("gbk")})
    assert verified(tmp_path, name="deposits.zip", content=content).problems == ()
    assert balance(tmp_path) == (10050, 10050)
    other = tmp_path / "other"
    two = _zip(tmp_path / "b.zip", {"a.csv": b"", "b.csv": b""})
    assert refused(other, two, name="deposits.zip").code == "zip.members"


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = _zip(tmp_path / "bomb.zip", {"deposits.csv": HEAD.encode() + b"0" * 50_000_000})
    assert len(bomb) < 100_000
    problem = refused(tmp_path, bomb, name="deposits.zip", options=Options(on=date(2026, 9, 1), limits=SMALL))
    assert problem.code == "zip.bomb"
    assert not list((tmp_path / "out").rglob("*.unpacked.csv"))
    # what a zip says of its own size is not believed: the general limit alone stops it too
    wide = Limits(unpacked_bytes=1_000_000, shrink=10**6)
    assert (
        refused(tmp_path / "b", bomb, name="deposits.zip", options=Options(on=date(2026, 9, 1), limits=wide)).code
        == "zip.bomb"
    )


def test_a_parquet_file_that_unpacks_to_too_many_rows_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "bomb.parquet"
    parquet(file, f"SELECT '{OWN}' AS number, '张伟' AS name, 1 AS balance_fen FROM range(50000)")
    assert file.stat().st_size < SMALL.file_bytes
    options = Options(on=date(2026, 9, 1), limits=SMALL)
    assert refused(tmp_path, file.read_bytes(), name="deposits.parquet", options=options).code == "file.unpacked"
    short = tmp_path / "short"
    cut = file.read_bytes()[:-20]
    assert refused(short, cut, name="deposits.parquet", options=options).code == "file.parquet"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"rows": 2}, "file.rows"),
        ({"sha256": "0" * 64}, "file.digest"),
        ({"rows": 1, "sha256": hashlib.sha256((HEAD + GOOD).encode()).hexdigest(), "as_of": "2026-08-01"}, None),
    ],
)
def test_the_manifest_finds_what_is_cut_short_or_changed(
    tmp_path: Path, told: dict[str, object], code: str | None
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "manifest.json").write_text(json.dumps({"files": {"deposits.csv": told}}))
    piece = verified(tmp_path, content=(HEAD + GOOD).encode())
    assert [one.code for one in piece.problems] == ([code] if code else [])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": {"a.csv": 1}}', '{"files": {"a.csv": {"as_of": "soon"}}}'])
def test_a_manifest_that_cannot_be_read_ends_the_run(tmp_path: Path, text: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "manifest.json").write_text(text)
    with pytest.raises(FileRefused, match="manifest"):
        verified(tmp_path, content=(HEAD + GOOD).encode())


def _two_of_one(folder: Path) -> None:
    (folder / "in" / "deposits.zip").write_bytes(b"x")


def _huge_list(folder: Path) -> None:
    with (folder / "people.csv").open("ab") as stream:
        stream.truncate(300_000_000)


def _list_without_names(folder: Path) -> None:
    write(folder / "people.csv", [{"household": "1", "number": OWN}])


def _no_list(folder: Path) -> None:
    (folder / "people.csv").unlink()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_two_of_one, "file.twice"),
        (_huge_list, "file.size"),
        (_list_without_names, "column.missing"),
        (_no_list, "file.missing"),
    ],
)
def test_what_concerns_everybody_ends_the_run(tmp_path: Path, spoil: Callable[[Path], None], code: str) -> None:
    people, _ = one_person(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "deposits.csv").write_text(HEAD + GOOD, encoding="utf-8")
    spoil(tmp_path)
    with pytest.raises(FileRefused) as error:
        run(people, tmp_path / "in", tmp_path / "out", Options(on=date(2026, 9, 1)), which=["deposits"])
    assert [one.code for one in error.value.problems] == [code]
    assert not list((tmp_path / "out").glob("*.parquet"))


def test_names_of_files_and_columns_are_never_read_as_sql(tmp_path: Path) -> None:
    content = f'number,name,balance_fen,"a\'b; DROP TABLE x"\n{OWN},张伟,5,1\n'.encode()
    folder = tmp_path / "it's; a folder"
    assert verified(folder, content=content).problems == ()
    assert balance(folder) == (5, 5)
