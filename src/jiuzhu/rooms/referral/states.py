"""States and steps of the room referral (转介).

Guards name functions of the room's rules; deadlines and notices are keys of the policy packs.
"""

from enum import StrEnum

from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.referral.permissions import Permission


class ReceiverKind(StrEnum):
    """To whom a need is handed over."""

    DEPARTMENT = "department"
    CHARITY = "charity"
    VOLUNTEER = "volunteer"
    INSURER = "insurer"


class Need(StrEnum):
    """What is needed (社会救助法 arts. 25–36, 57–59)."""

    EDUCATION = "education"
    HOUSING = "housing"
    EMPLOYMENT = "employment"
    MEDICAL = "medical"
    LEGAL_AID = "legal_aid"
    REHABILITATION = "rehabilitation"
    DISASTER = "disaster"
    CARE = "care"
    CHILDREN = "children"
    LIVELIHOOD = "livelihood"
    OTHER = "other"


RECEIVER_KIND_NAMES = {
    ReceiverKind.DEPARTMENT: ("政府部门和群团组织", "Department"),
    ReceiverKind.CHARITY: ("慈善组织", "Charity"),
    ReceiverKind.VOLUNTEER: ("志愿服务组织", "Volunteers"),
    ReceiverKind.INSURER: ("保险机构", "Insurer"),
}
NEED_NAMES = {
    Need.EDUCATION: ("就学", "Education"),
    Need.HOUSING: ("住房", "Housing"),
    Need.EMPLOYMENT: ("就业", "Employment"),
    Need.MEDICAL: ("就医", "Medical care"),
    Need.LEGAL_AID: ("法律援助", "Legal aid"),
    Need.REHABILITATION: ("康复", "Rehabilitation"),
    Need.DISASTER: ("受灾", "Disaster relief"),
    Need.CARE: ("照料护理", "Care"),
    Need.CHILDREN: ("儿童关爱", "Children"),
    Need.LIVELIHOOD: ("基本生活", "Basic living"),
    Need.OTHER: ("其他", "Other"),
}
# what may be shared of a person at all; each is agreed to by itself
SHARED_NAMES = {
    "name": ("姓名", "Name"),
    "phone": ("联系电话", "Telephone"),
    "address": ("住址", "Address"),
    "age": ("年龄", "Age"),
    "identity_number": ("身份号码", "Identity number"),
    "recognised": ("已认定的救助身份", "Recognised status"),
    "need": ("需求说明", "What is needed"),
}


class ReferralState(StrEnum):
    """Life of one referral; outside government nothing of the person is shown before consent."""

    PROPOSED = "proposed"
    CONSENTED = "consented"
    SENT = "sent"
    TAKEN = "taken"
    DECLINED = "declined"
    FULFILLED = "fulfilled"
    UNMET = "unmet"
    WITHDRAWN = "withdrawn"


class DonationState(StrEnum):
    """Life of a donation; the donor's intent binds, and the government does not assign donations."""

    PLEDGED = "pledged"
    RECEIVED = "received"
    USED = "used"
    REPORTED = "reported"
    RETURNED = "returned"
    LAPSED = "lapsed"


