"""Leading groups of counties and townships (工作意见三（一）: the head is the government's principal officer)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.names import PersonName
from jiuzhu.rooms.organization.actions.steps import lock, missing, news, one_step, require_text
from jiuzhu.rooms.organization.models import Division, GroupMember, LeadingGroup, Office
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.rules.reasons import Reason, refuse
from jiuzhu.rooms.organization.states import GroupRole


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of a leading group as the document states it; `is_principal`: 政府主要负责同志."""

    role: GroupRole
    name: str
    title: str
    is_principal: bool = False


def form_leading_group(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    name: str,
    document_number: str,
    day: date,
    seats: Sequence[Seat],
    office_id: int | None = None,
) -> int:
    """Form a leading group from `day` on, in place of the one before; returns its id.

    Raises:
        PermissionRefused, OutOfScope, NotFound (division, office), InvalidValue (name, document),
        RuleRefused (no head, a head who is not the principal officer, a wrong level, an earlier day).
    """
    with one_step(actor, Permission.GROUP_FORM):
        actor.require_scope(division)
        name = require_text(name, "name", "领导小组名称", "the name of the group")
        document_number = require_text(document_number, "document_number", "文号", "the document number")
        people = [
            (seat, PersonName.parse(seat.name), require_text(seat.title, "title", "职务", "the title"))
            for seat in seats
        ]
        lock("leading group")
        if not Division.objects.filter(in_force(day), code=division.value).exists():
            raise missing(f"区划{division}", f"division ({division})")
        if office_id is not None and not Office.objects.filter(in_force(day), pk=office_id).exists():
            raise missing("领导小组办公室", "office of the group")
        refuse(_against(division, day, seats))
        LeadingGroup.objects.filter(division_code=division.value, valid_to=None).update(valid_to=day)
        group = LeadingGroup.objects.create(
            division_code=division.value,
            name=name,
            office_id=office_id,
            document_number=document_number,
            valid_from=day,
        )
        GroupMember.objects.bulk_create(
            GroupMember(
                group=group,
                role=seat.role.value,
                name=person.value,
                title=title,
                is_principal=seat.is_principal,
                ordinal=ordinal,
            )
            for ordinal, (seat, person, title) in enumerate(people, start=1)
        )
        news(
            actor=actor,
            at=at,
            name="organization.leading_group.formed",
            key=f"organization.leading_group:{division}",
            division=division,
            payload={"group_id": group.id, "day": day.isoformat()},
        )
        return group.id


def _against(division: DivisionCode, day: date, seats: Sequence[Seat]) -> list[Reason]:
    reasons: list[Reason] = []
    if division.level not in {DivisionLevel.CITY, DivisionLevel.COUNTY, DivisionLevel.TOWNSHIP}:
        reasons.append(
            Reason(
                "organization.group.level",
                "领导小组设在市、县（市、区）和乡镇（街道），请核对区划",
                "A leading group belongs to a city, county or township; check the division.",
            )
        )
    heads = [seat for seat in seats if seat.role is GroupRole.HEAD]
    if len(heads) != 1 or not heads[0].is_principal:
        reasons.append(
            Reason(
                "organization.group.head",
                "领导小组应有一名组长，由政府主要负责同志担任，请核对",
                "A leading group has one head, the government's principal officer; check the seats.",
                "统筹完善社会救助体系工作意见三（一）",
                field="seats",
            )
        )
    last = LeadingGroup.objects.filter(division_code=division.value).order_by("-valid_from").first()
    if last is not None and last.valid_from >= day:
        reasons.append(
            Reason(
                "organization.group.order",
                f"现有领导小组自{last.valid_from}成立，新的日期应在其后",
                f"The present group was formed on {last.valid_from}; choose a later day.",
                field="day",
            )
        )
    return reasons
