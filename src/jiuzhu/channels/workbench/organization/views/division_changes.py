"""Changing divisions: new, renamed, closed, merged; zones; who administers them; figures. Each shows what follows."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.wording import bracketed
from jiuzhu.channels.workbench.organization import forms
from jiuzhu.channels.workbench.organization.changing import Change, Values, change_page, changes, concerning, posted
from jiuzhu.channels.workbench.organization.placing import division_crumbs
from jiuzhu.channels.workbench.templatetags.workbench_organization import named
from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries import DivisionNode, DivisionView

_COUNTED = 500


@needs(Permission.DIVISION_CHANGE)
@changes
def create(request: HttpRequest, code: DivisionCode) -> HttpResponseBase:
    """A new statutory division below this one."""
    actor, node = _begin(request, code)
    change = Change(
        title=_("新设区划"),
        lead=_("设在%(name)s之下。") % {"name": named(node.division)},
        submit=_("确认新设"),
        done=_("已新设区划。"),
        back=_page(code),
        crumbs=division_crumbs(node.path),
        target=_page,
    )

    def act(values: Values) -> DivisionCode:
        actions.create_division(
            actor=actor,
            at=timezone.now(),
            code=values["code"],
            name=values["name"],
            name_en=values["name_en"],
            valid_from=values["day"],
            basis=values["basis"],
        )
        return DivisionCode(str(values["code"]))

    form = forms.CreateDivisionForm(posted(request), initial={"code": code.prefix})
    return change_page(request, change, form, act)


@needs(Permission.ZONE_ADD)
@changes
def add_zone(request: HttpRequest, code: DivisionCode) -> HttpResponseBase:
    """A functional zone of the city."""
    actor, node = _begin(request, code)
    change = Change(
        title=_("增设功能区"),
        lead=_("功能区不是法定区划，代码由市里取用国家标准未使用的县级序号。增设后请确定其管理机构。"),
        submit=_("确认增设"),
        done=_("已增设功能区。请确定其管理机构。"),
        back=_page(code),
        crumbs=division_crumbs(node.path),
        target=_page,
    )

    def act(values: Values) -> DivisionCode:
        return actions.add_functional_zone(
            actor=actor,
            at=timezone.now(),
            city=code,
            name=values["name"],
            name_en=values["name_en"],
            code=values["code"],
            valid_from=values["day"],
            basis=values["basis"],
        )

    return change_page(request, change, forms.ZoneForm(posted(request)), act)


@needs(Permission.DIVISION_CHANGE)
@changes
def rename(request: HttpRequest, code: DivisionCode) -> HttpResponseBase:
    """Another name from a day on."""
    actor, node = _begin(request, code)
    change = Change(
        title=_("区划更名"),
        lead=_("%(name)s，代码%(code)s不变。") % {"name": node.division.full_name, "code": code},
        submit=_("确认更名"),
        done=_("已更名，原名称保留在沿革中。"),
        back=_page(code),
        crumbs=division_crumbs(node.path),
        consequences=lambda values: [
            _("“%(old)s”的名称保留在沿革中，截至%(day)s。")
            % {"old": node.division.name, "day": values["day"].isoformat()},
            *_below(node),
            _("机构名称不会随之改变；需要更名的机构请逐个办理。"),
        ],
    )

    def act(values: Values) -> int:
        return actions.rename_division(
            actor=actor,
            at=timezone.now(),
            code=code,
            name=values["name"],
            name_en=values["name_en"],
            day=values["day"],
            basis=values["basis"],
        )

    form = forms.RenameForm(posted(request), initial={"day": timezone.localdate()})
    return change_page(request, change, form, act)


@needs(Permission.DIVISION_CHANGE)
@changes
def close(request: HttpRequest, code: DivisionCode) -> HttpResponseBase:
    """The end of a division."""
    actor, node = _begin(request, code)
    change = Change(
        title=_("撤销区划"),
        lead=_("%(name)s（%(code)s）。下面还有区划的，请用“合并区划”办理。")
        % {"name": node.division.full_name, "code": code},
        submit=_("确认撤销"),
        done=_("已撤销，代码保留在沿革中。"),
        back=_page(code),
        crumbs=division_crumbs(node.path),
        danger=True,
        consequences=lambda values: _moving(actor, [node.division], values["successor"]),
    )

    def act(values: Values) -> None:
        actions.close_division(
            actor=actor,
            at=timezone.now(),
            code=code,
            day=values["day"],
            basis=values["basis"],
            successor=values["successor"],
        )

    form = forms.CloseDivisionForm(posted(request), initial={"day": timezone.localdate()})
    return change_page(request, change, form, act)


@needs(Permission.DIVISION_CHANGE)
@changes
def merge(request: HttpRequest, code: DivisionCode) -> HttpResponseBase:
    """Merge neighbours into this division; codes for what lies below them are proposed."""
    actor, node = _begin(request, code)
    today = timezone.localdate()
    neighbours = queries.public_children(code.parent, today) if code.parent else ()
    sources = {one.code: one for one in neighbours if one.code != code and actor.covers(one.code)}
    given = request.POST.copy() if request.method == "POST" else None
    if given is not None and not given.get("moved", "").strip():
        chosen = [one for one in sources if one.value in given.getlist("sources")]
        given["moved"] = "\n".join(f"{before} {after}" for before, after in _proposed(chosen, code).items())
    change = Change(
        title=_("合并区划"),
        lead=_("把其他区划并入%(name)s（%(code)s）。") % {"name": node.division.full_name, "code": code},
        submit=_("确认合并"),
        done=_("已合并。下级区划、机构、岗位和人员已转到新代码。"),
        back=_page(code),
        crumbs=division_crumbs(node.path),
        danger=True,
        consequences=lambda values: [
            *_moving(actor, [sources[one] for one in values["sources"]], code),
            *_renumbered(values["moved"]),
        ],
    )

    def act(values: Values) -> None:
        actions.merge_divisions(
            actor=actor,
            at=timezone.now(),
            sources=values["sources"],
            into=code,
            day=values["day"],
            basis=values["basis"],
            moved=values["moved"],
        )

    form = forms.MergeForm(
        given,
        initial={"day": today},
        sources=[(one.code.value, bracketed(named(one), one.code)) for one in sources.values()],
    )
    return change_page(request, change, form, act)


@needs(Permission.ZONE_ADD)
@changes
def administration(request: HttpRequest, code: DivisionCode) -> HttpResponseBase:
    """Who administers a division, such as a zone, in place of its own government."""
    actor, node = _begin(request, code)
    change = Change(
        title=_("确定管理机构"),
        lead=_("%(name)s由哪个机构管理，例如功能区管委会。") % {"name": node.division.full_name},
        submit=_("确认"),
        done=_("已确定管理机构。"),
        back=_page(code),
        crumbs=division_crumbs(node.path),
    )

    def act(values: Values) -> int:
        with concerning("office_code"):
            return actions.set_administration(
                actor=actor,
                at=timezone.now(),
                division=code,
                office_code=values["office_code"],
                day=values["day"],
                basis=values["basis"],
            )

    form = forms.AdministrationForm(posted(request), initial={"day": timezone.localdate()})
    return change_page(request, change, form, act)


@needs(Permission.FIGURES_RECORD)
@changes
def figures(request: HttpRequest, code: DivisionCode) -> HttpResponseBase:
    """Population and service radius as of a day."""
    actor, node = _begin(request, code)
    change = Change(
        title=_("登记人口与服务半径"),
        lead=_("%(name)s。同一截至日期再次登记会替换原数。") % {"name": node.division.full_name},
        submit=_("保存"),
        done=_("已登记。"),
        back=_page(code),
        crumbs=division_crumbs(node.path),
        asks=False,
    )

    def act(values: Values) -> None:
        actions.record_figures(
            actor=actor,
            at=timezone.now(),
            division=code,
            as_of=values["as_of"],
            population=values["population"],
            service_radius_m=values["service_radius_m"],
            source=values["source"],
        )

    form = forms.FiguresForm(posted(request), initial={"as_of": timezone.localdate()})
    return change_page(request, change, form, act)


def _begin(request: HttpRequest, code: DivisionCode) -> tuple[Actor, DivisionNode]:
    actor = actor_of(request)
    return actor, queries.division_tree(actor=actor, at=timezone.localdate(), code=code)


def _page(code: DivisionCode) -> str:
    return reverse("workbench:organization:division", args=[code])


def _below(node: DivisionNode) -> list[str]:
    count = len(node.children)
    if not count:
        return []
    return [
        ngettext("下面%(n)d个区划及其所属区划的全称随之改变。", "下面%(n)d个区划及其所属区划的全称随之改变。", count)
        % {"n": count}
    ]


def _moving(actor: Actor, sources: list[DivisionView], successor: DivisionCode | None) -> list[str]:
    """What lies in the divisions that end, and where it goes."""
    today = timezone.localdate()
    lines = []
    for source in sources:
        offices = queries.offices_by_division(
            actor=actor, division=source.code, at=today, with_below=True, limit=_COUNTED
        )
        people = queries.staff_list(actor=actor, at=today, division=source.code, limit=_COUNTED)
        counts = {
            "name": named(source),
            "offices": _counted(len(offices.offices), more=offices.next_after is not None),
            "people": _counted(len(people.rows), more=people.next_after is not None),
        }
        if successor is None:
            lines.append(_("%(name)s：机构%(offices)s个、工作人员%(people)s人；没有承继区划。") % counts)
        else:
            known = queries.public_divisions([successor], today).get(successor)
            to = bracketed(named(known), successor) if known else str(successor)
            lines.append(_("%(name)s：机构%(offices)s个、工作人员%(people)s人，转到%(to)s。") % {**counts, "to": to})
    lines.append(_("困难群众档案按新代码归属；原代码保留在沿革中，仍可查询。"))
    return lines


def _counted(count: int, *, more: bool) -> str:
    return f"{count}+" if more else str(count)


def _renumbered(moved: Mapping[DivisionCode, DivisionCode]) -> list[str]:
    known = queries.public_divisions(list(moved), timezone.localdate())
    return [
        _("%(name)s：%(before)s 改为 %(after)s")
        % {"name": named(known[before]) if before in known else "", "before": before, "after": after}
        for before, after in moved.items()
    ]


def _proposed(sources: list[DivisionCode], into: DivisionCode) -> dict[DivisionCode, DivisionCode]:
    """New codes for all divisions below the sources: the same last part where it is free, else the next free one."""
    today = timezone.localdate()
    taken = {one.code for one in queries.public_children(into, today)}
    moved: dict[DivisionCode, DivisionCode] = {}
    for source in sources:
        for child in queries.public_children(source, today):
            new = _free(child.code, into, taken)
            if new is None:
                continue
            taken.add(new)
            moved[child.code] = new
            if child.has_children:
                moved.update(_proposed([child.code], new))
    return moved


def _free(code: DivisionCode, parent: DivisionCode, taken: set[DivisionCode]) -> DivisionCode | None:
    last = code.prefix[len(parent.prefix) :]
    width = len(last)
    candidates = (str((int(last) + step) % 10**width).zfill(width) for step in range(10**width))
    for digits in candidates:
        if int(digits) == 0:
            continue
        wanted = DivisionCode((parent.prefix + digits).ljust(12, "0"))
        if wanted not in taken:
            return wanted
    return None
