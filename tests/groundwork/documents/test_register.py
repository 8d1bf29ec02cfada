"""The register of issued documents: numbers without gaps, files kept, one version in force, and a check for anyone."""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django.fixtures import Settings

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, PermissionRefused, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, InvalidValue, NotFound, RuleRefused
from jiuzhu.groundwork.audit.models import AuditChange
from jiuzhu.groundwork.database.cluster import Connections
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.documents.actions import Imprint, end_document, issue
from jiuzhu.groundwork.documents.content import Document, Paragraph
from jiuzhu.groundwork.documents.models import DocumentCounter, DocumentEnd, IssuedDocument
from jiuzhu.groundwork.documents.queries import (
    DOCUMENT_FILES,
    DocumentState,
    IssuedView,
    authenticity,
    documents_of,
    register_document_files,
)
from jiuzhu.groundwork.files import owners
from jiuzhu.groundwork.files.actions import FileOwner, accept_upload, discard_file
from jiuzhu.groundwork.files.queries import files_of, open_for
from jiuzhu.groundwork.files.store import FileStore, installed_store

AT = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
# the evening of 31 December in UTC is the new year in the city
NEW_YEAR = datetime(2026, 12, 31, 20, 0, tzinfo=UTC)
TOWNSHIP = DivisionCode("370902003000")
VILLAGE = DivisionCode("370902003201")
NEIGHBOUR = DivisionCode("370902004000")
OTHER_COUNTY = DivisionCode("370911001000")
MAY_OPEN = "determination.decision.view"
KIND = "determination.decision"
LETTER = "determination.letter"


def staff(division: DivisionCode, *, account_id: int = 7, permissions: tuple[str, ...] = (MAY_OPEN,)) -> Actor:
    return Actor(
        ActorKind.STAFF, account_id, "李办事", permissions=frozenset(permissions), scope=Scope(division=division)
    )


def citizen(*, household: int | None = None, person: int | None = None) -> Actor:
    scope = Scope(
        household_ids=frozenset() if household is None else frozenset({household}),
        person_ids=frozenset() if person is None else frozenset({person}),
    )
    return Actor(ActorKind.CITIZEN, 8, "王秀兰", permissions=frozenset({MAY_OPEN}), scope=scope)


