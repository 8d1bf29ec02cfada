"""Applications: who takes which step in which state, what the office may do, who sees what (S08 S14)."""

from collections.abc import Callable

import pytest
from django.db import transaction
from tests.rooms.application.conftest import (
    AT,
    COUNTY,
    ELSEWHERE,
    EMERGENCY,
    LATER,
    MISSING,
    NEXT_VILLAGE,
    OTHER_COUNTY,
    PNG,
    VILLAGE,
    Apply,
    Family,
    citizen,
    detail,
    hand_in,
    in_role,
    officer,
    save,
    sign_all,
    started,
    state_of,
    submit,
)

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, NotFound, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.files.queries import open_for
from jiuzhu.rooms.application import actions, queries
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.states import (
    APPLICATIONS,
    ApplicationState,
    Channel,
    MaterialForm,
)
from jiuzhu.rooms.organization.rules.roles import packaged_roles

Verb = Callable[[Actor, int], object]
VERBS: dict[str, Verb] = {
    "submit": lambda actor, one: submit(one, actor=actor),
    "give_notice": lambda actor, one: actions.give_notice(
        actor=actor, at=AT, application_id=one, items=[MISSING], missing=[MISSING], askable=[MISSING]
    ),
    "complete": lambda actor, one: actions.complete_application(actor=actor, at=AT, application_id=one),
    "accept": lambda actor, one: actions.accept_application(actor=actor, at=AT, application_id=one, missing=()),
    "not_accept": lambda actor, one: actions.not_accept_application(
        actor=actor, at=AT, application_id=one, reason="不属于救助范围", remedy="六十日内申请行政复议"
    ),
    "withdraw": lambda actor, one: actions.withdraw_application(actor=actor, at=AT, application_id=one),
}
# by hand: the file of roles must say the same
ROLES_OF = {
    "draft": {"village_assistant", "township_clerk"},
    "submit": {"village_assistant", "township_clerk"},
    "give_notice": {"township_clerk"},
    "complete": {"township_clerk"},
    "accept": {"township_clerk"},
    "not_accept": {"township_clerk"},
    "withdraw": {"village_assistant", "township_clerk"},
}
_FROM = {
    "submit": ApplicationState.DRAFT,
    "give_notice": ApplicationState.SUBMITTED,
    "complete": ApplicationState.NOTICE_GIVEN,
    "accept": ApplicationState.COMPLETED,
    "not_accept": ApplicationState.SUBMITTED,
    "withdraw": ApplicationState.SUBMITTED,
}
_STATES = [one for one in ApplicationState if one is not ApplicationState.TRANSFERRED]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", _STATES)
def test_a_verb_leads_out_of_a_state_as_the_table_says_and_nowhere_else(
    apply: Apply, family: Family, state: ApplicationState, verb: str
) -> None:
    application_id = apply(state=state)
    if (state, verb) == (ApplicationState.DRAFT, "submit"):
        sign_all(application_id, family)
    step = next((one for one in APPLICATIONS.out_of(state) if one.verb == verb), None)
    if step is None:
        with pytest.raises(TransitionRefused):
            VERBS[verb](officer(), application_id)
        assert state_of(application_id) is state
        return
    VERBS[verb](officer(), application_id)
    assert state_of(application_id) is step.to_state


@pytest.mark.parametrize("verb", ROLES_OF)
def test_a_verb_is_for_the_roles_that_hold_it_and_no_other(apply: Apply, family: Family, verb: str) -> None:
    application_id = apply(state=_FROM.get(verb, ApplicationState.DRAFT))
    if verb == "submit":
        sign_all(application_id, family)
    draft: Verb = lambda actor, _: started(actor, family)  # noqa: E731 (one of many)
    act = VERBS.get(verb, draft)
    allowed = set()
    for role in packaged_roles().roles:
        with acting(system_actor("test")):
            try:
                with transaction.atomic():
                    act(in_role(role), application_id)
                    transaction.set_rollback(True)
                allowed.add(role)
            except PermissionRefused:
                pass
    assert allowed == ROLES_OF[verb]


def item(key: str, programme: str = "dibao") -> queries.Item:
    return queries.Item(queries.ItemKind.MATERIAL, programme, key, None, Label(f"材料{key}", f"paper {key}"))


