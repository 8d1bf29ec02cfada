"""Bad packs are refused with file, line and column, the nearest valid name and advice; all problems at once (X3)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.engine.packs import ENTITIES, FACTS, FORMULAS, INSTRUMENTS, PARAMETERS, write_packs

from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.problems import PackError, Place, Problem, Problems, nearest
from jiuzhu.engine.program.compiling import Program, compile_program

ON = date(2026, 9, 1)
NATION = "packs/000000-national"
Refused = Callable[..., list[str]]


def _compiled(folder: Path, on: date = ON, root: str = "3709", **files: str) -> Program:
    return compile_program(load([write_packs(folder, **files)]), on=on, root=root)


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """The problems of packs, in English, without the folder of the layer."""

    def refuse(*, language: str = "en", on: date = ON, **files: str) -> list[str]:
        with pytest.raises(PackError) as refusal:
            _compiled(tmp_path, on, **files)
        return [one.message(language).removeprefix(f"{NATION}/") for one in refusal.value.problems]

    return refuse


def asked(formula: str, kind: str = "count") -> str:
    """The sample's formulas, and one more for the household."""
    head = f"  asked:\n    type: {kind}\n    label: x\n    label_en: x\n    basis: sample_law 1\n    formula: |\n"
    return f"{FORMULAS}{head}      {formula}\n"


def marked(text: str) -> tuple[str, str]:
    """A text without its mark ¤, and the line and column where the mark stood."""
    before, _, after = text.partition("¤")
    return before + after, f"{before.count(chr(10)) + 1}:{len(before.rpartition(chr(10))[2]) + 1}"


def change(text: str, *pairs: str) -> str:
    """A text in which something old is replaced by something new, once each."""
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def test_the_sample_itself_is_sound(tmp_path: Path) -> None:
    assert len(_compiled(tmp_path, formulas=asked("members + 1")).cells) == 19


