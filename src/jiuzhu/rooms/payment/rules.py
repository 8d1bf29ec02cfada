"""Pure rules of payment: the guards of its tables, the months of an entitlement, arrears, instalments and fines.

Each guard returns the reason of its refusal, or None. Rules of time, ratio and sum are handed in from the policy packs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.periods import add_months


class FirstMonth(StrEnum):
    """The month with which an entitlement begins; the policy packs say which."""

    OF_APPLICATION = "of_application"
    AFTER_DECISION = "after_decision"


@dataclass(frozen=True, slots=True)
class MonthlySum:
    """A sum due for each month from `first` to before `end`; `end` None means still open."""

    first: date
    end: date | None
    fen_month: int


def month_of(day: date) -> date:
    """Return the first day of the month of a day."""
    return day.replace(day=1)


def first_month(rule: FirstMonth, *, applied: date, decided: date) -> date:
    """Return the first month for which an entitlement is owed."""
    if decided < applied:
        raise InvalidValue(
            "payment.entitlement.decided_first",
            f"决定日期（{decided}）早于申请日期（{applied}），请核对",
            f"The decision ({decided}) is earlier than the application ({applied}); check the dates.",
            field="decided",
        )
    if rule is FirstMonth.OF_APPLICATION:
        return month_of(applied)
    return add_months(month_of(decided), 1)


def end_after_death(died: date, *, months_after_death: int) -> date:
    """Return the first month not owed any more; 0 months after death means that the month of death is the last."""
    if months_after_death < 0:
        raise InvalidValue(
            "payment.entitlement.months_after_death",
            f"死亡后续发月数（{months_after_death}）不能为负数，请核对政策参数",
            f"The months paid after death ({months_after_death}) cannot be negative; check the parameter.",
            field="months_after_death",
        )
    return add_months(month_of(died), 1 + months_after_death)


def fen_of_month(sums: Sequence[MonthlySum], month: date) -> int:
    """Return what the sums owe for a month, refusing two sums for the same month."""
    holding = [one for one in sums if one.first <= month and (one.end is None or month < one.end)]
    if len(holding) > 1:
        raise InvalidValue(
            "payment.entitlement.two_sums",
            f"{month:%Y-%m} 有两笔应发金额，请先更正起止月份",
            f"Two sums are due for {month:%Y-%m}; correct their months first.",
            field="month",
        )
    return holding[0].fen_month if holding else 0


def arrears_fen(sums: Sequence[MonthlySum], paid_fen: Mapping[date, int]) -> dict[date, int]:
    """Return what is still owed for each month already paid; what was paid too much is never cut here."""
    owed = {month: fen_of_month(sums, month) - fen for month, fen in sorted(paid_fen.items())}
    return {month: fen for month, fen in owed.items() if fen > 0}


def instalments_fen(total_fen: int, *, fen_month: int) -> tuple[int, ...]:
    """Part a sum into monthly instalments that add up to it exactly; the last may be smaller."""
    if total_fen <= 0 or fen_month <= 0:
        raise InvalidValue(
            "payment.receivable.instalment",
            "应退总额和每月分期金额都必须大于零，请核对金额",
            "The sum to be returned and the monthly instalment must both be above zero; check them.",
            field="fen_month",
        )
    whole, rest = divmod(total_fen, fen_month)
    return (fen_month,) * whole + ((rest,) if rest else ())


def highest_fine_fen(obtained_fen: int, *, times_when_done: int, times_when_decided: int) -> int:
    """Return the highest fine: of the laws in force at the act and at the decision, the lighter one holds."""
    if obtained_fen < 0 or times_when_done < 0 or times_when_decided < 0:
        raise InvalidValue(
            "payment.fine.negative",
            "骗取金额和罚款倍数不能为负数，请核对",
            "The sum obtained and the multiples of the fine cannot be negative; check them.",
        )
    return obtained_fen * min(times_when_done, times_when_decided)


def deaths_and_duplicates_are_out(*, deceased: int, duplicates: int) -> RuleRefused | None:
    """Refuse the check while the list still holds the dead or somebody twice."""
    if not deceased and not duplicates:
        return None
    return RuleRefused(
        "payment.run.dead_or_double",
        f"名单中仍有 {deceased} 笔已死亡人员、{duplicates} 笔重复发放，请先处理",
        f"The list still holds {deceased} payments to the dead and {duplicates} duplicates; deal with them first.",
    )


def amounts_recompute(*, listed_fen: int, recomputed_fen: int, differing_lines: int) -> RuleRefused | None:
    """Refuse to prepare a list whose lines or total differ from what the entitlements give."""
    if listed_fen == recomputed_fen and not differing_lines:
        return None
    return RuleRefused(
        "payment.run.amounts_differ",
        f"有 {differing_lines} 笔金额与重新计算不一致"
        f"（名单合计 {listed_fen} 分，重算合计 {recomputed_fen} 分），请重新冻结",
        f"{differing_lines} lines differ from their recomputation (list {listed_fen} fen, "
        f"recomputed {recomputed_fen} fen); freeze the list again.",
    )


def reviewer_is_not_preparer(*, reviewer: int, preparer: int) -> RuleRefused | None:
    """Refuse a review by the person who prepared the run."""
    if reviewer != preparer:
        return None
    return RuleRefused(
        "payment.run.own_review",
        "编制人不能复核自己编制的批次，请由另一人复核",
        "Who prepared a run cannot review it; let another person review it.",
    )


def funds_cover_the_run(
    *, available_fen: int, total_fen: int, releaser: int, preparer: int, reviewer: int
) -> RuleRefused | None:
    """Refuse a release without funds, or by a person who has prepared or reviewed the run."""
    if releaser in (preparer, reviewer):
        return RuleRefused(
            "payment.run.own_release",
            "编制人、复核人不能审批同一批次，请由第三人审批",
            "Who prepared or reviewed a run cannot release it; let a third person release it.",
        )
    if available_fen < total_fen:
        return RuleRefused(
            "payment.run.no_funds",
            f"可用资金 {available_fen} 分，不足以发放 {total_fen} 分，请先追加预算",
            f"The funds ({available_fen} fen) do not cover the run ({total_fen} fen); add to the budget first.",
        )
    return None


def file_was_never_sent(*, sent: bool) -> RuleRefused | None:
    """Refuse to send a bank file twice."""
    if not sent:
        return None
    return RuleRefused(
        "payment.run.sent_already",
        "该批次的银行文件已经报送，不能再次报送；请等待银行回盘",
        "The bank file of this run was sent already and is not sent again; wait for the bank's result.",
    )


def every_line_has_a_result(*, open_lines: int) -> RuleRefused | None:
    """Refuse to reconcile while a line waits for the bank."""
    if not open_lines:
        return None
    return RuleRefused(
        "payment.run.lines_open",
        f"仍有 {open_lines} 笔没有银行回盘结果，请先导入回盘文件",
        f"{open_lines} lines have no result of the bank yet; read the result file first.",
    )


def nothing_was_sent(*, sent_lines: int) -> RuleRefused | None:
    """Refuse to cancel a run of which money may already be on its way."""
    if not sent_lines:
        return None
    return RuleRefused(
        "payment.run.money_sent",
        f"已有 {sent_lines} 笔报送银行，批次不能作废；请按退汇或追回处理",
        f"{sent_lines} lines went to the bank already, so the run cannot be cancelled; use returns or recovery.",
    )


def reason_is_given(*, reason: str) -> RuleRefused | None:
    """Refuse a step without its reason."""
    if reason.strip():
        return None
    return RuleRefused("payment.reason_missing", "请填写理由", "Give the reason.", field="reason")


def account_belongs_to_a_member(
    *, owner: int | None, members: frozenset[int], payees: frozenset[int]
) -> RuleRefused | None:
    """Refuse an account that is missing, or whose owner is neither a member nor a recorded payee."""
    if owner is not None and owner in members | payees:
        return None
    return RuleRefused(
        "payment.item.foreign_account",
        "没有账户，或户名既不是家庭成员也不是登记的代领人，请更正账户",
        "There is no account, or its owner is neither a member nor a recorded payee; correct the account.",
        field="account",
    )


def account_was_corrected(*, corrector: int | None, confirmer: int | None) -> RuleRefused | None:
    """Refuse to pay again before the account was corrected and another person has confirmed it."""
    if corrector is not None and confirmer is not None and corrector != confirmer:
        return None
    return RuleRefused(
        "payment.item.not_corrected",
        "退汇账户须先更正并由另一人确认，才能重发",
        "The account must be corrected, and confirmed by another person, before the money is paid again.",
        field="account",
    )


def entitlement_was_revoked(*, revoked: bool) -> RuleRefused | None:
    """Refuse to cancel a payment that is still owed."""
    if revoked:
        return None
    return RuleRefused(
        "payment.item.still_owed",
        "该笔款项仍属应发，须先依法撤销待遇，才能取消",
        "This payment is still owed; the entitlement must be revoked by law before it is cancelled.",
    )


def cause_and_months_are_given(*, cause: str, months: Sequence[date]) -> RuleRefused | None:
    """Refuse an order to return money that does not say why and for which months."""
    if cause.strip() and months:
        return None
    return RuleRefused(
        "payment.receivable.no_cause",
        "责令退回须写明事由和所属月份，请补充",
        "An order to return money names its cause and its months; add them.",
        field="months" if cause.strip() else "cause",
    )


def basic_living_is_kept(*, income_fen_month: int | None, kept_fen_month: int, fen_month: int) -> RuleRefused | None:
    """Refuse instalments that leave less than basic living; an unknown income is never taken for enough."""
    if income_fen_month is not None and income_fen_month - fen_month >= kept_fen_month:
        return None
    return RuleRefused(
        "payment.receivable.below_living",
        "家庭收入未知，或分期后低于基本生活所需，请核实收入或降低每期金额",
        "The income is unknown, or the instalment leaves less than basic living; verify it or lower the instalment.",
        field="fen_month",
    )


def whole_sum_arrived(*, owed_fen: int, arrived_fen: int) -> RuleRefused | None:
    """Refuse to settle before exactly the whole sum has arrived."""
    if owed_fen == arrived_fen:
        return None
    return RuleRefused(
        "payment.receivable.not_whole",
        f"应退 {owed_fen} 分，实收 {arrived_fen} 分，两者不一致，请核对到账记录",
        f"{owed_fen} fen are owed and {arrived_fen} fen arrived; check the receipts.",
    )


def approver_did_not_raise_it(*, approver: int, raiser: int) -> RuleRefused | None:
    """Refuse a write-off approved by the person who raised the receivable."""
    if approver != raiser:
        return None
    return RuleRefused(
        "payment.receivable.own_write_off",
        "立项人不能核销自己立项的应收款，请由另一人审批",
        "Who raised a receivable cannot write it off; let another person approve it.",
    )
