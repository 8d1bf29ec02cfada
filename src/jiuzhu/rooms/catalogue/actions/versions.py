"""Versions of the packs: drafted, checked by the engine, published by another person, superseded, withdrawn (S01 S07).

Law: 社会救助法 art. 15; 政府信息公开条例 art. 21. What is published is never changed, only followed by a later version.
"""

import hashlib
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, InvalidValue, RuleRefused
from jiuzhu.rooms.catalogue.actions.steps import lock, one_step, refuse, require_fit, require_text, tell
from jiuzhu.rooms.catalogue.models import PackVersion
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.queries.unpacking import unpacked
from jiuzhu.rooms.catalogue.queries.versions import pack_in_force
from jiuzhu.rooms.catalogue.rules import (
    every_rule_cites_its_basis,
    later_version_is_published,
    worked_cases_agree,
)
from jiuzhu.rooms.catalogue.rules.archives import archive_of, files_of, has_demo, packed
from jiuzhu.rooms.catalogue.rules.versions import (
    PackCheck,
    Step,
    checked,
    decided_by_another,
    does_not_act_backwards,
)
from jiuzhu.rooms.catalogue.states import PACKS, PackState

_IN_FORCE = "version in force"


def draft_pack(
    *, actor: Actor, at: datetime, division: DivisionCode, archive: bytes, title: str, note: str = ""
) -> int:
    """Take in a whole set of layers as a zip, as a draft of an office of `division`; returns its id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the division is not the actor's.
        InvalidValue: no title; the archive is none of packs (see `rules/archives.py`), or has demonstration values in
            production.
    """
    with one_step(actor, Permission.PACK_DRAFT, at):
        actor.require_scope(division)
        row = PackVersion(division_code=division.value, state=PackState.DRAFT.value)
        _fill(row, actor, at, archive, title, note)
        row.save()
        tell(actor, at, row, "draft", None, None, to_state=PackState.DRAFT)
        return row.pk


def draft_in_force(*, actor: Actor, at: datetime, division: DivisionCode, title: str, note: str = "") -> int:
    """Take what is in force today as a draft: the version published last, or what the program brings along.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue: as `draft_pack`.
    """
    with one_step(actor, Permission.PACK_DRAFT, at) as today:
        held = pack_in_force(actor=actor, on=today)
        if held is None:
            archive = archive_of(settings.POLICIES, demo=settings.DEMO_POLICIES)
        else:
            archive = bytes(PackVersion.objects.values_list("archive", flat=True).get(pk=held.id))
        return draft_pack(actor=actor, at=at, division=division, archive=archive, title=title, note=note)


def redraft_pack(*, actor: Actor, at: datetime, pack_id: int, archive: bytes, title: str, note: str = "") -> None:
    """Put another archive in the place of a draft's; whoever does so is its drafter from then on.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue: as `draft_pack`.
        RuleRefused: it is no draft any more.
    """
    with one_step(actor, Permission.PACK_DRAFT, at):
        row = _version(actor, pack_id)
        if row.state != PackState.DRAFT:
            raise RuleRefused(
                "catalogue.pack.no_draft",
                "只有起草中的版本可以修改，已校验的请先退回修改",
                "Only a draft is changed; send a checked version back first.",
            )
        _fill(row, actor, at, archive, title, note)
        row.save()
        tell(actor, at, row, "redraft", None, PackState.DRAFT, to_state=PackState.DRAFT)


def check_pack(*, actor: Actor, at: datetime, pack_id: int, step: Step | None = None) -> PackCheck:
    """Let the engine check a draft and work all its cases out, and keep what it found; a draft that passes is checked.

    It takes some seconds, in which nothing is locked; `step` is told how far it is.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or there is no such draft of the actor's.
        TransitionRefused: it is no draft.
        Conflict: the draft was changed meanwhile.
    """
    with one_step(actor, Permission.PACK_CHECK, at):
        row = _version(actor, pack_id)
        PACKS.plan(PackState(row.state), "check")
        archive, sha256 = bytes(row.archive), row.archive_sha256
    with unpacked(archive) as roots:
        found = checked(roots, step=step)
    with one_step(actor, Permission.PACK_CHECK, at):
        row = _version(actor, pack_id, for_update=True)
        transition = PACKS.plan(PackState(row.state), "check")
        if row.archive_sha256 != sha256:
            raise Conflict(
                "catalogue.pack.changed",
                "校验期间草案已被修改，请重新校验",
                "The draft was changed during the check; check it again.",
            )
        row.digest, row.check_result = found.digest, found.to_plain()
        row.checked_at, row.checked_by_account, row.checked_by_name = at, actor.account_id, actor.name
        passed = worked_cases_agree(found) is None
        if passed:
            row.state = transition.to_state.value
        row.save(
            update_fields=["digest", "check_result", "checked_at", "checked_by_account", "checked_by_name", "state"]
        )
        if passed:
            tell(actor, at, row, "check", transition, PackState.DRAFT)
    return found


def revise_pack(*, actor: Actor, at: datetime, pack_id: int, reason: str) -> None:
    """Send a checked version back to be changed.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (no reason), TransitionRefused (not checked).
    """
    _step_with_reason(actor, at, pack_id, "revise", Permission.PACK_REVISE, reason)


def withdraw_pack(*, actor: Actor, at: datetime, pack_id: int, reason: str) -> None:
    """Give up a version that has not been published.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (no reason), TransitionRefused (published already).
    """
    _step_with_reason(actor, at, pack_id, "withdraw", Permission.PACK_WITHDRAW, reason)


