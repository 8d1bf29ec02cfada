"""One person, one household: everything known, with sources, in a constant number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.code_lists.gbt_2261_1_sex import SEX
from jiuzhu.core.code_lists.gbt_2261_2_marital_status import MARITAL_STATUS
from jiuzhu.core.code_lists.gbt_3304_ethnic_group import ETHNIC_GROUP
from jiuzhu.core.code_lists.gbt_4761_family_relation import RELATION
from jiuzhu.core.periods import age
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.models import (
    Authorisation,
    Fact,
    GroupMembership,
    Guardianship,
    Household,
    LifeEvent,
    Membership,
    Person,
)
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.access import log_look, sees_identity, shown_address, shown_contact
from jiuzhu.rooms.registry.queries.learning import public_variables
from jiuzhu.rooms.registry.queries.views import (
    AuthorisationView,
    ClaimView,
    EventView,
    FormerMember,
    Generation,
    GroupView,
    GuardianView,
    HouseholdDetail,
    HouseholdView,
    MembershipView,
    MemberView,
    PersonDetail,
    PersonView,
    VariableView,
)
from jiuzhu.rooms.registry.rules.days import local_day
from jiuzhu.rooms.registry.rules.facts import Claim, FactValue, current_values
from jiuzhu.rooms.registry.rules.relations import generation
from jiuzhu.rooms.registry.rules.variables import Variable, shown_value
from jiuzhu.rooms.registry.states import (
    EVENT_NAMES,
    GROUPS,
    AccessKind,
    CustodyState,
    DocumentKind,
    EvidenceKind,
    GuardianshipKind,
    LifeEventKind,
    ProtectionKind,
    RegisteredKind,
    SourceKind,
    TargetGroup,
)


def person_detail(*, actor: Actor, at: datetime, person_id: int, purpose: str = "") -> PersonDetail:
    """Everything on a person that the actor's scope reaches; the look is logged.

    Raises:
        PermissionRefused: the actor may not see persons.
        OutOfScope: no such person for this actor.
    """
    actor.require(Permission.PERSON_VIEW)
    today = local_day(at)
    with acting(actor, today=today):
        person = Person.objects.filter(id=person_id).first()
        if person is None:
            raise OutOfScope
        memberships = Membership.objects.select_related("household").filter(person_id=person_id).order_by("-start_on")
        guardianships = _guardianships([person_id])
        detail = PersonDetail(
            person=_person(actor, person, today),
            memberships=tuple(_membership(one) for one in memberships),
            variables=_variables(_facts([person_id], []).get(("person", person_id), []), today),
            groups=_groups(Q(person_id=person_id)).get(person_id, ()),
            events=_events(Q(person_id=person_id)),
            guardians=tuple(one for one in guardianships if one.ward_id == person_id),
            wards=tuple(one for one in guardianships if one.guardian_id == person_id),
            authorisations=_authorisations(person_id, today),
        )
        kind = AccessKind.IDENTITY if sees_identity(actor, person_id) else AccessKind.PERSON
        log_look(actor, at, kind=kind, persons=[person], purpose=purpose)
    return detail


def household_detail(*, actor: Actor, at: datetime, household_id: int, purpose: str = "") -> HouseholdDetail:
    """Everything on a household that the actor's scope reaches; the look is logged for each member.

    Raises:
        PermissionRefused: the actor may not see households.
        OutOfScope: no such household for this actor.
    """
    actor.require(Permission.HOUSEHOLD_VIEW)
    today = local_day(at)
    with acting(actor, today=today):
        household = Household.objects.filter(id=household_id).first()
        if household is None:
            raise OutOfScope
        rows = list(
            Membership.objects.select_related("person").filter(household_id=household_id).order_by("start_on", "id")
        )
        present = [row for row in rows if row.end_on is None]
        people = [row.person for row in present]
        ids = [person.pk for person in people]
        facts = _facts(ids, [household_id])
        groups = _groups(Q(person_id__in=ids))
        members = [
            _member(actor, row, facts.get(("person", row.person_id), []), groups.get(row.person_id, ()), today)
            for row in present
        ]
        detail = HouseholdDetail(
            household=_household(actor, household, people),
            tree=_tree(members),
            former_members=tuple(_former(row, row.end_on) for row in rows if row.end_on is not None),
            variables=_variables(facts.get(("household", household_id), []), today),
            groups=_groups(Q(household_id=household_id)).get(household_id, ()),
            events=_events(Q(household_id=household_id) | Q(person_id__in=ids)),
            guardianships=tuple(_guardianships(ids)),
        )
        log_look(actor, at, kind=AccessKind.HOUSEHOLD, persons=people, household=household, purpose=purpose)
    return detail


def household_of_person(*, actor: Actor, on: date, person_id: int) -> int | None:
    """The id of the household to which a person belongs on a day, None when to none.

    Raises:
        PermissionRefused: the actor may not see households.
        OutOfScope: no such person for this actor.
    """
    actor.require(Permission.HOUSEHOLD_VIEW)
    with acting(actor, today=on):
        if not Person.objects.filter(id=person_id).exists():
            raise OutOfScope
        inside = Q(start_on__lte=on) & (Q(end_on=None) | Q(end_on__gt=on))
        return Membership.objects.filter(inside, person_id=person_id).values_list("household_id", flat=True).first()


def _person(actor: Actor, person: Person, today: date) -> PersonView:
    document, phone = shown_contact(actor, person)
    sex = SEX.names(person.sex)
    ethnicity = ETHNIC_GROUP.names(person.ethnicity)
    marital = MARITAL_STATUS.names(person.marital)
    return PersonView(
        id=person.pk,
        name=person.name,
        name_note=person.name_note,
        sex=person.sex,
        sex_zh=sex[0],
        sex_en=sex[1],
        birth_date=person.birth_date,
        age=age(person.birth_date, max(person.died_on or today, person.birth_date)),
        ethnicity_zh=ethnicity[0],
        ethnicity_en=ethnicity[1],
        marital_zh=marital[0],
        marital_en=marital[1],
        document_kind=DocumentKind(person.document_kind),
        document_number=document,
        phone=phone,
        division_code=person.division_code,
        died_on=person.died_on,
        custody=CustodyState(person.custody),
        protection=ProtectionKind(person.protection),
        identity_shown=sees_identity(actor, person.pk),
        merged_into_id=person.merged_into_id,
    )


def _household(actor: Actor, household: Household, people: Iterable[Person]) -> HouseholdView:
    return HouseholdView(
        id=household.pk,
        number=household.number,
        division_code=household.division_code,
        registered_kind=RegisteredKind(household.registered_kind),
        address=shown_address(actor, household, people),
        place=household.place,
        opened_on=household.opened_on,
        closed_on=household.closed_on,
        successor_id=household.successor_id,
        flag=household.flag,
    )


def _membership(row: Membership) -> MembershipView:
    zh, en = RELATION.names(row.relation)
    return MembershipView(
        household_id=row.household_id,
        household_number=row.household.number,
        division_code=row.division_code,
        relation=row.relation,
        relation_zh=zh,
        relation_en=en,
        is_head=row.is_head,
        start_on=row.start_on,
        end_on=row.end_on,
        end_reason=row.end_reason,
    )


def _member(
    actor: Actor, row: Membership, facts: list[FactValue], groups: tuple[GroupView, ...], today: date
) -> MemberView:
    zh, en = RELATION.names(row.relation)
    return MemberView(
        person=_person(actor, row.person, today),
        relation=row.relation,
        relation_zh=zh,
        relation_en=en,
        is_head=row.is_head,
        counts_as_member=row.counts_as_member,
        start_on=row.start_on,
        variables=_variables(facts, today),
        groups=groups,
    )


def _former(row: Membership, end_on: date) -> FormerMember:
    zh, en = RELATION.names(row.relation)
    return FormerMember(row.person_id, row.person.name, zh, en, row.start_on, end_on, row.end_reason)


def _tree(members: list[MemberView]) -> tuple[Generation, ...]:
    rows: dict[int, list[MemberView]] = defaultdict(list)
    for member in members:
        rows[generation(member.relation)].append(member)
    return tuple(
        Generation(number, tuple(sorted(row, key=lambda one: (not one.is_head, one.relation, one.person.birth_date))))
        for number, row in sorted(rows.items())
    )


def _facts(person_ids: list[int], household_ids: list[int]) -> Mapping[tuple[str, int], list[FactValue]]:
    found: dict[tuple[str, int], list[FactValue]] = defaultdict(list)
    mine = Q(person_id__in=person_ids) | Q(household_id__in=household_ids)
    for row in Fact.objects.filter(mine, withdrawn_at=None):
        found[row.subject_type, row.person_id or row.household_id or 0].append(
            FactValue(
                id=row.pk,
                variable=row.variable,
                value=row.value,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                source=SourceKind(row.source_kind),
                department=row.source_department,
                recorded_at=row.recorded_at,
            )
        )
    return found


def _variables(facts: list[FactValue], today: date) -> tuple[VariableView, ...]:
    current = current_values(facts, today)
    found = public_variables(current)
    return tuple(
        VariableView(
            key=key,
            zh=found[key].zh,
            en=found[key].en,
            personal_data=found[key].personal_data,
            current=_claim(found[key], one),
            conflicts=tuple(_claim(found[key], other) for other in one.conflicts),
        )
        for key, one in current.items()
        if key in found
    )


def _claim(one: Variable, claim: Claim) -> ClaimView:
    return ClaimView(
        value=claim.value,
        shown=shown_value(one, claim.value),
        shown_en=shown_value(one, claim.value, "en"),
        source=claim.source,
        department=claim.department,
        since=claim.date,
        fact_id=claim.fact_id,
    )


def _groups(condition: Q) -> Mapping[int, tuple[GroupView, ...]]:
    found: dict[int, list[GroupView]] = defaultdict(list)
    for row in GroupMembership.objects.filter(condition).order_by("valid_from", "id"):
        definition = GROUPS[TargetGroup(row.group)]
        found[row.person_id or row.household_id or 0].append(
            GroupView(
                id=row.pk,
                group=definition.group,
                zh=definition.zh,
                en=definition.en,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                evidence_kind=EvidenceKind(row.evidence_kind),
                evidence_ref=row.evidence_ref,
            )
        )
    return {key: tuple(views) for key, views in found.items()}


def _events(condition: Q) -> tuple[EventView, ...]:
    return tuple(
        EventView(
            id=row.pk,
            person_id=row.person_id,
            kind=LifeEventKind(row.kind),
            zh=EVENT_NAMES[LifeEventKind(row.kind)][0],
            en=EVENT_NAMES[LifeEventKind(row.kind)][1],
            happened_on=row.happened_on,
            recorded_at=row.recorded_at,
            evidence=row.evidence,
        )
        for row in LifeEvent.objects.filter(condition).order_by("-happened_on", "-id")
    )


def _guardianships(person_ids: list[int]) -> list[GuardianView]:
    rows = Guardianship.objects.select_related("ward", "guardian").filter(
        Q(ward_id__in=person_ids) | Q(guardian_id__in=person_ids)
    )
    return [
        GuardianView(
            id=row.pk,
            ward_id=row.ward_id,
            ward_name=row.ward.name,
            guardian_id=row.guardian_id,
            guardian_name=row.guardian.name if row.guardian is not None else row.guardian_body,
            kind=GuardianshipKind(row.kind),
            start_on=row.start_on,
            end_on=row.end_on,
        )
        for row in rows.order_by("start_on", "id")
    ]


def _authorisations(person_id: int, today: date) -> tuple[AuthorisationView, ...]:
    return tuple(
        AuthorisationView(
            id=row.pk,
            department_code=row.department_code,
            variables=tuple(row.variables),
            purpose=row.purpose,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            withdrawn_at=row.withdrawn_at,
            is_live=row.withdrawn_at is None
            and row.valid_from <= today
            and (row.valid_to is None or row.valid_to > today),
        )
        for row in Authorisation.objects.filter(person_id=person_id).order_by("-valid_from", "-id")
    )
