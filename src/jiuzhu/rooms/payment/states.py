"""States and steps of the room payment (发放).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.payment.permissions import Permission


class RunState(StrEnum):
    """Life of one monthly payment run; who prepares it does not review it, and who reviews it does not release it."""

    FROZEN = "frozen"
    CHECKED = "checked"
    PREPARED = "prepared"
    REVIEWED = "reviewed"
    RELEASED = "released"
    SENT = "sent"
    RECONCILED = "reconciled"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """Life of one person-month's payment."""

    DUE = "due"
    SENT = "sent"
    PAID = "paid"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class ReceivableState(StrEnum):
    """Life of money to be recovered, with cause, notice, instalments and approved write-off."""

    RAISED = "raised"
    NOTIFIED = "notified"
    IN_INSTALMENTS = "in_instalments"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"
    CANCELLED = "cancelled"


RUNS = TransitionTable(
    states=RunState,
    initial=RunState.FROZEN,
    names={
        RunState.FROZEN: ("名单已冻结", "List frozen"),
        RunState.CHECKED: ("已比对", "Checked"),
        RunState.PREPARED: ("已编制", "Prepared"),
        RunState.REVIEWED: ("已复核", "Reviewed"),
        RunState.RELEASED: ("已审批", "Released"),
        RunState.SENT: ("已送银行", "Sent to the bank"),
        RunState.RECONCILED: ("已对账", "Reconciled"),
        RunState.CANCELLED: ("已作废", "Cancelled"),
    },
    transitions=(
        Transition(
            verb="check",
            from_states=frozenset({RunState.FROZEN}),
            to_state=RunState.CHECKED,
            permission=Permission.RUN_CHECK,
            zh="比对",
            en="Check",
            guard="deaths_and_duplicates_are_out",
            basis="民发〔2022〕83号",
        ),
        Transition(
            verb="prepare",
            from_states=frozenset({RunState.CHECKED}),
            to_state=RunState.PREPARED,
            permission=Permission.RUN_PREPARE,
            zh="编制批次",
            en="Prepare",
            guard="amounts_recompute",
            basis="民发〔2021〕57号第二十五条",
        ),
        Transition(
            verb="review",
            from_states=frozenset({RunState.PREPARED}),
            to_state=RunState.REVIEWED,
            permission=Permission.RUN_REVIEW,
            zh="复核",
            en="Review",
            guard="reviewer_is_not_preparer",
            basis="社会救助法第六条",
        ),
        Transition(
            verb="send_back",
            from_states=frozenset({RunState.PREPARED, RunState.REVIEWED}),
            to_state=RunState.CHECKED,
            permission=Permission.RUN_SEND_BACK,
            zh="退回重编",
            en="Send back",
            guard="reason_is_given",
            basis="社会救助法第六条",
        ),
        Transition(
            verb="release",
            from_states=frozenset({RunState.REVIEWED}),
            to_state=RunState.RELEASED,
            permission=Permission.RUN_RELEASE,
            zh="审批发放",
            en="Release",
            guard="funds_cover_the_run",
            deadline="payment_day_nd",
            basis="社会救助法第六条；财办〔2020〕37号",
        ),
        Transition(
            verb="send",
            from_states=frozenset({RunState.RELEASED}),
            to_state=RunState.SENT,
            permission=Permission.RUN_SEND,
            zh="送银行",
            en="Send to the bank",
            guard="file_was_never_sent",
            deadline="bank_answer_wd",
            basis="民发〔2021〕57号第二十五条",
        ),
        Transition(
            verb="reconcile",
            from_states=frozenset({RunState.SENT}),
            to_state=RunState.RECONCILED,
            permission=Permission.RUN_RECONCILE,
            zh="对账",
            en="Reconcile",
            guard="every_line_has_a_result",
            basis="社会救助法第六条；社会救助暂行办法第五条",
        ),
        Transition(
            verb="cancel",
            from_states=frozenset(
                {RunState.FROZEN, RunState.CHECKED, RunState.PREPARED, RunState.REVIEWED, RunState.RELEASED}
            ),
            to_state=RunState.CANCELLED,
            permission=Permission.RUN_CANCEL,
            zh="作废",
            en="Cancel",
            guard="nothing_was_sent",
            basis="社会救助法第六条",
        ),
    ),
)

