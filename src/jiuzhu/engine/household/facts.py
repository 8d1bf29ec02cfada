"""What is known of one household, and the check that it can be worked with: every fact in its kind and its range.

Bounds are as sound as the declared ranges, so a fact outside its range, of another type or of an unknown name is
refused by name. Nothing is guessed: what is not given is unknown, and a required fact that is not given is refused.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

from jiuzhu.engine.kinds import Base, Kind, NotOfKindError, Outcome, encode_day
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.problems import nearest
from jiuzhu.engine.program import nodes
from jiuzhu.engine.program.compiling import DIVISION, Cell, Program
from jiuzhu.engine.program.nodes import Key, Op

# what a fact may be in Python: numbers in their own unit (yuan, not fen), codes as text; None is unknown
Plain: TypeAlias = bool | int | Decimal | date | str | None


_ABSURD = 10**40


class Origin(StrEnum):
    """Where a fact comes from: verified outweighs visited, and visited outweighs declared."""

    VERIFIED = "verified"
    VISITED = "visited"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, where it comes from and the day it was found; None is not known, also when a register was asked."""

    value: Plain
    origin: Origin | None = None
    found_on: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class At:
    """A variable of the household or of one of its members; rows count from 0, people read them from 1."""

    entity: str
    name: str
    row: int = 0

    @property
    def key(self) -> Key:
        """Entity and name."""
        return self.entity, self.name

    def __str__(self) -> str:
        return f"{self.entity}.{self.name}" if self.entity == ROOT else f"{self.entity}.{self.row + 1}.{self.name}"


@dataclass(frozen=True, slots=True)
class Case:
    """One household: its 12-digit division, its facts, and the facts of its members in the order they are listed."""

    division: str
    facts: Mapping[str, Fact | Plain]
    members: Mapping[str, Sequence[Mapping[str, Fact | Plain]]] = field(default_factory=dict)

    def fact(self, at: At) -> Fact:
        """A fact as it was given; unknown when it was not."""
        given = self.facts if at.entity == ROOT else self.members[at.entity][at.row]
        found = given.get(at.name)
        return found if isinstance(found, Fact) else Fact(found)


@dataclass(frozen=True, slots=True, order=True)
class FactProblem:
    """What is wrong with a case: where (`person.2.wage_yuan_year`), a stable code, what was expected, what to do."""

    where: str
    code: str
    zh: str
    en: str
    advice_zh: str = ""
    advice_en: str = ""

    def message(self, language: str) -> str:
        """One line in a language."""
        if language.startswith("zh"):
            return f"{self.where}：{self.zh}{self.advice_zh}"
        return f"{self.where}: {self.en}{' ' if self.advice_en else ''}{self.advice_en}"


