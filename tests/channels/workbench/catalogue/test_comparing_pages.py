"""What a version changes, in words and for the registered households; the register stays as it is (S02 S07)."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from python_calamine import CalamineWorkbook
from tests.channels.conftest import officer
from tests.channels.workbench.catalogue.conftest import CITY, Shelf, work
from tests.channels.workbench.policy.test_screening_pages import disabled
from tests.rooms.catalogue.conftest import changed

from jiuzhu.core.actors import system_actor
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.engine.packs.loading import load
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.journeys import measure as journey
from jiuzhu.rooms.catalogue import actions, queries
from jiuzhu.rooms.catalogue.queries import archive_of
from jiuzhu.rooms.catalogue.rules.versions import PackCheck
from jiuzhu.rooms.registry.models import Fact, Household, Person

VERSIONS = "/workbench/catalogue/versions/"
IMPACTS = "/workbench/catalogue/impacts/"
PARAMETERS = "policies/370900-taian-demo/canji_huli_butie/parameters.yaml"


@pytest.fixture(autouse=True)
def quick_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that reads the packs and works no cases out: that is tested with the checks."""

    def checked(roots: Sequence[Path], *, step: object = None) -> PackCheck:
        return PackCheck(load(roots).digest)

    monkeypatch.setattr("jiuzhu.rooms.catalogue.actions.versions.checked", checked)


@pytest.fixture(scope="module")
def shipped() -> bytes:
    """The packs that the program brings along."""
    return archive_of(settings.POLICIES)


def version(shelf: Shelf, archive: bytes) -> int:
    """A version that has passed its check."""
    actor = shelf.drafter.actor()
    pack_id = actions.draft_pack(actor=actor, at=timezone.now(), division=CITY, archive=archive, title="下一版")
    actions.check_pack(actor=actor, at=timezone.now(), pack_id=pack_id)
    return pack_id


def raised(shelf: Shelf, shipped: bytes) -> int:
    """The packs with one value raised from 170 to 200 yuan a month."""
    return version(shelf, changed(shipped, PARAMETERS, "value: 170,", "value: 200,"))


def begun(shelf: Shelf, pack_id: int, **form: str) -> int:
    given = {"other": "", "division": "", "on": str(timezone.localdate())} | form
    answer = shelf.drafter.client.post(f"{VERSIONS}{pack_id}/impacts/", given)
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.headers["Location"].rstrip("/").rpartition("/")[2])


def test_what_changes_is_told_by_programme_with_values_place_and_day(shelf: Shelf, shipped: bytes) -> None:
    pack_id = raised(shelf, shipped)
    text = shelf.drafter.client.get(f"{VERSIONS}{pack_id}/compare/").content.decode()
    for shown in ("共1处不同", "残疾人护理补贴", "170.00 元/月", "200.00 元/月", "泰安市", "演示"):
        assert shown in text, shown
    answer = shelf.drafter.client.get(f"{VERSIONS}{pack_id}/compare/export/")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(sheet) == 2
    assert sheet[1][7:9] == ["170.00 元/月", "200.00 元/月"]


def test_a_version_is_compared_with_another_and_one_that_was_not_read_says_so(shelf: Shelf, shipped: bytes) -> None:
    first, second = version(shelf, shipped), raised(shelf, shipped)
    client = shelf.drafter.client
    assert "没有不同" in client.get(f"{VERSIONS}{first}/compare/").content.decode()
    assert "200.00 元/月" in client.get(f"{VERSIONS}{first}/compare/?other={second}").content.decode()
    assert client.get(f"{VERSIONS}{first}/compare/?other={first}").status_code == 422
    unread = actions.draft_pack(
        actor=shelf.drafter.actor(), at=timezone.now(), division=CITY, archive=shelf.packs, title="未校验"
    )
    assert "请先校验" in client.get(f"{VERSIONS}{unread}/compare/").content.decode()
    assert "校验后才能测算" in client.get(f"{VERSIONS}{unread}/impacts/").content.decode()
    many = version(shelf, shelf.packs)
    text = client.get(f"{VERSIONS}{many}/compare/").content.decode()
    assert "只列出前300处" in text


