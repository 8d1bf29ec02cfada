"""The import of a roll: a job in chunks of households.

Each chunk is one transaction with its effect key, so that after a crash of the worker or the database the import goes
on by itself and no row is stored twice. Chunks are cut by the sheet alone, which never changes; what is wrong with a
household decides only whether it is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from jiuzhu.core.actors import Actor
from jiuzhu.core.code_lists.gbt_4761_family_relation import HEAD
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.actions import publish_event
from jiuzhu.groundwork.tasks.chunks import Outcome, run_in_chunks
from jiuzhu.groundwork.tasks.jobs import Work, job
from jiuzhu.groundwork.transitions.actions import record
from jiuzhu.rooms.registry.actions.facts import record_facts
from jiuzhu.rooms.registry.actions.roll.checking import store_problems
from jiuzhu.rooms.registry.actions.roll.registered import registered_problems
from jiuzhu.rooms.registry.actions.roll.storing import insert, next_ids
from jiuzhu.rooms.registry.models import (
    GroupMembership,
    Household,
    Membership,
    Person,
    PersonGram,
    RollEntry,
    RollImport,
    RollProblem,
)
from jiuzhu.rooms.registry.queries.roll import FILE_OWNER, places_in, require_roll, sheet_of
from jiuzhu.rooms.registry.rules.facts import NewFact
from jiuzhu.rooms.registry.rules.grams import name_grams
from jiuzhu.rooms.registry.rules.roll.checks import Member, Problem, RollHousehold, check_household, grouped
from jiuzhu.rooms.registry.states import ROLLS, RollSeverity, RollStage, RollState, SourceKind, SubjectKind

CHUNK_HOUSEHOLDS = 500


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row on its way into the tables: the id of its household, the household and the member."""

    home: int
    household: RollHousehold
    member: Member


@job("registry.roll.import", in_one_transaction=False)
def import_roll(work: Work, roll_id: int) -> None:
    """Store the households of a confirmed roll that have no error."""
    actor = work.actor
    with acting(actor, request_id=work.request_id):
        roll = require_roll(roll_id)
        if RollState(roll.state) is not RollState.IMPORTING:
            return
        sheet = sheet_of(actor, roll)
        places = places_in(DivisionCode(roll.division_code), timezone.localdate(work.at))
        wrong = set(
            RollProblem.objects.filter(
                roll=roll, stage=RollStage.CHECK.value, severity=RollSeverity.ERROR.value
            ).values_list("row", flat=True)
        )
    groups = grouped(sheet)

    def do(items: range, at: datetime) -> Outcome:
        today = timezone.localdate(at)
        households, problems = [], []
        for key, rows in groups[items.start : items.stop]:
            if not any(row.number in wrong for row in rows):
                household, found = check_household(key, rows, sheet=sheet, places=places, today=today)
                problems += [one for one in found if one.severity is RollSeverity.ERROR]
                if household is not None:
                    households.append(household)
        stored = _store_chunk(actor, at, today, roll, households, problems)
        return Outcome(done=stored, failed=len(items) - stored)

    run_in_chunks(
        work,
        key=f"registry.roll:{roll_id}:import",
        title=f"导入家庭花名册（第{roll_id}号）",
        total=len(groups),
        size=CHUNK_HOUSEHOLDS,
        do=do,
        finally_do=lambda at: _finish(actor, at, roll_id),
    )


def _store_chunk(
    actor: Actor,
    at: datetime,
    today: date,
    roll: RollImport,
    households: Sequence[RollHousehold],
    problems: list[Problem],
) -> int:
    """Store the households whose members are still unregistered; returns how many."""
    late = [one for one in registered_problems(actor, households) if one.severity is RollSeverity.ERROR]
    taken = {one.row for one in late}
    free = [one for one in households if not any(member.row in taken for member in one.members)]
    store_problems(roll, problems + late, RollStage.IMPORT)
    if free:
        homes = _store_households(free, at, today)
        rows = [_Entry(home, one, member) for home, one in zip(homes, free, strict=True) for member in one.members]
        persons = _store_persons(rows, at)
        _store_memberships(rows, persons, today)
        _store_circumstances(actor, at, today, rows, persons)
        insert(
            RollEntry,
            {"row": [one.member.row for one in rows], "person_id": persons, "household_id": [one.home for one in rows]},
            roll_id=roll.pk,
        )
        publish_event(
            actor=actor,
            at=at,
            name="registry.roll.imported",
            key=f"{FILE_OWNER}:{roll.pk}",
            payload={"roll_id": roll.pk, "household_ids": homes},
            division=roll.division_code,
        )
        RollImport.objects.filter(id=roll.pk).update(
            households_imported=F("households_imported") + len(homes),
            persons_imported=F("persons_imported") + len(persons),
        )
    return len(free)


