"""What may be done in the room verification (核对与调查), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    MANDATE_VIEW = "verification.mandate.view"
    MANDATE_DRAW_UP = "verification.mandate.draw_up"
    MANDATE_SIGN = "verification.mandate.sign"
    MANDATE_DECLINE = "verification.mandate.decline"
    MANDATE_WITHDRAW = "verification.mandate.withdraw"
    ENTRUSTMENT_VIEW = "verification.entrustment.view"
    ENTRUSTMENT_RECORD = "verification.entrustment.record"
    ENTRUSTMENT_END = "verification.entrustment.end"
    ORDER_VIEW = "verification.order.view"
    ORDER_REQUEST = "verification.order.request"
    ORDER_START = "verification.order.start"
    ORDER_REJECT = "verification.order.reject"
    ORDER_REPORT = "verification.order.report"
    ORDER_REVISE = "verification.order.revise"
    ORDER_STOP = "verification.order.stop"
    ORDER_EXPIRE = "verification.order.expire"
    ITEM_VIEW = "verification.item.view"
    ITEM_SEND = "verification.item.send"
    ITEM_FIND = "verification.item.find"
    ITEM_FIND_NONE = "verification.item.find_none"
    ITEM_MARK_UNAVAILABLE = "verification.item.mark_unavailable"
    ITEM_ANSWER = "verification.item.answer"
    ITEM_DISPUTE = "verification.item.dispute"
    ITEM_CORRECT = "verification.item.correct"
    ITEM_UPHOLD = "verification.item.uphold"
    SOURCE_VIEW = "verification.source.view"
    ACCESS_VIEW = "verification.access.view"
    BATCH_VIEW = "verification.batch.view"
    BATCH_ORDER = "verification.batch.order"
    VISIT_VIEW = "verification.visit.view"
    VISIT_PLAN = "verification.visit.plan"
    VISIT_RECORD = "verification.visit.record"
    VISIT_FLAG_CONFLICT = "verification.visit.flag_conflict"
    VISIT_RESOLVE = "verification.visit.resolve"
    VISIT_SIGN = "verification.visit.sign"
    VISIT_CANCEL = "verification.visit.cancel"
    APPRAISAL_VIEW = "verification.appraisal.view"
    APPRAISAL_CALL = "verification.appraisal.call"
    APPRAISAL_HOLD = "verification.appraisal.hold"
    APPRAISAL_RECORD = "verification.appraisal.record"
    APPRAISAL_CANCEL = "verification.appraisal.cancel"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.MANDATE_VIEW: ("查看核对授权书", "See mandates for verification"),
    Permission.MANDATE_DRAW_UP: ("制作核对授权书", "Draw up a mandate"),
    Permission.MANDATE_SIGN: ("登记签署授权书", "Record the signature of a mandate"),
    Permission.MANDATE_DECLINE: ("登记不同意授权", "Record that somebody declines a mandate"),
    Permission.MANDATE_WITHDRAW: ("撤回核对授权", "Withdraw a mandate"),
    Permission.ENTRUSTMENT_VIEW: ("查看单位委托", "See entrustments of other units"),
    Permission.ENTRUSTMENT_RECORD: ("登记单位委托", "Record the entrustment of a unit"),
    Permission.ENTRUSTMENT_END: ("终止单位委托", "End the entrustment of a unit"),
    Permission.ORDER_VIEW: ("查看核对委托和报告", "See verification orders and reports"),
    Permission.ORDER_REQUEST: ("委托核对家庭经济状况", "Order the verification of a household"),
    Permission.ORDER_START: ("启动家庭经济状况核对", "Start a verification"),
    Permission.ORDER_REJECT: ("退回核对委托", "Send a verification order back"),
    Permission.ORDER_REPORT: ("出具核对报告", "Issue a verification report"),
    Permission.ORDER_REVISE: ("出具更正的核对报告", "Issue a corrected verification report"),
    Permission.ORDER_STOP: ("因撤回授权中止核对", "Stop a verification after withdrawal of the authorisation"),
    Permission.ORDER_EXPIRE: ("登记核对报告过期", "Record that a report has expired"),
    Permission.ITEM_VIEW: ("查看核对事项及结果", "See query items and answers"),
    Permission.ITEM_SEND: ("向数据来源单位发送查询", "Send a query to its source"),
    Permission.ITEM_FIND: ("登记查有信息", "Record what a source found"),
    Permission.ITEM_FIND_NONE: ("登记查无信息", "Record that a source found nothing"),
    Permission.ITEM_MARK_UNAVAILABLE: ("登记无法查询（情况未知）", "Record a source as unavailable (unknown)"),
    Permission.ITEM_ANSWER: ("答复向本部门的查询", "Answer queries put to the department"),
    Permission.ITEM_DISPUTE: ("对核对结果提出异议", "Dispute a result"),
    Permission.ITEM_CORRECT: ("更正核对结果", "Correct a result"),
    Permission.ITEM_UPHOLD: ("登记核对结果经复核无误", "Record that a result was upheld"),
    Permission.SOURCE_VIEW: ("查看数据来源运行情况", "See how the sources are doing"),
    Permission.ACCESS_VIEW: ("查看谁看过核对结果", "See who looked at results"),
    Permission.BATCH_VIEW: ("查看批量核对", "See batches of orders"),
    Permission.BATCH_ORDER: ("发起批量核对", "Order a batch"),
    Permission.VISIT_VIEW: ("查看入户调查", "See home visits"),
    Permission.VISIT_PLAN: ("安排入户调查", "Plan a home visit"),
    Permission.VISIT_RECORD: ("记录入户调查", "Record a home visit"),
    Permission.VISIT_FLAG_CONFLICT: ("登记离线记录冲突", "Flag colliding offline records"),
    Permission.VISIT_RESOLVE: ("核实并合并冲突的调查记录", "Check and merge colliding records"),
    Permission.VISIT_SIGN: ("签字确认入户调查", "Sign a home visit"),
    Permission.VISIT_CANCEL: ("取消入户调查", "Cancel a home visit"),
    Permission.APPRAISAL_VIEW: ("查看民主评议", "See neighbours' appraisals"),
    Permission.APPRAISAL_CALL: ("召集民主评议", "Call a neighbours' appraisal"),
    Permission.APPRAISAL_HOLD: ("登记民主评议", "Hold a neighbours' appraisal"),
    Permission.APPRAISAL_RECORD: ("形成民主评议记录", "Record an appraisal's result"),
    Permission.APPRAISAL_CANCEL: ("取消民主评议", "Cancel an appraisal"),
}

# what a citizen may do, on their own records and those of their wards
CITIZEN_PERMISSIONS: frozenset[str] = frozenset(
    {
        Permission.MANDATE_VIEW,
        Permission.MANDATE_SIGN,
        Permission.MANDATE_WITHDRAW,
        Permission.ORDER_VIEW,
        Permission.ITEM_DISPUTE,
        Permission.ACCESS_VIEW,
    }
)
