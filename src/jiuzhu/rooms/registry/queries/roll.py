"""Imports of household rolls: the template, what the check found, the error file, and where an import stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.files.owners import register_owner
from jiuzhu.groundwork.files.queries import open_for
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.registry.models import RollImport, RollProblem
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.roll.checks import Problem, grouped
from jiuzhu.rooms.registry.rules.roll.columns import COLUMNS, Column
from jiuzhu.rooms.registry.rules.roll.places import Place, Places
from jiuzhu.rooms.registry.rules.roll.sheet import Sheet, read_sheet
from jiuzhu.rooms.registry.rules.roll.workbook import error_workbook, template_workbook
from jiuzhu.rooms.registry.states import RollMode, RollSeverity, RollStage, RollState

FILE_OWNER = "registry.roll"


@dataclass(frozen=True, slots=True)
class RollView:
    """One import: its counts and where it stands. Households are imported whole or not at all."""

    id: int
    file_name: str
    division_code: str
    state: RollState
    mode: RollMode | None
    rows: int
    households: int
    households_with_errors: int
    errors: int
    warnings: int
    households_imported: int
    persons_imported: int
    uploaded_at: datetime
    checked_at: datetime | None
    confirmed_at: datetime | None
    finished_at: datetime | None
    by_name: str

    @property
    def progress_key(self) -> str:
        """The key under which the running step's progress is kept."""
        step = "check" if self.state is RollState.UPLOADED else "import"
        return f"registry.roll:{self.id}:{step}"


@dataclass(frozen=True, slots=True)
class RollProblemView:
    """What is wrong with a row of the sheet and what to do."""

    id: int
    row: int
    column_zh: str
    column_en: str
    severity: RollSeverity
    stage: RollStage
    code: str
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class RollProblemCount:
    """How often a problem of one kind was found."""

    code: str
    severity: RollSeverity
    count: int


@dataclass(frozen=True, slots=True)
class RollPreview:
    """What an operator decides on: the counts, the problems by kind, and a page of them in the order of the rows."""

    roll: RollView
    kinds: tuple[RollProblemCount, ...]
    problems: tuple[RollProblemView, ...]
    next_after: str


@dataclass(frozen=True, slots=True)
class Download:
    """A file made for the asker."""

    name: str
    content: bytes


def roll_template(*, actor: Actor, at: datetime, division: DivisionCode | None = None) -> Download:
    """The template, with the villages of a division of the actor's area.

    Raises:
        PermissionRefused, OutOfScope: the actor may not register households, or not there.
    """
    actor.require(Permission.HOUSEHOLD_REGISTER)
    area = _area(actor, division)
    with acting(actor):
        places = places_in(area, timezone.localdate(at))
    return Download(f"家庭花名册模板_{area}.xlsx", template_workbook(places))


def roll_list(*, actor: Actor, limit: int = 50) -> tuple[RollView, ...]:
    """The imports of the actor's area, the newest first.

    Raises:
        PermissionRefused: the actor may not register households.
    """
    actor.require(Permission.HOUSEHOLD_REGISTER)
    with acting(actor):
        return tuple(roll_view(row) for row in RollImport.objects.order_by("-id")[:limit])


def roll_preview(*, actor: Actor, roll_id: int, after: str = "", limit: int = 100) -> RollPreview:
    """What the check of a roll found.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the roll is not of the actor's area.
    """
    actor.require(Permission.HOUSEHOLD_REGISTER)
    with acting(actor):
        roll = require_roll(roll_id)
        found = RollProblem.objects.filter(roll=roll)
        counts = found.values("code", "severity").annotate(count=Count("id")).order_by("severity", "-count", "code")
        kinds = tuple(RollProblemCount(one["code"], RollSeverity(one["severity"]), one["count"]) for one in counts)
        row, _, number = after.partition(".")
        page = found.order_by("row", "id")
        if row.isdigit() and number.isdigit():
            page = page.filter(row__gte=int(row)).exclude(row=int(row), id__lte=int(number))
        rows = list(page[: limit + 1])
        last = rows[limit - 1] if len(rows) > limit else None
        return RollPreview(
            roll=roll_view(roll),
            kinds=kinds,
            problems=tuple(_problem_view(one) for one in rows[:limit]),
            next_after="" if last is None else f"{last.row}.{last.pk}",
        )