def _store_households(households: Sequence[RollHousehold], at: datetime, today: date) -> list[int]:
    ids = next_ids(Household, len(households))
    insert(
        Household,
        {
            "id": ids,
            "number": [f"{one.division_code[:6]}-{key:08d}" for key, one in zip(ids, households, strict=True)],
            "division_code": [one.division_code for one in households],
            "registered_kind": [one.registered_kind.value for one in households],
            "address": [one.address for one in households],
        },
        opened_on=today,
        registered_at=at,
    )
    return ids


def _store_persons(rows: Sequence[_Entry], at: datetime) -> list[int]:
    """Persons of many villages in one statement, with their search pieces in another.

    Raises:
        Conflict: another transaction registered one of the numbers meanwhile; the next run leaves that household out.
    """
    ids = next_ids(Person, len(rows))
    persons = [one.member.person for one in rows]
    columns: dict[str, list[object]] = {
        name: [getattr(person, name) for person in persons]
        for name in ("name", "name_note", "sex", "birth_date", "ethnicity", "marital", "phone", "phone_last4")
    }
    columns |= {
        "id": list(ids),
        "document_kind": [person.document_kind.value for person in persons],
        "document_number": [person.document_number for person in persons],
        "division_code": [one.household.division_code for one in rows],
    }
    try:
        with transaction.atomic():
            insert(Person, columns, registered_at=at)
    except IntegrityError as fault:
        if "registry_person_document_once" not in str(fault):
            raise
        raise Conflict(
            "registry.roll.meanwhile",
            "导入期间有人员被其他岗位登记，系统将自动重新核对",
            "A person was registered by somebody else meanwhile; the chunk is checked again.",
        ) from None
    grams = [
        (gram, one.household.division_code, person_id)
        for one, person_id in zip(rows, ids, strict=True)
        for gram in sorted(name_grams(one.member.person.name))
    ]
    gram, division, owner = (list(column) for column in zip(*grams, strict=True))
    insert(PersonGram, {"gram": gram, "division_code": division, "person_id": owner})
    return ids


def _store_memberships(rows: Sequence[_Entry], persons: Sequence[int], today: date) -> None:
    insert(
        Membership,
        {
            "household_id": [one.home for one in rows],
            "person_id": persons,
            "division_code": [one.household.division_code for one in rows],
            "relation": [one.member.relation for one in rows],
            "is_head": [one.member.relation == HEAD for one in rows],
        },
        start_on=today,
    )


def _store_circumstances(
    actor: Actor, at: datetime, today: date, rows: Sequence[_Entry], persons: Sequence[int]
) -> None:
    """Disabilities as declared facts, target groups as tags."""
    facts = [
        NewFact(variable=variable, value=value, valid_from=today, source=SourceKind.DECLARED, person_id=person_id)
        for one, person_id in zip(rows, persons, strict=True)
        if one.member.disability is not None
        for variable, value in zip(("disability_type", "disability_grade"), one.member.disability, strict=True)
    ]
    if facts:
        record_facts(actor=actor, at=at, facts=facts)
    claims = [
        (one.household.division_code, person_id, claim)
        for one, person_id in zip(rows, persons, strict=True)
        for claim in one.member.groups
    ]
    if claims:
        insert(
            GroupMembership,
            {
                "person_id": [person_id for _, person_id, _ in claims],
                "division_code": [code for code, _, _ in claims],
                "group": [claim.group.value for _, _, claim in claims],
                "evidence_kind": [claim.kind.value for _, _, claim in claims],
                "evidence_ref": [claim.ref for _, _, claim in claims],
            },
            subject_type=SubjectKind.PERSON.value,
            valid_from=today,
            recorded_at=at,
            recorded_by=actor.account_id,
        )


def _finish(actor: Actor, at: datetime, roll_id: int) -> None:
    roll = RollImport.objects.select_for_update().get(id=roll_id)
    step = ROLLS.plan(RollState(roll.state), "finish")
    roll.state, roll.finished_at = step.to_state.value, at
    roll.save(update_fields=["state", "finished_at"])
    record(
        actor=actor,
        at=at,
        object_type=FILE_OWNER,
        object_id=roll.pk,
        transition=step,
        from_state=RollState.IMPORTING,
        division=roll.division_code,
    )