@pytest.mark.parametrize(
    ("formula", "kind", "words"),
    [
        # names
        ("¤incme", "count", "household has no variable 'incme'."),
        ("¤memers + 1", "count", "household has no variable 'memers'. Did you mean members?"),
        ("¤persn.old", "truth", "there is no entity 'persn'. Did you mean person?"),
        ("any(¤person.oldd)", "truth", "person has no variable 'oldd'. Did you mean old?"),
        ("members > ¤p.standard", "truth", "there is no parameter 'standard'. Valid names: retired_from, standard"),
        ("¤person.old", "truth", "person.old may stand for several; it cannot be used directly. Use sum, count_if"),
        ("cars = ¤'red'", "truth", "'red' is no value here."),
        ("any(person.illness = ¤'sever')", "truth", "'sever' is no value here. Did you mean severe?"),
        # kinds
        ("¤members AND urban", "truth", "expected yes or no, found a number."),
        ("¤urban + 1", "count", "expected a number, found yes or no."),
        ("¤entitled + 1", "count", "expected a number, found an outcome."),
        ("urban = ¤1", "truth", "expected yes or no, found a number."),
        ("any(person.birth_date > ¤2000)", "truth", "expected a day, found a number."),
        ("age(¤members)", "years", "expected a day, found a number."),
        ("CASE WHEN ¤members THEN 1 ELSE 2 END", "count", "expected yes or no, found a number."),
        ("CASE WHEN urban THEN 1 ELSE ¤urban END", "count", "expected a number, found yes or no."),
        ("¤'text'", "count", "a text is only compared with a code."),
        ("¤members", "truth", "the formula has another type or unit than declared."),
        ("¤urban", "count", "the formula has another type or unit than declared."),
        ("¤p.standard_yuan_month", "yuan_year", "the formula has another type or unit than declared."),
        # units
        ("p.standard_yuan_month + ¤sum(person.income_yuan_year)", "yuan_month",
         "units differ: yuan a month and yuan a year. Convert with per_month() or per_year()."),
        ("p.standard_yuan_month < ¤p.support_rate", "truth", "units differ: yuan a month and a plain number."),
        ("greatest(p.standard_yuan_month, ¤p.retired_from)", "yuan_month", "units differ: yuan a month and years."),
        ("¤p.standard_yuan_month * p.standard_yuan_month", "yuan_month",
         "yuan a month and yuan a month cannot be multiplied or divided so."),
        ("per_month(¤p.standard_yuan_month)", "yuan_month",
         "per_month() converts yuan a year, found yuan a month."),
        ("per_year(¤members)", "yuan_year", "per_year() converts yuan a month, found a plain number."),
        # figures of policy
        ("p.standard_yuan_month > ¤800", "truth",
         "a figure in yuan or square metres cannot stand in a formula. Put it into parameters.yaml."),
        ("greatest(p.standard_yuan_month - ¤100, 0)", "yuan_month", "a figure in yuan or square metres cannot"),
        # functions
        ("¤read_csv(members)", "count", "there is no function read_csv()."),
        ("¤greates(members, 1)", "count", "there is no function greates(). Did you mean greatest?"),
        ("¤greatest(members)", "count", "greatest() takes 2 to 20 arguments."),
        ("¤age(members, members)", "count", "age() takes 1 argument(s)."),
        ("coalesce(¤members, 1)", "count", "the first argument of coalesce() must be a fact. Say the assumption"),
        ("¤sum(members)", "count", "sum() goes through one sort of members, in a formula of the household."),
        ("¤any(person.old AND supporter.support_yuan_month > 0)", "truth", "any() goes through one sort of members"),
        ("sum(person.income_yuan_year / ¤household.members)", "yuan_year", "the divisor may be zero or negative."),
        ("any(¤any(person.old))", "truth", "aggregates cannot be nested. Make a variable of the member first."),
        ("members IN (¤members)", "truth", "IN takes whole numbers or codes."),
        ("members / ¤cars", "count",
         "the divisor may be zero or negative. Write CASE WHEN divisor > 0 THEN … ELSE … END."),
        # 64 bits
        ("¤members * 999999999999999999", "count", "the value may not fit 64 bits. Give the variables a narrower"),
        ("¤0.00000000000000000000000001 * members", "rate", "the number may not fit 64 bits before it is rounded."),
        ("¤99999999999999999999", "count", "the value may not fit 64 bits."),
        # what is no formula at all
        ("members¤; DROP TABLE household", "count", "';' cannot stand in a formula."),
        ("(¤SELECT 1)", "count", "SELECT is not used in formulas."),
        ("members ¤＋ 1", "count", "'＋' is a full-width character. Use + instead."),
        ("members > 1 AND¤", "truth", "expected a number, a name, a function, CASE or (, found the end."),
    ],
)  # fmt: skip
def test_a_wrong_formula_is_refused_where_it_is_wrong(refused: Refused, formula: str, kind: str, words: str) -> None:
    text, place = marked(asked(formula, kind))
    (found,) = refused(formulas=text)
    assert found.startswith(f"dibao/formulas.yaml:{place}: ")
    assert words in found


def test_a_formula_over_several_lines_keeps_its_places(refused: Refused) -> None:
    text, place = marked(asked("CASE WHEN urban THEN 1\n           WHEN ¤memers > 3 THEN 2\n           ELSE 3 END"))
    assert refused(formulas=text) == [
        f"dibao/formulas.yaml:{place}: household.asked: household has no variable 'memers'. Did you mean members?"
    ]


@pytest.mark.parametrize(
    "written", ["urban AND ¤ubran", "'urban AND ¤ubran'", '"urban AND ¤ubran"', ">\n      urban AND\n\n      ¤ubran"]
)
def test_a_formula_keeps_its_place_however_yaml_writes_it(refused: Refused, written: str) -> None:
    text, place = marked(asked("x", "truth").replace("|\n      x", written))
    assert refused(formulas=text) == [
        f"dibao/formulas.yaml:{place}: household.asked: household has no variable 'ubran'. Did you mean urban?"
    ]


