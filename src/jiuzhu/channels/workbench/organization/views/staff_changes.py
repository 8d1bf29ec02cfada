"""Changing staff: registered, brought up to date, appointed, ended, revoked."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.wording import bracketed
from jiuzhu.channels.workbench.organization import forms
from jiuzhu.channels.workbench.organization.changing import (
    Change,
    Crumb,
    Elsewhere,
    Values,
    change_page,
    changes,
    concerning,
    posted,
)
from jiuzhu.channels.workbench.templatetags.workbench_organization import named, titled
from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import NotFound
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries import AppointmentView, OfficeView, StaffDetail
from jiuzhu.rooms.organization.states import EmploymentKind


@needs(Permission.STAFF_REGISTER)
@changes
def register(request: HttpRequest) -> HttpResponseBase:
    """A new person of the roll, with an account."""
    actor = actor_of(request)
    change = Change(
        title=_("登记工作人员"),
        lead=_("登记后没有任何权限；由安全保密管理员任命到岗位后，才有岗位的权限。"),
        submit=_("确认登记"),
        done=_("已登记。开通了账号的，请在下面发放初始密码。"),
        back=reverse("workbench:organization:staff"),
        crumbs=_crumbs(),
        target=_page,
    )

    def act(values: Values) -> int:
        office = _office_of(actor, values["office_code"])
        return actions.register_staff(
            actor=actor,
            at=timezone.now(),
            office_id=office.id,
            staff_number=values["staff_number"],
            name=values["name"],
            employment=EmploymentKind(values["employment"]),
            rank=values["rank"],
            office_phone=values["office_phone"],
            with_account=values["with_account"],
        )

    form = forms.StaffForm(posted(request), initial={"office_code": request.GET.get("office", "")})
    return change_page(request, change, form, act)


@needs(Permission.STAFF_REGISTER)
@changes
def change(request: HttpRequest, staff_id: int) -> HttpResponseBase:
    """A person's entry brought up to date."""
    actor, detail = _begin(request, staff_id)
    row = detail.row
    page = Change(
        title=_("修改登记"),
        lead=bracketed(row.name, row.staff_number),
        submit=_("保存"),
        done=_("已保存。"),
        back=_page(staff_id),
        crumbs=_crumbs(detail),
        asks=False,
    )

    def act(values: Values) -> bool:
        office = _office_of(actor, values["office_code"])
        return actions.change_staff(
            actor=actor,
            at=timezone.now(),
            staff_id=staff_id,
            office_id=office.id,
            name=values["name"],
            employment=EmploymentKind(values["employment"]),
            rank=values["rank"],
            office_phone=values["office_phone"],
        )

    known = queries.office_detail(actor=actor, office_id=row.office_id, at=timezone.localdate())
    initial = {
        "name": row.name,
        "office_code": known.office.code,
        "employment": row.employment.value,
        "rank": row.rank,
        "office_phone": row.office_phone,
    }
    return change_page(request, page, forms.StaffChangeForm(posted(request), initial=initial), act)


@needs(Permission.APPOINTMENT_MAKE)
@changes
def appoint(request: HttpRequest, staff_id: int) -> HttpResponseBase:
    """A term in a post of the person's own office, or of the one named in `?office=`."""
    actor, detail = _begin(request, staff_id)
    today = timezone.localdate()
    wanted = request.GET.get("office", "").strip()
    office = _office(actor, wanted, detail)
    posts = queries.office_detail(actor=actor, office_id=office.id, at=today).posts
    page = Change(
        title=_("任命"),
        lead=_("%(name)s（%(number)s）任%(office)s的岗位。")
        % {"name": detail.row.name, "number": detail.row.staff_number, "office": named(office)},
        submit=_("确认任命"),
        done=_("已任命，任职日期起生效。"),
        back=_page(staff_id),
        crumbs=_crumbs(detail),
        consequences=lambda values: [
            _("已与该人员的现有岗位逐一核对，没有不相容的职责。"),
            _("任职期间，该人员从下一次操作起就有岗位的权限。"),
        ],
        notes=[] if posts else [_("这个机构还没有设置岗位，请先由系统管理员设置。")],
        elsewhere=Elsewhere(
            "office", _("任其他机构的岗位"), _("填写机构代码，列出该机构的岗位"), wanted or office.code
        ),
    )

    def act(values: Values) -> int:
        return actions.appoint(
            actor=actor,
            at=timezone.now(),
            staff_id=staff_id,
            post_id=values["post"],
            valid_from=values["valid_from"],
            valid_to=values["valid_to"],
            appointed_by=values["appointed_by"],
            document_number=values["document_number"],
        )

    choices = [
        (str(post.id), _("%(title)s（空缺%(n)d）") % {"title": titled(post), "n": post.vacancies}) for post in posts
    ]
    form = forms.AppointForm(posted(request), initial={"valid_from": today}, posts=choices)
    return change_page(request, page, form, act)


