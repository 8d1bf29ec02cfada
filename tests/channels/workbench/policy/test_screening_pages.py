"""Screening by the pages: begin, watch, read the totals, list whom it found; nobody beyond the place (S02 S04, X2)."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook
from tests.channels.conftest import AT, Persona, SmallCity, last_message, registrar

from jiuzhu.channels.workbench.policy.views import findings
from jiuzhu.groundwork.tasks.jobs import Work
from jiuzhu.journeys import screen as journey
from jiuzhu.rooms.catalogue.queries import public_shipped_packs
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry.states import LifeEventKind, SourceKind

SCREENINGS = "/workbench/policy/screenings/"
FINDINGS = "/workbench/policy/findings/"
LAST_YEAR = timezone.localdate(AT) - timedelta(days=400)


def work(persona: Persona) -> Work:
    """The job of a persona, taken up by a worker."""
    return Work(
        job_id=1, actor=persona.actor(), request_id="r", at=AT, attempt=0, last_attempt=True, stop_asked=lambda: False
    )


def disabled(person_id: int) -> None:
    """What must be known for the nursing subsidy."""
    facts = {
        "disability_type": "4",
        "disability_grade": "1",
        "needs_long_care": True,
        "injury_nursing_fee": False,
        "recognised_tekun": False,
        "wage_income_fen_month": 500_000,
    }
    for name, value in facts.items():
        actions.record_fact(
            actor=registrar(),
            at=AT,
            fact=actions.NewFact(name, value, LAST_YEAR, SourceKind.VERIFIED, person_id=person_id),
        )


def begun(persona: Persona, **form: str) -> int:
    """A screening begun by the form; its number."""
    given = {"division": "", "on": timezone.localdate().isoformat()} | form
    answer = persona.client.post(SCREENINGS, given)
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.headers["Location"].rstrip("/").rpartition("/")[2])


def test_a_screening_is_begun_watched_and_read(small_city: SmallCity) -> None:
    person = small_city.person_ids[1]
    disabled(person)
    county = small_city.county
    run_id = begun(county)
    page = county.client.get(f"{SCREENINGS}{run_id}/")
    assert "进行中" in page.content.decode()
    assert last_message(page) == "已开始筛查。可以离开本页，稍后再看。"
    progress = county.client.get(f"{SCREENINGS}{run_id}/progress/", headers={"HX-Request": "true"})
    assert "screening-progress" in progress.content.decode()
    assert "HX-Refresh" not in progress.headers
    journey.run_screening(work(county), run_id=run_id)
    ended = county.client.get(f"{SCREENINGS}{run_id}/progress/", headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"
    text = county.client.get(f"{SCREENINGS}{run_id}/").content.decode()
    for shown in ("已完成", "残疾人护理补贴", "170.00", public_shipped_packs().digest, "numpy"):
        assert shown in text
    listed = county.client.get(f"{FINDINGS}?programme=canji_huli_butie").content.decode()
    assert small_city.household_number in listed
    assert f"/workbench/registry/persons/{person}/" in listed
    assert "170.00" in listed
    assert "每月" in listed
    assert "没有发现" in county.client.get(f"{FINDINGS}?programme=tekun").content.decode()


def test_the_totals_are_taken_along_as_a_workbook(small_city: SmallCity) -> None:
    county = small_city.county
    run_id = begun(county)
    journey.run_screening(work(county), run_id=run_id)
    answer = county.client.get(f"{SCREENINGS}{run_id}/export/")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[0][:4] == ["制度", "单位", "符合", "尚不能确定"]
    assert len({row[0] for row in sheet[1:]}) == len(public_shipped_packs().programmes)


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"on": ""}, "请填写“按哪一天的政策”。"),
        ({"on": "2020-01-01"}, "请选择今天起一年以内的日期。"),
        ({"on": "2099-01-01"}, "请选择今天起一年以内的日期。"),
        ({"on": "someday"}, "按哪一天的政策"),
        ({"division": "370100000000"}, "筛查范围"),
    ],
)
def test_a_form_that_is_wrong_says_so_and_begins_nothing(
    small_city: SmallCity, form: dict[str, str], message: str
) -> None:
    given = {"division": "", "on": timezone.localdate().isoformat()} | form
    answer = small_city.county.client.post(SCREENINGS, given)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert "还没有筛查过" in answer.content.decode()


def test_a_place_without_households_is_screened_and_says_so(small_city: SmallCity) -> None:
    county = small_city.county
    run_id = begun(county)
    for person in small_city.person_ids:
        actions.record_life_event(
            actor=registrar(),
            at=AT,
            kind=LifeEventKind.DEATH,
            person_id=person,
            happened_on=timezone.localdate(AT),
            evidence="证明",
        )
    journey.run_screening(work(county), run_id=run_id)
    assert county.client.get(f"{SCREENINGS}{run_id}/").status_code == 200


def test_a_screening_that_failed_says_why_and_what_to_do(
    small_city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    county = small_city.county
    run_id = begun(county)

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(journey, "population_piece", broken)
    with pytest.raises(OSError, match="disk"):
        journey.run_screening(work(county), run_id=run_id)
    text = county.client.get(f"{SCREENINGS}{run_id}/").content.decode()
    assert "筛查没有完成" in text
    assert "请重新发起筛查" in text
    county.client.cookies["language"] = "en"
    assert "egin it again" in county.client.get(f"{SCREENINGS}{run_id}/").content.decode()


def test_others_see_neither_the_runs_nor_the_findings(small_city: SmallCity) -> None:
    run_id = begun(small_city.county)
    other = small_city.other_county.client
    assert other.get(f"{SCREENINGS}{run_id}/").status_code == 404
    assert f"{SCREENINGS}{run_id}/" not in other.get(SCREENINGS).content.decode()
    assert small_city.clerk.client.get(SCREENINGS).status_code == 403
    assert small_city.citizen.client.get(SCREENINGS).status_code in (403, 404)


def test_the_lists_ask_the_database_as_often_for_few_as_for_many(small_city: SmallCity) -> None:
    county = small_city.county
    disabled(small_city.person_ids[1])
    journey.run_screening(work(county), run_id=begun(county))
    county.client.get(f"{FINDINGS}?programme=canji_huli_butie")
    with CaptureQueriesContext(connection) as one:
        county.client.get(f"{FINDINGS}?programme=canji_huli_butie")
    disabled(small_city.person_ids[0])
    disabled(small_city.person_ids[2])
    journey.run_screening(work(county), run_id=begun(county))
    with CaptureQueriesContext(connection) as more:
        text = county.client.get(f"{FINDINGS}?programme=canji_huli_butie").content.decode()
    assert text.count("170.00") == 3
    assert len(one) == len(more)


def test_whom_it_found_is_taken_along_as_a_workbook(small_city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    for person in small_city.person_ids:
        disabled(person)
    county = small_city.county
    journey.run_screening(work(county), run_id=begun(county))

    def sheet(query: str) -> list[list[object]]:
        answer = county.client.get(f"{FINDINGS}export/{query}")
        assert answer.status_code == 200
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        return [list(row) for row in book.get_sheet_by_index(0).to_python()]

    rows = sheet("?programme=canji_huli_butie")
    assert rows[0][:2] == ["户编号", "对象"]
    assert [row[5] for row in rows[1:]] == ["170.00"] * 3
    monkeypatch.setattr(findings, "_LARGEST_PAGE", 1)
    assert sheet("?programme=canji_huli_butie") == rows
    monkeypatch.setattr(findings, "_MOST_EXPORTED", 2)
    assert str(sheet("?programme=canji_huli_butie")[-1][0]).startswith("只导出前2条")
    assert county.client.get(f"{FINDINGS}export/?programme=nothing").status_code == 404