@pytest.mark.parametrize("written", ["'cars = 1 AND ''x'' = ''y'''", '"cars\\x20= 1"'])
def test_a_quoted_formula_with_escapes_is_refused(refused: Refused, written: str) -> None:
    line = f"  asked: {{type: truth, label: x, label_en: x, basis: sample_law 1, formula: {written}}}\n"
    (found,) = refused(formulas=FORMULAS + line)
    assert found.endswith("a quoted formula holds no escapes. Write it without quotes, or below a |.")


def test_a_cycle_is_named_once_with_all_its_variables(refused: Refused) -> None:
    needs = (("one", "two"), ("two", "three"), ("three", "one"))
    rest = "".join(
        f"  {name}: {{type: count, label: x, label_en: x, basis: sample_law 1, formula: {need} + 1}}\n"
        for name, need in needs
    )
    text, place = marked(FORMULAS + rest.replace("one:", "¤one:", 1))
    circle = "household.one → household.two → household.three → household.one"
    assert refused(formulas=text) == [
        (
            f"dibao/formulas.yaml:{place}: the formulas go round in a circle: {circle}."
            " Let one of them no longer depend on the other."
        )
    ]
    assert refused(formulas=text, language="zh")[0].startswith(f"dibao/formulas.yaml:{place}: 公式循环：{circle}。")


def test_a_variable_that_needs_itself_is_a_cycle(refused: Refused) -> None:
    assert "household.asked → household.asked" in refused(formulas=asked("asked + 1"))[0]


def test_a_refusal_is_said_in_chinese(refused: Refused) -> None:
    text, place = marked(asked("¤memers + 1"))
    assert refused(formulas=text, language="zh-hans") == [
        f"dibao/formulas.yaml:{place}: household.asked：“household”没有变量“memers”。是否想写 members？"
    ]


def test_all_problems_of_all_files_are_named_in_the_order_of_the_files(refused: Refused) -> None:
    found = refused(
        facts=FACTS.replace("type: count, label: 车辆", "type: cout, label: 车辆"),
        parameters=PARAMETERS.replace("value: 800", "value: 8o0"),
        formulas=FORMULAS.replace("basis: sample_law 2}", "basis: sample_lw 2}", 1),
    )
    assert [one.split(":")[0] for one in found] == ["dibao/formulas.yaml", "dibao/parameters.yaml", "facts.yaml"]


def test_every_wrong_formula_is_named_and_what_needs_it_is_not_blamed(refused: Refused) -> None:
    first, age = marked(FORMULAS.replace("age(birth_date) < 18", "¤aeg(birth_date) < 18"))
    second, month = marked(first.replace("per_month(greatest", "per_year(¤greatest"))
    assert [one.split(": ")[0] for one in refused(formulas=second)] == [
        f"dibao/formulas.yaml:{age}",
        f"dibao/formulas.yaml:{month}",
    ]


