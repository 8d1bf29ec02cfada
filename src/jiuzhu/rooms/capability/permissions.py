"""What may be done in the room capability (能力), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    TRAINING_VIEW = "capability.training.view"
    TRAINING_PLAN = "capability.training.plan"
    TRAINING_ANNOUNCE = "capability.training.announce"
    TRAINING_HOLD = "capability.training.hold"
    TRAINING_CLOSE = "capability.training.close"
    TRAINING_CANCEL = "capability.training.cancel"
    EXAMPLE_VIEW = "capability.example.view"
    EXAMPLE_WRITE = "capability.example.write"
    EXAMPLE_MASK = "capability.example.mask"
    EXAMPLE_RETURN_DRAFT = "capability.example.return_draft"
    EXAMPLE_PUBLISH = "capability.example.publish"
    EXAMPLE_WITHDRAW = "capability.example.withdraw"
    RECOGNITION_VIEW = "capability.recognition.view"
    RECOGNITION_NOMINATE = "capability.recognition.nominate"
    RECOGNITION_REVIEW = "capability.recognition.review"
    RECOGNITION_RECOGNISE = "capability.recognition.recognise"
    RECOGNITION_DECLINE = "capability.recognition.decline"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.TRAINING_VIEW: ("查看培训计划和记录", "See training plans and records"),
    Permission.TRAINING_PLAN: ("制定培训计划", "Plan training sessions"),
    Permission.TRAINING_ANNOUNCE: ("发布培训通知", "Announce a training session"),
    Permission.TRAINING_HOLD: ("登记培训举办和签到", "Record a session and its attendance"),
    Permission.TRAINING_CLOSE: ("归档培训资料", "File a session's materials"),
    Permission.TRAINING_CANCEL: ("取消培训", "Cancel a session"),
    Permission.EXAMPLE_VIEW: ("查看典型案例", "See typical cases"),
    Permission.EXAMPLE_WRITE: ("编写典型案例", "Write typical cases"),
    Permission.EXAMPLE_MASK: ("确认典型案例已脱敏", "Confirm that a typical case is masked"),
    Permission.EXAMPLE_RETURN_DRAFT: ("退回典型案例修改", "Send a typical case back"),
    Permission.EXAMPLE_PUBLISH: ("发布典型案例", "Publish a typical case"),
    Permission.EXAMPLE_WITHDRAW: ("撤下典型案例", "Withdraw a typical case"),
    Permission.RECOGNITION_VIEW: ("查看创先争优情况", "See nominations and recognitions"),
    Permission.RECOGNITION_NOMINATE: ("推荐先进单位和做法", "Nominate an office or a practice"),
    Permission.RECOGNITION_REVIEW: ("评审推荐材料", "Review a nomination"),
    Permission.RECOGNITION_RECOGNISE: ("认定先进单位和做法", "Recognise good practice"),
    Permission.RECOGNITION_DECLINE: ("不予认定推荐", "Decline a nomination"),
}
