"""Transition tables: what is refused when one is made, what is planned, what is drawn."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.transitions import Transition, TransitionRefused, TransitionTable, TransitionTableError


class Case(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CLOSED = "closed"


NAMES = {
    Case.DRAFT: ("草稿", "draft"),
    Case.SUBMITTED: ("已提交", "submitted"),
    Case.RETURNED: ("已退回", "returned"),
    Case.CLOSED: ("已办结", "closed"),
}


def step(verb: str, to_state: Case, *from_states: Case, permission: str = "room.case.work") -> Transition[Case]:
    return Transition(
        verb=verb,
        from_states=frozenset(from_states),
        to_state=to_state,
        permission=permission,
        zh=f"步骤{verb}",
        en=f"step {verb}",
    )


STEPS = (
    step("submit", Case.SUBMITTED, Case.DRAFT, Case.RETURNED, permission="room.case.submit"),
    step("send_back", Case.RETURNED, Case.SUBMITTED),
    step("close", Case.CLOSED, Case.SUBMITTED),
)


def table(*steps: Transition[Case]) -> TransitionTable[Case]:
    return TransitionTable(states=Case, initial=Case.DRAFT, names=NAMES, transitions=steps or STEPS)


def test_a_plan_is_the_step_the_verb_means_in_that_state() -> None:
    assert table().plan(Case.RETURNED, "submit").to_state is Case.SUBMITTED


def test_a_verb_may_lead_elsewhere_from_another_state() -> None:
    both = table(*STEPS, step("close", Case.CLOSED, Case.RETURNED), step("submit", Case.SUBMITTED, Case.SUBMITTED))
    assert both.plan(Case.RETURNED, "close").to_state is Case.CLOSED


def test_a_refused_verb_names_the_state_and_the_open_steps() -> None:
    with pytest.raises(TransitionRefused) as refusal:
        table().plan(Case.SUBMITTED, "submit")
    assert refusal.value.code == "transition.not_allowed"
    assert refusal.value.allowed == ("send_back", "close")
    assert refusal.value.message_zh == "当前状态为“已提交”，不能办理“步骤submit”；可以办理：步骤send_back、步骤close"
    assert "open steps: step send_back, step close" in refusal.value.message_en


def test_a_final_state_refuses_everything_and_says_so() -> None:
    with pytest.raises(TransitionRefused, match="none \\(closed\\)") as refusal:
        table().plan(Case.CLOSED, "submit")
    assert refusal.value.allowed == ()
    assert table().final == {Case.CLOSED}


def test_an_unknown_verb_has_its_own_code() -> None:
    with pytest.raises(TransitionRefused) as refusal:
        table().plan(Case.DRAFT, "fly")
    assert refusal.value.code == "transition.unknown_verb"


def test_allowed_steps_depend_on_the_permissions() -> None:
    assert [found.verb for found in table().allowed(Case.SUBMITTED, {"room.case.work"})] == ["send_back", "close"]
    assert table().allowed(Case.SUBMITTED, {"room.case.submit"}) == ()
    assert [found.verb for found in table().allowed(Case.DRAFT, ["room.case.submit"])] == ["submit"]


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        ((*STEPS, step("close", Case.RETURNED, Case.SUBMITTED)), "close leads out of submitted twice"),
        (STEPS[:2], "to: closed"),
        ((*STEPS, step("fly", Case.DRAFT)), "fly starts nowhere"),
        ((*STEPS, step("fly", Case.DRAFT, Case.DRAFT, permission="")), "fly names no permission"),
        ((*STEPS, step("Fly away", Case.DRAFT, Case.DRAFT)), "small letters"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(steps: tuple[Transition[Case], ...], complaint: str) -> None:
    with pytest.raises(TransitionTableError, match=complaint):
        table(*steps)


def test_a_state_without_a_name_is_refused() -> None:
    with pytest.raises(TransitionTableError, match="without a name: closed"):
        TransitionTable[Case](
            states=Case,
            initial=Case.DRAFT,
            names={state: name for state, name in NAMES.items() if state is not Case.CLOSED},
            transitions=STEPS,
        )


def test_a_step_without_a_name_is_refused() -> None:
    nameless = Transition(
        verb="fly", from_states=frozenset({Case.DRAFT}), to_state=Case.DRAFT, permission="p", zh="", en="fly"
    )
    with pytest.raises(TransitionTableError, match="no name"):
        table(*STEPS, nameless)


def test_the_diagram_shows_every_state_step_and_end() -> None:
    assert table().to_mermaid() == (
        "stateDiagram-v2\n"
        '    state "草稿" as DRAFT\n'
        '    state "已提交" as SUBMITTED\n'
        '    state "已退回" as RETURNED\n'
        '    state "已办结" as CLOSED\n'
        "    [*] --> DRAFT\n"
        "    DRAFT --> SUBMITTED: 步骤submit\n"
        "    RETURNED --> SUBMITTED: 步骤submit\n"
        "    SUBMITTED --> RETURNED: 步骤send_back\n"
        "    SUBMITTED --> CLOSED: 步骤close\n"
        "    CLOSED --> [*]\n"
    )
    assert 'state "closed" as CLOSED' in table().to_mermaid("en")


@st.composite
def steps_at_random(draw: st.DrawFn) -> tuple[Transition[Case], ...]:
    count = draw(st.integers(1, 7))
    return tuple(
        step(
            draw(st.sampled_from(["a", "b", "c", "d"])),
            draw(st.sampled_from(Case)),
            *draw(st.frozensets(st.sampled_from(Case), min_size=1)),
            permission=draw(st.sampled_from(["p", "q"])),
        )
        for _ in range(count)
    )


@given(steps_at_random(), st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12))
def test_a_table_that_is_accepted_never_leads_astray(steps: tuple[Transition[Case], ...], verbs: list[str]) -> None:
    try:
        made = table(*steps)
    except TransitionTableError:
        return
    state = Case.DRAFT
    for verb in verbs:
        open_verbs = [found.verb for found in made.out_of(state)]
        assert len(open_verbs) == len(set(open_verbs))
        assert {found.verb for found in made.allowed(state, {"p", "q"})} == set(open_verbs)
        if verb in open_verbs:
            state = made.plan(state, verb).to_state
        else:
            with pytest.raises(TransitionRefused) as refusal:
                made.plan(state, verb)
            assert refusal.value.allowed == tuple(open_verbs)
    arrows = made.to_mermaid().splitlines()
    assert all(any(line.strip().startswith("[*] -->") or f"--> {s.name}:" in line for line in arrows) for s in Case)


@given(steps_at_random())
def test_every_state_of_an_accepted_table_is_reached_from_the_first(steps: tuple[Transition[Case], ...]) -> None:
    try:
        made = table(*steps)
    except TransitionTableError:
        return
    reached = {Case.DRAFT}
    for _ in Case:
        reached |= {found.to_state for state in reached for found in made.out_of(state)}
    assert reached == set(Case)
