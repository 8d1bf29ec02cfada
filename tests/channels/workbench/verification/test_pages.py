"""The pages of verification: from a mandate on the screen to a corrected report, each step by its role."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.channels.conftest import DAIMIAO, TAISHAN, Persona, SmallCity, last_message, officer
from tests.rooms.verification.conftest import Sources, everything, found, none_found, scripted, unavailable

from jiuzhu.journeys import verify
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.ports import Cause, Value, connectors
from jiuzhu.rooms.verification.states import DisputeState, ItemState, OrderState, SignatureState

BASE = "/workbench/verification"
CAR: dict[str, Value] = {"plate": "鲁J12345", "kind": "car", "state": "normal"}


@pytest.fixture
def sources() -> Iterator[Sources]:
    with scripted() as made:
        yield made


@pytest.fixture
def verifier(small_city: SmallCity) -> Persona:
    return officer("V001", "周敏", "county_verification", TAISHAN)


def _png() -> str:
    picture = BytesIO()
    Image.new("RGB", (40, 20), "white").save(picture, "PNG")
    return "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode()


def _mandate(city: SmallCity, **changed: object) -> int:
    """A clerk draws up a mandate on the page."""
    today = timezone.localdate()
    form = {
        "programmes": ["dibao"],
        "purpose": "申请最低生活保障",
        "valid_from": (today - timedelta(days=1)).isoformat(),
        "valid_to": (today + timedelta(days=300)).isoformat(),
        "covers_reviews": "on",
        "items": ["banks.accounts", "public_security.vehicles", "courts.judgments"],
    }
    answer = city.clerk.client.post(f"{BASE}/households/{city.household_id}/mandates/new/", form | changed)
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def _sign_all(city: SmallCity, mandate: int) -> None:
    """Everybody signs on the clerk's screen; who cannot, through the guardian."""
    view = queries.mandate(actor=everything(), at=timezone.now(), mandate_id=mandate)
    for one in view.signatures:
        for signed_by in ("self", "guardian"):
            form = {"signed_by": signed_by, "method": "handwritten", "signer_name": "王秀兰", "drawn": _png()}
            answer = city.clerk.client.post(f"{BASE}/mandates/{mandate}/sign/{one.person_id}/", form)
            if answer.status_code == 302:
                break


def _guard(city: SmallCity) -> None:
    """王秀兰 answers for the child."""
    from datetime import date

    from jiuzhu.rooms.registry import actions as family
    from jiuzhu.rooms.registry.states import GuardianshipKind

    family.set_guardian(
        actor=city.registrar,
        at=timezone.now(),
        ward_id=city.person_ids[2],
        guardian_id=city.person_ids[0],
        kind=GuardianshipKind.STATUTORY,
        start_on=date(2020, 1, 1),
    )


def _ordered(city: SmallCity) -> int:
    _guard(city)
    mandate = _mandate(city)
    _sign_all(city, mandate)
    form = {
        "mandate_id": str(mandate),
        "programmes": ["dibao"],
        "occasion": "application",
        "purpose": "申请最低生活保障",
    }
    answer = city.clerk.client.post(f"{BASE}/households/{city.household_id}/order/", form)
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].rstrip("/").rpartition("/")[2])


def _started(city: SmallCity, verifier: Persona, sources: Sources) -> int:
    order = _ordered(city)
    assert verifier.client.post(f"{BASE}/orders/{order}/start/").status_code == 302
    for name in sources.http:
        verify.ask_source(name, clock=timezone.now)
    for item in queries.order(actor=everything(), at=timezone.now(), order_id=order).items:
        if item.state is ItemState.SENT:
            form = {"cause": "no_answer", "reason": "系统升级"}
            assert verifier.client.post(f"{BASE}/items/{item.id}/unavailable/", form).status_code == 302
    return order


def _reported(city: SmallCity, verifier: Persona, sources: Sources) -> tuple[int, int]:
    order = _started(city, verifier, sources)
    answer = verifier.client.post(f"{BASE}/orders/{order}/report/")
    assert answer.status_code == 302, answer.content.decode()
    return order, queries.reports_of(actor=everything(), at=timezone.now(), order_id=order)[0].id


