"""From columns as a register supplies them to a population: put in order, and every value checked.

Bounds and the proof that nothing leaves 64 bits rest on the declared ranges. So a value outside its range, of a wrong
type, a day that no calendar has, a birth after the day of the snapshot, a member without household are refused by
name, and nothing is guessed in their place.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

import numpy as np

from jiuzhu.engine.expressions.tree import AGGREGATES, Call, Name, children, members_of
from jiuzhu.engine.kinds import Base, Kind, encode_day
from jiuzhu.engine.packs.model import ROOT, PackSet, Variable
from jiuzhu.engine.population.areas import DIGITS
from jiuzhu.engine.population.model import Column, Mask, Population, Values, Whole
from jiuzhu.engine.population.problems import SHOWN, RowProblem, RowProblems
from jiuzhu.engine.program.nodes import Key

# an array, a masked array (masked is unknown), or a list with None for unknown
Supplied: TypeAlias = "Values | Sequence[int | bool | None]"


def gather(
    packs: PackSet,
    *,
    taken_on: date,
    households: Supplied,
    divisions: Supplied,
    owners: Mapping[str, Supplied],
    facts: Mapping[Key, Supplied],
    numbers: Mapping[str, Supplied] | None = None,
) -> Population:
    """Make a population of columns.

    `households` are numbers of households, each once, and `divisions` their 12-digit codes. `owners` says for each row
    of an entity of members whose it is; rows may come in any order, and `numbers` may say by which number each is
    known. Values are as in memory: see `kinds`.

    Raises:
        PopulationError: naming entity, fact, row, value and what was expected, for every column.
    """
    return _Gathering(packs, taken_on).population(households, divisions, owners, facts, numbers or {})


class _Gathering:
    def __init__(self, packs: PackSet, taken_on: date) -> None:
        self.packs, self.taken_on = packs, taken_on
        self.problems = RowProblems()
        self.births = births(packs)
        self.rows: dict[str, Whole] = {}  # for each entity the household number of each row as it was given

    def population(
        self,
        households: Supplied,
        divisions: Supplied,
        owners: Mapping[str, Supplied],
        facts: Mapping[Key, Supplied],
        known_as: Mapping[str, Supplied],
    ) -> Population:
        numbers = self.rows[ROOT] = self.numbers(ROOT, "", households, lowest=1)
        self.problems.raise_if_any()
        places = np.argsort(numbers, kind="stable")
        twice = np.zeros(len(numbers), dtype=np.bool_)
        twice[places[1:]] = numbers[places[1:]] == numbers[places[:-1]]
        self.refuse(ROOT, "", twice, numbers, ("household.twice", "不重复的户编号", "each household once"))
        codes = self.numbers(ROOT, "division", divisions, lowest=10 ** (DIGITS - 1), highest=10**DIGITS - 1)
        self.length(ROOT, "division", codes)
        self.problems.raise_if_any()
        counts: dict[str, Whole] = {}
        orders: dict[str, Whole | None] = {}
        for entity, given in self.all_owners(owners).items():
            counts[entity], orders[entity] = self.placed(entity, given, numbers, places)
        self.problems.raise_if_any()
        columns = {key: self.column(key, given) for key, given in facts.items()}
        self.problems.raise_if_any()
        self.require(columns)
        own = {entity: self.numbers(entity, "", given, lowest=1) for entity, given in known_as.items()}
        for entity, found in own.items():
            self.length(entity, "", found)
        self.problems.raise_if_any()
        for entity, order in orders.items():
            if order is None:
                continue
            columns |= {key: column.taken(order) for key, column in columns.items() if key[0] == entity}
            if entity in own:
                own[entity] = own[entity][order]
        return Population(self.taken_on, numbers, codes, counts, columns, own)

    def all_owners(self, owners: Mapping[str, Supplied]) -> dict[str, Supplied]:
        """Those that were given; entities of which nobody was given have no members."""
        entities = [entity for entity in self.packs.entities if entity != ROOT]
        for entity in owners.keys() - set(entities):
            problem = ("entity.unknown", "、".join(entities), f"one of {', '.join(entities)}")
            self.refuse_column(entity, "", entity, problem)
        return {entity: owners.get(entity, ()) for entity in entities}

    def placed(self, entity: str, given: Supplied, numbers: Whole, places: Whole) -> tuple[Whole, Whole | None]:
        """How many members each household has, and the order that puts them next to each other."""
        owners = self.numbers(entity, "", given, lowest=1)
        self.rows[entity] = owners
        if len(owners) == 0 or len(numbers) == 0:
            nobody = np.ones(len(owners), dtype=np.bool_)
            self.refuse(entity, "", nobody, owners, _WITHOUT)
            return np.zeros(len(numbers), dtype=np.int64), None
        found = np.minimum(np.searchsorted(numbers, owners, sorter=places), len(numbers) - 1)
        at = places[found]
        self.refuse(entity, "", numbers[at] != owners, owners, _WITHOUT)
        counts = np.bincount(at, minlength=len(numbers)).astype(np.int64)
        most = self.packs.entities[entity].most
        too_many = ("member.many", f"每户最多 {most} 个", f"at most {most} in a household")
        self.refuse(ROOT, entity, counts > most, counts, too_many)
        in_order = bool((at[1:] >= at[:-1]).all())
        return counts, None if in_order else np.argsort(at, kind="stable").astype(np.int64)

    def column(self, key: Key, given: Supplied) -> Column:
        """A column as it was given, checked against what its fact may be."""
        entity, name = key
        variable = self.packs.variables.get(key)
        if variable is None or variable.source is None:
            known = [one.name for one in self.packs.variables.values() if one.entity == entity and one.source]
            self.refuse_column(*key, name, ("fact.unknown", "、".join(known), f"one of {', '.join(known)}"))
            return Column(np.zeros(0, dtype=np.int64))
        values, unknown = self.array(key, given, truth=variable.kind.base is Base.TRUTH)
        if len(values) and self.length(entity, name, values):
            self.check(variable, values, unknown)
        if unknown is None or not unknown.any():
            return Column(values)
        values = values.copy()
        values[unknown] = 0
        return Column(values, unknown)

    def check(self, variable: Variable, values: Values, unknown: Mask | None) -> None:
        known = np.ones(len(values), dtype=np.bool_) if unknown is None else ~unknown
        if variable.required:
            self.refuse(
                *variable.key, ~known, values, ("fact.required", "已知的值", "a value that is known"), none=True
            )
        kind = variable.kind
        if kind.base is Base.TRUTH:
            return
        wrong = known & ((values < kind.lowest) | (values > kind.highest))
        self.refuse(*variable.key, wrong, values, _range(kind), kind=kind)
        if kind.base is Base.DAY:
            no_day = known & ~wrong & ~_is_day(values)
            self.refuse(*variable.key, no_day, values, ("fact.day", "日历上有的日期", "a day of the calendar"))
            if variable.key in self.births:
                latest = self.taken_on.isoformat()
                after = known & ~wrong & ~no_day & (values > encode_day(self.taken_on))
                expected = ("fact.future", f"不晚于 {latest} 的日期", f"a day not after {latest}")
                self.refuse(*variable.key, after, values, expected, kind=kind)

    def require(self, columns: Mapping[Key, Column]) -> None:
        """A fact that is never unknown needs its column."""
        for variable in self.packs.variables.values():
            if variable.required and variable.key not in columns and len(self.rows[variable.entity]):
                self.refuse_column(*variable.key, "", ("fact.required", "已知的值", "a value that is known"))
        self.problems.raise_if_any()

    # arrays

    def numbers(self, entity: str, fact: str, given: Supplied, *, lowest: int, highest: int = 2**62) -> Whole:
        """Whole numbers none of which may be unknown."""
        values, unknown = self.array((entity, fact), given, truth=False)
        wrong = (values < lowest) | (values > highest)
        if unknown is not None:
            wrong |= unknown
        expected = ("number.range", f"{lowest} 至 {highest} 的整数", f"a whole number from {lowest} to {highest}")
        self.refuse(entity, fact, wrong, values, expected)
        return values

    def array(self, key: Key, given: Supplied, *, truth: bool) -> tuple[Values, Mask | None]:
        """The values as int64 or bool, and where they are unknown."""
        wanted: type = np.bool_ if truth else np.int64
        expected = ("fact.type", "是或否", "yes or no") if truth else ("fact.type", "整数", "a whole number")
        if not isinstance(given, np.ndarray):
            return self.listed(key, given, expected, truth=truth)
        unknown = None
        if isinstance(given, np.ma.MaskedArray):
            unknown = np.ma.getmaskarray(given)
            given = given.filled(0) if given.dtype.kind in "biu" else given.data
        fits = given.dtype.kind == "b" if truth else given.dtype.kind in "iu" and given.dtype != np.uint64
        if not fits or given.ndim != 1:
            self.refuse_column(*key, str(given.dtype), expected)
            return np.zeros(0, dtype=wanted), None
        return np.ascontiguousarray(given, dtype=wanted), unknown

    def listed(
        self, key: Key, given: "Sequence[int | bool | None]", expected: tuple[str, str, str], *, truth: bool
    ) -> tuple[Values, Mask | None]:
        kind = bool if truth else int
        wrong = [at for at, one in enumerate(given) if one is not None and (type(one) is not kind or abs(one) >= 2**63)]
        rows = self.rows.get(key[0])
        self.problems.add(
            [
                RowProblem(*key, at, 0 if rows is None or at >= len(rows) else int(rows[at]), str(given[at]), *expected)
                for at in wrong[:SHOWN]
            ],
            len(wrong),
        )
        if wrong:
            return np.zeros(0, dtype=kind), None
        values = np.array([one or 0 for one in given], dtype=np.bool_ if truth else np.int64)
        unknown = np.array([one is None for one in given], dtype=np.bool_)
        return values, unknown if unknown.any() else None

    # problems

    def length(self, entity: str, fact: str, values: Values) -> bool:
        wanted = len(self.rows[entity])
        if len(values) == wanted:
            return True
        self.refuse_column(entity, fact, str(len(values)), ("fact.length", f"{wanted} 行", f"{wanted} rows"))
        return False

    def refuse_column(self, entity: str, fact: str, value: str, expected: tuple[str, str, str]) -> None:
        self.problems.add([RowProblem(entity, fact, -1, 0, value, *expected)], 1)

    def refuse(
        self,
        entity: str,
        fact: str,
        wrong: Mask,
        values: Values,
        expected: tuple[str, str, str],
        *,
        kind: Kind | None = None,
        none: bool = False,
    ) -> None:
        """Note the rows that are wrong."""
        total = int(wrong.sum())
        if not total:
            return
        rows = self.rows.get(entity, values)
        self.problems.add(
            [
                RowProblem(entity, fact, row, int(rows[row]), "" if none else _shown(kind, values[row]), *expected)
                for row in np.flatnonzero(wrong)[:SHOWN].tolist()
            ],
            total,
        )


_WITHOUT = ("member.household", "已有的户编号", "the number of a household that is there")


def births(packs: PackSet) -> set[Key]:
    """The days whose age some formula asks: nobody's age is asked who is not yet born."""
    found: set[Key] = set()
    for variable in packs.variables.values():
        waiting = [(formula.tree, variable.entity) for formula in variable.formulas]
        while waiting:
            tree, entity = waiting.pop()
            if isinstance(tree, Call) and tree.function == "age" and isinstance(tree.arguments[0], Name):
                day = tree.arguments[0]
                found.add((day.owner or entity, day.name))
            if isinstance(tree, Call) and tree.function in AGGREGATES:
                entity = members_of(tree) or entity
            waiting += [(part, entity) for part in children(tree)]
    return found


def _range(kind: Kind) -> tuple[str, str, str]:
    if kind.base is Base.CODE:
        zh, en = "、".join(kind.options), f"one of {', '.join(kind.options)}"
        return "fact.code", f"{zh}（序号 0 至 {kind.highest}）", f"{en} (0 to {kind.highest})"
    low, high = _shown(kind, kind.lowest), _shown(kind, kind.highest)
    return "fact.range", f"{low} 至 {high}", f"{low} to {high}"


def _shown(kind: Kind | None, value: int) -> str:
    """A value as people write it, or as it is when it is none."""
    if kind is not None and kind.base is Base.NUMBER:
        return str(kind.decode(int(value)))
    if kind is not None and kind.base is Base.DAY and _is_day(np.array([value], dtype=np.int64))[0]:
        return str(kind.decode(int(value)))
    return str(value)


def _is_day(values: Values) -> Mask:
    """Which of some numbers yyyymmdd are days of the calendar."""
    years, months, days = values // 10000, values // 100 % 100, values % 100
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    lengths = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87, dtype=np.int64)
    return np.asarray((days >= 1) & (days <= lengths[months] + (leap & (months == 2))))
