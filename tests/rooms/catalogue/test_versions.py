"""Versions of the packs: who takes which step, what a check keeps, and which version holds on which day (S01 S07)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.rooms.catalogue.conftest import (
    AT,
    CITY,
    DAIYUE,
    DRAFTER,
    PUBLISHER,
    TAISHAN,
    TODAY,
    Draft,
    changed,
    in_role,
    officer,
    publish,
)

from jiuzhu.core.actors import Actor, OutOfScope, PermissionRefused, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, InvalidValue, NotFound, RuleRefused
from jiuzhu.core.transitions import TransitionRefused
from jiuzhu.engine.packs.loading import load
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.models import OutboxEvent
from jiuzhu.groundwork.transitions.queries import timeline
from jiuzhu.rooms.catalogue import actions, queries
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.queries import versions
from jiuzhu.rooms.catalogue.rules.versions import PackCheck
from jiuzhu.rooms.catalogue.states import PACKS, PackState
from jiuzhu.rooms.organization.rules.roles import packaged_roles

LATER = date(2026, 12, 1)
ON_THE_DAY = datetime(2026, 12, 1, tzinfo=UTC)
CASES = "policies/370900-ours/butie/cases/cases.yaml"
PARAMETERS = "policies/370900-ours/butie/parameters.yaml"
Verb = Callable[[Actor, int], object]
VERBS: dict[str, Verb] = {
    "check": lambda actor, one: actions.check_pack(actor=actor, at=AT, pack_id=one),
    "revise": lambda actor, one: actions.revise_pack(actor=actor, at=AT, pack_id=one, reason="参数有误"),
    "publish": lambda actor, one: actions.publish_pack(
        actor=actor, at=AT, pack_id=one, document_number="泰民〔2026〕9号", effective_on=LATER
    ),
    "supersede": lambda actor, one: actions.supersede_pack(actor=actor, at=ON_THE_DAY, pack_id=one),
    "withdraw": lambda actor, one: actions.withdraw_pack(actor=actor, at=AT, pack_id=one, reason="重复"),
}
# by hand: the file of roles must say the same
ROLES_OF = {
    "draft": {"city_officer"},
    "check": {"city_officer"},
    "revise": {"city_officer"},
    "publish": {"city_leader"},
    "supersede": {"city_leader"},
    "withdraw": {"city_officer"},
}


def state_of(pack_id: int) -> PackState:
    return queries.pack_version(actor=officer(), at=AT, pack_id=pack_id).version.state


def in_force(on: date) -> int | None:
    found = queries.pack_in_force(actor=officer(), on=on)
    return None if found is None else found.id


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", PackState)
def test_a_verb_leads_out_of_a_state_as_the_table_says_and_nowhere_else(
    draft: Draft, state: PackState, verb: str
) -> None:
    pack_id = draft(state=state)
    step = next((one for one in PACKS.out_of(state) if one.verb == verb), None)
    if step is None:
        with pytest.raises(TransitionRefused):
            VERBS[verb](officer(PUBLISHER), pack_id)
        assert state_of(pack_id) is state
        return
    if verb == "supersede":
        publish(draft(state=PackState.CHECKED), LATER)
    VERBS[verb](officer(PUBLISHER), pack_id)
    assert state_of(pack_id) is step.to_state


@pytest.mark.parametrize("verb", ROLES_OF)
def test_a_verb_is_for_the_roles_that_hold_it_and_no_other(draft: Draft, small_packs: bytes, verb: str) -> None:
    states = {"check": PackState.DRAFT, "supersede": PackState.PUBLISHED, "withdraw": PackState.DRAFT}
    pack_id = draft(state=states.get(verb, PackState.CHECKED))
    if verb == "supersede":
        publish(draft(state=PackState.CHECKED), LATER)
    act = VERBS.get(verb) or (
        lambda actor, _: actions.draft_pack(actor=actor, at=AT, division=CITY, archive=small_packs, title="x")
    )
    allowed = set()
    for role in packaged_roles().roles:
        with acting(system_actor("test")):
            try:
                with transaction.atomic():
                    act(in_role(role), pack_id)
                    transaction.set_rollback(True)
                allowed.add(role)
            except PermissionRefused:
                pass
    assert allowed == ROLES_OF[verb]


def test_a_step_is_logged_and_told(draft: Draft) -> None:
    pack_id = draft(state=PackState.PUBLISHED)
    with acting(system_actor("test")):
        steps = [(one.verb, one.account_id) for one in timeline("catalogue.pack", pack_id, actor=officer())]
        told = list(OutboxEvent.objects.filter(key=f"catalogue.pack:{pack_id}").values_list("name", "payload"))
    assert steps == [("draft", DRAFTER), ("check", DRAFTER), ("publish", PUBLISHER)]
    assert told == [(f"catalogue.pack.{verb}", {"pack_id": pack_id}) for verb, _ in steps]


def test_a_version_says_who_did_what(draft: Draft) -> None:
    found = queries.pack_version(actor=officer(), at=AT, pack_id=draft(state=PackState.PUBLISHED))
    one = found.version
    assert (one.title, one.note, one.document_number, one.file_count) == ("市级政策包", "", "泰民〔2026〕1号", 17)
    assert (one.drafted_by_name, one.checked_by_name, one.published_by_name) == ("经办11", "经办11", "经办12")
    assert one.drafted_at == one.checked_at == one.published_at == AT
    assert found.check is not None
    assert (found.check.digest, found.check.cases, found.check.programmes) == (one.digest, 7, 1)


# checks


def test_a_draft_that_does_not_agree_with_its_cases_stays_one_and_says_where(draft: Draft, small_packs: bytes) -> None:
    wrong = changed(small_packs, CASES, "{butie: yes, butie_yuan_month: 120.50}\n    vary", "{butie: no}\n    vary")
    pack_id = draft(wrong)
    found = actions.check_pack(actor=officer(), at=AT, pack_id=pack_id)
    assert (found.problem_count, found.failed_cases, found.cases) == (1, 1, 7)
    (problem,) = found.problems
    assert (problem.code, problem.place.file, problem.place.line > 1) == ("case.disagrees", CASES, True)
    assert "butie 应为 no，结果是 yes" in problem.zh
    kept = queries.pack_version(actor=officer(), at=AT, pack_id=pack_id)
    assert (kept.version.state, kept.check) == (PackState.DRAFT, found)


def test_a_draft_that_cannot_be_read_has_no_digest_and_a_list_of_places(draft: Draft, small_packs: bytes) -> None:
    pack_id = draft(changed(small_packs, PARAMETERS, "type: yuan_month", "type: yuan_moth"))
    found = actions.check_pack(actor=officer(), at=AT, pack_id=pack_id)
    assert found.digest == ""
    assert {one.place.file for one in found.problems} == {PARAMETERS}
    assert state_of(pack_id) is PackState.DRAFT


def test_a_draft_is_put_right_and_what_was_found_of_the_old_one_is_gone(draft: Draft, small_packs: bytes) -> None:
    pack_id = draft(state=PackState.CHECKED)
    with pytest.raises(RuleRefused):
        actions.redraft_pack(actor=officer(), at=AT, pack_id=pack_id, archive=small_packs, title="新")
    actions.revise_pack(actor=officer(), at=AT, pack_id=pack_id, reason="参数有误")
    other = changed(small_packs, PARAMETERS, "120.50", "130.50")
    before = queries.pack_version(actor=officer(), at=AT, pack_id=pack_id).version
    actions.redraft_pack(actor=officer(99), at=AT, pack_id=pack_id, archive=other, title="新", note="调整标准")
    after = queries.pack_version(actor=officer(), at=AT, pack_id=pack_id)
    assert after.check is None
    assert (after.version.digest, after.version.drafted_by_account, after.version.note) == ("", 99, "调整标准")
    assert after.version.archive_sha256 != before.archive_sha256
    assert queries.pack_archive(actor=officer(), at=AT, pack_id=pack_id) == other


def test_a_draft_that_changes_during_its_check_is_checked_anew(draft: Draft, small_packs: bytes) -> None:
    pack_id = draft()
    other = changed(small_packs, PARAMETERS, "120.50", "130.50")
    told: list[str] = []

    def meddle(what: str, done: int, of: int) -> None:
        assert 1 <= done <= of
        if not told:
            actions.redraft_pack(actor=officer(), at=AT, pack_id=pack_id, archive=other, title="新")
        told.append(what)

    with pytest.raises(Conflict):
        actions.check_pack(actor=officer(), at=AT, pack_id=pack_id, step=meddle)
    assert set(told) == {"compiling", "cases"}
    assert state_of(pack_id) is PackState.DRAFT


def test_a_check_comes_back_as_it_was_stored() -> None:
    found = PackCheck("a" * 64, problem_count=3, cases=2, failed_cases=1)
    assert PackCheck.from_plain(found.to_plain()) == found


# what may be drafted and published


@pytest.mark.parametrize(("title", "archive"), [(" ", None), ("x" * 101, None), ("x", b"none")])
def test_a_draft_without_a_name_or_packs_is_refused(
    places: None, small_packs: bytes, title: str, archive: bytes | None
) -> None:
    with pytest.raises(InvalidValue):
        actions.draft_pack(actor=officer(), at=AT, division=CITY, archive=archive or small_packs, title=title)


def test_a_draft_of_elsewhere_or_at_no_time_is_refused(places: None, small_packs: bytes) -> None:
    with pytest.raises(OutOfScope):
        actions.draft_pack(actor=officer(1, TAISHAN), at=AT, division=CITY, archive=small_packs, title="x")
    with pytest.raises(InvalidValue):
        actions.draft_pack(
            actor=officer(),
            at=AT.replace(tzinfo=None),
            division=CITY,
            archive=small_packs,
            title="x",
        )


def test_production_takes_no_demonstration(draft: Draft, small_packs: bytes, settings: LazySettings) -> None:
    settings.DEMO_POLICIES = False
    with pytest.raises(RuleRefused) as refusal:
        draft(state=PackState.PUBLISHED)
    assert refusal.value.code == "catalogue.pack.uncited"
    with pytest.raises(InvalidValue) as refused:
        draft(small_packs.replace(b"370900-ours", b"370900-demo"))
    assert refused.value.code == "catalogue.archive.demo"


@pytest.mark.parametrize("account", [DRAFTER, None])
def test_who_drafted_it_does_not_publish_it_and_no_process_does(draft: Draft, account: int | None) -> None:
    pack_id = draft(state=PackState.CHECKED)
    with pytest.raises(RuleRefused) as refusal:
        VERBS["publish"](officer(account), pack_id)
    assert refusal.value.code == f"catalogue.decider.{'same' if account else 'process'}"
    assert state_of(pack_id) is PackState.CHECKED


def test_nothing_is_published_without_a_document(draft: Draft) -> None:
    with pytest.raises(InvalidValue):
        actions.publish_pack(
            actor=officer(PUBLISHER),
            at=AT,
            pack_id=draft(state=PackState.CHECKED),
            document_number=" ",
            effective_on=LATER,
        )


# one version a day


def test_a_later_version_ends_the_earlier_and_is_its_successor_from_its_first_day(draft: Draft) -> None:
    first = draft(state=PackState.PUBLISHED, effective_on=date(2026, 1, 1))
    second = draft(state=PackState.PUBLISHED, effective_on=LATER)
    assert [in_force(on) for on in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 11, 30), LATER)] == [
        None,
        first,
        first,
        second,
    ]
    held = queries.pack_in_force(actor=officer(), on=TODAY)
    assert held is not None
    assert (held.state, held.ends_on, held.superseded_by_id) == (PackState.PUBLISHED, LATER, second)
    with pytest.raises(RuleRefused) as refusal:
        actions.supersede_pack(actor=officer(), at=ON_THE_DAY - timedelta(days=1), pack_id=first)
    assert refusal.value.code == "catalogue.pack.still_in_force"
    VERBS["supersede"](officer(), first)
    assert (state_of(first), in_force(TODAY)) == (PackState.SUPERSEDED, first)
    with pytest.raises(RuleRefused) as refusal:
        VERBS["supersede"](officer(), second)
    assert refusal.value.code == "catalogue.pack.no_later"


def test_a_version_between_two_others_ends_with_the_second(draft: Draft) -> None:
    first = draft(state=PackState.PUBLISHED)
    last = draft(state=PackState.PUBLISHED, effective_on=LATER)
    between = draft(state=PackState.PUBLISHED, effective_on=date(2026, 11, 28))
    days = [date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 30), LATER]
    assert [in_force(on) for on in days] == [first, between, between, last]
    found = queries.pack_version(actor=officer(), at=AT, pack_id=between).version
    assert (found.ends_on, found.superseded_by_id) == (LATER, last)


def test_only_the_first_version_reaches_back_and_no_two_begin_on_a_day(draft: Draft) -> None:
    draft(state=PackState.PUBLISHED, effective_on=date(2020, 1, 1))
    for day, code in ((TODAY - timedelta(days=1), "backwards"), (LATER, "")):
        pack_id = draft(state=PackState.CHECKED)
        if not code:
            publish(pack_id, day)
            pack_id, code = draft(state=PackState.CHECKED), "same_day"
        with pytest.raises(RuleRefused) as refusal:
            publish(pack_id, day)
        assert (refusal.value.code, refusal.value.field) == (f"catalogue.pack.{code}", "effective_on")


# reading


def test_packs_come_out_of_the_archive_once(draft: Draft, small_packs: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = changed(small_packs, PARAMETERS, "120.50", "121.50")
    fresh = changed(fresh, CASES, "120.50", "121.50")
    draft(fresh, state=PackState.CHECKED)
    draft(fresh, state=PackState.CHECKED)
    digest = queries.pack_versions(actor=officer(), at=AT).rows[0].digest
    packs = queries.pack_set(actor=officer(), digest=digest)
    assert (packs.digest, list(packs.programmes)) == (digest, ["butie"])
    monkeypatch.setattr(versions, "load", lambda roots: pytest.fail("read twice"))
    assert queries.pack_set(actor=officer(), digest=digest) is packs
    # what is in memory is no way round the policy: a draft of elsewhere is not there
    for actor, wanted in ((officer(1, TAISHAN), digest), (officer(), "0" * 64), (officer(), "")):
        with pytest.raises(NotFound):
            queries.pack_set(actor=actor, digest=wanted)


def test_an_archive_that_is_not_what_its_digest_says_is_refused(
    draft: Draft, small_packs: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = changed(changed(small_packs, PARAMETERS, "120.50", "122.50"), CASES, "120.50", "122.50")
    draft(fresh, state=PackState.CHECKED)
    digest = queries.pack_versions(actor=officer(), at=AT).rows[0].digest
    monkeypatch.setattr(versions, "load", lambda roots: replace(load(roots), digest="f" * 64))
    with pytest.raises(Conflict):
        queries.pack_set(actor=officer(), digest=digest)


def test_what_is_published_everyone_sees_and_drafts_only_their_own_area(draft: Draft) -> None:
    published, own = draft(state=PackState.PUBLISHED), draft(division=TAISHAN)
    draft()
    draft(division=DAIYUE)
    county = officer(1, TAISHAN)
    assert [one.id for one in queries.pack_versions(actor=county, at=AT).rows] == [own, published]
    assert len(queries.pack_versions(actor=officer(), at=AT).rows) == 4
    assert [one.id for one in queries.pack_versions(actor=officer(), at=AT, state=PackState.PUBLISHED).rows] == [
        published
    ]
    found = queries.pack_in_force(actor=county, on=TODAY)
    assert found is not None
    assert queries.pack_set(actor=county, digest=found.digest).digest == found.digest
    for verb in ("supersede", "withdraw"):
        with pytest.raises(OutOfScope):
            VERBS[verb](county, published)


def test_each_read_needs_its_permission_and_its_scope(draft: Draft) -> None:
    pack_id = draft()
    blind = officer(without=frozenset({Permission.PACK_VIEW}))
    reads: list[Callable[[Actor], object]] = [
        lambda actor: queries.pack_version(actor=actor, at=AT, pack_id=pack_id),
        lambda actor: queries.pack_archive(actor=actor, at=AT, pack_id=pack_id),
    ]
    for read in reads:
        with pytest.raises(OutOfScope):
            read(officer(1, TAISHAN))
    for read in (*reads, lambda actor: queries.pack_versions(actor=actor, at=AT)):
        with pytest.raises(PermissionRefused):
            read(blind)


@pytest.mark.parametrize("division", [CITY, TAISHAN])
def test_pages_hold_every_version_once_in_as_many_statements_for_few_as_for_many(
    draft: Draft, division: DivisionCode
) -> None:
    actor = officer(1, division)
    made = [draft(division=division)]
    with CaptureQueriesContext(connection) as few:
        assert [one.id for one in queries.pack_versions(actor=actor, at=AT).rows] == made
    made += [draft(division=division) for _ in range(4)]
    with CaptureQueriesContext(connection) as many:
        assert len(queries.pack_versions(actor=actor, at=AT).rows) == 5
    assert len(few) == len(many)
    assert not any("archive" in one["sql"].replace("archive_sha256", "") for one in many)
    seen: list[int] = []
    after = None
    for _ in range(3):
        page = queries.pack_versions(actor=actor, at=AT, after=after, size=2)
        seen += [one.id for one in page.rows]
        after = page.next_after
    assert (seen, after) == (made[::-1], None)
    for size in (0, 201):
        with pytest.raises(InvalidValue):
            queries.pack_versions(actor=actor, at=AT, size=size)