@needs(Permission.APPOINTMENT_END)
@changes
def end(request: HttpRequest, staff_id: int, appointment_id: int) -> HttpResponseBase:
    """The end of an appointment from a day on."""
    actor, detail = _begin(request, staff_id)
    held = _held(detail, appointment_id)
    page = Change(
        title=_("结束任职"),
        lead=f"{detail.row.name} · {titled(held)}",
        submit=_("确认结束"),
        done=_("已登记结束日期。"),
        back=_page(staff_id),
        crumbs=_crumbs(detail),
        danger=True,
        consequences=lambda values: [
            _("%(day)s起不再有这个岗位的权限；在此之前办理的业务不受影响。") % {"day": values["day"].isoformat()}
        ],
    )

    def act(values: Values) -> None:
        actions.end_appointment(
            actor=actor,
            at=timezone.now(),
            appointment_id=appointment_id,
            day=values["day"],
            reason=values["reason"],
        )

    return change_page(request, page, forms.EndForm(posted(request)), act)


@needs(Permission.APPOINTMENT_END)
@changes
def revoke(request: HttpRequest, staff_id: int, appointment_id: int) -> HttpResponseBase:
    """The powers of an appointment taken back at once."""
    actor, detail = _begin(request, staff_id)
    held = _held(detail, appointment_id)
    page = Change(
        title=_("立即收回权限"),
        lead=f"{detail.row.name} · {titled(held)}",
        submit=_("立即收回"),
        done=_("权限已收回，对方的下一次操作就会被拒绝。"),
        back=_page(staff_id),
        crumbs=_crumbs(detail),
        danger=True,
        consequences=lambda values: [_("收回不能撤销；需要恢复的，请重新任命。")],
    )

    def act(values: Values) -> None:
        actions.revoke_appointment(
            actor=actor, at=timezone.now(), appointment_id=appointment_id, reason=values["reason"]
        )

    return change_page(request, page, forms.ReasonForm(posted(request)), act)


def _begin(request: HttpRequest, staff_id: int) -> tuple[Actor, StaffDetail]:
    actor = actor_of(request)
    return actor, queries.staff_detail(actor=actor, staff_id=staff_id, at=timezone.localdate())


def _office(actor: Actor, code: str, detail: StaffDetail) -> OfficeView:
    today = timezone.localdate()
    if code:
        return queries.office_by_code(actor=actor, code=code, at=today)
    return queries.office_detail(actor=actor, office_id=detail.row.office_id, at=today).office


def _office_of(actor: Actor, code: str) -> OfficeView:
    with concerning("office_code"):
        return queries.office_by_code(actor=actor, code=code, at=timezone.localdate())


def _held(detail: StaffDetail, appointment_id: int) -> AppointmentView:
    held = next((one for one in detail.appointments if one.id == appointment_id), None)
    if held is None:
        raise NotFound("organization.not_found", _("未找到该任职，请核对"), "There is no such appointment; check it.")
    return held


def _crumbs(detail: StaffDetail | None = None) -> list[Crumb]:
    roll = Crumb(_("工作人员"), reverse("workbench:organization:staff"))
    return [roll] if detail is None else [roll, Crumb(detail.row.name, _page(detail.row.id))]


def _page(staff_id: int) -> str:
    return reverse("workbench:organization:person", args=[staff_id])
