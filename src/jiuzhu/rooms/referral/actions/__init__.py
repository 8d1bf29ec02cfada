"""All writes of the room."""

from jiuzhu.rooms.referral.actions.donations import (
    give_back_donation,
    lapse_donation,
    pledge_donation,
    receive_donation,
    report_donation,
    use_donation,
)
from jiuzhu.rooms.referral.actions.referrals import (
    consent_referral,
    decline_referral,
    fulfil_referral,
    propose_referral,
    report_unmet_referral,
    resend_referral,
    send_referral,
    take_referral,
    withdraw_referral,
)

__all__ = [
    "consent_referral",
    "decline_referral",
    "fulfil_referral",
    "give_back_donation",
    "lapse_donation",
    "pledge_donation",
    "propose_referral",
    "receive_donation",
    "report_donation",
    "report_unmet_referral",
    "resend_referral",
    "send_referral",
    "take_referral",
    "use_donation",
    "withdraw_referral",
]
