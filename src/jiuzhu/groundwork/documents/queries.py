"""Reading the register of documents: what was issued about an object, and for anyone whether a document is genuine."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hmac import compare_digest

from jiuzhu.core.actors import Actor, system_actor
from jiuzhu.core.characters import compact
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.documents.models import CODE_LENGTH, DocumentEnd, EndKind, IssuedDocument
from jiuzhu.groundwork.files import owners
from jiuzhu.groundwork.files.models import StoredFile

DOCUMENT_FILES = "groundwork.document"
_VISITOR = system_actor("公开核验")
_NO_CODE = "-" * CODE_LENGTH


class DocumentState(StrEnum):
    """Whether a document holds."""

    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


STATE_NAMES: dict[DocumentState, tuple[str, str]] = {
    DocumentState.IN_FORCE: ("有效", "in force"),
    DocumentState.REPLACED: ("已被代替", "replaced"),
    DocumentState.WITHDRAWN: ("已收回", "withdrawn"),
}


@dataclass(frozen=True, slots=True)
class IssuedView:
    """A line of the register for whoever may open what the document is about; `file_id` opens its PDF.

    `file_id` is None where the actor sees the document but not the entry of its file. `reason` says why it ended.
    """

    id: int
    kind: str
    number: str
    title: str
    issuer: str
    version: int
    issued_on: date
    issued_at: datetime
    sha256: str
    file_id: int | None
    state: DocumentState
    ended_at: datetime | None
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Authenticity:
    """What anyone may learn of a document whose number and code they hold: nothing about whom it concerns."""

    number: str
    title: str
    issuer: str
    issued_on: date
    sha256: str
    state: DocumentState
    ended_at: datetime | None

    @property
    def in_force(self) -> bool:
        """Whether it is the version that holds."""
        return self.state is DocumentState.IN_FORCE


def documents_of(*, actor: Actor, object_type: str, object_id: int) -> tuple[IssuedView, ...]:
    """The documents about an object, by kind and the latest version first; none for whoever may not open its files."""
    with acting(actor):
        if not owners.may_open(actor, object_type, object_id):
            return ()
        rows = IssuedDocument.objects.filter(object_type=object_type, object_id=object_id)
        return _views(rows.order_by("kind", "-version"))


def authenticity(*, number: str, check_code: str) -> Authenticity | None:
    """What the register says of a number, for whoever holds its code; no login is needed.

    Case, spaces and hyphens do not count, so a code may be typed in groups. A wrong code and an unknown number both
    give None, after the same work.
    """
    number, code = (_typed(text) for text in (number, check_code))
    with acting(_VISITOR):
        row = IssuedDocument.objects.filter(number=number).first()
        fits = compare_digest((row.check_code if row is not None else _NO_CODE).encode(), code.encode())
        if row is None or not fits:
            return None
        end = DocumentEnd.objects.filter(document=row).first()
    return Authenticity(
        number=row.number,
        title=row.title,
        issuer=row.issuer,
        issued_on=row.issued_on,
        sha256=row.sha256,
        state=_state(end),
        ended_at=None if end is None else end.ended_at,
    )


def view_of(row: IssuedDocument) -> IssuedView:
    """The dataclass of a row, within the scope of its reader."""
    return _views([row])[0]


def register_document_files() -> None:
    """The PDF of a document is opened by whoever may open the files of what it is about, and never added to."""
    owners.register_owner(DOCUMENT_FILES, may_open=_may_open, may_add=_may_add)


def _may_open(actor: Actor, document_id: int) -> bool:
    about = IssuedDocument.objects.filter(id=document_id).values_list("object_type", "object_id").first()
    return about is not None and owners.may_open(actor, *about)


def _may_add(_actor: Actor, _document_id: int) -> bool:
    return False


def _views(rows: Iterable[IssuedDocument]) -> tuple[IssuedView, ...]:
    rows = list(rows)
    wanted = [row.id for row in rows]
    files = dict(
        StoredFile.objects.filter(owner_type=DOCUMENT_FILES, owner_id__in=wanted).values_list("owner_id", "id")
    )
    ends = {end.document_id: end for end in DocumentEnd.objects.filter(document_id__in=wanted)}
    return tuple(
        IssuedView(
            id=row.id,
            kind=row.kind,
            number=row.number,
            title=row.title,
            issuer=row.issuer,
            version=row.version,
            issued_on=row.issued_on,
            issued_at=row.issued_at,
            sha256=row.sha256,
            file_id=files.get(row.id),
            state=_state(end := ends.get(row.id)),
            ended_at=None if end is None else end.ended_at,
            reason="" if end is None else end.reason,
        )
        for row in rows
    )


def _state(end: DocumentEnd | None) -> DocumentState:
    if end is None:
        return DocumentState.IN_FORCE
    return DocumentState.REPLACED if end.kind == EndKind.REPLACED else DocumentState.WITHDRAWN


def _typed(text: str) -> str:
    return "".join(sign for sign in compact(text) if sign.isalnum())