def test_a_mandate_is_drawn_up_signed_on_the_screen_and_ordered_under(small_city: SmallCity, sources: Sources) -> None:
    order = _ordered(small_city)
    view = queries.order(actor=everything(), at=timezone.now(), order_id=order).order
    assert view.state is OrderState.REQUESTED
    assert view.asking_office
    page = small_city.clerk.client.get(f"{BASE}/mandates/{view.mandate_id}/").content.decode()
    assert "银行：银行账户" in page
    assert page.count("已签署") >= 3
    assert small_city.clerk.client.get(f"{BASE}/households/{small_city.household_id}/mandates/").status_code == 200


def test_a_signature_without_a_picture_is_refused_at_its_field(small_city: SmallCity, sources: Sources) -> None:
    mandate = _mandate(small_city)
    form = {"signed_by": "self", "method": "handwritten", "signer_name": "王秀兰", "drawn": ""}
    answer = small_city.clerk.client.post(f"{BASE}/mandates/{mandate}/sign/{small_city.head_id}/", form)
    assert answer.status_code == 422
    assert "请手写签名，或上传已签名的授权书" in answer.content.decode()
    broken = form | {"drawn": "data:image/png;base64,!!!"}
    assert (
        small_city.clerk.client.post(f"{BASE}/mandates/{mandate}/sign/{small_city.head_id}/", broken).status_code == 422
    )
    view = queries.mandate(actor=everything(), at=timezone.now(), mandate_id=mandate)
    assert {one.state for one in view.signatures} == {SignatureState.ASKED}


def test_a_signature_on_paper_is_uploaded(small_city: SmallCity, sources: Sources) -> None:
    mandate = _mandate(small_city)
    picture = SimpleUploadedFile("授权书.png", base64.b64decode(_png().partition(",")[2]), "image/png")
    form = {"signed_by": "self", "method": "uploaded", "signer_name": "王秀兰", "paper": picture}
    answer = small_city.clerk.client.post(f"{BASE}/mandates/{mandate}/sign/{small_city.head_id}/", form)
    assert answer.status_code == 302
    refused = SimpleUploadedFile("a.exe", b"MZ" + b"\0" * 200, "application/octet-stream")
    other = small_city.person_ids[1]
    answer = small_city.clerk.client.post(
        f"{BASE}/mandates/{mandate}/sign/{other}/", form | {"paper": refused, "signer_name": "李强"}
    )
    assert answer.status_code == 422


def test_one_source_is_down_the_report_says_unknown_and_a_second_version_follows(
    small_city: SmallCity, verifier: Persona, sources: Sources
) -> None:
    names = registry.names(
        actor=small_city.registrar, on=timezone.localdate(), household_ids=[], person_ids=small_city.person_ids
    ).persons
    head = names[small_city.head_id]
    sources.say("banks", "accounts", head, unavailable(Cause.DOWN, retry=True))
    order, report = _reported(small_city, verifier, sources)
    asked = verifier.client.get(f"{BASE}/reports/{report}/")
    assert "查看事由" in asked.content.decode()
    assert "银行账户" not in asked.content.decode()
    page = verifier.client.post(f"{BASE}/reports/{report}/", {"why": "审核低保申请"}).content.decode()
    assert "无法连接来源单位" in page
    assert "未知" in page
    refused = verifier.client.post(f"{BASE}/orders/{order}/revise/")
    assert refused.status_code == 422
    sources.say("banks", "accounts", head, found({"bank": "农业银行", "account": "*1234", "balance_fen": 12_345_00}))
    item = next(
        one
        for one in queries.order(actor=everything(), at=timezone.now(), order_id=order).items
        if one.source == "banks" and one.person_id == small_city.head_id
    )
    assert verifier.client.post(f"{BASE}/items/{item.id}/ask/").status_code == 302
    verify.ask_source("banks", clock=timezone.now)
    assert verifier.client.post(f"{BASE}/orders/{order}/revise/").status_code == 302
    versions = queries.reports_of(actor=everything(), at=timezone.now(), order_id=order)
    page = verifier.client.post(f"{BASE}/reports/{versions[0].id}/", {"why": "审核"}).content.decode()
    assert "12,345.00元" in page
    assert "第2版" in verifier.client.get(f"{BASE}/orders/{order}/").content.decode()


