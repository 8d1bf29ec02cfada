"""Every room's states and permissions: complete, reachable, founded in law, named in both languages, drawable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

import jiuzhu.rooms
from jiuzhu.core.transitions import Transition, TransitionRefused, TransitionTable

ROOMS = sorted(module.name for module in iter_modules(jiuzhu.rooms.__path__))
_CHINESE = re.compile(r"[一-鿿]")
_BASIS = re.compile(
    r"第[〇零一二三四五六七八九十百]+条|〔\d{4}〕\d+号|《[^》]+》|令第\d+号|GB/T \d+"
    r"|(条例|办法|意见|文件)([二三]（.）\d?)?$"
)
_DEADLINE = re.compile(r"[a-z][a-z0-9_]*_(wd|nd|months)")
_PERMISSION = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*\.[a-z][a-z_]*")


@dataclass(frozen=True)
class Table:
    """One transition table and where it stands."""

    room: str
    name: str
    table: TransitionTable[StrEnum]

    @property
    def place(self) -> str:
        """Its place, as test id."""
        return f"{self.room}.{self.name}"


def _tables() -> list[Table]:
    return [
        Table(room, name, value)
        for room in ROOMS
        for name, value in vars(import_module(f"jiuzhu.rooms.{room}.states")).items()
        if isinstance(value, TransitionTable)
    ]


def _permissions(room: str) -> ModuleType:
    return import_module(f"jiuzhu.rooms.{room}.permissions")


def _sentences(room: str) -> Mapping[StrEnum, tuple[str, str]]:
    module = _permissions(room)
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, Mapping) and value and all(isinstance(key, module.Permission) for key in value)
    ]
    assert len(found) == 1, f"{room}.permissions says its sentences in one mapping"
    sentences: Mapping[StrEnum, tuple[str, str]] = found[0]
    return sentences


TABLES = _tables()
STEPS = [(table, step) for table in TABLES for step in table.table.transitions]


def _step_id(value: object) -> str:
    if isinstance(value, Transition):
        return value.verb
    return value.place if isinstance(value, Table) else str(value)


@pytest.mark.parametrize("room", ROOMS)
def test_a_permission_names_its_room_its_object_and_its_verb(room: str) -> None:
    permissions = list(_permissions(room).Permission)
    assert permissions
    for permission in permissions:
        assert _PERMISSION.fullmatch(permission.value)
        assert permission.value.split(".")[0] == room
        assert permission.name == "_".join(permission.value.split(".")[1:]).upper()


@pytest.mark.parametrize("room", ROOMS)
def test_every_permission_has_a_sentence_in_both_languages(room: str) -> None:
    sentences = _sentences(room)
    assert set(sentences) == set(_permissions(room).Permission)
    for permission, (zh, en) in sentences.items():
        assert _CHINESE.search(zh), permission
        assert en.strip(), permission
        assert not _CHINESE.search(en), permission
    assert len({zh for zh, _ in sentences.values()}) == len(sentences), "two permissions read the same"


@pytest.mark.parametrize("table", TABLES, ids=_step_id)
def test_every_state_is_reached_and_every_procedure_ends(table: Table) -> None:
    reached = {table.table.initial}
    for _ in table.table.states:
        reached |= {step.to_state for state in reached for step in table.table.out_of(state)}
    assert reached == set(table.table.states)
    # an end is left by no step, or only by one that may be repeated there for ever
    ends = {state for state in table.table.states if {step.to_state for step in table.table.out_of(state)} <= {state}}
    for state in table.table.states:
        open_states = {state}
        for _ in table.table.states:
            open_states |= {step.to_state for found in open_states for step in table.table.out_of(found)}
        assert open_states & ends, f"from {state.value} no step leads to an end"


@pytest.mark.parametrize("table", TABLES, ids=_step_id)
def test_every_state_is_named_in_both_languages(table: Table) -> None:
    for state, (zh, en) in table.table.names.items():
        assert _CHINESE.search(zh), state
        assert en.strip(), state
        assert not _CHINESE.search(en), state
        assert state.name.lower() == state.value
    assert len({zh for zh, _ in table.table.names.values()}) == len(table.table.names), "two states read the same"


@pytest.mark.parametrize(("table", "step"), STEPS, ids=_step_id)
def test_a_step_names_a_permission_of_its_room(table: Table, step: Transition[StrEnum]) -> None:
    assert step.permission in {permission.value for permission in _permissions(table.room).Permission}


@pytest.mark.parametrize(("table", "step"), STEPS, ids=_step_id)
def test_a_step_rests_on_an_article_or_a_document(table: Table, step: Transition[StrEnum]) -> None:
    assert step.basis is not None
    for part in step.basis.split("；"):
        assert _BASIS.search(part), part


@pytest.mark.parametrize(("table", "step"), STEPS, ids=_step_id)
def test_a_step_is_named_in_both_languages_and_its_deadline_has_a_unit(table: Table, step: Transition[StrEnum]) -> None:
    assert _CHINESE.search(step.zh)
    assert not _CHINESE.search(step.en)
    assert step.deadline is None or _DEADLINE.fullmatch(step.deadline)
    for key in (step.guard, step.notice):
        assert key is None or key.isidentifier()


@pytest.mark.parametrize("table", TABLES, ids=_step_id)
def test_a_guard_is_a_function_once_the_room_has_rules(table: Table) -> None:
    try:
        rules = import_module(f"jiuzhu.rooms.{table.room}.rules")
    except ModuleNotFoundError:
        return  # a room that writes nothing yet: its guards are named before they are written
    guards = {step.guard for step in table.table.transitions if step.guard is not None}
    assert {guard for guard in guards if not callable(getattr(rules, guard, None))} == set()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("table", TABLES, ids=_step_id)
def test_a_diagram_shows_every_state_and_step(table: Table, language: str) -> None:
    text = table.table.to_mermaid("en" if language == "en" else "zh")
    lines = text.splitlines()
    assert lines[0] == "stateDiagram-v2"
    assert sum(line.startswith("    state ") for line in lines) == len(table.table.states)
    arrows = [line for line in lines if "-->" in line and "[*]" not in line]
    assert len(arrows) == sum(len(step.from_states) for step in table.table.transitions)


@pytest.mark.parametrize("table", TABLES, ids=_step_id)
def test_a_final_state_refuses_every_verb_and_says_that_it_is_closed(table: Table) -> None:
    for state in table.table.final:
        for verb in table.table.verbs:
            with pytest.raises(TransitionRefused) as refused:
                table.table.plan(state, verb)
            assert refused.value.allowed == ()
            assert "已办结" in refused.value.message_zh


def _allows(room: str, name: str, path: list[tuple[str, str]]) -> None:
    table = next(found.table for found in TABLES if (found.room, found.name) == (room, name))
    state = table.initial
    for verb, expected in path:
        state = table.plan(state, verb).to_state
        assert state.value == expected


def _refuses(room: str, name: str, state: str, verb: str) -> None:
    table = next(found.table for found in TABLES if (found.room, found.name) == (room, name))
    with pytest.raises(TransitionRefused):
        table.plan(table.states(state), verb)


def test_what_is_missing_is_told_only_once() -> None:
    _allows(
        "application",
        "APPLICATIONS",
        [("submit", "submitted"), ("give_notice", "notice_given"), ("complete", "completed")],
    )
    _refuses("application", "APPLICATIONS", "completed", "give_notice")


def test_an_unavailable_source_is_asked_again_and_never_becomes_none() -> None:
    _allows("verification", "ITEMS", [("send", "sent"), ("mark_unavailable", "unavailable"), ("send", "sent")])
    _refuses("verification", "ITEMS", "unavailable", "find_none")


def test_nothing_is_reduced_or_ended_before_the_recipient_was_heard() -> None:
    for state in ("running", "under_review", "change_proposed", "gradual_exit"):
        for verb in ("reduce", "end", "post_end"):
            _refuses("determination", "BENEFITS", state, verb)
    _allows("determination", "BENEFITS", [("propose_change", "change_proposed"), ("hear", "heard"), ("end", "ended")])


def test_no_decision_leaps_from_the_machines_evaluation() -> None:
    for verb in ("approve", "approve_without_notice", "refuse"):
        _refuses("determination", "DETERMINATIONS", "evaluated", verb)


def test_a_procedure_ended_for_lack_of_cooperation_is_not_a_refusal() -> None:
    _allows("determination", "DETERMINATIONS", [("evaluate", "evaluated"), ("terminate", "terminated")])
    _refuses("determination", "DETERMINATIONS", "evaluated", "refuse")


def test_a_payment_run_that_was_sent_is_neither_cancelled_nor_sent_again() -> None:
    for verb in ("cancel", "send", "send_back"):
        _refuses("payment", "RUNS", "sent", verb)


def test_a_published_pack_is_replaced_and_never_revised() -> None:
    for verb in ("revise", "check", "withdraw"):
        _refuses("catalogue", "PACKS", "published", verb)


def test_a_posted_ledger_entry_is_only_reversed() -> None:
    table = next(found.table for found in TABLES if (found.room, found.name) == ("funds", "ENTRIES"))
    assert table.verbs == ("reverse",)
