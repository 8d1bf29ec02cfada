"""The form while it is filled in: begun once, saved and resumed, stale pages, papers and signatures (S08 X1)."""

import pytest
from tests.channels.conftest import newcomer, register
from tests.rooms.application.conftest import (
    AT,
    DIBAO,
    EMERGENCY,
    LATER,
    OTHER_COUNTY,
    PNG,
    TODAY,
    VILLAGE,
    Apply,
    Family,
    citizen,
    detail,
    hand_in,
    officer,
    save,
    sign,
    started,
)

from jiuzhu.core.actors import OutOfScope
from jiuzhu.core.errors import Conflict, InvalidValue, NotFound, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.groundwork.files.queries import files_of, open_for
from jiuzhu.rooms.application import actions, queries
from jiuzhu.rooms.application.states import (
    ApplicationState,
    MaterialForm,
    NeedKind,
    Signing,
)
from jiuzhu.rooms.registry import actions as registry


def test_a_draft_holds_the_members_as_registered_and_what_is_asked_for(apply: Apply, family: Family) -> None:
    found = detail(apply(wanted=(DIBAO, queries.Wanted("canji_huli_butie", family.head), DIBAO)))
    assert [(one.name, one.counts_as_member, one.guardian_name) for one in found.members] == [
        ("王秀兰", True, ""),
        ("李建国", True, ""),
        ("李晓雨", True, "王秀兰"),
    ]
    assert [(one.programme, one.person_id) for one in found.requests] == [
        ("dibao", None),
        ("canji_huli_butie", family.head),
    ]
    assert (found.version, found.application.division) == (1, VILLAGE)
    assert found.application.number.startswith("SL37090220261123")


def test_the_same_request_gives_the_same_draft_and_another_household_s_is_refused(family: Family) -> None:
    first = started(officer(), family)
    assert started(officer(), family) == first
    assert started(officer(account=32), family) != first
    near = register(VILLAGE, [registry.NewMember("02", newcomer("赵德福", 201, TODAY.replace(year=1970)))])
    with pytest.raises(Conflict) as refusal:
        started(officer(), family, household_id=near.household_id, applicant_id=near.person_ids[0])
    assert refusal.value.code == "application.request"


@pytest.mark.parametrize(
    ("other", "error", "field"),
    [
        ({"wanted": []}, InvalidValue, "programmes"),
        ({"applicant_id": 999_999}, InvalidValue, "applicant"),
        ({"request_key": ""}, InvalidValue, "key"),
        ({"lead_id": 999_999}, OutOfScope, None),
    ],
)
def test_a_draft_that_cannot_be_is_refused_and_nothing_is_kept(
    family: Family, other: dict[str, object], error: type[NotFound], field: str | None
) -> None:
    with pytest.raises(error) as refusal:
        started(officer(), family, **other)
    assert refusal.value.field == field
    assert queries.applications(actor=officer(), at=AT).rows == ()


def answers(application_id: int) -> dict[tuple[int | None, str], str | None]:
    return {(one.person_id, one.fact): one.value for one in detail(application_id).answers}


def test_answers_are_saved_resumed_changed_and_taken_back(apply: Apply, family: Family) -> None:
    made = apply()
    version = save(made, 1, answers={(None, "vehicle_exempt"): "yes", (family.head, "can_eat"): None})
    assert answers(made) == {(None, "vehicle_exempt"): "yes", (family.head, "can_eat"): None}
    version = save(made, version, answers={(None, "vehicle_exempt"): "no"}, cleared=[(family.head, "can_eat")])
    assert answers(made) == {(None, "vehicle_exempt"): "no"}
    found = detail(made)
    assert (found.version, version, found.pack_digest) == (3, 3, "d2")
    assert (found.answers[0].answered_by_name, found.answers[0].answered_at) == ("经办31", LATER)


def test_a_stale_page_writes_nothing_and_is_shown_what_was_saved_meanwhile(apply: Apply) -> None:
    made = apply()
    save(made, 1, answers={(None, "a"): "1", (None, "b"): "same"})
    with pytest.raises(actions.StaleDraft) as refusal:
        save(made, 1, answers={(None, "a"): "2", (None, "b"): "same", (None, "c"): "3"})
    assert (refusal.value.version, refusal.value.theirs) == (2, {(None, "a"): "1"})
    assert isinstance(refusal.value, Conflict)
    assert answers(made) == {(None, "a"): "1", (None, "b"): "same"}
    assert save(made, refusal.value.version, answers={(None, "a"): "2", (None, "c"): "3"}) == 3
    assert answers(made) == {(None, "a"): "2", (None, "b"): "same", (None, "c"): "3"}


