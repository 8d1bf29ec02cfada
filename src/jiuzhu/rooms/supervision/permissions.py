"""What may be done in the room supervision (监管), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    ALERT_VIEW = "supervision.alert.view"
    ALERT_RAISE = "supervision.alert.raise"
    ALERT_ASSIGN = "supervision.alert.assign"
    ALERT_EXPLAIN = "supervision.alert.explain"
    ALERT_CONFIRM = "supervision.alert.confirm"
    ALERT_CLOSE = "supervision.alert.close"
    ALERT_REOPEN = "supervision.alert.reopen"
    INSPECTION_VIEW = "supervision.inspection.view"
    INSPECTION_PLAN = "supervision.inspection.plan"
    INSPECTION_DRAW = "supervision.inspection.draw"
    INSPECTION_BEGIN = "supervision.inspection.begin"
    INSPECTION_REPORT = "supervision.inspection.report"
    INSPECTION_PUBLISH = "supervision.inspection.publish"
    INSPECTION_RECTIFY = "supervision.inspection.rectify"
    INSPECTION_CANCEL = "supervision.inspection.cancel"
    COMPLAINT_VIEW = "supervision.complaint.view"
    COMPLAINT_SUBMIT = "supervision.complaint.submit"
    COMPLAINT_CHECK = "supervision.complaint.check"
    COMPLAINT_TRANSFER = "supervision.complaint.transfer"
    COMPLAINT_ANSWER = "supervision.complaint.answer"
    COMPLAINT_CLOSE = "supervision.complaint.close"
    CREDIT_VIEW = "supervision.credit.view"
    CREDIT_PROPOSE = "supervision.credit.propose"
    CREDIT_HEAR = "supervision.credit.hear"
    CREDIT_RECORD = "supervision.credit.record"
    CREDIT_DROP = "supervision.credit.drop"
    CREDIT_OBJECT = "supervision.credit.object"
    CREDIT_KEEP = "supervision.credit.keep"
    CREDIT_REVOKE = "supervision.credit.revoke"
    CREDIT_REPAIR = "supervision.credit.repair"
    CREDIT_EXPIRE = "supervision.credit.expire"
    TOLERANCE_VIEW = "supervision.tolerance.view"
    TOLERANCE_REQUEST = "supervision.tolerance.request"
    TOLERANCE_REVIEW = "supervision.tolerance.review"
    TOLERANCE_TOLERATE = "supervision.tolerance.tolerate"
    TOLERANCE_DECLINE = "supervision.tolerance.decline"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.ALERT_VIEW: ("查看预警", "See alerts"),
    Permission.ALERT_RAISE: ("产生预警", "Raise an alert"),
    Permission.ALERT_ASSIGN: ("将预警派给核查人员", "Assign an alert to an officer"),
    Permission.ALERT_EXPLAIN: ("登记预警经查无异常", "Record that an alert is explained"),
    Permission.ALERT_CONFIRM: ("登记预警经查属实", "Record that an alert is confirmed"),
    Permission.ALERT_CLOSE: ("登记预警处置结果", "Record how an alert was handled"),
    Permission.ALERT_REOPEN: ("重新核查预警", "Reopen an alert"),
    Permission.INSPECTION_VIEW: ("查看双随机抽查", "See random inspections"),
    Permission.INSPECTION_PLAN: ("制定抽查计划", "Plan an inspection"),
    Permission.INSPECTION_DRAW: ("随机抽取检查对象和检查人员", "Draw cases and inspectors"),
    Permission.INSPECTION_BEGIN: ("开始检查", "Begin an inspection"),
    Permission.INSPECTION_REPORT: ("形成检查结果", "Report an inspection"),
    Permission.INSPECTION_PUBLISH: ("公开检查结果", "Publish an inspection's result"),
    Permission.INSPECTION_RECTIFY: ("确认整改完成", "Confirm that findings were put right"),
    Permission.INSPECTION_CANCEL: ("取消抽查", "Cancel an inspection"),
    Permission.COMPLAINT_VIEW: ("查看投诉举报", "See complaints"),
    Permission.COMPLAINT_SUBMIT: ("提出投诉举报", "Submit a complaint"),
    Permission.COMPLAINT_CHECK: ("核查投诉举报", "Check a complaint"),
    Permission.COMPLAINT_TRANSFER: ("移送投诉举报", "Transfer a complaint"),
    Permission.COMPLAINT_ANSWER: ("答复投诉举报", "Answer a complaint"),
    Permission.COMPLAINT_CLOSE: ("办结投诉举报", "Close a complaint"),
    Permission.CREDIT_VIEW: ("查看失信记录（不对外公开）", "See credit records (never public)"),
    Permission.CREDIT_PROPOSE: ("提出失信记录", "Propose a credit record"),
    Permission.CREDIT_HEAR: ("听取当事人申辩", "Hear the person concerned"),
    Permission.CREDIT_RECORD: ("记录失信信息", "Record dishonesty"),
    Permission.CREDIT_DROP: ("不予记录失信信息", "Drop a proposed record"),
    Permission.CREDIT_OBJECT: ("对失信记录提出异议", "Object to a credit record"),
    Permission.CREDIT_KEEP: ("认定失信异议不成立", "Find an objection unfounded"),
    Permission.CREDIT_REVOKE: ("撤销失信记录", "Revoke a credit record"),
    Permission.CREDIT_REPAIR: ("修复信用", "Repair credit"),
    Permission.CREDIT_EXPIRE: ("到期删除失信记录", "Delete an expired record"),
    Permission.TOLERANCE_VIEW: ("查看容错纠错记录", "See tolerated errors"),
    Permission.TOLERANCE_REQUEST: ("申请容错", "Ask for an error to be tolerated"),
    Permission.TOLERANCE_REVIEW: ("审议容错申请", "Review a request for tolerance"),
    Permission.TOLERANCE_TOLERATE: ("决定予以容错", "Decide to tolerate an error"),
    Permission.TOLERANCE_DECLINE: ("决定不予容错", "Decide not to tolerate an error"),
}