DECIMALS = "expected a number with at most 2 decimals."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            change(
                FORMULAS, "{type: truth, label: 未成年", "¤{type: truth, label: 未成年", ", basis: sample_law 2}", "}"
            ),
            "'basis' is missing. Add basis: …",
        ),
        (
            change(FORMULAS, "sample_law 2}", "¤sample_lw 2}"),
            "no instrument is called 'sample_lw'. Did you mean sample_law",
        ),
        (
            change(FORMULAS, "sample_law 2}", "¤第二条}"),
            "this is no citation. Write jiuzhu_fa 18.2(1): instrument, article",
        ),
        (change(FORMULAS, "sample_law 2}", "¤sample_law 0}"), "A citation has a title"),
        (change(FORMULAS, "sample_law 2}", f"¤sample_law {'9' * 5000}}}"), "this is no citation."),
        (change(FORMULAS, "sample_law 2}", "[sample_law 2, ¤{a: b}]}"), "this is no citation."),
        (change(FORMULAS, "minor: {type:", "minor: {¤typ:"), "'typ' is no key of this table. Did you mean type?"),
        (change(FORMULAS, "minor: {type:", "minor: ¤{typ:"), "'type' is missing. Add type: …"),
        (change(FORMULAS, "{type: truth,", "{type: ¤thruth,"), "'thruth' is no value of type. Did you mean truth?"),
        (change(FORMULAS, "person:\n", "¤persons:\n"), "there is no entity 'persons'. Did you mean person?"),
        (change(FORMULAS, "exact: true", "exact: ¤yes"), "expected true or false, found 'yes'."),
        (change(FORMULAS, "reasons: {yes:", "reasons: {¤ja:"), "'ja' is no key of this table."),
        (change(FORMULAS, "reasons: {yes: 符合, yes_en: entitled,", "reasons: ¤{yes: 符合,"), "'yes_en' is missing."),
    ],
)
def test_what_is_wrong_in_formulas_is_named(refused: Refused, text: str, problem: str) -> None:
    clean, place = marked(text)
    found = refused(formulas=clean)
    assert any(one.startswith(f"dibao/formulas.yaml:{place}: {problem}") for one in found), found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        *(
            (change(PARAMETERS, "value: 800,", f"value: ¤{wrong},"), DECIMALS)
            for wrong in ("800.001", "1e999999999", "1_000", "８００", "NaN", "'800 '", "[800]", "0x10", "--1", "''")
        ),
        (change(PARAMETERS, "value: 800,", "value: ¤6000,"), "the value lies outside 0.00 to 5000.00."),
        (change(PARAMETERS, "value: 800,", "value: ¤-1,"), "the value lies outside 0.00 to 5000.00."),
        (change(PARAMETERS, "{value: 800, ", "¤{"), "'value' is missing. Add value: …"),
        (change(PARAMETERS, "value: 60,", "value: ¤60.5,"), "expected a whole number."),
        *(
            (change(PARAMETERS, "from: 2027-01-01", f"from: ¤{wrong}"), "expected a day such as 2026-07-01, found")
            for wrong in ("2027-1-1", "20270101", "2027-02-29", "2027-W01-1", "２０２７-01-01", "yes")
        ),
        (
            change(
                PARAMETERS,
                "{division: '370902', value: 966",
                "¤{division: '370902', value: 966",
                "to: 2027",
                "to: 2025",
            ),
            "The end (2025-01-01) must be later than the start (2025-07-01)",
        ),
        (
            change(PARAMETERS, "value: 1000, from: 2027-01-01", "value: ¤1000, from: 2026-12-31"),
            "parameter 'standard_yuan_month' overlaps the value at packs/000000-national/dibao/parameters.yaml:10:35",
        ),
        *(
            (
                change(PARAMETERS, "'370902', value: 1000", f"¤'{wrong}', value: 1000"),
                f"'{wrong}' is no division code within national. Write 2, 4, 6, 9 or 12 digits.",
            )
            for wrong in ("3709o2", "37090", "３７０９０２", "", "3709020010011")
        ),
        (change(PARAMETERS, "{value: 0.35, from: 2025-01-01, demo: true}", "¤{value: 0.35}"), "'basis' is missing."),
        (change(PARAMETERS, "demo: true", "demo: ¤ja"), "expected true or false, found 'ja'."),
        (
            change(PARAMETERS, "highest: 1\n", "highest: ¤one\n"),
            "expected a number with at most 4 decimals, found 'one'.",
        ),
        (change(PARAMETERS, "type: years", "type: ¤year"), "'year' is no value of type. Did you mean years?"),
        (change(PARAMETERS, "  values: [{value: 60", "  ¤valeus: [{value: 60"), "'valeus' is no key of this table."),
        (
            change(PARAMETERS, "type: years", "¤type: years", "  values: [{value: 60", "  valeus: [{value: 60"),
            "'values' is",
        ),
        (
            change(PARAMETERS, "values: [{value: 60, basis: sample_law 3}]", "values: ¤60"),
            "expected a list, found '60'.",
        ),
        (
            change(PARAMETERS, "values: [{value: 60, basis: sample_law 3}]", "values: [¤60]"),
            "expected a table, found '60'.",
        ),
    ],
)
def test_what_is_wrong_in_parameters_is_named(refused: Refused, text: str, problem: str) -> None:
    clean, place = marked(text)
    found = refused(parameters=clean)
    assert any(one.startswith(f"dibao/parameters.yaml:{place}: {problem}") for one in found), found


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        *(
            (
                "entities",
                change(ENTITIES, "person: {", "¤person: {", "most: 20", f"most: '{wrong}'"),
                "most is a number from",
            )
            for wrong in ("0", "1001", "²", "-1", "９", "9" * 5000, "many")
        ),
        (
            "entities",
            change(ENTITIES, "person: {", "¤person: {", "parent: household, most: 20", "parent: supporter, most: 20"),
            "every entity but household has household as its parent.",
        ),
        (
            "facts",
            change(FACTS, "none: [无, none]", "none: ¤[none]"),
            "expected [Chinese name, English name], found a list.",
        ),
        (
            "facts",
            change(
                FACTS,
                "illness:\n    {",
                "illness:\n    ¤{",
                "options: {none: [无, none], chronic: [慢性病, chronic], severe: [重病, severe]}",
                "options: {}",
            ),
            "a code lists its options.",
        ),
        ("facts", change(FACTS, "highest: 9", "highest: ¤many"), "expected a whole number, found 'many'."),
        ("facts", change(FACTS, "register: tax}", "personal_data: ¤money}"), "'money' is no value of personal_data."),
        (
            "facts",
            change(FACTS, "register: tax}", "¤registr: tax}"),
            "'registr' is no key of this table. Did you mean register",
        ),
        (
            "facts",
            change(FACTS, "supporter:\n", "¤supporters:\n"),
            "there is no entity 'supporters'. Did you mean supporter?",
        ),
        (
            "instruments",
            change(INSTRUMENTS, "level: law, from: 2020", "level: ¤laws, from: 2020"),
            "'laws' is no value of",
        ),
        (
            "instruments",
            change(INSTRUMENTS, "old_law", "¤old_law", "to: 2020", "to: 2000"),
            "The end of force of 旧示例法",
        ),
        (
            "instruments",
            change(INSTRUMENTS, "{title: 旧", "¤{title: 旧", ", from: 2010-01-01", ""),
            "'from' is missing.",
        ),
        ("instruments", change(INSTRUMENTS, "{title: 旧示例法,", "¤{"), "'title' is missing."),
    ],
)
def test_what_is_wrong_in_the_other_files_is_named(refused: Refused, file: str, text: str, problem: str) -> None:
    clean, place = marked(text)
    found = refused(**{file: clean})
    assert any(one.startswith(f"{file}.yaml:{place}: {problem}") for one in found), found


