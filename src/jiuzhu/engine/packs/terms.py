"""`programme.yaml`: what a programme is called, who leads and decides it, what it pays, what it excludes."""

from jiuzhu.engine.documents import Node, Scalar, Table
from jiuzhu.engine.kinds import Base, Unit
from jiuzhu.engine.packs.citations import read_basis
from jiuzhu.engine.packs.fields import Fields
from jiuzhu.engine.packs.layering import Shape
from jiuzhu.engine.packs.model import ROOT, Variable
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import (
    Alias,
    Amount,
    Category,
    Exclusion,
    Key,
    Receiver,
    Relation,
    Rhythm,
    Version,
)
from jiuzhu.engine.packs.references import References
from jiuzhu.engine.packs.vocabulary import DECIDERS, DEPARTMENTS, GROUPS, RECIPIENTS, VENUES
from jiuzhu.engine.problems import nearest

SHAPE = Shape(lists={"amounts": "variable", "excludes": "programme", "aliases": "name"}, lasting=frozenset({"aliases"}))
_KEYS = (
    "name",
    "name_en",
    "short",
    "short_en",
    "class",
    "lead",
    "groups",
    "unit",
    "venue",
    "outcome",
    "amounts",
    "decided_by",
    "excludes",
    "aliases",
    "from",
    "to",
    "basis",
)
# the units of a figure that is paid so; None: any
_UNITS: dict[Rhythm, tuple[Unit, ...] | None] = {
    Rhythm.MONTHLY: (Unit.YUAN_MONTH,),
    Rhythm.YEARLY: (Unit.YUAN_YEAR,),
    Rhythm.ONCE: (Unit.YUAN,),
    Rhythm.SETTLED: (Unit.YUAN, Unit.YUAN_MONTH, Unit.YUAN_YEAR),
    Rhythm.IN_KIND: None,
}


def fields_of(table: Table, references: References) -> Fields:
    """The merged table, and what may stand in it."""
    return Fields(table, references.problems, allowed=_KEYS, what="制度")


def read_terms(fields: Fields, programme: str, prefix: str, references: References) -> Version | None:
    """A version without its process, materials and notices; None when it has no outcome that could be worked out."""
    category = fields.choice("class", tuple(Category))
    unit = fields.choice("unit", tuple(Receiver))
    name = Label(fields.text("name"), fields.text("name_en"))
    lead = fields.choice("lead", DEPARTMENTS)
    groups = _several(fields, "groups", GROUPS)
    venues = _several(fields, "venue", VENUES, needed=True)
    decided_by = fields.choice("decided_by", DECIDERS)
    aliases = tuple(_alias(table, references) for table in fields.tables("aliases"))
    basis = read_basis(fields, references.instruments, needed=True)
    period = fields.period()
    if fields.node("outcome") is None:
        fields.missing("outcome")
    if not category or not unit:
        return None
    receiver = Receiver(unit)
    outcome = _outcome(fields.node("outcome"), programme, receiver, references)
    amounts = tuple(
        found for table in fields.tables("amounts") if (found := _amount(table, receiver, references)) is not None
    )
    excludes = tuple(
        said for table in fields.tables("excludes") if (said := _exclusion(table, programme, references)) is not None
    )
    if outcome is None:
        return None
    return Version(
        prefix,
        period,
        name,
        Label(fields.text("short", name.zh), fields.text("short_en", name.en)),
        Category(category),
        lead,
        groups,
        receiver,
        venues,
        outcome,
        amounts,
        decided_by,
        excludes,
        aliases,
        basis,
        None,
        None,
        (),
        (),
        fields.place,
    )


def _several(fields: Fields, key: str, known: tuple[str, ...], *, needed: bool = False) -> tuple[str, ...]:
    """One or several of some words, each once."""
    if needed and fields.node(key) is None:
        fields.missing(key)

    def word(node: Node) -> str | None:
        if isinstance(node, Scalar) and node.text in known:
            return node.text
        shown = node.text if isinstance(node, Scalar) else "?"
        fields.problems.add(
            node.place,
            "schema.choice",
            f"“{shown}”不是“{key}”的取值。",
            f"{shown!r} is no value of {key}.",
            advice=nearest(shown, known),
        )
        return None

    return tuple(dict.fromkeys(fields.each(key, word)))


