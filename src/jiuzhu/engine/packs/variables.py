"""`entities.yaml`, `facts.yaml` and `formulas.yaml`: what there is to know, and what follows from it."""

import re
from dataclasses import replace

from jiuzhu.core.citations import Citation
from jiuzhu.core.periods import Period
from jiuzhu.engine.documents import Node, Scalar, Table
from jiuzhu.engine.expressions.parser import parse
from jiuzhu.engine.expressions.tokens import FormulaError
from jiuzhu.engine.expressions.tree import Expression
from jiuzhu.engine.packs.citations import read_basis
from jiuzhu.engine.packs.fields import Fields, named_tables
from jiuzhu.engine.packs.model import ROOT, Entity, Formula, Label, Layer, Source, Variable
from jiuzhu.engine.packs.parameters import read_kind
from jiuzhu.engine.problems import Place, Problems, nearest

_RANGE = ("type", "label", "label_en", "options", "lowest", "highest")
_FACT_KEYS = (*_RANGE, "required", "register", "question", "question_en", "material", "personal_data")
_FORMULA_KEYS = (*_RANGE, "exact", "formula", "versions", "from", "to", "basis", "reasons", "personal_data")
_PERSONAL = ("none", "identity", "contact", "finance", "health", "family", "welfare", "conduct")
_REASONS = ("yes", "no", "unknown", "disc", "refer")


def read_entities(table: Table, problems: Problems) -> dict[str, Entity]:
    """`entities.yaml`: name, label, parent and the most that one household may have."""
    found: dict[str, Entity] = {}
    for key, entry in named_tables(table, problems):
        fields = Fields(entry, problems, allowed=("label", "label_en", "parent", "most"), what="对象")
        parent, most = fields.text("parent", ""), fields.text("most", "1")
        if parent not in ("", ROOT) or (key.text == ROOT) != (parent == ""):
            problems.add(
                key.place,
                "entity.parent",
                f"除 {ROOT} 外，每种对象的 parent 都是 {ROOT}。",
                f"every entity but {ROOT} has {ROOT} as its parent.",
            )
        if not re.fullmatch(r"[0-9]{1,4}", most) or not 1 <= int(most) <= 1000:
            problems.add(key.place, "entity.most", "most 应当是 1 至 1000。", "most is a number from 1 to 1000.")
            continue
        found[key.text] = Entity(key.text, fields.label(), parent, int(most))
    return found


def read_facts(table: Table, entities: dict[str, Entity], problems: Problems) -> dict[tuple[str, str], Variable]:
    """`facts.yaml`: for each entity the facts that registers, visits or applicants supply."""
    found: dict[tuple[str, str], Variable] = {}
    for key, entry, fields in _entries(table, entities, problems, _FACT_KEYS, "事实"):
        kind = read_kind(fields)
        if kind is None:
            continue
        question = Label(fields.text("question"), fields.text("question_en")) if fields.node("question") else None
        source = Source(
            fields.text("register", ""),
            question,
            fields.text("material", ""),
            fields.choice("personal_data", _PERSONAL, "none"),
        )
        found[entry, key.text] = Variable(
            entry, key.text, kind, fields.label(), key.place, source=source, required=fields.truth("required")
        )
    return found


def read_formulas(
    table: Table,
    entities: dict[str, Entity],
    instruments: dict[str, Citation],
    layer: Layer,
    programme: str,
    problems: Problems,
) -> dict[tuple[str, str], Variable]:
    """`formulas.yaml`: for each entity the figures that follow, in one or in several dated versions."""
    found: dict[tuple[str, str], Variable] = {}
    for key, entity, fields in _entries(table, entities, problems, _FORMULA_KEYS, "公式"):
        kind = read_kind(fields)
        if kind is None:
            continue
        parts = [
            Fields(version, problems, allowed=("formula", "from", "to", "basis"), what="公式版本")
            for version in fields.tables("versions")
        ] or [fields]
        formulas = tuple(one for part in parts if (one := _formula(part, instruments, layer, problems)) is not None)
        found[entity, key.text] = Variable(
            entity,
            key.text,
            kind,
            fields.label(),
            key.place,
            programme=programme,
            formulas=formulas,
            exact=fields.truth("exact"),
            reasons=_reasons(fields, problems),
            personal_data=fields.choice("personal_data", _PERSONAL, ""),
        )
    return found


def _entries(
    table: Table, entities: dict[str, Entity], problems: Problems, allowed: tuple[str, ...], what: str
) -> list[tuple[Scalar, str, Fields]]:
    found = []
    for entity, group in named_tables(table, problems):
        if entity.text not in entities:
            problems.add(
                entity.place,
                "entity.unknown",
                f"没有对象“{entity.text}”。",
                f"there is no entity {entity.text!r}.",
                advice=nearest(entity.text, entities),
            )
            continue
        found += [
            (key, entity.text, Fields(entry, problems, allowed=allowed, what=what))
            for key, entry in named_tables(group, problems)
        ]
    return found


def _formula(fields: Fields, instruments: dict[str, Citation], layer: Layer, problems: Problems) -> Formula | None:
    node = fields.node("formula")
    if not isinstance(node, Scalar):
        fields.missing("formula")
        return None
    basis = read_basis(fields, instruments, needed=True)
    return parsed(node, layer.prefix, fields.period(), basis, problems)


def parsed(
    node: Scalar, prefix: str, period: Period, basis: tuple[Citation, ...], problems: Problems
) -> Formula | None:
    """The formula that stands in a node; None when it cannot be read."""
    text, place = _written(node)
    formula = Formula(prefix, period, text, _NOTHING, basis, place)
    if (node.raw[:1] == "'" and "''" in text) or (node.raw[:1] == '"' and "\\" in text):
        problems.add(
            place,
            "formula.escape",
            "带引号的公式中不能有转义。",
            "a quoted formula holds no escapes.",
            advice=("请去掉引号，或写在 | 之后的新行。", "Write it without quotes, or below a |."),
        )
        return None
    try:
        return replace(formula, tree=parse(text))
    except FormulaError as wrong:
        problems.add(formula.place_of(wrong.offset), wrong.code, wrong.zh, wrong.en, advice=wrong.advice)
        return None


def _written(node: Scalar) -> tuple[str, Place]:
    """The formula as it stands in the file, and where it begins; so offsets are those of the file."""
    raw, place = node.raw, node.place
    if raw[:1] in ("'", '"'):
        return raw[1:-1], Place(place.file, place.line, place.column + 1)
    if raw[:1] in ("|", ">"):
        return raw[raw.index("\n") + 1 :], Place(place.file, place.line + 1, 1)
    return raw, place


def _reasons(fields: Fields, problems: Problems) -> tuple[tuple[str, Label], ...]:
    node: Node | None = fields.node("reasons")
    if node is None:
        return ()
    if not isinstance(node, Table):
        fields.wrong(node, "表", "a table")
        return ()
    inner = Fields(node, problems, allowed=tuple(f"{one}{end}" for one in _REASONS for end in ("", "_en")), what="理由")
    return tuple((one, Label(inner.text(one), inner.text(f"{one}_en"))) for one in _REASONS if inner.node(one))


_NOTHING: Expression = parse("0")
