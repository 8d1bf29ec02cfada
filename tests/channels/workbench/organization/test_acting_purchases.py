"""Leading groups and purchased services from their pages (S14): refused at the field, read over, made once."""

from tests.channels.conftest import TAISHAN
from tests.channels.workbench.organization.conftest import BASE, Administration, setter
from tests.channels.workbench.organization.filling import (
    Verb,
    filled,
    is_read_over_first,
    is_refused_at_its_field,
    taken_back,
    takes_effect_once,
    text_of,
    written,
)

from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization.models import GroupMember, PurchasedService

_CONTRACT = {
    "provider": "泰山区邻里社会工作服务中心",
    "provider_is_social_organization": "on",
    "contract_number": "HT-2026-11",
    "contract_fen": "480,000.00",
    "valid_from": "2026-06-01",
    "valid_to": "2027-06-01",
}
_GROUP = {
    "name": "泰山区社会救助工作领导小组",
    "document_number": "泰山政字〔2026〕9号",
    "day": "2026-10-01",
    "head": "秦建华",
    "head_title": "区长",
    "head_is_principal": "on",
    "others": "副组长 许红 副区长\n成员 高洁 区民政局 局长",
}
_VERBS = [
    Verb(f"groups/{TAISHAN}/form/", "town.county", _GROUP, {"others": "秘书 高洁 局长"}, "others", "高洁"),
    Verb(f"groups/{TAISHAN}/form/", "town.county", _GROUP, {"day": "2026-01-01"}, "day", "高洁"),
    Verb(f"groups/{TAISHAN}/form/", "town.county", _GROUP, {"head": "秦1建华"}, "head", "泰山政字〔2026〕9号"),
    Verb(
        "services/new/",
        "town.county",
        {
            "code": "FW-2026-02",
            "name": "探访照料服务",
            "content": "每月探访特困人员",
            "method": "open_tender",
            "procedure_note": "公开招标，合同一年一签",
            "budget_fen": "1,234,567.89",
        },
        {"code": "FW-2026-01"},
        "code",
        "1,234,567.89元",
    ),
    Verb(
        "services/new/",
        "town.county",
        {
            "code": "FW-2026-03",
            "name": "心理疏导",
            "content": "心理疏导",
            "method": "open_tender",
            "procedure_note": "公开招标",
            "budget_fen": "100",
        },
        {"budget_fen": "12.345"},
        "budget_fen",
        "心理疏导",
    ),
    Verb(
        "services/{service_id}/contract/",
        "town.county",
        _CONTRACT,
        {"contract_fen": "500000.01"},
        "contract_fen",
        "480,000.00元",
    ),
    Verb(
        "services/{service_id}/contract/",
        "town.county",
        _CONTRACT,
        {"valid_to": "2026-05-01"},
        "valid_to",
        "社会组织",
    ),
    Verb("services/{service_id}/cancel/", "town.county", {"reason": "需求取消"}, {"reason": ""}, "reason", "已取消"),
]
_EVALUATION = Verb(
    "services/{service_id}/evaluate/",
    "city",
    {"score": "91.5", "supervision_note": "每季抽查走访记录", "evaluation_note": "走访及时"},
    {"score": "101"},
    "score",
    "91.50分",
)


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost_or_written(administration: Administration) -> None:
    for verb in _VERBS:
        with taken_back():
            is_refused_at_its_field(administration, verb)


def test_every_change_is_read_over_before_it_is_made(administration: Administration) -> None:
    for verb in _VERBS:
        with taken_back():
            is_read_over_first(administration, verb)


def test_every_change_is_made_once_however_often_it_is_sent(administration: Administration) -> None:
    for verb in _VERBS:
        with taken_back():
            takes_effect_once(administration, verb)


def test_a_service_is_contracted_then_evaluated_and_then_no_longer_cancelled(administration: Administration) -> None:
    early = administration.city.client.post(
        f"{BASE}services/{administration.service_id}/evaluate/", {**_EVALUATION.sent, "sure": "yes"}
    )
    assert early.status_code == 422
    assert "已列入清单" in text_of(early)
    contract = f"{BASE}services/{administration.service_id}/contract/"
    assert administration.town.county.client.post(contract, {**_CONTRACT, "sure": "yes"}).status_code == 302
    is_refused_at_its_field(administration, _EVALUATION)
    is_read_over_first(administration, _EVALUATION)
    takes_effect_once(administration, _EVALUATION)
    before = written()
    cancel = f"{BASE}services/{administration.service_id}/cancel/"
    assert administration.town.county.client.post(cancel, {"reason": "不需要", "sure": "yes"}).status_code == 422
    assert written() == before
    with acting(setter()):
        assert PurchasedService.objects.get(pk=administration.service_id).contract_fen == 48_000_000


def test_sums_are_read_over_in_yuan_and_people_as_they_were_written(administration: Administration) -> None:
    client = administration.town.county.client
    contract = text_of(client.post(f"{BASE}services/{administration.service_id}/contract/", _CONTRACT))
    assert "480,000.00元" in contract
    assert "48000000" not in contract
    group = text_of(client.post(f"{BASE}groups/{TAISHAN}/form/", _GROUP))
    assert "副组长 许红 副区长<br>成员 高洁 区民政局 局长" in group
    assert "Seat(" not in group


def test_a_group_is_headed_by_the_principal_officer(administration: Administration) -> None:
    client, address = administration.town.county.client, f"{BASE}groups/{TAISHAN}/form/"
    sent = {name: value for name, value in _GROUP.items() if name != "head_is_principal"}
    refused = client.post(address, sent)
    assert refused.status_code == 422
    assert 'id="id_head_is_principal_error"' in text_of(refused)
    page = text_of(client.post(address, _GROUP))
    assert client.post(address, {**filled(page), "sure": "yes"}).status_code == 302
    with acting(setter()):
        seats = list(GroupMember.objects.filter(group__valid_to=None, group__division_code=str(TAISHAN)))
    assert {(seat.name, seat.title) for seat in seats} == {
        ("秦建华", "区长"),
        ("许红", "副区长"),
        ("高洁", "区民政局 局长"),
    }
