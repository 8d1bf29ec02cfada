"""Reading uploaded files: only within the actor's scope, and only by the permission of what they belong to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.http import content_disposition_header

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import NotFound
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.files import owners
from jiuzhu.groundwork.files.limits import SHOWN_INLINE, MediaType
from jiuzhu.groundwork.files.models import StoredFile
from jiuzhu.groundwork.files.names import safe_name
from jiuzhu.groundwork.files.store import installed_store

_PIECE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class FileSummary:
    """What a page shows of a file."""

    id: int
    name: str
    media_type: MediaType
    size_bytes: int
    width_px: int | None
    height_px: int | None
    uploaded_at: datetime
    uploaded_by_id: int | None
    owner_type: str
    owner_id: int


@dataclass(frozen=True, slots=True)
class FileForDownload:
    """A file to be sent: a safe name, its type and its bytes in pieces.

    `inline` tells whether the type may be shown inside a page; `disposition` is the value of the header
    Content-Disposition (RFC 6266). Send it with `X-Content-Type-Options: nosniff` and a sandboxing policy.
    """

    name: str
    media_type: MediaType
    size_bytes: int
    pieces: Iterator[bytes] = field(repr=False)

    @property
    def inline(self) -> bool:
        """Whether a browser may show it."""
        return self.media_type in SHOWN_INLINE

    @property
    def disposition(self) -> str:
        """The header Content-Disposition with the name in any script."""
        return content_disposition_header(not self.inline, self.name) or "attachment"


def open_for(actor: Actor, file_id: int) -> FileForDownload:
    """Open a file for an actor.

    Raises:
        NotFound: there is none, it lies outside the actor's scope, or what it belongs to may not be opened.
        StoredBytesDamaged: the bytes on disk are missing or were changed.
    """
    with acting(actor):
        row = _visible(actor, file_id)
    content = installed_store().get(row.sha256)
    pieces = (content[start : start + _PIECE_BYTES] for start in range(0, len(content), _PIECE_BYTES))
    return FileForDownload(safe_name(row.original_name), MediaType(row.media_type), len(content), pieces)


def describe(actor: Actor, file_id: int) -> FileSummary:
    """What a page shows of one file.

    Raises:
        NotFound: as `open_for`.
    """
    with acting(actor):
        return summary(_visible(actor, file_id))


def files_of(actor: Actor, owner_type: str, owner_id: int) -> tuple[FileSummary, ...]:
    """The files of an object in the order of upload; none for an actor who may not open them."""
    with acting(actor):
        if not owners.may_open(actor, owner_type, owner_id):
            return ()
        rows = StoredFile.objects.filter(owner_type=owner_type, owner_id=owner_id).order_by("uploaded_at", "id")
        return tuple(summary(row) for row in rows)


def summary(row: StoredFile) -> FileSummary:
    """The dataclass of a row."""
    return FileSummary(
        id=row.id,
        name=row.original_name,
        media_type=MediaType(row.media_type),
        size_bytes=row.size_bytes,
        width_px=row.width_px,
        height_px=row.height_px,
        uploaded_at=row.uploaded_at,
        uploaded_by_id=row.uploaded_by_id,
        owner_type=row.owner_type,
        owner_id=row.owner_id,
    )


def no_such_file() -> NotFound:
    """The one answer for a file that is not there and for one that is not for this actor."""
    return NotFound(
        "file.not_found",
        "未找到该文件，或您无权查看，请返回上一页核对",
        "No such file, or it is not open to you; go back and check.",
    )


def _visible(actor: Actor, file_id: int) -> StoredFile:
    row = StoredFile.objects.filter(id=file_id).first()
    if row is None or not owners.may_open(actor, row.owner_type, row.owner_id):
        raise no_such_file()
    return row
