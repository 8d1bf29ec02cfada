"""From upload to imported persons: what is stored, what is left out, and that nothing is stored twice."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from tests.rooms.registry.conftest import (
    AT,
    CITY,
    TOWN_A,
    TOWN_B,
    VILLAGE_A2,
    VILLAGE_B1,
    Register,
    number,
    person,
    staff,
)
from tests.rooms.registry.sheets import Line, large_roll, line, workbook

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.tasks import progress
from jiuzhu.groundwork.tasks.jobs import Work
from jiuzhu.groundwork.tasks.models import ProgressState
from jiuzhu.groundwork.transitions.queries import timeline
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.actions.roll.checking import check_roll
from jiuzhu.rooms.registry.actions.roll.importing import import_roll
from jiuzhu.rooms.registry.models import Household, Person, RollEntry, RollProblem
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.persons import NewMember
from jiuzhu.rooms.registry.rules.roll.sheet import read_sheet
from jiuzhu.rooms.registry.states import RollMode, RollSeverity, RollStage, RollState, TargetGroup

COUPLE: list[Line] = [line("1", "户主", "赵甲", 101), line("1", "妻", "钱𠮷", 102)]
SINGLE: list[Line] = [line("2", "户主", "孙丙", 103, phone="13800001111", division=VILLAGE_A2)]
BAD: list[Line] = [line("3", "户主", "李丁", 105), line("3", "妻", "周戊", 106, phone="1")]


@pytest.fixture(autouse=True)
def _own_files(settings: Settings, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)


def work(actor: Actor) -> Work:
    """A job's first run."""
    return Work(job_id=1, actor=actor, request_id="r1", at=AT, attempt=0, last_attempt=True, stop_asked=lambda: False)


def uploaded(actor: Actor, lines: Sequence[Line], name: str = "名单.xlsx") -> int:
    """Upload a roll and check it."""
    made = actions.upload_roll(actor=actor, at=AT, content=workbook(lines), name=name)
    check_roll(work(actor), roll_id=made.roll.id)
    return made.roll.id


def imported(actor: Actor, lines: Sequence[Line], mode: RollMode = RollMode.GOOD_HOUSEHOLDS) -> int:
    """Upload, check, confirm and import a roll."""
    roll_id = uploaded(actor, lines)
    actions.confirm_roll(actor=actor, at=AT, roll_id=roll_id, mode=mode)
    import_roll(work(actor), roll_id=roll_id)
    return roll_id


def problems(actor: Actor, roll_id: int) -> list[tuple[int, str, str]]:
    """Row, severity and code of what was found."""
    preview = queries.roll_preview(actor=actor, roll_id=roll_id)
    return [(one.row, one.severity.value, one.code) for one in preview.problems]


def test_a_roll_without_error_becomes_households_and_persons(clerk: Actor) -> None:
    roll_id = imported(clerk, COUPLE + SINGLE, RollMode.ALL_OR_NOTHING)
    roll = queries.roll_preview(actor=clerk, roll_id=roll_id).roll
    assert (roll.state, roll.households_imported, roll.persons_imported) == (RollState.FINISHED, 2, 3)
    (found,) = queries.search_persons(actor=clerk, at=AT, text=number(102)).results
    assert found.name == "钱𠮷"
    home = queries.household_detail(actor=clerk, at=AT, household_id=found.household_id or 0)
    assert [(one.person.name, one.relation, one.is_head) for one in home.members] == [
        ("赵甲", "02", True),
        ("钱𠮷", "12", False),
    ]
    assert home.household.number == f"370902-{home.household.id:08d}"
    (single,) = queries.search_persons(actor=clerk, at=AT, text="13800001111").results
    assert (single.name, single.division_code) == ("孙丙", VILLAGE_A2)
    assert {one.name for one in queries.search_persons(actor=clerk, at=AT, text="sb").results} == {"孙丙"}
    with acting(clerk):
        steps = [step.verb for step in timeline("registry.roll", roll_id, actor=clerk)]
        bar = progress.progress_of(f"registry.roll:{roll_id}:import", actor=clerk)
    assert steps == ["upload", "check", "confirm", "finish"]
    assert (bar.state, bar.done, bar.failed) == (ProgressState.FINISHED, 2, 0)


