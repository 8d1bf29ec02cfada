"""Staff, appointments and near-relative filings."""

from datetime import date, datetime

from django.db.models import Q

from jiuzhu.core.actors import Actor, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.names import PersonName
from jiuzhu.core.periods import Period
from jiuzhu.groundwork.accounts.models import Account, AccountKind
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.transitions import actions as log
from jiuzhu.rooms.organization.actions.steps import local_day, lock, missing, news, one_step, require_text
from jiuzhu.rooms.organization.models import Appointment, Office, Post, Staff
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.rules.names import initials
from jiuzhu.rooms.organization.rules.reasons import Reason, refuse
from jiuzhu.rooms.organization.rules.roles import Duty, packaged_roles
from jiuzhu.rooms.organization.states import (
    APPOINTMENTS,
    AppointmentState,
    EmploymentKind,
)


def register_staff(
    *,
    actor: Actor,
    at: datetime,
    office_id: int,
    staff_number: str,
    name: str,
    employment: EmploymentKind,
    division: DivisionCode | None = None,
    rank: str = "",
    office_phone: str = "",
    with_account: bool = True,
) -> int:
    """Register a person who works in an office, and open an account without a password; returns the staff id.

    The staff number is the login name. Without `division` the person belongs to the office's division. A committee
    member who only files near relatives needs no account. Powers come only with an appointment.

    Raises:
        PermissionRefused, OutOfScope, NotFound (office), InvalidValue (name, number), RuleRefused (number taken).
    """
    with one_step(actor, Permission.STAFF_REGISTER):
        office = Office.objects.filter(in_force(local_day(at)), pk=office_id).first()
        if office is None:
            raise missing("该机构（或已撤销）", "office in force")
        home = division or DivisionCode(office.division_code)
        actor.require_scope(home)
        person = PersonName.parse(name)
        staff_number = require_text(staff_number, "staff_number", "工号", "the staff number", longest=32)
        if not staff_number.isascii() or not all(char.isalnum() or char in "-_" for char in staff_number):
            raise InvalidValue(
                "organization.staff.number",
                "工号只能使用字母、数字、“-”和“_”",
                "A staff number holds only letters, digits, “-” and “_”.",
                field="staff_number",
            )
        lock("staff")
        taken = Account.objects.filter(login_name=staff_number).exists()
        if taken or Staff.objects.filter(staff_number=staff_number).exists():
            refuse(
                [
                    Reason(
                        "organization.staff.taken",
                        f"工号{staff_number}已被使用，请核对",
                        f"The staff number {staff_number} is taken; check it.",
                        field="staff_number",
                    )
                ]
            )
        account = _open_account(office, staff_number, person, at) if with_account else None
        staff = Staff.objects.create(
            account=account,
            staff_number=staff_number,
            name=person.value,
            initials=initials(person.value),
            office=office,
            division_code=home.value,
            employment=employment.value,
            rank=rank.strip(),
            office_phone=office_phone.strip(),
            registered_at=at,
        )
        news(
            actor=actor,
            at=at,
            name="organization.staff.registered",
            key=f"organization.staff:{staff.id}",
            division=home,
            payload={"staff_id": staff.id},
        )
        return staff.id


def change_staff(
    *,
    actor: Actor,
    at: datetime,
    staff_id: int,
    office_id: int,
    name: str,
    employment: EmploymentKind,
    rank: str,
    office_phone: str,
) -> bool:
    """Bring a person's entry up to date; tells whether anything changed. With another office the place changes too.

    Raises:
        PermissionRefused, OutOfScope (the new office), NotFound (person, office), InvalidValue (name).
    """
    with one_step(actor, Permission.STAFF_REGISTER):
        staff = Staff.objects.select_for_update().filter(pk=staff_id).first()
        office = Office.objects.filter(in_force(local_day(at)), pk=office_id).first()
        if staff is None or office is None:
            raise missing("该人员或机构（或已撤销）", "person or office in force")
        actor.require_scope(office.division_code)
        person = PersonName.parse(name)
        after: dict[str, str | int] = {
            "name": person.value,
            "initials": initials(person.value),
            "office_id": office.id,
            "employment": employment.value,
            "rank": rank.strip(),
            "office_phone": office_phone.strip(),
        }
        if office.id != staff.office_id:
            after["division_code"] = office.division_code
        if all(getattr(staff, field) == value for field, value in after.items()):
            return False
        Staff.objects.filter(pk=staff.pk).update(**after)
        if staff.account_id is not None and staff.name != person.value:
            Account.objects.filter(pk=staff.account_id).update(display_name=person.value[:64])
        news(
            actor=actor,
            at=at,
            name="organization.staff.changed",
            key=f"organization.staff:{staff.id}",
            division=office.division_code,
            payload={"staff_id": staff.id},
        )
        return True


