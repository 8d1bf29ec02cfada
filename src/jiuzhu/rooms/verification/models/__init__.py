"""Tables of the room."""

from jiuzhu.rooms.verification.models.answers import Dispute, Reply, Report, Viewing
from jiuzhu.rooms.verification.models.consent import Entrustment, Mandate, Signature
from jiuzhu.rooms.verification.models.queries import Attempt, Batch, BatchLine, FileBatch, Item, Order, SourceHealth

__all__ = [
    "Attempt",
    "Batch",
    "BatchLine",
    "Dispute",
    "Entrustment",
    "FileBatch",
    "Item",
    "Mandate",
    "Order",
    "Reply",
    "Report",
    "Signature",
    "SourceHealth",
    "Viewing",
]
