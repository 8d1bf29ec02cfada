"""A batch of persons beside registers from files: equal to a loop row by row; unknown stays unknown; it can go on."""

import csv
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.naive_bulk import RULES, expected

from jiuzhu.core.identity import CitizenId
from jiuzhu.engine.bulk.problems import FileRefused
from jiuzhu.engine.bulk.registers import REGISTERS
from jiuzhu.engine.bulk.results import Result, ResultState, records, results
from jiuzhu.engine.bulk.running import PIECES, Options, RegisterState, run
from jiuzhu.engine.matching.findings import Finding
from jiuzhu.engine.matching.judging import Subject
from jiuzhu.engine.matching.numbers import old_form, read_number
from jiuzhu.engine.matching.weights import GIVEN, Verdict

ON = date(2026, 9, 1)
OPTIONS = Options(on=ON)
NAMES = ("张伟", "張偉", "张炜", "李娜", "王秀英", "欧阳兰", "蘭芳", "兰芳")
BIRTHS = (date(1960, 1, 2), date(1960, 2, 1), date(1985, 10, 11), date(2010, 5, 6))
DIVISIONS = ("370902", "370911001", "110101", "")
SHARES = {"": None, "50%": 500_000_000, "1/3": 333_333_333, "0.25": 250_000_000, "100%": 1_000_000_000}


def number(birth: date, sequence: int) -> str:
    return CitizenId.make("370902", birth, sequence).value