def publish_pack(*, actor: Actor, at: datetime, pack_id: int, document_number: str, effective_on: date) -> None:
    """Publish a checked version from a day on; the version that holds on that day ends before it.

    Raises:
        PermissionRefused, OutOfScope, InvalidValue (document number), TransitionRefused (not checked).
        RuleRefused: the actor drafted it or is no person; a rule cites no basis; the day lies back, or is another's; a
            published standard is of another unit than its parameter here.
    """
    with one_step(actor, Permission.PACK_PUBLISH, at) as today:
        lock(_IN_FORCE)
        row = _version(actor, pack_id, for_update=True)
        before = PackState(row.state)
        transition = PACKS.plan(before, "publish")
        document_number = require_text(document_number, "document_number", "文号", "the document number")
        public = PackVersion.objects.filter(state__in=[PackState.PUBLISHED.value, PackState.SUPERSEDED.value])
        refuse(
            decided_by_another(row.drafted_by_account, actor.account_id),
            every_rule_cites_its_basis(_check_of(row), demo=settings.DEMO_POLICIES),
            does_not_act_backwards(effective_on, today, is_first=not public.exists()),
        )
        require_fit(row.digest)
        until = Q(ends_on=None) | Q(ends_on__gt=effective_on)
        earlier = public.filter(until, effective_on__lte=effective_on).defer("archive", "check_result").first()
        later = public.filter(effective_on__gt=effective_on).order_by("effective_on").values_list("id", "effective_on")
        if earlier is not None:
            actor.require_scope(earlier.division_code)
            _refuse_same_day(earlier, effective_on)
            earlier.ends_on, earlier.superseded_by = effective_on, row
            earlier.save(update_fields=["ends_on", "superseded_by"])
        row.state = transition.to_state.value
        row.document_number, row.effective_on = document_number, effective_on
        row.superseded_by_id, row.ends_on = later.first() or (None, None)
        row.published_at, row.published_by_account, row.published_by_name = at, actor.account_id, actor.name
        row.save(
            update_fields=[
                "state",
                "document_number",
                "effective_on",
                "ends_on",
                "published_at",
                "published_by_account",
                "published_by_name",
                "superseded_by",
            ]
        )
        tell(actor, at, row, "publish", transition, before)


def supersede_pack(*, actor: Actor, at: datetime, pack_id: int) -> None:
    """Record that a later version has taken the place of a published one, once its first day has come.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (not published).
        RuleRefused: no later version has been published, or its day has not come.
    """
    with one_step(actor, Permission.PACK_SUPERSEDE, at) as today:
        row = _version(actor, pack_id, for_update=True)
        before = PackState(row.state)
        transition = PACKS.plan(before, "supersede")
        later = None
        if row.superseded_by_id is not None:
            later = PackVersion.objects.values_list("effective_on", flat=True).get(pk=row.superseded_by_id)
        refuse(later_version_is_published(row.ends_on, later, today))
        row.state = transition.to_state.value
        row.save(update_fields=["state"])
        tell(actor, at, row, "supersede", transition, before)


def _step_with_reason(actor: Actor, at: datetime, pack_id: int, verb: str, permission: Permission, reason: str) -> None:
    with one_step(actor, permission, at):
        row = _version(actor, pack_id, for_update=True)
        before = PackState(row.state)
        transition = PACKS.plan(before, verb)
        reason = require_text(reason, "reason", "原因", "the reason", longest=400)
        row.state = transition.to_state.value
        row.save(update_fields=["state"])
        tell(actor, at, row, verb, transition, before, reason=reason)


def _fill(row: PackVersion, actor: Actor, at: datetime, archive: bytes, title: str, note: str) -> None:
    """Put what was handed in into a draft; what an earlier check found is not true of it."""
    row.pack_title = require_text(title, "title", "政策包名称", "the name of the packs")
    row.note = require_text(note, "note", "说明", "the note", longest=1000) if note.strip() else ""
    files = files_of(archive)
    if not settings.DEMO_POLICIES and has_demo(files):
        raise InvalidValue(
            "catalogue.archive.demo",
            "压缩包内有示范层级（文件夹名以-demo结尾），正式运行时不能使用，请删除后重新上传",
            "The archive holds a layer of demonstration values (-demo), which production does not take; remove it.",
            field="archive",
        )
    content = packed(files)
    row.archive, row.archive_sha256 = content, hashlib.sha256(content).hexdigest()
    row.file_count = len(files)
    row.digest, row.check_result = "", None
    row.checked_at, row.checked_by_account, row.checked_by_name = None, None, ""
    row.drafted_at, row.drafted_by_account, row.drafted_by_name = at, actor.account_id, actor.name


def _check_of(row: PackVersion) -> PackCheck:
    """What the check of a checked version found: the database keeps none without."""
    return PackCheck("") if row.check_result is None else PackCheck.from_plain(row.check_result)


def _refuse_same_day(earlier: PackVersion, effective_on: date) -> None:
    if earlier.effective_on == effective_on:
        raise RuleRefused(
            "catalogue.pack.same_day",
            f"{effective_on}起已有施行的版本，请改用其他施行日期",
            f"Another version is in force from {effective_on}; choose another day.",
            field="effective_on",
        )


def _version(actor: Actor, pack_id: int, *, for_update: bool = False) -> PackVersion:
    """A version of the actor's own area; a published one of elsewhere is seen, and no more."""
    rows = PackVersion.objects.select_for_update() if for_update else PackVersion.objects
    row = rows.filter(pk=pack_id).first()
    if row is None:
        raise OutOfScope
    actor.require_scope(row.division_code)
    return row
