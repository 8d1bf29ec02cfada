"""Loading a new city: divisions, departments with their duties, the three-level network. Repeatable: nothing twice."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.rooms.organization.actions.steps import local_day, lock, news, one_step
from jiuzhu.rooms.organization.models import Division, DutyItem, Office, OfficeName, Post
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.rules.names import english_place, initials, place_of
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.organization.states import DivisionKind, OfficeKind

DIVISIONS_BASIS = "统计用区划代码（国家统计局，2023-06-30）"
_LEVELS = {"prefecture": DivisionLevel.CITY} | {level.name.lower(): level for level in DivisionLevel}
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a loader added; zero when everything was there."""

    divisions: int = 0
    offices: int = 0
    duties: int = 0
    posts: int = 0


@dataclass(frozen=True, slots=True)
class _NewName:
    name: str
    name_en: str
    valid_from: date | None
    valid_to: date | None
    basis: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class _NewOffice:
    office: Office
    names: tuple[_NewName, ...]


def load_divisions(*, actor: Actor, at: datetime) -> Loaded:
    """Load the packaged divisions of Tai'an: the city, 6 counties, 88 townships and 3,782 villages and communities.

    A code that is on file in any version is left as it is. Names hold from before our records.

    Raises:
        PermissionRefused, OutOfScope (the city is not in the actor's scope).
    """
    with one_step(actor, Permission.SETUP_LOAD):
        lock("division")
        path = files("jiuzhu.rooms.organization").joinpath("data", "taian_divisions_2023.csv")
        with path.open(encoding="utf-8-sig") as file:
            rows = sorted(csv.DictReader(file), key=lambda row: row["code12"])
        actor.require_scope(rows[0]["code12"])
        known = set(Division.objects.values_list("code", flat=True))
        full: dict[str, str] = {}
        new: list[Division] = []
        for row in rows:
            code = DivisionCode(row["code12"])
            parent = str(code.parent)
            full[code.value] = full.get(parent, "") + row["name"]
            if code.value in known:
                continue
            level = _LEVELS[row["level"]]
            new.append(
                Division(
                    code=code.value,
                    name=row["name"],
                    name_en=english_place(row["name"], level),
                    full_name=full[code.value],
                    initials=initials(row["name"]),
                    level=int(level),
                    parent_code=parent,
                    kind=DivisionKind.STATUTORY.value,
                    basis=DIVISIONS_BASIS,
                )
            )
        Division.objects.bulk_create(new, batch_size=_BATCH)
        _tell(actor, at, "divisions_loaded", rows[0]["code12"], len(new))
        return Loaded(divisions=len(new))


def load_departments(*, actor: Actor, at: datetime, city: DivisionCode) -> Loaded:
    """Load the departments named in the founding document at city and county level, and the duty list.

    With them come their names over time and the outside bodies of the demonstration.

    Raises:
        PermissionRefused, OutOfScope.
    """
    with one_step(actor, Permission.SETUP_LOAD):
        actor.require_scope(city)
        lock("office")
        data = _departments()
        places = _places(city, (DivisionLevel.CITY, DivisionLevel.COUNTY), local_day(at))
        wanted = [
            new
            for entry in data["departments"]
            for place in places
            if (new := _department(entry, place, data["source"]))
        ]
        wanted += [_outside_body(entry, city) for entry in data["outside"]]
        offices = _add_offices(wanted)
        _link_successors(data["departments"], places)
        duties = _add_duties(data)
        _tell(actor, at, "departments_loaded", city.value, offices)
        return Loaded(offices=offices, duties=duties)


def load_service_network(*, actor: Actor, at: datetime, city: DivisionCode, valid_from: date) -> Loaded:
    """Load the network: verification centres, service centres (county), desks (township), stations (village).

    Also the posts that these and the departments on file need, from `valid_from`; load the departments before. The
    offices are in force from before our records.

    Raises:
        PermissionRefused, OutOfScope.
    """
    with one_step(actor, Permission.SETUP_LOAD):
        actor.require_scope(city)
        lock("office")
        lock("post")
        levels = (DivisionLevel.CITY, DivisionLevel.COUNTY, DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE)
        places = _places(city, levels, local_day(at))
        wanted = [new for place in places for new in _network_of(place)]
        offices = _add_offices(wanted)
        posts = _add_posts(places, valid_from)
        _tell(actor, at, "network_loaded", city.value, offices + posts)
        return Loaded(offices=offices, posts=posts)


@dataclass(frozen=True, slots=True)
class _PostPlan:
    """A post that every office of a kind has (of one department only, or at one level, when that is given)."""

    kind: OfficeKind
    ending: str
    title: str
    role: str
    headcount: int
    level: DivisionLevel | None = None
    department: str | None = None

    def fits(self, office: Office) -> bool:
        """Tell whether an office has this post."""
        return (
            office.kind == self.kind.value
            and (self.level is None or office.level == self.level)
            and (self.department is None or office.department_code == self.department)
        )


