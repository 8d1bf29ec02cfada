"""Excel from the pages (S14): preview, wrong rows, commit, the same file again; what is exported comes back."""

from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook
from tests.channels.conftest import TAISHAN
from tests.channels.workbench.organization.conftest import BASE, Administration, setter
from tests.channels.workbench.organization.filling import text_of, written
from tests.strict_client import StrictClient

from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization.models import Appointment, Office, Staff

_STAFF = ["工号", "姓名", "单位代码", "用工形式", "职级", "办公电话"]
_GOOD = ["S400", "孟庆华", "370902001001-station", "政府购买服务", "", "8331"]
_STATION = "370902001001-station"


def _sheet(*lines: list[str]) -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet()
    for number, line in enumerate(lines):
        page.write_row(number, 0, line)
    book.close()
    return target.getvalue()


def _upload(client: StrictClient, sheet: str, content: bytes, name: str = "名册.xlsx") -> Any:
    return client.post(f"{BASE}import/{sheet}/", {"file": SimpleUploadedFile(name, content)})


def _confirmed(page: str) -> dict[str, str]:
    """What the button below the preview sends."""
    return {name: page.split(f'name="{name}" value="')[1].partition('"')[0] for name in ("content", "idempotency_key")}


def _counts(page: str) -> list[str]:
    """Added, changed, unchanged, wrong."""
    return [part.split("<")[0].strip() for part in page.split('<dd class="figure">')[1:]]


def test_a_sheet_is_checked_first_and_taken_once_when_confirmed(administration: Administration) -> None:
    client = administration.system.client
    before = written()
    checked = _upload(client, "staff", _sheet(_STAFF, _GOOD))
    page = text_of(checked)
    assert checked.status_code == 200
    assert "检查通过，还没有导入" in page
    assert _counts(page) == ["1", "0", "0", "0"]
    assert written() == before
    confirmed = _confirmed(page)
    first = client.post(f"{BASE}import/staff/", confirmed)
    after = written()
    assert first.status_code == 302
    assert after > before
    second = client.post(f"{BASE}import/staff/", confirmed)
    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    assert written() == after
    listed = text_of(client.get(f"{BASE}staff/?q=S400"))
    assert "已导入：新增1行，更新0行，未变0行" in listed
    assert "孟庆华" in listed
    again = text_of(_upload(client, "staff", _sheet(_STAFF, _GOOD)))
    assert _counts(again) == ["0", "0", "1", "0"]


def test_one_wrong_row_keeps_all_rows_out_and_each_is_named(administration: Administration) -> None:
    client = administration.system.client
    before = written()
    lines = [
        _GOOD,
        ["S401", "", _STATION, "政府购买服务", "", ""],
        ["S402", "李雷", "nowhere", "政府购买服务", "", ""],
        ["S403", "韩梅", _STATION, "临时工", "", ""],
        ["S404", "张\u200b伟", _STATION, "政府购买服务", "", ""],
        ["S 405", "王芳", _STATION, "政府购买服务", "", ""],
        ["S406", "赵敏", "T006-office", "政府购买服务", "", ""],
        _GOOD,
    ]
    answer = _upload(client, "staff", _sheet(_STAFF, *lines))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "没有导入任何内容" in page
    rows = [row.split("<")[0] for row in page.split('<th scope="row" class="number">')[1:]]
    assert rows == ["3", "4", "5", "6", "7", "8", "9"]
    assert 'name="content"' not in page
    assert written() == before
    with acting(setter()):
        assert not Staff.objects.filter(staff_number__startswith="S40").exists()
    english = client.post(
        f"{BASE}import/staff/",
        {"file": SimpleUploadedFile("roll.xlsx", _sheet(_STAFF, *lines))},
        headers={"accept-language": "en"},
    )
    assert "Employment" in text_of(english)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"name,number\n", "xlsx"),
        (_sheet(["姓名", "电话"], ["孟庆华", "8331"]), "工号"),
        (_sheet([]), "表头"),
    ],
)
def test_what_is_no_such_sheet_is_refused_with_what_to_do(
    administration: Administration, content: bytes, words: str
) -> None:
    before = written()
    answer = _upload(administration.system.client, "staff", content)
    assert answer.status_code == 422
    assert words in text_of(answer).split("<main")[1]
    assert written() == before


