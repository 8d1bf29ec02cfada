"""What may be done in the room disclosure (公示公开), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    NOTICE_VIEW = "disclosure.notice.view"
    NOTICE_PREPARE = "disclosure.notice.prepare"
    NOTICE_CHECK = "disclosure.notice.check"
    NOTICE_POST = "disclosure.notice.post"
    NOTICE_INTERRUPT = "disclosure.notice.interrupt"
    NOTICE_RESUME = "disclosure.notice.resume"
    NOTICE_EXPIRE = "disclosure.notice.expire"
    NOTICE_WITHDRAW = "disclosure.notice.withdraw"
    OBJECTION_VIEW = "disclosure.objection.view"
    OBJECTION_SUBMIT = "disclosure.objection.submit"
    OBJECTION_CHECK = "disclosure.objection.check"
    OBJECTION_SUSTAIN = "disclosure.objection.sustain"
    OBJECTION_DISMISS = "disclosure.objection.dismiss"
    OBJECTION_ANSWER = "disclosure.objection.answer"
    OBJECTION_CLOSE = "disclosure.objection.close"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.NOTICE_VIEW: ("查看公示", "See notices"),
    Permission.NOTICE_PREPARE: ("拟定公示", "Prepare a notice"),
    Permission.NOTICE_CHECK: ("审核公示内容", "Check a notice's content"),
    Permission.NOTICE_POST: ("张贴公示", "Post a notice"),
    Permission.NOTICE_INTERRUPT: ("登记公示中断", "Record that a notice was interrupted"),
    Permission.NOTICE_RESUME: ("重新公示", "Post a notice anew"),
    Permission.NOTICE_EXPIRE: ("到期撤下公示", "Take an expired notice down"),
    Permission.NOTICE_WITHDRAW: ("撤回公示", "Withdraw a notice"),
    Permission.OBJECTION_VIEW: ("查看公示异议", "See objections"),
    Permission.OBJECTION_SUBMIT: ("提出公示异议", "Submit an objection"),
    Permission.OBJECTION_CHECK: ("核查公示异议", "Check an objection"),
    Permission.OBJECTION_SUSTAIN: ("认定公示异议成立", "Find an objection founded"),
    Permission.OBJECTION_DISMISS: ("认定公示异议不成立", "Find an objection unfounded"),
    Permission.OBJECTION_ANSWER: ("答复公示异议", "Answer an objection"),
    Permission.OBJECTION_CLOSE: ("办结匿名异议", "Close an anonymous objection"),
}
