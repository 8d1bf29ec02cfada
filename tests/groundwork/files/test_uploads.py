"""Uploads in the database: who may add, open and discard them, and what a purge removes."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from PIL import Image

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, PermissionRefused, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, InvalidValue, NotFound
from jiuzhu.groundwork.audit.models import AuditChange
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.files import owners
from jiuzhu.groundwork.files.actions import PURGE_PERMISSION, FileOwner, accept_upload, discard_file, purge_unreferenced
from jiuzhu.groundwork.files.limits import MediaType
from jiuzhu.groundwork.files.models import StoredFile
from jiuzhu.groundwork.files.queries import describe, files_of, open_for
from jiuzhu.groundwork.files.store import FileStore, StoredBytesDamaged

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 14, 9, 0, tzinfo=UTC)
TOWNSHIP = DivisionCode("370902003000")
VILLAGE = DivisionCode("370902003201")
OTHER_TOWNSHIP = DivisionCode("370902004000")
MAY_OPEN = "application.material.view"
MAY_ADD = "application.material.add"
KIND = "application.material"
SEALED_OBJECT = 99


def staff(division: DivisionCode, *permissions: str, account_id: int = 7) -> Actor:
    return Actor(
        kind=ActorKind.STAFF,
        account_id=account_id,
        name="李办事",
        permissions=frozenset(permissions or (MAY_OPEN, MAY_ADD)),
        scope=Scope(division=division),
    )


def citizen(account_id: int, *, households: frozenset[int] = frozenset()) -> Actor:
    return Actor(
        kind=ActorKind.CITIZEN,
        account_id=account_id,
        name="张三",
        permissions=frozenset({MAY_OPEN, MAY_ADD}),
        scope=Scope(household_ids=households),
    )


CLERK = staff(TOWNSHIP)
PURGER = system_actor("purge", permissions=[PURGE_PERMISSION])


def owner(owner_id: int = 1, division: DivisionCode = VILLAGE, *, household_id: int | None = None) -> FileOwner:
    return FileOwner(KIND, owner_id, division, household_id=household_id)


@pytest.fixture(autouse=True)
def one_kind_of_owner(monkeypatch: pytest.MonkeyPatch, store: FileStore) -> None:
    monkeypatch.setattr(owners, "_rules", {})
    owners.register_owner(
        KIND,
        may_open=lambda actor, owner_id: actor.may(MAY_OPEN) and owner_id != SEALED_OBJECT,
        may_add=lambda actor, owner_id: actor.may(MAY_ADD),
    )


def picture(shade: int = 0) -> bytes:
    target = BytesIO()
    Image.new("RGB", (30, 20), (shade, 0, 0)).save(target, "PNG")
    return target.getvalue()


def on_disk(store: FileStore) -> int:
    return len(list(store.hashes()))


def test_an_upload_is_stored_entered_and_opened_again(store: FileStore) -> None:
    entry = accept_upload(actor=CLERK, at=AT, content=picture(), name="C:\\x\\户口本.png", owner=owner())
    assert (entry.name, entry.media_type, entry.width_px, entry.height_px) == ("户口本.png", MediaType.PNG, 30, 20)
    assert (entry.uploaded_at, entry.uploaded_by_id, entry.owner_type, entry.owner_id) == (AT, 7, KIND, 1)
    file = open_for(CLERK, entry.id)
    content = b"".join(file.pieces)
    assert len(content) == file.size_bytes == entry.size_bytes
    with Image.open(BytesIO(content)) as image:
        assert image.size == (30, 20)
    assert file.inline
    assert file.disposition == "inline; filename*=utf-8''%E6%88%B7%E5%8F%A3%E6%9C%AC.png"
    assert describe(CLERK, entry.id) == entry
    assert files_of(CLERK, KIND, 1) == (entry,)


def test_tables_are_offered_for_saving_and_come_in_pieces() -> None:
    text = ("姓名,住址\n" * 20_000).encode()
    entry = accept_upload(actor=CLERK, at=AT, content=text, name="名册.csv", owner=owner())
    file = open_for(CLERK, entry.id)
    assert not file.inline
    assert file.disposition.startswith("attachment;")
    pieces = list(file.pieces)
    assert len(pieces) > 1
    assert b"".join(pieces) == text


def test_the_same_bytes_lie_on_disk_once_and_are_entered_once_per_owner(store: FileStore) -> None:
    first = accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner(1))
    again = accept_upload(actor=CLERK, at=AT + timedelta(1), content=picture(), name="b.png", owner=owner(1))
    other = accept_upload(actor=CLERK, at=AT, content=picture(), name="c.png", owner=owner(2))
    assert again == first
    assert other.id != first.id
    assert on_disk(store) == 1


def test_a_refused_upload_leaves_no_entry_and_no_bytes(store: FileStore, system: Actor) -> None:
    with pytest.raises(InvalidValue):
        accept_upload(actor=CLERK, at=AT, content=b"<html>", name="a.png", owner=owner())
    with acting(system):
        assert not StoredFile.objects.exists()
    assert on_disk(store) == 0


def test_staff_of_another_township_find_nothing() -> None:
    entry = accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner())
    stranger = staff(OTHER_TOWNSHIP)
    with pytest.raises(NotFound):
        open_for(stranger, entry.id)
    with pytest.raises(NotFound):
        describe(stranger, entry.id)
    with pytest.raises(NotFound):
        discard_file(actor=stranger, at=AT, file_id=entry.id)
    assert files_of(stranger, KIND, 1) == ()
    assert describe(staff(DivisionCode("370902000000")), entry.id) == entry


def test_raw_sql_under_another_scope_sees_no_row() -> None:
    accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner())
    for actor, rows in ((CLERK, 1), (staff(OTHER_TOWNSHIP), 0), (citizen(7), 1), (citizen(8), 0)):
        with acting(actor), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM stored_file")
            assert cursor.fetchone() == (rows,)


def test_nobody_uploads_into_a_place_outside_the_scope(store: FileStore) -> None:
    with pytest.raises(OutOfScope):
        accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner(division=OTHER_TOWNSHIP))
    officer = Actor(kind=ActorKind.DEPARTMENT, account_id=9, name="王", permissions=frozenset({MAY_ADD}))
    with pytest.raises(OutOfScope):
        accept_upload(actor=officer, at=AT, content=picture(), name="a.png", owner=owner())
    assert on_disk(store) == 0


def test_the_owners_permission_decides() -> None:
    entry = accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner())
    blind = staff(TOWNSHIP, "other.permission")
    with pytest.raises(NotFound):
        open_for(blind, entry.id)
    reader = staff(TOWNSHIP, MAY_OPEN)
    assert describe(reader, entry.id) == entry
    with pytest.raises(PermissionRefused):
        accept_upload(actor=reader, at=AT, content=picture(1), name="a.png", owner=owner())
    with pytest.raises(PermissionRefused):
        discard_file(actor=reader, at=AT, file_id=entry.id)
    sealed = accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner(SEALED_OBJECT))
    with pytest.raises(NotFound):
        open_for(CLERK, sealed.id)
    assert files_of(CLERK, KIND, SEALED_OBJECT) == ()


def test_a_kind_of_owner_that_nobody_registered_is_denied(monkeypatch: pytest.MonkeyPatch, system: Actor) -> None:
    with pytest.raises(PermissionRefused):
        accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=FileOwner("room.unknown", 1, VILLAGE))
    entry = accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner())
    monkeypatch.setattr(owners, "_rules", {})
    for actor in (CLERK, system):
        with pytest.raises(NotFound):
            open_for(actor, entry.id)


def test_a_kind_is_registered_once() -> None:
    with pytest.raises(ValueError, match="already"):
        owners.register_owner(KIND, may_open=lambda a, i: True, may_add=lambda a, i: True)
    for wrong in ("material", ".material", "application."):
        with pytest.raises(ValueError, match=r"room\.noun"):
            owners.register_owner(wrong, may_open=lambda a, i: True, may_add=lambda a, i: True)


def test_a_citizen_sees_own_uploads_and_those_about_the_own_household() -> None:
    own = accept_upload(actor=citizen(20), at=AT, content=picture(1), name="a.png", owner=owner())
    about = accept_upload(actor=CLERK, at=AT, content=picture(2), name="b.png", owner=owner(household_id=5))
    other = accept_upload(actor=CLERK, at=AT, content=picture(3), name="c.png", owner=owner(household_id=6))
    seen = files_of(citizen(20, households=frozenset({5})), KIND, 1)
    assert [file.id for file in seen] == [own.id, about.id]
    with pytest.raises(NotFound):
        open_for(citizen(20, households=frozenset({5})), other.id)
    with pytest.raises(NotFound):
        open_for(citizen(21), own.id)


def test_an_upload_repeated_after_the_case_moved_away_is_a_conflict_not_a_crash(system: Actor) -> None:
    entry = accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner())
    with acting(system):
        StoredFile.objects.filter(id=entry.id).update(division_code=OTHER_TOWNSHIP.value)
    with pytest.raises(Conflict):
        accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner())


def test_bytes_changed_on_disk_are_found_when_the_file_is_opened(store: FileStore) -> None:
    entry = accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner())
    path = store.path_of(next(store.hashes()))
    changed = bytearray(path.read_bytes())
    changed[-1] ^= 1
    path.write_bytes(changed)
    with pytest.raises(StoredBytesDamaged):
        open_for(CLERK, entry.id)


def test_a_file_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound):
        open_for(CLERK, 123_456_789)


def test_the_history_names_who_discarded_what(system: Actor) -> None:
    entry = accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner())
    discard_file(actor=CLERK, at=AT, file_id=entry.id)
    with pytest.raises(NotFound):
        describe(CLERK, entry.id)
    with acting(system):
        changes = AuditChange.objects.filter(table_name="stored_file", row_id=entry.id).order_by("id")
        assert [(change.before is None, change.after is None) for change in changes] == [(True, False), (False, True)]
        assert {change.block.account_id for change in changes} == {7}


def test_a_purge_removes_only_old_bytes_that_nothing_refers_to(store: FileStore) -> None:
    kept = accept_upload(actor=CLERK, at=AT, content=picture(1), name="a.png", owner=owner(1))
    shared = accept_upload(actor=CLERK, at=AT, content=picture(2), name="b.png", owner=owner(1))
    accept_upload(actor=CLERK, at=AT, content=picture(2), name="b.png", owner=owner(2))
    gone = accept_upload(actor=CLERK, at=AT, content=picture(3), name="c.png", owner=owner(1))
    discard_file(actor=CLERK, at=AT, file_id=shared.id)
    discard_file(actor=CLERK, at=AT, file_id=gone.id)
    assert purge_unreferenced(actor=PURGER, at=AT + timedelta(hours=23)).files == 0
    assert on_disk(store) == 3
    assert purge_unreferenced(actor=PURGER, at=AT + timedelta(hours=25)).files == 1
    assert on_disk(store) == 2
    assert list(open_for(CLERK, kept.id).pieces)
    assert purge_unreferenced(actor=PURGER, at=AT + timedelta(hours=25)).files == 0


def test_bytes_used_again_lately_survive_a_purge(store: FileStore) -> None:
    entry = accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner())
    discard_file(actor=CLERK, at=AT, file_id=entry.id)
    accept_upload(actor=CLERK, at=AT + timedelta(days=3), content=picture(), name="a.png", owner=owner(5))
    assert purge_unreferenced(actor=PURGER, at=AT + timedelta(days=30)).files == 0
    assert on_disk(store) == 1


def test_a_purge_removes_what_killed_writers_left(store: FileStore) -> None:
    folder = store.root / "ab"
    folder.mkdir(parents=True)
    (folder / ".abc.part").write_bytes(b"half")
    soon = datetime.now(UTC) + timedelta(minutes=1)
    assert purge_unreferenced(actor=PURGER, at=soon).half_written == 0
    assert purge_unreferenced(actor=PURGER, at=soon + timedelta(days=1)).half_written == 1


def test_only_a_process_with_the_permission_purges(store: FileStore) -> None:
    entry = accept_upload(actor=CLERK, at=AT, content=picture(), name="a.png", owner=owner())
    for actor in (staff(OTHER_TOWNSHIP, PURGE_PERMISSION), system_actor("other")):
        with pytest.raises(PermissionRefused):
            purge_unreferenced(actor=actor, at=AT + timedelta(days=9))
    assert list(open_for(CLERK, entry.id).pieces)
    assert on_disk(store) == 1