def test_a_form_without_a_file_asks_for_one(administration: Administration) -> None:
    answer = administration.system.client.post(f"{BASE}import/staff/", {})
    assert answer.status_code == 422
    assert 'id="id_file_error"' in text_of(answer)


def test_a_confirmation_that_was_tampered_with_writes_nothing(administration: Administration) -> None:
    before = written()
    for content in ("not base64 !", "bm8gd29ya2Jvb2s="):
        answer = administration.system.client.post(f"{BASE}import/staff/", {"content": content})
        assert answer.status_code == 422
    assert written() == before


def test_nobody_imports_what_they_may_not_enter_by_hand(administration: Administration) -> None:
    roll = _sheet(_STAFF, _GOOD)
    assert _upload(administration.security.client, "staff", roll).status_code == 403
    assert _upload(administration.system.client, "appointments", roll).status_code == 403
    assert _upload(administration.town.clerk.client, "offices", roll).status_code == 403
    assert _upload(administration.town.citizen.client, "staff", roll).status_code == 403


def test_the_roll_that_was_exported_comes_back_changed(administration: Administration) -> None:
    system = administration.system.client
    exported = system.get(f"{BASE}staff/export/", {"division": str(TAISHAN)}).content
    assert _counts(text_of(_upload(system, "staff", exported)))[:2] == ["0", "0"]
    table = CalamineWorkbook.from_object(BytesIO(exported)).get_sheet_by_index(0).to_python()
    rows = [[str(cell) for cell in row] for row in table]
    changed = [[*row[:-1], "8399"] if row[0] == "S100" else row for row in rows]
    page = text_of(_upload(system, "staff", _sheet(*changed)))
    assert _counts(page)[1] == "1"
    assert system.post(f"{BASE}import/staff/", _confirmed(page)).status_code == 302
    with acting(setter()):
        assert Staff.objects.get(staff_number="S100").office_phone == "8399"


def test_appointments_that_were_exported_come_back_and_pass_the_same_rules(administration: Administration) -> None:
    security = administration.security.client
    exported = administration.town.county.client.get(f"{BASE}staff/appointments/export/").content
    page = text_of(_upload(security, "appointments", exported))
    assert _counts(page)[0] == "0"
    heading = ["工号", "岗位代码", "任职日期", "任满日期", "任命机关", "任命文号"]
    both = [
        ["S100", "donghu-assistant-2", "2099-01-01", "", "区民政局", "泰山民〔2026〕3号"],
        ["A001", "A002-post", "2026-10-01", "", "区民政局", "泰山民〔2026〕3号"],
    ]
    refused = text_of(_upload(security, "appointments", _sheet(heading, *both)))
    assert "应由不同人员担任" in refused
    with acting(setter()):
        assert Appointment.objects.filter(staff_id=administration.staff_id).count() == 1
    page = text_of(_upload(security, "appointments", _sheet(heading, both[0])))
    assert security.post(f"{BASE}import/appointments/", _confirmed(page)).status_code == 302
    with acting(setter()):
        assert Appointment.objects.filter(staff_id=administration.staff_id).count() == 2


def test_office_contacts_that_were_exported_come_back_and_a_wrong_name_is_refused(
    administration: Administration,
) -> None:
    system = administration.system.client
    exported = system.get(f"{BASE}divisions/{TAISHAN}/offices/export/").content
    assert _counts(text_of(_upload(system, "offices", exported)))[:2] == ["0", "0"]
    heading = ["机构代码", "机构名称", "地址", "电话", "办公时间"]
    wrong = _upload(system, "offices", _sheet(heading, [_STATION, "东湖工作站", "东湖路9号", "", ""]))
    assert wrong.status_code == 422
    assert "更名请在机构页面办理" in text_of(wrong)
    page = text_of(
        _upload(system, "offices", _sheet(heading, [_STATION, "东湖社区社会救助工作站", "东湖路9号", "", ""]))
    )
    assert system.post(f"{BASE}import/offices/", _confirmed(page)).status_code == 302
    with acting(setter()):
        assert Office.objects.get(code=_STATION).address == "东湖路9号"
