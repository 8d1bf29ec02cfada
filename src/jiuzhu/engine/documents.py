"""YAML with places: every value knows its file, line and column, and nothing in a file is ever executed or expanded.

Only mappings with text keys, sequences and scalars are read, as text: `no` stays the text `no`, `2026-07-01` stays
text, and the schema says what each must be. Anchors, aliases, tags, merge keys, several documents and keys written
twice are refused while reading, so a file cannot grow in memory beyond its own size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from jiuzhu.engine.problems import PackError, Place, Problem

try:  # the C parser is ten times faster; PyYAML is also built without it
    from yaml import CSafeLoader as _Loader
except ImportError:  # pragma: no cover
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MOST_BYTES = 1024 * 1024
MOST_DEPTH = 24
MOST_NODES = 200_000
_MOST_KEPT = 32 * 1024


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. `raw` is the source between its marks, `raw_place` where that begins: formulas need exact offsets."""

    text: str
    place: Place
    raw: str
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Items:
    """A list of nodes."""

    items: "tuple[Node, ...]"
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """Keys in the order of the file, each once."""

    entries: "dict[str, tuple[Scalar, Node]]"
    place: Place

    def get(self, key: str) -> "Node | None":
        """The value of a key, None when it is not there."""
        found = self.entries.get(key)
        return found[1] if found else None


Node: TypeAlias = Scalar | Items | Table


def read(path: Path, name: str | None = None) -> Table:
    """Read a file of the packs; `name` is how problems call it (default: its path).

    Raises:
        PackError: it is too large, not UTF-8, not YAML, or uses what packs may not use.
    """
    called = name or str(path)
    content = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    if path.stat().st_size > MOST_BYTES:
        raise _refusal(
            Place(called, 1, 1),
            "document.size",
            f"文件有 {path.stat().st_size} 字节，最多 {MOST_BYTES} 字节。",
            f"the file has {path.stat().st_size} bytes; at most {MOST_BYTES} are read.",
            ("请拆成几个文件。", "Split it into several files."),
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        raise _refusal(
            Place(called, line, 1),
            "document.encoding",
            "文件不是 UTF-8 编码。",
            "the file is not UTF-8.",
            ("请用 UTF-8 另存。", "Save it as UTF-8."),
        ) from wrong
    return _kept(text, called) if len(text) <= _MOST_KEPT else parse(text, called)


@lru_cache(maxsize=1024)
def _kept(text: str, name: str) -> Table:
    """The layers that ship are read anew with each layer laid over them; nobody changes a table."""
    return parse(text, name)


def parse(text: str, name: str) -> Table:
    """Read the text of a file.

    Raises:
        PackError: as `read` does.
    """
    try:
        # the parser does not count a byte order mark, so that offsets would be one too many
        return _Reader(text.removeprefix("\ufeff"), name).document()
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name, 1, 1)
        said = " ".join(part for part in (wrong.context, wrong.problem) if part)
        raise _refusal(place, "document.yaml", f"不是正确的 YAML：{said}。", f"this is not YAML: {said}.") from wrong
    except yaml.YAMLError as wrong:
        line = text[: getattr(wrong, "position", 0) or 0].count("\n") + 1
        raise _refusal(
            Place(name, line, 1), "document.yaml", f"不是正确的 YAML：{wrong}", f"this is not YAML: {wrong}"
        ) from wrong


def _refusal(place: Place, code: str, zh: str, en: str, advice: tuple[str, str] = ("", "")) -> PackError:
    return PackError([Problem(place, code, zh, en, *advice)])


class _Reader:
    """Builds nodes from the events of the parser and refuses early."""

    def __init__(self, text: str, name: str) -> None:
        self.text, self.name = text, name
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=_Loader))
        self.nodes = 0

    def document(self) -> Table:
        next(self.events)  # the stream begins
        first = next(self.events)
        if isinstance(first, yaml.StreamEndEvent):
            raise self._refuse(first, "document.empty", "文件是空的。", "the file is empty.")
        node = self.node(next(self.events), 0)
        next(self.events)  # the document ends
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._refuse(
                after, "document.several", "一个文件只能有一个文档。", "a file holds one document.", _SPLIT
            )
        if not isinstance(node, Table):
            raise _refusal(
                node.place,
                "document.top",
                "文件的最外层必须是“键: 值”。",
                "the file must be a mapping of keys to values.",
            )
        return node

    def node(self, event: Any, depth: int) -> Node:
        self.nodes += 1
        if self.nodes > MOST_NODES or depth > MOST_DEPTH:
            raise self._refuse(
                event,
                "document.deep",
                f"嵌套超过 {MOST_DEPTH} 层，或内容超过 {MOST_NODES} 项。",
                f"nested deeper than {MOST_DEPTH} levels, or more than {MOST_NODES} values.",
            )
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refuse(
                event,
                "document.anchor",
                "不能使用锚点和引用（& 和 *）。",
                "anchors and aliases (& and *) are not used.",
                _WRITE,
            )
        if getattr(event, "tag", None) not in (None, "!"):
            raise self._refuse(event, "document.tag", "不能使用类型标签（!）。", "tags (!) are not used.", _WRITE)
        if isinstance(event, yaml.ScalarEvent):
            start, end = event.start_mark, event.end_mark
            raw = self.text[start.index : end.index] if start and end else event.value
            return Scalar(event.value, self._place(event), raw, not event.style)
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self._items(depth)), self._place(event))
        return self._mapping(event, depth)

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            yield self.node(event, depth + 1)

    def _mapping(self, start: Any, depth: int) -> Table:
        entries: dict[str, tuple[Scalar, Node]] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise _refusal(key.place, "document.key", "键必须是文字。", "a key must be text.")
            if key.text == "<<":
                raise _refusal(
                    key.place, "document.merge", "不能使用合并键（<<）。", "merge keys (<<) are not used.", _WRITE
                )
            if key.text in entries:
                first = entries[key.text][0].place
                raise _refusal(
                    key.place,
                    "document.twice",
                    f"“{key.text}”在第 {first.line} 行已经写过。",
                    f"{key.text!r} is already written in line {first.line}.",
                    ("请删去其中一个。", "Remove one of them."),
                )
            entries[key.text] = (key, self.node(next(self.events), depth + 1))
        return Table(entries, self._place(start))

    def _place(self, event: Any) -> Place:
        return Place(self.name, event.start_mark.line + 1, event.start_mark.column + 1)

    def _refuse(self, event: Any, code: str, zh: str, en: str, advice: tuple[str, str] = ("", "")) -> PackError:
        return _refusal(self._place(event), code, zh, en, advice)


_SPLIT = ("请拆成几个文件。", "Split it into several files.")
_WRITE = ("请把内容直接写出来。", "Write the content out.")


def texts(node: Items) -> Sequence[Scalar]:
    """The scalars of a list; others are passed over."""
    return [item for item in node.items if isinstance(item, Scalar)]
