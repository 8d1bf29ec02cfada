"""Reading applications: an office those of its area, a household its own; the form as saved, and the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.application.models import (
    Answer,
    Application,
    CaseRequest,
    Material,
    Member,
    Need,
    OnceOnlyNotice,
    Undertaking,
)
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.rules.guards import Item, ItemKind
from jiuzhu.rooms.application.rules.terms import ACCEPTANCE, LegalDate, legal_dates
from jiuzhu.rooms.application.states import (
    AnswerOrigin,
    ApplicationState,
    Channel,
    MaterialForm,
    NeedKind,
    SignedPaper,
    Signing,
    Venue,
)
from jiuzhu.rooms.catalogue.queries import public_packs

_LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """One application in a list."""

    id: int
    number: str
    division: DivisionCode
    state: ApplicationState
    channel: Channel
    household_id: int
    applicant_id: int
    created_at: datetime
    submitted_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member as registered when the form was begun."""

    person_id: int
    name: str = field(repr=False)
    birth_date: date
    counts_as_member: bool
    is_head: bool
    guardian_name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RequestView:
    """A programme applied for; `due_on` once accepted, where a term is on file."""

    programme: str
    person_id: int | None
    venue: Venue | None
    place: DivisionCode | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A saved answer; `value` None is “not known”."""

    person_id: int | None
    fact: str
    value: str | None = field(repr=False)
    origin: AnswerOrigin
    found_on: date | None
    pack_digest: str
    answered_at: datetime
    answered_by_name: str


@dataclass(frozen=True, slots=True)
class NeedView:
    """A need that the household names."""

    need: NeedKind
    person_id: int | None
    detail: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MaterialView:
    """A paper handed in; an undertaking or a shown original has no file."""

    id: int
    programme: str
    key: str
    person_id: int | None
    form: MaterialForm
    file_id: int | None
    handed_in_at: datetime


@dataclass(frozen=True, slots=True)
class SignatureView:
    """What a person signed."""

    person_id: int
    paper: SignedPaper
    text_version: str
    method: Signing
    by_guardian: bool
    signer_name: str = field(repr=False)
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What was told to be missing, once."""

    items: tuple[Item, ...]
    given_at: datetime
    given_by_name: str