def test_needs_and_programmes_are_said_anew_as_a_whole(apply: Apply, family: Family) -> None:
    made = apply()
    save(
        made,
        1,
        needs=[actions.NeedSaid(NeedKind.CARE, family.child, "放学后无人照料"), actions.NeedSaid(NeedKind.CARE)],
    )
    version = save(made, 2, wanted=[EMERGENCY])
    found = detail(made)
    assert {(one.need, one.person_id, one.detail) for one in found.needs} == {
        (NeedKind.CARE, family.child, "放学后无人照料"),
        (NeedKind.CARE, None, ""),
    }
    assert [one.programme for one in found.requests] == ["linshi_jiuzhu"]
    save(made, version, needs=[])
    assert detail(made).needs == ()


def test_a_submitted_form_is_closed_and_what_was_told_to_be_missing_may_be_added(apply: Apply) -> None:
    made = apply(state=ApplicationState.SUBMITTED)
    version = detail(made).version
    changes: tuple[dict[str, object], ...] = ({"answers": {(None, "a"): "1"}}, {"needs": []}, {"wanted": [EMERGENCY]})
    for other in changes:
        with pytest.raises(TransitionRefused):
            save(made, version, **other)  # type: ignore[arg-type]
    told = apply(state=ApplicationState.NOTICE_GIVEN, wanted=(EMERGENCY,))
    save(told, detail(told).version, answers={(None, "a"): "1"})
    hand_in(told, MaterialForm.PHOTO, actions.Upload(PNG, "a.png"))
    with pytest.raises(TransitionRefused):
        save(told, detail(told).version, wanted=[DIBAO])


def test_a_paper_is_handed_in_once_however_often_it_is_sent_and_taken_back(apply: Apply) -> None:
    made = apply()
    photo = actions.Upload(PNG, "协议.png")
    first = hand_in(made, MaterialForm.PHOTO, photo)
    assert hand_in(made, MaterialForm.PHOTO, photo) == first
    (material,) = detail(made).materials
    assert material.file_id is not None
    assert [one.id for one in files_of(officer(), "application.application", made)] == [material.file_id]
    assert b"".join(open_for(officer(), material.file_id).pieces)[:8] == PNG[:8]
    with pytest.raises(NotFound):
        open_for(officer(OTHER_COUNTY), material.file_id)
    actions.take_material_back(actor=officer(), at=AT, application_id=made, material_id=first)
    assert detail(made).materials == ()
    assert files_of(officer(), "application.application", made) == ()
    with pytest.raises(NotFound):
        actions.take_material_back(actor=officer(), at=AT, application_id=made, material_id=first)


def test_an_undertaking_stands_in_where_the_packs_accept_one_and_an_original_is_not_taken_where_they_do_not(
    apply: Apply,
) -> None:
    made = apply()
    hand_in(made, MaterialForm.UNDERTAKING, None)
    assert [one.form for one in detail(made).materials] == [MaterialForm.UNDERTAKING]
    with pytest.raises(RuleRefused) as refusal:
        hand_in(made, MaterialForm.ORIGINAL, None)
    assert refusal.value.code == "application.material.form"
    with pytest.raises(InvalidValue) as wrong:
        hand_in(made, MaterialForm.PHOTO, None)
    assert wrong.value.field == "file"


def test_adults_sign_in_person_and_children_through_the_guardian(apply: Apply, family: Family) -> None:
    made = apply()
    first = sign(made, family.son)
    assert sign(made, family.son) == first
    for person, by_guardian, code in (
        (family.son, True, "application.signature.self"),
        (family.child, False, "application.signature.guardian"),
    ):
        with pytest.raises(RuleRefused) as refusal:
            sign(made, person, by_guardian=by_guardian)
        assert refusal.value.code == code
    with pytest.raises(InvalidValue):
        sign(made, family.head, upload=None)
    with pytest.raises(NotFound):
        sign(made, 999_999)
    assert [one.person_id for one in detail(made).signatures] == [family.son]


def test_a_member_signs_for_themselves_in_their_own_login_and_for_nobody_else(apply: Apply, family: Family) -> None:
    made = apply()
    son = citizen(family.son, household_id=family.household_id)
    online: dict[str, object] = {"method": Signing.UNIFIED_IDENTITY, "upload": None}
    sign(made, family.son, son, **online)
    with pytest.raises(NotFound):
        sign(made, family.head, son, **online)
    me = citizen(family.head, household_id=family.household_id, wards=(family.child,))
    with pytest.raises(NotFound):
        sign(made, family.son, me)
    sign(made, family.child, me, by_guardian=True)
    with pytest.raises(OutOfScope):
        save(made, 1, son)
