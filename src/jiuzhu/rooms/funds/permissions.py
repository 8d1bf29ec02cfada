"""What may be done in the room funds (资金), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    BUDGET_VIEW = "funds.budget.view"
    BUDGET_DRAFT = "funds.budget.draft"
    BUDGET_SUBMIT = "funds.budget.submit"
    BUDGET_SEND_BACK = "funds.budget.send_back"
    BUDGET_APPROVE = "funds.budget.approve"
    BUDGET_ADJUST = "funds.budget.adjust"
    BUDGET_CLOSE = "funds.budget.close"
    ALLOCATION_VIEW = "funds.allocation.view"
    ALLOCATION_ISSUE = "funds.allocation.issue"
    ALLOCATION_RECEIVE = "funds.allocation.receive"
    ALLOCATION_USE_UP = "funds.allocation.use_up"
    ALLOCATION_CARRY_FORWARD = "funds.allocation.carry_forward"
    ALLOCATION_GIVE_BACK = "funds.allocation.give_back"
    ENTRY_VIEW = "funds.entry.view"
    ENTRY_POST = "funds.entry.post"
    ENTRY_REVERSE = "funds.entry.reverse"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.BUDGET_VIEW: ("查看预算", "See budgets"),
    Permission.BUDGET_DRAFT: ("编制预算", "Draft a budget line"),
    Permission.BUDGET_SUBMIT: ("报送预算", "Submit a budget line"),
    Permission.BUDGET_SEND_BACK: ("退回预算", "Send a budget line back"),
    Permission.BUDGET_APPROVE: ("登记预算批复", "Record the approval of a budget line"),
    Permission.BUDGET_ADJUST: ("申请调整预算", "Ask to adjust a budget line"),
    Permission.BUDGET_CLOSE: ("登记预算决算", "Close a budget line's accounts"),
    Permission.ALLOCATION_VIEW: ("查看资金指标", "See allocations"),
    Permission.ALLOCATION_ISSUE: ("下达资金指标", "Issue an allocation"),
    Permission.ALLOCATION_RECEIVE: ("接收资金指标", "Receive an allocation"),
    Permission.ALLOCATION_USE_UP: ("登记资金用完", "Record that an allocation is used up"),
    Permission.ALLOCATION_CARRY_FORWARD: ("结转资金", "Carry an allocation forward"),
    Permission.ALLOCATION_GIVE_BACK: ("交回资金", "Return an allocation"),
    Permission.ENTRY_VIEW: ("查看账簿", "See the ledger"),
    Permission.ENTRY_POST: ("记账", "Post a ledger entry"),
    Permission.ENTRY_REVERSE: ("冲销记账凭证", "Reverse a ledger entry"),
}