ITEMS = TransitionTable(
    states=ItemState,
    initial=ItemState.DUE,
    names={
        ItemState.DUE: ("应发", "Due"),
        ItemState.SENT: ("已送银行", "Sent"),
        ItemState.PAID: ("已到账", "Paid"),
        ItemState.RETURNED: ("已退汇", "Returned by the bank"),
        ItemState.CANCELLED: ("已取消", "Cancelled"),
    },
    transitions=(
        Transition(
            verb="send",
            from_states=frozenset({ItemState.DUE}),
            to_state=ItemState.SENT,
            permission=Permission.ITEM_SEND,
            zh="送银行",
            en="Send",
            guard="account_belongs_to_a_member",
            deadline="bank_answer_wd",
            basis="民发〔2021〕57号第二十五条、第二十六条",
        ),
        Transition(
            verb="settle",
            from_states=frozenset({ItemState.SENT}),
            to_state=ItemState.PAID,
            permission=Permission.ITEM_SETTLE,
            zh="登记到账",
            en="Record: paid",
            notice="payment_made",
            basis="民发〔2021〕57号第二十五条",
        ),
        Transition(
            verb="bounce",
            from_states=frozenset({ItemState.SENT}),
            to_state=ItemState.RETURNED,
            permission=Permission.ITEM_BOUNCE,
            zh="登记退汇",
            en="Record: returned",
            deadline="returned_payment_nd",
            notice="payment_returned",
            basis="民发〔2021〕57号第二十五条",
        ),
        Transition(
            verb="reissue",
            from_states=frozenset({ItemState.RETURNED}),
            to_state=ItemState.DUE,
            permission=Permission.ITEM_REISSUE,
            zh="更正后重发",
            en="Correct and pay again",
            guard="account_was_corrected",
            basis="民发〔2021〕57号第二十五条",
        ),
        Transition(
            verb="cancel",
            from_states=frozenset({ItemState.DUE, ItemState.RETURNED}),
            to_state=ItemState.CANCELLED,
            permission=Permission.ITEM_CANCEL,
            zh="取消",
            en="Cancel",
            guard="entitlement_was_revoked",
            basis="社会救助法第四十八条",
        ),
    ),
)

RECEIVABLES = TransitionTable(
    states=ReceivableState,
    initial=ReceivableState.RAISED,
    names={
        ReceivableState.RAISED: ("已立项", "Raised"),
        ReceivableState.NOTIFIED: ("已责令退回", "Return ordered"),
        ReceivableState.IN_INSTALMENTS: ("分期退回中", "In instalments"),
        ReceivableState.SETTLED: ("已退回", "Settled"),
        ReceivableState.WRITTEN_OFF: ("已核销", "Written off"),
        ReceivableState.CANCELLED: ("已撤销", "Cancelled"),
    },
    transitions=(
        Transition(
            verb="notify",
            from_states=frozenset({ReceivableState.RAISED}),
            to_state=ReceivableState.NOTIFIED,
            permission=Permission.RECEIVABLE_NOTIFY,
            zh="责令退回",
            en="Order the return",
            guard="cause_and_months_are_given",
            deadline="recovery_nd",
            notice="return_order",
            basis="社会救助法第七十三条、第七十四条",
        ),
        Transition(
            verb="agree_instalments",
            from_states=frozenset({ReceivableState.NOTIFIED}),
            to_state=ReceivableState.IN_INSTALMENTS,
            permission=Permission.RECEIVABLE_AGREE_INSTALMENTS,
            zh="同意分期",
            en="Agree on instalments",
            guard="basic_living_is_kept",
            basis="社会救助法第七十四条",
        ),
        Transition(
            verb="settle",
            from_states=frozenset({ReceivableState.NOTIFIED, ReceivableState.IN_INSTALMENTS}),
            to_state=ReceivableState.SETTLED,
            permission=Permission.RECEIVABLE_SETTLE,
            zh="登记退回",
            en="Record: settled",
            guard="whole_sum_arrived",
            basis="社会救助法第七十四条",
        ),
        Transition(
            verb="write_off",
            from_states=frozenset({ReceivableState.NOTIFIED, ReceivableState.IN_INSTALMENTS}),
            to_state=ReceivableState.WRITTEN_OFF,
            permission=Permission.RECEIVABLE_WRITE_OFF,
            zh="核销",
            en="Write off",
            guard="approver_did_not_raise_it",
            basis="社会救助法第六条",
        ),
        Transition(
            verb="cancel",
            from_states=frozenset({ReceivableState.RAISED, ReceivableState.NOTIFIED, ReceivableState.IN_INSTALMENTS}),
            to_state=ReceivableState.CANCELLED,
            permission=Permission.RECEIVABLE_CANCEL,
            zh="撤销",
            en="Cancel",
            guard="reason_is_given",
            basis="社会救助法第七十六条",
        ),
    ),
)
