"""Instruments of a layer, and the short form in which everything in a pack cites them: `jiuzhu_fa 18.2`."""

import re
from datetime import date

from jiuzhu.core.citations import Citation, InvalidCitation, LegalLevel
from jiuzhu.engine.documents import Node, Scalar, Table
from jiuzhu.engine.packs.fields import Fields, named_tables
from jiuzhu.engine.problems import Problems, nearest

_SHORT = re.compile(
    r"(?P<key>[a-z][a-z0-9_]*)"
    r"(?: (?P<article>[0-9]{1,4})(?:\.(?P<paragraph>[0-9]{1,4}))?(?:\((?P<item>[0-9]{1,4})\))?)?"
)


def read_instruments(table: Table, problems: Problems) -> dict[str, Citation]:
    """`instruments.yaml`: a key for each instrument, with title, number, level, from and to."""
    found: dict[str, Citation] = {}
    for key, entry in named_tables(table, problems):
        fields = Fields(entry, problems, allowed=("title", "number", "level", "from", "to"), what="文件")
        level = fields.choice("level", tuple(LegalLevel))
        start = fields.day("from")
        if start is None:
            fields.missing("from")
        if not level or start is None:
            continue
        try:
            found[key.text] = Citation(
                fields.text("title"), fields.text("number", ""), None, LegalLevel(level), start, fields.day("to")
            )
        except InvalidCitation as refusal:
            problems.add(key.place, "citation.wrong", refusal.message("zh-hans"), refusal.message("en"))
    return found


def read_basis(fields: Fields, instruments: dict[str, Citation], *, needed: bool) -> tuple[Citation, ...]:
    """`basis`: one citation or a list of them. `needed` when the law requires it to be cited."""
    if fields.node("basis") is None and needed:
        fields.missing("basis")
    return fields.each("basis", lambda node: _citation(node, instruments, fields.problems))


def _citation(node: Node, instruments: dict[str, Citation], problems: Problems) -> Citation | None:
    match = _SHORT.fullmatch(node.text.strip()) if isinstance(node, Scalar) else None
    if match is None:
        problems.add(
            node.place,
            "citation.form",
            "依据的写法不对。",
            "this is no citation.",
            advice=(
                "例如 jiuzhu_fa 18.2(1)：文件、条、款、项。",
                "Write jiuzhu_fa 18.2(1): instrument, article, paragraph, item.",
            ),
        )
        return None
    whole = instruments.get(match["key"])
    if whole is None:
        problems.add(
            node.place,
            "citation.unknown",
            f"没有名为“{match['key']}”的文件。",
            f"no instrument is called {match['key']!r}.",
            advice=nearest(match["key"], instruments),
        )
        return None
    numbers = [int(match[part]) if match[part] else None for part in ("article", "paragraph", "item")]
    try:
        return Citation(
            whole.title,
            whole.number,
            numbers[0],
            whole.level,
            whole.effective_from,
            whole.effective_to,
            numbers[1],
            numbers[2],
        )
    except InvalidCitation as refusal:
        problems.add(node.place, "citation.wrong", refusal.message("zh-hans"), refusal.message("en"))
        return None


def out_of_force(basis: tuple[Citation, ...], on: date) -> tuple[Citation, ...]:
    """The citations of a basis that are not in force on a day."""
    return tuple(one for one in basis if not one.in_force(on))
