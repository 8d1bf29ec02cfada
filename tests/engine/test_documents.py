"""YAML with places: what is read stays text, and what could grow, run or hide is refused where it stands (X3)."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiuzhu.engine import documents
from jiuzhu.engine.documents import MOST_BYTES, MOST_DEPTH, Items, Scalar, Table, parse, read, texts
from jiuzhu.engine.problems import PackError, Problem


def _problem(text: str) -> Problem:
    with pytest.raises(PackError) as refusal:
        parse(text, "a.yaml")
    (problem,) = refusal.value.problems
    return problem


def _told(text: str) -> tuple[str, str]:
    problem = _problem(text)
    return problem.code, str(problem.place)


def _scalar(table: Table, key: str) -> Scalar:
    found = table.get(key)
    assert isinstance(found, Scalar)
    return found


def test_everything_stays_text() -> None:
    words = ["no", "yes", "true", "~", "null", "2026-07-01", "0x10", "1_000", "1e5", ".inf", "010", "12:30:45", "是"]
    table = parse("".join(f"k{at}: {word}\n" for at, word in enumerate(words)), "a.yaml")
    assert [_scalar(table, f"k{at}").text for at in range(len(words))] == words


def test_keys_are_text_too_and_keep_their_order() -> None:
    table = parse("no: 1\n2026: 2\nyes: 3\n", "a.yaml")
    assert list(table.entries) == ["no", "2026", "yes"]


def test_every_value_knows_its_line_and_column() -> None:
    table = parse("a: 1\nb:\n  - x\n  - {c: 二, d: y}\n", "packs/a.yaml")
    items = table.get("b")
    assert isinstance(items, Items)
    inner = items.items[1]
    assert isinstance(inner, Table)
    places = [str(one.place) for one in (table, _scalar(table, "a"), items, *items.items, _scalar(inner, "d"))]
    assert places == [f"packs/a.yaml:{at}" for at in ("1:1", "1:4", "3:3", "3:5", "4:5", "4:15")]
    assert [one.text for one in texts(items)] == ["x"]


def test_columns_count_characters_whatever_they_are() -> None:
    table = parse("a: {𠮷: 㙓, b: x}\n", "a.yaml")
    inner = table.get("a")
    assert isinstance(inner, Table)
    assert str(_scalar(inner, "b").place) == "a.yaml:1:14"
    assert (_scalar(inner, "𠮷").text, _scalar(inner, "b").raw) == ("㙓", "x")


def test_the_source_between_the_marks_is_kept() -> None:
    table = parse("a: x > 1\nb: 'it''s'\nc: |\n  y\n  z\nd: \"q\\n\"\n", "a.yaml")
    assert [_scalar(table, key).raw for key in "abd"] == ["x > 1", "'it''s'", '"q\\n"']
    assert (_scalar(table, "c").raw, _scalar(table, "c").text) == ("|\n  y\n  z\n", "y\nz\n")
    assert [_scalar(table, key).is_plain for key in "abcd"] == [True, False, False, False]


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "document.empty", "1:1"),
        ("# only a remark\n", "document.empty", "2:1"),
        ("- a\n- b\n", "document.top", "1:1"),
        ("word\n", "document.top", "1:1"),
        ("a: 1\n---\nb: 2\n", "document.several", "2:1"),
        ("a: 1\nb: 2\na: 3\n", "document.twice", "3:1"),
        ("a: {b: 1, c: 2, b: 3}\n", "document.twice", "1:17"),
        ("'no': 1\nno: 2\n", "document.twice", "2:1"),
        ("a: &x 1\n", "document.anchor", "1:4"),
        ("a: &x [1]\nb: *x\n", "document.anchor", "1:4"),
        ("&x a: 1\n", "document.anchor", "1:1"),
        ("a: !!python/object/apply:os.system ['true']\n", "document.tag", "1:4"),
        ("a: !!int 5\n", "document.tag", "1:4"),
        ("a: !local 5\n", "document.tag", "1:4"),
        ("!!map {a: 1}\n", "document.tag", "1:1"),
        ("a: 1\n<<: {b: 2}\n", "document.merge", "2:1"),
        ("? [a]\n: 1\n", "document.key", "1:3"),
        ("? {a: 1}\n: 1\n", "document.key", "1:3"),
        ("a: [1, 2\n", "document.yaml", "2:1"),
        ("a: 'x\n", "document.yaml", "2:1"),
        ("a: 1\n b: 2\n", "document.yaml", "2:3"),
        ("a:\tb: 1\n", "document.yaml", "1:5"),
        ("a: *nothing\n", "document.anchor", "1:4"),
        ("a: \x01\n", "document.yaml", "1:1"),
        ("a: b\nc: \x00\n", "document.yaml", "2:1"),
    ],
)
def test_what_packs_may_not_use_is_refused_where_it_stands(text: str, code: str, place: str) -> None:
    assert _told(text) == (code, f"a.yaml:{place}")


def test_a_refusal_says_what_to_do_in_both_languages() -> None:
    problem = _problem("a: 1\na: 2\n")
    assert problem.message("zh-hans") == "a.yaml:2:1: “a”在第 1 行已经写过。请删去其中一个。"
    assert problem.message("en") == "a.yaml:2:1: 'a' is already written in line 1. Remove one of them."


def test_depth_is_limited_and_what_lies_within_is_read() -> None:
    def nested(levels: int) -> str:
        return "a: " + "[" * levels + "x" + "]" * levels

    parse(nested(MOST_DEPTH - 1), "a.yaml")
    assert _told(nested(MOST_DEPTH))[0] == "document.deep"
    assert _told(nested(50_000))[0] == "document.deep"
    assert _told("".join(f"{' ' * level}a:\n" for level in range(100)))[0] == "document.deep"


def test_the_number_of_values_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    assert documents.MOST_NODES == 200_000
    monkeypatch.setattr(documents, "MOST_NODES", 1000)
    parse("a: [" + "1," * 997 + "]", "a.yaml")
    assert _told("a: [" + "1," * 998 + "]") == ("document.deep", "a.yaml:1:1999")


def test_a_bomb_of_aliases_does_not_go_off() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{at}: &a{at} [*a{at - 1}, *a{at - 1}]" for at in range(1, 40)]
    assert _told("\n".join(lines)) == ("document.anchor", "a.yaml:1:5")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("a: 1\n#" + "x" * (MOST_BYTES - 6), encoding="utf-8")
    assert _scalar(read(path, "large.yaml"), "a").text == "1"
    path.write_text("a: 1\n#" + "x" * 10 * MOST_BYTES, encoding="utf-8")
    with pytest.raises(PackError) as refusal:
        read(path, "large.yaml")
    assert [(one.code, str(one.place)) for one in refusal.value.problems] == [("document.size", "large.yaml:1:1")]


@pytest.mark.parametrize(
    ("content", "line"),
    [("标准: 一\n二: 低".encode("gb18030"), 1), (b"a: 1\nb: 2\nc: \xff\n", 3), ("a: 1".encode("utf-16"), 1)],
)
def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path, content: bytes, line: int) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(PackError) as refusal:
        read(path, "a.yaml")
    assert [(one.code, one.place.line) for one in refusal.value.problems] == [("document.encoding", line)]
    path.write_bytes("标准: 低保\n".encode())
    assert _scalar(read(path), "标准").text == "低保"


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\nb: 'x'\n")
    table = read(path)
    assert list(table.entries) == ["a", "b"]
    assert (_scalar(table, "a").raw, _scalar(table, "b").raw) == ("1", "'x'")
    assert (_scalar(table, "a").place.column, _scalar(table, "b").place.line) == (4, 2)


def test_lines_that_end_as_windows_ends_them_keep_their_places() -> None:
    table = parse("a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 3\r\n", "a.yaml")
    assert str(_scalar(table, "c").place) == "a.yaml:5:4"
    assert _scalar(table, "b").text == "x\ny\n"


@settings(deadline=None, max_examples=300)
@given(st.text(st.sampled_from("ab:-[]{}&*!<>|'\"#%@\\?,.\n \t\r\x00\x85\u2028\ufeff是𠮷0"), max_size=40))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        assert isinstance(parse(text, "a.yaml"), Table)
    except PackError as refusal:
        problems = refusal.problems
    assert all(one.place.line >= 1 and one.place.column >= 1 for one in problems)
