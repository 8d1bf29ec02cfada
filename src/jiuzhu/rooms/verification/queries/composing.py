"""Composing a report: what each source said of each person, beside what the family declared, and what hangs on it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.engine.explaining.outlines import rules_of
from jiuzhu.rooms.catalogue.queries import public_programs
from jiuzhu.rooms.registry.queries import (
    Declared,
    DeclaredKey,
    HouseholdSubjects,
    Variable,
    VariableType,
    declared_values,
    public_variables,
    shown_value,
    stored_code,
    subjects,
)
from jiuzhu.rooms.verification.models import Item as ItemRow
from jiuzhu.rooms.verification.models import Order, Reply
from jiuzhu.rooms.verification.ports import (
    CAUSES,
    Answer,
    Cause,
    Field,
    FieldType,
    Item,
    Record,
    Source,
    Value,
    connectors,
)
from jiuzhu.rooms.verification.queries.claims import answer_of
from jiuzhu.rooms.verification.rules.reading import (
    BELIEVED,
    Answered,
    FactFound,
    age_of_data,
    differs,
    facts_found,
    remarks_on,
)
from jiuzhu.rooms.verification.rules.reports import (
    ReportAnswer,
    ReportContent,
    ReportFact,
    ReportPerson,
    ReportRecord,
)
from jiuzhu.rooms.verification.states import ItemState

_DISPUTED = ("正在复核，结果暂不采信", "Being checked again; not believed meanwhile")


@dataclass(frozen=True, slots=True)
class Composed:
    """What a report says, and the facts that are known for sure, by person (None: the household) and variable."""

    content: ReportContent
    facts: Mapping[DeclaredKey, tuple[FactFound, Variable]]


def compose(*, actor: Actor, on: date, order: Order) -> Composed:
    """Put together what is known of an order now. The caller has opened the scope."""
    items = list(ItemRow.objects.filter(order=order).order_by("person_id", "source", "item"))
    replies = _believed(items)
    people = {one.person_id for one in items}
    home = subjects(actor=actor, on=on, household_id=order.household_id, further=people, numbers=True)
    said = {one.pk: answer_of(replies[one.pk]) for one in items if one.pk in replies}
    answers = [_answered(one, said.get(one.pk)) for one in items]
    variables = {one.fact: one for one in public_variables().values() if one.fact}
    members = [one.id for one in home.persons if one.counts_as_member and one.died_on is None]
    places = {name: one.places for name, one in variables.items() if one.type is VariableType.DECIMAL}
    read = facts_found([one for one in answers if one is not None], members=members, places=places)
    found = [_as_stored(one, variables.get(one.fact)) for one in read]
    declared = declared_values(actor=actor, on=on, household_id=order.household_id, person_ids=people)
    tests = _tests(order.programmes, order.division_code, on)
    facts = [_fact(one, variables[one.fact], declared, tests) for one in found if one.fact in variables]
    content = ReportContent(
        _persons(home, people),
        tuple(_said(one, said.get(one.pk), replies.get(one.pk), order.requested_at.date()) for one in items),
        tuple(sorted(facts, key=lambda one: (one.person_id or 0, one.key))),
    )
    known = {
        (one.person_id, variables[one.fact].key): (one, variables[one.fact])
        for one in found
        if one.value is not None and one.fact in variables and one.scope != "supporter"
    }
    return Composed(content, known)


def _as_stored(one: FactFound, variable: Variable | None) -> FactFound:
    """Codes are answered as the packs call them and kept as the registry does; unknown ones are not believed."""
    if variable is None or variable.type is not VariableType.CODE or one.seen is None:
        return one
    code = stored_code(variable, str(one.seen))
    return replace(one, seen=code, value=None if one.value is None else code)


def _believed(items: Iterable[ItemRow]) -> dict[int, Reply]:
    """The reply that speaks for each item that has one: the first answer, or the check that corrected it."""
    states = {one.pk: ItemState(one.state) for one in items}
    wanted = [key for key, state in states.items() if state in BELIEVED]
    rows = Reply.objects.filter(item_id__in=wanted).select_related("attempt").order_by("version")
    found: dict[int, Reply] = {}
    for row in rows:
        is_check = row.attempt.kind == "recheck"
        if not is_check or states[row.item_id] is ItemState.CORRECTED:
            found[row.item_id] = row
    return found


def _answered(row: ItemRow, answer: Answer | None) -> Answered | None:
    connector = connectors().get(row.source)
    if connector is None:
        return None
    item = next((one for one in connector.source.items if one.name == row.item), None)
    if item is None:
        return None
    return Answered(
        person_id=row.person_id,
        source=row.source,
        item=item,
        state=ItemState(row.state),
        records=None if answer is None else answer.records,
        certain=answer is None or answer.certain,
        data_as_of=None if answer is None else answer.data_as_of,
    )


def _persons(home: HouseholdSubjects, people: Collection[int]) -> tuple[ReportPerson, ...]:
    return tuple(
        ReportPerson(
            id=one.id,
            name=one.name,
            number=masked(one.number),
            role="member" if one.counts_as_member else "supporter",
        )
        for one in home.persons
        if one.id in people or one.counts_as_member
    )


def masked(number: str) -> str:
    """An identity number of which the first three and last four characters show."""
    return f"{number[:3]}{'*' * max(len(number) - 7, 0)}{number[-4:]}" if len(number) > 7 else ""


def _said(row: ItemRow, answer: Answer | None, reply: Reply | None, applied_on: date) -> ReportAnswer:
    source, item = names_of(row.source, row.item)
    cause = ("", "")
    if answer is None:
        cause = _DISPUTED if row.state == ItemState.DISPUTED.value else (row.message_zh, row.message_en)
        if not cause[0]:
            cause = CAUSES[Cause.NO_ANSWER]
    remarks = () if answer is None else age_of_data(answer.data_as_of, applied_on)
    return ReportAnswer(
        item_id=row.pk,
        person_id=row.person_id,
        source=row.source,
        source_zh=source.zh if source else row.source,
        source_en=source.en if source else row.source,
        item=row.item,
        item_zh=item.zh if item else row.item,
        item_en=item.en if item else row.item,
        state=row.state,
        cause_zh=cause[0],
        cause_en=cause[1],
        data_as_of="" if answer is None else answer.data_as_of.isoformat(),
        reference="" if reply is None else reply.reference,
        records=() if answer is None or item is None else tuple(record_in_words(item, one) for one in answer.records),
        remarks=tuple(one.value for one in remarks),
    )


def names_of(source: str, item: str) -> tuple[Source | None, Item | None]:
    """A source and its item as they are connected now."""
    connector = connectors().get(source)
    if connector is None:
        return None, None
    return connector.source, next((one for one in connector.source.items if one.name == item), None)


def record_in_words(item: Item, record: Record) -> ReportRecord:
    """A record with the names of its fields and values for people."""
    cells = tuple(
        (one.zh, one.en, *_in_words(one, record.values[one.name])) for one in item.fields if one.name in record.values
    )
    return ReportRecord(record.provider_reference, cells, tuple(one.value for one in remarks_on(item, record)))


def _in_words(one: Field, value: Value) -> tuple[str, str]:
    if isinstance(value, bool):
        return ("是", "yes") if value else ("否", "no")
    if one.type is FieldType.FEN and isinstance(value, int):
        sign = "-" if value < 0 else ""
        text = f"{sign}{abs(value) // 100:,}.{abs(value) % 100:02d}"
        return f"{text}元", f"{text} yuan"
    if one.type is FieldType.CODE:
        return one.codes.get(str(value), (str(value), str(value)))
    unit = {"m2": "平方米", "percent": "%"}.get(one.unit, one.unit)
    return f"{value}{unit}", f"{value} {one.unit}".rstrip()


def _fact(
    one: FactFound,
    variable: Variable,
    declared: Mapping[DeclaredKey, Declared],
    tests: Mapping[tuple[str, str], tuple[tuple[str, str], ...]],
) -> ReportFact:
    said = declared.get((one.person_id, variable.key))
    different = differs(one.value, None if said is None else said.value, one.comparison)
    if one.value is None:
        outcome = "undecided" if one.complete and one.seen is not None else "unknown"
    elif said is None:
        outcome = "not_declared"
    else:
        outcome = "different" if different else "same"
    return ReportFact(
        person_id=one.person_id,
        key=variable.key,
        zh=variable.zh,
        en=variable.en,
        declared=("", "")
        if said is None
        else (shown_value(variable, said.value), shown_value(variable, said.value, "en")),
        declared_on="" if said is None else said.since.isoformat(),
        found=_found_so_far(one, variable),
        outcome=outcome,
        source=one.source,
        data_as_of="" if one.data_as_of is None else one.data_as_of.isoformat(),
        doubts=tuple(each.value for each in one.doubts),
        tests=tests.get((one.scope, one.fact), ()),
    )


def _found_so_far(one: FactFound, variable: Variable) -> tuple[str, str]:
    """What was found in words; while somebody was not answered for, nothing found says nothing."""
    if one.seen is None or (not one.complete and not one.seen):
        return "", ""
    return shown_value(variable, one.seen), shown_value(variable, one.seen, "en")


def _tests(programmes: Iterable[str], division: str, on: date) -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """The rules that read each fact, by entity and name, in the programmes that were asked for."""
    code = DivisionCode(division)
    program = public_programs(on).at(on, code.value[:4])
    found: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
    for programme in programmes:
        for rule in rules_of(program, programme, code.value, on):
            label = rule.variable.label
            for read in rule.reads:
                found.setdefault(read, {})[label.zh, label.en] = None
    return {key: tuple(labels) for key, labels in found.items()}
