"""`manifest.yaml` of a source: who it is, what it can be asked for, which facts its items answer.

Whatever is wrong is named with file, line and column, all of it in one reading; nothing is filled in by default that a
person reads.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from jiuzhu.engine.documents import Items, Node, Scalar, Table, read
from jiuzhu.engine.matching.findings import Finding
from jiuzhu.engine.problems import Place, Problems, nearest
from jiuzhu.rooms.verification.ports import (
    Comparison,
    FactReading,
    Field,
    FieldType,
    Item,
    Reading,
    Remark,
    Source,
    Transport,
    Value,
)

FILE = "manifest.yaml"
PERSONAL_DATA = frozenset({"conduct", "family", "finance", "health", "identity", "welfare"})
FREQUENCIES = frozenset({"moment", "day", "week", "month", "quarter", "year"})
FINDINGS = frozenset(one.value for one in Finding)
SCOPES = frozenset({"household", "person", "supporter"})
_READ_A_FIELD = frozenset({Reading.SUM, Reading.SHARED_SUM, Reading.LATEST, Reading.VALUE})
_UNITS = {FieldType.FEN: "fen", FieldType.PERCENT: "percent"}

_Word = TypeVar("_Word", bound=StrEnum)


def read_manifest(path: Path, name: str | None = None) -> Source:
    """Read a manifest; `name` is how problems call the file.

    Raises:
        PackError: it cannot be read, or says something that a manifest must not say; names every problem.
    """
    table = read(path, name)
    problems = Problems()
    source = _Reader(problems).source(table, path.parent.name)
    problems.raise_if_any()
    return source


class _Reader:
    """Reads on after a problem, so that one run names all of them."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def source(self, table: Table, folder: str) -> Source:
        keys = ("name", "zh", "en", "department", "transport", "deadline", "items")
        self.keys(table, keys, ("auxiliary",))
        name = self.text(table, "name")
        if name and name != folder:
            self.problem(
                self.place(table, "name"),
                "name",
                f"名称应与文件夹“{folder}”相同。",
                f"the name must be that of the folder, {folder!r}.",
            )
        deadline = self.text(table, "deadline")
        if deadline and not deadline.endswith("_wd"):
            self.problem(
                self.place(table, "deadline"),
                "deadline",
                "答复期限应是以 _wd 结尾的政策包键名。",
                "the deadline is a key of the packs in working days and ends in _wd.",
            )
        return Source(
            name=name,
            zh=self.text(table, "zh"),
            en=self.text(table, "en"),
            department=self.text(table, "department"),
            transport=self.word(table, "transport", Transport, Transport.MANUAL),
            items=tuple(self.item(key.text, node) for key, node in self.named(table, "items")),
            deadline=deadline,
            auxiliary=self.truth(table, "auxiliary", default=False),
        )

    def item(self, name: str, node: Node) -> Item:
        table = self.table(node)
        self.keys(table, ("zh", "en", "basis", "update", "fields"), ("facts", "remarks"))
        fields = tuple(self.field(key.text, each) for key, each in self.named(table, "fields"))
        listed = self.listed(table, "facts")
        return Item(
            name=name,
            zh=self.text(table, "zh"),
            en=self.text(table, "en"),
            basis=self.text(table, "basis"),
            fields=fields,
            facts=tuple(self.fact(each, fields) for each in listed),
            remarks=tuple(self.remark(each, fields) for each in self.listed(table, "remarks")),
            update_frequency=self.one_of(table, "update", FREQUENCIES),
        )

    def field(self, name: str, node: Node) -> Field:
        table = self.table(node)
        self.keys(table, ("zh", "en", "type", "personal_data"), ("unit", "required", "codes", "lowest"))
        kind = self.word(table, "type", FieldType, FieldType.TEXT)
        codes: dict[str, tuple[str, str]] = {}
        if (kind is FieldType.CODE) != (table.get("codes") is not None):
            self.problem(
                table.place,
                "codes",
                "代码类字段必须且只有它可以列出 codes。",
                "a code, and only a code, lists its codes.",
            )
        if table.get("codes") is not None:
            codes = {key.text: self.pair(each) for key, each in self.named(table, "codes")}
        lowest = self.text(table, "lowest") if table.get("lowest") else "0"
        if lowest != "none" and not lowest.removeprefix("-").isdigit():
            self.problem(
                self.place(table, "lowest"),
                "lowest",
                "最小值应为整数或 none。",
                "the lowest value is a whole number or none.",
            )
            lowest = "0"
        return Field(
            name=name,
            zh=self.text(table, "zh"),
            en=self.text(table, "en"),
            type=kind,
            personal_data=self.one_of(table, "personal_data", PERSONAL_DATA),
            unit=self.text(table, "unit") if table.get("unit") else _UNITS.get(kind, ""),
            required=self.truth(table, "required", default=True),
            codes=codes,
            lowest=None if lowest == "none" else int(lowest),
        )

    def fact(self, node: Node, fields: tuple[Field, ...]) -> FactReading:
        table = self.table(node)
        self.keys(table, ("scope", "fact", "reading", "comparison"), ("of", "when_none", "only"))
        reading = self.word(table, "reading", Reading, Reading.COUNT)
        known = {one.name: one for one in fields}
        of = self.text(table, "of") if table.get("of") else None
        if (reading in _READ_A_FIELD) != (of is not None):
            self.problem(
                table.place,
                "of",
                "求和、最近日期和取值需要 of（字段），计数和有无不能写 of。",
                "a sum, latest or value needs 'of' (a field); count and any have none.",
            )
        if of is not None:
            self.known(self.place(table, "of"), of, known)
        if reading is Reading.SHARED_SUM:
            self.known(table.place, "share_percent", known)
        only: dict[str, tuple[str, ...]] = {}
        if table.get("only") is not None:
            for key, each in self.named(table, "only"):
                self.known(key.place, key.text, known)
                only[key.text] = tuple(one.text for one in self.scalars(each))
                codes = known[key.text].codes if key.text in known else {}
                for one in self.scalars(each):
                    if codes:
                        self.known(one.place, one.text, codes)
        return FactReading(
            scope=self.one_of(table, "scope", SCOPES),
            fact=self.text(table, "fact"),
            reading=reading,
            comparison=self.word(table, "comparison", Comparison, Comparison.EQUAL),
            of=of,
            when_none=_value(self.text(table, "when_none")) if table.get("when_none") else None,
            only=only,
        )

    def remark(self, node: Node, fields: tuple[Field, ...]) -> Remark:
        table = self.table(node)
        self.keys(table, ("field", "finding"), ("is", "below"))
        self.one_of(table, "field", (one.name for one in fields))
        values, below = table.get("is"), self.text(table, "below")
        if (values is None) == (not below) or (below and not below.isdigit()):
            self.problem(
                table.place,
                "remark",
                "请写“is”（取值列表）或“below”（整数）。",
                "give 'is' (values) or 'below' (a number).",
            )
        return Remark(
            finding=self.one_of(table, "finding", FINDINGS),
            field=self.text(table, "field"),
            values=tuple(_value(one.text) for one in self.scalars(values)) if values is not None else (),
            below=int(below) if below.isdigit() else None,
        )

    # What every level needs.

    def listed(self, table: Table, key: str) -> Sequence[Node]:
        node = table.get(key)
        if node is None or isinstance(node, Items):
            return node.items if node is not None else ()
        self.problem(node.place, "list", f"“{key}”应为列表。", f"{key!r} must be a list.")
        return ()

    def problem(self, place: Place, code: str, zh: str, en: str, advice: tuple[str, str] = ("", "")) -> None:
        self.problems.add(place, f"manifest.{code}", zh, en, advice=advice)

    def place(self, table: Table, key: str) -> Place:
        found = table.get(key)
        return found.place if found else table.place

    def table(self, node: Node) -> Table:
        if isinstance(node, Table):
            return node
        self.problem(node.place, "table", "应为“键: 值”。", "must be a mapping of keys to values.")
        return Table({}, node.place)

    def keys(self, table: Table, required: Iterable[str], optional: Iterable[str]) -> None:
        needed = tuple(required)
        known = {*needed, *optional}
        for name, (key, _) in table.entries.items():
            if name not in known:
                self.problem(key.place, "key", f"没有键“{name}”。", f"there is no key {name!r}.", nearest(name, known))
        for name in needed:
            if table.get(name) is None:
                self.problem(table.place, "missing", f"缺少“{name}”。", f"{name!r} is missing.")

    def known(self, place: Place, name: str, known: Iterable[str]) -> None:
        if name not in set(known):
            self.problem(place, "name", f"没有“{name}”。", f"there is no {name!r}.", nearest(name, known))

    def named(self, table: Table, key: str) -> list[tuple[Scalar, Node]]:
        node = table.get(key)
        if node is None:
            return []
        inner = self.table(node)
        if not inner.entries:
            self.problem(node.place, "empty", f"“{key}”不能为空。", f"{key!r} must not be empty.")
        return list(inner.entries.values())

    def text(self, table: Table, key: str) -> str:
        node = table.get(key)
        if node is None:
            return ""
        if not isinstance(node, Scalar) or not node.text.strip():
            self.problem(node.place, "text", f"“{key}”应为非空文字。", f"{key!r} must be text and not empty.")
            return ""
        return node.text.strip()

    def one_of(self, table: Table, key: str, known: Iterable[str]) -> str:
        value = self.text(table, key)
        if value:
            self.known(self.place(table, key), value, known)
        return value

    def word(self, table: Table, key: str, words: type[_Word], otherwise: _Word) -> _Word:
        value = self.one_of(table, key, (each.value for each in words))
        return words(value) if value in {each.value for each in words} else otherwise

    def truth(self, table: Table, key: str, *, default: bool) -> bool:
        if table.get(key) is None:
            return default
        return self.one_of(table, key, ("true", "false")) == "true"

    def scalars(self, node: Node) -> list[Scalar]:
        if isinstance(node, Items):
            return [each for each in node.items if isinstance(each, Scalar)]
        self.problem(node.place, "list", "应为列表。", "must be a list.")
        return []

    def pair(self, node: Node) -> tuple[str, str]:
        texts = self.scalars(node)
        if len(texts) != 2:
            self.problem(node.place, "pair", "应为[中文, 英文]。", "must be [Chinese, English].")
            return "", ""
        return texts[0].text, texts[1].text


def _value(text: str) -> Value:
    words: Mapping[str, Value] = {"true": True, "false": False}
    if text in words:
        return words[text]
    return int(text) if text.isdigit() else text
