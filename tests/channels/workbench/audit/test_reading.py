"""The audit trail as it is read (S15): by whom, in which words, filtered, page by page."""

from datetime import date

import pytest
from django.utils import translation
from tests.channels.conftest import AT, DONGHU, SmallCity

from jiuzhu.channels.workbench.audit import wording
from jiuzhu.core.actors import system_actor
from jiuzhu.groundwork.audit.models import AuditBlock
from jiuzhu.groundwork.audit.queries import audited_tables
from jiuzhu.groundwork.database.derive import record_models
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.records import History
from jiuzhu.rooms.organization import actions
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.states import OfficeKind

TRAIL = "/workbench/audit/"


def _open_offices(count: int) -> None:
    for number in range(count):
        actions.open_office(
            actor=system_actor("test", permissions=list(Permission)),
            at=AT,
            code=f"new-{number}",
            kind=OfficeKind.STATION,
            division=DONGHU,
            name=f"工作站{number}",
            phone="0538-5550101",
            valid_from=date(2026, 1, 1),
            basis="试验数据",
        )


def _newest(table: str) -> int:
    with acting(system_actor("test")):
        return AuditBlock.objects.filter(table_name=table).latest("id").pk


@pytest.mark.parametrize("persona", ["assistant", "clerk", "county", "leader", "department", "citizen"])
def test_only_who_audits_sees_the_trail(small_city: SmallCity, persona: str) -> None:
    assert small_city.auditor.client.get(TRAIL).status_code == 200
    assert getattr(small_city, persona).client.get(TRAIL).status_code == 403


def test_every_table_and_column_of_the_trail_has_a_name_for_people() -> None:
    tables = {model._meta.db_table: model for model in record_models() if model.history is not History.NONE}
    assert {table for table, _ in audited_tables()} == set(tables)
    nameless = [table for table, label in audited_tables() if wording.table_name(table, label).isascii()]
    assert nameless == []
    columns = [
        f"{table}.{field.column}"
        for table, model in tables.items()
        for field in model._meta.concrete_fields
        if field.column not in {None, "id"}
        and wording.column_name(str(field.column), str(field.verbose_name)).isascii()
    ]
    assert columns == []


def test_a_change_is_told_in_words_with_its_fields(small_city: SmallCity) -> None:
    _open_offices(1)
    page = small_city.auditor.client.get(f"{TRAIL}{_newest('organization_office')}/").content.decode()
    assert all(shown in page for shown in ("机构", "登记", "区划代码", str(DONGHU), "0538-5550101", "起始日期"))
    assert "<td>true" not in page
    assert small_city.auditor.client.get(f"{TRAIL}999999999/").status_code == 404


def _shown(value: str, table: str = "registry_fact", column: str = "value") -> str:
    return wording.shown(table, column, value)


def test_values_are_written_as_people_write_them() -> None:
    assert _shown("true") == "是"
    assert _shown("2026-11-25T22:37:18.49783+00:00") == "2026-11-26 06:37:18"
    assert _shown('["甲", "乙"]') == "甲、乙"
    assert _shown("[不是列表") == "[不是列表"
    assert _shown("2026-11-25Tuesday") == "2026-11-25Tuesday"
    assert _shown("") == ""


@pytest.mark.parametrize(
    ("table", "column", "code", "zh", "en"),
    [
        ("registry_authorisation", "department_code", "medical_security", "医疗保障部门", "Medical security"),
        (
            "registry_authorisation",
            "variables",
            '["home_count", "vehicle_count"]',
            "不动产套数、机动车数量",
            "Homes, Vehicles",
        ),
        ("registry_person", "sex", "2", "女", "female"),
        ("registry_fact", "source_kind", "declared", "申报", "declared"),
        ("registry_life_event", "kind", "death", "死亡", "Death"),
        ("registry_roll_import", "state", "uploaded", "待校验", "Waiting to be checked"),
        ("organization_post", "role", "township_clerk", "乡镇（街道）经办人员", "Township clerk"),
        ("organization_division", "level", "5", "村（社区）", "Village or community"),
    ],
)
def test_a_coded_value_is_shown_by_its_name_in_both_languages(
    table: str, column: str, code: str, zh: str, en: str
) -> None:
    assert _shown(code, table, column) == zh
    with translation.override("en"):
        assert _shown(code, table, column) == en


def test_a_code_that_nobody_knows_is_shown_as_it_is(db: None) -> None:
    for table, column in (("registry_person", "sex"), ("organization_post", "role"), ("registry_fact", "variable")):
        assert _shown("gone", table, column) == "gone"


def test_the_trail_is_filtered_and_turned_page_by_page(small_city: SmallCity) -> None:
    _open_offices(60)
    client = small_city.auditor.client
    wanted = {"table": "organization_office", "who": "test"}
    first = client.get(TRAIL, wanted).content.decode()
    assert first.count("<tr>") == 51
    assert "近亲属备案</td>" not in first
    following = first.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(TRAIL + following).content.decode()
    assert second.count("<tr>") > 1
    assert not set(_links(first)) & set(_links(second))
    assert "没有符合条件的记录" in client.get(TRAIL, {"who": "无此人"}).content.decode()


def test_a_filter_that_contradicts_itself_asks_to_be_mended_and_shows_nothing(small_city: SmallCity) -> None:
    answer = small_city.auditor.client.get(TRAIL, {"since": "2026-02-01", "until": "2026-01-01"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_until_error"' in page
    assert "没有查询" in page
    assert _links(page) == []


def _links(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split(f'href="{TRAIL}')[1:] if part[0].isdigit()]
