"""Recording and withdrawing facts; the values in force follow in the same transaction."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.errors import InvalidValue, Refusal, RuleRefused
from jiuzhu.rooms.registry.actions.values import refresh_values
from jiuzhu.rooms.registry.actions.writing import announce, lock_persons, require_reason, writing
from jiuzhu.rooms.registry.models import Fact, Household, Person
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.learning import public_variables
from jiuzhu.rooms.registry.rules.facts import NewFact
from jiuzhu.rooms.registry.rules.text import clean_text
from jiuzhu.rooms.registry.rules.variables import check_value, variable
from jiuzhu.rooms.registry.states import SourceKind, SubjectKind


def record_fact(*, actor: Actor, at: datetime, fact: NewFact) -> int:
    """Record one fact; returns its id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the subject is not the actor's.
        InvalidValue: unknown variable, a value that does not suit it, or an impossible period.
        RuleRefused: the person's record was merged.
    """
    return record_facts(actor=actor, at=at, facts=[fact])[0]


def record_facts(*, actor: Actor, at: datetime, facts: Sequence[NewFact]) -> tuple[int, ...]:
    """Record facts on any number of subjects in a constant number of statements; returns their ids in order.

    Nothing is kept when one is refused; `row` of the refusal is its place from 1.

    Raises:
        As `record_fact`.
    """
    if any(fact.source is SourceKind.VERIFIED for fact in facts):
        actor.require(Permission.FACT_VERIFY)
    with writing(actor, Permission.FACT_RECORD, at) as today:
        public_variables(fact.variable for fact in facts)
        values = [_checked(fact, row, today) for row, fact in enumerate(facts, start=1)]
        people = lock_persons(fact.person_id for fact in facts if fact.person_id is not None)
        homes = _lock_households(fact.household_id for fact in facts if fact.household_id is not None)
        rows = [
            _row(
                fact,
                value,
                people[fact.person_id] if fact.person_id is not None else homes[fact.household_id or 0],
                actor=actor,
                at=at,
            )
            for fact, value in zip(facts, values, strict=True)
        ]
        stored = Fact.objects.bulk_create(rows)
        refresh_values(persons=people.values(), households=homes.values(), on=today)
        _announce_all(actor, at, people, homes)
        return tuple(row.pk for row in stored)


def withdraw_fact(*, actor: Actor, at: datetime, fact_id: int, reason: str) -> None:
    """Withdraw a fact that was wrong; it stays readable with the reason.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the fact is not the actor's.
        InvalidValue: the reason is missing.
        RuleRefused: it was withdrawn before.
    """
    reason = require_reason(reason)
    with writing(actor, Permission.FACT_WITHDRAW, at, reason=reason) as today:
        fact = Fact.objects.select_for_update(of=("self",)).filter(id=fact_id).first()
        if fact is None:
            raise OutOfScope
        if fact.withdrawn_at is not None:
            raise RuleRefused("registry.fact.withdrawn", "该条情况已撤回", "This fact was withdrawn before.")
        fact.withdrawn_at, fact.withdrawn_reason, fact.withdrawn_by = at, reason, actor.account_id
        fact.save(update_fields=["withdrawn_at", "withdrawn_reason", "withdrawn_by"])
        persons = list(Person.objects.filter(id=fact.person_id)) if fact.person_id else []
        households = list(Household.objects.filter(id=fact.household_id)) if fact.household_id else []
        refresh_values(persons=persons, households=households, on=today)
        subject: Person | Household = persons[0] if persons else households[0]
        announce(actor, at, "fact.withdrawn", subject, {"variable": fact.variable})


def _checked(fact: NewFact, row: int, today: date) -> object:
    try:
        one = variable(fact.variable)
        _check_subject(fact, one.subject)
        if fact.valid_from > today:
            raise InvalidValue(
                "registry.fact.future",
                "起始日期晚于今天，请核对",
                "The first day lies after today; check it.",
                field="valid_from",
            )
        if fact.valid_to is not None and fact.valid_to <= fact.valid_from:
            raise InvalidValue(
                "registry.period.order",
                "结束日期必须晚于起始日期，请核对",
                "The end must be later than the first day; check the dates.",
                field="valid_to",
            )
        return check_value(one, fact.value)
    except Refusal as refusal:
        refusal.row = row
        raise


def _check_subject(fact: NewFact, wanted: SubjectKind) -> None:
    if (fact.person_id is None) == (fact.household_id is None):
        raise InvalidValue(
            "registry.fact.subject",
            "请选择一名人员或一个家庭",
            "Choose one person or one household.",
            field="person_id",
        )
    if (fact.person_id is not None) != (wanted is SubjectKind.PERSON):
        raise InvalidValue(
            "registry.fact.subject_kind",
            "该指标登记在人员上" if wanted is SubjectKind.PERSON else "该指标登记在家庭上",
            f"This variable is recorded on a {wanted.value}.",
            field="variable",
        )


def _row(fact: NewFact, value: object, subject: Person | Household, *, actor: Actor, at: datetime) -> Fact:
    department = fact.department
    if not department and fact.source is SourceKind.VERIFIED:
        department = variable(fact.variable).department
    return Fact(
        subject_type=(SubjectKind.PERSON if fact.person_id is not None else SubjectKind.HOUSEHOLD).value,
        person_id=fact.person_id,
        household_id=fact.household_id,
        division_code=subject.division_code,
        variable=fact.variable,
        value=value,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        source_kind=fact.source.value,
        source_office=clean_text(fact.office, field="office", label=("来源单位", "Office"), longest=64),
        source_department=department,
        evidence=clean_text(fact.evidence, field="evidence", label=("依据", "Evidence"), longest=200),
        evidence_file_id=fact.evidence_file_id,
        recorded_at=at,
        recorded_by=actor.account_id,
    )


def _lock_households(household_ids: Iterable[int]) -> dict[int, Household]:
    wanted = set(household_ids)
    if not wanted:
        return {}
    found = {row.pk: row for row in Household.objects.select_for_update().filter(id__in=wanted).order_by("id")}
    if found.keys() != wanted:
        raise OutOfScope
    return found


def _announce_all(actor: Actor, at: datetime, people: dict[int, Person], homes: dict[int, Household]) -> None:
    subjects: list[Person | Household] = [*people.values(), *homes.values()]
    if not subjects:
        return
    announce(
        actor,
        at,
        "fact.recorded",
        subjects[0],
        {"person_ids": sorted(people), "household_ids": sorted(homes)},
    )
