"""Random formulas that are typed right: what all backends must agree on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from jiuzhu.engine.kinds import BARE, KINDS, TRUTH, Base, Kind, Unit
from jiuzhu.engine.packs.model import ROOT

T = TypeVar("T")
Key = tuple[str, str]
_LITERALS = ("0", "1", "2", "3", "7", "12", "0.5", "0.35", "2.25", "10")


class Drawn:
    """Choices that follow from one number: far more varied than choices that hypothesis makes one by one."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 (test data)

    def pick(self, options: Sequence[T]) -> T:
        """One of some."""
        return self.random.choice(options)

    def number(self, low: int, high: int) -> int:
        """A whole number, ends included."""
        return self.random.randint(low, high)

    def chance(self, percent: int) -> bool:
        """True in so many of a hundred cases."""
        return self.random.randrange(100) < percent


@dataclass(frozen=True, slots=True)
class World:
    """What formulas may name by now."""

    facts: Mapping[Key, Kind]
    parameters: Mapping[str, Kind]
    derived: dict[Key, Kind] = field(default_factory=dict)
    exact: set[Key] = field(default_factory=set)

    def named(self, kind: Kind) -> list[Key]:
        """Facts and variables of a kind (range and places do not matter)."""
        return [key for key, one in {**self.facts, **self.derived}.items() if alike(one, kind)]


def alike(one: Kind, other: Kind) -> bool:
    """Whether values of two kinds can stand in each other's place."""
    return (one.base, one.unit, one.options) == (other.base, other.unit, other.options)