def test_a_wrong_value_is_said_in_chinese_without_english(refused: Refused) -> None:
    text, place = marked(PARAMETERS.replace("value: 800,", "value: ¤viel,"))
    assert refused(language="zh", parameters=text) == [
        f"dibao/parameters.yaml:{place}: 参数值不对，应当是最多 2 位小数的数。"
    ]
    text, place = marked(PARAMETERS.replace("highest: 1\n", "highest: ¤viel\n"))
    assert refused(language="zh", parameters=text) == [
        f"dibao/parameters.yaml:{place}: 应当是最多 4 位小数的数，这里是“viel”。"
    ]


def _versions(first: str, until: str) -> str:
    return (
        f"{FORMULAS}  asked:\n    type: count\n    label: x\n    label_en: x\n    versions:\n"
        f"      - {{formula: {first}, to: {until}, basis: sample_law 1}}\n"
        "      - {formula: ¤members + 1, from: 2026-07-01, basis: sample_law 1}\n"
    )


def test_versions_of_a_formula_that_overlap_are_refused_and_those_that_meet_are_not(
    tmp_path: Path, refused: Refused
) -> None:
    text, place = marked(_versions("members", "2026-07-02"))
    (found,) = refused(formulas=text)
    assert found.startswith(f"dibao/formulas.yaml:{place}: household.asked overlaps the formula at {NATION}/dibao/")
    assert found.endswith("in time. Give the earlier formula its `to`.")
    assert _compiled(tmp_path, formulas=marked(_versions("members", "2026-07-01"))[0])