@pytest.mark.parametrize(
    ("items", "missing", "code"),
    [
        ([], [], "application.notice.empty"),
        (["bank_statement"], [], "application.notice.verifiable"),
        (["agreement"], ["agreement", "receipts"], "application.notice.incomplete"),
    ],
)
def test_a_notice_asks_for_nothing_that_can_be_verified_and_leaves_nothing_out(
    apply: Apply, items: list[str], missing: list[str], code: str
) -> None:
    made = apply(state=ApplicationState.SUBMITTED)
    with pytest.raises(RuleRefused) as refusal:
        actions.give_notice(
            actor=officer(),
            at=AT,
            application_id=made,
            items=[item(one) for one in items],
            missing=[item(one) for one in missing],
            askable=[item("agreement"), item("receipts")],
        )
    assert refusal.value.code == code
    assert detail(made).notice is None
    assert state_of(made) is ApplicationState.SUBMITTED


def test_a_notice_is_kept_as_it_was_told(apply: Apply) -> None:
    made = apply(state=ApplicationState.NOTICE_GIVEN)
    notice = detail(made).notice
    assert notice is not None
    assert (notice.items, notice.given_by_name) == ((MISSING,), "经办31")


def test_what_is_incomplete_is_not_accepted_and_acceptance_sets_the_terms_by_law(apply: Apply) -> None:
    made = apply(state=ApplicationState.SUBMITTED)
    with pytest.raises(RuleRefused) as refusal:
        actions.accept_application(actor=officer(), at=AT, application_id=made, missing=[MISSING])
    assert refusal.value.code == "application.materials"
    actions.accept_application(actor=officer(), at=AT, application_id=made, missing=())
    (request,) = detail(made).requests
    # 30 working days after Monday 23 November 2026 (民发〔2021〕57号 art. 22); 2027 has no published holidays
    assert str(request.due_on) == "2027-01-04"
    receipt = queries.receipt(actor=officer(), at=AT, application_id=made)
    assert receipt.number == detail(made).application.number
    dates = {one.key: one for one in receipt.cases[0].dates}
    assert (dates["whole"].day, dates["whole"].provisional) == (request.due_on, True)
    assert (str(dates["investigate"].day), dates["investigate"].provisional) == ("2026-11-26", False)


def test_before_acceptance_a_receipt_says_how_long_it_takes_and_no_day(apply: Apply) -> None:
    receipt = queries.receipt(actor=officer(), at=AT, application_id=apply(state=ApplicationState.SUBMITTED))
    whole = next(one for one in receipt.cases[0].dates if one.key == "whole")
    assert (whole.limit, whole.unit, whole.day) == (30, "wd", None)
    with pytest.raises(OutOfScope):
        queries.receipt(actor=officer(), at=AT, application_id=apply(wanted=(EMERGENCY,)))


@pytest.mark.parametrize(("reason", "remedy"), [("", "复议"), ("不属于救助范围", " ")])
def test_a_refusal_to_accept_gives_its_reason_and_the_remedy(apply: Apply, reason: str, remedy: str) -> None:
    made = apply(state=ApplicationState.SUBMITTED)
    with pytest.raises(RuleRefused):
        actions.not_accept_application(actor=officer(), at=AT, application_id=made, reason=reason, remedy=remedy)
    assert state_of(made) is ApplicationState.SUBMITTED


def transfer(application_id: int, receiver: DivisionCode, actor: Actor | None = None) -> None:
    actions.transfer_application(
        actor=actor or officer(COUNTY),
        at=AT,
        application_id=application_id,
        receiver_division=receiver,
        receiver_name="财源街道办事处",
    )


