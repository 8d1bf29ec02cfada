"""`process.yaml`: steps, terms, what is posted, how a refusal is told, remedies, and when recipients are reviewed."""

from jiuzhu.engine.documents import Node, Scalar, Table
from jiuzhu.engine.kinds import Unit
from jiuzhu.engine.packs.fields import Fields
from jiuzhu.engine.packs.layering import Shape
from jiuzhu.engine.packs.programmes import (
    Category,
    Effect,
    Limit,
    Process,
    Publication,
    Refusal,
    Remedy,
    Review,
    Step,
    Term,
    TermUnit,
)
from jiuzhu.engine.packs.references import References
from jiuzhu.engine.packs.vocabulary import ACTORS, BOARDS, CASES, EVENTS, PLACES, PUBLIC_FIELDS, REMEDIES
from jiuzhu.engine.problems import nearest

SHAPE = Shape(
    lists={"steps": "key", "reviews": "class", "remedies": "kind"},
    tables=frozenset({"limits"}),
    records=frozenset({"refusal"}),
)
_KEYS = ("steps", "limits", "reviews", "refusal", "remedies", "effective_from", "basis")
_TERM = ("limit", "unit", "after")
_OF_BASIS = ("from", "to", "basis", "demo")
_STEP = ("key", "actor", "label", "label_en", "deadline", "publishes", *_OF_BASIS)
_PUBLISHES = ("fields", "board", "where", "days_nd")


def read_process(table: Table, category: str, references: References) -> Process:
    """The procedure of a programme of a category."""
    fields = Fields(table, references.problems, allowed=_KEYS, what="流程")
    reader = _Reader(category, references)
    steps = reader.steps(fields)
    if not steps:
        fields.missing("steps")
    reviews = tuple(reader.review(one) for one in fields.tables("reviews"))
    for review in reviews[:-1]:
        if review.when is None:
            references.problems.add(
                review.place,
                "process.review",
                "没有 when 的一类包括其余所有人，要写在最后。",
                "a class without `when` takes all the rest, so it comes last.",
            )
    refusal = fields.node("refusal")
    if refusal is None:
        fields.missing("refusal")
    effect = fields.choice("effective_from", tuple(Effect))
    return Process(
        steps,
        reader.limits(fields),
        reviews,
        reader.refusal(refusal) if isinstance(refusal, Table) else None,
        tuple(reader.remedy(one) for one in fields.tables("remedies")),
        Effect(effect or Effect.MONTH_AFTER_DECISION),
    )


class _Reader:
    def __init__(self, category: str, references: References) -> None:
        self.category, self.references = category, references
        self.problems = references.problems
        self.events: tuple[str, ...] = EVENTS

    def fields(self, table: Table, allowed: tuple[str, ...], what: str) -> Fields:
        return Fields(table, self.problems, allowed=allowed, what=what)

    def steps(self, fields: Fields) -> tuple[Step, ...]:
        found = []
        for table in fields.tables("steps"):
            step = self.step(self.fields(table, _STEP, "步骤"))
            found.append(step)
            self.events = (*self.events, step.key)  # later steps may count from this one
        return tuple(found)

    def step(self, fields: Fields) -> Step:
        basis, demo = self.references.basis(fields)
        fields.period()
        publishes = fields.node("publishes")
        if publishes is not None and not isinstance(publishes, Table):
            fields.wrong(publishes, "表", "a table")
        return Step(
            fields.text("key"),
            fields.label(),
            fields.choice("actor", ACTORS),
            self.deadline(fields),
            self.publication(publishes) if isinstance(publishes, Table) else None,
            basis,
            demo,
            fields.place,
        )

    def deadline(self, fields: Fields) -> Term | None:
        node = fields.node("deadline")
        if node is None:
            return None
        if not isinstance(node, Table):
            fields.wrong(
                node, "表，例如 {limit: 3, unit: wd, after: acceptance}", "a table such as {limit: 3, unit: wd}"
            )
            return None
        return self.references.term(self.fields(node, _TERM, "期限"), self.events)

    def publication(self, table: Table) -> Publication:
        fields = self.fields(table, _PUBLISHES, "公示")
        names = self.words(fields, "fields", PUBLIC_FIELDS)
        if self.category == Category.CHILDREN and "applicant_name" in names:
            self.problems.add(
                table.place,
                "process.child",
                "儿童类制度不公示姓名。",
                "a programme for children never posts a name.",
                advice=("请去掉 applicant_name，或不设公示。", "Leave out applicant_name, or post nothing."),
            )
        days: tuple[int | None, str] = (None, "")
        if fields.node("days_nd") is not None:
            days = self.references.number(fields, "days_nd", (Unit.DAYS, Unit.NONE))
        return Publication(
            names, fields.choice("board", BOARDS), self.words(fields, "where", PLACES), days[0], days[1], fields.place
        )

    def words(self, fields: Fields, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        if fields.node(key) is None:
            fields.missing(key)

        def word(node: Node) -> str | None:
            if isinstance(node, Scalar) and node.text in known:
                return node.text
            shown = node.text if isinstance(node, Scalar) else "?"
            self.problems.add(
                node.place,
                "process.publish" if key == "fields" else "schema.choice",
                f"“{shown}”不是“{key}”的取值。",
                f"{shown!r} is no value of {key}.",
                advice=(
                    (f"只能公示：{'、'.join(known)}。", f"Only these may be posted: {', '.join(known)}.")
                    if key == "fields"
                    else nearest(shown, known)
                ),
            )
            return None

        return tuple(dict.fromkeys(fields.each(key, word)))

    def limits(self, fields: Fields) -> tuple[Limit, ...]:
        node = fields.node("limits")
        if node is None:
            fields.missing("limits")
            return ()
        if not isinstance(node, Table):
            fields.wrong(node, "表", "a table")
            return ()
        inner = self.fields(node, CASES, "办理时限")
        if inner.node("normal") is None:
            inner.missing("normal")
        return tuple(self.limit(case, table) for case in CASES if isinstance(table := inner.node(case), Table))

    def limit(self, case: str, table: Table) -> Limit:
        fields = self.fields(table, (*_TERM, *_OF_BASIS), "办理时限")
        fields.period()
        basis, demo = self.references.basis(fields)
        return Limit(case, self.references.term(fields, self.events, "acceptance"), basis, demo)

    def review(self, table: Table) -> Review:
        fields = self.fields(table, ("class", "label", "label_en", "every", "when", *_OF_BASIS), "复核")
        fields.period()
        basis, demo = self.references.basis(fields)
        number, parameter = self.references.number(fields, "every", (Unit.MONTHS, Unit.NONE))
        return Review(
            fields.text("class"),
            fields.label(),
            Term(number, parameter, TermUnit.MONTHS, "decision", fields.place),
            self.references.condition(fields, "when", basis),
            basis,
            demo,
            fields.place,
        )

    def refusal(self, table: Table) -> Refusal:
        fields = self.fields(table, ("deadline", *_OF_BASIS), "不予确认")
        fields.period()
        basis, demo = self.references.basis(fields)
        return Refusal(self.deadline(fields), basis, demo)

    def remedy(self, table: Table) -> Remedy:
        fields = self.fields(table, ("kind", "label", "label_en", "first", *_TERM, *_OF_BASIS), "救济途径")
        fields.period()
        basis, demo = self.references.basis(fields)
        return Remedy(
            fields.choice("kind", REMEDIES),
            fields.label(),
            self.references.term(fields, self.events, "notice"),
            fields.truth("first"),
            basis,
            demo,
        )
