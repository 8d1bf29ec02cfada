"""Pages that change something: the change, the refusals at their fields, and that a form sent twice acts once."""

from datetime import date

import pytest
from tests.channels.conftest import AT, DONGHU, SmallCity, identity_number, last_message, register
from tests.channels.workbench.registry.test_reading import BENCH

from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.models import DuplicateDismissal, Fact, GroupMembership, Household, Person
from jiuzhu.rooms.registry.states import DocumentKind

REASON = "依据派出所证明"


def _roll_of_two(**changes: str) -> dict[str, object]:
    """What the registration form sends for a couple."""
    sent: dict[str, object] = {
        "h-division_code": DONGHU.value,
        "h-registered_kind": "rural",
        "h-address": "岱庙街道2号",
        "row": ["0", "1"],
        "m0-name": "刘大山",
        "m0-relation": "02",
        "m0-document_kind": "citizen_id",
        "m0-document_number": identity_number(601, date(1970, 5, 5)),
        "m0-ethnicity": "01",
        "m0-marital": "20",
        "m0-counts_as_member": "on",
        "m1-name": "马兰",
        "m1-relation": "12",
        "m1-document_kind": "citizen_id",
        "m1-document_number": identity_number(602, date(1972, 6, 6)),
        "m1-ethnicity": "01",
        "m1-marital": "20",
        "m1-counts_as_member": "on",
    }
    return {**sent, **changes}


def _count(city: SmallCity, model: type[Person] | type[Household]) -> int:
    with acting(city.registrar):
        return model.objects.count()


def test_a_household_is_read_again_before_it_is_registered(small_city: SmallCity) -> None:
    before = _count(small_city, Household)
    answer = small_city.clerk.client.post(f"{BENCH}households/new/", _roll_of_two(step="check"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "核对后登记" in page
    assert "1970-05-05" in page, "the birth date as the number tells it"
    assert _count(small_city, Household) == before


def test_a_confirmed_household_is_registered_once_however_often_it_is_sent(small_city: SmallCity) -> None:
    before = _count(small_city, Household)
    sent = _roll_of_two(step="confirm", idempotency_key="a-key-of-the-form")
    first = small_city.clerk.client.post(f"{BENCH}households/new/", sent)
    second = small_city.clerk.client.post(f"{BENCH}households/new/", sent)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert _count(small_city, Household) == before + 1
    assert "户编号" in last_message(first)
    other = _roll_of_two(step="confirm", idempotency_key="a-key-of-the-form", **{"m0-name": "刘小山"})
    assert small_city.clerk.client.post(f"{BENCH}households/new/", other).status_code == 409


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"m1-document_number": "370902197206060001"}, "id_m1-document_number_error"),
        ({"m1-name": "马\u200b兰"}, "id_m1-name_error"),
        ({"m0-relation": "12"}, "id_m0-relation_error"),
        ({"m1-relation": "02"}, "id_m1-relation_error"),
        ({"m1-phone": "12"}, "id_m1-phone_error"),
        ({"m0-name": ""}, "id_m0-name_error"),
        ({"h-opened_on": "2099-01-01"}, "id_h-opened_on_error"),
        ({"h-division_code": "370902002001"}, "id_h-division_code_error"),
    ],
)
def test_what_is_wrong_stands_at_its_field(small_city: SmallCity, change: dict[str, str], place: str) -> None:
    answer = small_city.clerk.client.post(f"{BENCH}households/new/", _roll_of_two(step="check", **change))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="{place}"' in page
    assert "data-error-summary" in page


def test_somebody_registered_already_is_named_at_the_number(small_city: SmallCity) -> None:
    number = identity_number(122, date(1956, 3, 8))
    sent = _roll_of_two(step="check", **{"m1-document_number": number, "m1-name": "王秀兰"})
    answer = small_city.clerk.client.post(f"{BENCH}households/new/", sent)
    assert answer.status_code == 409
    assert "已登记" in answer.content.decode()
    assert small_city.household_number in answer.content.decode() or "王" in answer.content.decode()