def appoint(
    *,
    actor: Actor,
    at: datetime,
    staff_id: int,
    post_id: int,
    valid_from: date,
    appointed_by: str,
    document_number: str,
    valid_to: date | None = None,
) -> int:
    """Appoint a person to a post for a term (without `valid_to` until further notice); returns the appointment's id.

    Raises:
        PermissionRefused, NotFound, InvalidValue (no document, term in reverse),
        RuleRefused (incompatible duties, no vacancy, already in the post, one's own powers).
    """
    with one_step(actor, Permission.APPOINTMENT_MAKE):
        term = Period(valid_from, valid_to)
        appointed_by = require_text(appointed_by, "appointed_by", "任命机关", "who appoints")
        document_number = require_text(document_number, "document_number", "任命文号", "the document number")
        post = Post.objects.select_for_update().filter(in_force(valid_from), pk=post_id).first()
        staff = Staff.objects.select_for_update().filter(pk=staff_id).first()
        if post is None or staff is None:
            raise missing("该人员或岗位", "person or post")
        refuse(_against_appointing(actor, staff, post, term))
        row = Appointment.objects.create(
            staff=staff,
            post=post,
            division_code=post.division_code,
            valid_from=valid_from,
            valid_to=valid_to,
            appointed_by=appointed_by,
            document_number=document_number,
        )
        log.record(
            actor=actor,
            at=at,
            object_type="organization.appointment",
            object_id=row.id,
            transition=None,
            from_state=None,
            verb="appoint",
            to_state=AppointmentState.APPOINTED,
            division=post.division_code,
        )
        _tell(actor, at, "made", row)
        return row.id


def end_appointment(*, actor: Actor, at: datetime, appointment_id: int, day: date, reason: str) -> None:
    """End an appointment so that `day` is the first day without it.

    Raises:
        PermissionRefused, NotFound, InvalidValue (no reason, before it began), TransitionRefused (over already).
    """
    with one_step(actor, Permission.APPOINTMENT_END):
        row = _appointment(appointment_id)
        reason = require_text(reason, "reason", "结束原因", "the reason", longest=200)
        before = state_of(row, local_day(at))
        transition = APPOINTMENTS.plan(before, "end")
        Period(row.valid_from, day)
        if row.valid_to is not None and day > row.valid_to:
            raise InvalidValue(
                "organization.appointment.extended",
                f"任期于{row.valid_to}届满，结束日期不能在其后；续任请重新任命",
                f"The term ends on {row.valid_to}; it cannot be ended later. To go on, appoint again.",
                field="day",
            )
        if day < local_day(at):
            raise InvalidValue(
                "organization.appointment.past",
                "结束日期不能早于今天，已办理的业务不能失去岗位依据",
                "An appointment cannot end in the past: what was done in the post would lose its ground.",
                field="day",
            )
        Appointment.objects.filter(pk=row.pk).update(valid_to=day, end_reason=reason)
        log.record(
            actor=actor,
            at=at,
            object_type="organization.appointment",
            object_id=row.id,
            transition=transition,
            from_state=before,
            division=row.division_code,
            reason=reason,
        )
        _tell(actor, at, "ended", row)