def test_a_look_without_a_reason_shows_nothing_and_a_look_is_read_by_the_person(
    small_city: SmallCity, verifier: Persona, sources: Sources
) -> None:
    _, report = _reported(small_city, verifier, sources)
    answer = verifier.client.post(f"{BASE}/reports/{report}/", {"why": " "})
    assert answer.status_code == 422
    assert "银行账户" not in answer.content.decode()
    verifier.client.post(f"{BASE}/reports/{report}/", {"why": "审核低保申请"})
    log = small_city.citizen.client.get(f"/family/verification/log/{small_city.head_id}/").content.decode()
    assert "审核低保申请" in log
    assert "周敏" in log
    assert "银行账户" in log
    other = small_city.citizen.client.get(f"/family/verification/log/{small_city.person_ids[1]}/")
    assert other.status_code == 404


def test_a_citizen_objects_to_a_sold_car_and_wins(small_city: SmallCity, verifier: Persona, sources: Sources) -> None:
    name = registry.names(
        actor=small_city.registrar, on=timezone.localdate(), household_ids=[], person_ids=[small_city.head_id]
    ).persons[small_city.head_id]
    sources.say("public_security", "vehicles", name, found(CAR))
    sources.say("public_security", "vehicles", name, none_found(), again=True)
    order, report = _reported(small_city, verifier, sources)
    me = small_city.citizen.client
    page = me.get(f"/family/verification/reports/{report}/").content.decode()
    assert "鲁J12345" in page
    item = next(
        one
        for one in queries.order(actor=everything(), at=timezone.now(), order_id=order).items
        if one.item == "vehicles" and one.person_id == small_city.head_id
    )
    proof = SimpleUploadedFile("合同.png", base64.b64decode(_png().partition(",")[2]), "image/png")
    answer = me.post(
        f"/family/verification/items/{item.id}/dispute/", {"statement": "2024年已经卖了", "evidence": proof}
    )
    assert answer.status_code == 302, answer.content.decode()
    verify.ask_source("public_security", clock=timezone.now)
    question = sources.http["public_security"].asked[-1]
    assert question.disputed_reference == "R-L-1"
    assert len(question.evidence) == 1
    dispute = queries.disputes(actor=everything(), at=timezone.now())[0]
    assert dispute.state is DisputeState.RECHECKED
    page = verifier.client.get(f"{BASE}/disputes/{dispute.id}/").content.decode()
    assert "2024年已经卖了" in page
    assert "合同.png" in page
    assert verifier.client.get(f"{BASE}/disputes/").content.decode().count(name) == 1
    answer = verifier.client.post(f"{BASE}/disputes/{dispute.id}/correct/", {"reason": "公安复核：已转让"})
    assert answer.status_code == 302
    assert "出具更正报告" in last_message(answer)
    assert verifier.client.post(f"{BASE}/orders/{order}/revise/").status_code == 302
    overview = me.get("/family/verification/").content.decode()
    assert "公安复核：已转让" in overview
    latest = queries.reports_of(actor=everything(), at=timezone.now(), order_id=order)[0]
    assert "鲁J12345" not in me.get(f"/family/verification/reports/{latest.id}/").content.decode()


def test_a_citizen_signs_and_withdraws_online(small_city: SmallCity, sources: Sources) -> None:
    mandate = _mandate(small_city)
    me, head = small_city.citizen.client, small_city.head_id
    assert "等您签署" in me.get("/family/verification/").content.decode()
    address = f"/family/verification/mandates/{mandate}"
    assert "家庭经济状况核对授权书" in me.get(f"{address}/").content.decode()
    assert me.post(f"{address}/sign/{head}/", {}).status_code == 422
    assert me.post(f"{address}/sign/{head}/", {"agreed": "on"}).status_code == 302
    assert me.post(f"{address}/withdraw/{head}/", {"reason": "不再申请"}).status_code == 302
    view = queries.mandate(actor=everything(), at=timezone.now(), mandate_id=mandate)
    assert next(one.state for one in view.signatures if one.person_id == head) is SignatureState.WITHDRAWN
    assert me.get(f"{address}/sign/{small_city.person_ids[1]}/").status_code == 404


