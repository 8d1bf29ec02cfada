"""Offices and posts: opened, renamed, closed; what the public needs to find them."""

from datetime import date, datetime

from django.db.models import Q

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.organization.actions.steps import lock, missing, news, one_step, require_text
from jiuzhu.rooms.organization.models import Appointment, Division, Office, OfficeName, Post
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.rules import workforce
from jiuzhu.rooms.organization.rules.reasons import Reason, refuse
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.organization.states import OfficeKind

_ASSISTANT = "village_assistant"


def open_office(
    *,
    actor: Actor,
    at: datetime,
    code: str,
    kind: OfficeKind,
    division: DivisionCode,
    name: str,
    valid_from: date,
    basis: str,
    name_en: str = "",
    department_code: str = "",
    is_outside: bool = False,
    address: str = "",
    phone: str = "",
    hours: str = "",
) -> int:
    """Open an office in a division; returns its id.

    Raises:
        PermissionRefused, OutOfScope, NotFound (no such division), InvalidValue, RuleRefused (the code is taken).
    """
    with one_step(actor, Permission.OFFICE_CHANGE):
        actor.require_scope(division)
        code = require_text(code, "code", "机构代码", "the office code", longest=64)
        name = require_text(name, "name", "机构名称", "the name of the office")
        basis = require_text(basis, "basis", "设立依据", "the basis", longest=200)
        if not code.isascii() or not all(char.isalnum() or char in "-_" for char in code):
            raise InvalidValue(
                "organization.office.code",
                "机构代码只能使用字母、数字、“-”和“_”",
                "An office code holds only letters, digits, “-” and “_”.",
                field="code",
            )
        lock("office")
        if not Division.objects.filter(in_force(valid_from), code=division.value).exists():
            raise missing(f"区划{division}", f"division ({division})")
        if Office.objects.filter(code=code).exists():
            refuse(
                [
                    Reason(
                        "organization.office.taken",
                        f"机构代码{code}已被使用",
                        f"The office code {code} is taken.",
                        field="code",
                    )
                ]
            )
        office = Office.objects.create(
            code=code,
            kind=kind.value,
            level=int(division.level),
            division_code=division.value,
            department_code=department_code.strip(),
            is_outside=is_outside,
            address=address.strip(),
            phone=phone.strip(),
            hours=hours.strip(),
            valid_from=valid_from,
            basis=basis,
        )
        OfficeName.objects.create(office=office, name=name, name_en=name_en.strip(), valid_from=valid_from, basis=basis)
        _tell(actor, at, "opened", office, {"day": valid_from.isoformat()})
        return office.id


def rename_office(
    *, actor: Actor, at: datetime, office_id: int, name: str, day: date, basis: str, name_en: str = ""
) -> None:
    """Let an office bear another name from `day` on; the day may lie ahead.

    Raises:
        PermissionRefused, OutOfScope, NotFound, InvalidValue, RuleRefused (closed, same name, a later name on file).
    """
    with one_step(actor, Permission.OFFICE_CHANGE):
        lock("office")
        office = _office(actor, office_id, day)
        name = require_text(name, "name", "机构名称", "the name of the office")
        basis = require_text(basis, "basis", "更名依据", "the basis", longest=200)
        last = OfficeName.objects.filter(office=office, valid_to=None).get()
        if last.valid_from is not None and last.valid_from >= day:
            refuse(
                [
                    Reason(
                        "organization.office.name_order",
                        f"现有名称自{last.valid_from}起使用，新的日期应在其后",
                        f"The present name is in use from {last.valid_from}; choose a later day.",
                        field="day",
                    )
                ]
            )
        if last.name == name:
            refuse(
                [
                    Reason(
                        "organization.office.same_name",
                        "新名称与原名称相同，无需更名",
                        "The new name is the old one.",
                        field="name",
                    )
                ]
            )
        OfficeName.objects.filter(pk=last.pk).update(valid_to=day)
        OfficeName.objects.create(office=office, name=name, name_en=name_en.strip(), valid_from=day, basis=basis)
        _tell(actor, at, "renamed", office, {"day": day.isoformat()})


def close_office(
    *, actor: Actor, at: datetime, office_id: int, day: date, basis: str, successor_id: int | None = None
) -> None:
    """Close an office from `day` on; its posts must be closed or empty by then.

    Raises:
        PermissionRefused, OutOfScope, NotFound, InvalidValue, RuleRefused (people still in office, a bad successor).
    """
    with one_step(actor, Permission.OFFICE_CHANGE):
        lock("office")
        office = _office(actor, office_id, day)
        basis = require_text(basis, "basis", "撤销依据", "the basis", longest=200)
        reasons: list[Reason] = []
        if office.valid_from == day:
            reasons.append(
                Reason(
                    "organization.office.same_day", "机构不能在设立当日撤销", "It opened that very day.", field="day"
                )
            )
        if successor_id == office.id or (
            successor_id is not None and not Office.objects.filter(in_force(day), pk=successor_id).exists()
        ):
            reasons.append(
                Reason(
                    "organization.office.successor",
                    "承继机构不存在、已撤销或就是本机构，请另选",
                    "The successor does not exist, is closed or is the office itself; choose another.",
                    field="successor_id",
                )
            )
        still = Appointment.objects.filter(_serving(day), post__office=office).count()
        if still:
            reasons.append(
                Reason(
                    "organization.office.staffed",
                    f"机构还有{still}人在任，请先结束任职",
                    f"{still} people still serve in the office; end their appointments first.",
                )
            )
        refuse(reasons)
        Post.objects.filter(office=office, valid_to=None, valid_from__lt=day).update(valid_to=day)
        Office.objects.filter(pk=office.pk).update(valid_to=day, end_basis=basis, successor_id=successor_id)
        _tell(actor, at, "closed", office, {"day": day.isoformat(), "successor_id": successor_id})


