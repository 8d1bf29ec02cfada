"""Taking in what another office handed over: the same form, under the same date, where the receiver sees it."""

from collections.abc import Iterable
from datetime import datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.files.actions import FileOwner, accept_upload
from jiuzhu.groundwork.files.queries import open_for
from jiuzhu.rooms.application.actions.steps import one_step, tell, wait_for
from jiuzhu.rooms.application.models import Answer, Application, CaseRequest, Material, Member, Need, Undertaking
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.queries.files import APPLICATION_FILES
from jiuzhu.rooms.application.states import APPLICATIONS, ApplicationState

_PARTS = (Member, Answer, Need, CaseRequest, Material, Undertaking)
_WITH_FILES = (Material, Undertaking)
_OWN = frozenset({"id", "application", "division_code"})


def receive_transferred(*, actor: Actor, at: datetime, application_id: int) -> int:
    """Take in an application that was handed over, as submitted on its first day; twice gives the same. Returns its id.

    Only a process may: the receiver does not see the sender's rows, nor the sender the receiver's.

    Raises:
        PermissionRefused, OutOfScope: there is none that was handed over.
    """
    with one_step(actor, Permission.APPLICATION_SUBMIT, at):
        actor.require(Permission.APPLICATION_DRAFT)
        wait_for(f"application.received:{application_id}")
        sent = Application.objects.filter(pk=application_id, state=ApplicationState.TRANSFERRED.value).first()
        if sent is None:
            raise OutOfScope
        before = Application.objects.filter(transferred_from=sent).first()
        if before is not None:
            return before.pk
        row = _begun(sent)
        for part in _PARTS:
            _copy(actor, at, part.objects.filter(application=sent).order_by("id"), row)
        row.state = ApplicationState.SUBMITTED.value
        row.save()
        step = APPLICATIONS.plan(ApplicationState.DRAFT, "submit")
        tell(actor, at, row, "submit", step, ApplicationState.DRAFT, reason=f"由{sent.number}移送")
        return row.pk


def _begun(sent: Application) -> Application:
    """A draft at the receiver's with the sender's dates: the day of the application stays the first one."""
    row = Application(
        number=f"{sent.number}Y",
        division_code=sent.receiver_division,
        state=ApplicationState.DRAFT.value,
        channel=sent.channel,
        household_id=sent.household_id,
        applicant_id=sent.applicant_id,
        event_division=sent.event_division,
        pack_digest=sent.pack_digest,
        request_key=f"transferred-{sent.pk}",
        created_at=sent.created_at,
        created_by_account=sent.created_by_account,
        created_by_name=sent.created_by_name,
        saved_at=sent.saved_at,
        submission_key=f"transferred-{sent.pk}",
        submitted_at=sent.submitted_at,
        submitted_by_account=sent.submitted_by_account,
        submitted_by_name=sent.submitted_by_name,
        transferred_from=sent,
    )
    row.save(force_insert=True)
    return row


def _copy(
    actor: Actor,
    at: datetime,
    parts: Iterable[Member | Answer | Need | CaseRequest | Material | Undertaking],
    row: Application,
) -> None:
    for part in parts:
        values = {
            field.attname: getattr(part, field.attname)
            for field in part._meta.concrete_fields
            if field.name not in _OWN
        }
        if isinstance(part, _WITH_FILES) and part.file_id is not None:
            values["file_id"] = _file(actor, at, part.file_id, part.person_id, row)
        type(part).objects.create(application=row, division_code=row.division_code, **values)


def _file(actor: Actor, at: datetime, file_id: int, person_id: int | None, row: Application) -> int:
    found = open_for(actor, file_id)
    owner = FileOwner(
        APPLICATION_FILES, row.pk, DivisionCode(row.division_code), household_id=row.household_id, person_id=person_id
    )
    return accept_upload(actor=actor, at=at, content=b"".join(found.pieces), name=found.name, owner=owner).id
