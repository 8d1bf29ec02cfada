"""All tables of the groundwork, gathered for Django from the folders that own them."""

from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.audit.models import AuditBlock, AuditChange, AuditLane
from jiuzhu.groundwork.documents.models import DocumentCounter, DocumentEnd, IssuedDocument
from jiuzhu.groundwork.files.models import StoredFile
from jiuzhu.groundwork.idempotency.models import IdempotentAnswer
from jiuzhu.groundwork.outbox.models import OutboxEvent
from jiuzhu.groundwork.tasks.models import Progress, UniqueEffect
from jiuzhu.groundwork.transitions.models import TransitionLog

__all__ = [
    "Account",
    "AuditBlock",
    "AuditChange",
    "AuditLane",
    "DocumentCounter",
    "DocumentEnd",
    "IdempotentAnswer",
    "IssuedDocument",
    "OutboxEvent",
    "Progress",
    "StoredFile",
    "TransitionLog",
    "UniqueEffect",
]
