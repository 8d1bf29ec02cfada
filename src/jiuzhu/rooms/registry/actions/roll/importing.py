"""The import of a roll: a job in chunks of households.

Each chunk is one transaction with its effect key, so that after a crash of the worker or the database the import goes
on by itself and no row is stored twice. Chunks are cut by the sheet alone, which never changes; what is wrong with a
household decides only whether it is stored.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, connection, transaction
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
from jiuzhu.rooms.registry.models import (
    GroupMembership,
    Household,
    Membership,
    Person,
    RollEntry,
    RollImport,
    RollProblem,
)
from jiuzhu.rooms.registry.queries.roll import FILE_OWNER, places_in, require_roll, sheet_of
from jiuzhu.rooms.registry.rules.facts import NewFact
from jiuzhu.rooms.registry.rules.grams import name_grams
from jiuzhu.rooms.registry.rules.persons import CheckedPerson
from jiuzhu.rooms.registry.rules.roll.checks import Member, Problem, RollHousehold, check_household, grouped
from jiuzhu.rooms.registry.states import ROLLS, RollSeverity, RollStage, RollState, SourceKind, SubjectKind

CHUNK_HOUSEHOLDS = 500
_INSERT_GRAMS = (
    "INSERT INTO registry_person_gram (gram, division_code, person_id)"
    " SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[])"
)


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
        persons = _store_persons(free, at)
        rows = [(home, member) for home, one in zip(homes, free, strict=True) for member in one.members]
        _store_memberships(rows, persons, today)
        _store_circumstances(actor, at, today, rows, persons)
        RollEntry.objects.bulk_create(
            [
                RollEntry(roll=roll, row=member.row, person=person, household=home)
                for (home, member), person in zip(rows, persons, strict=True)
            ]
        )
        publish_event(
            actor=actor,
            at=at,
            name="registry.roll.imported",
            key=f"{FILE_OWNER}:{roll.pk}",
            payload={"roll_id": roll.pk, "household_ids": [home.pk for home in homes]},
            division=roll.division_code,
        )
        RollImport.objects.filter(id=roll.pk).update(
            households_imported=F("households_imported") + len(homes),
            persons_imported=F("persons_imported") + len(persons),
        )
    return len(free)


def _store_households(households: Sequence[RollHousehold], at: datetime, today: date) -> list[Household]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('registry_household', 'id')) FROM generate_series(1, %s)",
            [len(households)],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return Household.objects.bulk_create(
        [
            Household(
                id=identifier,
                number=f"{one.division_code[:6]}-{identifier:08d}",
                division_code=one.division_code,
                registered_kind=one.registered_kind.value,
                address=one.address,
                opened_on=today,
                registered_at=at,
            )
            for identifier, one in zip(ids, households, strict=True)
        ]
    )


def _store_persons(households: Sequence[RollHousehold], at: datetime) -> list[Person]:
    """Persons of many villages in one statement, with their search pieces in another.

    Raises:
        Conflict: another transaction registered one of the numbers meanwhile; the next run leaves that household out.
    """
    rows = [_person(member.person, one.division_code, at) for one in households for member in one.members]
    try:
        with transaction.atomic():
            stored = Person.objects.bulk_create(rows)
    except IntegrityError as fault:
        if "registry_person_document_once" not in str(fault):
            raise
        raise Conflict(
            "registry.roll.meanwhile",
            "导入期间有人员被其他岗位登记，系统将自动重新核对",
            "A person was registered by somebody else meanwhile; the chunk is checked again.",
        ) from None
    _store_grams(stored)
    return stored


def _store_grams(persons: Sequence[Person]) -> None:
    """Insert the search pieces as three arrays: there are six times as many as persons."""
    rows = [(gram, person.division_code, person.pk) for person in persons for gram in sorted(name_grams(person.name))]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_GRAMS, [list(column) for column in zip(*rows, strict=True)])


def _person(person: CheckedPerson, division_code: str, at: datetime) -> Person:
    return Person(
        name=person.name,
        name_note=person.name_note,
        sex=person.sex,
        birth_date=person.birth_date,
        ethnicity=person.ethnicity,
        marital=person.marital,
        document_kind=person.document_kind.value,
        document_number=person.document_number,
        phone=person.phone,
        phone_last4=person.phone_last4,
        division_code=division_code,
        registered_at=at,
    )


def _store_memberships(rows: Sequence[tuple[Household, Member]], persons: Sequence[Person], today: date) -> None:
    Membership.objects.bulk_create(
        [
            Membership(
                household=home,
                person=person,
                division_code=home.division_code,
                relation=member.relation,
                is_head=member.relation == HEAD,
                start_on=today,
            )
            for (home, member), person in zip(rows, persons, strict=True)
        ]
    )


def _store_circumstances(
    actor: Actor, at: datetime, today: date, rows: Sequence[tuple[Household, Member]], persons: Sequence[Person]
) -> None:
    """Disabilities as declared facts, target groups as tags."""
    facts = [
        NewFact(variable=variable, value=value, valid_from=today, source=SourceKind.DECLARED, person_id=person.pk)
        for (_, member), person in zip(rows, persons, strict=True)
        if member.disability is not None
        for variable, value in zip(("disability_type", "disability_grade"), member.disability, strict=True)
    ]
    if facts:
        record_facts(actor=actor, at=at, facts=facts)
    GroupMembership.objects.bulk_create(
        [
            GroupMembership(
                subject_type=SubjectKind.PERSON.value,
                person=person,
                division_code=person.division_code,
                group=claim.group.value,
                valid_from=today,
                evidence_kind=claim.kind.value,
                evidence_ref=claim.ref,
                recorded_at=at,
                recorded_by=actor.account_id,
            )
            for (_, member), person in zip(rows, persons, strict=True)
            for claim in member.groups
        ]
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