def test_only_the_formulas_of_the_day_are_compiled(tmp_path: Path, refused: Refused) -> None:
    text, _ = marked(_versions("memers", "2026-07-01"))
    assert _compiled(tmp_path, formulas=text)
    assert "memers" in refused(formulas=text, on=date(2026, 6, 30))[0]


def test_a_layer_below_may_add_formulas_and_values_but_not_change_their_kind(tmp_path: Path) -> None:
    root = write_packs(tmp_path)
    below = root / "370900-city" / "dibao"
    below.mkdir(parents=True)
    (below / "parameters.yaml").write_text(
        PARAMETERS.replace("type: yuan_month", "type: yuan_year").replace("'370902'", "'370903'"), encoding="utf-8"
    )
    (below / "formulas.yaml").write_text(
        "household:\n  members: {type: years, label: x, label_en: x, formula: 1, basis: sample_law 1}\n",
        encoding="utf-8",
    )
    with pytest.raises(PackError) as refusal:
        load([root])
    found = [one.message("en").removeprefix("packs/370900-city/dibao/") for one in refusal.value.problems]
    assert [one.rpartition(" at ")[0] for one in found] == [
        "formulas.yaml:2:3: household.members has another type",
        "parameters.yaml:2:1: parameter 'standard_yuan_month' has another type",
    ]


@pytest.mark.parametrize("name", ["national", "37090-city", "370900_city", "３７０９００-city", "370900-City"])
def test_a_folder_that_is_no_layer_is_refused(tmp_path: Path, name: str) -> None:
    root = write_packs(tmp_path)
    (root / name).mkdir()
    with pytest.raises(PackError) as refusal:
        load([root])
    (problem,) = refusal.value.problems
    assert (problem.code, problem.place.file) == ("pack.layer", f"packs/{name}")
    assert problem.advice_en == "For example 370000-shandong."


def test_a_root_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError) as refusal:
        load([tmp_path / "nowhere"])
    assert [one.code for one in refusal.value.problems] == ["pack.folder"]


@pytest.mark.parametrize(
    "label", ["'; DROP TABLE person; --", "\"); import os; os.system('x')", "${x}", "{{ x }}", "<script>", "\\N{DASH}"]
)
def test_what_a_label_holds_never_becomes_part_of_a_program(tmp_path: Path, label: str) -> None:
    from jiuzhu.engine.backends.python import emit

    quoted = "'" + label.replace("'", "''") + "'"
    program = _compiled(tmp_path, formulas=FORMULAS.replace("label: 低保", f"label: {quoted}"))
    assert program.readings["household", "entitled"].variable.label.zh == label
    assert label not in emit(program)


def test_the_nearest_name_is_given_or_all_when_they_are_few() -> None:
    assert nearest("standrd", ["standard", "income"]) == ("是否想写 standard？", "Did you mean standard?")
    assert nearest("xyz", ["b", "a"]) == ("可用的有：a、b。", "Valid names: a, b.")
    assert nearest("xyz", [f"name{at}" for at in range(13)]) == ("", "")
    assert nearest("xyz", []) == ("", "")


def test_problems_are_told_once_and_in_order() -> None:
    problems = Problems()
    problems.raise_if_any()
    for line in (9, 2, 9):
        problems.add(Place("a.yaml", line, 1), "x", "错", "wrong.", advice=("改。", "Mend it."))
    with pytest.raises(PackError) as refusal:
        problems.raise_if_any()
    assert [one.message("en") for one in refusal.value.problems] == [
        "a.yaml:2:1: wrong. Mend it.",
        "a.yaml:9:1: wrong. Mend it.",
    ]
    assert Problem(Place("a.yaml", 1, 1), "x", "错。", "wrong.").message("zh") == "a.yaml:1:1: 错。"
