"""The pure rules of payment: guards, months, arrears, instalments and fines."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.transitions import TransitionTable
from jiuzhu.rooms.payment import rules, states
from jiuzhu.rooms.payment.rules import FirstMonth, MonthlySum

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


def test_every_guard_of_the_tables_is_a_rule() -> None:
    tables: tuple[TransitionTable[StrEnum], ...] = (states.RUNS, states.ITEMS, states.RECEIVABLES)  # type: ignore[assignment]
    guards = {step.guard for table in tables for step in table.transitions if step.guard}
    assert guards
    assert {guard for guard in guards if not callable(getattr(rules, guard, None))} == set()


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (rules.deaths_and_duplicates_are_out(deceased=0, duplicates=0), None),
        (rules.deaths_and_duplicates_are_out(deceased=1, duplicates=0), "payment.run.dead_or_double"),
        (rules.deaths_and_duplicates_are_out(deceased=0, duplicates=1), "payment.run.dead_or_double"),
        (rules.amounts_recompute(listed_fen=5, recomputed_fen=5, differing_lines=0), None),
        (rules.amounts_recompute(listed_fen=5, recomputed_fen=6, differing_lines=0), "payment.run.amounts_differ"),
        (rules.amounts_recompute(listed_fen=5, recomputed_fen=5, differing_lines=2), "payment.run.amounts_differ"),
        (rules.reviewer_is_not_preparer(reviewer=2, preparer=1), None),
        (rules.reviewer_is_not_preparer(reviewer=1, preparer=1), "payment.run.own_review"),
        (rules.file_was_never_sent(sent=False), None),
        (rules.file_was_never_sent(sent=True), "payment.run.sent_already"),
        (rules.every_line_has_a_result(open_lines=0), None),
        (rules.every_line_has_a_result(open_lines=1), "payment.run.lines_open"),
        (rules.nothing_was_sent(sent_lines=0), None),
        (rules.nothing_was_sent(sent_lines=1), "payment.run.money_sent"),
        (rules.reason_is_given(reason="名单有误"), None),
        (rules.reason_is_given(reason=" "), "payment.reason_missing"),
        (rules.account_was_corrected(corrector=1, confirmer=2), None),
        (rules.account_was_corrected(corrector=1, confirmer=1), "payment.item.not_corrected"),
        (rules.account_was_corrected(corrector=1, confirmer=None), "payment.item.not_corrected"),
        (rules.account_was_corrected(corrector=None, confirmer=2), "payment.item.not_corrected"),
        (rules.entitlement_was_revoked(revoked=True), None),
        (rules.entitlement_was_revoked(revoked=False), "payment.item.still_owed"),
        (rules.cause_and_months_are_given(cause="死亡后续发", months=[MARCH]), None),
        (rules.cause_and_months_are_given(cause="", months=[MARCH]), "payment.receivable.no_cause"),
        (rules.cause_and_months_are_given(cause="死亡后续发", months=[]), "payment.receivable.no_cause"),
        (rules.basic_living_is_kept(income_fen_month=10, kept_fen_month=8, fen_month=2), None),
        (
            rules.basic_living_is_kept(income_fen_month=10, kept_fen_month=8, fen_month=3),
            "payment.receivable.below_living",
        ),
        (
            rules.basic_living_is_kept(income_fen_month=None, kept_fen_month=0, fen_month=1),
            "payment.receivable.below_living",
        ),
        (rules.whole_sum_arrived(owed_fen=7, arrived_fen=7), None),
        (rules.whole_sum_arrived(owed_fen=7, arrived_fen=6), "payment.receivable.not_whole"),
        (rules.whole_sum_arrived(owed_fen=7, arrived_fen=8), "payment.receivable.not_whole"),
        (rules.approver_did_not_raise_it(approver=2, raiser=1), None),
        (rules.approver_did_not_raise_it(approver=1, raiser=1), "payment.receivable.own_write_off"),
    ],
)
def test_a_guard_lets_pass_or_says_why(refusal: RuleRefused | None, code: str | None) -> None:
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("releaser", "available", "code"),
    [
        (3, 10, None),
        (1, 10, "payment.run.own_release"),
        (2, 10, "payment.run.own_release"),
        (3, 9, "payment.run.no_funds"),
    ],
)
def test_a_third_person_releases_what_the_funds_cover(releaser: int, available: int, code: str | None) -> None:
    refusal = rules.funds_cover_the_run(
        available_fen=available, total_fen=10, releaser=releaser, preparer=1, reviewer=2
    )
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("owner", "code"),
    [(1, None), (2, None), (3, "payment.item.foreign_account"), (None, "payment.item.foreign_account")],
)
def test_an_account_is_of_a_member_or_a_payee(owner: int | None, code: str | None) -> None:
    refusal = rules.account_belongs_to_a_member(owner=owner, members=frozenset({1}), payees=frozenset({2}))
    assert (refusal.code if refusal else None) == code


def test_months_begin_as_the_pack_says() -> None:
    applied, decided = date(2025, 11, 30), date(2025, 12, 31)
    assert rules.first_month(FirstMonth.AFTER_DECISION, applied=applied, decided=decided) == JANUARY
    assert rules.first_month(FirstMonth.OF_APPLICATION, applied=applied, decided=decided) == date(2025, 11, 1)


def test_the_month_of_death_is_the_last_unless_the_pack_adds_some() -> None:
    assert rules.end_after_death(date(2025, 12, 31), months_after_death=0) == JANUARY
    assert rules.end_after_death(date(2025, 12, 31), months_after_death=2) == MARCH


def test_a_rise_is_paid_back_and_nothing_is_cut() -> None:
    sums = [MonthlySum(JANUARY, MARCH, 500), MonthlySum(MARCH, None, 700)]
    paid = {JANUARY: 600, date(2026, 2, 1): 500, MARCH: 500, date(2026, 4, 1): 0}
    assert rules.arrears_fen(sums, paid) == {MARCH: 200, date(2026, 4, 1): 700}


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (
            lambda: rules.first_month(FirstMonth.AFTER_DECISION, applied=MARCH, decided=JANUARY),
            "payment.entitlement.decided_first",
        ),
        (lambda: rules.end_after_death(MARCH, months_after_death=-1), "payment.entitlement.months_after_death"),
        (
            lambda: rules.fen_of_month([MonthlySum(JANUARY, None, 1), MonthlySum(MARCH, None, 2)], MARCH),
            "payment.entitlement.two_sums",
        ),
        (lambda: rules.instalments_fen(0, fen_month=1), "payment.receivable.instalment"),
        (lambda: rules.instalments_fen(1, fen_month=0), "payment.receivable.instalment"),
        (lambda: rules.highest_fine_fen(-1, times_when_done=1, times_when_decided=2), "payment.fine.negative"),
    ],
)
def test_values_that_cannot_be_are_refused(ask: Callable[[], object], code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        ask()
    assert refused.value.code == code


@given(total=st.integers(1, 10**9), parts=st.integers(1, 200))
def test_instalments_add_up_to_the_fen(total: int, parts: int) -> None:
    fen_month = max(1, total // parts)
    instalments = rules.instalments_fen(total, fen_month=fen_month)
    assert sum(instalments) == total
    assert all(0 < one <= fen_month for one in instalments)


@given(sum_fen=st.integers(0, 10**12), done=st.integers(0, 5), decided=st.integers(0, 5))
def test_the_lighter_law_holds(sum_fen: int, done: int, decided: int) -> None:
    fine = rules.highest_fine_fen(sum_fen, times_when_done=done, times_when_decided=decided)
    assert fine <= sum_fen * done
    assert fine <= sum_fen * decided
    assert fine in (sum_fen * done, sum_fen * decided)
