"""What may be done in the room payment (发放), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    RUN_VIEW = "payment.run.view"
    RUN_FREEZE = "payment.run.freeze"
    RUN_CHECK = "payment.run.check"
    RUN_PREPARE = "payment.run.prepare"
    RUN_REVIEW = "payment.run.review"
    RUN_SEND_BACK = "payment.run.send_back"
    RUN_RELEASE = "payment.run.release"
    RUN_SEND = "payment.run.send"
    RUN_RECONCILE = "payment.run.reconcile"
    RUN_CANCEL = "payment.run.cancel"
    ITEM_VIEW = "payment.item.view"
    ITEM_SEND = "payment.item.send"
    ITEM_SETTLE = "payment.item.settle"
    ITEM_BOUNCE = "payment.item.bounce"
    ITEM_REISSUE = "payment.item.reissue"
    ITEM_CANCEL = "payment.item.cancel"
    RECEIVABLE_VIEW = "payment.receivable.view"
    RECEIVABLE_RAISE = "payment.receivable.raise"
    RECEIVABLE_NOTIFY = "payment.receivable.notify"
    RECEIVABLE_AGREE_INSTALMENTS = "payment.receivable.agree_instalments"
    RECEIVABLE_SETTLE = "payment.receivable.settle"
    RECEIVABLE_WRITE_OFF = "payment.receivable.write_off"
    RECEIVABLE_CANCEL = "payment.receivable.cancel"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.RUN_VIEW: ("查看发放批次", "See payment runs"),
    Permission.RUN_FREEZE: ("冻结发放名单", "Freeze the list of a payment run"),
    Permission.RUN_CHECK: ("比对发放名单", "Check the list of a run"),
    Permission.RUN_PREPARE: ("编制发放批次", "Prepare a run"),
    Permission.RUN_REVIEW: ("复核发放批次", "Review a run"),
    Permission.RUN_SEND_BACK: ("退回发放批次重编", "Send a run back"),
    Permission.RUN_RELEASE: ("审批发放批次", "Release a run"),
    Permission.RUN_SEND: ("将发放批次送银行", "Send a run to the bank"),
    Permission.RUN_RECONCILE: ("发放批次对账", "Reconcile a run"),
    Permission.RUN_CANCEL: ("作废未送银行的发放批次", "Cancel a run that was not sent"),
    Permission.ITEM_VIEW: ("查看发放明细", "See payments"),
    Permission.ITEM_SEND: ("将发放明细送银行", "Send a payment to the bank"),
    Permission.ITEM_SETTLE: ("登记到账", "Record that a payment arrived"),
    Permission.ITEM_BOUNCE: ("登记退汇", "Record that a payment was returned"),
    Permission.ITEM_REISSUE: ("更正账户后重发", "Correct the account and pay again"),
    Permission.ITEM_CANCEL: ("取消不应发放的明细", "Cancel a payment that is not due"),
    Permission.RECEIVABLE_VIEW: ("查看追回款", "See receivables"),
    Permission.RECEIVABLE_RAISE: ("立项追回", "Raise a receivable"),
    Permission.RECEIVABLE_NOTIFY: ("责令退回救助金", "Order the return of money"),
    Permission.RECEIVABLE_AGREE_INSTALMENTS: ("同意分期退回", "Agree on instalments"),
    Permission.RECEIVABLE_SETTLE: ("登记退回", "Record that the sum was returned"),
    Permission.RECEIVABLE_WRITE_OFF: ("批准核销追回款", "Approve a write-off"),
    Permission.RECEIVABLE_CANCEL: ("撤销追回", "Cancel a receivable"),
}
