"""Referrals: who takes which step, what is shared with whom, what a department sees, how it answers (S05)."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from tests.rooms.referral.conftest import (
    AT,
    DAIYUE,
    EDUCATION,
    KNOWN,
    TAISHAN,
    VILLAGE,
    Refer,
    department,
    in_role,
    officer,
)

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, PermissionRefused, Scope, system_actor
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.groundwork.audit.models import AuditChange
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.transitions.queries import timeline
from jiuzhu.rooms.organization.rules.roles import packaged_roles
from jiuzhu.rooms.referral import actions, queries, rules
from jiuzhu.rooms.referral.permissions import Permission
from jiuzhu.rooms.referral.states import REFERRALS, SHARED_NAMES, Need, ReceiverKind, ReferralState
from jiuzhu.rooms.registry.actions import RegisteredHousehold

Verb = Callable[[Actor, int], object]
VERBS: dict[str, Verb] = {
    "consent": lambda actor, one: actions.consent_referral(
        actor=actor,
        at=AT,
        referral_id=one,
        fields=["name"],
        covers=[ReceiverKind.DEPARTMENT],
        consented_by="王秀兰",
        evidence="签字",
    ),
    "send": lambda actor, one: actions.send_referral(actor=actor, at=AT, referral_id=one, known=KNOWN),
    "take": lambda actor, one: actions.take_referral(actor=actor, at=AT, referral_id=one),
    "decline": lambda actor, one: actions.decline_referral(actor=actor, at=AT, referral_id=one, reason="不受理"),
    "fulfil": lambda actor, one: actions.fulfil_referral(actor=actor, at=AT, referral_id=one, outcome="已帮扶"),
    "report_unmet": lambda actor, one: actions.report_unmet_referral(
        actor=actor, at=AT, referral_id=one, reason="名额已满"
    ),
    "resend": lambda actor, one: actions.resend_referral(
        actor=actor, at=AT, referral_id=one, receiver_kind=ReceiverKind.CHARITY, receiver_name="泰山慈善会"
    ),
    "withdraw": lambda actor, one: actions.withdraw_referral(actor=actor, at=AT, referral_id=one, reason="本人要求"),
}
# by hand: the file of roles must say the same
ROLES_OF = {
    "propose": {"township_clerk"},
    "consent": {"township_clerk"},
    "send": {"township_reviewer", "county_officer"},
    "resend": {"township_reviewer", "county_officer"},
    "withdraw": {"township_reviewer", "county_officer"},
    "take": {"county_officer", "department_officer"},
    "decline": {"county_officer", "department_officer"},
    "fulfil": {"county_officer", "department_officer"},
    "report_unmet": {"county_officer", "department_officer"},
}
_FROM = {
    "consent": ReferralState.PROPOSED,
    "send": ReferralState.CONSENTED,
    "take": ReferralState.SENT,
    "decline": ReferralState.SENT,
    "fulfil": ReferralState.TAKEN,
    "report_unmet": ReferralState.TAKEN,
    "resend": ReferralState.UNMET,
    "withdraw": ReferralState.PROPOSED,
}


def detail(referral_id: int, actor: Actor | None = None) -> queries.ReferralDetail:
    return queries.referral(actor=actor or officer(), at=AT, referral_id=referral_id)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ReferralState)
def test_a_verb_leads_out_of_a_state_as_the_table_says_and_nowhere_else(
    refer: Refer, state: ReferralState, verb: str
) -> None:
    referral_id = refer(state=state)
    step = next((one for one in REFERRALS.out_of(state) if one.verb == verb), None)
    if step is None:
        with pytest.raises(TransitionRefused):
            VERBS[verb](officer(), referral_id)
        assert detail(referral_id).referral.state is state
        return
    VERBS[verb](officer(), referral_id)
    assert detail(referral_id).referral.state is step.to_state


@pytest.mark.parametrize("verb", ROLES_OF)
def test_a_verb_is_for_the_roles_that_hold_it_and_no_other(
    refer: Refer, family: RegisteredHousehold, verb: str
) -> None:
    referral_id = refer(state=_FROM.get(verb, ReferralState.PROPOSED))
    act = VERBS.get(verb) or (lambda actor, _: proposed(actor, family))
    allowed = set()
    for role in packaged_roles().roles:
        with acting(system_actor("test")):
            try:
                with transaction.atomic():
                    act(in_role(role), referral_id)
                    transaction.set_rollback(True)
                allowed.add(role)
            except PermissionRefused:
                pass
    assert allowed == ROLES_OF[verb]


def proposed(actor: Actor, family: RegisteredHousehold, **other: object) -> int:
    given_ = {
        "division": VILLAGE,
        "household_id": family.household_id,
        "person_id": None,
        "need": Need.CARE,
        "detail": "无人照料",
        "receiver_kind": ReceiverKind.VOLUNTEER,
        "receiver_name": "志愿服务队",
    } | other
    return actions.propose_referral(actor=actor, at=AT, **given_)  # type: ignore[arg-type]


# consent


def test_only_what_was_agreed_to_is_sent(refer: Refer) -> None:
    one = detail(refer(state=ReferralState.SENT))
    assert one.shared == {"name": "李晓雨", "phone": "13800001111", "need": "高一新生，学费有困难"}
    assert one.fields == ("name", "need", "phone")
    assert one.covers == (ReceiverKind.CHARITY, ReceiverKind.DEPARTMENT)


@given(st.sets(st.sampled_from([*SHARED_NAMES, "illness"])), st.sets(st.sampled_from(list(ReceiverKind))))
def test_consent_names_known_fields_and_no_number_goes_outside(fields: set[str], covers: set[ReceiverKind]) -> None:
    refusal = rules.fields_to_share_are_named(fields, covers)
    outside = covers - {ReceiverKind.DEPARTMENT}
    is_fine = fields and covers and fields <= SHARED_NAMES.keys() and not (outside and "identity_number" in fields)
    assert (refusal is None) == bool(is_fine)
    shared = rules.values_to_share(fields, {**KNOWN, "illness": "x"})
    assert shared.keys() <= fields & SHARED_NAMES.keys()


@pytest.mark.parametrize(
    ("fields", "covers", "code"),
    [
        ((), (ReceiverKind.DEPARTMENT,), "referral.consent.nothing"),
        (("name",), (), "referral.consent.nothing"),
        (("illness",), (ReceiverKind.DEPARTMENT,), "referral.consent.unknown"),
        (("identity_number",), (ReceiverKind.DEPARTMENT, ReceiverKind.CHARITY), "referral.consent.outside"),
        (("name",), (ReceiverKind.CHARITY,), "referral.consent.receiver"),
    ],
)
def test_a_consent_that_covers_nothing_or_too_much_is_refused(
    refer: Refer, fields: tuple[str, ...], covers: tuple[ReceiverKind, ...], code: str
) -> None:
    referral_id = refer()
    with pytest.raises(RuleRefused) as refusal:
        actions.consent_referral(
            actor=officer(),
            at=AT,
            referral_id=referral_id,
            fields=fields,
            covers=covers,
            consented_by="王秀兰",
            evidence="签字",
        )
    assert refusal.value.code == code
    assert detail(referral_id).referral.state is ReferralState.PROPOSED


def test_nothing_is_resent_to_a_kind_of_receiver_that_was_not_agreed_to(refer: Refer) -> None:
    referral_id = refer(state=ReferralState.DECLINED, covers=(ReceiverKind.DEPARTMENT,))
    with pytest.raises(RuleRefused) as refusal:
        VERBS["resend"](officer(), referral_id)
    assert refusal.value.code == "referral.consent.receiver"
    actions.resend_referral(
        actor=officer(),
        at=AT,
        referral_id=referral_id,
        receiver_kind=ReceiverKind.DEPARTMENT,
        receiver_name="泰山区民政局",
        receiver_department="civil_affairs",
    )
    one = detail(referral_id)
    assert (one.referral.state, one.shared, one.outcome) == (ReferralState.CONSENTED, {}, "")
    with pytest.raises(OutOfScope):
        detail(referral_id, department())


# the department


def test_a_department_sees_what_was_sent_to_it_and_answers(refer: Refer) -> None:
    referral_id = refer(state=ReferralState.CONSENTED)
    receiver = department()
    assert queries.referrals(actor=receiver, at=AT).rows == ()
    VERBS["send"](officer(), referral_id)
    assert [one.id for one in queries.referrals(actor=receiver, at=AT).rows] == [referral_id]
    one = detail(referral_id, receiver)
    assert (one.detail, one.consented_by_name) == ("", "")
    assert one.shared["name"] == "李晓雨"
    assert one.referral.recognised == ("dibao",), "what civil affairs has recognised is not examined again"
    VERBS["take"](receiver, referral_id)
    VERBS["fulfil"](receiver, referral_id)
    done = detail(referral_id)
    assert (done.outcome, done.answered_by_name) == ("已帮扶", "部门经办")
    with acting(system_actor("test")):
        steps = [one.verb for one in timeline("referral.referral", referral_id, actor=officer())]
    assert steps == ["propose", "consent", "send", "take", "fulfil"]


@pytest.mark.parametrize("other", [department("housing"), department(EDUCATION, DAIYUE)])
def test_another_department_and_another_county_see_nothing(refer: Refer, other: Actor) -> None:
    referral_id = refer(state=ReferralState.SENT)
    assert queries.referrals(actor=other, at=AT).rows == ()
    with pytest.raises(OutOfScope):
        detail(referral_id, other)
    for verb in ("take", "decline"):
        with pytest.raises(OutOfScope):
            VERBS[verb](other, referral_id)


def test_a_household_sees_its_own(refer: Refer, family: RegisteredHousehold) -> None:
    referral_id = refer(state=ReferralState.SENT)

    def citizen(*households: int) -> Actor:
        return Actor(
            kind=ActorKind.CITIZEN,
            account_id=51,
            name="王秀兰",
            permissions=frozenset({Permission.REFERRAL_VIEW.value}),
            scope=Scope(household_ids=frozenset(households)),
        )

    assert detail(referral_id, citizen(family.household_id)).referral.id == referral_id
    with pytest.raises(OutOfScope):
        detail(referral_id, citizen(family.household_id + 1))


def test_what_is_shared_is_sealed_in_the_database_and_its_trail(refer: Refer) -> None:
    refer(state=ReferralState.UNMET)
    with acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM referral_referral r")
        images = [str(cursor.fetchone())]
        images += [str(one.after) for one in AuditChange.objects.filter(table_name="referral_referral")]
    assert len(images) > 3
    for image in images:
        for secret in ("李晓雨", "13800001111", "学费有困难", "名额已满"):
            assert secret not in image


# bad input, scope, lists


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"detail": " "}, InvalidValue),
        ({"detail": "长" * 1001}, InvalidValue),
        ({"receiver_name": " "}, RuleRefused),
        ({"receiver_kind": ReceiverKind.DEPARTMENT}, RuleRefused),
        ({"receiver_department": "tax"}, RuleRefused),
    ],
)
def test_bad_input_is_named_and_nothing_is_kept(
    family: RegisteredHousehold, other: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        proposed(officer(), family, **other)
    assert queries.referrals(actor=officer(), at=AT).rows == ()


@pytest.mark.parametrize(("verb", "state"), [("decline", ReferralState.SENT), ("report_unmet", ReferralState.TAKEN)])
def test_an_end_without_help_is_explained(refer: Refer, verb: str, state: ReferralState) -> None:
    referral_id = refer(state=state)
    act = {"decline": actions.decline_referral, "report_unmet": actions.report_unmet_referral}[verb]
    with pytest.raises(RuleRefused):
        act(actor=officer(), at=AT, referral_id=referral_id, reason=" ")
    with pytest.raises(RuleRefused):
        actions.withdraw_referral(actor=officer(), at=AT, referral_id=referral_id, reason="")


def test_nobody_acts_in_or_sees_another_place(refer: Refer, family: RegisteredHousehold) -> None:
    referral_id = refer()
    other = officer(division=DAIYUE)
    with pytest.raises(OutOfScope):
        proposed(other, family)
    for verb in VERBS.values():
        with pytest.raises(OutOfScope):
            verb(other, referral_id)
    assert queries.referrals(actor=other, at=AT).rows == ()
    assert queries.unmet_needs(actor=other, at=AT, division=DAIYUE) == ()


def test_lists_hold_each_once_by_state_and_need_in_as_many_statements(refer: Refer) -> None:
    made = [refer(state=state) for state in (ReferralState.SENT, ReferralState.UNMET)]
    counts = []
    for more in (0, 3):
        made += [refer(state=ReferralState.UNMET, need=Need.CARE) for _ in range(more)]
        with CaptureQueriesContext(connection) as asked:
            page = queries.referrals(actor=officer(), at=AT, size=10)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert [one.id for one in page.rows] == made[::-1]
    first = queries.referrals(actor=officer(), at=AT, size=3)
    rest = queries.referrals(actor=officer(), at=AT, size=3, after=first.next_after)
    assert [one.id for one in (*first.rows, *rest.rows)] == made[::-1]
    assert [one.id for one in queries.referrals(actor=officer(), at=AT, state=ReferralState.SENT).rows] == made[:1]
    unmet = queries.unmet_needs(actor=officer(), at=AT, division=TAISHAN)
    assert [(one.need, one.count) for one in unmet] == [(Need.CARE, 3), (Need.EDUCATION, 1)]


# raw SQL


@pytest.mark.parametrize(
    ("state", "change", "error"),
    [
        (ReferralState.PROPOSED, "state = 'sent'", ProgrammingError),
        (ReferralState.PROPOSED, "state = 'consented'", IntegrityError),
        (ReferralState.CONSENTED, "fields = ARRAY['identity_number']", ProgrammingError),
        (ReferralState.CONSENTED, "state = 'sent', sent_at = now()", IntegrityError),
        (ReferralState.SENT, "shared = NULL", ProgrammingError),
        (ReferralState.SENT, "receiver_department = 'tax'", ProgrammingError),
        (
            ReferralState.DECLINED,
            "state = 'consented', receiver_kind = 'insurer', receiver_department = ''",
            IntegrityError,
        ),
        (ReferralState.FULFILLED, "state = 'taken'", ProgrammingError),
    ],
)
def test_the_database_keeps_its_course_in_raw_sql(
    refer: Refer, state: ReferralState, change: str, error: type[Exception]
) -> None:
    referral_id = refer(state=state)
    with pytest.raises(error), acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute(f"UPDATE referral_referral SET {change} WHERE id = {referral_id}")


def test_a_department_widens_nothing_in_raw_sql(refer: Refer) -> None:
    sent, other = refer(state=ReferralState.SENT), refer(state=ReferralState.CONSENTED)
    with acting(department()), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM referral_referral")
        assert cursor.fetchall() == [(sent,)]
        cursor.execute(f"UPDATE referral_referral SET state = 'withdrawn' WHERE id = {other}")
        assert cursor.rowcount == 0