def test_who_gets_more_is_counted_to_the_fen_and_nothing_in_the_register_changes(shelf: Shelf, shipped: bytes) -> None:
    disabled(shelf.city.person_ids[1])
    pack_id = raised(shelf, shipped)
    before = _register()
    impact_id = begun(shelf, pack_id)
    client = shelf.drafter.client
    page = client.get(f"{IMPACTS}{impact_id}/").content.decode()
    assert "进行中" in page
    asked = client.get(f"{IMPACTS}{impact_id}/progress/", headers={"HX-Request": "true"})
    assert "HX-Refresh" not in asked.headers
    journey.run_measure(work(shelf.drafter), impact_id=impact_id)
    assert _register() == before
    ended = client.get(f"{IMPACTS}{impact_id}/progress/", headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"
    run = queries.impact_run(actor=shelf.drafter.actor(), at=timezone.now(), impact_id=impact_id)
    assert (run.households, run.persons, run.better, run.worse) == (3, 5, 1, 0)
    (line,) = run.lines
    assert (line.area, line.programme, line.granted, line.more) == ("370902", "canji_huli_butie", (1, 1), 1)
    assert line.paid == {"monthly": (17_000, 20_000)}
    text = client.get(f"{IMPACTS}{impact_id}/").content.decode()
    for shown in ("残疾人护理补贴", "泰山区", "170.00", "200.00", "+30.00", run.after_digest):
        assert shown in text, shown
    answer = client.get(f"{IMPACTS}{impact_id}/export/")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[1][0] == "泰山区"
    assert sheet[1][10:] == ["170.00", "200.00", "30.00"]
    journey.run_measure(work(shelf.drafter), impact_id=impact_id)  # a job that comes twice does nothing
    listed = client.get(f"{VERSIONS}{pack_id}/impacts/").content.decode()
    assert f"{IMPACTS}{impact_id}/" in listed


def test_the_other_way_round_somebody_gets_less_and_programmes_that_go_lose_everybody(
    shelf: Shelf, shipped: bytes
) -> None:
    disabled(shelf.city.person_ids[1])
    first, second = version(shelf, shipped), raised(shelf, shipped)
    back = begun(shelf, first, other=str(second))
    journey.run_measure(work(shelf.drafter), impact_id=back)
    run = queries.impact_run(actor=shelf.drafter.actor(), at=timezone.now(), impact_id=back)
    assert (run.better, run.worse, run.lines[0].less) == (0, 1, 1)
    assert run.before_id == second
    assert "-30.00" in shelf.drafter.client.get(f"{IMPACTS}{back}/").content.decode()
    gone = begun(shelf, version(shelf, shelf.packs))
    journey.run_measure(work(shelf.drafter), impact_id=gone)
    run = queries.impact_run(actor=shelf.drafter.actor(), at=timezone.now(), impact_id=gone)
    (line,) = (one for one in run.lines if one.programme == "canji_huli_butie")
    assert (line.granted, line.leave, line.paid["monthly"]) == ((1, 0), 1, (17_000, 0))


def test_the_same_on_both_sides_changes_nothing(shelf: Shelf, shipped: bytes) -> None:
    impact_id = begun(shelf, version(shelf, shipped), division="370911000000")
    journey.run_measure(work(shelf.drafter), impact_id=impact_id)
    text = shelf.drafter.client.get(f"{IMPACTS}{impact_id}/").content.decode()
    assert "没有变化" in text
    assert "岱岳区" in text


def test_a_run_whose_packs_have_changed_or_that_breaks_down_says_so(
    shelf: Shelf, shipped: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack_id = raised(shelf, shipped)
    first, second = begun(shelf, pack_id), begun(shelf, pack_id)
    actor = shelf.drafter.actor()
    monkeypatch.setattr(journey, "_two", lambda *_: (queries.public_shipped_packs(),) * 2)
    journey.run_measure(work(shelf.drafter), impact_id=first)
    assert "已更换" in shelf.drafter.client.get(f"{IMPACTS}{first}/").content.decode()
    monkeypatch.undo()

    def broken(*_: object, **__: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(journey, "population_piece", broken)
    with pytest.raises(OSError, match="disk"):
        journey.run_measure(work(shelf.drafter), impact_id=second)
    assert "测算中断" in shelf.drafter.client.get(f"{IMPACTS}{second}/").content.decode()
    with pytest.raises(RuleRefused):
        actions.fail_impact(actor=actor, at=timezone.now(), impact_id=second, because="twice")


def test_a_fact_that_means_something_else_is_refused(shelf: Shelf) -> None:
    packs = queries.public_shipped_packs()
    key = next(key for key, one in packs.variables.items() if one.source is not None)
    derived = next(one for one in packs.variables.values() if one.source is None)
    other = type(packs)(
        **{name: getattr(packs, name) for name in packs.__dataclass_fields__}
        | {"variables": {**packs.variables, key: derived}}
    )
    with pytest.raises(RuleRefused) as refused:
        journey._refuse_other_facts(packs, other)
    assert "口径不同" in refused.value.message_zh


def test_a_form_that_is_wrong_begins_nothing(shelf: Shelf, shipped: bytes) -> None:
    pack_id = raised(shelf, shipped)
    for form in ({"on": "2020-01-01"}, {"on": "soon"}, {"other": "999"}, {"division": "370100000000"}):
        given = {"other": "", "division": "", "on": str(timezone.localdate())} | form
        assert shelf.drafter.client.post(f"{VERSIONS}{pack_id}/impacts/", given).status_code == 422, form
    assert "还没有测算过" in shelf.drafter.client.get(f"{VERSIONS}{pack_id}/impacts/").content.decode()
    with pytest.raises(InvalidValue):
        journey.measure(
            actor=shelf.drafter.actor(),
            at=timezone.now(),
            division=CITY,
            on=timezone.localdate(),
            pack_id=pack_id,
            before_id=pack_id,
        )


def test_who_may_not_check_runs_nothing_and_other_places_see_nothing(shelf: Shelf, shipped: bytes) -> None:
    pack_id = raised(shelf, shipped)
    impact_id = begun(shelf, pack_id)
    given = {"other": "", "division": "", "on": str(timezone.localdate())}
    assert shelf.leader.client.post(f"{VERSIONS}{pack_id}/impacts/", given).status_code == 403
    assert shelf.leader.client.get(f"{IMPACTS}{impact_id}/").status_code == 200
    assert shelf.city.county.client.get(f"{IMPACTS}{impact_id}/").status_code == 404
    other = officer("C007", "卫青", "city_officer", CITY)
    assert "进行中" in other.client.get(f"{IMPACTS}{impact_id}/").content.decode()


def _register() -> list[int]:
    """How often each row of the register was written: nothing counts twice."""
    with acting(system_actor("test")):
        return [model._default_manager.count() for model in (Fact, Household, Person)]
