"""Formulas are read by precedence, and everything they may not hold is refused at its offset, with advice (X3)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiuzhu.engine.expressions.parser import MOST_BRANCHES, MOST_DEEP, MOST_NESTED, parse
from jiuzhu.engine.expressions.tokens import MOST_CHARACTERS, FormulaError, tokens
from jiuzhu.engine.expressions.tree import (
    Between,
    Binary,
    Call,
    Case,
    Chain,
    Expression,
    Name,
    Number,
    OneOf,
    Text,
    Truth,
    Unary,
    children,
    names,
)


def shown(tree: Expression) -> str:
    """A formula with every bracket written out."""
    match tree:
        case Number(text=text):
            return text
        case Text(value=value):
            return "'" + value.replace("'", "''") + "'"
        case Truth(value=value):
            return str(value).upper()
        case Name():
            return str(tree)
        case Unary(operator=operator, operand=operand):
            return f"({operator} {shown(operand)})"
        case Binary(operator=operator, left=left, right=right):
            return f"({shown(left)} {operator} {shown(right)})"
        case Chain(operator=operator, operands=operands):
            return f"({f' {operator} '.join(map(shown, operands))})"
        case OneOf(operand=operand, options=options, negated=negated):
            return f"({shown(operand)} {'not ' if negated else ''}in ({', '.join(map(shown, options))}))"
        case Between(operand=operand, low=low, high=high):
            return f"({shown(operand)} between {shown(low)} and {shown(high)})"
        case Case(branches=branches, otherwise=otherwise):
            whens = " ".join(f"when {shown(condition)} then {shown(result)}" for condition, result in branches)
            return f"(case {whens} else {shown(otherwise)} end)"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(shown, arguments))})"


def refused(formula: str) -> FormulaError:
    """The refusal of a formula."""
    with pytest.raises(FormulaError) as refusal:
        parse(formula)
    return refusal.value


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        ("1", "1"),
        ("0.50", "0.50"),
        ("'it''s'", "'it''s'"),
        ("''", "''"),
        ("TRUE", "TRUE"),
        ("False", "FALSE"),
        ("person.income", "person.income"),
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b * c", "((a / b) * c)"),
        ("(a + b) * c", "((a + b) * c)"),
        ("-a * b", "((- a) * b)"),
        ("a - -b", "(a - (- b))"),
        ("a + b < c * 2", "((a + b) < (c * 2))"),
        ("NOT a AND b OR c", "(((not a) and b) or c)"),
        ("a OR b AND c", "(a or (b and c))"),
        ("a AND b AND c", "(a and b and c)"),
        ("a AND (b AND c)", "(a and (b and c))"),
        ("NOT NOT a", "(not (not a))"),
        ("NOT a = b", "(not (a = b))"),
        ("a <> b", "(a <> b)"),
        ("a>=b", "(a >= b)"),
        ("a IN (1, 2)", "(a in (1, 2))"),
        ("a NOT IN ('x')", "(a not in ('x'))"),
        ("NOT a IN (1)", "(not (a in (1)))"),
        ("a BETWEEN 1 AND 2 AND b", "((a between 1 and 2) and b)"),
        ("a BETWEEN b + 1 AND c OR d", "((a between (b + 1) and c) or d)"),
        ("CASE WHEN a THEN 1 WHEN b THEN 2 ELSE 3 END + 1", "((case when a then 1 when b then 2 else 3 end) + 1)"),
        ("case when a then case when b then 1 else 2 end else 3 end",
         "(case when a then (case when b then 1 else 2 end) else 3 end)"),
        ("greatest(a, b + 1, 0)", "greatest(a, (b + 1), 0)"),
        ("count_if(person.a AND NOT b)", "count_if((person.a and (not b)))"),
        (" \n a\t+\n\n b ", "(a + b)"),
        ("a\u3000+ b", "(a + b)"),
    ],
)  # fmt: skip
def test_formulas_are_read_by_precedence(formula: str, read: str) -> None:
    assert shown(parse(formula)) == read


def test_tokens_know_where_they_stand() -> None:
    found = [(one.kind, one.text, one.start, one.end) for one in tokens("a >= 1.5 And 'x'")]
    assert found == [
        ("name", "a", 0, 1),
        ("operator", ">=", 2, 4),
        ("number", "1.5", 5, 8),
        ("keyword", "and", 9, 12),
        ("text", "'x'", 13, 16),
        ("end", "", 16, 16),
    ]


def test_parts_know_where_they_stand() -> None:
    text = "CASE WHEN a > 1 THEN greatest(b, -c) ELSE d BETWEEN 1 AND 2 END"

    def spans(tree: Expression) -> list[str]:
        return [text[tree.span.start : tree.span.end], *(one for part in children(tree) for one in spans(part))]

    assert spans(parse(text)) == [
        text, "a > 1", "a", "1", "greatest(b, -c)", "b", "-c", "c", "d BETWEEN 1 AND 2", "d", "1", "2",
    ]  # fmt: skip


def test_names_are_listed_in_the_order_they_are_written() -> None:
    found = names(parse("sum(person.a) + b * p.c - household.d"))
    assert [str(one) for one in found] == ["person.a", "b", "p.c", "household.d"]


@pytest.mark.parametrize(
    ("formula", "offset", "code", "words"),
    [
        ("", 0, "formula.empty", "empty"),
        ("  \n", 0, "formula.empty", "empty"),
        ("a +", 3, "formula.syntax", "found the end"),
        ("a b", 2, "formula.syntax", "found 'b'"),
        ("(a", 2, "formula.syntax", "expected )"),
        ("a)", 1, "formula.syntax", "found ')'"),
        ("* a", 0, "formula.syntax", "expected a number"),
        ("a IN 1", 5, "formula.syntax", "expected ("),
        ("a IN ()", 6, "formula.syntax", "expected a number"),
        ("greatest()", 9, "formula.syntax", "expected a number"),
        ("a BETWEEN 1", 11, "formula.syntax", "expected AND"),
        ("a.1", 2, "formula.syntax", "expected a name after the dot"),
        ("a.b.c", 3, "formula.dots", "at most one dot. Write entity.variable or p.parameter."),
        ("a < b < c", 6, "formula.chain", "chained. Write a < b AND b < c."),
        ("CASE a WHEN 1 THEN 2 ELSE 3 END", 5, "formula.syntax", "expected WHEN after CASE"),
        ("CASE WHEN a THEN 1 END", 19, "formula.else", "needs an ELSE. Say what holds in all other cases."),
        ("CASE WHEN a THEN 1 ELSE 2", 25, "formula.syntax", "expected END"),
        ("CASE ELSE 1 END", 5, "formula.syntax", "expected WHEN"),
        ("a == b", 3, "formula.syntax", "found '='"),
        ("a != b", 2, "formula.character", "'!' cannot stand"),
        ("a || b", 2, "formula.character", "'|' cannot stand"),
        ("a % 2", 2, "formula.character", "'%' cannot stand"),
        ("a; DROP TABLE person", 1, "formula.character", "';' cannot stand"),
        ("$1", 0, "formula.character", "'$' cannot stand"),
        ("a[1]", 1, "formula.character", "'[' cannot stand"),
        ("a::int", 1, "formula.character", "':' cannot stand"),
        ("\"a\"", 0, "formula.character", "cannot stand"),
        ("@a", 0, "formula.character", "'@' cannot stand"),
        ("收入 > 1", 0, "formula.character", "'收' cannot stand"),
        ("a\u200b", 1, "formula.character", "cannot stand"),
        ("a -- b", 2, "formula.remark", "remark. Write - (-x)"),
        ("'abc", 0, "formula.text", "not closed"),
        ("'a\nb'", 0, "formula.text", "not closed"),
        ("'a\\'", 0, "formula.text", "not closed"),
        ("1.", 1, "formula.syntax", "expected an operator or the end, found '.'"),
        (".5", 0, "formula.syntax", "expected a number"),
        ("0x10", 0, "formula.number", "'0x10' is no number. Write numbers like 12 or 0.5."),
        ("1e6", 0, "formula.number", "'1e6' is no number"),
        ("12abc > 1", 0, "formula.number", "'12abc' is no number"),
        ("1_000", 0, "formula.number", "'1_000' is no number"),
        ("SELECT 1", 0, "formula.word", "SELECT is not used in formulas. Formulas use arithmetic"),
        ("a IS NULL", 2, "formula.word", "IS is not used in formulas. Unknown values are handled by the engine"),
        ("a = null", 4, "formula.word", "do not test for null"),
        ("a LIKE 'x'", 2, "formula.word", "LIKE is not used"),
        ("CAST(a AS int)", 0, "formula.word", "CAST is not used"),
        ("EXISTS (a)", 0, "formula.word", "EXISTS is not used"),
        ("a UNION b", 2, "formula.word", "UNION is not used"),
        ("Income > 1", 0, "formula.case", "lower case. Write income."),
        ("p.Standard", 2, "formula.case", "lower case. Write standard."),
        ("case.a", 4, "formula.syntax", "expected WHEN"),
    ],
)  # fmt: skip
def test_what_a_formula_may_not_hold_is_refused_where_it_stands(
    formula: str, offset: int, code: str, words: str
) -> None:
    wrong = refused(formula)
    assert (wrong.offset, wrong.code) == (offset, code)
    assert words in f"{wrong.en} {wrong.advice[1]}"
    assert wrong.zh.endswith("。")
    assert all("\u4e00" <= one <= "\u9fff" or not one.isalpha() for one in wrong.advice[0] if not one.isascii())


@pytest.mark.parametrize(
    ("typed", "meant"), list(zip("（）＋－＊／＝＜＞，．。‘’“１９٣", "()+-*/=<>,..''\"193", strict=True))
)
def test_what_a_chinese_keyboard_types_is_refused_with_what_was_meant(typed: str, meant: str) -> None:
    wrong = refused(f"a {typed} b")
    assert (wrong.offset, wrong.code) == (2, "formula.character")
    assert f"请改用半角 {meant}" in wrong.advice[0]
    assert f"Use {meant} instead." in wrong.advice[1]


def test_length_depth_and_branches_are_limited_and_what_lies_within_is_read() -> None:
    assert shown(parse("a" * MOST_CHARACTERS)) == "a" * MOST_CHARACTERS
    assert refused("a" * (MOST_CHARACTERS + 1)).code == "formula.long"

    parse("(" * (MOST_NESTED - 1) + "a" + ")" * (MOST_NESTED - 1))
    for deep in ("(" * 60 + "a" + ")" * 60, "NOT " * 60 + "a", "- " * 60 + "a", "(" * 2000, "greatest(" * 400):
        assert refused(deep).code == "formula.deep"

    parse(" + ".join(["a"] * MOST_DEEP))
    wrong = refused(" + ".join(["a"] * (MOST_DEEP + 1)))
    assert (wrong.code, wrong.advice[1]) == ("formula.deep", "Split it into several variables.")
    assert refused("+".join(["a"] * 2000)).code == "formula.deep"
    assert refused("a" + " - 1" * 900).code == "formula.deep"
    # AND and OR of many are flat
    parse(" AND ".join(["a"] * 500))

    def case(branches: int) -> str:
        return f"CASE {'WHEN a THEN 1 ' * branches}ELSE 2 END"

    parse(case(MOST_BRANCHES))
    assert refused(case(MOST_BRANCHES + 1)).code == "formula.branches"


WORDS = ["a", "p.b", "1", "0.5", "'x'", "(", ")", "+", "-", "*", "/", "<", "<=", "=", "<>", ",", ".", "AND", "OR"]
WORDS += [
    "NOT",
    "IN",
    "BETWEEN",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "TRUE",
    "sum(",
    "（",
    "select",
    "§",
    "\n",
    "1x",
    "'",
]


def _read(formula: str) -> str | FormulaError:
    try:
        return shown(parse(formula))
    except FormulaError as wrong:
        return wrong


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=30))
def test_whatever_is_written_is_read_or_refused(formula: str) -> None:
    found = _read(formula)
    if isinstance(found, FormulaError):
        assert 0 <= found.offset <= len(formula)
        assert found.zh
        assert found.en
    else:
        # with all its brackets written out it is the same formula
        assert _read(found) == found