def test_a_department_answers_its_questions_on_a_page(
    small_city: SmallCity, verifier: Persona, sources: Sources
) -> None:
    order = _ordered(small_city)
    verifier.client.post(f"{BASE}/orders/{order}/start/")
    judge = officer("D001", "郑法", "department_officer", TAISHAN, "justice")
    page = judge.client.get(f"{BASE}/questions/").content.decode()
    assert page.count("裁判") >= 1 or "judgments" not in page
    item = next(
        one
        for one in queries.order(actor=everything(), at=timezone.now(), order_id=order).items
        if one.source == "courts" and one.person_id == small_city.head_id
    )
    fields = {one.name for one in connectors()["courts"].source.item("judgments").fields}
    wrong = {"finding": "found", "data_as_of": timezone.localdate().isoformat(), "reference": "函1号"}
    wrong |= {f"line1_{next(iter(fields))}": "不是日期也不是代码"}
    assert judge.client.post(f"{BASE}/questions/{item.id}/", wrong).status_code == 422
    none = {"finding": "none_found", "data_as_of": timezone.localdate().isoformat(), "reference": "函1号"}
    assert judge.client.post(f"{BASE}/questions/{item.id}/", none).status_code == 302
    assert queries.item(actor=everything(), at=timezone.now(), item_id=item.id).state is ItemState.NONE_FOUND
    assert judge.client.get(f"{BASE}/questions/?show=answered").status_code == 200
    assert judge.client.get(f"{BASE}/orders/").status_code == 403
    other = officer("D002", "孙退役", "department_officer", TAISHAN, "veterans")
    assert other.client.get(f"{BASE}/questions/{item.id}/").status_code == 404


def test_lists_console_and_export(small_city: SmallCity, verifier: Persona, sources: Sources) -> None:
    order, _ = _reported(small_city, verifier, sources)
    number = queries.order(actor=everything(), at=timezone.now(), order_id=order).order.number
    for query in ("", "?state=reported", f"?number={number}", "?overdue=", "?state=nonsense&after=x"):
        assert number in verifier.client.get(f"{BASE}/orders/{query}").content.decode()
    assert number not in verifier.client.get(f"{BASE}/orders/?state=stopped").content.decode()
    export = verifier.client.get(f"{BASE}/orders/export/")
    assert export["Content-Type"].startswith("application/vnd.openxmlformats")
    page = verifier.client.get(f"{BASE}/sources/?days=7").content.decode()
    assert "银行" in page
    assert "没有收到该查询的回复" in page


def test_a_unit_is_entrusted_and_the_entrustment_ends(small_city: SmallCity, verifier: Persona) -> None:
    today = timezone.localdate()
    form = {
        "unit_name": "泰山区住房保障中心",
        "department": "housing",
        "programmes": ["zhufang_jiuzhu"],
        "document_number": "泰山住建函〔2026〕1号",
        "valid_from": today.isoformat(),
        "valid_to": (today + timedelta(days=100)).isoformat(),
    }
    assert verifier.client.post(f"{BASE}/entrustments/new/", form | {"department": "education"}).status_code == 422
    assert verifier.client.post(f"{BASE}/entrustments/new/", form).status_code == 302
    one = queries.entrustments(actor=everything(), at=timezone.now())[0]
    assert "泰山区住房保障中心" in verifier.client.get(f"{BASE}/entrustments/").content.decode()
    assert verifier.client.post(f"{BASE}/entrustments/{one.id}/end/", {"reason": "委托期满"}).status_code == 302


