"""The rules of a programme as people read them: each formula as an outline in words, with its articles beside it.

CASE becomes one line for each case, AND and OR a list; everything below is a sentence made of the labels of what it
names. No household is needed: the words follow from the formulas alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jiuzhu.core.citations import Citation
from jiuzhu.engine.explaining.wording import Phrases
from jiuzhu.engine.expressions.tree import AGGREGATES, Call, Case, Chain, Expression, Name, children, members_of
from jiuzhu.engine.household.assessment import assess
from jiuzhu.engine.household.facts import Case as Facts
from jiuzhu.engine.household.intervals import Intervals, Scope
from jiuzhu.engine.packs.model import ROOT, Formula, Variable
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.program.compiling import Program
from jiuzhu.engine.program.nodes import Key

_ALL = Label("以下都成立", "all of these hold")
_SOME = Label("以下至少一项成立", "at least one of these holds")
_EXTREMES = {"greatest": Label("以下的最大值", "the greatest of"), "least": Label("以下的最小值", "the least of")}
_IF = Label("如果", "if")
_CASES = Label("其中按情形确定的", "by case")
_THEN = Label("则", "then")
_ELSE = Label("其他情形", "otherwise")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an outline, and what stands below it. `lead` says how it is joined: if, otherwise, all, one of."""

    lead: Label | None
    text: Label | None
    lines: tuple["Line", ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A variable's rule in force. `reads` are variables and `parameters` the values of policy that it names."""

    variable: Variable
    formula: Formula
    line: Line
    reads: tuple[Key, ...]
    parameters: tuple[str, ...]

    @property
    def basis(self) -> tuple[Citation, ...]:
        """The articles on which it rests."""
        return self.formula.basis


def rules_of(program: Program, programme: str, division: str, on: date) -> tuple[Rule, ...]:
    """The rules of a programme for a 12-digit division on a day, in the order in which they are worked out."""
    phrases = Phrases(_intervals(program, division, on))
    found = []
    for key, reading in program.readings.items():
        variable = reading.variable
        if variable.programme != programme or variable.source is not None:
            continue
        alive = [one for one in variable.formulas if division.startswith(one.prefix) and one.period.contains(on)]
        formula = max(alive, key=lambda one: len(one.prefix), default=None)
        if formula is None:
            continue
        line = _line(formula.tree, Scope(key[0]), phrases)
        names = dict.fromkeys(_named(formula.tree, key[0]))
        reads = tuple(one for one in names if one in program.readings and one != key)
        parameters = tuple(name for owner, name in names if owner == "p")
        found.append(Rule(variable, formula, line, reads, parameters))
    return tuple(found)


def _intervals(program: Program, division: str, on: date) -> Intervals:
    """Words hang on no fact; a household without members and with the least that must be known does."""
    facts: Mapping[str, Any] = {
        name: reading.variable.kind.decode(reading.variable.kind.lowest)
        for (entity, name), reading in program.readings.items()
        if entity == ROOT and reading.variable.source is not None and reading.variable.required
    }
    return Intervals(assess(program, Facts(division, facts, {}), on=on))


def _line(tree: Expression, scope: Scope, phrases: Phrases, lead: Label | None = None) -> Line:
    if isinstance(tree, Chain):
        parts = tuple(_line(part, scope, phrases) for part in tree.operands)
        return Line(lead, _ALL if tree.operator == "and" else _SOME, parts)
    if isinstance(tree, Case):
        return Line(lead, None, tuple(_cases(tree, scope, phrases)))
    if isinstance(tree, Call) and tree.function in _EXTREMES and any(_has_cases(part) for part in tree.arguments):
        return Line(lead, _EXTREMES[tree.function], tuple(_line(part, scope, phrases) for part in tree.arguments))
    cases = [Line(_CASES, None, tuple(_cases(one, scope, phrases))) for one in _cases_in(tree)]
    return Line(lead, phrases.of(tree, scope), tuple(cases))


def _cases_in(tree: Expression) -> Iterator[Case]:
    """Cases within a sentence, which stand below it; those inside an aggregate are the members'."""
    for part in children(tree):
        if isinstance(part, Case):
            yield part
        else:
            yield from _cases_in(part)


def _has_cases(tree: Expression) -> bool:
    return isinstance(tree, Case) or any(map(_has_cases, children(tree)))


def _cases(tree: Case, scope: Scope, phrases: Phrases) -> Iterator[Line]:
    for condition, result in tree.branches:
        found = _line(result, scope, phrases)
        asked = _line(condition, scope, phrases, _IF)
        yield Line(_IF, asked.text, (*asked.lines, Line(_THEN, found.text, found.lines)))
    rest = _line(tree.otherwise, scope, phrases)
    yield Line(_ELSE, rest.text, rest.lines)


def _named(tree: Expression, entity: str) -> Iterator[Key]:
    """What a formula names, parameters under `p`; a bare name inside an aggregate is the member's."""
    if isinstance(tree, Name):
        yield tree.owner or entity, tree.name
        return
    if isinstance(tree, Call) and tree.function in AGGREGATES:
        entity = members_of(tree) or entity
    for part in children(tree):
        yield from _named(part, entity)
