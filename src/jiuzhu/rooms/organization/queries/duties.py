"""Reading roles, the duty list, leading groups and purchased services."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import COUNTRY, DivisionCode, DivisionLevel
from jiuzhu.rooms.organization.models import DutyItem, GroupMember, LeadingGroup, OfficeName, PurchasedService
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.rules.roles import IncompatibleDuties, Role, packaged_roles
from jiuzhu.rooms.organization.states import (
    OFFICE_KIND_NAMES,
    GroupRole,
    OfficeKind,
    ProcurementMethod,
    ServiceState,
)


@dataclass(frozen=True, slots=True)
class RolesView:
    """All roles, and the duties that exclude each other."""

    roles: tuple[Role, ...]
    incompatible: tuple[IncompatibleDuties, ...]


@dataclass(frozen=True, slots=True)
class DutyView:
    """One line of the duty list: who answers, under today's name, and for what."""

    bearer_code: str
    bearer: str
    bearer_en: str
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause of the founding document with everyone who answers for it; `demands` are the ids of `mission.md`."""

    clause: str
    demands: tuple[str, ...]
    duties: tuple[DutyView, ...]


@dataclass(frozen=True, slots=True)
class SeatView:
    """A seat of a leading group."""

    role: GroupRole
    name: str
    title: str
    is_principal: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    """A leading group with its seats in order."""

    id: int
    division: DivisionCode
    name: str
    document_number: str
    office_id: int | None
    valid_from: date
    valid_to: date | None
    seats: tuple[SeatView, ...]


@dataclass(frozen=True, slots=True)
class ServiceView:
    """An item of the list of purchased services. Money in fen."""

    id: int
    code: str
    division: DivisionCode
    name: str
    content: str
    method: ProcurementMethod
    procedure_note: str
    budget_fen: int
    state: ServiceState
    listed_on: date
    provider: str
    provider_is_social_organization: bool
    contract_number: str
    contract_fen: int | None
    valid_from: date | None
    valid_to: date | None
    supervision_note: str
    evaluation_score: Decimal | None
    evaluation_note: str
    evaluated_on: date | None


@dataclass(frozen=True, slots=True)
class ServicePage:
    """A page of purchased services, the newest first; `next_before` is the id to go on from."""

    rows: tuple[ServiceView, ...]
    next_before: int | None


def roles(*, actor: Actor) -> RolesView:
    """The roles and their permissions.

    Raises:
        PermissionRefused.
    """
    actor.require(Permission.ROLE_VIEW)
    catalogue = packaged_roles()
    return RolesView(tuple(catalogue.roles.values()), catalogue.incompatible)


def public_role_names() -> Mapping[str, tuple[str, str]]:
    """The Chinese and the English name of every role; a post that was given no title bears its role's."""
    return {key: (role.name, role.name_en) for key, role in packaged_roles().roles.items()}


def duties_by_clause(*, actor: Actor, at: date) -> tuple[ClauseView, ...]:
    """The duty list by clause, the bearers under the names they bear on the day.

    Raises:
        PermissionRefused.
    """
    actor.require(Permission.DUTY_VIEW)
    return public_duties_by_clause(at)


def public_duties_by_clause(at: date) -> tuple[ClauseView, ...]:
    """The duty list by clause for everyone. A department that was closed is shown under what followed it."""
    names = _bearer_names(at)
    clauses: dict[str, list[DutyItem]] = {}
    for item in DutyItem.objects.order_by("id"):
        clauses.setdefault(item.clause, []).append(item)
    return tuple(
        ClauseView(clause, tuple(items[0].demands.split()), tuple(_duty(item, names) for item in items))
        for clause, items in clauses.items()
    )


def leading_groups(*, actor: Actor, division: DivisionCode, at: date) -> tuple[GroupView, ...]:
    """The leading groups of a division and of those below it, in order of division.

    Raises:
        PermissionRefused, OutOfScope.
    """
    actor.require(Permission.GROUP_VIEW)
    actor.require_scope(division)
    lo, hi = division.range
    groups = list(
        LeadingGroup.objects.filter(in_force(at), division_code__gte=lo, division_code__lt=hi).order_by("division_code")
    )
    seats: dict[int, list[SeatView]] = {}
    for row in GroupMember.objects.filter(group__in=groups).order_by("group_id", "ordinal"):
        seats.setdefault(row.group_id, []).append(SeatView(GroupRole(row.role), row.name, row.title, row.is_principal))
    return tuple(
        GroupView(
            id=group.id,
            division=DivisionCode(group.division_code),
            name=group.name,
            document_number=group.document_number,
            office_id=group.office_id,
            valid_from=group.valid_from,
            valid_to=group.valid_to,
            seats=tuple(seats.get(group.id, ())),
        )
        for group in groups
    )


def purchased_services(
    *,
    actor: Actor,
    division: DivisionCode | None = None,
    state: ServiceState | None = None,
    before: int | None = None,
    limit: int = 50,
) -> ServicePage:
    """The list of purchased services of the actor's area, the newest first.

    Raises:
        PermissionRefused, OutOfScope.
    """
    actor.require(Permission.SERVICE_VIEW)
    rows = PurchasedService.objects.order_by("-id")
    if division is not None and division != COUNTRY:
        actor.require_scope(division)
        lo, hi = division.range
        rows = rows.filter(division_code__gte=lo, division_code__lt=hi)
    if state is not None:
        rows = rows.filter(state=state.value)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = [_service(row) for row in rows[: limit + 1]]
    return ServicePage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def _bearer_names(at: date) -> dict[str, tuple[str, str]]:
    """Name of each department at city level on the day; a closed one takes the name of its successor."""
    names: dict[str, tuple[str, str]] = {}
    rows = OfficeName.objects.filter(office__level=int(DivisionLevel.CITY), office__department_code__gt="")
    by_office: dict[int, OfficeName] = {}
    for row in rows.filter(in_force(at)).select_related("office").order_by("office__code"):
        by_office[row.office_id] = row
    for row in by_office.values():
        closed = row.office.valid_to is not None and row.office.valid_to <= at
        shown = by_office.get(row.office.successor_id or 0, row) if closed else row
        names.setdefault(row.office.department_code, (shown.name, shown.name_en))
    return names


def _duty(item: DutyItem, names: dict[str, tuple[str, str]]) -> DutyView:
    if item.department_code:
        bearer, bearer_en = names.get(item.department_code, (item.department_code, item.department_code))
    else:
        bearer, bearer_en = OFFICE_KIND_NAMES[OfficeKind(item.office_kind)]
    return DutyView(item.department_code or item.office_kind, bearer, bearer_en, item.text, item.text_en)


def _service(row: PurchasedService) -> ServiceView:
    return ServiceView(
        id=row.id,
        code=row.code,
        division=DivisionCode(row.division_code),
        name=row.name,
        content=row.content,
        method=ProcurementMethod(row.method),
        procedure_note=row.procedure_note,
        budget_fen=row.budget_fen,
        state=ServiceState(row.state),
        listed_on=row.listed_on,
        provider=row.provider,
        provider_is_social_organization=row.provider_is_social_organization,
        contract_number=row.contract_number,
        contract_fen=row.contract_fen,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        supervision_note=row.supervision_note,
        evaluation_score=row.evaluation_score,
        evaluation_note=row.evaluation_note,
        evaluated_on=row.evaluated_on,
    )
