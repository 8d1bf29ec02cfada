"""States and steps of the room funds (资金).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.funds.permissions import Permission


class BudgetState(StrEnum):
    """Life of one budget line of one level and year."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    CLOSED = "closed"


class AllocationState(StrEnum):
    """Life of one allocation; what is allocated is paid, returned or carried forward, and its earmark never changes."""

    ISSUED = "issued"
    RECEIVED = "received"
    USED_UP = "used_up"
    CARRIED_FORWARD = "carried_forward"
    RETURNED = "returned"


class EntryState(StrEnum):
    """Life of a ledger entry: posted once and never changed; a mistake is put right by a reversal."""

    POSTED = "posted"
    REVERSED = "reversed"


BUDGETS = TransitionTable(
    states=BudgetState,
    initial=BudgetState.DRAFT,
    names={
        BudgetState.DRAFT: ("编制中", "Draft"),
        BudgetState.SUBMITTED: ("已报送", "Submitted"),
        BudgetState.APPROVED: ("已批复", "Approved"),
        BudgetState.CLOSED: ("已决算", "Closed"),
    },
    transitions=(
        Transition(
            verb="submit",
            from_states=frozenset({BudgetState.DRAFT}),
            to_state=BudgetState.SUBMITTED,
            permission=Permission.BUDGET_SUBMIT,
            zh="报送",
            en="Submit",
            guard="need_is_estimated",
            basis="社会救助法第六条",
        ),
        Transition(
            verb="send_back",
            from_states=frozenset({BudgetState.SUBMITTED}),
            to_state=BudgetState.DRAFT,
            permission=Permission.BUDGET_SEND_BACK,
            zh="退回",
            en="Send back",
            guard="reason_is_given",
            basis="社会救助法第六条",
        ),
        Transition(
            verb="approve",
            from_states=frozenset({BudgetState.SUBMITTED}),
            to_state=BudgetState.APPROVED,
            permission=Permission.BUDGET_APPROVE,
            zh="批复",
            en="Approve",
            guard="document_number_is_given",
            basis="社会救助法第六条",
        ),
        Transition(
            verb="adjust",
            from_states=frozenset({BudgetState.APPROVED}),
            to_state=BudgetState.SUBMITTED,
            permission=Permission.BUDGET_ADJUST,
            zh="申请调整",
            en="Ask for an adjustment",
            guard="reason_is_given",
            basis="社会救助法第六条",
        ),
        Transition(
            verb="close",
            from_states=frozenset({BudgetState.APPROVED}),
            to_state=BudgetState.CLOSED,
            permission=Permission.BUDGET_CLOSE,
            zh="决算",
            en="Close the accounts",
            guard="ledger_balances",
            basis="社会救助法第六条；社会救助暂行办法第五条",
        ),
    ),
)

ALLOCATIONS = TransitionTable(
    states=AllocationState,
    initial=AllocationState.ISSUED,
    names={
        AllocationState.ISSUED: ("已下达", "Issued"),
        AllocationState.RECEIVED: ("已接收", "Received"),
        AllocationState.USED_UP: ("已用完", "Used up"),
        AllocationState.CARRIED_FORWARD: ("已结转", "Carried forward"),
        AllocationState.RETURNED: ("已交回", "Returned"),
    },
    transitions=(
        Transition(
            verb="receive",
            from_states=frozenset({AllocationState.ISSUED}),
            to_state=AllocationState.RECEIVED,
            permission=Permission.ALLOCATION_RECEIVE,
            zh="接收",
            en="Receive",
            guard="earmark_is_kept",
            deadline="direct_fund_payment_nd",
            basis="社会救助法第六条",
        ),
        Transition(
            verb="use_up",
            from_states=frozenset({AllocationState.RECEIVED, AllocationState.CARRIED_FORWARD}),
            to_state=AllocationState.USED_UP,
            permission=Permission.ALLOCATION_USE_UP,
            zh="登记用完",
            en="Record that it is used up",
            guard="allocated_equals_spent",
            basis="社会救助暂行办法第五条",
        ),
        Transition(
            verb="carry_forward",
            from_states=frozenset({AllocationState.RECEIVED}),
            to_state=AllocationState.CARRIED_FORWARD,
            permission=Permission.ALLOCATION_CARRY_FORWARD,
            zh="结转",
            en="Carry forward",
            guard="carry_forward_is_allowed",
            basis="社会救助法第六条",
        ),
        Transition(
            verb="give_back",
            from_states=frozenset({AllocationState.RECEIVED, AllocationState.CARRIED_FORWARD}),
            to_state=AllocationState.RETURNED,
            permission=Permission.ALLOCATION_GIVE_BACK,
            zh="交回",
            en="Return",
            basis="社会救助法第六条",
        ),
    ),
)

ENTRIES = TransitionTable(
    states=EntryState,
    initial=EntryState.POSTED,
    names={
        EntryState.POSTED: ("已记账", "Posted"),
        EntryState.REVERSED: ("已冲销", "Reversed"),
    },
    transitions=(
        Transition(
            verb="reverse",
            from_states=frozenset({EntryState.POSTED}),
            to_state=EntryState.REVERSED,
            permission=Permission.ENTRY_REVERSE,
            zh="冲销",
            en="Reverse",
            guard="reason_is_given",
            basis="社会救助暂行办法第五条",
        ),
    ),
)