def test_a_batch_from_a_list_orders_whom_it_may_and_says_why_not(
    small_city: SmallCity, verifier: Persona, sources: Sources
) -> None:
    from tests.channels.conftest import identity_number

    from jiuzhu.groundwork.tasks.jobs import Work

    _guard(small_city)
    mandate = _mandate(small_city)
    _sign_all(small_city, mandate)
    head = registry.subjects(
        actor=small_city.registrar, on=timezone.localdate(), household_id=small_city.household_id, numbers=True
    ).persons[0]
    from datetime import date

    stranger = identity_number(777, date(1970, 1, 1))
    listing = SimpleUploadedFile("名单.csv", f"身份证号\n{head.number}\n{stranger}\n{head.number}\n".encode("gb18030"))
    form = {"title": "年度核查", "programmes": ["dibao"], "purpose": "定期核查", "listing": listing}
    answer = verifier.client.post(f"{BASE}/batches/new/", form)
    assert answer.status_code == 302, answer.content.decode()
    batch = int(answer["Location"].rstrip("/").rpartition("/")[2])
    actor = verifier.actor()
    work = Work(
        job_id=1,
        actor=actor,
        request_id="",
        at=timezone.now(),
        attempt=0,
        last_attempt=True,
        stop_asked=lambda: False,
    )
    from jiuzhu.journeys.verify_batch import run_batch

    run_batch(work, batch_id=batch, title="年度核查", total=3, office="泰山区民政局")
    run_batch(work, batch_id=batch, title="年度核查", total=3, office="泰山区民政局")
    view = queries.batch(actor=actor, at=timezone.now(), batch_id=batch)
    assert (view.total, view.done, view.ordered, view.problems) == (3, 3, 1, 2)
    page = verifier.client.get(f"{BASE}/batches/{batch}/").content.decode()
    assert "没有该证件号码的现有家庭成员" in page
    assert "只核对一次" in page
    assert verifier.client.get(f"{BASE}/batches/{batch}/progress/", HTTP_HX_REQUEST="true").status_code == 200
    for wrong in ({}, {"listing": SimpleUploadedFile("x.csv", b"\xff\xfe\0\0"), "group": ""}):
        empty = {"title": "年度核查", "programmes": ["dibao"], "purpose": "定期核查"} | wrong
        assert verifier.client.post(f"{BASE}/batches/new/", empty).status_code == 422
    assert actions.order_piece(actor=actor, at=timezone.now(), batch_id=batch, first=1, last=3, asking_office="x") == 0


def test_steps_refuse_on_their_page_and_change_nothing(
    small_city: SmallCity, verifier: Persona, sources: Sources
) -> None:
    order = _ordered(small_city)
    assert verifier.client.post(f"{BASE}/orders/{order}/report/").status_code == 422
    assert verifier.client.post(f"{BASE}/orders/{order}/stop/").status_code == 422
    assert verifier.client.post(f"{BASE}/orders/{order}/reject/", {"reason": ""}).status_code == 422
    assert verifier.client.post(f"{BASE}/orders/{order}/reject/", {"reason": "重复"}).status_code == 302
    assert small_city.clerk.client.post(f"{BASE}/orders/{order}/start/").status_code == 403
    stranger = officer("C009", "外镇", "township_clerk", DAIMIAO)
    assert stranger.client.get(f"{BASE}/orders/{order}/").status_code == 200
    assert small_city.other_township.client.get(f"{BASE}/orders/{order}/").status_code == 404


def test_a_report_and_a_mandate_are_issued_as_documents_that_anyone_can_check(
    small_city: SmallCity, verifier: Persona, sources: Sources
) -> None:
    order, report = _reported(small_city, verifier, sources)
    pdf = verifier.client.post(f"{BASE}/reports/{report}/", {"why": "归档", "pdf": "1"})
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert "no-store" in pdf["Cache-Control"]
    again = verifier.client.post(f"{BASE}/reports/{report}/", {"why": "归档", "pdf": "1"})
    assert again.content == pdf.content
    assert small_city.citizen.client.get(f"/family/verification/reports/{report}/pdf/").content[:5] == b"%PDF-"
    view = queries.order(actor=everything(), at=timezone.now(), order_id=order).order
    for address in (f"{BASE}/mandates/{view.mandate_id}/pdf/", f"/family/verification/mandates/{view.mandate_id}/pdf/"):
        client = small_city.citizen.client if address.startswith("/family") else verifier.client
        assert client.get(address).content[:5] == b"%PDF-"
    line = queries.reports_of(actor=everything(), at=timezone.now(), order_id=order)[0]
    visitor = Client()
    code = line.sha256[:12]
    page = visitor.get("/public/documents/check/", {"number": line.number.lower(), "code": code}).content.decode()
    assert "由本系统出具，现在有效" in page
    assert "王秀兰" not in page
    for number, wrong in ((line.number, "0" * 12), (line.number, ""), ("HD1", code)):
        answer = visitor.get("/public/documents/check/", {"number": number, "code": wrong}).content.decode()
        assert "没有查到这份文书" in answer
        assert line.sha256 not in answer