@dataclass(frozen=True, slots=True)
class ApplicationDetail:
    """One application with everything that stands in its form."""

    application: ApplicationView
    version: int
    pack_digest: str
    event_division: DivisionCode | None
    lead_id: int | None
    members: tuple[MemberView, ...]
    requests: tuple[RequestView, ...]
    answers: tuple[AnswerView, ...]
    needs: tuple[NeedView, ...]
    materials: tuple[MaterialView, ...]
    signatures: tuple[SignatureView, ...]
    notice: NoticeView | None
    completed_at: datetime | None
    decided_at: datetime | None
    decided_by_name: str
    reason: str = field(repr=False)
    remedy: str
    receiver_division: DivisionCode | None
    receiver_name: str
    transferred_from_id: int | None


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """Applications, the newest first; `next_after` is the id to go on from, None at the end."""

    rows: tuple[ApplicationView, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class CaseDates:
    """A programme applied for, and the dates by law of its procedure."""

    programme: str
    label: Label
    person_id: int | None
    dates: tuple[LegalDate, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an applicant takes away. The code shown as a picture holds the number alone, nothing of any person."""

    number: str
    submitted_at: datetime
    state: ApplicationState
    cases: tuple[CaseDates, ...]


def applications(
    *,
    actor: Actor,
    at: datetime,
    state: ApplicationState | None = None,
    household_id: int | None = None,
    number: str = "",
    after: int | None = None,
    size: int = 50,
) -> ApplicationPage:
    """A page of the applications that the actor may see.

    Raises:
        PermissionRefused: the actor may not see applications. InvalidValue: the page is too large.
    """
    actor.require(Permission.APPLICATION_VIEW)
    if not 1 <= size <= _LARGEST_PAGE:
        raise InvalidValue("page.size", f"每页1至{_LARGEST_PAGE}条", f"1 to {_LARGEST_PAGE} rows a page.", field="size")
    wanted = Q() if state is None else Q(state=state.value)
    if household_id is not None:
        wanted &= Q(household_id=household_id)
    if number:
        wanted &= Q(number=number)
    if after is not None:
        wanted &= Q(id__lt=after)
    with acting(actor, today=timezone.localdate(at)):
        found = list(Application.objects.filter(wanted).order_by("-id")[: size + 1])
    views = tuple(map(_view, found[:size]))
    return ApplicationPage(views, views[-1].id if len(found) > size else None)


def application(*, actor: Actor, at: datetime, application_id: int) -> ApplicationDetail:
    """One application with its form, in as many statements whatever it holds.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    actor.require(Permission.APPLICATION_VIEW)
    with acting(actor, today=timezone.localdate(at)):
        row = Application.objects.filter(pk=application_id).first()
        if row is None:
            raise OutOfScope
        return ApplicationDetail(
            application=_view(row),
            version=row.version,
            pack_digest=row.pack_digest,
            event_division=DivisionCode(row.event_division) if row.event_division else None,
            lead_id=row.lead_id,
            members=tuple(map(_member, Member.objects.filter(application=row).order_by("row"))),
            requests=tuple(map(_request, CaseRequest.objects.filter(application=row).order_by("id"))),
            answers=tuple(map(_answer, Answer.objects.filter(application=row).order_by("id"))),
            needs=tuple(map(_need, Need.objects.filter(application=row).order_by("id"))),
            materials=tuple(map(_material, Material.objects.filter(application=row).order_by("id"))),
            signatures=tuple(map(_signature, Undertaking.objects.filter(application=row).order_by("id"))),
            notice=_notice(OnceOnlyNotice.objects.filter(application=row).first()),
            completed_at=row.completed_at,
            decided_at=row.decided_at,
            decided_by_name=row.decided_by_name,
            reason=row.reason or "",
            remedy=row.remedy,
            receiver_division=DivisionCode(row.receiver_division) if row.receiver_division else None,
            receiver_name=row.receiver_name,
            transferred_from_id=row.transferred_from_id,
        )


def receipt(*, actor: Actor, at: datetime, application_id: int) -> Receipt:
    """The receipt of an application that was submitted, with the dates by law as far as they are known.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it, or it was not submitted.
    """
    actor.require(Permission.APPLICATION_VIEW)
    with acting(actor, today=timezone.localdate(at)):
        row = Application.objects.filter(pk=application_id).first()
        if row is None or row.submitted_at is None:
            raise OutOfScope
        requests = list(CaseRequest.objects.filter(application=row).order_by("id"))
    submitted_on = timezone.localdate(row.submitted_at)
    events = {"application": submitted_on, "apply": submitted_on}
    if row.state == ApplicationState.ACCEPTED.value and row.decided_at is not None:
        events[ACCEPTANCE] = timezone.localdate(row.decided_at)
    return Receipt(
        row.number,
        row.submitted_at,
        ApplicationState(row.state),
        tuple(_dates(one, row, events, submitted_on) for one in requests),
    )


def _dates(request: CaseRequest, row: Application, events: Mapping[str, date], on: date) -> CaseDates:
    packs = public_packs(on)
    place = request.place or row.division_code
    programme = packs.programmes.get(request.programme)
    version = None if programme is None else programme.version(place, on)
    if version is None:
        return CaseDates(request.programme, Label(request.programme, request.programme), request.person_id, ())
    dates = legal_dates(packs, version, division=place, on=on, events=events)
    return CaseDates(request.programme, version.name, request.person_id, dates)


def _view(row: Application) -> ApplicationView:
    return ApplicationView(
        id=row.pk,
        number=row.number,
        division=DivisionCode(row.division_code),
        state=ApplicationState(row.state),
        channel=Channel(row.channel),
        household_id=row.household_id,
        applicant_id=row.applicant_id,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        closed_at=row.closed_at,
    )


def _member(row: Member) -> MemberView:
    return MemberView(row.person_id, row.name, row.birth_date, row.counts_as_member, row.is_head, row.guardian_name)


def _request(row: CaseRequest) -> RequestView:
    return RequestView(
        row.programme,
        row.person_id,
        Venue(row.venue) if row.venue else None,
        DivisionCode(row.place) if row.place else None,
        row.due_on,
    )


def _answer(row: Answer) -> AnswerView:
    return AnswerView(
        row.person_id,
        row.fact,
        row.value,
        AnswerOrigin(row.origin),
        row.found_on,
        row.pack_digest,
        row.answered_at,
        row.answered_by_name,
    )


def _need(row: Need) -> NeedView:
    return NeedView(NeedKind(row.need), row.person_id, row.detail or "")


def _material(row: Material) -> MaterialView:
    return MaterialView(
        row.pk, row.programme, row.key, row.person_id, MaterialForm(row.form), row.file_id, row.handed_in_at
    )


def _signature(row: Undertaking) -> SignatureView:
    return SignatureView(
        row.person_id,
        SignedPaper(row.paper),
        row.text_version,
        Signing(row.method),
        row.by_guardian,
        row.signer_name,
        row.signed_at,
    )


def _notice(row: OnceOnlyNotice | None) -> NoticeView | None:
    if row is None:
        return None
    items = tuple(
        Item(ItemKind(one["kind"]), one["programme"], one["key"], one["person_id"], Label(one["zh"], one["en"]))
        for one in row.items
    )
    return NoticeView(items, row.given_at, row.given_by_name)
