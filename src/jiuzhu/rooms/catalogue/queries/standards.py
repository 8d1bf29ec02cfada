"""Reading standards of assistance: their lists, and the figures in force as the engine takes them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.citations import Citation, LegalLevel
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.periods import Period
from jiuzhu.engine.kinds import Unit
from jiuzhu.engine.packs.parameters import PublishedValue
from jiuzhu.engine.problems import Place
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.catalogue.models import Standard
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.rules.standards import Floor
from jiuzhu.rooms.catalogue.states import StandardState

_LARGEST_PAGE = 200
_PUBLIC = (StandardState.PUBLISHED.value, StandardState.REPLACED.value)


@dataclass(frozen=True, slots=True)
class StandardView:
    """One standard; `value` is held in the last of `places` decimals of `unit`.

    `floors` are None before the approval, and empty when the packs state none and nothing was checked.
    """

    id: int
    division: DivisionCode
    state: StandardState
    parameter: str
    unit: Unit
    places: int
    value: int
    period: Period
    reasoning: str
    proposed_at: datetime
    proposed_by_account: int | None
    proposed_by_name: str
    consulted_whom: str
    consulted_result: str
    consulted_at: datetime | None
    consulted_by_name: str
    floors: tuple[Floor, ...] | None
    approved_at: datetime | None
    approved_by_name: str
    document_title: str
    document_number: str
    published_at: datetime | None
    published_by_name: str
    drop_reason: str
    replaced_by_id: int | None

    def as_published(self) -> PublishedValue:
        """The figure as it is laid over the packs, resting on its document.

        Raises:
            ValueError: it has not been published.
        """
        if self.state.value not in _PUBLIC:
            raise ValueError(f"standard {self.id} has not been published")
        is_city = self.division.level is DivisionLevel.CITY
        level = LegalLevel.CITY_DOCUMENT if is_city else LegalLevel.COUNTY_DOCUMENT
        basis = Citation(self.document_title, self.document_number, None, level, self.period.start)
        place = Place(f"catalogue.standard:{self.id}", 1, 1)
        return PublishedValue(
            self.parameter, self.division.prefix, self.period, self.unit, self.places, self.value, (basis,), place
        )


@dataclass(frozen=True, slots=True)
class StandardPage:
    """Standards, the newest first; `next_after` is the id to go on from, None at the end."""

    rows: tuple[StandardView, ...]
    next_after: int | None


def standards(
    *,
    actor: Actor,
    at: datetime,
    state: StandardState | None = None,
    parameter: str = "",
    division: DivisionCode | None = None,
    after: int | None = None,
    size: int = 50,
) -> StandardPage:
    """A page of the standards that the actor may see: all that were published, and the proposals of the own area.

    Raises:
        PermissionRefused: the actor may not see standards.
        InvalidValue: the page is too large.
    """
    actor.require(Permission.STANDARD_VIEW)
    if not 1 <= size <= _LARGEST_PAGE:
        raise InvalidValue("page.size", f"每页1至{_LARGEST_PAGE}条", f"1 to {_LARGEST_PAGE} rows a page.", field="size")
    wanted = Q()
    if state is not None:
        wanted &= Q(state=state.value)
    if parameter:
        wanted &= Q(parameter=parameter)
    if division is not None:
        lo, hi = division.range
        wanted &= Q(division_code__gte=lo, division_code__lt=hi)
    if after is not None:
        wanted &= Q(id__lt=after)
    with acting(actor, today=at.date()):
        found = list(Standard.objects.filter(wanted).order_by("-id")[: size + 1])
    rows = tuple(map(view_of, found[:size]))
    return StandardPage(rows, rows[-1].id if len(found) > size else None)


def standard(*, actor: Actor, at: datetime, standard_id: int) -> StandardView:
    """One standard.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.STANDARD_VIEW)
    with acting(actor, today=at.date()):
        row = Standard.objects.filter(pk=standard_id).first()
    if row is None:
        raise OutOfScope
    return view_of(row)


def standards_in_force(*, actor: Actor, on: date, division: DivisionCode) -> tuple[StandardView, ...]:
    """The published standards of a day that hold for a place or for parts of it; everyone may know them.

    By parameter, the wider place first; where a part has its own, that one goes before.
    """
    with acting(actor, today=on):
        until = Q(valid_to=None) | Q(valid_to__gt=on)
        return tuple(map(view_of, _published(division).filter(until, valid_from__lte=on)))


def published_standards(*, actor: Actor, division: DivisionCode) -> tuple[StandardView, ...]:
    """All published standards, past and to come, that hold for a place or for parts of it; everyone may know them.

    `as_published` of each and `with_standards` lay them over packs.
    """
    with acting(actor):
        return tuple(map(view_of, _published(division)))


def all_published(*, actor: Actor) -> tuple[StandardView, ...]:
    """All published standards of every place, past and to come; everyone may know them."""
    with acting(actor):
        found = Standard.objects.filter(state__in=_PUBLIC)
        return tuple(map(view_of, found.order_by("parameter", "division_code", "valid_from")))


def _published(division: DivisionCode) -> QuerySet[Standard]:
    lo, hi = division.range
    around = [one.value for one in division.ancestors]
    place = Q(division_code__in=around) | Q(division_code__gte=lo, division_code__lt=hi)
    return Standard.objects.filter(place, state__in=_PUBLIC).order_by("parameter", "division_code", "valid_from")


def view_of(row: Standard) -> StandardView:
    """A row as a value."""
    return StandardView(
        id=row.pk,
        division=DivisionCode(row.division_code),
        state=StandardState(row.state),
        parameter=row.parameter,
        unit=Unit(row.unit),
        places=row.places,
        value=row.value,
        period=Period(row.valid_from, row.valid_to),
        reasoning=row.reasoning,
        proposed_at=row.proposed_at,
        proposed_by_account=row.proposed_by_account,
        proposed_by_name=row.proposed_by_name,
        consulted_whom=row.consulted_whom,
        consulted_result=row.consulted_result,
        consulted_at=row.consulted_at,
        consulted_by_name=row.consulted_by_name,
        floors=None if row.floors is None else tuple(map(Floor.from_plain, row.floors)),
        approved_at=row.approved_at,
        approved_by_name=row.approved_by_name,
        document_title=row.document_title,
        document_number=row.document_number,
        published_at=row.published_at,
        published_by_name=row.published_by_name,
        drop_reason=row.drop_reason,
        replaced_by_id=row.replaced_by_id,
    )
