"""`materials.yaml` and `notices/`: the papers that no register holds, and the letters a programme sends."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from jiuzhu.engine.documents import Node, Scalar, Table
from jiuzhu.engine.expressions.tree import names
from jiuzhu.engine.kinds import Base, Unit
from jiuzhu.engine.packs.fields import Fields
from jiuzhu.engine.packs.layering import Shape
from jiuzhu.engine.packs.model import ROOT, Variable
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import Key, Material, Notice, NoticeKind, Receiver
from jiuzhu.engine.packs.references import References
from jiuzhu.engine.packs.vocabulary import FORMS, GIVERS, IN_LETTERS, NEVER_IN_LETTERS
from jiuzhu.engine.problems import Place, nearest

MATERIALS = Shape(lists={"materials": "key"})
NOTICE = Shape()
_MATERIAL = (
    "key",
    "label",
    "label_en",
    "needed_when",
    "from_whom",
    "accepts",
    "why_not_fetched",
    "why_not_fetched_en",
    "from",
    "to",
    "basis",
    "demo",
)
_BRACED = re.compile(r"\{([^{}]*)\}")
# what every letter can say, filled in from the case
PLACEHOLDERS = frozenset(
    {
        "applicant_name",
        "member_count",
        "village",
        "programme",
        "case_number",
        "application_date",
        "decision_date",
        "notice_date",
        "office",
        "office_address",
        "office_phone",
        "reasons",
        "basis",
        "remedies",
    }
)
_OF_KIND: Mapping[NoticeKind, frozenset[str]] = {
    NoticeKind.ACCEPTED: frozenset({"decision_due"}),
    NoticeKind.MISSING_MATERIALS: frozenset({"missing_materials", "supply_due"}),
    NoticeKind.GRANTED: frozenset({"amount", "effective_month", "next_review", "payment"}),
    NoticeKind.REFUSED: frozenset(),
    NoticeKind.CHANGED: frozenset({"amount", "amount_before", "effective_month"}),
    NoticeKind.ENDED: frozenset({"effective_month"}),
    NoticeKind.HEARING: frozenset({"proposal", "hearing_until", "hearing_place"}),
    NoticeKind.NOT_ACCEPTED: frozenset({"accepting_office"}),
    NoticeKind.REFERRED: frozenset({"referred_to", "handed_over"}),
}
# what the law demands: reasons and remedies in writing (社会救助法 art. 45, 48), all that is missing told once
_DEMANDED: Mapping[NoticeKind, frozenset[str]] = {
    NoticeKind.MISSING_MATERIALS: frozenset({"missing_materials"}),
    NoticeKind.REFUSED: frozenset({"reasons", "remedies"}),
    NoticeKind.CHANGED: frozenset({"reasons", "remedies"}),
    NoticeKind.ENDED: frozenset({"reasons", "remedies"}),
    NoticeKind.HEARING: frozenset({"reasons", "hearing_until"}),
    NoticeKind.NOT_ACCEPTED: frozenset({"reasons"}),
    NoticeKind.REFERRED: frozenset({"referred_to"}),
}
_MONEY = (Unit.YUAN, Unit.YUAN_MONTH, Unit.YUAN_YEAR)


def read_materials(table: Table, references: References) -> tuple[Material, ...]:
    """What an applicant is asked for; an empty list when everything is fetched."""
    fields = Fields(table, references.problems, allowed=("materials",), what="材料清单")
    if fields.node("materials") is None:
        fields.missing("materials")
    return tuple(_material(one, references) for one in fields.tables("materials"))


def _material(table: Table, references: References) -> Material:
    fields = Fields(table, references.problems, allowed=_MATERIAL, what="材料")
    fields.period()
    basis, demo = references.basis(fields)
    if fields.node("accepts") is None:
        fields.missing("accepts")

    def form(node: Node) -> str | None:
        if isinstance(node, Scalar) and node.text in FORMS:
            return node.text
        fields.wrong(node, "、".join(FORMS), f"one of {', '.join(FORMS)}")
        return None

    return Material(
        fields.text("key"),
        fields.label(),
        references.condition(fields, "needed_when", basis),
        fields.choice("from_whom", GIVERS),
        fields.each("accepts", form),
        Label(fields.text("why_not_fetched"), fields.text("why_not_fetched_en")),
        basis,
        demo,
        fields.place,
    )


def read_notice(table: Table, stem: str, unit: Receiver, references: References) -> Notice | None:
    """A letter; its file is called by its kind."""
    fields = Fields(
        table, references.problems, allowed=("kind", "title", "title_en", "paragraphs", "basis"), what="文书"
    )
    kind = fields.choice("kind", tuple(NoticeKind))
    if kind and kind != stem:
        references.problems.add(
            fields.place,
            "notice.file",
            f"kind 是 {kind}，文件却叫 {stem}.yaml。",
            f"the kind is {kind}, but the file is called {stem}.yaml.",
            advice=(f"请改名为 {kind}.yaml。", f"Rename it {kind}.yaml."),
        )
    title = Label(fields.text("title"), fields.text("title_en"))
    if fields.node("paragraphs") is None:
        fields.missing("paragraphs")
    if not kind:
        return None
    letter = _Letter(NoticeKind(kind), unit, references)
    paragraphs = tuple(letter.paragraph(one) for one in fields.tables("paragraphs"))
    for absent in sorted(_DEMANDED.get(letter.kind, frozenset()) - letter.found):
        references.problems.add(
            fields.place,
            "notice.demanded",
            f"{kind} 文书必须包含 {{{absent}}}。",
            f"a letter of kind {kind} must hold {{{absent}}}.",
        )
    return Notice(letter.kind, title, paragraphs, frozenset(letter.found), fields.place)


class _Letter:
    def __init__(self, kind: NoticeKind, unit: Receiver, references: References) -> None:
        self.kind, self.unit, self.references = kind, unit, references
        self.found: set[str] = set()

    def paragraph(self, table: Table) -> Label:
        fields = Fields(table, self.references.problems, allowed=("zh", "en"), what="段落")
        label = Label(fields.text("zh"), fields.text("en"))
        said = {}
        for key in ("zh", "en"):
            node = fields.node(key)
            said[key] = set(self.braced(node)) if isinstance(node, Scalar) else set()
        for absent in sorted(said["zh"] ^ said["en"]):
            fields.problems.add(
                fields.place,
                "notice.languages",
                f"{{{absent}}} 只出现在一种语言里。",
                f"{{{absent}}} stands in one language only.",
                advice=("请写进两种语言。", "Write it in both."),
            )
        self.found |= said["zh"] | said["en"]
        return label

    def braced(self, node: Scalar) -> Iterator[str]:
        """The names between braces, each checked."""
        if set("{}") & set(_BRACED.sub("", node.text)):
            self.note(node.place, "notice.brace", "花括号不成对。", "a brace has no partner.")
        for match in _BRACED.finditer(node.text):
            name = match[1].strip()
            if name not in PLACEHOLDERS | _OF_KIND[self.kind]:
                self.variable(Scalar(name, _place(node, match[0]), name, is_plain=True))
            yield name

    def variable(self, node: Scalar) -> None:
        owner, dot, name = node.text.rpartition(".")
        variable = self.references.variables.get((owner if dot else self.unit, name))
        if variable is None:
            allowed = PLACEHOLDERS | _OF_KIND[self.kind]
            own = [one.full_name for one in self.references.variables.values() if one.entity in (ROOT, self.unit)]
            self.note(
                node.place,
                "notice.name",
                f"{self.kind} 文书没有“{{{node.text}}}”。",
                f"a letter of kind {self.kind} knows no {{{node.text}}}.",
                nearest(node.text, [*allowed, *own]) if node.text else ("", ""),
            )
        elif variable.entity not in (ROOT, self.unit):
            self.note(
                node.place,
                "notice.several",
                f"“{variable.full_name}”每户可以有多个，不能写进文书。",
                f"{variable.full_name} may stand for several; it cannot be named in a letter.",
            )
        elif not _may_be_shown(variable, self.references.variables):
            self.note(
                node.place,
                "notice.personal",
                f"“{variable.full_name}”涉及的个人信息不能写进文书。",
                f"{variable.full_name} rests on personal data that a letter may not show.",
                ("请改写为结论或金额。", "Name the outcome or an amount instead."),
            )

    def note(self, place: Place, code: str, zh: str, en: str, advice: tuple[str, str] = ("", "")) -> None:
        self.references.problems.add(place, code, zh, en, advice=advice)


def _place(node: Scalar, part: str) -> Place:
    """Where a part of a text stands; where the text begins when that cannot be told."""
    at = node.raw.find(part)
    if at < 0 or "\n" in node.raw[:at]:
        return node.place
    return replace(node.place, column=node.place.column + at)


def _may_be_shown(variable: Variable, variables: Mapping[Key, Variable]) -> bool:
    """Whether a letter may show a figure: a fact by its class, other figures by the facts that they give away.

    Money and outcomes say nothing of a single fact they rest on; a truth, a code, a day or a count may.
    """
    if variable.source is not None:
        return variable.source.personal_data in IN_LETTERS
    if variable.personal_data:
        return variable.personal_data in IN_LETTERS
    if variable.kind.base is Base.OUTCOME or variable.kind.unit in _MONEY:
        return True
    return not any(
        (one.source.personal_data if one.source else one.personal_data) in NEVER_IN_LETTERS
        or (one.source is not None and one.entity not in (ROOT, Receiver.PERSON))
        for one in _rests_on(variable, variables)
    )


def _rests_on(variable: Variable, variables: Mapping[Key, Variable]) -> Iterator[Variable]:
    seen: set[Key] = set()
    waiting = [variable]
    while waiting:
        one = waiting.pop()
        if one.key in seen:
            continue
        seen.add(one.key)
        yield one
        if one.personal_data:
            continue
        found = [name for formula in one.formulas for name in names(formula.tree) if name.owner != "p"]
        owners = {one.entity, *(name.owner for name in found if name.owner)}
        waiting += [
            variables[key]
            for name in found
            for key in ([(name.owner, name.name)] if name.owner else [(owner, name.name) for owner in sorted(owners)])
            if key in variables
        ]


def stems(files: Mapping[str, object]) -> list[str]:
    """The names of the letters among the files of a folder."""
    return sorted(name.removeprefix("notices/").removesuffix(".yaml") for name in files if name.startswith("notices/"))
