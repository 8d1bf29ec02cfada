"""Workforce against need: posts, people in them, residents per worker, villages with too few assistants (S15)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum
from django.db.models.functions import Substr

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.rooms.organization.models import Appointment, Division, DivisionFigures, Post
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.queries.divisions import DivisionView, public_children
from jiuzhu.rooms.organization.queries.periods import in_force
from jiuzhu.rooms.organization.rules.workforce import assistant_gap, persons_per_worker

_ASSISTANT = "village_assistant"


@dataclass(frozen=True, slots=True)
class WorkforceRow:
    """The workforce of one division. `population` and `service_radius_m` are None when no figures are on file."""

    division: DivisionView
    population: int | None
    service_radius_m: int | None
    figures_as_of: date | None
    headcount: int
    serving: int
    vacancies: int
    persons_per_worker: int | None
    villages: int
    assistants: int
    assistants_lacking: int
    villages_without: int
    villages_above: int


def workforce_gaps(*, actor: Actor, division: DivisionCode, at: date) -> tuple[WorkforceRow, ...]:
    """One row for each division directly below the given one (a village stands for itself), in order of code.

    The number of statements is the same whatever the size.

    Raises:
        PermissionRefused, OutOfScope.
    """
    actor.require(Permission.WORKFORCE_VIEW)
    actor.require_scope(division)
    children = public_children(division, at)
    if not children:
        return ()
    digits = max(len(child.code.prefix) for child in children)
    lo, hi = division.range
    inside = {"division_code__gte": lo, "division_code__lt": hi}
    posts = Post.objects.filter(in_force(at), **inside)
    appointments = Appointment.objects.filter(in_force(at), in_force(at, "post__"), revoked_at=None, **inside)
    headcount = dict(
        posts.annotate(place=Substr("division_code", 1, digits))
        .values_list("place")
        .annotate(Sum("headcount"))
        .order_by()
    )
    serving = dict(
        appointments.annotate(place=Substr("division_code", 1, digits))
        .values_list("place")
        .annotate(Count("staff_id", distinct=True))
        .order_by()
    )
    assistants: Counter[str] = Counter(
        dict(
            appointments.filter(post__role=_ASSISTANT)
            .values_list("division_code")
            .annotate(Count("staff_id", distinct=True))
            .order_by()
        )
    )
    villages: dict[str, list[str]] = {}
    for code in Division.objects.filter(
        in_force(at), level=int(DivisionLevel.VILLAGE), code__gte=lo, code__lt=hi
    ).values_list("code", flat=True):
        villages.setdefault(code[:digits], []).append(code)
    figures = {
        row.division_code: row
        for row in DivisionFigures.objects.filter(
            division_code__in=[child.code.value for child in children], as_of__lte=at
        ).order_by("as_of")
    }
    return tuple(
        _row(
            child,
            figures.get(child.code.value),
            headcount.get(child.code.value[:digits], 0),
            serving.get(child.code.value[:digits], 0),
            [assistants[code] for code in villages.get(child.code.value[:digits], [])],
        )
        for child in children
    )


def _row(
    child: DivisionView, figures: DivisionFigures | None, headcount: int, serving: int, assistants: list[int]
) -> WorkforceRow:
    gaps = [assistant_gap(count) for count in assistants]
    population = figures.population if figures else None
    return WorkforceRow(
        division=child,
        population=population,
        service_radius_m=figures.service_radius_m if figures else None,
        figures_as_of=figures.as_of if figures else None,
        headcount=headcount,
        serving=serving,
        vacancies=max(0, headcount - serving),
        persons_per_worker=persons_per_worker(population, serving),
        villages=len(assistants),
        assistants=sum(assistants),
        assistants_lacking=sum(gap for gap in gaps if gap > 0),
        villages_without=sum(1 for count in assistants if count == 0),
        villages_above=sum(1 for gap in gaps if gap < 0),
    )