def test_disabilities_and_target_groups_come_with_their_persons(clerk: Actor) -> None:
    imported(
        clerk,
        [
            line(
                "1",
                "户主",
                "赵甲",
                101,
                disability_type="肢体",
                disability_grade="二级",
                groups="特困",
                evidence="决定书1号",
            )
        ],
    )
    (found,) = queries.search_persons(actor=clerk, at=AT, text="赵甲").results
    assert found.groups == (TargetGroup.TEKUN,)
    # the job's own clock dates the facts
    detail = queries.person_detail(actor=clerk, at=datetime(2090, 1, 1, tzinfo=UTC), person_id=found.person_id)
    shown = {one.key: (one.current.shown, one.current.source.value) for one in detail.variables}
    assert shown == {"disability_type": ("肢体残疾", "declared"), "disability_grade": ("二级", "declared")}


def test_households_with_errors_stay_out_whole_and_the_others_come_in(clerk: Actor) -> None:
    roll_id = imported(clerk, COUPLE + BAD)
    assert problems(clerk, roll_id) == [(5, "error", "phone.form")]
    with acting(clerk):
        assert sorted(Person.objects.values_list("name", flat=True)) == ["赵甲", "钱𠮷"]
        bar = progress.progress_of(f"registry.roll:{roll_id}:import", actor=clerk)
    assert (bar.done, bar.failed) == (1, 1)
    sheet = read_sheet(queries.roll_error_file(actor=clerk, roll_id=roll_id).content)
    assert len(sheet.rows) == 2, "the error file holds the whole household that stayed out, and nothing else"


def test_all_or_nothing_imports_nothing_while_there_is_an_error(clerk: Actor) -> None:
    roll_id = uploaded(clerk, COUPLE + BAD)
    with pytest.raises(RuleRefused, match="1 households"):
        actions.confirm_roll(actor=clerk, at=AT, roll_id=roll_id, mode=RollMode.ALL_OR_NOTHING)
    with acting(clerk):
        assert not Person.objects.exists()
    assert queries.roll_preview(actor=clerk, roll_id=roll_id).roll.state is RollState.CHECKED


def test_a_roll_in_which_nothing_is_right_cannot_be_confirmed(clerk: Actor) -> None:
    roll_id = uploaded(clerk, BAD)
    with pytest.raises(RuleRefused, match="No household"):
        actions.confirm_roll(actor=clerk, at=AT, roll_id=roll_id, mode=RollMode.GOOD_HOUSEHOLDS)


def test_the_same_rows_again_are_recognised_and_nothing_is_doubled(clerk: Actor) -> None:
    first = imported(clerk, COUPLE)
    again = actions.upload_roll(actor=clerk, at=AT, content=workbook([{}, *COUPLE]), name="另存.xlsx")
    assert (again.roll.id, again.is_new, again.roll.state) == (first, False, RollState.FINISHED)
    import_roll(work(clerk), roll_id=first)
    with acting(clerk):
        assert (Household.objects.count(), Person.objects.count(), RollEntry.objects.count()) == (1, 2, 2)


def test_persons_of_an_earlier_roll_are_errors_in_a_later_one(clerk: Actor) -> None:
    imported(clerk, COUPLE)
    roll_id = uploaded(clerk, COUPLE + SINGLE)
    assert problems(clerk, roll_id) == [
        (2, "error", "registry.document.registered"),
        (3, "error", "registry.document.registered"),
    ]
    preview = queries.roll_preview(actor=clerk, roll_id=roll_id)
    with acting(clerk):
        home = Household.objects.get()
    assert home.number in preview.problems[0].message_zh
    assert preview.roll.households_with_errors == 1


def test_of_a_person_registered_outside_the_area_only_that_is_told(clerk: Actor, register: Register) -> None:
    made = register([NewMember("02", person("赵甲", 101))], actor=staff(CITY), division=VILLAGE_B1)
    roll_id = uploaded(clerk, COUPLE)
    (one,) = queries.roll_preview(actor=clerk, roll_id=roll_id).problems
    assert one.code == "registry.document.registered_elsewhere"
    assert made.number not in one.message_zh
    assert VILLAGE_B1 not in one.message_zh