def change_office_contact(*, actor: Actor, at: datetime, office_id: int, address: str, phone: str, hours: str) -> None:
    """Change where and when the public finds an office.

    Raises:
        PermissionRefused, OutOfScope, NotFound, InvalidValue (too long).
    """
    with one_step(actor, Permission.OFFICE_CHANGE):
        office = Office.objects.filter(pk=office_id).first()
        if office is None:
            raise missing("该机构", "office")
        actor.require_scope(office.division_code)
        for value, field, longest in ((address, "address", 200), (phone, "phone", 40), (hours, "hours", 200)):
            if len(value.strip()) > longest:
                raise InvalidValue(
                    "organization.too_long",
                    f"不能超过{longest}个字，请删减",
                    f"At most {longest} characters.",
                    field=field,
                )
        after = {"address": address.strip(), "phone": phone.strip(), "hours": hours.strip()}
        if after != {"address": office.address, "phone": office.phone, "hours": office.hours}:
            Office.objects.filter(pk=office.pk).update(**after)
            _tell(actor, at, "contact_changed", office, {})


def create_post(
    *,
    actor: Actor,
    at: datetime,
    office_id: int,
    code: str,
    title: str,
    role: str,
    division: DivisionCode,
    headcount: int,
    valid_from: date,
    title_en: str = "",
) -> int:
    """Create a post of an office for a division the office serves; returns its id.

    Raises:
        PermissionRefused, OutOfScope, NotFound, InvalidValue, RuleRefused (role and level, headcount, code taken).
    """
    with one_step(actor, Permission.POST_CHANGE):
        actor.require_scope(division)
        lock("post")
        office = _office(actor, office_id, valid_from)
        code = require_text(code, "code", "岗位代码", "the post code", longest=80)
        title = require_text(title, "title", "岗位名称", "the title", longest=60)
        known = packaged_roles().roles.get(role)
        if known is None:
            raise InvalidValue(
                "organization.role", f"没有“{role}”这一角色", f"There is no role {role!r}.", field="role"
            )
        reasons = list(workforce.against_post(headcount, is_assistant=role == _ASSISTANT))
        if division.level not in known.levels:
            reasons.append(
                Reason(
                    "organization.post.level",
                    f"“{known.name}”不能设在{division}这一级，请核对角色或区划",
                    f"A “{known.name_en}” cannot serve at the level of {division}; check the role or the division.",
                    field="role",
                )
            )
        if not DivisionCode(office.division_code).contains(division):
            reasons.append(
                Reason(
                    "organization.post.place",
                    f"{division}不在机构所在区划内，请核对",
                    f"{division} does not lie in the office's division; check it.",
                    field="division",
                )
            )
        if known.is_department and not office.department_code:
            reasons.append(
                Reason(
                    "organization.post.department",
                    "部门人员岗位应设在有部门代码的机构，请核对",
                    "A department officer's post belongs to an office with a department code; check it.",
                    field="role",
                )
            )
        if Post.objects.filter(code=code).exists():
            reasons.append(
                Reason(
                    "organization.post.taken",
                    f"岗位代码{code}已被使用",
                    f"The post code {code} is taken.",
                    field="code",
                )
            )
        refuse(reasons)
        post = Post.objects.create(
            office=office,
            code=code,
            title=title,
            title_en=title_en.strip() or known.name_en,
            role=role,
            division_code=division.value,
            headcount=headcount,
            valid_from=valid_from,
        )
        news(
            actor=actor,
            at=at,
            name="organization.post.created",
            key=f"organization.post:{post.id}",
            division=division,
            payload={"post_id": post.id},
        )
        return post.id


def close_post(*, actor: Actor, at: datetime, post_id: int, day: date) -> None:
    """Close a post from `day` on; nobody may serve in it by then.

    Raises:
        PermissionRefused, NotFound, RuleRefused (people still in the post, closed already).
    """
    with one_step(actor, Permission.POST_CHANGE):
        lock("post")
        post = Post.objects.filter(in_force(day), pk=post_id).first()
        if post is None:
            raise missing("该岗位", "post")
        reasons: list[Reason] = []
        if post.valid_from == day:
            reasons.append(
                Reason(
                    "organization.post.same_day", "岗位不能在设置当日撤销", "It was created that very day.", field="day"
                )
            )
        if Appointment.objects.filter(_serving(day), post=post).exists():
            reasons.append(
                Reason("organization.post.staffed", "岗位还有人在任，请先结束任职", "People still serve in the post.")
            )
        refuse(reasons)
        Post.objects.filter(pk=post.pk).update(valid_to=day)
        news(
            actor=actor,
            at=at,
            name="organization.post.closed",
            key=f"organization.post:{post.id}",
            division=post.division_code,
            payload={"post_id": post.id, "day": day.isoformat()},
        )


def _serving(day: date) -> Q:
    return Q(revoked_at=None) & (Q(valid_to=None) | Q(valid_to__gt=day))


def _office(actor: Actor, office_id: int, day: date) -> Office:
    office = Office.objects.filter(in_force(day), pk=office_id).first()
    if office is None:
        raise missing("该机构（或已撤销）", "office in force on that day")
    actor.require_scope(office.division_code)
    return office


def _tell(actor: Actor, at: datetime, happened: str, office: Office, payload: dict[str, str | int | None]) -> None:
    news(
        actor=actor,
        at=at,
        name=f"organization.office.{happened}",
        key=f"organization.office:{office.id}",
        division=office.division_code,
        payload={"office_id": office.id, **payload},
    )
