"""Taking uploaded files in, giving them up, and clearing away bytes that nothing refers to any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, PermissionRefused
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.files import owners
from jiuzhu.groundwork.files.checks import CheckedUpload, check_upload
from jiuzhu.groundwork.files.limits import MediaType, UploadLimits
from jiuzhu.groundwork.files.models import StoredFile
from jiuzhu.groundwork.files.names import safe_name
from jiuzhu.groundwork.files.queries import FileSummary, no_such_file, summary
from jiuzhu.groundwork.files.store import installed_store

PURGE_PERMISSION = "groundwork.files.purge"
PURGE_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FileOwner:
    """What a file belongs to and where that lies; `household_id` and `person_id` name whom it concerns."""

    owner_type: str
    owner_id: int
    division: DivisionCode
    household_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge removed."""

    files: int
    half_written: int


def accept_upload(
    *, actor: Actor, at: datetime, content: bytes, name: str, owner: FileOwner, limits: UploadLimits | None = None
) -> FileSummary:
    """Check an upload, store its bytes and enter it for its owner; sent again it gives the same entry.

    Raises:
        PermissionRefused: the actor may not add files to the object.
        OutOfScope: the division lies outside the actor's scope.
        Conflict: the actor uploaded it before under a division it no longer sees.
        InvalidValue: the upload is refused, with the reason.
    """
    with acting(actor):
        _require_may_add(actor, owner)
        checked = check_upload(content, name, limits)
        store = installed_store()
        sha256 = store.hash_of(checked.content)
        # until this transaction ends, a purge waits for it and then sees the row
        _lock(sha256, shared=True)
        store.put(checked.content, at=at)
        return summary(_entered(actor, at, owner, checked, sha256))


def keep_made(
    *, actor: Actor, at: datetime, content: bytes, name: str, media_type: MediaType, owner: FileOwner
) -> FileSummary:
    """Keep a file that the program itself made; the caller has judged whether the actor may.

    Raises:
        Conflict: the actor kept it before under a division it no longer sees.
    """
    with acting(actor):
        store = installed_store()
        sha256 = store.hash_of(content)
        _lock(sha256, shared=True)
        store.put(content, at=at)
        return summary(_entered(actor, at, owner, CheckedUpload(content, safe_name(name), media_type), sha256))


def discard_file(*, actor: Actor, at: datetime, file_id: int) -> None:
    """Remove the entry of a file; its bytes go with the next purge when nothing else refers to them.

    Raises:
        NotFound: there is no such file in the actor's scope.
        PermissionRefused: the actor may not take files from the object.
    """
    with acting(actor):
        row = StoredFile.objects.select_for_update().filter(id=file_id).first()
        if row is None or not owners.may_open(actor, row.owner_type, row.owner_id):
            raise no_such_file()
        if not owners.may_add(actor, row.owner_type, row.owner_id):
            raise PermissionRefused(f"{row.owner_type}.files")
        row.delete()


def purge_unreferenced(*, actor: Actor, at: datetime, older_than: timedelta = PURGE_AFTER) -> Purged:
    """Remove stored bytes that no entry refers to, and half-written files, when last used before `at - older_than`.

    Only a process may purge: an officer's scope hides entries of other places, whose bytes would be lost.

    Raises:
        PermissionRefused: the actor is no process, or does not hold `groundwork.files.purge`.
    """
    actor.require(PURGE_PERMISSION)
    if actor.kind is not ActorKind.SYSTEM:
        raise PermissionRefused(PURGE_PERMISSION)
    store = installed_store()
    before = at - older_than
    removed = 0
    for sha256 in store.hashes():
        used_at = store.used_at(sha256)
        if used_at is None or used_at >= before:
            continue
        with acting(actor):
            _lock(sha256, shared=False)
            used_at = store.used_at(sha256)
            if used_at is None or used_at >= before or StoredFile.objects.filter(sha256=sha256).exists():
                continue
            store.remove(sha256)
            removed += 1
    return Purged(removed, store.remove_half_written(before=before))


def _require_may_add(actor: Actor, owner: FileOwner) -> None:
    if actor.kind is ActorKind.DEPARTMENT:
        raise OutOfScope
    if actor.kind is ActorKind.STAFF:
        actor.require_scope(owner.division)
    if not owners.may_add(actor, owner.owner_type, owner.owner_id):
        raise PermissionRefused(f"{owner.owner_type}.files")


def _entered(actor: Actor, at: datetime, owner: FileOwner, checked: CheckedUpload, sha256: str) -> StoredFile:
    try:
        row, _ = StoredFile.objects.get_or_create(
            owner_type=owner.owner_type,
            owner_id=owner.owner_id,
            sha256=sha256,
            uploaded_by_id=actor.account_id,
            defaults={
                "size_bytes": len(checked.content),
                "media_type": checked.media_type.value,
                "original_name": checked.name,
                "width_px": checked.width_px,
                "height_px": checked.height_px,
                "uploaded_at": at,
                "division_code": owner.division.value,
                "household_id": owner.household_id,
                "person_id": owner.person_id,
            },
        )
    except IntegrityError:
        # the same upload stands under a division this actor no longer sees
        raise Conflict(
            "file.elsewhere",
            "您已为该事项上传过同一文件，当时登记在其他区划，请联系现管辖单位查看",
            "You uploaded this very file for this case before, under another division; ask the office now in charge.",
        ) from None
    return row


def _lock(sha256: str, *, shared: bool) -> None:
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [sha256])
