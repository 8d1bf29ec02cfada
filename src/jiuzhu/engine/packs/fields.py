"""Reading one table of a file against what it may hold; every problem is noted and reading goes on."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

from jiuzhu.core.periods import InvalidPeriod, Period
from jiuzhu.engine.documents import Items, Node, Scalar, Table
from jiuzhu.engine.kinds import read_day
from jiuzhu.engine.packs.model import Label
from jiuzhu.engine.problems import Place, Problems, nearest

T = TypeVar("T")
_YES_NO = {"true": True, "false": False}

# what gives no day of its own holds since the State was founded
SINCE_EVER = date(1949, 10, 1)


class Fields:
    """A table and the keys that may stand in it."""

    def __init__(self, table: Table, problems: Problems, *, allowed: tuple[str, ...], what: str) -> None:
        self.table, self.problems, self.what = table, problems, what
        for key, (place, _) in table.entries.items():
            if key not in allowed:
                problems.add(
                    place.place,
                    "schema.key",
                    f"{what}没有“{key}”这一项。",
                    f"{key!r} is no key of this table.",
                    advice=nearest(key, allowed),
                )

    @property
    def place(self) -> Place:
        """Where the table begins."""
        return self.table.place

    def node(self, key: str) -> Node | None:
        """The node of a key."""
        return self.table.get(key)

    def missing(self, key: str) -> None:
        """Note that a key is missing."""
        self.problems.add(
            self.place,
            "schema.missing",
            f"{self.what}缺少“{key}”。",
            f"{key!r} is missing.",
            advice=(f"请补写 {key}: …", f"Add {key}: …"),
        )

    def text(self, key: str, default: str | None = None) -> str:
        """A text; a missing one without default is a problem."""
        node = self.table.get(key)
        if node is None:
            if default is None:
                self.missing(key)
            return default or ""
        if not isinstance(node, Scalar) or not node.text.strip():
            self.wrong(node, "文字", "a text")
            return default or ""
        return node.text.strip()

    def wrong(self, node: Node, zh: str, en: str) -> None:
        """Note that a node is not what it must be."""
        shown = node.text if isinstance(node, Scalar) else ("列表" if isinstance(node, Items) else "表")
        shown_en = repr(node.text) if isinstance(node, Scalar) else ("a list" if isinstance(node, Items) else "a table")
        self.problems.add(
            node.place, "schema.type", f"应当是{zh}，这里是“{shown}”。", f"expected {en}, found {shown_en}."
        )

    def truth(self, key: str, *, default: bool = False) -> bool:
        """`true` or `false`."""
        node = self.table.get(key)
        if node is None:
            return default
        if isinstance(node, Scalar) and node.text in _YES_NO:
            return _YES_NO[node.text]
        self.wrong(node, " true 或 false", "true or false")
        return default

    def choice(self, key: str, options: tuple[str, ...], default: str | None = None) -> str:
        """One of some words."""
        value = self.text(key, default)
        node = self.table.get(key)
        if node is not None and value and value not in options:
            self.problems.add(
                node.place,
                "schema.choice",
                f"“{value}”不是“{key}”的取值。",
                f"{value!r} is no value of {key}.",
                advice=nearest(value, options),
            )
            return default or ""
        return value

    def day(self, key: str) -> date | None:
        """A day such as 2026-07-01; None when it is missing or wrong."""
        node = self.table.get(key)
        if node is None:
            return None
        found = read_day(node.text) if isinstance(node, Scalar) else None
        if found is None:
            self.wrong(node, "日期，例如 2026-07-01", "a day such as 2026-07-01")
        return found

    def period(self) -> Period:
        """`from` and `to`: from that day to before the other; without `from` since 1949, without `to` still open."""
        start, end = self.day("from") or SINCE_EVER, self.day("to")
        try:
            return Period(start, end)
        except InvalidPeriod as refusal:
            self.problems.add(self.place, "schema.period", refusal.message("zh-hans"), refusal.message("en"))
            return Period(start, None)

    def label(self) -> Label:
        """`label` (Chinese) and `label_en`."""
        return Label(self.text("label"), self.text("label_en"))

    def each(self, key: str, read: Callable[[Node], T | None]) -> tuple[T, ...]:
        """What `read` makes of each item of a list; a single value counts as a list of one."""
        node = self.table.get(key)
        if node is None:
            return ()
        items = node.items if isinstance(node, Items) else (node,)
        return tuple(value for value in map(read, items) if value is not None)

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of a list; other items are problems."""
        node = self.table.get(key)
        if node is None:
            return
        if not isinstance(node, Items):
            self.wrong(node, "列表", "a list")
            return
        for item in node.items:
            if isinstance(item, Table):
                yield item
            else:
                self.wrong(item, "表", "a table")


def named_tables(table: Table, problems: Problems) -> Iterator[tuple[Scalar, Table]]:
    """The entries of a table whose values are tables; others are problems."""
    for key, node in table.entries.values():
        if isinstance(node, Table):
            yield key, node
        else:
            problems.add(
                node.place,
                "schema.type",
                f"“{key.text}”下面应当是“键: 值”。",
                f"{key.text!r} must be a table of keys to values.",
            )
