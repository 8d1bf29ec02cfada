"""The same file of several layers becomes one: a lower layer overrides single keys, and cites why.

In the upper file a value may be dated: `{value, from, to, basis}`, or a list of them. In a lower file every value has
that form, items of a list are found by their own key and need a `basis`, and `removed: true` takes one away.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jiuzhu.core.citations import Citation
from jiuzhu.engine.documents import Items, Node, Scalar, Table
from jiuzhu.engine.packs.citations import read_basis
from jiuzhu.engine.packs.fields import Fields
from jiuzhu.engine.packs.model import Layer
from jiuzhu.engine.packs.programmes import Change
from jiuzhu.engine.problems import Place, Problems

_DATED = ("value", "from", "to", "basis", "demo")
_ONLY_BELOW = ("removed", "placed_after")
Entries = dict[str, tuple[Scalar, Node]]


@dataclass(frozen=True, slots=True)
class Part:
    """A file as one layer has it."""

    layer: Layer
    table: Table


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is built: `lists` by the key of their items, `tables` of tables, `records` with their own basis.

    Items of a list in `lasting` are kept on every day, with their periods.
    """

    lists: Mapping[str, str] = field(default_factory=dict)
    lasting: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()


def turning_days(parts: Iterable[Part]) -> set[date]:
    """Every day that a `from` or `to` in the files names."""
    return {day for part in parts for day in _days(part.table)}


def _days(node: Node) -> Iterator[date]:
    if isinstance(node, Items):
        for item in node.items:
            yield from _days(item)
    elif isinstance(node, Table):
        for key, (_, value) in node.entries.items():
            day = _day(value) if key in ("from", "to") else None
            if day is not None:
                yield day
            else:
                yield from _days(value)


def _day(node: Node | None) -> date | None:
    try:
        return date.fromisoformat(node.text) if isinstance(node, Scalar) else None
    except ValueError:  # the reader of the file says so, with its place
        return None


def merged(
    parts: Sequence[Part], shape: Shape, on: date, instruments: Mapping[str, Citation], problems: Problems
) -> tuple[Table, tuple[Change, ...]]:
    """The file as it is on a day, and what lower layers have changed in it."""
    merging = _Merging(shape, on, instruments, problems)
    entries: Entries = {}
    for name, node in parts[0].table.entries.values():
        kept = merging.kept(name.text, node)
        if kept is not None:
            entries[name.text] = name, kept
    for part in parts[1:]:
        for name, node in part.table.entries.values():
            merging.override(entries, part.layer, name, node)
    return Table(entries, parts[0].table.place), tuple(merging.changes)


