"""All reads of the room."""

from jiuzhu.rooms.referral.queries.donations import DonationPage, DonationView, donation, donations
from jiuzhu.rooms.referral.queries.referrals import (
    ReferralDetail,
    ReferralPage,
    ReferralView,
    UnmetNeed,
    referral,
    referrals,
    unmet_needs,
)

__all__ = [
    "DonationPage",
    "DonationView",
    "ReferralDetail",
    "ReferralPage",
    "ReferralView",
    "UnmetNeed",
    "donation",
    "donations",
    "referral",
    "referrals",
    "unmet_needs",
]