REFERRALS = TransitionTable(
    states=ReferralState,
    initial=ReferralState.PROPOSED,
    names={
        ReferralState.PROPOSED: ("拟转介", "Proposed"),
        ReferralState.CONSENTED: ("已征得同意", "Consented"),
        ReferralState.SENT: ("已转出", "Sent"),
        ReferralState.TAKEN: ("对方已承接", "Taken on"),
        ReferralState.DECLINED: ("对方未承接", "Declined"),
        ReferralState.FULFILLED: ("已帮扶", "Fulfilled"),
        ReferralState.UNMET: ("需求未满足", "Need unmet"),
        ReferralState.WITHDRAWN: ("已撤回", "Withdrawn"),
    },
    transitions=(
        Transition(
            verb="consent",
            from_states=frozenset({ReferralState.PROPOSED}),
            to_state=ReferralState.CONSENTED,
            permission=Permission.REFERRAL_CONSENT,
            zh="征得同意",
            en="Record consent",
            guard="fields_to_share_are_named",
            basis="慈善法第六十二条、第六十三条；社会救助法第十一条",
        ),
        Transition(
            verb="send",
            from_states=frozenset({ReferralState.CONSENTED}),
            to_state=ReferralState.SENT,
            permission=Permission.REFERRAL_SEND,
            zh="转出",
            en="Send",
            deadline="referral_answer_wd",
            notice="referral_sent",
            basis="社会救助法第三十五条、第三十六条",
        ),
        Transition(
            verb="take",
            from_states=frozenset({ReferralState.SENT}),
            to_state=ReferralState.TAKEN,
            permission=Permission.REFERRAL_TAKE,
            zh="登记承接",
            en="Record: taken on",
            deadline="referral_feedback_wd",
            basis="山东省慈善条例第二十九条",
        ),
        Transition(
            verb="decline",
            from_states=frozenset({ReferralState.SENT}),
            to_state=ReferralState.DECLINED,
            permission=Permission.REFERRAL_DECLINE,
            zh="登记未承接",
            en="Record: declined",
            guard="reason_is_given",
            basis="山东省慈善条例第二十九条",
        ),
        Transition(
            verb="resend",
            from_states=frozenset({ReferralState.DECLINED, ReferralState.UNMET}),
            to_state=ReferralState.CONSENTED,
            permission=Permission.REFERRAL_RESEND,
            zh="另行转介",
            en="Refer elsewhere",
            guard="consent_covers_the_receiver",
            basis="社会救助法第三十五条",
        ),
        Transition(
            verb="fulfil",
            from_states=frozenset({ReferralState.TAKEN}),
            to_state=ReferralState.FULFILLED,
            permission=Permission.REFERRAL_FULFIL,
            zh="登记帮扶结果",
            en="Record the help given",
            notice="referral_result",
            basis="山东省慈善条例第二十九条",
        ),
        Transition(
            verb="report_unmet",
            from_states=frozenset({ReferralState.TAKEN}),
            to_state=ReferralState.UNMET,
            permission=Permission.REFERRAL_REPORT_UNMET,
            zh="登记需求未满足",
            en="Record: need unmet",
            guard="reason_is_given",
            basis="山东省慈善条例第二十九条",
        ),
        Transition(
            verb="withdraw",
            from_states=frozenset(
                {
                    ReferralState.PROPOSED,
                    ReferralState.CONSENTED,
                    ReferralState.SENT,
                    ReferralState.TAKEN,
                    ReferralState.DECLINED,
                    ReferralState.UNMET,
                }
            ),
            to_state=ReferralState.WITHDRAWN,
            permission=Permission.REFERRAL_WITHDRAW,
            zh="撤回",
            en="Withdraw",
            basis="个人信息保护法第十五条",
        ),
    ),
)

DONATIONS = TransitionTable(
    states=DonationState,
    initial=DonationState.PLEDGED,
    names={
        DonationState.PLEDGED: ("已认捐", "Pledged"),
        DonationState.RECEIVED: ("已到账", "Received"),
        DonationState.USED: ("已使用", "Used"),
        DonationState.REPORTED: ("已反馈捐赠人", "Reported to the donor"),
        DonationState.RETURNED: ("已退还", "Returned"),
        DonationState.LAPSED: ("未兑现", "Lapsed"),
    },
    transitions=(
        Transition(
            verb="receive",
            from_states=frozenset({DonationState.PLEDGED}),
            to_state=DonationState.RECEIVED,
            permission=Permission.DONATION_RECEIVE,
            zh="登记到账",
            en="Record the receipt",
            notice="donation_receipt",
            basis="慈善法第五十九条",
        ),
        Transition(
            verb="lapse",
            from_states=frozenset({DonationState.PLEDGED}),
            to_state=DonationState.LAPSED,
            permission=Permission.DONATION_LAPSE,
            zh="登记未兑现",
            en="Record: lapsed",
            guard="reason_is_given",
            basis="慈善法第五十九条",
        ),
        Transition(
            verb="use",
            from_states=frozenset({DonationState.RECEIVED}),
            to_state=DonationState.USED,
            permission=Permission.DONATION_USE,
            zh="登记使用",
            en="Record the use",
            guard="use_follows_the_intent",
            basis="慈善法第五十九条",
        ),
        Transition(
            verb="report",
            from_states=frozenset({DonationState.USED}),
            to_state=DonationState.REPORTED,
            permission=Permission.DONATION_REPORT,
            zh="反馈捐赠人",
            en="Report to the donor",
            guard="nobody_is_recognisable",
            notice="donation_report",
            basis="慈善法第六十二条、第六十三条",
        ),
        Transition(
            verb="give_back",
            from_states=frozenset({DonationState.RECEIVED}),
            to_state=DonationState.RETURNED,
            permission=Permission.DONATION_GIVE_BACK,
            zh="退还",
            en="Return",
            guard="reason_is_given",
            basis="慈善法第五十九条",
        ),
    ),
)