CLERK = staff(TOWNSHIP)


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileStore:
    """An empty store, and one kind of object whose files are opened by a permission."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path, public_address="https://city.example")
    monkeypatch.setattr(owners, "_rules", {})
    register_document_files()
    owners.register_owner(
        KIND, may_open=lambda actor, _id: actor.may(MAY_OPEN), may_add=lambda actor, _id: actor.may(MAY_OPEN)
    )
    return installed_store()


def letter(text: str = "批准") -> Callable[[Imprint], Document]:
    def build(imprint: Imprint) -> Document:
        return Document(
            "最低生活保障审核确认决定书",
            imprint.number,
            "泰安市泰山区民政局",
            imprint.issued_on,
            [Paragraph(f"王秀兰家庭：{text}")],
        )

    return build


def issued(
    object_id: int = 1,
    version: int = 1,
    *,
    actor: Actor = CLERK,
    at: datetime = AT,
    prefix: str = "DB",
    kind: str = LETTER,
    object_type: str = KIND,
    division: DivisionCode = VILLAGE,
    build: Callable[[Imprint], Document] | None = None,
    household_id: int | None = None,
    person_id: int | None = None,
) -> IssuedView:
    return issue(
        actor=actor,
        at=at,
        kind=kind,
        prefix=prefix,
        object_type=object_type,
        object_id=object_id,
        version=version,
        division=division,
        build=build or letter(),
        household_id=household_id,
        person_id=person_id,
    )


def code_of(number: str) -> str:
    with acting(system_actor("test")):
        return IssuedDocument.objects.get(number=number).check_code


def content(actor: Actor, file_id: int | None) -> bytes:
    assert file_id is not None
    return b"".join(open_for(actor, file_id).pieces)


@pytest.mark.django_db
def test_a_document_is_numbered_set_kept_and_listed(store: FileStore) -> None:
    one = issued()
    assert one.number == "DB3709022026000001"
    assert (one.title, one.version, one.issued_at, one.state) == (
        "最低生活保障审核确认决定书",
        1,
        AT,
        DocumentState.IN_FORCE,
    )
    file = content(CLERK, one.file_id)
    assert file.startswith(b"%PDF-")
    assert FileStore.hash_of(file) == one.sha256
    assert list(store.hashes()) == [one.sha256]
    assert documents_of(actor=CLERK, object_type=KIND, object_id=1) == (one,)
    assert documents_of(actor=CLERK, object_type=KIND, object_id=2) == ()


@pytest.mark.django_db
def test_the_imprint_leads_to_the_page_of_checking() -> None:
    seen: list[Imprint] = []

    def build(imprint: Imprint) -> Document:
        seen.append(imprint)
        return letter()(imprint)

    number = issued(build=build).number
    code = code_of(number)
    assert re.fullmatch("[2-9A-HJKMNP-Z]{12}", code)
    assert seen == [
        Imprint(
            number,
            AT.date(),
            code,
            f"https://city.example/public/documents/check/?number={number}&code={code}",
        )
    ]
    assert code not in repr(seen)


@pytest.mark.django_db
def test_numbers_run_by_prefix_county_and_the_years_of_the_city() -> None:
    county = staff(DivisionCode("370900000000"))
    assert [
        issued(1).number,
        issued(2, division=NEIGHBOUR, actor=county).number,
        issued(3, prefix="SL").number,
        issued(4, division=OTHER_COUNTY, actor=county).number,
        issued(5, at=NEW_YEAR).number,
        issued(6).number,
    ] == [
        "DB3709022026000001",
        "DB3709022026000002",
        "SL3709022026000001",
        "DB3709112026000001",
        "DB3709022027000001",
        "DB3709022026000003",
    ]


@pytest.mark.django_db
def test_a_document_that_fails_takes_no_number_with_it(system: Actor) -> None:
    def broken(_imprint: Imprint) -> Document:
        raise ZeroDivisionError

    issued(1)
    with pytest.raises(ZeroDivisionError):
        issued(2, build=broken)
    assert issued(3).number == "DB3709022026000002"
    with acting(system):
        assert DocumentCounter.objects.get().last == IssuedDocument.objects.count() == 2


@pytest.mark.django_db
def test_asked_again_the_same_version_gives_what_was_issued() -> None:
    first = issued()
    assert issued(at=NEW_YEAR, build=letter("另一内容")) == first
    receipt = issued(kind="determination.receipt")
    assert receipt.number != first.number, "another kind is another document"
    assert [one.number for one in documents_of(actor=CLERK, object_type=KIND, object_id=1)] == [
        first.number,
        receipt.number,
    ]


@pytest.mark.django_db
def test_the_next_version_replaces_the_one_that_held_and_an_earlier_is_refused() -> None:
    first, third = issued(version=1), issued(version=3)
    listed = documents_of(actor=CLERK, object_type=KIND, object_id=1)
    assert [(one.version, one.state, one.reason) for one in listed] == [
        (3, DocumentState.IN_FORCE, ""),
        (1, DocumentState.REPLACED, "出具第3版"),
    ]
    assert listed[0] == third
    assert content(CLERK, first.file_id).startswith(b"%PDF-"), "what was replaced is kept"
    with pytest.raises(Conflict) as refused:
        issued(version=2)
    assert refused.value.code == "document.superseded"
    assert issued(version=1).state is DocumentState.REPLACED


@pytest.mark.django_db
def test_a_version_replaces_also_what_was_issued_elsewhere_before_the_family_moved(system: Actor) -> None:
    here, there = staff(TOWNSHIP), staff(NEIGHBOUR, account_id=9)
    first = issued(1, 1, actor=here)
    with pytest.raises(Conflict):
        issued(1, 1, actor=there, division=NEIGHBOUR)
    issued(1, 2, actor=there, division=NEIGHBOUR)
    with acting(system):
        end = DocumentEnd.objects.get(document_id=first.id)
        assert (end.kind, end.ended_by_id) == ("replaced", 9)


@pytest.mark.django_db
def test_a_document_is_taken_back_once_and_for_a_reason() -> None:
    one = issued()
    for reason in ("  ", "长" * 501):
        with pytest.raises(InvalidValue):
            end_document(actor=CLERK, at=AT, document_id=one.id, reason=reason)
    for actor in (staff(NEIGHBOUR), replace(CLERK, scope=Scope())):
        with pytest.raises(NotFound):
            end_document(actor=actor, at=AT, document_id=one.id, reason="事实有误")
    end_document(actor=CLERK, at=AT, document_id=one.id, reason="事实有误")
    (after,) = documents_of(actor=CLERK, object_type=KIND, object_id=1)
    assert (after.state, after.reason, after.ended_at) == (DocumentState.WITHDRAWN, "事实有误", AT)
    with pytest.raises(RuleRefused):
        end_document(actor=CLERK, at=AT, document_id=one.id, reason="事实有误")
    assert issued(version=2).state is DocumentState.IN_FORCE
    states = {one.version: one.state for one in documents_of(actor=CLERK, object_type=KIND, object_id=1)}
    assert states == {1: DocumentState.WITHDRAWN, 2: DocumentState.IN_FORCE}, "what was withdrawn stays withdrawn"


@pytest.mark.django_db
def test_a_citizen_takes_no_document_back() -> None:
    one = issued(household_id=5)
    with pytest.raises(OutOfScope):
        end_document(actor=citizen(household=5), at=AT, document_id=one.id, reason="不服")


@pytest.mark.django_db
def test_only_for_the_own_place_or_the_own_family_is_a_document_issued() -> None:
    assert issued(1, actor=citizen(household=5), household_id=5).file_id is not None
    assert issued(2, actor=citizen(person=6), household_id=5, person_id=6).file_id is not None
    assert issued(3, actor=system_actor("nightly", permissions=[MAY_OPEN])).file_id is not None
    refused: list[tuple[Actor, int | None, int | None]] = [
        (staff(NEIGHBOUR), None, None),
        (citizen(household=5), 4, None),
        (citizen(household=5), 5, 6),
        (citizen(), None, None),
        (Actor(ActorKind.DEPARTMENT, 9, "税务", scope=Scope(department="tax")), 5, None),
    ]
    for actor, household, person in refused:
        with pytest.raises(OutOfScope):
            issued(9, actor=actor, household_id=household, person_id=person)


@pytest.mark.django_db
def test_the_file_is_opened_by_whoever_may_open_the_object_and_never_added_to() -> None:
    family, personal = issued(1, household_id=5), issued(2, household_id=5, person_id=6)
    assert content(citizen(household=5), family.file_id) == content(CLERK, family.file_id)
    assert content(citizen(person=6), personal.file_id)
    strangers = [
        (citizen(household=4), family),
        (citizen(household=5), personal),  # a person's paper is not the family's
        (staff(NEIGHBOUR), family),
        (staff(TOWNSHIP, permissions=("x.y.z",)), family),
    ]
    for actor, document in strangers:
        assert document.file_id is not None
        with pytest.raises(NotFound):
            open_for(actor, document.file_id)
        about = 1 if document is family else 2
        assert documents_of(actor=actor, object_type=KIND, object_id=about) == ()
    assert files_of(CLERK, KIND, 1) == (), "what was issued is not among what was uploaded"
    with pytest.raises(PermissionRefused):
        accept_upload(
            actor=CLERK, at=AT, content=b"a,b\n", name="a.csv", owner=FileOwner(DOCUMENT_FILES, family.id, VILLAGE)
        )
    assert family.file_id is not None
    with pytest.raises(PermissionRefused):
        discard_file(actor=CLERK, at=AT, file_id=family.file_id)


@pytest.mark.django_db
def test_what_no_room_opens_or_what_is_malformed_is_refused_before_a_number_is_taken(system: Actor) -> None:
    def otherwise(imprint: Imprint) -> Document:
        return replace(letter()(imprint), number="DB0")

    with pytest.raises(ValueError, match="no room says"):
        issued(object_type="funds.line")
    with pytest.raises(ValueError, match="prefix"):
        issued(prefix="db")
    with pytest.raises(ValueError, match="counted from 1"):
        issued(version=0)
    with pytest.raises(ValueError, match="time zone"):
        issued(at=datetime(2026, 1, 1))  # noqa: DTZ001 (that is the point)
    with pytest.raises(ValueError, match="imprint"):
        issued(build=otherwise)
    with acting(system):
        assert not DocumentCounter.objects.exists()


@pytest.mark.django_db
def test_anyone_with_number_and_code_learns_what_holds_and_nothing_about_anybody() -> None:
    one = issued(household_id=5, person_id=6)
    code = code_of(one.number)
    found = authenticity(number=one.number, check_code=code)
    assert found is not None
    assert (found.number, found.title, found.issuer, found.issued_on, found.sha256) == (
        one.number,
        one.title,
        "泰安市泰山区民政局",
        AT.date(),
        one.sha256,
    )
    assert found.in_force
    assert not {"household_id", "person_id", "reason", "object_id", "issued_by_id"} & set(type(found).__slots__)
    typed = f" {code[:4]}-{code[4:8]} {code[8:]} ".lower()
    assert authenticity(number=one.number.lower(), check_code=typed) == found
    issued(version=2, household_id=5, person_id=6)
    after = authenticity(number=one.number, check_code=code)
    assert after is not None
    assert (after.state, after.ended_at) == (DocumentState.REPLACED, AT)


@pytest.mark.django_db
def test_a_wrong_code_and_an_unknown_number_are_answered_alike() -> None:
    one = issued()
    code = code_of(one.number)
    other = code_of(issued(2).number)
    unknown = "DB3709022026000099"
    for number, tried in [
        (one.number, other),
        (one.number, code[:-1]),
        (one.number, code + "A"),
        (one.number, ""),
        (one.number, "-" * 12),
        (unknown, code),
        (unknown, ""),
        (unknown, "-" * 12),
        ("", ""),
        ("\x00", "\x00"),
        ("𠮷" * 100, "验" * 12),
    ]:
        assert authenticity(number=number, check_code=tried) is None, (number, tried)


@pytest.mark.django_db
def test_the_code_stays_on_the_paper_and_out_of_the_trail(system: Actor) -> None:
    one = issued()
    code = code_of(one.number)
    with acting(system):
        (change,) = AuditChange.objects.filter(table_name="issued_document")
        assert one.number in str(change.after)
        assert code not in str(change.after)


def _refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as failed, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(failed.value)


@pytest.mark.django_db
def test_the_database_changes_and_deletes_nothing_that_was_issued(system: Actor) -> None:
    one = issued()
    issued(version=2)
    with acting(system):
        for table in ("issued_document", "document_end"):
            for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
                assert "is refused" in _refused(statement)
        row = IssuedDocument.objects.get(id=one.id)
        values = {field.name: getattr(row, field.name) for field in IssuedDocument._meta.concrete_fields[1:]}
        for column, wrong in [
            ("number", "DB1"),
            ("number", one.number),
            ("kind", "letter"),
            ("version", 0),
            ("sha256", "A" * 64),
            ("check_code", "0" * 12),
            ("title", ""),
            ("issuer", ""),
        ]:
            fresh = values | {"number": "DB3709022026000999", "version": 9, column: wrong}
            with pytest.raises(IntegrityError), transaction.atomic():
                IssuedDocument.objects.create(**fresh)
        later = IssuedDocument.objects.get(version=2)
        for fields in (
            {"kind": "replaced", "replaced_by": None, "reason": "x"},
            {"kind": "replaced", "replaced_by": later, "reason": "x"},
            {"kind": "withdrawn", "replaced_by_id": one.id, "reason": "x"},
            {"kind": "withdrawn", "reason": ""},
            {"kind": "lost", "reason": "x"},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                DocumentEnd.objects.create(document=later, ended_at=AT, **fields)


@pytest.mark.django_db
def test_no_officer_and_no_citizen_sees_or_sets_a_counter() -> None:
    issued()
    for actor in (CLERK, citizen(household=5)):
        with acting(actor):
            assert DocumentCounter.objects.update(last=9) == DocumentCounter.objects.count() == 0


def test_two_at_once_get_two_numbers_and_the_same_version_only_one(committing_db: Connections) -> None:
    """Both wait for each other in the database: the serials have no gap and no twin."""
    found: list[tuple[int, str]] = []
    start = threading.Barrier(4)

    def run(object_id: int) -> None:
        try:
            start.wait()
            found.append((object_id, issued(object_id).number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(object_id,)) for object_id in (1, 1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = {number for _, number in found}
    assert len(found) == 4
    assert numbers == {f"DB3709022026{serial:06d}" for serial in (1, 2, 3)}
    assert len({number for object_id, number in found if object_id == 1}) == 1