def test_a_person_registered_between_check_and_import_is_left_out(clerk: Actor, register: Register) -> None:
    roll_id = uploaded(clerk, COUPLE + SINGLE)
    actions.confirm_roll(actor=clerk, at=AT, roll_id=roll_id, mode=RollMode.ALL_OR_NOTHING)
    register([NewMember("02", person("钱𠮷", 102))])
    import_roll(work(clerk), roll_id=roll_id)
    preview = queries.roll_preview(actor=clerk, roll_id=roll_id)
    assert (preview.roll.households_imported, preview.roll.persons_imported) == (1, 1)
    (late,) = preview.problems
    assert (late.row, late.stage, late.severity) == (3, RollStage.IMPORT, RollSeverity.ERROR)
    assert len(read_sheet(queries.roll_error_file(actor=clerk, roll_id=roll_id).content).rows) == 2


def test_a_number_one_slip_away_from_a_registered_person_is_pointed_out(clerk: Actor, register: Register) -> None:
    register([NewMember("02", person("赵甲", 101))])
    right = number(101)
    slip = right[:5] + ("3" if right[5] != "3" else "4") + right[6:]
    roll_id = uploaded(clerk, [line("1", "户主", "赵甲", document_number=slip)])
    assert {code for _, _, code in problems(clerk, roll_id)} == {"identity.checksum", "registry.roll.near_miss"}


def test_a_person_without_number_who_may_be_registered_is_a_warning(clerk: Actor, register: Register) -> None:
    register([NewMember("02", person("赵甲", 101))])
    lines = [line("1", "户主", "赵甲", document_kind="无证件", document_number=None, birth_date=date(1980, 5, 1))]
    roll_id = uploaded(clerk, lines)
    assert problems(clerk, roll_id) == [(2, "warning", "registry.roll.maybe_registered")]


def test_nothing_is_written_by_the_check_and_a_cancelled_roll_may_be_uploaded_again(clerk: Actor) -> None:
    roll_id = uploaded(clerk, COUPLE)
    with acting(clerk):
        assert not Person.objects.exists()
    assert actions.cancel_roll(actor=clerk, at=AT, roll_id=roll_id, reason="选错文件").state is RollState.CANCELLED
    with pytest.raises(TransitionRefused):
        actions.confirm_roll(actor=clerk, at=AT, roll_id=roll_id, mode=RollMode.GOOD_HOUSEHOLDS)
    import_roll(work(clerk), roll_id=roll_id)
    with acting(clerk):
        assert not Person.objects.exists()
    assert uploaded(clerk, COUPLE) != roll_id


def test_a_roll_is_confirmed_once(clerk: Actor) -> None:
    roll_id = uploaded(clerk, COUPLE)
    actions.confirm_roll(actor=clerk, at=AT, roll_id=roll_id, mode=RollMode.ALL_OR_NOTHING)
    with pytest.raises(TransitionRefused):
        actions.confirm_roll(actor=clerk, at=AT, roll_id=roll_id, mode=RollMode.ALL_OR_NOTHING)
    with pytest.raises(TransitionRefused):
        actions.cancel_roll(actor=clerk, at=AT, roll_id=roll_id, reason="反悔")
    actions.continue_roll(actor=clerk, at=AT, roll_id=roll_id)
    import_roll(work(clerk), roll_id=roll_id)
    with pytest.raises(RuleRefused, match="nothing"):
        actions.continue_roll(actor=clerk, at=AT, roll_id=roll_id)


def test_villages_outside_the_area_are_errors_of_their_rows(clerk: Actor) -> None:
    roll_id = uploaded(clerk, [*COUPLE, line("2", "户主", "孙丙", 103, division=VILLAGE_B1)])
    assert problems(clerk, roll_id) == [(4, "error", "registry.roll.place_outside")]


