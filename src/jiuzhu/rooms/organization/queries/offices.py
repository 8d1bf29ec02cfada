"""Reading offices: of a division, in detail with their posts, and the places the public goes to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.rooms.organization.models import Appointment, Office, OfficeName, Post
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.queries.refusals import unknown
from jiuzhu.rooms.organization.states import OfficeKind

_NETWORK = (OfficeKind.STATION, OfficeKind.ONE_WINDOW_DESK, OfficeKind.SERVICE_CENTRE)


@dataclass(frozen=True, slots=True)
class OfficeView:
    """An office under the name it bears on a day."""

    id: int
    code: str
    kind: OfficeKind
    level: DivisionLevel
    division: DivisionCode
    department_code: str
    is_outside: bool
    name: str
    name_en: str
    address: str
    phone: str
    hours: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class NameView:
    """A name of an office over a time; `date_confirmed` is false while the day of change awaits confirmation."""

    name: str
    name_en: str
    valid_from: date | None
    valid_to: date | None
    basis: str
    date_confirmed: bool


@dataclass(frozen=True, slots=True)
class HolderView:
    """Who serves in a post."""

    staff_id: int
    name: str
    staff_number: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class PostView:
    """A post of an office with the people who serve in it on the day; `vacancies` is what the headcount leaves."""

    id: int
    code: str
    office_id: int
    title: str
    title_en: str
    role: str
    division: DivisionCode
    headcount: int
    vacancies: int
    holders: tuple[HolderView, ...]


@dataclass(frozen=True, slots=True)
class PostPage:
    """A page of posts; `next_after` is the code to go on from, None at the end."""

    posts: tuple[PostView, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class OfficeDetail:
    """An office with its names over time, what follows it, and the posts the actor may see."""

    office: OfficeView
    names: tuple[NameView, ...]
    successor_id: int | None
    basis: str
    posts: tuple[PostView, ...]


@dataclass(frozen=True, slots=True)
class OfficePage:
    """A page of offices; `next_after` is the code to go on from, None at the end."""

    offices: tuple[OfficeView, ...]
    next_after: str | None


def offices_by_division(
    *,
    actor: Actor,
    division: DivisionCode,
    at: date,
    kinds: Collection[OfficeKind] | None = None,
    text: str = "",
    with_below: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> OfficePage:
    """Offices of a division in order of code; `with_below` takes in the divisions below it.

    `text` is a part of a name, or the beginning of a code.

    Raises:
        PermissionRefused, OutOfScope.
    """
    actor.require(Permission.OFFICE_VIEW)
    actor.require_scope(division)
    lo, hi = division.range
    place = (
        Q(office__division_code__gte=lo, office__division_code__lt=hi) if with_below else Q(office__division_code=lo)
    )
    rows = _named(at).filter(place)
    if kinds is not None:
        rows = rows.filter(office__kind__in=[kind.value for kind in kinds])
    if text := text.strip():
        rows = rows.filter(Q(name__icontains=text) | Q(name_en__icontains=text) | Q(office__code__istartswith=text))
    if after is not None:
        rows = rows.filter(office__code__gt=after)
    found = [_view(row) for row in rows.order_by("office__code")[: limit + 1]]
    return OfficePage(tuple(found[:limit]), found[limit - 1].code if len(found) > limit else None)


def office_detail(*, actor: Actor, office_id: int, at: date) -> OfficeDetail:
    """An office with names and posts.

    Raises:
        PermissionRefused, OutOfScope, NotFound.
    """
    actor.require(Permission.OFFICE_VIEW)
    names = list(OfficeName.objects.filter(office_id=office_id).select_related("office"))
    if not names:
        raise unknown("机构", "office")
    office = names[0].office
    actor.require_scope(office.division_code)
    names.sort(key=lambda name: name.valid_from or date.min)
    on_the_day = [
        name for name in names if (name.valid_from or date.min) <= at and (name.valid_to is None or at < name.valid_to)
    ]
    posts: list[Post] = []
    if actor.may(Permission.POST_VIEW):
        posts = list(Post.objects.filter(in_force(at), office_id=office_id).order_by("code"))
    return OfficeDetail(
        office=_view((on_the_day or names)[-1]),
        names=tuple(
            NameView(name.name, name.name_en, name.valid_from, name.valid_to, name.basis, name.date_confirmed)
            for name in names
        ),
        successor_id=office.successor_id,
        basis=office.basis,
        posts=_with_holders(posts, at),
    )


def office_by_code(*, actor: Actor, code: str, at: date) -> OfficeView:
    """An office in force by its code.

    Raises:
        PermissionRefused, OutOfScope, NotFound.
    """
    actor.require(Permission.OFFICE_VIEW)
    row = _named(at).filter(office__code=code).first()
    if row is None:
        raise unknown(f"机构{code}", f"office ({code})")
    actor.require_scope(row.office.division_code)
    return _view(row)


def public_offices_of_department(department_code: str, at: date) -> tuple[OfficeView, ...]:
    """All offices of a department in force on a day, in order of division."""
    rows = _named(at).filter(office__department_code=department_code).order_by("office__division_code", "office__code")
    return tuple(_view(row) for row in rows)


def public_service_places(division: DivisionCode, at: date) -> tuple[OfficeView, ...]:
    """Where people of a division can go: station, desk of the township, service centre; the nearest first."""
    around = [one.value for one in (*division.ancestors, division)]
    rows = _named(at).filter(office__division_code__in=around, office__kind__in=[kind.value for kind in _NETWORK])
    return tuple(_view(row) for row in rows.order_by("-office__level", "office__code"))


def public_service_places_below(division: DivisionCode, at: date) -> tuple[OfficeView, ...]:
    """The places of the divisions directly below one: the desks of a county, the stations of a township."""
    lo, hi = division.range
    level = int(division.level) + 1
    rows = _named(at).filter(
        office__division_code__gte=lo,
        office__division_code__lt=hi,
        office__level=level,
        office__kind__in=[kind.value for kind in _NETWORK],
    )
    return tuple(_view(row) for row in rows.order_by("office__code"))


def posts_by_division(
    *,
    actor: Actor,
    division: DivisionCode,
    at: date,
    with_below: bool = False,
    role: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> PostPage:
    """Posts that serve a division in order of code, with who serves in them; `with_below` takes in those below it.

    Raises:
        PermissionRefused, OutOfScope.
    """
    actor.require(Permission.POST_VIEW)
    actor.require_scope(division)
    lo, hi = division.range
    place = Q(division_code__gte=lo, division_code__lt=hi) if with_below else Q(division_code=lo)
    rows = Post.objects.filter(in_force(at), place)
    if role is not None:
        rows = rows.filter(role=role)
    if after is not None:
        rows = rows.filter(code__gt=after)
    found = list(rows.order_by("code")[: limit + 1])
    return PostPage(_with_holders(found[:limit], at), found[limit - 1].code if len(found) > limit else None)


def _with_holders(posts: list[Post], at: date) -> tuple[PostView, ...]:
    holders: dict[int, list[HolderView]] = {}
    serving = Appointment.objects.filter(in_force(at), revoked_at=None, post_id__in=[post.id for post in posts])
    for row in serving.select_related("staff").order_by("valid_from", "id"):
        holder = HolderView(row.staff_id, row.staff.name, row.staff.staff_number, row.valid_from, row.valid_to)
        holders.setdefault(row.post_id, []).append(holder)
    return tuple(
        PostView(
            id=post.id,
            code=post.code,
            office_id=post.office_id,
            title=post.title,
            title_en=post.title_en,
            role=post.role,
            division=DivisionCode(post.division_code),
            headcount=post.headcount,
            vacancies=max(0, post.headcount - len(holders.get(post.id, ()))),
            holders=tuple(holders.get(post.id, ())),
        )
        for post in posts
    )


def _named(at: date) -> QuerySet[OfficeName]:
    return OfficeName.objects.filter(in_force(at), in_force(at, "office__")).select_related("office")


def _view(row: OfficeName) -> OfficeView:
    office: Office = row.office
    return OfficeView(
        id=office.id,
        code=office.code,
        kind=OfficeKind(office.kind),
        level=DivisionLevel(office.level),
        division=DivisionCode(office.division_code),
        department_code=office.department_code,
        is_outside=office.is_outside,
        name=row.name,
        name_en=row.name_en,
        address=office.address,
        phone=office.phone,
        hours=office.hours,
        valid_from=office.valid_from,
        valid_to=office.valid_to,
    )
