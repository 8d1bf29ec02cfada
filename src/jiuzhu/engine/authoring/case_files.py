"""The files `cases/*.yaml` of a programme, read strictly: every problem has its place.

The format is described in docs/reference/case-files.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from jiuzhu.engine.authoring.cases import UNKNOWN, Expectation, Scenario
from jiuzhu.engine.documents import Items, Node, Scalar, Table, read
from jiuzhu.engine.household.facts import At, Case, Plain
from jiuzhu.engine.kinds import Base, Kind, NotOfKindError, Outcome, encode_day
from jiuzhu.engine.packs.citations import read_basis
from jiuzhu.engine.packs.fields import Fields, named_tables
from jiuzhu.engine.packs.model import ROOT, Label, PackSet, Variable
from jiuzhu.engine.problems import PackError, Place, Problems, nearest

_KEYS = ("title", "title_en", "source", "basis", "on", "division", "expect", "vary")
# outcomes in small letters, as in formulas
_OUTCOME = Kind(Base.CODE, options=tuple(outcome.name.lower() for outcome in Outcome))
_SIDES = ("below", "exactly", "above")


def case_files(roots: Sequence[Path]) -> list[tuple[Path, str]]:
    """The case files of all programmes of all layers below the roots, each with the name that problems call it by."""
    return [
        (path, "/".join((root.name, *path.relative_to(root).parts)))
        for root in roots
        for path in sorted(root.glob("*/*/cases/*.yaml"))
    ]


def read_cases(files: Iterable[tuple[Path, str]], packs: PackSet) -> tuple[Scenario, ...]:
    """Read case files against the packs whose variables they name.

    Raises:
        PackError: with every problem of every file.
    """
    problems = Problems()
    found: list[Scenario] = []
    for path, name in files:
        try:
            table = read(path, name)
        except PackError as error:
            problems.extend(error.problems)
            continue
        found += _File(table, packs, problems).scenarios()
    problems.raise_if_any()
    return tuple(found)


@dataclass(slots=True)
class _Draft:
    """The facts of a case while it is read, each with its place; None is unknown."""

    facts: dict[str, Plain]
    members: dict[str, list[dict[str, Plain]]]
    places: dict[str, Place]

    def changed(self, at: At, value: Plain, place: Place) -> "_Draft":
        facts, members = dict(self.facts), {name: [dict(row) for row in rows] for name, rows in self.members.items()}
        (facts if at.entity == ROOT else members[at.entity][at.row])[at.name] = value
        return _Draft(facts, members, {**self.places, str(at): place})

    def case(self, division: str) -> Case:
        return Case(division, dict(self.facts), {name: tuple(rows) for name, rows in self.members.items()})


class _File:
    def __init__(self, table: Table, packs: PackSet, problems: Problems) -> None:
        self.packs, self.problems = packs, problems
        self.fields = Fields(table, problems, allowed=("defaults", "cases"), what="案例文件")
        self.members = tuple(name for name in packs.entities if name != ROOT)
        self.defaults = self.read_defaults()

    def read_defaults(self) -> Fields:
        node = self.fields.node("defaults")
        table = node if isinstance(node, Table) else Table({}, self.fields.place)
        if node is not None and not isinstance(node, Table):
            self.fields.wrong(node, "表", "a table")
        return Fields(table, self.problems, allowed=("on", "division", ROOT, *self.members), what="默认值")

    def scenarios(self) -> Iterator[Scenario]:
        """Every case and every variation, in the order of the file."""
        node = self.fields.node("cases")
        if not isinstance(node, Table):
            if node is None:
                self.fields.missing("cases")
            else:
                self.fields.wrong(node, "表", "a table")
            return
        for key, table in named_tables(node, self.problems):
            yield from self.case(key, table)

    def case(self, key: Scalar, table: Table) -> Iterator[Scenario]:
        fields = Fields(table, self.problems, allowed=(*_KEYS, ROOT, *self.members), what="案例")
        before = len(self.problems)
        on = fields.day("on") or self.defaults.day("on")
        division = fields.text("division", "") or self.defaults.text("division", "")
        for name, value in (("on", on), ("division", division)):
            if not value:
                fields.missing(name)
        title = Label(fields.text("title"), fields.text("title_en", ""))
        source = fields.text("source")
        basis = read_basis(fields, self.packs.instruments, needed=False)
        draft = self.draft(fields)
        expected = self.expected(fields, "expect", draft)
        if not expected and len(self.problems) == before:
            fields.missing("expect")
        if on is None:
            return
        scenario = Scenario(
            key.text, "", title, source, basis, on, draft.case(division), expected, key.place, draft.places
        )
        yield scenario
        for number, variation in enumerate(fields.tables("vary"), 1):
            yield from self.variation(scenario, draft, number, variation)

    # facts

    def draft(self, fields: Fields) -> _Draft:
        """The facts of a case, laid over the defaults of the file."""
        draft = _Draft({}, {}, {})
        for source in (self.defaults, fields):
            node = source.node(ROOT)
            if node is not None:
                self.facts(draft, ROOT, 0, source, node)
        for entity in self.members:
            draft.members[entity] = []
            node = fields.node(entity)
            if node is None:
                continue
            if not isinstance(node, Items):
                fields.wrong(node, "列表", "a list")
                continue
            usual = self.defaults.node(entity)
            for row, item in enumerate(node.items):
                draft.members[entity].append({})
                for source, one in ((self.defaults, usual), (fields, item)):
                    if one is not None:
                        self.facts(draft, entity, row, source, one)
        return draft

    def facts(self, draft: _Draft, entity: str, row: int, fields: Fields, node: Node) -> None:
        if not isinstance(node, Table):
            fields.wrong(node, "表", "a table")
            return
        known = {name: one for (owner, name), one in self.packs.variables.items() if owner == entity and one.source}
        facts = draft.facts if entity == ROOT else draft.members[entity][row]
        draft.places.setdefault(entity, node.place)
        for key, value in node.entries.values():
            at = At(entity, key.text, row)
            draft.places[str(at)] = value.place
            if key.text not in known:
                self.unknown_fact(key, entity, known)
                continue
            facts[key.text] = self.plain(known[key.text], value)

    def unknown_fact(self, key: Scalar, entity: str, known: Iterable[str]) -> None:
        if (entity, key.text) in self.packs.variables:
            self.problems.add(
                key.place,
                "fact.worked_out",
                f"“{key.text}”由公式推算，不能填写。",
                f"{key.text!r} is worked out by a formula and cannot be given.",
                advice=("请写到 expect 下面。", "Write it below expect."),
            )
            return
        self.problems.add(
            key.place,
            "fact.name",
            f"“{entity}”没有名为“{key.text}”的事实。",
            f"{entity} has no fact {key.text!r}.",
            advice=nearest(key.text, known),
        )

    def plain(self, variable: Variable, node: Node) -> Plain:
        """A fact in its plain form; `unknown` is None, unless it is one of the codes."""
        value = self.encoded(variable, node)
        if value is None:
            return None
        decoded = variable.kind.decode(value)
        return decoded if not isinstance(decoded, Outcome) else None

    def encoded(self, variable: Variable, node: Node) -> int | None:
        """A value as it is held in memory; None for `unknown`, and after a problem was noted."""
        kind = variable.kind
        text = node.text if isinstance(node, Scalar) else ""
        if text == UNKNOWN and UNKNOWN not in kind.options:
            return None
        try:
            if kind.base is Base.OUTCOME:
                return _OUTCOME.encode(text)
            return kind.encode(text)
        except NotOfKindError as wrong:
            self.problems.add(
                node.place,
                "case.value",
                f"“{variable.label.zh}”的值不对，应当是{wrong.zh}。",
                f"{variable.full_name}: expected {wrong}.",
                advice=("不清楚时写 unknown。", "Write unknown when it is not known."),
            )
            return None

    # expectations

    def expected(self, fields: Fields, key: str, draft: _Draft) -> tuple[Expectation, ...]:
        node = fields.node(key)
        if node is None:
            return ()
        if not isinstance(node, Table):
            fields.wrong(node, "表", "a table")
            return ()
        found = []
        for name, value in node.entries.values():
            variable, at = self.named(name, draft)
            if variable is None or at is None:
                continue
            shown = value.text if isinstance(value, Scalar) else ""
            found.append(Expectation(at, self.encoded(variable, value), shown, name.place))
        return tuple(found)

    def named(self, key: Scalar, draft: _Draft) -> tuple[Variable | None, At | None]:
        """`name` or `household.name`, or `person.2.name` for the second member."""
        parts = key.text.split(".")
        entity, number, name = ROOT, "1", parts[-1]
        if len(parts) == 3:
            entity, number = parts[0], parts[1]
        elif len(parts) == 2:
            entity, number = parts[0], "1" if parts[0] == ROOT else ""
        if len(parts) > 3 or entity not in self.packs.entities or not (number.isascii() and number.isdigit()):
            self.problems.add(
                key.place,
                "case.name",
                f"“{key.text}”不是变量的写法。",
                f"{key.text!r} is no way to name a variable.",
                advice=(
                    "写 变量，或 person.2.变量（第二名成员）。",
                    "Write name, or person.2.name for the second member.",
                ),
            )
            return None, None
        variable = self.packs.variables.get((entity, name))
        if variable is None:
            known = [other for owner, other in self.packs.variables if owner == entity]
            self.problems.add(
                key.place,
                "case.name",
                f"“{entity}”没有变量“{name}”。",
                f"{entity} has no variable {name!r}.",
                advice=nearest(name, known),
            )
            return None, None
        row, rows = int(number[:6]) - 1, 1 if entity == ROOT else len(draft.members[entity])
        if not 0 <= row < rows:
            self.problems.add(
                key.place, "case.row", f"没有第 {number} 个“{entity}”。", f"there is no {entity} number {number}."
            )
            return None, None
        return variable, At(entity, name, row)

    # variations

    def variation(self, scenario: Scenario, draft: _Draft, number: int, table: Table) -> Iterator[Scenario]:
        if table.get("fact") is not None:
            yield from self.boundary(scenario, draft, number, table)
            return
        allowed = ("set", "on", "division", "source", "expect")
        fields = Fields(table, self.problems, allowed=allowed, what="变化")
        changed = draft
        node = fields.node("set")
        if isinstance(node, Table):
            for key, value in node.entries.values():
                changed = self.set(changed, key, value)
        elif node is not None:
            fields.wrong(node, "表", "a table")
        expected = self.expected(fields, "expect", changed)
        if fields.node("expect") is None:
            fields.missing("expect")
        division = fields.text("division", scenario.case.division)
        yield replace(
            scenario,
            variation=str(number),
            source=fields.text("source", scenario.source),
            on=fields.day("on") or scenario.on,
            case=changed.case(division),
            expected=expected,
            place=table.place,
            places=changed.places,
        )

    def set(self, draft: _Draft, key: Scalar, value: Node) -> _Draft:
        variable, at = self.named(key, draft)
        if variable is None or at is None:
            return draft
        if variable.source is None:
            self.unknown_fact(replace(key, text=at.name), at.entity, ())
            return draft
        return draft.changed(at, self.plain(variable, value), value.place)

    def boundary(self, scenario: Scenario, draft: _Draft, number: int, table: Table) -> Iterator[Scenario]:
        """One fact at a limit, one step below it and one above."""
        fields = Fields(table, self.problems, allowed=("fact", "at", "step", "source", *_SIDES), what="变化")
        fact, at_node = fields.node("fact"), fields.node("at")
        if not isinstance(fact, Scalar) or at_node is None:
            fields.missing("at" if isinstance(fact, Scalar) else "fact")
            return
        variable, at = self.named(fact, draft)
        if variable is None or at is None:
            return
        if variable.source is None or variable.kind.base not in (Base.NUMBER, Base.DAY):
            self.problems.add(
                fact.place,
                "case.boundary",
                "只有数和日期的事实才有界限。",
                "only a fact that is a number or a day has a limit.",
            )
            return
        limit, step = self.encoded(variable, at_node), self.step(fields, variable)
        if limit is None or step is None:
            return
        if not variable.kind.lowest <= limit <= variable.kind.highest:
            low, high = variable.kind.decode(variable.kind.lowest), variable.kind.decode(variable.kind.highest)
            self.problems.add(
                at_node.place,
                "case.limit",
                f"界限超出 {low} 至 {high} 的范围。",
                f"the limit lies outside {low} to {high}.",
            )
            return
        if not any(fields.node(side) for side in _SIDES):
            fields.missing("exactly")
        for side, steps in zip(_SIDES, (-1, 0, 1), strict=True):
            if fields.node(side) is None:
                continue
            value = variable.kind.decode(_moved(variable.kind, limit, steps * step))
            changed = draft.changed(at, value if not isinstance(value, Outcome) else None, at_node.place)
            yield replace(
                scenario,
                variation=f"{number} {side}",
                source=fields.text("source", scenario.source),
                case=changed.case(scenario.case.division),
                expected=self.expected(fields, side, changed),
                place=table.place,
                places=changed.places,
            )

    def step(self, fields: Fields, variable: Variable) -> int | None:
        """How far to go from the limit: one hundredth of a yuan, one day, one piece; `step` says otherwise."""
        node = fields.node("step")
        if node is None or variable.kind.base is Base.DAY:
            return 1
        return self.encoded(variable, node)


def _moved(kind: Kind, value: int, steps: int) -> int:
    if kind.base is not Base.DAY:
        return value + steps
    return encode_day(date(value // 10000, value // 100 % 100, value % 100) + timedelta(days=steps))
