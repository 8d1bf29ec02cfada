"""All writes of the room: keyword-only, with `actor` and `at` (an aware time), each in one transaction in its scope."""

from jiuzhu.rooms.application.actions.drafts import NeedSaid, StaleDraft, save_application, start_application
from jiuzhu.rooms.application.actions.intake import (
    accept_application,
    complete_application,
    give_notice,
    not_accept_application,
    transfer_application,
    withdraw_application,
)
from jiuzhu.rooms.application.actions.leads import (
    assign_lead,
    close_lead,
    help_apply,
    refer_lead,
    report_lead,
    visit_lead,
)
from jiuzhu.rooms.application.actions.papers import Upload, hand_in_material, sign, take_material_back
from jiuzhu.rooms.application.actions.receiving import receive_transferred
from jiuzhu.rooms.application.actions.submission import Incomplete, Submitted, submit_application

__all__ = [
    "Incomplete",
    "NeedSaid",
    "StaleDraft",
    "Submitted",
    "Upload",
    "accept_application",
    "assign_lead",
    "close_lead",
    "complete_application",
    "give_notice",
    "hand_in_material",
    "help_apply",
    "not_accept_application",
    "receive_transferred",
    "refer_lead",
    "report_lead",
    "save_application",
    "sign",
    "start_application",
    "submit_application",
    "take_material_back",
    "transfer_application",
    "visit_lead",
    "withdraw_application",
]
