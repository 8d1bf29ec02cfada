"""Our parser reads formulas as SQL is read: another parser sees the same structure (X1)."""

from typing import Any, TypeAlias

import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp
from tests.engine.agreeing import population
from tests.engine.drawing import DAYS, MORE_FACTS, MORE_PARAMETERS, Made, bare, homes, with_formulas
from tests.engine.packs import write_packs

from jiuzhu.engine.backends import sql
from jiuzhu.engine.backends.dialects import DUCKDB, POSTGRES, SPARK
from jiuzhu.engine.expressions.parser import parse
from jiuzhu.engine.expressions.tokens import FormulaError
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
)
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.population.planning import plan_for

Shape: TypeAlias = tuple[Any, ...]
_SIGNS: dict[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_FUNCTIONS: dict[type[exp.Expr], str] = {
    exp.Any: "any",
    exp.CountIf: "count_if",
    exp.Sum: "sum",
    exp.Greatest: "greatest",
    exp.Least: "least",
    exp.Coalesce: "coalesce",
}


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> list[Made]:
    """Facts and parameters, on several days; the formulas are drawn."""
    root = write_packs(tmp_path_factory.mktemp("packs"), facts=MORE_FACTS, parameters=MORE_PARAMETERS)
    packs = load([root])
    return [bare(packs, on) for on in DAYS]


def ours(tree: Expression) -> Shape:
    """The structure that our parser found."""
    match tree:
        case Number(text=text):
            return ("number", text)
        case Text(value=value):
            return ("text", value)
        case Truth(value=value):
            return ("truth", value)
        case Name(owner=owner, name=name):
            return ("name", owner, name)
        case Unary(operator=operator, operand=operand):
            return (operator, ours(operand))
        case Binary(operator=operator, left=left, right=right):
            return (operator, ours(left), ours(right))
        case Chain(operator=operator, operands=operands):
            return (operator, *map(ours, operands))
        case OneOf(operand=operand, options=options, negated=negated):
            found = ("in", ours(operand), *map(ours, options))
            return ("not", found) if negated else found
        case Between(operand=operand, low=low, high=high):
            return ("between", ours(operand), ours(low), ours(high))
        case Case(branches=branches, otherwise=otherwise):
            pairs = tuple((ours(condition), ours(result)) for condition, result in branches)
            return ("case", *pairs, ours(otherwise))
        case Call(function=function, arguments=arguments):
            return (function, *map(ours, arguments))


def theirs(tree: Any) -> Shape:
    """The structure that the other parser found."""
    match tree:
        case exp.Paren():
            return theirs(tree.this)
        case exp.Literal():
            return ("text" if tree.is_string else "number", tree.this)
        case exp.Boolean():
            return ("truth", tree.this)
        case exp.Column():
            return ("name", tree.table, tree.name)
        case exp.Neg() | exp.Not():
            return ("-" if isinstance(tree, exp.Neg) else "not", theirs(tree.this))
        case exp.And() | exp.Or():
            return ("and" if isinstance(tree, exp.And) else "or", *map(theirs, chained(tree, type(tree))))
        case exp.In():
            return ("in", theirs(tree.this), *map(theirs, tree.expressions))
        case exp.Between():
            return ("between", theirs(tree.this), theirs(tree.args["low"]), theirs(tree.args["high"]))
        case exp.Case():
            pairs = tuple((theirs(one.this), theirs(one.args["true"])) for one in tree.args["ifs"])
            return ("case", *pairs, theirs(tree.args["default"]))
        case exp.Anonymous():
            return (tree.name, *map(theirs, tree.expressions))
    if type(tree) in _SIGNS:
        return (_SIGNS[type(tree)], theirs(tree.left), theirs(tree.right))
    return (_FUNCTIONS[type(tree)], theirs(tree.this), *map(theirs, tree.expressions))


def chained(tree: Any, kind: type[Any]) -> list[Any]:
    """The sides of ANDs, or of ORs, in a row; brackets begin a row of their own."""
    return [*chained(tree.left, kind), *chained(tree.right, kind)] if type(tree) is kind else [tree]


@settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_both_parsers_see_the_same_structure(bases: list[Made], data: st.DataObject) -> None:
    made = data.draw(with_formulas(data.draw(st.sampled_from(bases))))
    for variable in made.packs.variables.values():
        for formula in variable.formulas:
            assert ours(formula.tree) == theirs(sqlglot.parse_one(formula.text, read="duckdb")), formula.text


@settings(deadline=None, derandomize=True, max_examples=20, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_statement_can_be_read_in_every_dialect(bases: list[Made], data: st.DataObject) -> None:
    made = data.draw(with_formulas(data.draw(st.sampled_from(bases))))
    people = population(made, data.draw(homes(made, unknown=25)))
    plan = plan_for(made.program, people)
    for dialect in (DUCKDB, SPARK, POSTGRES):
        for entity in made.packs.entities:
            if plan.outputs_of(entity):
                statements = sqlglot.parse(sql.emit(plan, entity, dialect), read=dialect.name)
                assert [type(one) for one in statements] == [exp.Select]


@pytest.mark.parametrize(
    "formula",
    [
        "(SELECT count(*) FROM person)",
        "cars; DROP TABLE household",
        "cars /* remark */",
        "cars -- remark",
        "cars + 0x10",
        "cars + 1e3",
        "cars::varchar",
        "CAST(cars AS varchar)",
        "cars -> 'key'",
        "@cars",
        "cars || 'x'",
        "x -> x + 1",
        "[cars]",
        "{'a': cars}",
        "COLUMNS(*)",
        "count(*)",
        "$1",
        "?",
        '"cars"',
        "`cars`",
        "cars IS NULL",
        "cars LIKE '%'",
        "cars ILIKE '%'",
        "sum(cars) OVER (PARTITION BY urban)",
        "EXISTS (SELECT 1)",
        "cars IN (SELECT 1)",
        "CASE cars WHEN 1 THEN 2 ELSE 3 END",
        "CASE WHEN urban THEN 1 END",
        "INTERVAL 1 DAY",
        "DATE '2026-01-01'",
        "cars ** 2",
        "cars // 2",
        "cars = ANY([1, 2])",
        "unnest([1, 2])",
        "a＋b",
        "1 AS one",
        "E'\\n'",
        "getenv('HOME') || ''",
        "a.b.c",
        "cars < 1 < 2",
    ],
)
def test_what_other_parsers_take_for_sql_is_no_formula(formula: str) -> None:
    with pytest.raises(FormulaError) as refusal:
        parse(formula)
    assert 0 <= refusal.value.offset <= len(formula)
    assert refusal.value.zh
    assert refusal.value.en