_CIVIL, _CITY = OfficeKind.CIVIL_AFFAIRS, DivisionLevel.CITY
# The numbers are for demonstration, but for the assistants: one or two a village (工作意见二（四）2).
_POSTS = (
    _PostPlan(OfficeKind.STATION, "assistant", "社会救助协理员", "village_assistant", 2),
    _PostPlan(OfficeKind.ONE_WINDOW_DESK, "clerk", "社会救助经办人员", "township_clerk", 4),
    _PostPlan(OfficeKind.ONE_WINDOW_DESK, "reviewer", "社会救助审核人员", "township_reviewer", 2),
    _PostPlan(OfficeKind.ONE_WINDOW_DESK, "head", "社会救助审核确认负责人", "township_head", 1),
    _PostPlan(OfficeKind.SERVICE_CENTRE, "officer", "县级经办人员", "county_officer", 8),
    _PostPlan(OfficeKind.SERVICE_CENTRE, "finance", "县级资金发放人员", "county_finance", 2),
    _PostPlan(OfficeKind.VERIFICATION_CENTRE, "verifier", "家庭经济状况核对员", "county_verification", 6),
    _PostPlan(_CIVIL, "approver", "县级审核确认人员", "county_approver", 3, level=DivisionLevel.COUNTY),
    _PostPlan(_CIVIL, "officer", "市级业务人员", "city_officer", 10, level=_CITY),
    _PostPlan(_CIVIL, "leader", "市级分管领导", "city_leader", 2, level=_CITY),
    _PostPlan(_CIVIL, "supervisor", "监督人员", "supervisor", 2),
    _PostPlan(_CIVIL, "system", "系统管理员", "system_administrator", 2),
    _PostPlan(_CIVIL, "security", "安全保密管理员", "security_administrator", 2),
    _PostPlan(_CIVIL, "audit", "安全审计员", "audit_administrator", 2),
    _PostPlan(OfficeKind.DEPARTMENT, "auditor", "审计人员", "internal_auditor", 4, department="audit"),
    _PostPlan(OfficeKind.DEPARTMENT, "officer", "部门人员", "department_officer", 4),
    _PostPlan(OfficeKind.PARTY_ORGAN, "officer", "部门人员", "department_officer", 4),
    _PostPlan(OfficeKind.MASS_ORGANIZATION, "officer", "部门人员", "department_officer", 4),
    _PostPlan(OfficeKind.BANK, "officer", "银行人员", "bank_officer", 4),
)


def _network_of(place: Division) -> list[_NewOffice]:
    if place.level == DivisionLevel.VILLAGE:
        # 东湖社区居委会 becomes 东湖社区社会救助工作站
        return [
            _network_office(
                place, OfficeKind.STATION, place_of(place.name), "社会救助工作站", "Social Assistance Station"
            )
        ]
    if place.level == DivisionLevel.TOWNSHIP:
        return [
            _network_office(place, OfficeKind.ONE_WINDOW_DESK, place.name, "社会救助一窗受理窗口", "One-window Desk")
        ]
    group = _network_office(
        place,
        OfficeKind.LEADING_GROUP_OFFICE,
        place.name,
        "社会救助工作领导小组办公室",
        "Office of the Leading Group for Social Assistance",
    )
    verification = _network_office(
        place, OfficeKind.VERIFICATION_CENTRE, place.name, "居民家庭经济状况核对中心", "Household Verification Centre"
    )
    if place.level == DivisionLevel.CITY:
        return [group, verification]
    centre = _network_office(
        place, OfficeKind.SERVICE_CENTRE, place.name, "社会救助综合服务中心", "Social Assistance Service Centre"
    )
    return [group, verification, centre]


def _network_office(place: Division, kind: OfficeKind, stem: str, name: str, name_en: str) -> _NewOffice:
    basis = "统筹完善社会救助体系工作意见二（四）1"
    return _NewOffice(
        Office(
            code=f"{DivisionCode(place.code).prefix}-{kind.value}",
            kind=kind.value,
            level=place.level,
            division_code=place.code,
            basis=basis,
        ),
        (_NewName(stem + name, f"{place.name_en} {name_en}", None, None, basis, confirmed=True),),
    )


def _department(entry: Mapping[str, Any], place: Division, source: str) -> _NewOffice | None:
    level = DivisionLevel(place.level)
    if level.name.lower() not in entry["levels"]:
        return None
    names: list[_NewName] = []
    versions = entry["names"]
    for version, following in zip(versions, [*versions[1:], None], strict=True):
        names.append(
            _NewName(
                version["name"].format(place=place.name, short=place.name.removesuffix("市")),
                version["name_en"].format(place=place.name_en),
                version.get("from"),
                following["from"] if following else None,
                version.get("basis", source),
                version.get("confirmed", True),
            )
        )
    office = Office(
        code=f"{DivisionCode(place.code).prefix}-{entry['code']}",
        kind=entry["kind"],
        level=place.level,
        division_code=place.code,
        department_code=entry["code"],
        valid_to=entry.get("closed"),
        basis=source if entry["founding"] else "按职能列入（文件未点名）",
        end_basis=entry.get("closed_basis", ""),
    )
    return _NewOffice(office, tuple(names))


