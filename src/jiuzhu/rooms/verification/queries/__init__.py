"""All reads of the room, each in its actor's scope; they return frozen values."""

from jiuzhu.rooms.verification.queries.access import AccessLog, access_log
from jiuzhu.rooms.verification.queries.batches import BatchProblem, BatchView, batch, batch_problems, batches
from jiuzhu.rooms.verification.queries.console import Console, SourceFigures, console
from jiuzhu.rooms.verification.queries.disputes import DisputeDetail, DisputeView, dispute, disputes, disputes_of_order
from jiuzhu.rooms.verification.queries.inbox import InboxLine, InboxPage, OfficersQuestion, inbox, officers_question
from jiuzhu.rooms.verification.queries.mandates import (
    EntrustmentView,
    MandateView,
    SignatureView,
    entrustments,
    mandate,
    mandates_of_household,
)
from jiuzhu.rooms.verification.queries.orders import (
    AttemptView,
    ItemView,
    OrderDetail,
    OrderPage,
    OrderView,
    attempts_of,
    item,
    order,
    orders,
)
from jiuzhu.rooms.verification.queries.reports import (
    ReportCheck,
    ReportLine,
    ReportView,
    public_report_check,
    report_line_of,
    reports_of,
    reports_of_household,
)
from jiuzhu.rooms.verification.queries.work import OpenFile, SourceWork, open_files, sources_with_work
from jiuzhu.rooms.verification.rules.lists import numbers_in
from jiuzhu.rooms.verification.rules.reports import ReportContent

__all__ = [
    "AccessLog",
    "AttemptView",
    "BatchProblem",
    "BatchView",
    "Console",
    "DisputeDetail",
    "DisputeView",
    "EntrustmentView",
    "InboxLine",
    "InboxPage",
    "ItemView",
    "MandateView",
    "OfficersQuestion",
    "OpenFile",
    "OrderDetail",
    "OrderPage",
    "OrderView",
    "ReportCheck",
    "ReportContent",
    "ReportLine",
    "ReportView",
    "SignatureView",
    "SourceFigures",
    "SourceWork",
    "access_log",
    "attempts_of",
    "batch",
    "batch_problems",
    "batches",
    "console",
    "dispute",
    "disputes",
    "disputes_of_order",
    "entrustments",
    "inbox",
    "item",
    "mandate",
    "mandates_of_household",
    "numbers_in",
    "officers_question",
    "open_files",
    "order",
    "orders",
    "public_report_check",
    "report_line_of",
    "reports_of",
    "reports_of_household",
    "sources_with_work",
]