def write(file: Path, rows: list[dict[str, Any]], encoding: str = "utf-8") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding=encoding, newline="") as stream:
        out = csv.DictWriter(stream, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
    return file


def one_person(folder: Path, name: str = "张伟", **more: str) -> tuple[Path, str]:
    own = number(BIRTHS[0], 1)
    return write(folder / "people.csv", [{"household": "H1", "number": own, "name": name, **more}]), own


def found(folder: Path, register: str) -> list[Result]:
    return list(results(folder, {register: REGISTERS[register]}))


def _drawn_people(draw: random.Random) -> tuple[list[dict[str, str]], list[Subject]]:
    rows, subjects = [], []
    for at in range(draw.randrange(1, 9)):
        birth = draw.choice(BIRTHS)
        own = draw.choice([number(birth, draw.randrange(1, 5))] * 5 + ["", "370902196001021239"[:17] + "Z"])
        former = draw.choice(["", "", number(birth, 77)])
        name, division = draw.choice(NAMES), draw.choice(DIVISIONS)
        rows.append(
            {"household": f"H{at // 2}", "number": own, "name": name, "former_number": former, "区划代码": division}
        )
        read = read_number(own)
        usable = read.value
        subjects.append(
            Subject(
                name,
                usable,
                former,
                birth if usable else None,
                ("1" if int(usable[16]) % 2 else "2") if usable else "",
                division,
            )
        )
    return rows, subjects


def _drawn_row(draw: random.Random, subjects: list[Subject]) -> tuple[dict[str, str], dict[str, Any]]:
    birth = draw.choice(BIRTHS)
    own = draw.choice([one.number for one in subjects if one.number] or [number(birth, 9)])
    written = draw.choice(
        [
            own,
            own,
            own.lower(),
            old_form(own),
            f" {own[:6]} {own[6:]}",
            number(birth, draw.randrange(1, 9)),
            "",
            "G1234567",
            own[:17] + ("1" if own[17] != "1" else "2"),
            "３" + own[1:],
            number(birth, 77),
            "370902601301001",
            "无",
        ]
    )
    row = {
        "number": written,
        "name": draw.choice((*NAMES, "")),
        "birth_date": draw.choice(["", birth.isoformat(), f"{birth:%Y%m%d}"]),
        "sex": draw.choice(["", "男", "2", "?"]),
        "division_code": draw.choice(DIVISIONS),
    }
    values: dict[str, Any] = {
        **row,
        "birth_date": birth if row["birth_date"] else None,
        "sex": {"男": "1", "2": "2"}.get(row["sex"], ""),
    }
    share = draw.choice(list(SHARES))
    texts = {
        "state": draw.choice(["", "normal", "sold", "scrapped", "owned", "demolished", "inherited"]),
        "balance_yuan": draw.choice(["", "0", "100", "1,234.56", "0.1", "9999999.99"]),
        "share": share,
        "holders": draw.choice(["", "1", "2"]),
        "owners": draw.choice(["", "1", "3"]),
        "purpose": draw.choice(["", "普通", "student", "补偿款"]),
    }
    yuan = texts["balance_yuan"].replace(",", "")
    values |= {
        "share": SHARES[share],
        "balance_fen": round(float(yuan) * 100) if yuan else None,
        "holders": int(texts["holders"] or 1),
        "owners": int(texts["owners"] or 1),
        "purpose": {"": None, "普通": "ordinary", "student": "student", "补偿款": "compensation"}[texts["purpose"]],
    }
    return row | texts, values


_OWN = {
    "vehicles": ("state",),
    "deposits": ("balance_yuan", "share", "holders", "purpose"),
    "real_estate": ("state", "share", "owners"),
    "deaths": (),
}
_STATES = {"vehicles": ("normal", "sold", "scrapped"), "real_estate": ("owned", "demolished", "inherited")}


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9))
def test_a_batch_equals_a_loop_row_by_row(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 (a drawn case, not a secret)
    folder = tmp_path_factory.mktemp("batch")
    listed, subjects = _drawn_people(draw)
    write(folder / "people.csv", listed)
    given_rows: dict[str, list[dict[str, Any]]] = {}
    for register in RULES:
        texts, values = [], []
        for _ in range(draw.randrange(1, 40)):
            text, value = _drawn_row(draw, subjects)
            if text["state"] not in _STATES.get(register, ()):
                text["state"] = ""
            value["state"] = text["state"] or None
            texts.append({key: text[key] for key in (*_IDENTITY, *_OWN[register])} | {"note": "x"})
            values.append(value)
        write(folder / "registers" / f"{register}.csv", texts)
        given_rows[register] = values
    batch = run(folder / "people.csv", folder / "registers", folder / "out", OPTIONS, which=RULES)
    assert [piece.problems for piece in batch.pieces] == [()] * len(RULES)
    for register, rows in given_rows.items():
        wanted = expected(register, subjects, rows, GIVEN)
        got = found(folder / "out", register)
        per_person = len(REGISTERS[register].items)
        verdicts: dict[int, dict[int, Verdict]] = {}
        for record in records(folder / "out", register):
            verdicts.setdefault(record.person_row - 2, {})[record.file_row - 2] = record.verdict
        for at, one in enumerate(wanted):
            mine = got[at * per_person : (at + 1) * per_person]
            assert {each.item: (each.low, each.high) for each in mine} == one.items, (register, at)
            assert {each.state for each in mine} == {one.state}, (register, at)
            assert set(mine[0].findings) - {Finding.UNDATED_DATA} == one.findings, (register, at)
            assert verdicts.get(at, {}) == one.verdicts, (register, at)


_IDENTITY = ("number", "name", "birth_date", "sex", "division_code")


def test_what_is_missing_or_refused_is_unknown_never_none(tmp_path: Path) -> None:
    people, own = one_person(tmp_path)
    write(tmp_path / "in" / "vehicles.csv", [{"number": number(BIRTHS[1], 5), "name": "李娜"}])
    write(tmp_path / "in" / "deposits.csv", [{"number": own, "name": "张伟", "balance_fen": "-5"}])
    batch = run(people, tmp_path / "in", tmp_path / "out", OPTIONS)
    states = {piece.register: piece.state for piece in batch.pieces}
    assert states["vehicles"] is RegisterState.DONE
    assert states["deposits"] is RegisterState.REFUSED
    assert states["deaths"] is RegisterState.MISSING
    everything = list(results(tmp_path / "out", REGISTERS))
    by_item = {one.item: one for one in everything}
    assert by_item["vehicles"].state is ResultState.NONE_FOUND
    assert (by_item["vehicles"].low, by_item["vehicles"].high) == (0, 0)
    for item in ("deposits_fen", "dead", "homes", "capital_fen", "benefits_fen_month"):
        assert by_item[item].state is ResultState.UNKNOWN
        assert (by_item[item].low, by_item[item].high) == (None, None)


def test_a_person_without_a_usable_number_stays_unknown(tmp_path: Path) -> None:
    people = write(
        tmp_path / "people.csv",
        [
            {"household": "H1", "number": "", "name": "张伟"},
            {"household": "H1", "number": "370902196001020010", "name": "李娜"},
        ],
    )
    write(tmp_path / "in" / "vehicles.csv", [{"number": number(BIRTHS[0], 1), "name": "张伟"}])
    batch = run(people, tmp_path / "in", tmp_path / "out", OPTIONS, which=["vehicles"])
    assert batch.listed.without_number == 2
    assert batch.pieces[0].persons["unknown"] == 2
    assert all(Finding.OWN_NUMBER_INVALID in one.findings for one in found(tmp_path / "out", "vehicles"))
    # the most possible over the list is not known when it is not known of one
    assert batch.pieces[0].totals == {"vehicles": (0, None)}


@pytest.mark.parametrize(
    ("register", "row", "bounds", "finding"),
    [
        ("vehicles", {"state": "已转让未过户"}, {"vehicles": (0, 1)}, Finding.SOLD_NOT_TRANSFERRED),
        ("vehicles", {"name": "李四"}, {"vehicles": (0, 1)}, Finding.NAME_DIFFERS),
        ("vehicles", {"name": "張偉"}, {"vehicles": (1, 1)}, Finding.VARIANT_NAME),
        ("deposits", {"余额（元）": "100.5", "holders": "2"}, {"deposits_fen": (0, 10050)}, Finding.JOINT_ACCOUNT),
        ("deposits", {"余额（分）": "101", "share": "50%"}, {"deposits_fen": (51, 51)}, Finding.CO_OWNED),
        ("deposits", {"balance_fen": "7", "purpose": "学生"}, {"deposits_fen": (0, 7)}, Finding.STUDENT_ACCOUNT),
        ("deposits", {"balance_fen": "7", "purpose": "征地补偿"}, {"deposits_fen": (0, 7)}, Finding.LUMP_SUM),
        ("deposits", {"balance_fen": ""}, {"deposits_fen": (0, None)}, Finding.VALUE_MISSING),
        ("real_estate", {"owners": "2"}, {"homes": (1, 1), "home_share_ppm": (0, 1_000_000)}, Finding.SHARE_UNKNOWN),
        ("real_estate", {"state": "已拆除"}, {"homes": (0, 1), "home_share_ppm": (0, 1_000_000)}, Finding.DEMOLISHED),
        ("real_estate", {"state": "继承未办"}, {"homes": (0, 1), "home_share_ppm": (0, 1_000_000)}, Finding.INHERITED),
        (
            "companies",
            {"state": "吊销", "share": "60%", "capital_yuan": "1000"},
            {"companies": (0, 1), "capital_fen": (0, 60000)},
            Finding.DORMANT_COMPANY,
        ),
        ("companies", {"state": "存续"}, {"companies": (1, 1), "capital_fen": (0, None)}, Finding.VALUE_MISSING),
        (
            "social_insurance",
            {"kind": "一次性补偿", "amount_yuan": "80000"},
            {"contribution_base_fen_month": (0, 0), "benefits_fen_month": (0, 0), "lump_sums_fen": (0, 8_000_000)},
            Finding.LUMP_SUM,
        ),
        ("deaths", {"死亡日期": "2026-01-02"}, {"dead": (1, 1)}, Finding.DECEASED_NOT_CANCELLED),
    ],
)
def test_what_a_row_hides_is_modelled(
    tmp_path: Path, register: str, row: dict[str, str], bounds: dict[str, tuple[int, int]], finding: Finding
) -> None:
    people, own = one_person(tmp_path)
    write(tmp_path / "in" / f"{register}.csv", [{"number": own, "name": "张伟"} | row])
    run(people, tmp_path / "in", tmp_path / "out", OPTIONS, which=[register])
    mine = found(tmp_path / "out", register)
    assert {one.item: (one.low, one.high) for one in mine} == bounds
    assert finding in mine[0].findings


def test_insurance_takes_the_highest_base_and_adds_benefits(tmp_path: Path) -> None:
    people, own = one_person(tmp_path)
    rows = [("缴费", "4000"), ("缴费", "5000"), ("养老金", "1500.5"), ("失业金", "100")]
    write(
        tmp_path / "in" / "social_insurance.csv",
        [{"number": own, "name": "张伟", "kind": kind, "amount_yuan": yuan} for kind, yuan in rows],
    )
    run(people, tmp_path / "in", tmp_path / "out", OPTIONS, which=["social_insurance"])
    assert {one.item: one.low for one in found(tmp_path / "out", "social_insurance")} == {
        "contribution_base_fen_month": 500_000,
        "benefits_fen_month": 160_050,
        "lump_sums_fen": 0,
    }


@pytest.mark.parametrize(
    ("as_of", "applied", "stale", "finding"),
    [
        (None, "2026-09-01", 30, Finding.UNDATED_DATA),
        ("2026-09-02", "2026-09-01", 30, Finding.LATER_DATA),
        ("2026-08-01", "2026-09-01", 30, Finding.OLD_DATA),
        ("2026-08-02", "2026-09-01", 30, None),
        ("2020-08-02", "2026-09-01", None, None),
    ],
)
def test_the_day_of_the_data_stands_beside_that_of_the_application(
    tmp_path: Path, as_of: str | None, applied: str, stale: int | None, finding: Finding | None
) -> None:
    people, own = one_person(tmp_path, applied_on=applied)
    write(tmp_path / "in" / "deaths.csv", [{"number": own, "name": "张伟"}])
    manifest = {"files": {"deaths.csv": {"as_of": as_of, "rows": 1}}}
    (tmp_path / "in" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    options = Options(on=date(2025, 1, 1), stale_days=stale)
    run(people, tmp_path / "in", tmp_path / "out", options, which=["deaths"])
    days = {Finding.UNDATED_DATA, Finding.LATER_DATA, Finding.OLD_DATA}
    (one,) = found(tmp_path / "out", "deaths")
    assert set(one.findings) & days == ({finding} if finding else set())
    assert one.as_of == (None if as_of is None else date.fromisoformat(as_of))


def test_wrong_rows_can_be_set_apart_and_make_their_person_unknown(tmp_path: Path) -> None:
    people, own = one_person(tmp_path)
    rows = [{"number": own, "name": "张伟", "balance_fen": one} for one in ("10", "-1")]
    write(tmp_path / "in" / "deposits.csv", rows)
    batch = run(people, tmp_path / "in", tmp_path / "out", Options(on=ON, most_wrong=1), which=["deposits"])
    assert batch.pieces[0].state is RegisterState.DONE
    assert batch.pieces[0].wrong_rows == 1
    assert [(one.row, one.column) for one in batch.pieces[0].problems] == [(3, "balance_fen")]
    (one,) = found(tmp_path / "out", "deposits")
    assert (one.low, one.high) == (10, None)
    assert Finding.ROW_UNREADABLE in one.findings


def test_a_run_that_was_ended_goes_on_after_the_pieces_that_are_there(tmp_path: Path) -> None:
    people, own = one_person(tmp_path)
    for register in ("vehicles", "deaths"):
        write(tmp_path / "in" / f"{register}.csv", [{"number": own, "name": "张伟"}])

    class EndedError(Exception):
        pass

    def end(done: int, _whole: int, what: str) -> None:
        if what == "deaths":
            raise EndedError

    with pytest.raises(EndedError):
        run(people, tmp_path / "in", tmp_path / "out", OPTIONS, progress=end, which=["vehicles", "deaths"])
    kept = (tmp_path / "out" / "figures-vehicles.parquet").stat().st_mtime_ns
    steps: list[tuple[int, int, str]] = []
    batch = run(
        people,
        tmp_path / "in",
        tmp_path / "out",
        OPTIONS,
        progress=lambda *step: steps.append(step),
        which=["vehicles", "deaths"],
    )
    assert steps == [(0, 3, "people"), (1, 3, "vehicles"), (2, 3, "deaths"), (3, 3, "")]
    assert [piece.state for piece in batch.pieces] == [RegisterState.DONE] * 2
    assert (tmp_path / "out" / "figures-vehicles.parquet").stat().st_mtime_ns == kept
    # a file that has changed is worked out anew, the other is left
    write(tmp_path / "in" / "deaths.csv", [{"number": number(BIRTHS[1], 3), "name": "李娜"}])
    again = run(people, tmp_path / "in", tmp_path / "out", OPTIONS, which=["vehicles", "deaths"])
    assert [piece.matched for piece in again.pieces] == [1, 0]
    assert (tmp_path / "out" / "figures-vehicles.parquet").stat().st_mtime_ns == kept


def test_a_folder_of_something_else_is_not_written_into(tmp_path: Path) -> None:
    people, own = one_person(tmp_path)
    write(tmp_path / "in" / "deaths.csv", [{"number": own, "name": "张伟"}])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine")
    with pytest.raises(FileRefused, match="not empty"):
        run(people, tmp_path / "in", tmp_path / "out", OPTIONS)
    run(people, tmp_path / "in", tmp_path / "other", OPTIONS, which=["deaths"])
    with pytest.raises(FileRefused, match="another batch"):
        run(people, tmp_path / "in", tmp_path / "other", Options(on=date(2026, 1, 1)), which=["deaths"])
    assert json.loads((tmp_path / "other" / PIECES).read_text())["form"] == 1


def test_nothing_on_disk_names_a_person(tmp_path: Path) -> None:
    people, own = one_person(tmp_path)
    write(tmp_path / "in" / "deaths.csv", [{"number": own, "name": "张伟"}])
    run(people, tmp_path / "in", tmp_path / "out", OPTIONS)
    for file in (tmp_path / "out").rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert own.encode() not in content
            assert "张伟".encode() not in content
    assert not (tmp_path / "out" / "work").exists()
