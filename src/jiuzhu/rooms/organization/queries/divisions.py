"""Reading the division tree: children, path, search, versions, successors, who administers a place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import COUNTRY, DivisionCode, DivisionLevel
from jiuzhu.core.errors import NotFound
from jiuzhu.rooms.organization.models import Administration, Division
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.states import DivisionKind


@dataclass(frozen=True, slots=True)
class DivisionView:
    """A division as it is on a day. `has_children` is false where it was not asked for."""

    code: DivisionCode
    name: str
    name_en: str
    full_name: str
    level: DivisionLevel
    kind: DivisionKind
    urban_rural: str
    valid_from: date | None
    valid_to: date | None
    successor: DivisionCode | None
    basis: str
    has_children: bool = False


@dataclass(frozen=True, slots=True)
class DivisionNode:
    """A division with the ones directly below it, and the path from the top of the actor's area."""

    division: DivisionView
    path: tuple[DivisionView, ...]
    children: tuple[DivisionView, ...]


@dataclass(frozen=True, slots=True)
class AdministeringOffice:
    """The office that administers a division, the division for which that was decided, and on what basis."""

    office_id: int
    office_code: str
    division: DivisionCode
    valid_from: date
    basis: str


def division_tree(*, actor: Actor, at: date, code: DivisionCode | None = None) -> DivisionNode:
    """A node of the tree inside the actor's area; without `code` its top. Children load one level at a time.

    Raises:
        PermissionRefused, OutOfScope (outside the area), NotFound (not in force).
    """
    actor.require(Permission.DIVISION_VIEW)
    top = actor.scope.division
    if top is None:
        raise OutOfScope
    wanted = code or top
    actor.require_scope(wanted)
    if wanted == COUNTRY:
        wanted = _only_city(at)
    path = tuple(one for one in public_path(wanted, at) if top.contains(one.code))
    if not path or path[-1].code != wanted:
        raise _unknown(wanted)
    return DivisionNode(path[-1], path, public_children(wanted, at))


def public_division(code: DivisionCode, at: date) -> DivisionView:
    """A division in force on a day.

    Raises:
        NotFound: no such division on that day.
    """
    row = Division.objects.filter(in_force(at), code=code.value).first()
    if row is None:
        raise _unknown(code)
    return view_of(row)


def public_divisions(codes: Iterable[DivisionCode], at: date) -> dict[DivisionCode, DivisionView]:
    """Several divisions in force on a day by code, with one statement; unknown codes are left out."""
    wanted = {code.value for code in codes}
    rows = Division.objects.filter(in_force(at), code__in=wanted)
    return {DivisionCode(row.code): view_of(row) for row in rows}


def public_children(code: DivisionCode, at: date) -> tuple[DivisionView, ...]:
    """The divisions directly below one, in order of code, each telling whether it has any below."""
    rows = _with_children(Division.objects.filter(in_force(at), parent_code=code.value), at).order_by("code")
    return tuple(view_of(row) for row in rows)


def public_path(code: DivisionCode, at: date) -> tuple[DivisionView, ...]:
    """The divisions around one and itself, from the highest on file down."""
    found = public_divisions((*code.ancestors, code), at)
    return tuple(found[one] for one in (*code.ancestors, code) if one in found)


def public_search_divisions(
    text: str, at: date, *, within: DivisionCode = COUNTRY, limit: int = 20
) -> tuple[DivisionView, ...]:
    """Divisions whose name holds the text, or whose pinyin initials or code begin with it; higher levels first."""
    text = "".join(text.split())
    if not text:
        return ()
    lo, hi = within.range
    match = Q(name__contains=text)
    if text.isascii():
        match |= Q(initials__startswith=text.lower())
    if text.isascii() and text.isdigit():
        match |= Q(code__startswith=text)
    rows = Division.objects.filter(in_force(at), match, code__gte=lo, code__lt=hi).order_by("level", "code")
    return tuple(view_of(row) for row in rows[:limit])


def public_versions(code: DivisionCode) -> tuple[DivisionView, ...]:
    """All versions of a division, the oldest first; empty when the code was never used."""
    rows = Division.objects.filter(code=code.value)
    return tuple(view_of(row) for row in sorted(rows, key=lambda row: row.valid_from or date.min))


def public_successor(code: DivisionCode, at: date) -> DivisionCode | None:
    """Where a code leads on a day: itself while in force, else what followed it; None when nothing did."""
    seen: set[DivisionCode] = set()
    wanted: DivisionCode | None = code
    while wanted is not None and wanted not in seen:
        seen.add(wanted)
        rows = list(Division.objects.filter(code=wanted.value).order_by("-valid_to"))
        if any((row.valid_from or date.min) <= at and (row.valid_to is None or at < row.valid_to) for row in rows):
            return wanted
        ended = [row for row in rows if row.valid_to is not None and row.valid_to <= at and row.successor_code]
        wanted = DivisionCode(ended[0].successor_code) if ended else None
    return None


def public_administering_office(code: DivisionCode, at: date) -> AdministeringOffice | None:
    """The office named to administer a division or, nearest first, one around it; None means its own government."""
    around = [one.value for one in (*code.ancestors, code)]
    rows = Administration.objects.filter(in_force(at), division_code__in=around).select_related("office")
    row = max(rows, key=lambda row: DivisionCode(row.division_code).level, default=None)
    if row is None:
        return None
    return AdministeringOffice(
        row.office_id, row.office.code, DivisionCode(row.division_code), row.valid_from, row.basis
    )


def view_of(row: Division) -> DivisionView:
    """The view of one row."""
    return DivisionView(
        code=DivisionCode(row.code),
        name=row.name,
        name_en=row.name_en,
        full_name=row.full_name,
        level=DivisionLevel(row.level),
        kind=DivisionKind(row.kind),
        urban_rural=row.urban_rural,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        successor=DivisionCode(row.successor_code) if row.successor_code else None,
        basis=row.basis,
        has_children=getattr(row, "has_children", False),
    )


def _with_children(rows: QuerySet[Division], at: date) -> QuerySet[Division]:
    below = Division.objects.filter(in_force(at), parent_code=OuterRef("code"))
    return rows.annotate(has_children=Exists(below))


def _only_city(at: date) -> DivisionCode:
    found = Division.objects.filter(in_force(at)).order_by("level", "code").values_list("code", flat=True).first()
    if found is None:
        raise NotFound(
            "organization.division.none", "尚未装载区划，请先装载", "No divisions are loaded yet; load them."
        )
    return DivisionCode(found)


def _unknown(code: DivisionCode) -> NotFound:
    return NotFound(
        "organization.division.unknown",
        f"没有区划{code}，或该日期尚未设立、已经撤销，请核对",
        f"There is no division {code} on that day; check the code and the date.",
    )