class CaseError(ValueError):
    """A case cannot be assessed; `problems` names every reason."""

    def __init__(self, problems: Iterable[FactProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.message("en") for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Held:
    """The facts of a case as backends read them: whole numbers, members as columns."""

    facts: Mapping[str, int | None]
    members: Mapping[str, Mapping[str, Sequence[int | None]]]
    counts: Mapping[str, int]

    def value(self, at: At) -> int | None:
        """A fact in memory; None when it is unknown."""
        return self.facts[at.name] if at.entity == ROOT else self.members[at.entity][at.name][at.row]

    def changed(self, values: Mapping[At, int | None]) -> "Held":
        """The same case with some facts changed."""
        facts = dict(self.facts)
        members: dict[str, dict[str, Sequence[int | None]]] = {}
        for at, value in values.items():
            if at.entity == ROOT:
                facts[at.name] = value
                continue
            columns = members.setdefault(at.entity, dict(self.members[at.entity]))
            column = list(columns[at.name])
            column[at.row] = value
            columns[at.name] = column
        return Held(facts, {**self.members, **members}, self.counts)


class Facts:
    """The facts that a program reads, and the check of a case against them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.supplied: dict[str, dict[str, _Supplied]] = {entity: {} for entity in program.entities}
        # what no formula of the day works out: read by the program as a fact that is unknown to everyone
        self.without_formula: dict[str, list[str]] = {entity: [] for entity in program.entities}
        ages = self._ages()
        for cell in program.cells:
            entity, name = cell.key
            if cell.node is not None or cell.key == DIVISION:
                continue
            if program.readings[cell.key].variable.source is None:
                self.without_formula[entity].append(name)
            else:
                self.supplied[entity][name] = _Supplied(name, cell, cell.key in ages)

    def _ages(self) -> frozenset[Key]:
        """The days from which formulas count an age: no such day can lie in the future."""
        return frozenset(
            nodes.key_of(one.parts[0])
            for cell in self.program.cells
            if cell.node is not None
            for one in nodes.within(cell.node)
            if one.op is Op.AGE and one.parts[0].op is Op.CELL
        )

    def range(self, key: Key, on: date) -> tuple[int, int]:
        """The lowest and the highest value that a fact can have on a day."""
        one = self.supplied[key[0]][key[1]]
        return one.lowest, min(one.highest, encode_day(on)) if one.is_age else one.highest

    def check(self, case: Case, on: date) -> Held:
        """Turn a case into what backends read.

        Raises:
            CaseError: with every problem of every fact.
        """
        checking = _Checking(self, case, on)
        held = checking.held()
        if checking.problems:
            raise CaseError(checking.problems)
        return held


class _Checking:
    def __init__(self, facts: Facts, case: Case, on: date) -> None:
        self.facts, self.case, self.on = facts, case, on
        self.program, self.today = facts.program, encode_day(on)
        self.problems: list[FactProblem] = []

    def note(self, where: str, code: str, zh: str, en: str, advice: tuple[str, str] = ("", "")) -> None:
        self.problems.append(FactProblem(where, code, zh, en, *advice))

    def held(self) -> Held:
        facts: dict[str, int | None] = {"division": self.division()}
        given: Any = self.case.facts
        if isinstance(given, Mapping):
            facts |= self.row(ROOT, 0, given)
        else:
            self.note(ROOT, "case.household", "没有这一户的事实。", "the facts of the household are missing.")
        members: dict[str, dict[str, list[int | None]]] = {}
        counts: dict[str, int] = {}
        for entity in self.case.members:
            if entity not in self.program.entities or entity == ROOT:
                known = [name for name in self.program.entities if name != ROOT]
                self.note(
                    entity,
                    "case.entity",
                    f"没有成员类别“{entity}”。",
                    f"there is no sort of members {entity!r}.",
                    nearest(entity, known),
                )
        for entity in self.program.entities:
            if entity != ROOT:
                members[entity], counts[entity] = self.columns(entity)
        return Held(facts, members, counts)

    def division(self) -> int:
        given = self.case.division
        if isinstance(given, str) and len(given) == 12 and given.isascii() and given.isdigit():
            if given.startswith(self.program.root):
                return int(given)
            root = self.program.root
            self.note(
                "division", "case.root", f"“{given}”不在 {root} 的范围内。", f"{given} does not lie within {root}."
            )
            return 0
        self.note(
            "division",
            "case.division",
            f"“{given}”不是12位区划代码。",
            f"{given!r} is no 12-digit division code.",
            ("例如 370902001001。", "For example 370902001001."),
        )
        return 0

    def columns(self, entity: str) -> tuple[dict[str, list[int | None]], int]:
        rows: Any = self.case.members.get(entity, ())
        most = self.program.entities[entity].most
        if not isinstance(rows, Sequence) or isinstance(rows, str) or not all(isinstance(one, Mapping) for one in rows):
            self.note(entity, "case.members", "应当是成员的列表。", "expected a list of members.")
            rows = ()
        elif len(rows) > most:
            self.note(
                entity, "case.many", f"有 {len(rows)} 个，最多 {most} 个。", f"{len(rows)} given; at most {most}."
            )
            rows = ()
        found = [self.row(entity, at, row) for at, row in enumerate(rows)]
        names = (*self.facts.supplied[entity], *self.facts.without_formula[entity])
        return {name: [row.get(name) for row in found] for name in names}, len(rows)

    def row(self, entity: str, row: int, given: Mapping[str, Fact | Plain]) -> dict[str, int | None]:
        """The facts of the household or of one member; every fact of the program has a value or None."""
        found: dict[str, int | None] = dict.fromkeys(self.facts.without_formula[entity])
        supplied = self.facts.supplied[entity]
        for name in given:
            if name not in supplied:
                self.unknown_name(At(entity, name, row))
        for name, one in supplied.items():
            fact = given.get(name)
            value = fact.value if isinstance(fact, Fact) else fact
            if value is None:
                found[name] = None
                if one.is_required:
                    self.note(str(At(entity, name, row)), "fact.required", "必须填写。", "it is required.")
                continue
            try:
                held = one.hold(value)
            except NotOfKindError as wrong:
                self.wrong_kind(At(entity, name, row), one.kind, value, wrong)
                continue
            found[name] = held
            if not one.lowest <= held <= one.highest or (one.is_age and held > self.today):
                self.out_of_range(At(entity, name, row), one, held)
        return found

    def unknown_name(self, at: At) -> None:
        if at.key in self.program.readings:
            self.note(
                str(at),
                "fact.worked_out",
                "这一项由公式推算，不能填写。",
                "it is worked out by a formula and cannot be given.",
            )
            return
        advice = nearest(at.name, self.facts.supplied[at.entity])
        self.note(str(at), "fact.name", f"没有名为“{at.name}”的事实。", "there is no such fact.", advice)

    def wrong_kind(self, at: At, kind: Kind, value: Plain, wrong: NotOfKindError) -> None:
        zh, en = _found(value)
        advice = nearest(value, kind.options) if isinstance(value, str) else ("", "")
        self.note(str(at), "fact.type", f"应当是{wrong.zh}，这里是{zh}。", f"expected {wrong}, found {en}.", advice)

    def out_of_range(self, at: At, one: "_Supplied", held: int) -> None:
        value, low, high = (one.kind.decode(each) for each in (held, one.lowest, one.highest))
        if one.is_age and held > self.today:
            self.note(
                str(at), "fact.future", f"{value} 晚于评估日 {self.on}。", f"{value} is later than the day {self.on}."
            )
            return
        self.note(
            str(at), "fact.range", f"{value} 超出 {low} 至 {high} 的范围。", f"{value} lies outside {low} to {high}."
        )


class _Supplied:
    """One fact of the program, ready to check values; a case has many, so nothing is looked up twice."""

    __slots__ = ("highest", "hold", "is_age", "is_required", "kind", "lowest", "name")

    def __init__(self, name: str, cell: Cell, is_age: bool) -> None:  # noqa: FBT001 (made in one place)
        self.name, self.kind, self.is_age = name, cell.kind, is_age
        self.lowest, self.highest, self.is_required = cell.lowest, cell.highest, not cell.may_be_unknown
        self.hold: Callable[[Any], int] = _HOLDERS[cell.kind.base](cell.kind)


def held_value(kind: Kind, value: Any) -> int:
    """A plain value as it is held in memory.

    Raises:
        NotOfKindError: it is no value of this kind.
    """
    return _HOLDERS[kind.base](kind)(value)


def _truth(kind: Kind) -> Callable[[Any], int]:
    def hold(value: Any) -> int:
        if isinstance(value, bool):
            return int(value)
        raise NotOfKindError(*_expected(kind))

    return hold


def _code(kind: Kind) -> Callable[[Any], int]:
    places = {option: at for at, option in enumerate(kind.options)}

    def hold(value: Any) -> int:
        if isinstance(value, str) and value in places:
            return places[value]
        raise NotOfKindError(*_expected(kind))

    return hold


def _day(kind: Kind) -> Callable[[Any], int]:
    def hold(value: Any) -> int:
        if isinstance(value, date) and not isinstance(value, datetime):
            return encode_day(value)
        raise NotOfKindError(*_expected(kind))

    return hold


def _outcome(kind: Kind) -> Callable[[Any], int]:
    def hold(value: Any) -> int:
        if isinstance(value, Outcome):
            return int(value)
        raise NotOfKindError(*_expected(kind))

    return hold


def _number(kind: Kind) -> Callable[[Any], int]:
    scale: int = 10**kind.places

    def hold(value: Any) -> int:
        # a number far outside every range is not worked out, only refused
        if isinstance(value, int) and not isinstance(value, bool | Outcome) and abs(value) < _ABSURD:
            return value * scale
        if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) < 40:
            number, divisor = value.as_integer_ratio()
            if scale % divisor == 0:
                return number * (scale // divisor)
        raise NotOfKindError(*_expected(kind))

    return hold


_HOLDERS: dict[Base, Callable[[Kind], Callable[[Any], int]]] = {
    Base.TRUTH: _truth,
    Base.CODE: _code,
    Base.DAY: _day,
    Base.OUTCOME: _outcome,
    Base.NUMBER: _number,
}


def _expected(kind: Kind) -> tuple[str, str]:
    options = ", ".join(kind.options)
    return {
        Base.TRUTH: ("“是”或“否”", "yes or no"),
        Base.CODE: (f" {options} 之一", f"one of {options}"),
        Base.DAY: ("日期", "a day"),
        Base.OUTCOME: ("结论", "an outcome"),
        Base.NUMBER: (f"最多 {kind.places} 位小数的数", f"a number with at most {kind.places} decimals"),
    }[kind.base]


def _found(value: Any) -> tuple[str, str]:
    """What was given instead, in words: a text is not repeated, it may be anything that was typed."""
    if isinstance(value, bool):
        return ("是", "yes") if value else ("否", "no")
    if isinstance(value, date):
        return "日期", "a day"
    if isinstance(value, int | Decimal) and not isinstance(value, Outcome):
        readable = value.is_finite() if isinstance(value, Decimal) else True
        if readable and -_ABSURD < value < _ABSURD:
            return f" {value}", str(value)
        return "不能用的数", "a number that cannot be used"
    if isinstance(value, float):
        return "浮点数", "a floating-point number"
    return ("文字", "a text") if isinstance(value, str) else ("别的", "something else")
