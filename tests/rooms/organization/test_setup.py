"""Loading a new city: complete, repeatable, with the names of today."""

from datetime import date

import pytest
from tests.rooms.organization.conftest import AT, CITY, DAIMIAO, DONGHU, TODAY, setter, staff_actor

from jiuzhu.core.actors import PermissionRefused
from jiuzhu.core.divisions import DivisionLevel
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import actions, queries
from jiuzhu.rooms.organization.models import Division, Office, Post
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.organization.states import OfficeKind


@pytest.mark.slow
@pytest.mark.django_db
def test_a_new_city_is_loaded_whole_and_a_second_load_adds_nothing() -> None:
    with acting(setter()):
        first = actions.load_divisions(actor=setter(), at=AT)
        assert first.divisions == 3877
        levels = [row.level for row in Division.objects.all()]
        assert levels.count(int(DivisionLevel.COUNTY)) == 6
        assert levels.count(int(DivisionLevel.TOWNSHIP)) == 88
        assert levels.count(int(DivisionLevel.VILLAGE)) == 3782
        offices = actions.load_departments(actor=setter(), at=AT, city=CITY)
        network = actions.load_service_network(actor=setter(), at=AT, city=CITY, valid_from=date(2026, 7, 1))
        assert network.offices == 2 + 6 * 3 + 88 + 3782
        assert Office.objects.filter(kind=OfficeKind.STATION.value).count() == 3782
        assert Post.objects.filter(role="village_assistant", headcount__lte=2).count() == 3782
        assert offices.duties > 170
        assert set(Post.objects.values_list("role", flat=True)) == set(packaged_roles().roles)
        page = queries.posts_by_division(actor=setter(), division=DAIMIAO, at=TODAY, limit=2)
        rest = queries.posts_by_division(actor=setter(), division=DAIMIAO, at=TODAY, after=page.next_after)
        roles = {post.role for post in (*page.posts, *rest.posts)}
        assert roles == {"township_clerk", "township_reviewer", "township_head"}

        assert actions.load_divisions(actor=setter(), at=AT) == actions.Loaded()
        assert actions.load_departments(actor=setter(), at=AT, city=CITY) == actions.Loaded()
        again = actions.load_service_network(actor=setter(), at=AT, city=CITY, valid_from=date(2026, 7, 1))
        assert again == actions.Loaded()

        places = queries.public_service_places(DONGHU, TODAY)
        assert [place.name for place in places] == [
            "东湖社区社会救助工作站",
            "岱庙街道社会救助一窗受理窗口",
            "泰山区社会救助综合服务中心",
        ]
        assert places[0].name_en == "Donghu Community Social Assistance Station"
        below = queries.public_service_places_below(DAIMIAO, TODAY)
        assert {place.kind for place in below} == {OfficeKind.STATION}
        gaps = queries.workforce_gaps(actor=setter(), division=CITY, at=TODAY)
        assert sum(row.villages_without for row in gaps) == 3782
        assert sum(row.headcount for row in gaps) > 3782 * 2


@pytest.mark.usefixtures("city")
def test_departments_bear_the_documents_names_before_and_todays_names_now() -> None:
    actions.load_departments(actor=setter(), at=AT, city=CITY)
    then, now = date(2020, 6, 1), TODAY

    def name_of(department: str, day: date) -> list[str]:
        offices = queries.public_offices_of_department(department, day)
        return [office.name for office in offices if office.level is DivisionLevel.CITY]

    assert name_of("financial_regulation", then) == ["中国银行保险监督管理委员会泰安监管分局"]
    assert name_of("financial_regulation", now) == ["国家金融监督管理总局泰安监管分局"]
    assert name_of("data", then) == ["泰安市大数据中心"]
    assert name_of("data", now) == ["泰安市数据局"]
    assert name_of("poverty_alleviation", then) == ["泰安市扶贫开发领导小组办公室"]
    assert name_of("poverty_alleviation", now) == []
    closed = Office.objects.get(code="3709-poverty_alleviation")
    assert closed.successor is not None
    assert closed.successor.code == "3709-agriculture"


@pytest.mark.usefixtures("city")
def test_every_department_of_the_document_stands_in_the_duty_list_under_todays_name() -> None:
    actions.load_departments(actor=setter(), at=AT, city=CITY)
    clauses = {clause.clause: clause for clause in queries.duties_by_clause(actor=setter(), at=TODAY)}
    assert len(clauses) == 15
    assert len(clauses["二（三）2"].duties) == 18
    first = {duty.bearer_code: duty.bearer for duty in clauses["二（一）"].duties}
    assert len(first) == 16
    assert first["poverty_alleviation"] == "泰安市农业农村局"
    assert clauses["二（四）1"].demands == ("S14",)
    stations = [duty for duty in clauses["二（四）1"].duties if duty.bearer_code == "station"]
    assert len(stations) == 7


@pytest.mark.usefixtures("city")
def test_only_who_may_set_up_loads() -> None:
    with pytest.raises(PermissionRefused):
        actions.load_divisions(actor=staff_actor("city_officer", CITY), at=AT)
