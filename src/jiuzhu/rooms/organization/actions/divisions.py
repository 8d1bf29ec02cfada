"""Changes of the division tree: new, renamed, closed, merged; functional zones; who administers them; figures."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Concat, Substr

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.errors import InvalidValue
from jiuzhu.rooms.organization.actions.steps import local_day, lock, missing, news, one_step
from jiuzhu.rooms.organization.models import (
    Administration,
    Appointment,
    Division,
    DivisionFigures,
    LeadingGroup,
    NearRelativeFiling,
    Office,
    Post,
    PurchasedService,
    Staff,
)
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.rules import divisions as rules
from jiuzhu.rooms.organization.rules.names import english_place, initials
from jiuzhu.rooms.organization.rules.reasons import Reason, refuse
from jiuzhu.rooms.organization.states import DivisionKind

_CARRIED: tuple[type[Office | Post | Staff | Appointment | NearRelativeFiling | PurchasedService], ...] = (
    Office,
    Post,
    Staff,
    Appointment,
    NearRelativeFiling,
    PurchasedService,
)


def create_division(
    *,
    actor: Actor,
    at: datetime,
    code: DivisionCode,
    name: str,
    valid_from: date,
    basis: str,
    name_en: str = "",
    urban_rural: str = "",
) -> int:
    """Create a statutory division under the one its code names; returns the id of the version.

    Raises:
        PermissionRefused, OutOfScope, RuleRefused (code in use, no division above, name taken), InvalidValue.
    """
    with one_step(actor, Permission.DIVISION_CHANGE):
        actor.require_scope(code)
        _require_basis(basis)
        lock("division")
        refuse(_against_creating(code, name, valid_from))
        row = _insert(code, name, name_en, valid_from, basis, DivisionKind.STATUTORY, urban_rural)
        _tell(actor, at, "created", code, {"valid_from": valid_from.isoformat()})
        return row.id


def add_functional_zone(
    *,
    actor: Actor,
    at: datetime,
    city: DivisionCode,
    name: str,
    valid_from: date,
    basis: str,
    name_en: str = "",
    code: DivisionCode | None = None,
) -> DivisionCode:
    """Add a functional zone at county level and return its code; without `code` the city's first free number.

    Raises:
        PermissionRefused, OutOfScope, RuleRefused (a code of GB/T 2260, no number left, name taken), InvalidValue.
    """
    with one_step(actor, Permission.ZONE_ADD):
        actor.require_scope(city)
        _require_basis(basis)
        lock("division")
        used = [
            (DivisionCode(value), kind)
            for value, kind in Division.objects.filter(_inside(city), level=DivisionLevel.COUNTY).values_list(
                "code", "kind"
            )
        ]
        wanted = code or rules.free_zone_code(city, [one for one, _ in used])
        if wanted is None:
            refuse([Reason("organization.zone.full", "没有可用的县级序号，请核对", "There is no county number left.")])
            raise AssertionError
        statutory = [one for one, kind in used if kind == DivisionKind.STATUTORY]
        refuse([*rules.against_zone_code(wanted, city, statutory), *_against_creating(wanted, name, valid_from)])
        _insert(wanted, name, name_en, valid_from, basis, DivisionKind.FUNCTIONAL_ZONE, "")
        _tell(actor, at, "zone_added", wanted, {"valid_from": valid_from.isoformat()})
        return wanted


def rename_division(
    *, actor: Actor, at: datetime, code: DivisionCode, name: str, day: date, basis: str, name_en: str = ""
) -> int:
    """Let a division bear another name from `day` on; returns the id of the new version.

    Raises:
        PermissionRefused, OutOfScope, RuleRefused, InvalidValue.
    """
    with one_step(actor, Permission.DIVISION_CHANGE):
        actor.require_scope(code)
        _require_basis(basis)
        lock("division")
        own = _versions(code)
        refuse([*_against_future(day, at), *rules.against_renaming(name, day, own=own, siblings=_siblings(code))])
        old = Division.objects.get(in_force(day), code=code.value)
        Division.objects.filter(pk=old.pk).update(valid_to=day, end_basis=basis)
        row = _insert(code, name, name_en, day, basis, DivisionKind(old.kind), old.urban_rural)
        below = Division.objects.filter(_below(code), in_force(day))
        below.update(full_name=Concat(Value(row.full_name), Substr("full_name", len(old.full_name) + 1)))
        _tell(actor, at, "renamed", code, {"day": day.isoformat()})
        return row.id


def close_division(
    *,
    actor: Actor,
    at: datetime,
    code: DivisionCode,
    day: date,
    basis: str,
    successor: DivisionCode | None = None,
) -> None:
    """End a division that holds no other; what belonged to it goes to `successor` when there is one.

    Raises:
        PermissionRefused, OutOfScope, RuleRefused (divisions left in it, offices without a successor), InvalidValue.
    """
    with one_step(actor, Permission.DIVISION_CHANGE):
        _close(actor, at, [code], day, basis, successor, {})


def merge_divisions(
    *,
    actor: Actor,
    at: datetime,
    sources: Collection[DivisionCode],
    into: DivisionCode,
    day: date,
    basis: str,
    moved: Mapping[DivisionCode, DivisionCode] | None = None,
) -> None:
    """Merge divisions into another of the same level; `moved` gives every division below the sources its new code.

    Offices, posts, staff and their records follow to the new codes; other rooms follow the event.

    Raises:
        PermissionRefused, OutOfScope, RuleRefused (levels, overlap, cycle, divisions left behind), InvalidValue.
    """
    with one_step(actor, Permission.DIVISION_CHANGE):
        if not sources:
            raise InvalidValue(
                "organization.division.sources",
                "请选择被合并的区划",
                "Choose the divisions to merge.",
                field="sources",
            )
        _close(actor, at, list(dict.fromkeys(sources)), day, basis, into, dict(moved or {}))


def set_administration(
    *, actor: Actor, at: datetime, division: DivisionCode, office_code: str, day: date, basis: str
) -> int:
    """Name the office that administers a division from `day` on, in place of the one before; returns the row's id.

    Raises:
        PermissionRefused, OutOfScope, NotFound, RuleRefused (the day lies before the present one began), InvalidValue.
    """
    with one_step(actor, Permission.ZONE_ADD):
        actor.require_scope(division)
        _require_basis(basis)
        lock("administration")
        office = Office.objects.filter(in_force(day), code=office_code).first()
        if office is None:
            raise missing(f"机构{office_code}", f"office ({office_code})")
        if not Division.objects.filter(in_force(day), code=division.value).exists():
            raise missing(f"区划{division}", f"division ({division})")
        last = Administration.objects.filter(division_code=division.value).order_by("-valid_from").first()
        if last is not None and last.valid_from >= day:
            refuse(
                [
                    Reason(
                        "organization.administration.order",
                        f"现行管理机构自{last.valid_from}起，新的日期应在其后",
                        f"The present body administers it from {last.valid_from}; choose a later day.",
                        field="day",
                    )
                ]
            )
        Administration.objects.filter(division_code=division.value, valid_to=None).update(valid_to=day)
        row = Administration.objects.create(
            division_code=division.value, office=office, valid_from=day, basis=basis.strip()
        )
        _tell(actor, at, "administration_set", division, {"office_id": office.id, "day": day.isoformat()})
        return row.id


def record_figures(
    *,
    actor: Actor,
    at: datetime,
    division: DivisionCode,
    as_of: date,
    population: int,
    source: str,
    service_radius_m: int | None = None,
) -> None:
    """Record a division's population and service radius as of a day; a second record for the day replaces the first.

    Raises:
        PermissionRefused, OutOfScope, NotFound, InvalidValue (negative, no source, a day to come).
    """
    with one_step(actor, Permission.FIGURES_RECORD):
        actor.require_scope(division)
        if population < 0 or (service_radius_m is not None and service_radius_m <= 0):
            raise InvalidValue(
                "organization.figures.range",
                "人口不能为负数，服务半径应大于0米，请核对",
                "The population cannot be negative and the radius is above 0 m; check them.",
                field="population" if population < 0 else "service_radius_m",
            )
        if not source.strip():
            raise InvalidValue(
                "organization.figures.source", "请填写数据来源", "Name the source of the figures.", field="source"
            )
        if as_of > local_day(at):
            raise InvalidValue(
                "organization.figures.future",
                "截至日期不能晚于今天，请核对",
                "The day of the figures cannot lie in the future; check it.",
                field="as_of",
            )
        if not Division.objects.filter(in_force(as_of), code=division.value).exists():
            raise missing(f"区划{division}", f"division ({division})")
        DivisionFigures.objects.update_or_create(
            division_code=division.value,
            as_of=as_of,
            defaults={"population": population, "service_radius_m": service_radius_m, "source": source.strip()},
        )
        _tell(actor, at, "figures_recorded", division, {"as_of": as_of.isoformat()})


def _close(
    actor: Actor,
    at: datetime,
    sources: list[DivisionCode],
    day: date,
    basis: str,
    successor: DivisionCode | None,
    moved: dict[DivisionCode, DivisionCode],
) -> None:
    for code in (*sources, *([successor] if successor else [])):
        actor.require_scope(code)
    _require_basis(basis)
    lock("division")
    reasons = list(_against_future(day, at))
    successor_versions = _versions(successor) if successor else ()
    for code in sources:
        reasons += rules.against_closing(
            code,
            day,
            own=_versions(code),
            below=_read(Division.objects.filter(_below(code))),
            successor=successor,
            successor_versions=successor_versions,
            moved=moved,
        )
    if successor in sources:
        reasons.append(
            Reason("organization.division.cycle", "区划不能并入自身，请核对", "A division cannot merge into itself.")
        )
    if moved and successor is not None:
        existing = {version.code for version in _read(Division.objects.filter(_inside(successor)))}
        reasons += rules.against_moving(moved, sources, successor, existing=existing)
    if successor is None and any(_holds_anything(code, day) for code in sources):
        reasons.append(
            Reason(
                "organization.division.offices_left",
                "该区划还有机构、岗位或人员，请指定承继区划或先撤销",
                "There are still offices, posts or staff in the division; name a successor or close them first.",
                field="successor",
            )
        )
    refuse(list(dict.fromkeys(reasons)))
    _end_and_move(sources, day, basis, successor, moved)
    for code in sources:
        _tell(actor, at, "closed", code, {"day": day.isoformat(), "successor": str(successor) if successor else None})
    for before, after in moved.items():
        _tell(actor, at, "closed", before, {"day": day.isoformat(), "successor": str(after)})


def _end_and_move(
    sources: list[DivisionCode],
    day: date,
    basis: str,
    successor: DivisionCode | None,
    moved: dict[DivisionCode, DivisionCode],
) -> None:
    after = {code.value: successor.value if successor else "" for code in sources}
    after.update({before.value: new.value for before, new in moved.items()})
    rows = list(Division.objects.filter(in_force(day), code__in=after))
    closing = Case(*(When(code=code, then=Value(new)) for code, new in after.items()), default=Value(""))
    Division.objects.filter(pk__in=[row.pk for row in rows]).update(
        valid_to=day, end_basis=basis.strip(), successor_code=closing
    )
    by_code = {row.code: row for row in rows}
    for before, new in sorted(moved.items(), key=lambda pair: pair[1].level):
        old = by_code[before.value]
        _insert(new, old.name, old.name_en, day, basis, DivisionKind(old.kind), old.urban_rural)
    if successor is None:
        return
    LeadingGroup.objects.filter(division_code__in=after, valid_to=None, valid_from__lt=day).update(valid_to=day)
    target = Case(*(When(division_code=code, then=Value(new)) for code, new in after.items()))
    for model in _CARRIED:
        model.objects.filter(division_code__in=after).update(division_code=target)
    Administration.objects.filter(division_code__in=after, valid_to=None, valid_from__lt=day).update(valid_to=day)


def _holds_anything(code: DivisionCode, day: date) -> bool:
    lo, hi = code.range
    inside = Q(division_code__gte=lo, division_code__lt=hi)
    return (
        Office.objects.filter(in_force(day), inside).exists()
        or Post.objects.filter(in_force(day), inside).exists()
        or Staff.objects.filter(inside).exists()
    )


def _insert(
    code: DivisionCode, name: str, name_en: str, day: date, basis: str, kind: DivisionKind, urban_rural: str
) -> Division:
    parent = Division.objects.filter(in_force(day), code=str(code.parent)).first()
    name = name.strip()
    return Division.objects.create(
        code=code.value,
        name=name,
        name_en=name_en.strip() or english_place(name, code.level),
        full_name=(parent.full_name if parent else "") + name,
        initials=initials(name),
        level=int(code.level),
        parent_code=str(code.parent) if parent else "",
        kind=kind.value,
        urban_rural=urban_rural,
        valid_from=day,
        basis=basis.strip(),
    )


def _against_creating(code: DivisionCode, name: str, day: date) -> tuple[Reason, ...]:
    parent = _versions(code.parent) if code.parent else ()
    return rules.against_creating(code, name.strip(), day, own=_versions(code), parent=parent, siblings=_siblings(code))


def _against_future(day: date, at: datetime) -> tuple[Reason, ...]:
    if day <= local_day(at):
        return ()
    return (
        Reason(
            "organization.division.future",
            "生效日期不能晚于今天，请在生效当日或之后办理",
            "The change cannot begin later than today; make it on the day or after.",
            field="day",
        ),
    )


def _versions(code: DivisionCode) -> tuple[rules.Version, ...]:
    return _read(Division.objects.filter(code=code.value))


def _siblings(code: DivisionCode) -> tuple[rules.Version, ...]:
    return _read(Division.objects.filter(parent_code=str(code.parent)).exclude(code=code.value))


def _read(rows: Iterable[Division]) -> tuple[rules.Version, ...]:
    return tuple(rules.Version(DivisionCode(row.code), row.name, row.valid_from, row.valid_to) for row in rows)


def _inside(code: DivisionCode) -> Q:
    lo, hi = code.range
    return Q(code__gte=lo, code__lt=hi)


def _below(code: DivisionCode) -> Q:
    lo, hi = code.range
    return Q(code__gt=lo, code__lt=hi)


def _require_basis(basis: str) -> None:
    if not basis.strip():
        raise InvalidValue(
            "organization.basis",
            "请填写依据（文件名称或文号）",
            "Name the basis of the change (a document or its number).",
            field="basis",
        )


def _tell(
    actor: Actor, at: datetime, happened: str, code: DivisionCode, payload: Mapping[str, str | int | None]
) -> None:
    news(
        actor=actor,
        at=at,
        name=f"organization.division.{happened}",
        key=f"organization.division:{code}",
        division=code,
        payload={"code": str(code), **payload},
    )
