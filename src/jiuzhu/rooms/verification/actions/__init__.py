"""All writes of the room: keyword-only, with `actor` and `at`, each in one transaction in its scope."""

from jiuzhu.rooms.verification.actions.answers import answer_item, ask_again, mark_unavailable
from jiuzhu.rooms.verification.actions.asking import (
    Claimed,
    claim,
    file_collected,
    file_sent,
    in_file,
    record_outcomes,
    remind,
)
from jiuzhu.rooms.verification.actions.batches import BatchEntry, make_batch, order_piece
from jiuzhu.rooms.verification.actions.disputes import correct_item, dispute_item, uphold_item
from jiuzhu.rooms.verification.actions.entrustments import end_entrustment, record_entrustment
from jiuzhu.rooms.verification.actions.mandates import (
    decline_mandate,
    draw_up_mandate,
    sign_mandate,
    sign_on_paper,
    withdraw_mandate,
)
from jiuzhu.rooms.verification.actions.orders import expire_orders, reject_order, request_order, start_order, stop_order
from jiuzhu.rooms.verification.actions.reports import report_order, revise_report
from jiuzhu.rooms.verification.actions.viewing import open_report

__all__ = [
    "BatchEntry",
    "Claimed",
    "answer_item",
    "ask_again",
    "claim",
    "correct_item",
    "decline_mandate",
    "dispute_item",
    "draw_up_mandate",
    "end_entrustment",
    "expire_orders",
    "file_collected",
    "file_sent",
    "in_file",
    "make_batch",
    "mark_unavailable",
    "open_report",
    "order_piece",
    "record_entrustment",
    "record_outcomes",
    "reject_order",
    "remind",
    "report_order",
    "request_order",
    "revise_report",
    "sign_mandate",
    "sign_on_paper",
    "start_order",
    "stop_order",
    "uphold_item",
    "withdraw_mandate",
]