def test_a_roll_of_another_area_does_not_exist(clerk: Actor) -> None:
    roll_id = uploaded(clerk, COUPLE)
    neighbour = staff(TOWN_B)
    asked: list[Callable[[], object]] = [
        lambda: queries.roll_preview(actor=neighbour, roll_id=roll_id),
        lambda: queries.roll_error_file(actor=neighbour, roll_id=roll_id),
        lambda: actions.confirm_roll(actor=neighbour, at=AT, roll_id=roll_id, mode=RollMode.GOOD_HOUSEHOLDS),
        lambda: actions.cancel_roll(actor=neighbour, at=AT, roll_id=roll_id, reason="无"),
        lambda: actions.upload_roll(actor=neighbour, at=AT, content=workbook(COUPLE), name="a.xlsx", division=TOWN_A),
    ]
    for ask in asked:
        with pytest.raises(OutOfScope):
            ask()
    assert queries.roll_list(actor=neighbour) == ()
    with acting(neighbour):
        assert not RollProblem.objects.exists()
        assert not RollEntry.objects.exists()


@pytest.mark.parametrize(
    ("missing", "lines"),
    [
        (Permission.HOUSEHOLD_REGISTER, COUPLE),
        (Permission.GROUP_TAG, [line("1", "户主", "赵甲", 101, groups="特困", evidence="1号")]),
        (Permission.FACT_RECORD, [line("1", "户主", "赵甲", 101, disability_type="肢体", disability_grade="1")]),
    ],
)
def test_who_may_not_do_what_the_roll_holds_cannot_upload_it(
    clerk: Actor, missing: Permission, lines: Sequence[Line]
) -> None:
    with pytest.raises(PermissionRefused) as caught:
        uploaded(staff(TOWN_A, without=frozenset({missing})), lines)
    assert caught.value.permission == missing


def test_the_error_file_of_somebody_else_needs_the_permission_to_see_numbers(clerk: Actor) -> None:
    roll_id = uploaded(clerk, BAD)
    other = Actor(
        kind=clerk.kind,
        account_id=99,
        name="同事",
        permissions=clerk.permissions - {Permission.PERSON_SEE_IDENTITY},
        scope=clerk.scope,
    )
    with pytest.raises(PermissionRefused):
        queries.roll_error_file(actor=other, roll_id=roll_id)
    assert queries.roll_error_file(actor=clerk, roll_id=roll_id).name == "名单_错误清单.xlsx"


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.xlsx", "file.empty"),
        (b"%PDF-1.4", "a.xlsx", "file.type_mismatch"),
        (workbook(COUPLE), "a.pdf", "file.type"),
        (workbook([]), "a.xlsx", "registry.roll.empty"),
    ],
)
def test_a_file_that_is_no_roll_is_refused_at_the_door(clerk: Actor, content: bytes, name: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        actions.upload_roll(actor=clerk, at=AT, content=content, name=name)
    assert refused.value.code == code
    assert queries.roll_list(actor=clerk) == ()


def test_problems_come_in_pages_and_are_counted_by_kind(clerk: Actor) -> None:
    lines = [line(str(place), "户主", "赵甲", 2 * place + 1, phone="1", ethnicity="x") for place in range(1, 6)]
    roll_id = uploaded(clerk, lines)
    seen: list[int] = []
    after = ""
    while True:
        page = queries.roll_preview(actor=clerk, roll_id=roll_id, after=after, limit=3)
        seen += [one.id for one in page.problems]
        after = page.next_after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 10
    assert {(kind.code, kind.count) for kind in page.kinds} == {("code_list.unknown", 5), ("phone.form", 5)}


def test_the_template_of_an_area_names_its_villages(clerk: Actor) -> None:
    made = queries.roll_template(actor=clerk, at=AT)
    assert made.name == f"家庭花名册模板_{TOWN_A}.xlsx"
    with pytest.raises(OutOfScope):
        queries.roll_template(actor=clerk, at=AT, division=TOWN_B)


def test_the_number_of_statements_does_not_grow_with_the_rows(clerk: Actor) -> None:
    counts = []
    everybody = large_roll(110)
    for lines in (everybody[:10], everybody[10:]):
        roll_id = uploaded(clerk, lines)
        actions.confirm_roll(actor=clerk, at=AT, roll_id=roll_id, mode=RollMode.ALL_OR_NOTHING)
        with CaptureQueriesContext(connection) as captured:
            import_roll(work(clerk), roll_id=roll_id)
        counts.append(len(captured))
    assert counts[1] == counts[0]