def _alias(table: Table, references: References) -> Alias:
    fields = Fields(table, references.problems, allowed=("name", "from", "to", "basis"), what="别名")
    read_basis(fields, references.instruments, needed=False)
    return Alias(fields.text("name"), fields.period())


def _outcome(node: Node | None, programme: str, unit: Receiver, references: References) -> Key | None:
    variable = references.variable(node, unit) if node is not None else None
    if node is None or variable is None:
        return None
    if variable.kind.base is not Base.OUTCOME:
        references.problems.add(
            node.place,
            "programme.outcome",
            f"“{variable.full_name}”不是 outcome 类型。",
            f"{variable.full_name} is not of type outcome.",
        )
        return None
    if variable.entity != unit:
        references.problems.add(
            node.place,
            "programme.unit",
            f"unit 是 {unit}，outcome 却属于 {variable.entity}。",
            f"the unit is {unit}, but the outcome belongs to {variable.entity}.",
        )
        return None
    if variable.programme != programme:
        references.problems.add(
            node.place,
            "programme.foreign_outcome",
            f"“{variable.full_name}”由“{variable.programme}”定义，不属于本制度。",
            f"{variable.full_name} is defined by {variable.programme!r}, not by this programme.",
        )
    return variable.key


def _amount(table: Table, unit: Receiver, references: References) -> Amount | None:
    fields = Fields(table, references.problems, allowed=("variable", "paid", "to", "basis", "demo"), what="金额")
    read_basis(fields, references.instruments, needed=False)
    rhythm, to = fields.choice("paid", tuple(Rhythm)), fields.choice("to", RECIPIENTS)
    node = fields.node("variable")
    if node is None:
        fields.missing("variable")
        return None
    variable = references.variable(node, unit)
    if variable is None or not rhythm:
        return None
    _check_amount(node, variable, Rhythm(rhythm), unit, references)
    return Amount(variable.key, Rhythm(rhythm), to, fields.place)


def _check_amount(node: Node, variable: Variable, rhythm: Rhythm, unit: Receiver, references: References) -> None:
    units = _UNITS[rhythm]
    if units is not None and (variable.kind.base is not Base.NUMBER or variable.kind.unit not in units):
        references.problems.add(
            node.place,
            "programme.amount",
            f"“{variable.full_name}”的类型与 paid: {rhythm} 不一致。",
            f"the type of {variable.full_name} does not fit `paid: {rhythm}`.",
            advice=(f"应当是 {'、'.join(units)}。", f"It should be {', '.join(units)}."),
        )
    if variable.entity not in (ROOT, Receiver.PERSON) or (unit is Receiver.PERSON and variable.entity == ROOT):
        references.problems.add(
            node.place,
            "programme.amount_owner",
            f"“{variable.full_name}”不属于领取人。",
            f"{variable.full_name} belongs to nobody who could be paid.",
            advice=("按人的制度用 person 的变量。", "A programme for persons pays figures of the person."),
        )


def _exclusion(table: Table, programme: str, references: References) -> Exclusion | None:
    allowed = ("programme", "who", "how", "counts", "from", "to", "basis", "demo")
    fields = Fields(table, references.problems, allowed=allowed, what="互斥")
    other, who = fields.text("programme"), fields.choice("who", tuple(Receiver))
    how = fields.choice("how", tuple(Relation))
    fields.period()
    basis, demo = references.basis(fields)
    counts = fields.node("counts")
    counted = references.variable(counts, Receiver.PERSON) if counts is not None else None
    if counts is not None and (how != Relation.TOP_UP or (counted and counted.kind.base is not Base.NUMBER)):
        references.problems.add(
            counts.place,
            "programme.counts",
            "counts 只用于 top_up，应当是金额。",
            "`counts` goes with top_up only, and names an amount.",
        )
    if other == programme:
        references.problems.add(
            fields.place, "programme.self", "制度不能与自己互斥。", "a programme does not exclude itself."
        )
        return None
    if not other or not who or not how:
        return None
    return Exclusion(other, Receiver(who), Relation(how), counted.key if counted else None, basis, demo, fields.place)