def _outside_body(entry: Mapping[str, Any], city: DivisionCode) -> _NewOffice:
    basis = "演示单位，由本市换成实际单位"
    office = Office(
        code=f"{city.prefix}-{entry['code']}",
        kind=entry["kind"],
        level=int(city.level),
        division_code=city.value,
        department_code=entry["code"],
        is_outside=True,
        basis=basis,
    )
    return _NewOffice(office, (_NewName(entry["name"], entry["name_en"], None, None, basis, confirmed=True),))


def _add_offices(wanted: Iterable[_NewOffice]) -> int:
    known = set(Office.objects.values_list("code", flat=True))
    new = [one for one in wanted if one.office.code not in known]
    Office.objects.bulk_create((one.office for one in new), batch_size=_BATCH)
    OfficeName.objects.bulk_create(
        (
            OfficeName(
                office=one.office,
                name=name.name,
                name_en=name.name_en,
                valid_from=name.valid_from,
                valid_to=name.valid_to,
                basis=name.basis,
                date_confirmed=name.confirmed,
            )
            for one in new
            for name in one.names
        ),
        batch_size=_BATCH,
    )
    return len(new)


def _link_successors(departments: Iterable[Mapping[str, Any]], places: Iterable[Division]) -> None:
    prefixes = [DivisionCode(place.code).prefix for place in places]
    for entry in departments:
        if "successor" not in entry:
            continue
        after = dict(
            Office.objects.filter(code__in=[f"{prefix}-{entry['successor']}" for prefix in prefixes]).values_list(
                "code", "id"
            )
        )
        for prefix in prefixes:
            Office.objects.filter(code=f"{prefix}-{entry['code']}", successor=None).update(
                successor_id=after.get(f"{prefix}-{entry['successor']}")
            )


def _add_duties(data: Mapping[str, Any]) -> int:
    known = set(DutyItem.objects.values_list("clause", "department_code", "office_kind", "ordinal"))
    parts = {entry["code"]: entry for entry in data["departments"]}
    items = [
        DutyItem(
            clause=clause["clause"],
            demands=clause["demands"],
            department_code=code,
            ordinal=1,
            text=f"{clause['text']}（{parts[code]['duty']}）",
            text_en=f"{clause['text_en']} ({parts[code]['duty_en']})",
        )
        for clause in data["clauses"]
        for code in clause["departments"]
    ]
    items += [
        DutyItem(
            clause=entry["clause"],
            demands=entry["demands"],
            office_kind=entry["office_kind"],
            ordinal=ordinal,
            text=duty["text"],
            text_en=duty["text_en"],
        )
        for entry in data["network"]
        for ordinal, duty in enumerate(entry["duties"], start=1)
    ]
    new = [one for one in items if (one.clause, one.department_code, one.office_kind, one.ordinal) not in known]
    DutyItem.objects.bulk_create(new, batch_size=_BATCH)
    return len(new)


def _add_posts(places: Iterable[Division], valid_from: date) -> int:
    codes = [place.code for place in places]
    kinds = {plan.kind.value for plan in _POSTS}
    offices = Office.objects.filter(in_force(valid_from), division_code__in=codes, kind__in=kinds)
    known = set(Post.objects.values_list("code", flat=True))
    roles = packaged_roles().roles
    new = [
        Post(
            office=office,
            code=f"{office.code}-{plan.ending}",
            title=plan.title,
            title_en=roles[plan.role].name_en,
            role=plan.role,
            division_code=office.division_code,
            headcount=plan.headcount,
            valid_from=valid_from,
        )
        for office in offices
        for plan in _POSTS
        if plan.fits(office) and f"{office.code}-{plan.ending}" not in known
    ]
    Post.objects.bulk_create(new, batch_size=_BATCH)
    return len(new)


def _places(city: DivisionCode, levels: Iterable[DivisionLevel], day: date) -> list[Division]:
    lo, hi = city.range
    found = Division.objects.filter(
        in_force(day), code__gte=lo, code__lt=hi, level__in=[int(level) for level in levels]
    )
    return list(found.order_by("code"))


@cache
def _departments() -> Mapping[str, Any]:
    path = files("jiuzhu.rooms.organization").joinpath("data", "departments.yaml")
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def _tell(actor: Actor, at: datetime, happened: str, division: str, rows: int) -> None:
    if rows:
        news(
            actor=actor,
            at=at,
            name=f"organization.setup.{happened}",
            key=f"organization.setup:{division}",
            division=division,
            payload={"rows": rows},
        )
