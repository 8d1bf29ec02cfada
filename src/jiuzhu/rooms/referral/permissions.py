"""What may be done in the room referral (转介), each permission with a sentence for people."""

from enum import StrEnum


class Permission(StrEnum):
    """Permissions of the room, as `room.object.verb`."""

    REFERRAL_VIEW = "referral.referral.view"
    REFERRAL_PROPOSE = "referral.referral.propose"
    REFERRAL_CONSENT = "referral.referral.consent"
    REFERRAL_SEND = "referral.referral.send"
    REFERRAL_TAKE = "referral.referral.take"
    REFERRAL_DECLINE = "referral.referral.decline"
    REFERRAL_RESEND = "referral.referral.resend"
    REFERRAL_FULFIL = "referral.referral.fulfil"
    REFERRAL_REPORT_UNMET = "referral.referral.report_unmet"
    REFERRAL_WITHDRAW = "referral.referral.withdraw"
    DONATION_VIEW = "referral.donation.view"
    DONATION_PLEDGE = "referral.donation.pledge"
    DONATION_RECEIVE = "referral.donation.receive"
    DONATION_LAPSE = "referral.donation.lapse"
    DONATION_USE = "referral.donation.use"
    DONATION_REPORT = "referral.donation.report"
    DONATION_GIVE_BACK = "referral.donation.give_back"


SENTENCES: dict[Permission, tuple[str, str]] = {
    Permission.REFERRAL_VIEW: ("查看转介", "See referrals"),
    Permission.REFERRAL_PROPOSE: ("提出转介", "Propose a referral"),
    Permission.REFERRAL_CONSENT: ("登记当事人同意转介", "Record a person's consent to a referral"),
    Permission.REFERRAL_SEND: ("转出转介", "Send a referral"),
    Permission.REFERRAL_TAKE: ("登记对方承接", "Record that a referral was taken on"),
    Permission.REFERRAL_DECLINE: ("登记对方未承接", "Record that a referral was declined"),
    Permission.REFERRAL_RESEND: ("另行转介", "Refer elsewhere"),
    Permission.REFERRAL_FULFIL: ("登记帮扶结果", "Record the help given"),
    Permission.REFERRAL_REPORT_UNMET: ("登记需求未满足", "Record that the need is unmet"),
    Permission.REFERRAL_WITHDRAW: ("撤回转介", "Withdraw a referral"),
    Permission.DONATION_VIEW: ("查看捐赠", "See donations"),
    Permission.DONATION_PLEDGE: ("登记认捐", "Record a pledge"),
    Permission.DONATION_RECEIVE: ("登记捐赠到账", "Record the receipt of a donation"),
    Permission.DONATION_LAPSE: ("登记认捐未兑现", "Record that a pledge lapsed"),
    Permission.DONATION_USE: ("登记捐赠使用", "Record the use of a donation"),
    Permission.DONATION_REPORT: ("向捐赠人反馈", "Report to the donor"),
    Permission.DONATION_GIVE_BACK: ("退还捐赠", "Return a donation"),
}
