"""Importing a roll by the pages: template, upload, check, preview, decision, result."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook
from tests.channels.conftest import AT, Persona, SmallCity, last_message
from tests.channels.workbench.registry.test_reading import BENCH
from tests.rooms.registry.sheets import Line, line, workbook

from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.files.limits import MediaType
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.jobs import Work
from jiuzhu.rooms.registry.actions.roll.checking import check_roll
from jiuzhu.rooms.registry.actions.roll.importing import import_roll

ROLLS = f"{BENCH}rolls/"
GOOD: list[Line] = [line("1", "户主", "赵甲", 701), line("1", "妻", "钱乙", 702)]
BAD: list[Line] = [line("2", "户主", "李丁", 705, phone="1")]


@pytest.fixture(autouse=True)
def _own_files(settings: LazySettings, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)


def _file(lines: list[Line], name: str = "名单.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, workbook(lines), MediaType.XLSX.value)


def _work(persona: Persona) -> Work:
    return Work(
        job_id=1, actor=persona.actor(), request_id="r", at=AT, attempt=0, last_attempt=True, stop_asked=lambda: False
    )


def _uploaded(persona: Persona, lines: list[Line]) -> str:
    answer = persona.client.post(ROLLS, {"file": _file(lines)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def _number(address: str) -> int:
    return int(address.rstrip("/").rpartition("/")[2])


def test_the_template_can_be_taken(small_city: SmallCity) -> None:
    answer = small_city.clerk.client.get(f"{ROLLS}template/")
    assert answer.status_code == 200
    assert CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).sheet_names[0] == "花名册"
    assert small_city.assistant.client.get(f"{ROLLS}template/").status_code == 403


def test_what_is_no_workbook_is_refused_at_the_file(small_city: SmallCity) -> None:
    client = small_city.clerk.client
    missing = client.post(ROLLS, {})
    assert missing.status_code == 422
    assert 'id="id_file_error"' in missing.content.decode()
    wrong = client.post(ROLLS, {"file": SimpleUploadedFile("名单.xlsx", b"not a workbook", MediaType.XLSX.value)})
    assert wrong.status_code == 422
    assert 'id="id_file_error"' in wrong.content.decode()


def test_a_roll_goes_from_upload_to_households(small_city: SmallCity) -> None:
    clerk = small_city.clerk
    address = _uploaded(clerk, GOOD + BAD)
    waiting = clerk.client.get(address).content.decode()
    assert "待校验" in waiting
    assert "hx-trigger" in waiting
    check_roll(_work(clerk), roll_id=_number(address))
    preview = clerk.client.get(address).content.decode()
    assert "1户无误可以导入，1户有误不会导入" in preview
    assert "联系电话" in preview or "电话号码" in preview
    errors = clerk.client.get(f"{address}errors/")
    assert errors.status_code == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(errors.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    decided = clerk.client.post(f"{address}confirm/", {"mode": "good_households"})
    assert decided.status_code == 302
    import_roll(_work(clerk), roll_id=_number(address))
    done = clerk.client.get(address).content.decode()
    assert "已导入1户、2人；1户没有导入" in done
    assert "赵甲" in clerk.client.get(BENCH, {"q": "赵甲"}).content.decode()
    assert "已导入" in clerk.client.get(ROLLS).content.decode()


def test_progress_is_a_part_of_a_page_and_a_page_of_its_own(small_city: SmallCity) -> None:
    clerk = small_city.clerk
    address = _uploaded(clerk, GOOD)
    part = clerk.client.get(f"{address}progress/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part.headers
    assert "<html" in clerk.client.get(f"{address}progress/").content.decode()
    check_roll(_work(clerk), roll_id=_number(address))
    ended = clerk.client.get(f"{address}progress/", headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"


def test_a_job_that_was_given_up_is_taken_up_again(small_city: SmallCity) -> None:
    clerk = small_city.clerk
    address = _uploaded(clerk, GOOD)
    actor = clerk.actor()
    with acting(actor):
        bar = progress.progress_of(f"registry.roll:{_number(address)}:check", actor=actor)
        progress.stop(bar.id, at=AT, message="数据库中断")
    assert "任务中断了" in clerk.client.get(address).content.decode()
    assert clerk.client.post(f"{address}continue/").status_code == 302


def test_the_same_roll_is_not_taken_twice(small_city: SmallCity) -> None:
    first = _uploaded(small_city.clerk, GOOD)
    again = small_city.clerk.client.post(ROLLS, {"file": _file(GOOD, "另存.xlsx")})
    assert again.headers["Location"] == first
    assert "没有重复导入" in last_message(again)


def test_a_roll_is_cancelled_before_it_is_imported(small_city: SmallCity) -> None:
    clerk = small_city.clerk
    address = _uploaded(clerk, GOOD)
    assert clerk.client.post(f"{address}cancel/", {"reason": ""}).status_code == 422
    assert clerk.client.post(f"{address}cancel/", {"reason": "文件传错"}).status_code == 302
    late = clerk.client.post(f"{address}confirm/", {"mode": "good_households"})
    assert late.status_code == 422


def test_a_decision_needs_a_way_of_importing(small_city: SmallCity) -> None:
    clerk = small_city.clerk
    address = _uploaded(clerk, BAD)
    check_roll(_work(clerk), roll_id=_number(address))
    assert "各户都有错误" in clerk.client.get(address).content.decode()
    assert clerk.client.post(f"{address}confirm/", {"mode": "x"}).status_code == 422
    assert clerk.client.post(f"{address}confirm/", {"mode": "good_households"}).status_code == 422


def test_another_area_sees_no_roll(small_city: SmallCity) -> None:
    address = _uploaded(small_city.clerk, GOOD)
    for part in ("", "progress/", "errors/", "cancel/"):
        assert small_city.other_township.client.get(address + part).status_code == 404, part
    for part in ("confirm/", "continue/"):
        assert small_city.other_township.client.post(address + part, {"mode": "good_households"}).status_code == 404
    assert "名单.xlsx" not in small_city.other_township.client.get(ROLLS).content.decode()
    assert small_city.reviewer.client.get(address).status_code == 403
