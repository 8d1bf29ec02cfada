"""What may be done in the room exchange (共享交换), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    DELIVERY_VIEW = "exchange.delivery.view"
    DELIVERY_QUEUE = "exchange.delivery.queue"
    DELIVERY_SEND = "exchange.delivery.send"
    DELIVERY_FAIL = "exchange.delivery.fail"
    DELIVERY_ACKNOWLEDGE = "exchange.delivery.acknowledge"
    DELIVERY_REJECT = "exchange.delivery.reject"
    DELIVERY_RETRY = "exchange.delivery.retry"
    DELIVERY_ABANDON = "exchange.delivery.abandon"
    SHARING_VIEW = "exchange.sharing.view"
    SHARING_SUBMIT = "exchange.sharing.submit"
    SHARING_EXTEND = "exchange.sharing.extend"
    SHARING_APPROVE = "exchange.sharing.approve"
    SHARING_REFUSE = "exchange.sharing.refuse"
    SHARING_DELIVER = "exchange.sharing.deliver"
    SHARING_DISPUTE = "exchange.sharing.dispute"
    SHARING_CORRECT = "exchange.sharing.correct"
    SHARING_CLOSE = "exchange.sharing.close"
    MESSAGE_VIEW = "exchange.message.view"
    MESSAGE_PREPARE = "exchange.message.prepare"
    MESSAGE_SEND = "exchange.message.send"
    MESSAGE_CONFIRM = "exchange.message.confirm"
    MESSAGE_BOUNCE = "exchange.message.bounce"
    MESSAGE_SERVE = "exchange.message.serve"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.DELIVERY_VIEW: ("查看数据推送记录", "See deliveries of data sets"),
    Permission.DELIVERY_QUEUE: ("安排数据推送", "Queue a delivery"),
    Permission.DELIVERY_SEND: ("向其他平台推送数据", "Send a data set to another platform"),
    Permission.DELIVERY_FAIL: ("登记推送失败", "Record that a delivery failed"),
    Permission.DELIVERY_ACKNOWLEDGE: ("登记对方签收", "Record the other side's receipt"),
    Permission.DELIVERY_REJECT: ("登记对方退回", "Record the other side's rejection"),
    Permission.DELIVERY_RETRY: ("重新推送失败或被退回的数据", "Send a failed or rejected delivery again"),
    Permission.DELIVERY_ABANDON: ("终止无法完成的推送", "Give up a delivery that cannot be completed"),
    Permission.SHARING_VIEW: ("查看共享申请", "See sharing requests"),
    Permission.SHARING_SUBMIT: ("提出共享申请", "Submit a sharing request"),
    Permission.SHARING_EXTEND: ("延长答复共享申请的期限", "Extend the time for answering a sharing request"),
    Permission.SHARING_APPROVE: ("同意共享申请", "Approve a sharing request"),
    Permission.SHARING_REFUSE: ("不同意共享申请", "Refuse a sharing request"),
    Permission.SHARING_DELIVER: ("提供共享数据", "Deliver shared data"),
    Permission.SHARING_DISPUTE: ("对共享数据提出校核", "Ask for the correction of shared data"),
    Permission.SHARING_CORRECT: ("答复数据校核", "Answer a correction request"),
    Permission.SHARING_CLOSE: ("登记共享用途完成和数据处置", "Record that the purpose is met and data disposed of"),
    Permission.MESSAGE_VIEW: ("查看发给群众的消息", "See messages to citizens"),
    Permission.MESSAGE_PREPARE: ("起草发给群众的消息", "Prepare a message to a citizen"),
    Permission.MESSAGE_SEND: ("向群众发送消息", "Send a message to a citizen"),
    Permission.MESSAGE_CONFIRM: ("登记消息送达", "Record that a message was delivered"),
    Permission.MESSAGE_BOUNCE: ("登记消息未送达", "Record that a message was not delivered"),
    Permission.MESSAGE_SERVE: ("登记书面送达", "Record service on paper"),
}