def test_members_are_added_and_removed_with_and_without_script(small_city: SmallCity) -> None:
    client = small_city.clerk.client
    page = client.post(f"{BENCH}households/new/", _roll_of_two(step="add")).content.decode()
    assert 'name="m2-name"' in page
    assert 'value="刘大山"' in page
    page = client.post(f"{BENCH}households/new/", _roll_of_two(step="remove-1")).content.decode()
    assert 'name="m1-name"' not in page
    fragment = client.post(
        f"{BENCH}households/new/",
        _roll_of_two(step="add"),
        headers={"HX-Request": "true", "HX-Target": "members"},
    ).content.decode()
    assert "<html" not in fragment
    assert 'name="m2-name"' in fragment


def test_a_county_officer_names_the_village(small_city: SmallCity) -> None:
    client = small_city.county.client
    by_name = _roll_of_two(step="check", **{"h-division_code": "东湖社区"})
    assert client.post(f"{BENCH}households/new/", by_name).status_code == 200
    several = client.post(f"{BENCH}households/new/", _roll_of_two(step="check", **{"h-division_code": "社区"}))
    assert several.status_code == 422
    assert "370902001001" in several.content.decode()
    nowhere = client.post(f"{BENCH}households/new/", _roll_of_two(step="check", **{"h-division_code": "山前"}))
    assert nowhere.status_code == 422


def test_a_member_is_added(small_city: SmallCity) -> None:
    sent = {
        "name": "李新",
        "relation": "23",
        "document_kind": "citizen_id",
        "document_number": identity_number(701, date(1990, 1, 1)),
        "ethnicity": "01",
        "marital": "10",
        "counts_as_member": "on",
    }
    address = f"{BENCH}households/{small_city.household_id}/members/new/"
    answer = small_city.clerk.client.post(address, sent)
    assert answer.status_code == 302
    assert "李新" in small_city.clerk.client.get(answer.headers["Location"]).content.decode()
    again = small_city.clerk.client.post(address, sent)
    assert again.status_code == 409
    assert 'id="id_document_number_error"' in again.content.decode()


def test_the_head_changes_with_the_relations_that_cannot_be_told(small_city: SmallCity) -> None:
    address = f"{BENCH}households/{small_city.household_id}/head/"
    answer = small_city.clerk.client.post(address, {"new_head_id": small_city.person_ids[1], "reason": ""})
    assert answer.status_code == 422
    assert 'id="id_reason_error"' in answer.content.decode()
    sent = {
        "new_head_id": small_city.person_ids[1],
        "reason": REASON,
        f"relation_{small_city.person_ids[2]}": "30",
    }
    assert small_city.clerk.client.post(address, sent).status_code == 302
    detail = queries.household_detail(actor=small_city.registrar, at=AT, household_id=small_city.household_id)
    assert detail.head is not None
    assert detail.head.person.name == "李建国"


def test_a_split_is_made_and_undone(small_city: SmallCity) -> None:
    address = f"{BENCH}households/{small_city.household_id}/split/"
    one, two = small_city.person_ids[1], small_city.person_ids[2]
    no_head = small_city.reviewer.client.post(address, {f"relation_{one}": "22", "on": "2026-10-01", "reason": REASON})
    assert no_head.status_code == 422
    answer = small_city.reviewer.client.post(
        address, {f"relation_{one}": "02", f"relation_{two}": "30", "on": "2026-10-01", "reason": REASON}
    )
    assert answer.status_code == 302
    page = small_city.reviewer.client.get(answer.headers["Location"]).content.decode()
    assert "撤销分户" in page
    split_id = answer.headers["Location"].rpartition("=")[2]
    undo = f"{BENCH}households/{small_city.household_id}/splits/{split_id}/undo/"
    assert small_city.clerk.client.post(undo, {"reason": REASON}).status_code == 403
    assert small_city.reviewer.client.post(undo, {"reason": REASON}).status_code == 302
    detail = queries.household_detail(actor=small_city.registrar, at=AT, household_id=small_city.household_id)
    assert len(detail.members) == 3
    assert small_city.reviewer.client.post(undo, {"reason": REASON}).status_code == 422


