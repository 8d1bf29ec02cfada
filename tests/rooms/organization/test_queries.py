"""Reading: paging, search, workforce gaps, and a number of statements that does not grow with the rows."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rooms.organization.conftest import (
    AT,
    CITY,
    DAIMIAO,
    DONGHU,
    SHICHANG,
    TAISHAN,
    TODAY,
    appointed,
    office,
    person,
    post,
    setter,
    staff_actor,
)

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.models import Division, Office, OfficeName, Staff
from jiuzhu.rooms.organization.rules.workforce import assistant_gap, persons_per_worker
from jiuzhu.rooms.organization.states import EmploymentKind, GroupRole, NearRelation, OfficeKind, ProcurementMethod

pytestmark = pytest.mark.usefixtures("city")


def _crowd(office_id: int, numbers: range) -> None:
    Staff.objects.bulk_create(
        Staff(
            staff_number=f"N{number:04}",
            name=f"王{'秀' if number % 2 else '大'}{number}",
            initials=f"wx{number}",
            office_id=office_id,
            division_code=(DAIMIAO if number % 3 else DONGHU).value,
            employment=EmploymentKind.PUBLIC_INSTITUTION.value,
            registered_at=AT,
        )
        for number in numbers
    )


def test_paging_through_the_roll_gives_everyone_once_in_order() -> None:
    _crowd(office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK), range(25))
    seen: list[tuple[str, str]] = []
    after: tuple[str, str] | None = None
    while True:
        page = queries.staff_list(actor=setter(), at=TODAY, after=after, limit=10)
        seen += [(row.division.value, row.staff_number) for row in page.rows]
        after = page.next_after
        if after is None:
            break
    assert len(seen) == 25
    assert seen == sorted(set(seen))


def test_the_roll_is_searched_by_beginning_of_name_initials_or_number_inside_the_scope() -> None:
    desk = office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK)
    _crowd(desk, range(10))

    def found(text: str) -> int:
        return len(queries.staff_list(actor=setter(), at=TODAY, text=text).rows)

    assert (found("王秀"), found("王"), found("N0003"), found("WX1"), found("秀"), found("%")) == (5, 10, 1, 1, 0, 0)
    assistant = staff_actor("township_clerk", DAIMIAO)
    with acting(assistant):
        assert len(queries.staff_list(actor=assistant, at=TODAY, division=DONGHU).rows) == 4


def test_offices_are_paged_by_code_and_only_where_asked() -> None:
    for number in range(5):
        office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK, code=f"desk{number}")
    office(DONGHU, OfficeKind.STATION)
    first = queries.offices_by_division(actor=setter(), division=DAIMIAO, at=TODAY, limit=3)
    rest = queries.offices_by_division(actor=setter(), division=DAIMIAO, at=TODAY, after=first.next_after, limit=3)
    assert [one.code for one in (*first.offices, *rest.offices)] == [f"desk{number}" for number in range(5)]
    assert rest.next_after is None
    below = queries.offices_by_division(
        actor=setter(), division=TAISHAN, at=TODAY, kinds=[OfficeKind.STATION], with_below=True
    )
    assert [one.division for one in below.offices] == [DONGHU]


def test_workforce_shows_villages_without_and_above_and_residents_per_worker() -> None:
    station = office(DONGHU, OfficeKind.STATION)
    desk = office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK)
    assistants = post(station, "village_assistant", DONGHU)
    more = post(station, "village_assistant", DONGHU, code="more")
    for number in range(3):
        appointed(person(station, f"V{number}"), assistants if number < 2 else more)
    appointed(person(desk, "T1"), post(desk, "township_clerk", DAIMIAO))
    actions.record_figures(
        actor=setter(), at=AT, division=DAIMIAO, as_of=TODAY, population=1001, source="公报", service_radius_m=2500
    )
    (row, _) = queries.workforce_gaps(actor=setter(), division=TAISHAN, at=TODAY)
    assert row.division.code == DAIMIAO
    assert (row.headcount, row.serving, row.vacancies) == (6, 4, 2)
    assert (row.villages, row.assistants, row.villages_without, row.villages_above) == (2, 3, 1, 1)
    assert (row.assistants_lacking, row.persons_per_worker, row.service_radius_m) == (1, 251, 2500)
    by_village = {row.division.code: row for row in queries.workforce_gaps(actor=setter(), division=DAIMIAO, at=TODAY)}
    assert by_village[DONGHU].villages_above == 1
    assert by_village[SHICHANG].villages_without == 1


@pytest.mark.parametrize(("assistants", "gap"), [(0, 1), (1, 0), (2, 0), (3, -1)])
def test_a_village_with_one_or_two_assistants_has_no_gap(assistants: int, gap: int) -> None:
    assert assistant_gap(assistants) == gap


def test_residents_per_worker_are_unknown_without_figures_or_workers() -> None:
    assert persons_per_worker(None, 3) is None
    assert persons_per_worker(100, 0) is None
    assert persons_per_worker(100, 3) == 34


def _grow(size: int) -> None:
    """Add `size` of everything that is listed."""
    start = Staff.objects.count()
    desk = Office.objects.filter(code="desk").values_list("id", flat=True).first() or office(
        DAIMIAO, OfficeKind.ONE_WINDOW_DESK, code="desk"
    )
    for number in range(start, start + size):
        post_id = post(desk, "township_clerk", DAIMIAO, code=f"p{number}")
        someone = person(desk, f"S{number}")
        appointed(someone, post_id)
        actions.file_near_relative(
            actor=setter(), at=AT, staff_id=someone.staff_id, relative_name="王大山", relation=NearRelation.CHILD
        )
        office(DONGHU, OfficeKind.STATION, code=f"station{number}")
        actions.record_purchased_service(
            actor=setter(),
            at=AT,
            division=TAISHAN,
            code=f"GM{number}",
            name="走访",
            content="走访",
            method=ProcurementMethod.INQUIRY,
            procedure_note="询价",
            budget_fen=1,
        )
        village = DivisionCode(f"3709020013{number:02}")
        actions.create_division(
            actor=setter(), at=AT, code=village, name=f"新村{number}", valid_from=date(2026, 1, 1), basis="x"
        )


def test_the_number_of_statements_does_not_grow_with_the_rows() -> None:
    head = actions.Seat(GroupRole.HEAD, "张建国", "区长", is_principal=True)
    for division in (TAISHAN, DAIMIAO):
        actions.form_leading_group(
            actor=setter(), at=AT, division=division, name="x", document_number="x", day=TODAY, seats=[head]
        )
    _grow(2)
    desk = Office.objects.get(code="desk").id
    staff = Staff.objects.order_by("id").values_list("id", flat=True)[0]
    readers: dict[str, tuple[int, Callable[[], object]]] = {
        "division_tree": (2, lambda: queries.division_tree(actor=setter(), at=TODAY, code=DAIMIAO)),
        "search": (1, lambda: queries.public_search_divisions("新村", TODAY)),
        "offices": (1, lambda: queries.offices_by_division(actor=setter(), division=CITY, at=TODAY, with_below=True)),
        "office_detail": (3, lambda: queries.office_detail(actor=setter(), office_id=desk, at=TODAY)),
        "posts": (2, lambda: queries.posts_by_division(actor=setter(), division=CITY, at=TODAY, with_below=True)),
        "places": (1, lambda: queries.public_service_places(DONGHU, TODAY)),
        "places_below": (1, lambda: queries.public_service_places_below(DAIMIAO, TODAY)),
        "staff_list": (3, lambda: queries.staff_list(actor=setter(), at=TODAY)),
        "staff_detail": (4, lambda: queries.staff_detail(actor=setter(), staff_id=staff, at=TODAY)),
        "filings": (1, lambda: queries.near_relative_filings(actor=setter())),
        "services": (1, lambda: queries.purchased_services(actor=setter())),
        "groups": (2, lambda: queries.leading_groups(actor=setter(), division=CITY, at=TODAY)),
        "duties": (2, lambda: queries.duties_by_clause(actor=setter(), at=TODAY)),
        "workforce": (6, lambda: queries.workforce_gaps(actor=setter(), division=CITY, at=TODAY)),
    }
    for _ in range(2):
        for name, (statements, read) in readers.items():
            with CaptureQueriesContext(connection) as captured:
                read()
            assert len(captured) == statements, name
        _grow(3)


def test_a_reader_outside_any_scope_sees_what_is_public_and_nothing_else() -> None:
    _crowd(office(DAIMIAO, OfficeKind.ONE_WINDOW_DESK, name="岱庙窗口"), range(3))
    assert OfficeName.objects.filter(name="岱庙窗口").exists()
    village = staff_actor("village_assistant", DONGHU)
    with acting(village):
        assert [place.name for place in queries.public_service_places(DONGHU, TODAY)] == ["岱庙窗口"]
        assert Staff.objects.count() == 1
        assert Division.objects.filter(code=CITY.value).exists()
