"""What the database itself refuses, past all code: changes of what is published, overlaps, own approval (S04 S07)."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from tests.rooms.catalogue.conftest import TAISHAN, TODAY, Draft, Propose

from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.groundwork.audit.models import AuditChange
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.catalogue.models import PackVersion, Standard
from jiuzhu.rooms.catalogue.states import PackState, StandardState

PACKS, STANDARDS = "catalogue_pack_version", "catalogue_standard"
REFUSED = (ProgrammingError, IntegrityError)


def run(statement: str, *values: str | int | None, actor: Actor | None = None) -> int:
    """Run a statement as the system, or as somebody; the number of rows it touched."""
    with acting(actor or system_actor("test")), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def columns(model: type[PackVersion] | type[Standard]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields if field.column not in ("id", "state")]


def other(table: str, column: str, row: int) -> str:
    """A value of a column that is not the one it has, as SQL."""
    with acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute(
            "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
            [table, column],
        )
        (kind,) = cursor.fetchone()
    return {
        "bytea": "'x'::bytea",
        "jsonb": "'[1]'::jsonb",
        "date": "'2001-01-01'::date",
        "timestamp with time zone": "now() + interval '1 day'",
        "character varying": "'changed'",
    }.get(kind, "1 + coalesce({0}, {1})").format(column, row)


@pytest.mark.parametrize("state", [PackState.CHECKED, PackState.PUBLISHED, PackState.SUPERSEDED, PackState.WITHDRAWN])
def test_the_content_of_a_version_is_written_once(draft: Draft, state: PackState) -> None:
    row = draft(state=state)
    free = {"ends_on", "superseded_by_id"}
    if state is PackState.CHECKED:
        free |= {"document_number", "effective_on", "published_at", "published_by_account", "published_by_name"}
    for column in set(columns(PackVersion)) - (free if state in (PackState.CHECKED, PackState.PUBLISHED) else set()):
        with pytest.raises(REFUSED, match="written once"):
            run(f"UPDATE {PACKS} SET {column} = {other(PACKS, column, row)} WHERE id = {row}")


@pytest.mark.parametrize("state", list(StandardState))
def test_the_figure_of_a_standard_is_written_once(propose: Propose, state: StandardState) -> None:
    row = propose(state=state)
    fixed = {"parameter", "division_code", "unit", "places", "value", "valid_from", "valid_to", "reasoning"}
    fixed |= {"proposed_at", "proposed_by_account", "proposed_by_name"}
    if state in (StandardState.PUBLISHED, StandardState.REPLACED, StandardState.DROPPED):
        fixed = set(columns(Standard))
    fixed -= {StandardState.APPROVED: {"valid_from"}, StandardState.PUBLISHED: {"valid_to", "replaced_by_id"}}.get(
        state, set()
    )
    for column in fixed:
        with pytest.raises(REFUSED, match="written once"):
            run(f"UPDATE {STANDARDS} SET {column} = {other(STANDARDS, column, row)} WHERE id = {row}")


@pytest.mark.parametrize("before", list(PackState))
def test_no_statement_takes_a_version_where_no_step_leads(draft: Draft, before: PackState) -> None:
    row = draft(state=before)
    steps = {
        PackState.DRAFT: {PackState.CHECKED, PackState.WITHDRAWN},
        PackState.CHECKED: {PackState.DRAFT, PackState.PUBLISHED, PackState.WITHDRAWN},
        PackState.PUBLISHED: {PackState.SUPERSEDED},
    }
    for after in set(PackState) - steps.get(before, set()) - {before}:
        with pytest.raises(REFUSED, match=r"no step leads|written once"):
            run(f"UPDATE {PACKS} SET state = %s WHERE id = {row}", after.value)


@pytest.mark.parametrize("before", list(StandardState))
def test_no_statement_takes_a_standard_where_no_step_leads(propose: Propose, before: StandardState) -> None:
    row = propose(state=before)
    steps = {
        StandardState.PROPOSED: {StandardState.CONSULTED, StandardState.DROPPED},
        StandardState.CONSULTED: {StandardState.APPROVED, StandardState.DROPPED},
        StandardState.APPROVED: {StandardState.PUBLISHED},
        StandardState.PUBLISHED: {StandardState.REPLACED},
    }
    for after in set(StandardState) - steps.get(before, set()) - {before}:
        with pytest.raises(REFUSED, match=r"no step leads|written once"):
            run(f"UPDATE {STANDARDS} SET state = %s WHERE id = {row}", after.value)


def test_no_row_is_deleted_or_begins_elsewhere_than_at_the_beginning(draft: Draft, propose: Propose) -> None:
    for table, row in ((PACKS, draft()), (STANDARDS, propose())):
        with pytest.raises(ProgrammingError, match="never deleted"):
            run(f"DELETE FROM {table} WHERE id = {row}")
        state = "published"
        with pytest.raises(ProgrammingError, match="begins as"):
            run(
                f"INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object('id', {row + 1000}, 'state',"
                f" '{state}'))).* FROM {table} t WHERE id = {row}"
            )


@pytest.mark.parametrize("wrong", ["", "published_by_account = 11,", "document_number = '',", "effective_on = NULL,"])
def test_a_version_is_published_whole_and_by_another(draft: Draft, wrong: str) -> None:
    row = draft(state=PackState.CHECKED)
    given = {
        "document_number": "'泰民〔2026〕1号'",
        "effective_on": "'2026-12-01'",
        "published_at": "now()",
        "published_by_account": "12",
    }
    given |= dict([wrong.rstrip(",").split(" = ")]) if wrong else {}
    put = ", ".join(f"{column} = {value}" for column, value in given.items())
    statement = f"UPDATE {PACKS} SET state = 'published', {put} WHERE id = {row}"
    if not wrong:
        assert run(statement) == 1
        return
    with pytest.raises(IntegrityError):
        run(statement)


def test_two_versions_are_never_in_force_on_one_day(draft: Draft) -> None:
    first, second = draft(state=PackState.PUBLISHED), draft(state=PackState.CHECKED)
    publishing = (
        f"UPDATE {PACKS} SET state = 'published', document_number = 'x', effective_on = %s, ends_on = %s,"
        f" published_at = now(), published_by_account = 12 WHERE id = {second}"
    )
    with pytest.raises(IntegrityError, match="catalogue_pack_one_a_day"):
        run(publishing, "2027-01-01", None)
    with pytest.raises(IntegrityError, match="catalogue_pack_one_a_day"):
        run(publishing, "2026-01-01", "2026-11-27")
    run(f"UPDATE {PACKS} SET ends_on = '2027-01-01' WHERE id = {first}")
    assert run(publishing, "2027-01-01", None) == 1
    for later in ("'2027-01-02'", "NULL"):
        with pytest.raises(ProgrammingError, match="earlier day"):
            run(f"UPDATE {PACKS} SET ends_on = {later} WHERE id = {first}")
    assert run(f"UPDATE {PACKS} SET ends_on = '2026-12-31' WHERE id = {first}") == 1


def test_a_superseded_version_names_its_successor(draft: Draft) -> None:
    with pytest.raises(IntegrityError, match="superseded_by_one"):
        run(f"UPDATE {PACKS} SET state = 'superseded' WHERE id = {draft(state=PackState.PUBLISHED)}")


def test_an_archive_is_what_its_digest_says(draft: Draft) -> None:
    row = draft()
    with pytest.raises(IntegrityError, match="archive_is_whole"):
        run(f"UPDATE {PACKS} SET archive = 'x'::bytea WHERE id = {row}")
    with pytest.raises(IntegrityError, match="checked_before"):
        run(f"UPDATE {PACKS} SET state = 'checked' WHERE id = {row}")


def test_a_standard_is_approved_by_another_and_published_with_its_document(propose: Propose) -> None:
    row = propose(state=StandardState.CONSULTED)
    approving = f"UPDATE {STANDARDS} SET state = 'approved', approved_at = now(), floors = %s, approved_by_account = %s"
    for floors, account in (("[]", 11), ("[]", None), (None, 12)):
        with pytest.raises(IntegrityError):
            run(f"{approving} WHERE id = {row}", floors, account)
    assert run(f"{approving} WHERE id = {row}", "[]", 12) == 1
    for column in ("document_title", "document_number"):
        with pytest.raises(IntegrityError, match="catalogue_standard_published"):
            run(f"UPDATE {STANDARDS} SET state = 'published', published_at = now(), {column} = 'x' WHERE id = {row}")
    early = propose()
    with pytest.raises(IntegrityError, match="catalogue_standard_consulted"):
        run(f"UPDATE {STANDARDS} SET state = 'consulted' WHERE id = {early}")
    with pytest.raises(IntegrityError, match="catalogue_standard_dropped"):
        run(f"UPDATE {STANDARDS} SET state = 'dropped' WHERE id = {early}")


def test_two_standards_of_one_parameter_and_place_never_meet_in_time(propose: Propose) -> None:
    first = propose(state=StandardState.PUBLISHED)
    publishing = (
        f"UPDATE {STANDARDS} SET state = 'published', document_title = 'x', document_number = 'x',"
        " published_at = now() WHERE id = %s"
    )
    with pytest.raises(IntegrityError, match="catalogue_standard_one_a_day"):
        run(publishing, propose("1100", state=StandardState.APPROVED))
    for beside in (
        propose(state=StandardState.APPROVED, division=TAISHAN),
        propose("700", state=StandardState.APPROVED, parameter="dibao_standard_rural_yuan_month"),
        propose("900", state=StandardState.APPROVED, valid_from=TODAY.replace(day=1), valid_to=TODAY),
    ):
        assert run(publishing, beside) == 1
    with pytest.raises(IntegrityError, match="catalogue_standard_replaced"):
        run(f"UPDATE {STANDARDS} SET state = 'replaced' WHERE id = {first}")
    assert run(f"UPDATE {STANDARDS} SET valid_to = '2027-01-01' WHERE id = {first}") == 1
    with pytest.raises(ProgrammingError, match="earlier day"):
        run(f"UPDATE {STANDARDS} SET valid_to = NULL WHERE id = {first}")


@pytest.mark.parametrize("kind", [ActorKind.CITIZEN, ActorKind.DEPARTMENT, ActorKind.STAFF])
def test_everyone_reads_what_is_published_and_nobody_else_writes_it(
    draft: Draft, propose: Propose, kind: ActorKind
) -> None:
    # the small packs know no such figure: once they are in force, none of it is proposed
    propose()
    public = {
        STANDARDS: {propose(state=StandardState.REPLACED)},
        PACKS: {draft(state=PackState.SUPERSEDED)},
    }
    draft()
    actor = Actor(kind=kind, account_id=1, name="x", scope=Scope(division=TAISHAN, department="tax"))
    for table, rows in public.items():
        with acting(actor), connection.cursor() as cursor:
            cursor.execute(f"SELECT id, state FROM {table}")
            seen = dict(cursor.fetchall())
        assert rows < seen.keys()
        assert len(seen) == 2, "the published one and its successor"
        for statement in (f"UPDATE {table} SET division_code = division_code", f"DELETE FROM {table}"):
            try:
                assert run(statement, actor=actor) == 0
            except ProgrammingError as refusal:
                assert kind is ActorKind.STAFF
                assert "row-level security" in str(refusal) or "never deleted" in str(refusal)  # noqa: PT017


def test_the_trail_names_the_archive_and_does_not_hold_it(draft: Draft) -> None:
    row = draft(state=PackState.CHECKED)
    with acting(system_actor("test")):
        images = list(AuditChange.objects.filter(table_name=PACKS, row_id=row).values_list("after", flat=True))
        sha256 = PackVersion.objects.get(pk=row).archive_sha256
    assert [image["state"] for image in images if image] == ["draft", "checked"]
    assert all("archive" not in image and image["archive_sha256"] == sha256 for image in images if image)


def test_the_bare_login_sees_nothing_and_who_has_no_area_what_is_published(draft: Draft, propose: Propose) -> None:
    for state, standard in ((PackState.DRAFT, StandardState.PROPOSED), (PackState.PUBLISHED, StandardState.PUBLISHED)):
        propose(state=standard)
        draft(state=state)
    nowhere = Actor(kind=ActorKind.STAFF, account_id=1, name="x")
    for table in (PACKS, STANDARDS):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)
        assert run(f"SELECT 1 FROM {table}", actor=nowhere) == 1
