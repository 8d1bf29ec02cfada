"""Reads of the audit trail for its viewer: who changed what, when and why, sensitive values masked."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Model, Q
from django.utils import timezone

from jiuzhu.core.actors import Actor
from jiuzhu.core.errors import NotFound
from jiuzhu.groundwork.audit.models import AuditBlock, AuditChange
from jiuzhu.groundwork.database.derive import record_models
from jiuzhu.groundwork.permissions import Permission
from jiuzhu.groundwork.records import History, PersonalData, Record

PAGE = 50
CHANGES_SHOWN = 50
MASK = "●●●"
_OPEN = frozenset({PersonalData.CONDUCT, PersonalData.WELFARE})


@dataclass(frozen=True, slots=True)
class BlockView:
    """One change of a table by one statement. `operation` is INSERT, UPDATE or DELETE."""

    id: int
    at: datetime
    table: str
    table_label: str
    operation: str
    actor_kind: str
    actor: str
    account_id: int | None
    reason: str
    request_id: str
    changes: int
    lane: int
    height: int
    hash: str


@dataclass(frozen=True, slots=True)
class BlockPage:
    """A page of blocks, newest first; `next_id` continues it, None at the end."""

    blocks: tuple[BlockView, ...]
    next_id: int | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one row: its label and both values as text; a masked value reads `●●●`.

    Yes and no, lists and objects are written as JSON.
    """

    name: str
    label: str
    before: str
    after: str
    masked: bool


@dataclass(frozen=True, slots=True)
class RowChange:
    """One changed row."""

    row_id: int
    division_code: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class BlockDetail:
    """A block with its first rows; `hidden` tells how many more there are."""

    block: BlockView
    rows: tuple[RowChange, ...]
    hidden: int


def blocks(
    *,
    actor: Actor,
    since: date | None = None,
    until: date | None = None,
    table: str = "",
    who: str = "",
    request_id: str = "",
    row_id: int | None = None,
    before_id: int | None = None,
) -> BlockPage:
    """Blocks that fit all conditions, newest first, in pages of 50; `until` is the last day included.

    Raises:
        PermissionRefused: the actor may not see the audit trail.
    """
    actor.require(Permission.AUDIT_VIEW)
    wanted = Q()
    if since is not None:
        wanted &= Q(at__gte=_midnight(since))
    if until is not None:
        wanted &= Q(at__lt=_midnight(until + timedelta(days=1)))
    if table:
        wanted &= Q(table_name=table)
    if who:
        wanted &= Q(actor=who)
    if request_id:
        wanted &= Q(request_id=request_id)
    if before_id is not None:
        wanted &= Q(id__lt=before_id)
    found = AuditBlock.objects.filter(wanted)
    if row_id is not None:
        changed = AuditChange.objects.filter(row_id=row_id, **({"table_name": table} if table else {}))
        found = found.filter(id__in=changed.values("block_id"))
    rows = list(found.order_by("-id")[: PAGE + 1])
    return BlockPage(
        blocks=tuple(_view(row) for row in rows[:PAGE]), next_id=rows[PAGE - 1].pk if len(rows) > PAGE else None
    )


def block_detail(*, actor: Actor, block_id: int) -> BlockDetail:
    """One block with its rows and fields.

    Raises:
        PermissionRefused: the actor may not see the audit trail.
        NotFound: no such block for this actor.
    """
    actor.require(Permission.AUDIT_VIEW)
    block = AuditBlock.objects.filter(pk=block_id).first()
    if block is None:
        raise NotFound("audit.block", "没有这条审计记录，或不在您的范围内", "No such audit record in your area.")
    changes = AuditChange.objects.filter(block_id=block_id).order_by("ordinal")[:CHANGES_SHOWN]
    model = _models().get(block.table_name)
    whole = actor.may(Permission.AUDIT_SEE_VALUES)
    rows = tuple(
        RowChange(change.row_id, change.division_code or "", _fields(model, change, whole=whole)) for change in changes
    )
    return BlockDetail(_view(block), rows, hidden=max(0, block.changes - len(rows)))


def audited_tables() -> tuple[tuple[str, str], ...]:
    """Names and labels of the tables that the trail covers, for a filter."""
    return tuple(
        (name, _label(model)) for name, model in sorted(_models().items()) if model.history is not History.NONE
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001  # made aware in the city's zone


def _models() -> dict[str, type[Record]]:
    return {model._meta.db_table: model for model in record_models()}


def _label(model: type[Model]) -> str:
    return str(model._meta.verbose_name)


def _view(block: AuditBlock) -> BlockView:
    model = _models().get(block.table_name)
    return BlockView(
        id=block.pk,
        at=block.at,
        table=block.table_name,
        table_label=_label(model) if model is not None else block.table_name,
        operation=block.operation,
        actor_kind=block.actor_kind,
        actor=block.actor,
        account_id=block.account_id,
        reason=block.reason,
        request_id=block.request_id,
        changes=block.changes,
        lane=block.lane_id,
        height=block.height,
        hash=bytes(block.hash).hex(),
    )


def _fields(model: type[Record] | None, change: AuditChange, *, whole: bool) -> tuple[FieldChange, ...]:
    before, after = change.before or {}, change.after or {}
    names = [name for name in {**before, **after} if name != "id" and before.get(name) != after.get(name)]
    return tuple(_field(model, name, before.get(name), after.get(name), whole=whole) for name in sorted(names))


def _field(model: type[Record] | None, column: str, before: object, after: object, *, whole: bool) -> FieldChange:
    found = None
    if model is not None:
        found = next((field for field in model._meta.concrete_fields if field.column == column), None)
    kind = model.personal_data.get(found.name) if model is not None and found is not None else None
    masked = kind is not None and kind not in _OPEN and not whole
    return FieldChange(
        name=column,
        label=str(found.verbose_name) if found is not None else column,
        before=_text(before, masked=masked),
        after=_text(after, masked=masked),
        masked=masked,
    )


def _text(value: object, *, masked: bool) -> str:
    if value is None or value == "":
        return ""
    if masked or (isinstance(value, str) and value.startswith("\\x")):
        return MASK
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def own_blocks(*, actor: Actor, count: int, without: Collection[str] = ()) -> tuple[BlockView, ...]:
    """The actor's own last changes, newest first, those of some tables left out; everyone may see these."""
    if actor.account_id is None:
        return ()
    own = AuditBlock.objects.filter(account_id=actor.account_id).exclude(table_name__in=without)
    rows = own.order_by("-at")[:count]
    return tuple(_view(row) for row in rows)
