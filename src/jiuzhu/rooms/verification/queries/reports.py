"""Versions of reports: what a page or a document shows of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hmac import compare_digest

from django.utils import timezone

from jiuzhu.core.actors import Actor, OutOfScope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.verification.models import Report
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.rules.reports import ReportContent, content_from_json

_VISITOR = system_actor("公开查询")
_CODE = 12


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A version of a report without what it says; `valid_to` None: no validity is on file for the place."""

    id: int
    order_id: int
    household_id: int
    version: int
    number: str
    sha256: str
    unknown_count: int
    difference_count: int
    issued_at: datetime
    issued_by_name: str
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A version of a report with everything it says."""

    line: ReportLine
    division: DivisionCode
    order_number: str
    purpose: str
    programmes: tuple[str, ...]
    asking_office: str
    requested_at: datetime
    content: ReportContent = field(repr=False)

    def of_persons(self, ids: Iterable[int]) -> "ReportView":
        """Only what concerns some persons, and the facts of the household."""
        return replace(self, content=self.content.of_persons(frozenset(ids)))


def reports_of(*, actor: Actor, at: datetime, order_id: int) -> tuple[ReportLine, ...]:
    """The versions of an order's report, the newest first.

    Raises:
        PermissionRefused: the actor may not see orders.
    """
    actor.require(Permission.ORDER_VIEW)
    with acting(actor, today=at.date()):
        rows = Report.objects.filter(order_id=order_id).defer("content").order_by("-version")
        return tuple(report_line(row) for row in rows)


def reports_of_household(*, actor: Actor, at: datetime, household_id: int) -> tuple[ReportLine, ...]:
    """The versions of all reports on a household, the newest first.

    Raises:
        PermissionRefused: the actor may not see orders.
    """
    actor.require(Permission.ORDER_VIEW)
    with acting(actor, today=at.date()):
        rows = Report.objects.filter(household_id=household_id).defer("content").order_by("-id")[:100]
        return tuple(report_line(row) for row in rows)


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """What anyone may learn of a report whose number and code they hold."""

    number: str
    sha256: str
    issued_on: date
    valid_to: date | None
    replaced: bool
    expired: bool

    @property
    def in_force(self) -> bool:
        """Whether it is the version that holds."""
        return not self.replaced and not self.expired


def public_report_check(*, number: str, code: str, on: date) -> ReportCheck | None:
    """The report of a number whose hash begins with `code` (12 digits); None for any other number or code."""
    with acting(_VISITOR, today=on):
        row = Report.objects.filter(number=number).defer("content").first()
        if row is None or len(code) != _CODE or not compare_digest(row.sha256[:_CODE], code):
            return None
        replaced = Report.objects.filter(order_id=row.order_id, version__gt=row.version).exists()
    return ReportCheck(
        number=row.number,
        sha256=row.sha256,
        issued_on=timezone.localdate(row.issued_at),
        valid_to=row.valid_to,
        replaced=replaced,
        expired=row.valid_to is not None and row.valid_to < on,
    )


def report_line_of(*, actor: Actor, at: datetime, report_id: int) -> ReportLine:
    """One version without what it says.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.ORDER_VIEW)
    with acting(actor, today=at.date()):
        row = Report.objects.filter(pk=report_id).defer("content").first()
    if row is None:
        raise OutOfScope
    return report_line(row)


def report_line(row: Report) -> ReportLine:
    """The dataclass of a row."""
    return ReportLine(
        id=row.pk,
        order_id=row.order_id,
        household_id=row.household_id,
        version=row.version,
        number=row.number,
        sha256=row.sha256,
        unknown_count=row.unknown_count,
        difference_count=row.difference_count,
        issued_at=row.issued_at,
        issued_by_name=row.issued_by_name,
        valid_to=row.valid_to,
    )


def report_view(row: Report) -> ReportView:
    """The dataclass of a row with its content; the caller has decided who may see it, and `order` is loaded."""
    return ReportView(
        line=report_line(row),
        division=DivisionCode(row.division_code),
        order_number=row.order.number,
        purpose=row.order.purpose,
        programmes=tuple(row.order.programmes),
        asking_office=row.order.asking_office,
        requested_at=row.order.requested_at,
        content=content_from_json(row.content or ""),
    )
