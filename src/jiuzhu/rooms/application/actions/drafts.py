"""The form while it is filled in: begun from the register, saved and resumed, papers handed in, papers signed (S08)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, InvalidValue, RuleRefused
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.rooms.application.actions.steps import key_of, locked, one_step, refuse, tell, wait_for
from jiuzhu.rooms.application.models import Answer, Application, CaseRequest, Lead, Member, Need
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.rules.form.questions import AnswerKey, Wanted
from jiuzhu.rooms.application.rules.guards import text_of
from jiuzhu.rooms.application.states import APPLICATIONS, AnswerOrigin, ApplicationState, Channel, NeedKind, Venue
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.registry.permissions import Permission as Registry
from jiuzhu.rooms.registry.queries import HouseholdSubjects, SubjectView, households_of_numbers, subjects

_READER = system_actor("受理登记", permissions=[Registry.HOUSEHOLD_VIEW])


class StaleDraft(Conflict):
    """The form was saved elsewhere since it was opened; nothing was written.

    `version` is the present one and `theirs` the saved values of the fields that were sent and differ: with them a page
    shows both, so that nothing is lost.
    """

    def __init__(self, version: int, theirs: Mapping[AnswerKey, str | None]) -> None:
        super().__init__(
            "application.stale",
            "这份申请刚在另一个页面或者由另一位经办人保存过。您填写的内容仍在本页，请核对不同之处后再保存",
            "This application was just saved in another window or by another person. What you entered is still on this"
            " page; compare it, then save again.",
            field="version",
        )
        self.version, self.theirs = version, dict(theirs)


@dataclass(frozen=True, slots=True)
class NeedSaid:
    """A need that the household names."""

    need: NeedKind
    person_id: int | None = None
    detail: str = ""


def start_application(
    *,
    actor: Actor,
    at: datetime,
    household_id: int,
    applicant_id: int,
    channel: Channel,
    wanted: Collection[Wanted],
    pack_digest: str,
    request_key: str,
    event_division: DivisionCode | None = None,
    lead_id: int | None = None,
    identity_number: str = "",
) -> int:
    """Begin an application with the members as registered; the same request again gives the same application.

    It lies with the household's village. An officer of the place of an emergency takes in people who are registered
    elsewhere, for programmes of that place only, and shows that somebody of them is there: by the `identity_number`.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the household, the person or the lead is not the actor's.
        InvalidValue: nothing is applied for, or the applicant does not belong to the household. Conflict: the key was
            used for something else. RuleRefused: a programme that is not applied for where an emergency happened.
    """
    key = key_of(request_key)
    with one_step(actor, Permission.APPLICATION_DRAFT, at) as today:
        wait_for(f"application.request:{actor.account_id}:{key}")
        before = Application.objects.filter(created_by_account=actor.account_id, request_key=key).first()
        if before is not None:
            if (before.household_id, before.applicant_id) != (household_id, applicant_id):
                raise _other_use()
            return before.pk
        home = _home(actor, household_id, today, event_division, identity_number)
        _applicant(actor, home, applicant_id)
        if lead_id is not None and not Lead.objects.filter(pk=lead_id).exists():
            raise OutOfScope
        if not wanted:
            raise InvalidValue(
                "application.programmes.none", "请选择要申请的救助", "Choose what to apply for.", field="programmes"
            )
        division = DivisionCode(home.division_code)
        if actor.kind is not ActorKind.CITIZEN and not actor.covers(division) and event_division is not None:
            refuse(*(_applied_for_where_it_happened(one, event_division, today) for one in wanted))
            division = event_division
        made = _next_id()
        row = Application.objects.create(
            pk=made,
            number=f"SL{division.value[:6]}{today:%Y%m%d}{made:07d}",
            division_code=division.value,
            state=ApplicationState.DRAFT.value,
            channel=channel.value,
            household_id=household_id,
            applicant_id=applicant_id,
            lead_id=lead_id,
            event_division="" if event_division is None else event_division.value,
            pack_digest=pack_digest,
            request_key=key,
            created_at=at,
            created_by_account=actor.account_id,
            created_by_name=actor.name,
            saved_at=at,
        )
        Member.objects.bulk_create(_members(row, home))
        _ask_for(row, wanted)
        tell(actor, at, row, "draft", None, None, to_state=ApplicationState.DRAFT)
        return made


def save_application(
    *,
    actor: Actor,
    at: datetime,
    application_id: int,
    version: int,
    pack_digest: str,
    answers: Mapping[AnswerKey, str | None],
    cleared: Collection[AnswerKey] = (),
    needs: Collection[NeedSaid] | None = None,
    wanted: Collection[Wanted] | None = None,
) -> int:
    """Save answers (None: not known) as read by the form of some packs; returns the new version.

    What is not sent stays. While what was missing is handed in, only answers are saved.

    Raises:
        PermissionRefused, OutOfScope, StaleDraft (saved elsewhere meanwhile).
        TransitionRefused: the form was submitted.
    """
    with one_step(actor, Permission.APPLICATION_DRAFT, at):
        row = locked(actor, application_id)
        state = ApplicationState(row.state)
        if state is not ApplicationState.NOTICE_GIVEN or needs is not None or wanted is not None:
            APPLICATIONS.plan(state, "submit")
        if row.version != version:
            raise StaleDraft(row.version, _theirs(row, {**answers, **dict.fromkeys(cleared)}))
        _write_answers(actor, at, row, pack_digest, answers, cleared)
        if needs is not None:
            _say_needs(row, needs)
        if wanted is not None:
            CaseRequest.objects.filter(application=row).delete()
            _ask_for(row, wanted)
        row.version += 1
        if state is ApplicationState.DRAFT:
            row.pack_digest, row.saved_at = pack_digest, at
        row.save()
        return row.version


def _saved(row: Application) -> dict[AnswerKey, Answer]:
    return {(one.person_id, one.fact): one for one in Answer.objects.filter(application=row)}


def _theirs(row: Application, sent: Mapping[AnswerKey, str | None]) -> dict[AnswerKey, str | None]:
    saved = _saved(row)
    return {key: saved[key].value for key, value in sent.items() if key in saved and saved[key].value != value}


def _write_answers(
    actor: Actor,
    at: datetime,
    row: Application,
    pack_digest: str,
    answers: Mapping[AnswerKey, str | None],
    cleared: Collection[AnswerKey],
) -> None:
    saved = _saved(row)
    new: list[Answer] = []
    changed: list[Answer] = []
    for (person, fact), value in answers.items():
        one = saved.get((person, fact)) or Answer(
            application=row,
            division_code=row.division_code,
            person_id=person,
            fact=fact,
            origin=AnswerOrigin.DECLARED.value,
        )
        if one.pk is not None and (one.value, one.pack_digest) == (value, pack_digest):
            continue
        (new if one.pk is None else changed).append(one)
        one.value, one.pack_digest, one.answered_at = value, pack_digest, at
        one.answered_by_account, one.answered_by_name = actor.account_id, actor.name
    Answer.objects.bulk_create(new)
    Answer.objects.bulk_update(
        changed, ["value", "pack_digest", "answered_at", "answered_by_account", "answered_by_name"]
    )
    Answer.objects.filter(id__in=[saved[key].pk for key in cleared if key in saved]).delete()


def _say_needs(row: Application, needs: Collection[NeedSaid]) -> None:
    Need.objects.filter(application=row).delete()
    Need.objects.bulk_create(
        Need(
            application=row,
            division_code=row.division_code,
            person_id=one.person_id,
            need=one.need.value,
            detail=text_of(one.detail, "detail", "需求说明", "what is needed", longest=400, required=False) or None,
        )
        for one in {(one.person_id, one.need): one for one in needs}.values()
    )


def _ask_for(row: Application, wanted: Collection[Wanted]) -> None:
    CaseRequest.objects.bulk_create(
        CaseRequest(application=row, division_code=row.division_code, programme=one.programme, person_id=one.person_id)
        for one in dict.fromkeys(wanted)
    )


def _members(row: Application, home: HouseholdSubjects) -> list[Member]:
    return [
        Member(
            application=row,
            division_code=row.division_code,
            person_id=one.id,
            row=place,
            name=one.name,
            birth_date=one.birth_date,
            counts_as_member=one.counts_as_member,
            is_head=one.is_head,
            guardian_name=one.guardian_name,
        )
        for place, one in enumerate(home.persons)
        if one.died_on is None
    ]


def _home(
    actor: Actor, household_id: int, today: date, event: DivisionCode | None, identity_number: str
) -> HouseholdSubjects:
    """The household with all who live in it.

    A citizen, who sees no other adult, still applies for all of them. An officer who is not in charge of the household
    sees it when an emergency happened here and a member's card is shown: a number of a household opens nothing.
    """
    if actor.kind is ActorKind.CITIZEN:
        if household_id not in actor.scope.household_ids:
            raise OutOfScope
        return subjects(actor=_READER, on=today, household_id=household_id)
    try:
        return subjects(actor=actor, on=today, household_id=household_id)
    except OutOfScope:
        number = identity_number.strip().upper()
        if event is None or not actor.covers(event) or not number:
            raise
        if households_of_numbers(actor=_READER, on=today, numbers=[number]).get(number) != household_id:
            raise
        return subjects(actor=_READER, on=today, household_id=household_id)


def _applied_for_where_it_happened(one: Wanted, event: DivisionCode, today: date) -> RuleRefused | None:
    programme = public_packs(today).programmes.get(one.programme)
    version = None if programme is None else programme.version(event.value, today)
    if version is not None and Venue.PLACE_OF_EVENT.value in version.venues:
        return None
    name = Label(one.programme, one.programme) if version is None else version.name
    return RuleRefused(
        "application.venue.not_here",
        f"{name.zh}应当向户籍地或者居住地申请，这里只受理急难发生地的救助",
        f"{name.en} is applied for where people are registered or live; here only what an emergency calls for.",
        field="programmes",
    )


def _applicant(actor: Actor, home: HouseholdSubjects, applicant_id: int) -> SubjectView:
    found = next((one for one in home.persons if one.id == applicant_id and one.died_on is None), None)
    if found is None:
        raise InvalidValue(
            "application.applicant",
            "申请人应当是这个家庭的成员，请重新选择",
            "The applicant belongs to the household; choose again.",
            field="applicant",
        )
    if actor.kind is ActorKind.CITIZEN and applicant_id not in actor.scope.person_ids:
        raise OutOfScope
    return found


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('application_application', 'id'))")
        return int(cursor.fetchone()[0])


def _other_use() -> Conflict:
    return Conflict(
        "application.request",
        "这次请求已经用于另一个家庭的申请，请刷新页面后重新开始",
        "This request was used for another application; load the page anew.",
        field="request_key",
    )