class Formulas:
    """Writes formulas of a kind for an entity."""

    def __init__(self, drawn: Drawn, world: World, entity: str) -> None:
        self.drawn, self.world, self.entity = drawn, world, entity
        self.members = ""

    def of(self, kind: Kind, depth: int) -> str:
        """A formula of a kind."""
        match kind.base:
            case Base.NUMBER:
                return self.number(kind.unit, depth)
            case Base.TRUTH:
                return self.truth(depth)
            case _:
                return self.other(kind, depth)

    def names(self, kind: Kind) -> list[str]:
        """Names of a kind that can be read here."""
        here = self.members or self.entity
        found = []
        for owner, name in self.world.named(kind):
            if owner == here:
                # inside an aggregate at least one name must say which members
                found.append(f"{owner}.{name}" if self.members else name)
            elif owner == ROOT:
                found.append(f"household.{name}")
        return found

    def parameters(self, kind: Kind) -> list[str]:
        """Parameters of a kind."""
        return [f"p.{name}" for name, one in self.world.parameters.items() if alike(one, kind)]

    def number(self, unit: Unit, depth: int) -> str:
        """A number in a unit."""
        kind = Kind(Base.NUMBER, unit)
        if depth <= 0 or self.drawn.chance(15):
            leaves = self.names(kind) * 3 + self.parameters(kind) + (list(_LITERALS) if unit in BARE else [])
            return self.drawn.pick(leaves or [f"per_year({self.number(Unit.YUAN_MONTH, 0)})"])
        ways = [self.sum, self.product, self.quotient, self.guarded, self.cases, self.case_number, self.extreme]
        ways += [self.negative, *[self.special] * 3]
        return self.drawn.pick(ways)(unit, depth - 1)

    def sum(self, unit: Unit, depth: int) -> str:
        return f"({self.number(unit, depth)} {self.drawn.pick('+-')} {self.number(unit, depth)})"

    def negative(self, unit: Unit, depth: int) -> str:
        number = self.number(unit, depth)
        # two of them in a row would begin a remark
        return f"-({number})" if number.startswith("-") or self.drawn.chance(40) else f"-{number}"

    def product(self, unit: Unit, depth: int) -> str:
        left, right = self.with_unit(unit, depth), self.number(Unit.NONE, depth - 1)
        return self.drawn.pick([f"{left} * {right}", f"{right} * {left}"])

    def with_unit(self, unit: Unit, depth: int) -> str:
        """A number that says its unit: a figure typed in a formula does not."""
        if unit in (Unit.YEARS, Unit.MONTHS):
            return f"{'age' if unit is Unit.YEARS else 'months_since'}({self.day(depth)})"
        return self.number(unit, depth)

    def quotient(self, unit: Unit, depth: int) -> str:
        if unit is Unit.NONE and self.drawn.chance(30):
            return f"(({self.number(Unit.YUAN, depth)}) / p.deductible_yuan)"
        if self.drawn.chance(25):
            return f"({self.with_unit(unit, depth)}) / {self.positive()}"
        return f"({self.with_unit(unit, depth)}) / {self.drawn.pick(('2', '3', '7', '12', '0.5', '0.35'))}"

    def positive(self) -> str:
        """A divisor that is above 0 by its range."""
        here = self.members or self.entity
        if here == "person":
            return self.drawn.pick(("grade" if not self.members else "person.grade", "household.quota"))
        return "quota" if here == ROOT else "household.quota"

    def guarded(self, unit: Unit, depth: int) -> str:
        """A quotient whose divisor CASE has shown to be above 0."""
        divisors = self.names(Kind(Base.NUMBER, Unit.NONE)) + self.parameters(Kind(Base.NUMBER, Unit.NONE))
        if not divisors:
            return self.number(unit, depth)
        divisor = self.drawn.pick(divisors)
        condition = f"{divisor} {self.drawn.pick(('> 0', '>= 1'))}"
        if self.drawn.chance(40):
            condition = f"{self.truth(depth - 1)} AND {condition}"
        by = self.drawn.pick((divisor, f"({divisor} * 3)", f"({divisor} + 1)"))
        return f"CASE WHEN {condition} THEN ({self.with_unit(unit, depth)}) / {by} ELSE {self.number(unit, depth)} END"

    def cases(self, unit: Unit, depth: int) -> str:
        return self.case(depth, lambda: self.number(unit, depth))

    def or_zero(self, unit: Unit, depth: int) -> str:
        """A number, or 0, which takes the unit of what it stands beside."""
        return "0" if self.drawn.chance(15) else self.number(unit, depth)

    def case_number(self, unit: Unit, depth: int) -> str:
        return f"CASE WHEN {self.truth(depth)} THEN {self.number(unit, depth)} ELSE {self.or_zero(unit, depth)} END"

    def extreme(self, unit: Unit, depth: int) -> str:
        parts = [self.number(unit, depth), *(self.or_zero(unit, depth) for _ in range(self.drawn.number(1, 2)))]
        return f"{self.drawn.pick(('greatest', 'least'))}({', '.join(parts)})"

    def special(self, unit: Unit, depth: int) -> str:
        """What only some units have: functions, conversions, aggregates, assumptions."""
        ways: list[str] = []
        kind = Kind(Base.NUMBER, unit)
        facts = [one for one in self.names(kind) if self.is_fact(one)]
        if facts:
            fact = self.drawn.pick(facts)
            alike = [one for one in facts if self.places(one) == self.places(fact)]
            ways.append(f"coalesce({fact}, {self.drawn.pick((*alike, '0'))})")
        if unit is Unit.YUAN_MONTH:
            ways.append(f"per_month({self.number(Unit.YUAN_YEAR, depth)})")
        if unit is Unit.YUAN_YEAR:
            ways.append(f"per_year({self.number(Unit.YUAN_MONTH, depth)})")
        if unit is Unit.YUAN:
            ways.append(f"{self.number(Unit.YUAN_MONTH, depth)} * {self.with_unit(Unit.MONTHS, depth - 1)}")
        if unit in (Unit.YEARS, Unit.MONTHS):
            ways.append(self.with_unit(unit, depth))
        if unit is Unit.NONE:
            truths = [self.truth(depth) for _ in range(self.drawn.number(1, 3))]
            ways.append(f"count_true({', '.join(truths)})")
        if self.entity == ROOT and not self.members:
            ways.append(self.aggregate(unit, depth))
            ways.append(self.aggregate(unit, depth))
        return self.drawn.pick(ways) if ways else self.sum(unit, depth)

    def aggregate(self, unit: Unit, depth: int) -> str:
        """A sum over members, or how many of them."""
        if unit is Unit.NONE and self.drawn.chance(60):
            return f"count_if({self.over_members(TRUTH, depth)})"
        return f"sum({self.over_members(Kind(Base.NUMBER, unit), depth)})"

    def over_members(self, kind: Kind, depth: int) -> str:
        self.members = self.drawn.pick(("person", "person", "supporter"))
        try:
            inner = self.of(kind, depth)
            if f"{self.members}." not in inner:
                told = "person.student" if self.members == "person" else "supporter.willing"
                other = self.drawn.pick(("0", inner)) if kind.base is Base.NUMBER else self.truth(depth)
                inner = f"CASE WHEN {told} THEN {inner} ELSE {other} END"
            elif self.drawn.chance(20):
                inner = inner.replace(f"{self.members}.", "")
                inner = (
                    f"CASE WHEN {self.members}.{self.first_name()} = {self.first_name()} THEN {inner} ELSE {inner} END"
                )
        finally:
            self.members = ""
        return inner

    def first_name(self) -> str:
        return next(name for entity, name in self.world.facts if entity == self.members)

    def is_fact(self, name: str) -> bool:
        return self.key(name) in self.world.facts

    def case(self, depth: int, result: Callable[[], str]) -> str:
        branches = [f"WHEN {self.truth(depth)} THEN {result()}" for _ in range(self.drawn.number(1, 3))]
        return f"CASE {' '.join(branches)} ELSE {result()} END"

    def truth(self, depth: int) -> str:
        """Yes or no."""
        if depth <= 0 or self.drawn.chance(15):
            return self.drawn.pick([*self.names(TRUTH) * 4, *self.parameters(TRUTH), "TRUE", "FALSE"])
        ways = [self.comparison, self.comparison, self.connected, self.between, self.listed, self.of_code, self.days]
        ways += [self.case_truth, self.denied, self.aged]
        if self.entity == ROOT and not self.members:
            ways += [self.quantified] * 3
        return self.drawn.pick(ways)(depth - 1)

    def comparison(self, depth: int) -> str:
        unit = self.drawn.pick((Unit.NONE, Unit.YUAN, Unit.YUAN_MONTH, Unit.YUAN_YEAR, Unit.YEARS, Unit.MONTHS))
        operator = self.drawn.pick(("=", "<>", "<", "<=", ">", ">="))
        left, right = self.number(unit, depth), self.number(unit, depth)
        return f"{left} {operator} {right if right != left else self.number(unit, depth + 1)}"

    def aged(self, depth: int) -> str:
        """An age against a figure, as most rules ask for it."""
        years = self.drawn.pick(("1", "3", "17", "18", "59", "60"))
        sides = [f"age({self.day(depth)})", self.drawn.pick(("<", "<=", ">", ">=", "=")), years]
        return " ".join(sides if self.drawn.chance(70) else reversed(sides))

    def connected(self, depth: int) -> str:
        word = self.drawn.pick((" AND ", " OR "))
        return f"({word.join(self.truth(depth) for _ in range(self.drawn.number(2, 3)))})"

    def denied(self, depth: int) -> str:
        return f"NOT ({self.truth(depth)})"

    def between(self, depth: int) -> str:
        unit = self.drawn.pick((Unit.NONE, Unit.YUAN_YEAR, Unit.YEARS))
        return f"({self.number(unit, depth)} BETWEEN {self.number(unit, depth)} AND {self.number(unit, depth)})"

    def listed(self, depth: int) -> str:
        names = self.names(Kind(Base.NUMBER, Unit.NONE))
        whole = [one for one in names if self.places(one) == 0 and self.key(one) not in self.world.exact]
        if not whole:
            return self.truth(depth)
        options = ", ".join(self.drawn.pick(("0", "1", "2", "5", "-1")) for _ in range(self.drawn.number(1, 3)))
        return f"{self.drawn.pick(whole)} {self.drawn.pick(('IN', 'NOT IN'))} ({options})"

    def key(self, name: str) -> Key:
        owner, _, last = name.rpartition(".")
        return owner or self.members or self.entity, last

    def places(self, name: str) -> int:
        return {**self.world.facts, **self.world.derived}[self.key(name)].places

    def of_code(self, depth: int) -> str:
        kind = next(one for one in self.world.facts.values() if one.base is Base.CODE)
        code = self.other(kind, depth)
        if not code:
            return self.truth(depth)
        options = [f"'{option}'" for option in kind.options]
        if self.drawn.chance(50):
            return f"{code} {self.drawn.pick(('=', '<>'))} {self.drawn.pick(options)}"
        return f"{code} {self.drawn.pick(('IN', 'NOT IN'))} ({', '.join(options[: self.drawn.number(1, 2)])})"

    def days(self, depth: int) -> str:
        return f"{self.day(depth)} {self.drawn.pick(('<', '=', '>=', '<>'))} {self.day(depth)}"

    def day(self, depth: int) -> str:
        return self.other(KINDS["day"], depth)

    def case_truth(self, depth: int) -> str:
        return self.case(depth, lambda: self.truth(depth))

    def quantified(self, depth: int) -> str:
        return f"{self.drawn.pick(('any', 'every'))}({self.over_members(TRUTH, depth)})"

    def other(self, kind: Kind, depth: int) -> str:
        """A code, a day or an outcome; empty when nothing here has that kind."""
        leaves = self.names(kind)
        if kind.base is Base.OUTCOME and not self.members:
            leaves += ["yes", "no", "disc", "refer"]
        if not leaves or depth <= 0 or self.drawn.chance(50):
            return self.drawn.pick(leaves) if leaves else ""
        facts = [one for one in leaves if self.is_fact(one)]
        if facts and self.drawn.chance(40):
            return f"coalesce({self.drawn.pick(facts)}, {self.drawn.pick(leaves)})"
        return self.case(depth - 1, lambda: self.drawn.pick(leaves))