def test_a_member_leaves_but_not_the_head_of_others(small_city: SmallCity) -> None:
    home = f"{BENCH}households/{small_city.household_id}/members/"
    sent = {"end_on": "2026-11-01", "reason": REASON}
    assert small_city.clerk.client.post(f"{home}{small_city.head_id}/leave/", sent).status_code == 422
    assert small_city.clerk.client.post(f"{home}{small_city.person_ids[2]}/leave/", sent).status_code == 302
    assert small_city.clerk.client.get(f"{home}{small_city.elsewhere_person_id}/leave/").status_code == 404


def test_a_fact_is_recorded_in_yuan_and_withdrawn_with_a_reason(small_city: SmallCity) -> None:
    address = f"{BENCH}persons/{small_city.head_id}/facts/new/?variable=wage_income_fen_month"
    wrong = small_city.clerk.client.post(address, {"value": "12.345", "source": "declared", "valid_from": "2026-01-01"})
    assert wrong.status_code == 422
    sent = {"value": "1234.56", "source": "declared", "valid_from": "2026-01-01"}
    assert small_city.clerk.client.post(address, sent).status_code == 302
    with acting(small_city.registrar):
        fact = Fact.objects.get(variable="wage_income_fen_month")
    assert fact.value == 123_456
    withdraw = f"{BENCH}persons/{small_city.head_id}/facts/{fact.pk}/withdraw/"
    assert small_city.clerk.client.post(withdraw, {"reason": REASON}).status_code == 403
    assert small_city.reviewer.client.post(withdraw, {"reason": ""}).status_code == 422
    assert small_city.reviewer.client.post(withdraw, {"reason": REASON}).status_code == 302
    assert small_city.reviewer.client.get(withdraw).status_code == 404


def test_only_who_verifies_records_verified_facts(small_city: SmallCity) -> None:
    address = f"{BENCH}persons/{small_city.head_id}/facts/new/?variable=disability_certificate"
    sent = {"value": "yes", "source": "verified", "valid_from": "2026-01-01"}
    assert small_city.clerk.client.post(address, sent).status_code == 422
    assert small_city.clerk.client.post(address, {**sent, "source": "visited"}).status_code == 302


def test_a_fact_of_the_future_is_refused_at_its_day(small_city: SmallCity) -> None:
    address = f"{BENCH}households/{small_city.household_id}/facts/new/?variable=vehicle_count"
    answer = small_city.clerk.client.post(address, {"value": "1", "source": "declared", "valid_from": "2099-01-01"})
    assert answer.status_code == 422
    assert 'id="id_valid_from_error"' in answer.content.decode()


def test_a_group_needs_its_own_evidence(small_city: SmallCity) -> None:
    address = f"{BENCH}persons/{small_city.head_id}/groups/new/"
    sent = {"group": "tekun", "valid_from": "2026-10-01", "evidence_kind": "diagnosis", "evidence_ref": "X1"}
    refused = small_city.clerk.client.post(address, sent)
    assert refused.status_code == 422
    assert 'id="id_evidence_kind_error"' in refused.content.decode()
    sent["evidence_kind"] = "determination"
    assert small_city.clerk.client.post(address, sent).status_code == 302
    assert small_city.clerk.client.post(address, sent).status_code == 409
    with acting(small_city.registrar):
        tag = GroupMembership.objects.get()
    end = f"{BENCH}persons/{small_city.head_id}/groups/{tag.pk}/end/"
    assert small_city.clerk.client.post(end, {"valid_to": "2026-11-01", "reason": REASON}).status_code == 302


def test_a_death_is_recorded_and_the_household_gets_another_head(small_city: SmallCity) -> None:
    address = f"{BENCH}persons/{small_city.head_id}/events/death/"
    future = small_city.clerk.client.post(address, {"happened_on": "2099-01-01", "evidence": "死亡证明"})
    assert future.status_code == 422
    assert 'id="id_happened_on_error"' in future.content.decode()
    sent = {"happened_on": "2026-10-30", "evidence": "居民死亡医学证明", "new_head_id": str(small_city.person_ids[1])}
    assert small_city.clerk.client.post(address, sent).status_code == 302
    page = small_city.clerk.client.get(f"{BENCH}households/{small_city.household_id}/").content.decode()
    assert "李建国家庭" in page
    assert "死亡" in page