def revoke_appointment(*, actor: Actor, at: datetime, appointment_id: int, reason: str) -> None:
    """Take the powers of an appointment back at once; the next request of that person no longer has them.

    Raises:
        PermissionRefused, NotFound, InvalidValue (no reason), TransitionRefused (over already).
    """
    with one_step(actor, Permission.APPOINTMENT_END):
        row = _appointment(appointment_id)
        reason = require_text(reason, "reason", "收回原因", "the reason", longest=200)
        today = local_day(at)
        before = state_of(row, today)
        transition = APPOINTMENTS.plan(before, "revoke")
        Appointment.objects.filter(pk=row.pk).update(
            revoked_at=at, valid_to=max(today, row.valid_from), end_reason=reason
        )
        log.record(
            actor=actor,
            at=at,
            object_type="organization.appointment",
            object_id=row.id,
            transition=transition,
            from_state=before,
            division=row.division_code,
            reason=reason,
        )
        _tell(actor, at, "revoked", row)


def state_of(row: Appointment, day: date) -> AppointmentState:
    """Where an appointment stands on a day."""
    if row.revoked_at is not None:
        return AppointmentState.REVOKED
    over = row.valid_to is not None and row.valid_to <= day
    return AppointmentState.ENDED if over else AppointmentState.APPOINTED


def _open_account(office: Office, staff_number: str, person: PersonName, at: datetime) -> Account:
    kind = AccountKind.DEPARTMENT if office.is_outside or office.department_code else AccountKind.STAFF
    if office.department_code == "civil_affairs":
        kind = AccountKind.STAFF
    return Account.objects.create_user(staff_number, display_name=person.value[:64], kind=kind.value, created_at=at)


def _against_appointing(actor: Actor, staff: Staff, post: Post, term: Period) -> list[Reason]:
    overlapping = Q(revoked_at=None) & (Q(valid_to=None) | Q(valid_to__gt=term.start))
    if term.end is not None:
        overlapping &= Q(valid_from__lt=term.end)
    reasons: list[Reason] = []
    if actor.account_id is not None and staff.account_id == actor.account_id:
        reasons.append(
            Reason(
                "organization.appointment.own",
                "不能给自己授予岗位，请由其他安全保密管理员办理",
                "Nobody appoints themselves; ask another security administrator.",
            )
        )
    roles = packaged_roles()
    with acting(system_actor("separation of duties")):
        # posts beyond the actor's own area count as well
        held = list(Appointment.objects.filter(overlapping, staff=staff).select_related("post"))
        serving = set(Appointment.objects.filter(overlapping, post=post).values_list("staff_id", flat=True))
    duties = [
        Duty(row.post.role, DivisionCode(row.post.division_code), Period(row.valid_from, row.valid_to))
        for row in held
        if row.post.role in roles.roles
    ]
    if any(row.post_id == post.id for row in held):
        reasons.append(
            Reason(
                "organization.appointment.twice",
                "该人员在此期间已任此岗位，无需重复任命",
                "The person already holds this post in that time.",
                field="post_id",
            )
        )
    reasons += roles.conflicts(duties, Duty(post.role, DivisionCode(post.division_code), term))
    if len(serving - {staff.id}) >= post.headcount:
        reasons.append(
            Reason(
                "organization.appointment.full",
                f"岗位核定{post.headcount}人，已满员，请核对或先结束他人任职",
                f"The post has room for {post.headcount} and is full; check it or end another appointment first.",
                field="post_id",
            )
        )
    if post.valid_to is not None and (term.end is None or term.end > post.valid_to):
        reasons.append(
            Reason(
                "organization.appointment.beyond",
                f"岗位于{post.valid_to}撤销，任期不能超过该日",
                f"The post ends on {post.valid_to}; the term cannot go beyond.",
                field="valid_to",
            )
        )
    return reasons


def _appointment(appointment_id: int) -> Appointment:
    row = Appointment.objects.select_for_update().filter(pk=appointment_id).first()
    if row is None:
        raise missing("该任职", "appointment")
    return row


def _tell(actor: Actor, at: datetime, happened: str, row: Appointment) -> None:
    news(
        actor=actor,
        at=at,
        name=f"organization.appointment.{happened}",
        key=f"organization.staff:{row.staff_id}",
        division=row.division_code,
        payload={"staff_id": row.staff_id, "post_id": row.post_id},
    )
