"""States and steps of the room exchange (共享交换).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.exchange.permissions import Permission


class DeliveryState(StrEnum):
    """Life of one delivery to another platform; the receipt of the other side ends it, not the sending."""

    QUEUED = "queued"
    SENT = "sent"
    RECEIVED = "received"
    REJECTED = "rejected"
    FAILED = "failed"
    ABANDONED = "abandoned"


class SharingState(StrEnum):
    """Life of a request to share a catalogued data item, asked of us or by us."""

    SUBMITTED = "submitted"
    EXTENDED = "extended"
    APPROVED = "approved"
    REFUSED = "refused"
    DELIVERED = "delivered"
    IN_CORRECTION = "in_correction"
    CLOSED = "closed"


class MessageState(StrEnum):
    """Life of one message to a citizen; what a law wants served in writing is served again on paper when it fails."""

    PREPARED = "prepared"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    SERVED_ON_PAPER = "served_on_paper"


DELIVERIES = TransitionTable(
    states=DeliveryState,
    initial=DeliveryState.QUEUED,
    names={
        DeliveryState.QUEUED: ("待推送", "Queued"),
        DeliveryState.SENT: ("已推送", "Sent"),
        DeliveryState.RECEIVED: ("对方已签收", "Received"),
        DeliveryState.REJECTED: ("对方已退回", "Rejected"),
        DeliveryState.FAILED: ("推送失败", "Failed"),
        DeliveryState.ABANDONED: ("已终止推送", "Abandoned"),
    },
    transitions=(
        Transition(
            verb="send",
            from_states=frozenset({DeliveryState.QUEUED}),
            to_state=DeliveryState.SENT,
            permission=Permission.DELIVERY_SEND,
            zh="推送",
            en="Send",
            guard="purpose_is_covered",
            deadline="receipt_wd",
            basis="政务数据共享条例第二十五条",
        ),
        Transition(
            verb="fail",
            from_states=frozenset({DeliveryState.QUEUED, DeliveryState.SENT}),
            to_state=DeliveryState.FAILED,
            permission=Permission.DELIVERY_FAIL,
            zh="登记失败",
            en="Record a failure",
            basis="政务数据共享条例第二十二条",
        ),
        Transition(
            verb="acknowledge",
            from_states=frozenset({DeliveryState.SENT}),
            to_state=DeliveryState.RECEIVED,
            permission=Permission.DELIVERY_ACKNOWLEDGE,
            zh="登记签收",
            en="Record the receipt",
            basis="政务数据共享条例第二十二条",
        ),
        Transition(
            verb="reject",
            from_states=frozenset({DeliveryState.SENT}),
            to_state=DeliveryState.REJECTED,
            permission=Permission.DELIVERY_REJECT,
            zh="登记退回",
            en="Record a rejection",
            basis="政务数据共享条例第二十六条",
        ),
        Transition(
            verb="retry",
            from_states=frozenset({DeliveryState.FAILED, DeliveryState.REJECTED}),
            to_state=DeliveryState.QUEUED,
            permission=Permission.DELIVERY_RETRY,
            zh="重新推送",
            en="Send again",
            basis="政务数据共享条例第二十二条",
        ),
        Transition(
            verb="abandon",
            from_states=frozenset({DeliveryState.FAILED, DeliveryState.REJECTED}),
            to_state=DeliveryState.ABANDONED,
            permission=Permission.DELIVERY_ABANDON,
            zh="终止推送",
            en="Give up",
            basis="政务数据共享条例第二十七条",
        ),
    ),
)

SHARING_REQUESTS = TransitionTable(
    states=SharingState,
    initial=SharingState.SUBMITTED,
    names={
        SharingState.SUBMITTED: ("已提出", "Submitted"),
        SharingState.EXTENDED: ("已延期答复", "Answer extended"),
        SharingState.APPROVED: ("同意共享", "Approved"),
        SharingState.REFUSED: ("不予共享", "Refused"),
        SharingState.DELIVERED: ("已提供", "Delivered"),
        SharingState.IN_CORRECTION: ("校核中", "In correction"),
        SharingState.CLOSED: ("用途已完成", "Purpose met"),
    },
    transitions=(
        Transition(
            verb="extend",
            from_states=frozenset({SharingState.SUBMITTED}),
            to_state=SharingState.EXTENDED,
            permission=Permission.SHARING_EXTEND,
            zh="延期答复",
            en="Extend the answer",
            guard="item_is_conditional",
            deadline="sharing_extension_wd",
            basis="政务数据共享条例第二十一条",
        ),
        Transition(
            verb="approve",
            from_states=frozenset({SharingState.SUBMITTED, SharingState.EXTENDED}),
            to_state=SharingState.APPROVED,
            permission=Permission.SHARING_APPROVE,
            zh="同意",
            en="Approve",
            deadline="sharing_delivery_wd",
            notice="sharing_answer",
            basis="政务数据共享条例第二十一条、第二十二条",
        ),
        Transition(
            verb="refuse",
            from_states=frozenset({SharingState.SUBMITTED, SharingState.EXTENDED}),
            to_state=SharingState.REFUSED,
            permission=Permission.SHARING_REFUSE,
            zh="不同意",
            en="Refuse",
            guard="reason_is_given",
            notice="sharing_answer",
            basis="政务数据共享条例第二十一条",
        ),
        Transition(
            verb="deliver",
            from_states=frozenset({SharingState.APPROVED}),
            to_state=SharingState.DELIVERED,
            permission=Permission.SHARING_DELIVER,
            zh="提供数据",
            en="Deliver",
            basis="政务数据共享条例第二十二条",
        ),
        Transition(
            verb="dispute",
            from_states=frozenset({SharingState.DELIVERED}),
            to_state=SharingState.IN_CORRECTION,
            permission=Permission.SHARING_DISPUTE,
            zh="提出校核",
            en="Ask for correction",
            deadline="data_correction_wd",
            basis="政务数据共享条例第二十六条",
        ),
        Transition(
            verb="correct",
            from_states=frozenset({SharingState.IN_CORRECTION}),
            to_state=SharingState.DELIVERED,
            permission=Permission.SHARING_CORRECT,
            zh="答复校核",
            en="Answer the correction",
            basis="政务数据共享条例第二十六条",
        ),
        Transition(
            verb="close",
            from_states=frozenset({SharingState.DELIVERED}),
            to_state=SharingState.CLOSED,
            permission=Permission.SHARING_CLOSE,
            zh="用途完成并处置",
            en="Purpose met, data disposed of",
            basis="政务数据共享条例第二十六条、第二十七条",
        ),
    ),
)

MESSAGES = TransitionTable(
    states=MessageState,
    initial=MessageState.PREPARED,
    names={
        MessageState.PREPARED: ("待发送", "Prepared"),
        MessageState.SENT: ("已发送", "Sent"),
        MessageState.DELIVERED: ("已送达", "Delivered"),
        MessageState.UNDELIVERED: ("未送达", "Undelivered"),
        MessageState.SERVED_ON_PAPER: ("已书面送达", "Served on paper"),
    },
    transitions=(
        Transition(
            verb="send",
            from_states=frozenset({MessageState.PREPARED}),
            to_state=MessageState.SENT,
            permission=Permission.MESSAGE_SEND,
            zh="发送",
            en="Send",
            basis="社会救助法第六十三条",
        ),
        Transition(
            verb="confirm",
            from_states=frozenset({MessageState.SENT}),
            to_state=MessageState.DELIVERED,
            permission=Permission.MESSAGE_CONFIRM,
            zh="登记送达",
            en="Record the delivery",
            basis="社会救助法第四十五条、第四十八条",
        ),
        Transition(
            verb="bounce",
            from_states=frozenset({MessageState.SENT}),
            to_state=MessageState.UNDELIVERED,
            permission=Permission.MESSAGE_BOUNCE,
            zh="登记未送达",
            en="Record a failed delivery",
            deadline="paper_service_wd",
            basis="社会救助法第四十五条、第四十八条",
        ),
        Transition(
            verb="serve",
            from_states=frozenset({MessageState.PREPARED, MessageState.UNDELIVERED}),
            to_state=MessageState.SERVED_ON_PAPER,
            permission=Permission.MESSAGE_SERVE,
            zh="书面送达",
            en="Serve on paper",
            basis="社会救助法第四十五条、第四十八条",
        ),
    ),
)