def test_a_birth_makes_a_child(small_city: SmallCity) -> None:
    address = f"{BENCH}persons/{small_city.person_ids[1]}/events/birth/"
    sent = {"happened_on": "2026-10-20", "evidence": "出生医学证明", "name": "李小宝", "sex": "1", "relation": "41"}
    assert small_city.clerk.client.post(address, sent).status_code == 302
    page = small_city.clerk.client.get(f"{BENCH}households/{small_city.household_id}/").content.decode()
    assert "李小宝" in page


def test_a_household_moves_out_of_the_area(small_city: SmallCity) -> None:
    address = f"{BENCH}persons/{small_city.head_id}/events/move/"
    sent = {"happened_on": "2026-10-20", "evidence": "户口迁移证", "division_code": "370911100201"}
    answer = small_city.clerk.client.post(address, sent)
    assert answer.status_code == 302
    assert small_city.clerk.client.get(answer.headers["Location"]).status_code == 200
    assert small_city.clerk.client.get(f"{BENCH}households/{small_city.household_id}/").status_code == 404
    assert small_city.other_county.client.get(f"{BENCH}households/{small_city.household_id}/").status_code == 200


def test_an_event_that_does_not_exist_is_not_found(small_city: SmallCity) -> None:
    assert small_city.clerk.client.get(f"{BENCH}persons/{small_city.head_id}/events/wedding/").status_code == 404


def test_a_guardian_is_set_and_a_circle_refused(small_city: SmallCity) -> None:
    child, grandmother = small_city.person_ids[2], small_city.head_id
    sent = {"kind": "statutory", "guardian_id": str(grandmother), "start_on": "2026-10-01"}
    address = f"{BENCH}persons/{child}/guardians/new/"
    assert small_city.clerk.client.post(address, sent).status_code == 302
    again = small_city.clerk.client.post(address, sent)
    assert again.status_code == 409
    minor = {"kind": "statutory", "guardian_id": str(child), "start_on": "2026-10-01"}
    refused = small_city.clerk.client.post(f"{BENCH}persons/{grandmother}/guardians/new/", minor)
    assert refused.status_code == 422
    assert 'id="id_guardian_id_error"' in refused.content.decode()
    detail = queries.person_detail(actor=small_city.registrar, at=AT, person_id=child)
    end = f"{BENCH}persons/{child}/guardians/{detail.guardians[0].id}/end/"
    assert small_city.clerk.client.post(end, {"end_on": "2026-11-01"}).status_code == 302


def test_an_authorisation_is_granted_and_withdrawn(small_city: SmallCity) -> None:
    sent = {"department_code": "tax", "purpose": "低保核对", "valid_from": "2026-10-01", "valid_to": "2026-09-01"}
    address = f"{BENCH}persons/{small_city.head_id}/authorisations/new/"
    refused = small_city.clerk.client.post(address, sent)
    assert refused.status_code == 422
    assert 'id="id_valid_to_error"' in refused.content.decode()
    assert small_city.clerk.client.post(address, {**sent, "valid_to": ""}).status_code == 302
    assert small_city.department.client.get(f"{BENCH}persons/{small_city.head_id}/").status_code == 200
    detail = queries.person_detail(actor=small_city.registrar, at=AT, person_id=small_city.head_id)
    withdraw = f"{BENCH}persons/{small_city.head_id}/authorisations/{detail.authorisations[0].id}/withdraw/"
    assert small_city.clerk.client.post(withdraw, {"reason": REASON}).status_code == 302
    assert small_city.department.client.get(f"{BENCH}persons/{small_city.head_id}/").status_code == 404