def roll_error_file(*, actor: Actor, roll_id: int) -> Download:
    """The rows of all households that were not, or will not be, imported, each with its messages.

    It repeats whole numbers from the upload, so another account than the uploader's needs the permission to see them.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the roll is not of the actor's area.
    """
    actor.require(Permission.HOUSEHOLD_REGISTER)
    with acting(actor):
        roll = require_roll(roll_id)
        if roll.by_account is None or roll.by_account != actor.account_id:
            actor.require(Permission.PERSON_SEE_IDENTITY)
        problems = [problem_of(one) for one in RollProblem.objects.filter(roll=roll).order_by("row", "id")]
    wrong = {problem.row for problem in problems if problem.severity is RollSeverity.ERROR}
    rows = [
        row
        for _, household in grouped(sheet_of(actor, roll))
        if any(row.number in wrong for row in household)
        for row in household
    ]
    stem = roll.file_name.rpartition(".")[0] or roll.file_name
    return Download(f"{stem}_错误清单.xlsx", error_workbook(rows, problems))


def require_roll(roll_id: int) -> RollImport:
    """The import, inside the actor's scope.

    Raises:
        OutOfScope: there is none for this actor.
    """
    roll = RollImport.objects.filter(id=roll_id).first()
    if roll is None:
        raise OutOfScope
    return roll


def sheet_of(actor: Actor, roll: RollImport) -> Sheet:
    """The uploaded sheet, read again."""
    return read_sheet(b"".join(open_for(actor, roll.file_id or 0).pieces))


def places_in(area: DivisionCode, on: date) -> Places:
    """The villages of an area on a day: one statement for each division that has others below it."""
    found = organization.public_divisions([area], on)
    return Places.of(
        area,
        sorted(
            (Place(one.code, one.name, one.full_name) for view in found.values() for one in _villages(view, on)),
            key=lambda place: place.code,
        ),
    )


def _villages(view: organization.DivisionView, on: date) -> Iterator[organization.DivisionView]:
    if view.level is DivisionLevel.VILLAGE:
        yield view
        return
    for child in organization.public_children(view.code, on):
        yield from _villages(child, on)


def problem_of(row: RollProblem) -> Problem:
    """A stored problem as the rules take it."""
    return Problem(
        row=row.row,
        column=Column(row.column) if row.column else None,
        severity=RollSeverity(row.severity),
        code=row.code,
        zh=row.message_zh,
        en=row.message_en,
    )


def roll_view(row: RollImport) -> RollView:
    """The view of one import."""
    return RollView(
        id=row.pk,
        file_name=row.file_name,
        division_code=row.division_code,
        state=RollState(row.state),
        mode=RollMode(row.mode) if row.mode else None,
        rows=row.rows,
        households=row.households,
        households_with_errors=row.households_with_errors,
        errors=row.errors,
        warnings=row.warnings,
        households_imported=row.households_imported,
        persons_imported=row.persons_imported,
        uploaded_at=row.uploaded_at,
        checked_at=row.checked_at,
        confirmed_at=row.confirmed_at,
        finished_at=row.finished_at,
        by_name=row.by_name,
    )


def _problem_view(row: RollProblem) -> RollProblemView:
    spec = COLUMNS[Column(row.column)] if row.column else None
    return RollProblemView(
        id=row.pk,
        row=row.row,
        column_zh=spec.zh if spec is not None else "",
        column_en=spec.en if spec is not None else "",
        severity=RollSeverity(row.severity),
        stage=RollStage(row.stage),
        code=row.code,
        message_zh=row.message_zh,
        message_en=row.message_en,
    )


def _area(actor: Actor, division: DivisionCode | None) -> DivisionCode:
    area = division or actor.scope.division
    if area is None:
        raise OutOfScope
    actor.require_scope(area)
    return area


def _may_handle(actor: Actor, roll_id: int) -> bool:
    return actor.may(Permission.HOUSEHOLD_REGISTER) and RollImport.objects.filter(id=roll_id).exists()


register_owner(FILE_OWNER, may_open=_may_handle, may_add=_may_handle)