class _Merging:
    def __init__(self, shape: Shape, on: date, instruments: Mapping[str, Citation], problems: Problems) -> None:
        self.shape, self.on, self.instruments, self.problems = shape, on, dict(instruments), problems
        self.changes: list[Change] = []

    # the upper file

    def kept(self, key: str, node: Node) -> Node | None:
        """What of a value is in force."""
        if key in self.shape.lasting:
            return node
        if key in self.shape.lists and isinstance(node, Items):
            items = tuple(item for item in node.items if not isinstance(item, Table) or self.in_force(item))
            self.refuse_twice(items, self.shape.lists[key])
            return Items(items, node.place)
        if key in self.shape.tables and isinstance(node, Table):
            alive = {
                name: entry
                for name, entry in node.entries.items()
                if not isinstance(entry[1], Table) or self.in_force(entry[1])
            }
            return Table(alive, node.place)
        dated = _dated(node)
        if dated is None or key in self.shape.records:
            return node
        found = self.of_the_day(dated)
        return found.get("value") if found else None

    def in_force(self, table: Table) -> bool:
        start, end = _day(table.get("from")), _day(table.get("to"))
        return (start is None or start <= self.on) and (end is None or self.on < end)

    def refuse_twice(self, items: Iterable[Node], identity: str) -> None:
        seen: dict[str, Place] = {}
        for item in items:
            name = item.get(identity) if isinstance(item, Table) else None
            if not isinstance(name, Scalar):
                continue
            if name.text in seen:
                self.problems.add(
                    name.place,
                    "pack.twice",
                    f"“{name.text}”在 {seen[name.text]} 已经写过，时段重叠。",
                    f"{name.text!r} is already written at {seen[name.text]} for the same days.",
                    advice=("请删去一个，或写上 from 和 to。", "Remove one, or give both their `from` and `to`."),
                )
            seen[name.text] = name.place

    def of_the_day(self, dated: Sequence[Table]) -> Table | None:
        """The one of several dated values that is in force."""
        alive = []
        for table in dated:
            fields = Fields(table, self.problems, allowed=_DATED, what="有时段的值")
            read_basis(fields, self.instruments, needed=not fields.truth("demo"))
            if fields.period().contains(self.on):
                alive.append(table)
        if len(alive) > 1:
            self.problems.add(
                alive[1].place,
                "pack.conflict",
                f"与 {alive[0].place} 的值时段重叠。",
                f"overlaps the value at {alive[0].place} in time.",
                advice=("请给前一个值写上 to。", "Give the earlier value its `to`."),
            )
        return alive[0] if alive else None

    # the lower files

    def override(self, entries: Entries, layer: Layer, name: Scalar, node: Node) -> None:
        """Let a key of a lower file change the merged one."""
        key = name.text
        if key in self.shape.lists:
            if isinstance(node, Items):
                self.override_list(entries, layer, name, node)
            else:
                Fields(Table({key: (name, node)}, name.place), self.problems, allowed=(key,), what="").wrong(
                    node, "列表", "a list"
                )
        elif key in self.shape.tables and isinstance(node, Table):
            upper = entries.get(key)
            inner: Entries = dict(upper[1].entries) if upper and isinstance(upper[1], Table) else {}
            for inner_name, value in node.entries.values():
                if isinstance(value, Table) and self.in_force(value):
                    self.cite(value, f"{key}.{inner_name.text}", layer)
                    inner[inner_name.text] = inner_name, _over(inner.get(inner_name.text), value)
            entries[key] = name, Table(inner, node.place)
        elif key in self.shape.records and isinstance(node, Table):
            self.cite(node, key, layer)
            entries[key] = name, _over(entries.get(key), node)
        elif key == "basis":
            upper = entries.get(key)
            before = _listed(upper[1]) if upper else ()
            entries[key] = name, Items((*before, *_listed(node)), node.place)
        else:
            self.override_value(entries, layer, name, node)

    def override_value(self, entries: Entries, layer: Layer, name: Scalar, node: Node) -> None:
        dated = _dated(node)
        if dated is None:
            self.problems.add(
                node.place,
                "override.basis",
                f"下级改动“{name.text}”要写明依据。",
                f"a lower layer that changes {name.text!r} must cite why.",
                advice=(
                    f"请写 {name.text}: {{value: …, basis: …}}。",
                    f"Write {name.text}: {{value: …, basis: …}}.",
                ),
            )
            return
        found = self.of_the_day(dated)
        value = found.get("value") if found else None
        if found is not None and value is not None:
            self.cite(found, name.text, layer)
            entries[name.text] = name, value

    def override_list(self, entries: Entries, layer: Layer, name: Scalar, node: Items) -> None:
        identity = self.shape.lists[name.text]
        upper = entries.get(name.text)
        items = list(_listed(upper[1])) if upper else []
        lasts = name.text in self.shape.lasting
        alive = [item for item in node.items if isinstance(item, Table) and (lasts or self.in_force(item))]
        self.refuse_twice(alive, identity)
        for item in alive:
            called = item.get(identity)
            if not isinstance(called, Scalar):
                Fields(item, self.problems, allowed=tuple(item.entries), what="这一项").missing(identity)
                continue
            self.cite(item, f"{name.text}.{called.text}", layer)
            at = _position(items, identity, called.text)
            plain = Table({key: entry for key, entry in item.entries.items() if key not in _ONLY_BELOW}, item.place)
            if _is_true(item.get("removed")):
                if at is None:
                    self.refuse_unknown(called)
                else:
                    del items[at]
            elif at is None:
                items.insert(self.landing(items, identity, item), plain)
            else:
                items[at] = _over((called, items[at]), plain)
        entries[name.text] = name, Items(tuple(items), node.place)

    def landing(self, items: list[Node], identity: str, item: Table) -> int:
        """Where a new item goes: behind the one it names, else to the end."""
        before = item.get("placed_after")
        if not isinstance(before, Scalar):
            return len(items)
        at = _position(items, identity, before.text)
        if at is None:
            self.refuse_unknown(before)
            return len(items)
        return at + 1

    def refuse_unknown(self, name: Scalar) -> None:
        self.problems.add(
            name.place,
            "override.unknown",
            f"上级没有“{name.text}”。",
            f"the layer above has no {name.text!r}.",
        )

    def cite(self, table: Table, path: str, layer: Layer) -> None:
        """Note a change and why it is made; a change without a basis is a problem."""
        fields = Fields(table, self.problems, allowed=tuple(table.entries), what="改动")
        demo = fields.truth("demo")
        basis = read_basis(fields, self.instruments, needed=False)
        if not basis and not demo and table.get("basis") is None:
            self.problems.add(
                table.place,
                "override.basis",
                f"下级改动“{path}”要写明依据。",
                f"a lower layer that changes {path!r} must cite why.",
                advice=("请补写 basis: …", "Add basis: …"),
            )
        self.changes.append(Change(path, layer.name, basis, demo, table.place))


def _dated(node: Node) -> tuple[Table, ...] | None:
    """The dated values that a node lists; None when it is a plain value."""
    tables = node.items if isinstance(node, Items) else (node,)
    found = tuple(one for one in tables if isinstance(one, Table) and "value" in one.entries)
    return found if found and len(found) == len(tables) else None


def _over(upper: tuple[Scalar, Node] | None, lower: Table) -> Table:
    """The fields of a table, those of the lower one first."""
    before = upper[1].entries if upper and isinstance(upper[1], Table) else {}
    return Table({**before, **lower.entries}, lower.place)


def _listed(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Items) else (node,)


def _position(items: Sequence[Node], identity: str, name: str) -> int | None:
    for at, item in enumerate(items):
        called = item.get(identity) if isinstance(item, Table) else None
        if isinstance(called, Scalar) and called.text == name:
            return at
    return None


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.text == "true"