def test_a_correction_changes_only_what_was_changed(small_city: SmallCity) -> None:
    address = f"{BENCH}persons/{small_city.head_id}/correct/"
    sent = {"name": "王秀蘭", "document_kind": "citizen_id", "birth_date": "1956-03-08", "sex": "2", "reason": REASON}
    answer = small_city.reviewer.client.post(address, sent)
    assert answer.status_code == 302
    detail = queries.person_detail(actor=small_city.registrar, at=AT, person_id=small_city.head_id)
    assert detail.person.name == "王秀蘭"
    with acting(small_city.registrar):
        stored = Person.objects.get(pk=small_city.head_id)
    assert stored.document_number == identity_number(122, date(1956, 3, 8))
    assert stored.phone is not None
    assert small_city.clerk.client.get(address).status_code == 403


def test_a_protected_person_shows_no_address(small_city: SmallCity) -> None:
    address = f"{BENCH}persons/{small_city.head_id}/protect/"
    sent = {"protection": "domestic_violence", "reason": REASON}
    assert small_city.reviewer.client.post(address, sent).status_code == 302
    shown = small_city.clerk.client.post(
        f"{BENCH}households/{small_city.household_id}/numbers/", {"purpose": "走访"}
    ).content.decode()
    assert "红门路1号" not in shown
    assert "受保护" in shown


def _twins(city: SmallCity) -> tuple[int, int]:
    """One person registered twice, the second time without a document."""
    twice = actions.Particulars(
        name="王秀兰", document_kind=DocumentKind.NONE, birth_date=date(1956, 3, 8), sex="2", phone="13800001111"
    )
    made = register(DONGHU, [actions.NewMember("02", twice)])
    return city.head_id, made.person_ids[0]


def test_a_pair_is_found_compared_merged_and_separated(small_city: SmallCity) -> None:
    first, second = _twins(small_city)
    client = small_city.county.client
    desk = client.get(f"{BENCH}duplicates/").content.decode()
    compare = f"{BENCH}duplicates/{first}/{second}/"
    assert compare in desk
    page = client.get(compare).content.decode()
    assert "不同" in page
    assert client.post(compare, {"kept": str(first), "reason": ""}).status_code == 422
    answer = client.post(compare, {"kept": str(first), "reason": REASON})
    assert answer.status_code == 302
    assert "撤销合并" in client.get(answer.headers["Location"]).content.decode()
    assert "本记录已合并" in client.get(f"{BENCH}persons/{second}/").content.decode()
    merge_id = answer.headers["Location"].rpartition("=")[2]
    undo = f"{BENCH}persons/{first}/merges/{merge_id}/undo/"
    assert client.post(undo, {"reason": REASON}).status_code == 302
    assert "本记录已合并" not in client.get(f"{BENCH}persons/{second}/").content.decode()


def test_a_pair_is_dismissed_for_good(small_city: SmallCity) -> None:
    first, second = _twins(small_city)
    client = small_city.county.client
    address = f"{BENCH}duplicates/{first}/{second}/dismiss/"
    assert client.post(address, {"reason": REASON}).status_code == 302
    assert f"duplicates/{first}/{second}/" not in client.get(f"{BENCH}duplicates/").content.decode()
    with acting(small_city.registrar):
        assert DuplicateDismissal.objects.count() == 1
    assert small_city.clerk.client.get(f"{BENCH}duplicates/").status_code == 403


def test_a_record_is_not_compared_with_itself(small_city: SmallCity) -> None:
    address = f"{BENCH}persons/{small_city.head_id}/merge/"
    assert small_city.county.client.get(address, {"other": small_city.head_id}).status_code == 422
    assert small_city.county.client.get(address, {"other": small_city.person_ids[1]}).status_code == 302


def test_another_county_changes_nothing(small_city: SmallCity) -> None:
    client, far = small_city.other_county.client, f"{BENCH}persons/{small_city.head_id}/"
    assert client.post(f"{far}numbers/", {"purpose": "查看"}).status_code == 404
    assert client.post(f"{far}protect/", {"protection": "", "reason": REASON}).status_code == 404
    home = f"{BENCH}households/{small_city.household_id}/"
    assert client.post(f"{home}head/", {"new_head_id": "1", "reason": REASON}).status_code == 404
