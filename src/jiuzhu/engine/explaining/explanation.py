"""Why a figure is what it is: the tests that decided it, with both sides, where each figure came from, and the law.

Only what decided is shown: the failed parts of an AND, the met parts of an OR, the branch that was taken and those
before it. What is not known is marked. For an audience that may not see a class of personal data, a figure that rests
on such a fact is replaced by a neutral phrase, and nothing that remains depends on its value: two households that
differ only in what is hidden, with the same result, are explained in the same words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from jiuzhu.core.citations import Citation
from jiuzhu.engine.explaining.guarding import Guard
from jiuzhu.engine.explaining.steps import NOTHING, OFFICER, Audience, Role, Sort, State, Step
from jiuzhu.engine.explaining.wording import HOLDS, UNKNOWN, Phrases, interval_words, value_words
from jiuzhu.engine.expressions.tree import (
    AGGREGATES,
    Between,
    Binary,
    Call,
    Case,
    Chain,
    Expression,
    Name,
    OneOf,
    Text,
    Unary,
    names,
)
from jiuzhu.engine.household.assessment import Assessment, InForce, Interval
from jiuzhu.engine.household.facts import At, Fact
from jiuzhu.engine.household.intervals import NO, OPEN, YES, Intervals, Scope
from jiuzhu.engine.kinds import Base, Kind, Outcome
from jiuzhu.engine.packs.model import ROOT, Label, Variable
from jiuzhu.engine.program.nodes import Key

VERIFIED, PENDING = Label("已核实", "verified"), Label("尚待核实", "still to be verified")
NO_FORMULA = Label("当日没有现行规定", "no rule in force on the day")
NOT_ON_FILE = Label("尚未公布", "not on file")
_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})


def explain(
    assessment: Assessment,
    entity: str,
    name: str,
    row: int = 0,
    *,
    audience: Audience = OFFICER,
    registers: Mapping[str, Label] | None = None,
) -> Step:
    """Explain a variable of the household, or of the member in a row, to an audience.

    `registers` names the registers that facts come from; without it their keys are shown.

    Raises:
        KeyError: there is no such variable.
    """
    assessment.figure(entity, name, row)
    return _Explaining(assessment, audience, registers or {}).variable(At(entity, name, row), is_asked=True)


class _Explaining:
    def __init__(self, assessment: Assessment, audience: Audience, registers: Mapping[str, Label]) -> None:
        self.assessment, self.registers = assessment, registers
        self.prepared, self.program = assessment.prepared, assessment.program
        self.intervals = Intervals(assessment)
        self.phrases, self.guard = Phrases(self.intervals), Guard(self.intervals, audience)
        self.told: set[At] = set()

    # what may not be seen

    def neutral(self, step: Step, keys: Iterable[Key]) -> Step:
        """A step without what may not be seen: whether a fact below is still missing is all that it says."""
        facts = frozenset().union(*(self.prepared.facts_below(key) for key in keys))
        is_open = any(self.is_missing(key) for key in facts)
        return replace(
            step,
            value=PENDING if is_open else VERIFIED,
            state=State.HIDDEN,
            parts=(),
            origin=None,
            found_on=None,
            register=NOTHING,
            is_unknown=is_open,
        )

    def is_missing(self, key: Key) -> bool:
        entity, name = key
        held = self.assessment.held
        return held.facts[name] is None if entity == ROOT else None in held.members[entity][name]

    # variables

    def variable(self, at: At, *, is_asked: bool = False) -> Step:
        """A fact, or a figure with what decided it."""
        variable = self.program.readings[at.key].variable
        interval = self.intervals.figure(at)
        if not is_asked and self.guard.hides_variable(at.key):
            return self.neutral(self.figure(at, variable, interval), [at.key])
        if variable.source is not None:
            return self.fact(at, variable, interval)
        formula = self.assessment.formula(at.key)
        if formula is None:
            return replace(self.figure(at, variable, interval), value=NO_FORMULA)
        if at in self.told:
            return self.figure(at, variable, interval, repeated=True)
        self.told.add(at)
        scope = Scope(at.entity, at.row)
        method = NOTHING if _is_reasoned(formula.tree) else self.phrases.of(formula.tree, scope)
        return self.figure(at, variable, interval, self.decisive(formula.tree, scope, interval), method)

    def figure(
        self,
        at: At,
        variable: Variable,
        interval: Interval,
        parts: tuple[Step, ...] = (),
        method: Label = NOTHING,
        *,
        repeated: bool = False,
    ) -> Step:
        formula = self.assessment.formula(at.key)
        return Step(
            Sort.FIGURE if variable.source is None else Sort.FACT,
            variable.label,
            self.value(variable, interval),
            _state(variable.kind, interval),
            parts,
            method=method,
            at=at,
            basis=() if formula is None else self.in_force(formula.basis),
            personal_data=self.guard.classes_of_variable(at.key),
            repeated=repeated,
            is_unknown=interval[0] != interval[1],
        )

    def in_force(self, basis: tuple[Citation, ...]) -> tuple[Citation, ...]:
        """What of a basis is law on the day of assessment; all of it when none is."""
        return tuple(one for one in basis if one.in_force(self.assessment.on)) or basis

    def fact(self, at: At, variable: Variable, interval: Interval) -> Step:
        # a fact that was only supposed has no source
        given = Fact(None) if at in self.assessment.supposed else self.assessment.case.fact(at)
        key = variable.source.register if variable.source is not None else ""
        return Step(
            Sort.FACT,
            variable.label,
            self.value(variable, interval),
            _state(variable.kind, interval),
            at=at,
            origin=given.origin,
            found_on=given.found_on,
            register=self.registers.get(key, Label(key, key)) if key else NOTHING,
            personal_data=self.guard.classes_of_variable(at.key),
            is_unknown=interval[0] != interval[1],
        )

    def value(self, variable: Variable, interval: Interval) -> Label:
        is_known = interval[0] == interval[1]
        if variable.reasons and variable.kind.base is Base.OUTCOME:
            status = Outcome(int(interval[0])).name.lower() if is_known else "unknown"
            reason = dict(variable.reasons).get(status)
            if reason is not None:
                return reason
        return interval_words(variable.kind, interval, declared=variable.source is not None)

    def decisive(self, tree: Expression, scope: Scope, interval: Interval) -> tuple[Step, ...]:
        """What decided a figure that is told, even where its formula rests on what is hidden."""
        if not self.guard.hides(tree, scope):
            return self.parts(tree, scope)
        match tree:
            case Chain():
                # chosen by the figure itself and by what may be seen, never by what is hidden
                return tuple(
                    self.part(one, scope)
                    for one in tree.operands
                    if self.guard.hides(one, scope) or _decides(tree.operator, interval, self.intervals.of(one, scope))
                )
            case Case():
                return self.choice(tree, scope)
            case Binary() if tree.operator in _COMPARISONS:
                return (self.test(tree, scope),)
            case OneOf() | Between():
                return (self.test(tree, scope),)
            case Name():
                return (self.part(tree, scope),)
            case _:
                return ()

    # parts of formulas

    def parts(self, tree: Expression, scope: Scope) -> tuple[Step, ...]:
        """What decided a formula, without a step for the formula as a whole."""
        match tree:
            case Case():
                return self.choice(tree, scope)
            case Name() | Chain() | OneOf() | Between() | Unary(operator="not"):
                return _telling([self.part(tree, scope)])
            case Binary() if tree.operator in _COMPARISONS:
                return (self.part(tree, scope),)
            case Call() if tree.function in AGGREGATES:
                return self.members(tree, scope)
            case Call(function="coalesce"):
                return (self.part(tree, scope),)
            case _:
                return self.part(tree, scope).parts

    def part(self, tree: Expression, scope: Scope) -> Step:
        """A part of a formula as a step."""
        if isinstance(tree, Name):
            return self.named(tree, scope)
        if _is_test(tree):
            return self.test(tree, scope)
        if not self.intervals.keys_below(tree, scope) and not _has_parameter(tree):
            kind, label = self.intervals.kind(tree, scope), self.phrases.of(tree, scope)
            value = label if isinstance(tree, Text) else interval_words(kind, self.intervals.of(tree, scope))
            return Step(Sort.LITERAL, label, value, State.VALUE, tree=tree, scope=scope)
        if self.guard.hides(tree, scope):
            return self.neutral(self.step(_sort(tree), tree, scope), self.intervals.keys_below(tree, scope))
        match tree:
            case Chain(operator=operator):
                whole = self.intervals.of(tree, scope)
                decided = [one for one in tree.operands if _decides(operator, whole, self.intervals.of(one, scope))]
                parts = tuple(self.part(one, scope) for one in decided)
            case Unary():
                parts = _telling([self.part(tree.operand, scope)])
            case Case():
                parts = self.choice(tree, scope)
            case Call() if tree.function in AGGREGATES:
                parts = self.members(tree, scope)
            case Call(function="coalesce"):
                low, high = self.intervals.of(tree.arguments[0], scope)
                if low == high:
                    return self.part(tree.arguments[0], scope)
                parts = _telling([self.part(one, scope) for one in tree.arguments])
            case _:
                parts = _telling([self.part(one, scope) for one in self.operands(tree, scope)])
        return self.step(_sort(tree), tree, scope, parts)

    def named(self, tree: Name, scope: Scope) -> Step:
        if tree.owner == "p":
            return self.parameter(self.assessment.parameters[tree.name])
        if self.intervals.is_outcome(tree, scope):
            label = self.phrases.of(tree, scope)
            return Step(Sort.LITERAL, NOTHING, label, State.VALUE, tree=tree, scope=scope)
        return self.variable(scope.at(tree.owner, tree.name))

    def parameter(self, used: InForce) -> Step:
        parameter, entry = used.parameter, used.entry
        value = NOT_ON_FILE if entry is None else interval_words(parameter.kind, _in_unit(parameter.kind, entry.value))
        return Step(
            Sort.PARAMETER,
            parameter.label,
            value,
            State.VALUE,
            basis=() if entry is None else self.in_force(entry.basis),
            parameter=used,
            is_unknown=entry is None,
        )

    def step(
        self, sort: Sort, tree: Expression, scope: Scope, parts: tuple[Step, ...] = (), operator: str = ""
    ) -> Step:
        kind, interval = self.intervals.kind(tree, scope), self.intervals.of(tree, scope)
        return Step(
            sort,
            self.phrases.of(tree, scope),
            _verdict(sort, kind, interval),
            _state(kind, interval),
            parts,
            operator=operator,
            personal_data=self.guard.classes_of(tree, scope),
            is_unknown=interval[0] != interval[1],
            tree=tree,
            scope=scope,
        )

    def test(self, tree: Expression, scope: Scope) -> Step:
        """A comparison with its sides; a side that may be seen is shown beside one that may not."""
        match tree:
            case Binary(operator=operator):
                sides = [self.side(tree.left, tree.right, scope), self.side(tree.right, tree.left, scope)]
            case OneOf():
                operator = "not in" if tree.negated else "in"
                options = Step(Sort.LITERAL, NOTHING, self.phrases.options(tree, scope), State.VALUE)
                sides = [self.part(tree.operand, scope), options]
            case Between():
                operator = "between"
                sides = [self.side(one, tree.operand, scope) for one in (tree.operand, tree.low, tree.high)]
            case _:
                raise TypeError(f"{type(tree).__name__} is no comparison")
        step = self.step(Sort.TEST, tree, scope, tuple(sides), operator)
        if not self.guard.hides(tree, scope):
            return step
        return replace(self.neutral(step, self.intervals.keys_below(tree, scope)), parts=step.parts)

    def side(self, tree: Expression, beside: Expression, scope: Scope) -> Step:
        if isinstance(tree, Text):
            return Step(
                Sort.LITERAL, NOTHING, self.phrases.side(tree, beside, scope), State.VALUE, tree=tree, scope=scope
            )
        found = self.part(tree, scope)
        if found.state is State.HIDDEN or found.value in (NO_FORMULA, NOT_ON_FILE):
            return found
        kind = self.intervals.kind(tree, scope)
        other = self.intervals.kind(beside, scope) if not isinstance(beside, Text) else kind
        if found.sort is Sort.LITERAL:  # a figure typed in a formula takes the unit of what stands beside it
            kind = replace(kind, unit=other.unit)
        if kind.base is Base.NUMBER and (self.is_age(tree, scope) or self.is_age(beside, scope)):
            interval = self.intervals.of(tree, scope)
            found = replace(found, value=interval_words(kind, interval, is_age=True))
        elif found.sort is Sort.LITERAL and kind.base is Base.NUMBER:
            found = replace(found, value=value_words(kind, self.intervals.of(tree, scope)[0]))
        return found

    def is_age(self, tree: Expression, scope: Scope) -> bool:
        """Whether years are an age: counted by age(), or by a variable that is."""
        if isinstance(tree, Name) and tree.owner != "p" and not self.intervals.is_outcome(tree, scope):
            formula = self.assessment.formula(scope.at(tree.owner, tree.name).key)
            tree = tree if formula is None else formula.tree
        return isinstance(tree, Call) and tree.function == "age"

    def choice(self, tree: Case, scope: Scope) -> tuple[Step, ...]:
        """The cases in their order up to the one that applies, and what then holds."""
        found: list[Step] = []
        mixed, possible = False, False
        for condition, result in tree.branches:
            step = self.part(condition, scope)
            if step.state is State.HIDDEN:
                # whether this case applied is not told, and so no later one is said to apply
                found.append(step)
                mixed = True
                continue
            low, high = self.intervals.of(condition, scope)
            role = Role.POSSIBLE if low != high else Role.TAKEN if low else Role.PASSED
            found.append(step if mixed else replace(step, role=role))
            if high and not mixed:
                found += self.result(result, scope, possible=possible or not low)
                possible = possible or not low
            if low:
                return tuple(found)
        if not mixed:
            found += self.result(tree.otherwise, scope, possible=possible)
        return tuple(found)

    def result(self, tree: Expression, scope: Scope, *, possible: bool) -> list[Step]:
        step = self.part(tree, scope)
        role = Role.POSSIBLE if possible else Role.RESULT
        return [] if step.sort is Sort.LITERAL else [replace(step, role=role)]

    def members(self, tree: Call, scope: Scope) -> tuple[Step, ...]:
        """The members that decided an aggregate, each with what decided about it."""
        whole = self.intervals.of(tree, scope)
        argument = tree.arguments[0]
        found: list[Step] = []
        for inner in self.intervals.inside(tree, scope):
            interval = self.intervals.of(argument, inner)
            if not _counts(tree.function, whole, interval):
                continue
            step = self.part(argument, inner)
            entity = self.program.entities[inner.members].label
            label = Label(f"{entity.zh}{inner.member + 1}", f"{entity.en} {inner.member + 1}")
            found.append(
                Step(
                    Sort.MEMBER,
                    label,
                    step.value,
                    step.state,
                    parts=(step,) if step.sort is not Sort.LITERAL else (),
                    personal_data=step.personal_data,
                    is_unknown=step.is_unknown,
                )
            )
        return tuple(found)

    def operands(self, tree: Expression, scope: Scope) -> list[Expression]:
        """The operands that decided arithmetic or a function."""
        whole = self.intervals.of(tree, scope)
        match tree:
            case Binary():
                sides = _terms(tree, "+-" if tree.operator in "+-" else "*/")
                if tree.operator == "*" and whole == (0, 0):
                    return [one for one in sides if self.intervals.of(one, scope) == (0, 0)][:1] or sides
                return sides
            case Call(function="greatest" | "least"):
                return [one for one in tree.arguments if _reaches(tree.function, whole, self.intervals.of(one, scope))]
            case Call(function="count_true"):
                return [one for one in tree.arguments if self.intervals.of(one, scope)[1]]
            case Call():
                return list(tree.arguments)
            case _:
                return []


def _telling(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(step for step in steps if step.sort is not Sort.LITERAL)


def _in_unit(kind: Kind, value: int) -> Interval:
    found = Fraction(value, 10**kind.places) if kind.base is Base.NUMBER else value
    return found, found


def _state(kind: Kind, interval: Interval) -> State:
    if kind.base is not Base.TRUTH:
        return State.VALUE
    return State.OPEN if interval == OPEN else State.MET if interval == YES else State.NOT_MET


def _verdict(sort: Sort, kind: Kind, interval: Interval) -> Label:
    if kind.base is not Base.TRUTH or sort is Sort.NOT:
        return interval_words(kind, interval)
    return UNKNOWN if interval == OPEN else HOLDS[int(interval[0])]


def _terms(tree: Expression, operators: str) -> list[Expression]:
    """The terms of a sum, or the factors of a product, however many stand in a row."""
    if isinstance(tree, Binary) and tree.operator in operators:
        return _terms(tree.left, operators) + _terms(tree.right, operators)
    return [tree]


def _decides(operator: str, whole: Interval, part: Interval) -> bool:
    """Whether an operand decided an AND or OR: those that failed a failed AND, all of one that is met."""
    if whole == OPEN:
        return part == OPEN
    settled = NO if operator == "and" else YES
    return part == settled if whole == settled else True


def _counts(function: str, whole: Interval, part: Interval) -> bool:
    match function:
        case "any":
            return _decides("or", whole, part)
        case "every":
            return _decides("and", whole, part)
        case _:
            return part != (0, 0)


def _reaches(function: str, whole: Interval, part: Interval) -> bool:
    """Whether an operand of GREATEST or LEAST can be the one that was chosen."""
    return part[1] >= whole[0] if function == "greatest" else part[0] <= whole[1]


def _is_test(tree: Expression) -> bool:
    return isinstance(tree, OneOf | Between) or (isinstance(tree, Binary) and tree.operator in _COMPARISONS)


def _is_reasoned(tree: Expression) -> bool:
    """Whether a formula is told by its parts alone, and not also as arithmetic."""
    return (
        _is_test(tree) or isinstance(tree, Case | Chain | Name) or (isinstance(tree, Unary) and tree.operator == "not")
    )


def _sort(tree: Expression) -> Sort:
    match tree:
        case Chain(operator="and"):
            return Sort.ALL
        case Chain():
            return Sort.ANY
        case Unary(operator="not"):
            return Sort.NOT
        case Case():
            return Sort.CHOICE
        case Call(function="coalesce"):
            return Sort.ASSUMED
        case Call() if tree.function in AGGREGATES:
            return Sort.MEMBERS
        case _:
            return Sort.TERM


def _has_parameter(tree: Expression) -> bool:
    return any(one.owner == "p" for one in names(tree))