def test_an_application_is_handed_to_the_office_in_charge_with_all_that_is_in_it(apply: Apply, family: Family) -> None:
    made = apply(wanted=(EMERGENCY,), event_division=NEXT_VILLAGE)
    sign_all(made, family)
    hand_in(made, MaterialForm.PHOTO, actions.Upload(PNG, "a.png"))
    submit(made, version=save(made, 1, answers={(None, "a"): "1"}))
    for wrong, code in ((VILLAGE, "same"), (ELSEWHERE, "competent")):
        with pytest.raises(RuleRefused) as refusal:
            transfer(made, wrong)
        assert refusal.value.code == f"application.transfer.{code}"
    transfer(made, NEXT_VILLAGE)
    process = system_actor(
        "test", permissions=[Permission.APPLICATION_DRAFT, Permission.APPLICATION_SUBMIT, Permission.APPLICATION_VIEW]
    )
    received = actions.receive_transferred(actor=process, at=LATER, application_id=made)
    assert actions.receive_transferred(actor=process, at=LATER, application_id=made) == received
    there = officer(NEXT_VILLAGE.parent or NEXT_VILLAGE)
    old, new = detail(made), detail(received, there)
    assert (new.application.state, new.application.submitted_at) == (
        ApplicationState.SUBMITTED,
        old.application.submitted_at,
    )
    assert new.transferred_from_id == made
    assert new.requests == old.requests
    assert new.members == old.members
    assert [(one.fact, one.value) for one in new.answers] == [("a", "1")]
    assert len(new.signatures) == len(old.signatures)
    (material,) = new.materials
    assert material.file_id is not None
    assert b"".join(open_for(there, material.file_id).pieces)[:8] == PNG[:8]
    actions.accept_application(actor=there, at=LATER, application_id=received, missing=())
    with pytest.raises(OutOfScope):
        actions.receive_transferred(actor=process, at=LATER, application_id=received)


def test_handing_over_is_for_township_and_county(apply: Apply, family: Family) -> None:
    made = apply(wanted=(EMERGENCY,), event_division=NEXT_VILLAGE)
    sign_all(made, family)
    submit(made)
    allowed = set()
    for role in packaged_roles().roles:
        with acting(system_actor("test")):
            try:
                with transaction.atomic():
                    transfer(made, NEXT_VILLAGE, in_role(role))
                    transaction.set_rollback(True)
                allowed.add(role)
            except PermissionRefused:
                pass
    assert allowed == {"township_clerk", "county_officer"}


def test_a_citizen_applies_for_the_own_household_and_for_wards_and_sees_no_other(apply: Apply, family: Family) -> None:
    me = citizen(family.head, household_id=family.household_id, wards=(family.child,))
    made = started(me, family, channel=Channel.PORTAL)
    save(made, 1, me, answers={(None, "a"): "1"})
    with pytest.raises(NotFound):
        sign_all(made, family, me)
    sign_all(made, family)
    submit(made, actor=me)
    assert [one.id for one in queries.applications(actor=me, at=AT).rows] == [made]
    assert queries.receipt(actor=me, at=AT, application_id=made).number
    actions.withdraw_application(actor=me, at=AT, application_id=made)
    stranger = citizen(999_999, household_id=999_999, account=52)
    assert queries.applications(actor=stranger, at=AT).rows == ()
    for act in (
        lambda: queries.application(actor=stranger, at=AT, application_id=made),
        lambda: queries.open_elsewhere(actor=stranger, at=AT, application_id=made),
        lambda: actions.withdraw_application(actor=stranger, at=AT, application_id=made),
        lambda: started(stranger, family, request_key="two"),
    ):
        with pytest.raises(OutOfScope):
            act()
    with pytest.raises(OutOfScope):
        started(me, family, applicant_id=family.son, request_key="three")
    for verb in ("give_notice", "accept", "not_accept"):
        with pytest.raises(PermissionRefused):
            VERBS[verb](me, made)


def test_nobody_acts_in_or_sees_another_place(apply: Apply) -> None:
    made = apply(state=ApplicationState.SUBMITTED)
    stranger = officer(OTHER_COUNTY)
    for verb, act in VERBS.items():
        if verb != "submit":
            with pytest.raises(OutOfScope):
                act(stranger, made)
    assert queries.applications(actor=stranger, at=AT).rows == ()
    with pytest.raises(OutOfScope):
        detail(made, stranger)
    with pytest.raises(PermissionRefused):
        detail(made, officer(without=frozenset({Permission.APPLICATION_VIEW.value})))


def test_pages_hold_each_once(apply: Apply) -> None:
    made = [apply() for _ in range(4)][::-1]
    first = queries.applications(actor=officer(), at=AT, size=3)
    rest = queries.applications(actor=officer(), at=AT, size=3, after=first.next_after)
    assert [one.id for one in (*first.rows, *rest.rows)] == made
    one = first.rows[0]
    assert [found.id for found in queries.applications(actor=officer(), at=AT, number=one.number).rows] == [one.id]
    with pytest.raises(InvalidValue):
        queries.applications(actor=officer(), at=AT, size=201)
