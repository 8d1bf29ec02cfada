"""Reading versions of the packs, and the packs themselves out of their archives."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from django.db.models import Q, QuerySet

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, InvalidValue, NotFound
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.catalogue.models import PackVersion
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.queries.unpacking import unpacked
from jiuzhu.rooms.catalogue.rules.versions import PackCheck
from jiuzhu.rooms.catalogue.states import PackState

_LARGEST_PAGE = 200
_MOST_KEPT = 4
_HEAVY = ("archive", "check_result")
_PUBLIC = (PackState.PUBLISHED.value, PackState.SUPERSEDED.value)


@dataclass(frozen=True, slots=True)
class PackVersionView:
    """One version of the packs; `digest` is empty until a check has read them. In force before `ends_on`."""

    id: int
    division: DivisionCode
    state: PackState
    title: str
    note: str
    digest: str
    archive_sha256: str
    file_count: int
    document_number: str
    effective_on: date | None
    ends_on: date | None
    drafted_at: datetime
    drafted_by_account: int | None
    drafted_by_name: str
    checked_at: datetime | None
    checked_by_name: str
    published_at: datetime | None
    published_by_name: str
    superseded_by_id: int | None


@dataclass(frozen=True, slots=True)
class PackVersionDetail:
    """A version with what its last check found; None when it has not been checked."""

    version: PackVersionView
    check: PackCheck | None


@dataclass(frozen=True, slots=True)
class PackVersionPage:
    """Versions, the newest first; `next_after` is the id to go on from, None at the end."""

    rows: tuple[PackVersionView, ...]
    next_after: int | None


def pack_versions(
    *,
    actor: Actor,
    at: datetime,
    state: PackState | None = None,
    after: int | None = None,
    size: int = 50,
) -> PackVersionPage:
    """A page of the versions that the actor may see: all that were published, and the drafts of the own area.

    Raises:
        PermissionRefused: the actor may not see versions.
        InvalidValue: the page is too large.
    """
    actor.require(Permission.PACK_VIEW)
    if not 1 <= size <= _LARGEST_PAGE:
        raise InvalidValue("page.size", f"每页1至{_LARGEST_PAGE}条", f"1 to {_LARGEST_PAGE} rows a page.", field="size")
    wanted = Q() if state is None else Q(state=state.value)
    if after is not None:
        wanted &= Q(id__lt=after)
    with acting(actor, today=at.date()):
        found = list(PackVersion.objects.filter(wanted).defer(*_HEAVY).order_by("-id")[: size + 1])
    rows = tuple(map(_view, found[:size]))
    return PackVersionPage(rows, rows[-1].id if len(found) > size else None)


def pack_version(*, actor: Actor, at: datetime, pack_id: int) -> PackVersionDetail:
    """One version with its check.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.PACK_VIEW)
    with acting(actor, today=at.date()):
        row = PackVersion.objects.defer("archive").filter(pk=pack_id).first()
    if row is None:
        raise OutOfScope
    return PackVersionDetail(_view(row), None if row.check_result is None else PackCheck.from_plain(row.check_result))


def pack_archive(*, actor: Actor, at: datetime, pack_id: int) -> bytes:
    """The archive of a version, as a zip.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.PACK_VIEW)
    with acting(actor, today=at.date()):
        found = PackVersion.objects.filter(pk=pack_id).values_list("archive", flat=True).first()
    if found is None:
        raise OutOfScope
    return bytes(found)


def pack_in_force(*, actor: Actor, on: date) -> PackVersionView | None:
    """The version in force on a day, which everyone may know; None when none is."""
    with acting(actor, today=on):
        row = _in_force(on).defer(*_HEAVY).first()
        return None if row is None else _view(row)


def pack_set(*, actor: Actor, digest: str) -> PackSet:
    """The packs of a version by their digest, read from the archive once by each process.

    Of several versions with one digest any will do: they differ in what no rule reads, such as worked cases.

    Raises:
        NotFound: no version of this digest, or none that the actor may see.
        Conflict: what was read out of the archive has another digest.
    """
    with acting(actor):
        # asked every time, also for packs in memory: what one actor may see another may not
        pack_id = PackVersion.objects.filter(digest=digest).exclude(digest="").values_list("id", flat=True).first()
        if pack_id is None:
            raise NotFound(
                "catalogue.pack.digest",
                f"没有摘要为{digest[:12]}的政策包，请核对",
                f"There are no packs with the digest {digest[:12]}; check it.",
            )
        return _KEPT.get(digest) or _KEPT.put(digest, _read(pack_id, digest))


def _in_force(on: date) -> QuerySet[PackVersion]:
    until = Q(ends_on=None) | Q(ends_on__gt=on)
    return PackVersion.objects.filter(until, state__in=_PUBLIC, effective_on__lte=on)


def _read(pack_id: int, digest: str) -> PackSet:
    archive = PackVersion.objects.values_list("archive", flat=True).get(pk=pack_id)
    with unpacked(bytes(archive)) as roots:
        found = load(roots)
    if found.digest != digest:
        raise Conflict(
            "catalogue.pack.altered",
            "政策包内容与其摘要不符，请联系系统管理员",
            "The packs are not those of their digest; ask the administrator.",
        )
    return found


class _Kept:
    """The packs that this process has read last, by digest."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, PackSet] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: str) -> PackSet | None:
        with self._lock:
            if digest in self._found:
                self._found.move_to_end(digest)
            return self._found.get(digest)

    def put(self, digest: str, packs: PackSet) -> PackSet:
        with self._lock:
            kept = self._found.setdefault(digest, packs)
            while len(self._found) > _MOST_KEPT:
                self._found.popitem(last=False)
            return kept


_KEPT = _Kept()


def _view(row: PackVersion) -> PackVersionView:
    return PackVersionView(
        id=row.pk,
        division=DivisionCode(row.division_code),
        state=PackState(row.state),
        title=row.pack_title,
        note=row.note,
        digest=row.digest,
        archive_sha256=row.archive_sha256,
        file_count=row.file_count,
        document_number=row.document_number,
        effective_on=row.effective_on,
        ends_on=row.ends_on,
        drafted_at=row.drafted_at,
        drafted_by_account=row.drafted_by_account,
        drafted_by_name=row.drafted_by_name,
        checked_at=row.checked_at,
        checked_by_name=row.checked_by_name,
        published_at=row.published_at,
        published_by_name=row.published_by_name,
        superseded_by_id=row.superseded_by_id,
    )
