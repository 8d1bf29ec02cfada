"""Applying: begun from the register, asked what the packs ask, saved, submitted, told once, accepted (S08 S09 S14).

What is known is filled in beforehand with its source; what a department can answer is not asked. On acceptance what the
applicant declared goes into the register as declared, and what is verified later outweighs it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.utils import timezone

from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import NotFound
from jiuzhu.engine.household.facts import Case, Plain
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.packs.programmes import Receiver
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.outbox.subscriptions import Event, subscribe
from jiuzhu.journeys.assess import case_of
from jiuzhu.rooms.application import actions, queries
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.states import AnswerOrigin, Channel, MaterialForm, SignedPaper, Signing
from jiuzhu.rooms.catalogue.queries import public_packs, public_programs
from jiuzhu.rooms.registry import actions as registry_actions
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.permissions import Permission as Registry
from jiuzhu.rooms.registry.states import SourceKind

PURPOSE = "社会救助申请"
RECEIVER = "application.receive_transferred"
_READER = system_actor(PURPOSE, permissions=[Registry.HOUSEHOLD_VIEW, Registry.PERSON_VIEW])
_FINDER = system_actor(PURPOSE, permissions=[Registry.HOUSEHOLD_VIEW, Registry.PERSON_SEE_IDENTITY])
_RECORDER = system_actor(PURPOSE, permissions=[Registry.FACT_RECORD])


@dataclass(frozen=True)
class OpenForm:
    """An application, the form that the packs of its day ask, and its saved answers against that form.

    `papers` are those of the form as it stands with the answers: an answer may call for a paper.
    """

    detail: queries.ApplicationDetail
    form: queries.Form
    checked: queries.Checked
    papers: tuple[queries.Paper, ...]
    registered_in: DivisionCode

    @cached_property
    def missing(self) -> tuple[queries.Item, ...]:
        """What only the applicant can give and has not given."""
        handed_in = {(one.programme, one.key, one.person_id) for one in self.detail.materials}
        return queries.missing_items(self.checked, self.papers, handed_in)

    @cached_property
    def askable(self) -> tuple[queries.Item, ...]:
        """All that may be told to be missing."""
        return queries.askable(self.form, self.papers)


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a saving: the new version, and the fields that could not be read and were left as they were."""

    version: int
    problems: tuple[queries.FieldProblem, ...]


def begin(
    *,
    actor: Actor,
    at: datetime,
    household_id: int,
    applicant_id: int,
    channel: Channel,
    wanted: Collection[queries.Wanted],
    request_key: str,
    event_division: DivisionCode | None = None,
    lead_id: int | None = None,
) -> int:
    """Begin an application for some programmes; the same request again gives the same one. Returns its id.

    Raises:
        PermissionRefused, OutOfScope, Conflict: as `start_application`.
        InvalidValue: a programme does not exist here, or is for the household and not for a person.
    """
    today = timezone.localdate(at)
    with acting(actor, today=today):
        form = _derived(_home(actor, at, household_id), tuple(wanted), today)[0]
        return actions.start_application(
            actor=actor,
            at=at,
            household_id=household_id,
            applicant_id=applicant_id,
            channel=channel,
            wanted=form.wanted,
            pack_digest=form.pack_digest,
            request_key=request_key,
            event_division=event_division,
            lead_id=lead_id,
        )


def begin_where_it_happened(
    *,
    actor: Actor,
    at: datetime,
    identity_number: str,
    channel: Channel,
    wanted: Collection[queries.Wanted],
    request_key: str,
    event_division: DivisionCode,
    lead_id: int | None = None,
) -> int:
    """Begin an application for somebody who is registered elsewhere and shows a card here (社会救助法 art. 37).

    Raises:
        NotFound: nobody of that number is registered. RuleRefused: a programme of another place.
        PermissionRefused, OutOfScope, Conflict, InvalidValue: as `begin`.
    """
    actor.require(Permission.APPLICATION_DRAFT)
    actor.require_scope(event_division)
    today = timezone.localdate(at)
    number = identity_number.strip().upper()
    household_id = registry.households_of_numbers(actor=_READER, on=today, numbers=[number]).get(number)
    if household_id is None:
        raise NotFound(
            "application.number",
            "没有登记该证件号码，请核对；尚未登记的，请先登记家庭",
            "Nobody of that number is registered; check it, or register the household first.",
            field="identity_number",
        )
    persons = registry.subjects(actor=_FINDER, on=today, household_id=household_id, numbers=True).persons
    applicant = next(one.id for one in persons if one.number.upper() == number)
    with acting(actor, today=today):
        form = _derived(_unseen(at, household_id, frozenset()), tuple(wanted), today)[0]
        return actions.start_application(
            actor=actor,
            at=at,
            household_id=household_id,
            applicant_id=applicant,
            channel=channel,
            wanted=form.wanted,
            pack_digest=form.pack_digest,
            request_key=request_key,
            event_division=event_division,
            lead_id=lead_id,
            identity_number=number,
        )


def open_form(*, actor: Actor, at: datetime, application_id: int) -> OpenForm:
    """The form of an application: of today while it is a draft, of the day of submission afterwards.

    Raises:
        PermissionRefused, OutOfScope: the actor may not see it.
    """
    detail = queries.application(actor=actor, at=at, application_id=application_id)
    submitted = detail.application.submitted_at
    on = timezone.localdate(at if submitted is None else submitted)
    home = _home(actor, at, detail.application.household_id, is_open=True)
    wanted = tuple(queries.Wanted(one.programme, one.person_id) for one in detail.requests)
    form, case = _derived(home, wanted, on)
    saved = [queries.Given(queries.field_of(one.person_id, one.fact), one.value) for one in detail.answers]
    checked = queries.check_answers(form, saved)
    told = queries.with_answers(form, case, checked.answers)
    papers = queries.needed_papers(public_programs(on), told, home.people, wanted, on)
    return OpenForm(detail, form, checked, papers, home.division)


def save(
    *,
    actor: Actor,
    at: datetime,
    application_id: int,
    version: int,
    fields: Mapping[str, str],
    needs: Collection[actions.NeedSaid] | None = None,
    wanted: Collection[queries.Wanted] | None = None,
) -> Saved:
    """Save the fields that were sent: what can be read is saved, what cannot is named and stays as it was.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused: as `save_application`.
        StaleDraft: it was saved elsewhere meanwhile; nothing is written.
    """
    opened = open_form(actor=actor, at=at, application_id=application_id)
    read = queries.read_answers(opened.form, fields)
    questions = opened.form.questions
    saved = actions.save_application(
        actor=actor,
        at=at,
        application_id=application_id,
        version=version,
        pack_digest=opened.form.pack_digest,
        answers={questions[one.field].key: one.value for one in read.answers},
        cleared=[questions[field].key for field in read.cleared],
        needs=needs,
        wanted=wanted,
    )
    return Saved(saved, read.problems)


def hand_in(
    *,
    actor: Actor,
    at: datetime,
    application_id: int,
    programme: str,
    key: str,
    person_id: int | None,
    form: MaterialForm,
    upload: actions.Upload | None = None,
) -> int:
    """Hand in a paper that the form asks for; returns its id.

    Raises:
        NotFound: the form asks for no such paper.
        PermissionRefused, OutOfScope, TransitionRefused, RuleRefused, InvalidValue: as `hand_in_material`.
    """
    opened = open_form(actor=actor, at=at, application_id=application_id)
    found = [one for one in opened.papers if (one.programme, one.key, one.person_id) == (programme, key, person_id)]
    if not found:
        raise NotFound(
            "application.paper", "这份申请不需要该材料，请刷新页面", "The form asks for no such paper; load it anew."
        )
    return actions.hand_in_material(
        actor=actor, at=at, application_id=application_id, paper=found[0], form=form, upload=upload
    )


def sign(
    *,
    actor: Actor,
    at: datetime,
    application_id: int,
    person_id: int,
    paper: SignedPaper,
    method: Signing,
    signer_name: str,
    by_guardian: bool = False,
    upload: actions.Upload | None = None,
) -> int:
    """Let a member sign the undertaking or the authorisation in the words of today; returns the signature's id.

    Raises:
        As `actions.sign`.
    """
    detail = queries.application(actor=actor, at=at, application_id=application_id)
    packs, division = public_packs(timezone.localdate(at)), detail.application.division.value
    versions = [
        packs.programmes[one.programme].version(division, timezone.localdate(at))
        for one in detail.requests
        if one.programme in packs.programmes
    ]
    member = next((one for one in detail.members if one.person_id == person_id), None)
    words = queries.words_of(
        paper,
        signer=signer_name if member is None else member.name,
        programmes=list(dict.fromkeys(one.name.zh for one in versions if one is not None)),
    )
    return actions.sign(
        actor=actor,
        at=at,
        application_id=application_id,
        person_id=person_id,
        paper=paper,
        text=words.text,
        text_version=words.version,
        method=method,
        signer_name=signer_name,
        by_guardian=by_guardian,
        upload=upload,
    )


def submit(*, actor: Actor, at: datetime, application_id: int, version: int, submission_key: str) -> actions.Submitted:
    """Submit, once for a key; answers given under older packs are checked against those of today.

    Raises:
        As `submit_application`.
    """
    opened = open_form(actor=actor, at=at, application_id=application_id)
    return actions.submit_application(
        actor=actor,
        at=at,
        application_id=application_id,
        version=version,
        submission_key=submission_key,
        pack_digest=opened.form.pack_digest,
        checked=opened.checked,
        prefilled={one.key: one.prefilled for one in opened.form.questions.values() if one.prefilled is not None},
    )


def tell_what_is_missing(
    *, actor: Actor, at: datetime, application_id: int, also: Collection[queries.Item] = ()
) -> int:
    """Tell the applicant once all that is missing, and what the officer asks for besides; returns the notice's id.

    Raises:
        As `give_notice`.
    """
    opened = open_form(actor=actor, at=at, application_id=application_id)
    return actions.give_notice(
        actor=actor,
        at=at,
        application_id=application_id,
        items=[*opened.missing, *also],
        missing=opened.missing,
        askable=opened.askable,
    )


def accept(*, actor: Actor, at: datetime, application_id: int) -> int:
    """Accept, and enter what was declared into the register; returns how many facts were entered.

    Raises:
        As `accept_application`, and what `record_facts` refuses.
    """
    with acting(actor, today=timezone.localdate(at)):
        opened = open_form(actor=actor, at=at, application_id=application_id)
        actions.accept_application(actor=actor, at=at, application_id=application_id, missing=opened.missing)
        facts = _declared(opened)
        if facts:
            # the register of another place is not the officer's to write; the evidence names the application
            is_own = actor.covers(opened.registered_in)
            registry_actions.record_facts(actor=actor if is_own else _RECORDER, at=at, facts=facts)
        return len(facts)


@dataclass(frozen=True, slots=True)
class _Home:
    """A household as the register has it, and of whom the reader is not shown what is known."""

    detail: registry.HouseholdDetail
    hidden: frozenset[int | None]

    @property
    def division(self) -> DivisionCode:
        """Where it is registered."""
        return DivisionCode(self.detail.household.division_code)

    @property
    def people(self) -> list[queries.Person]:
        """The members in the order of the case's rows."""
        return [queries.Person(one.person.id, one.person.name, one.counts_as_member) for one in self.detail.members]


def _home(actor: Actor, at: datetime, household_id: int, *, is_open: bool = False) -> _Home:
    """Everybody who lives in it; what the register knows of other adults is not for a citizen's eyes.

    `is_open`: the actor sees an application of the household, so an officer of another place sees its members, and
    nothing that is known of them.
    """
    if actor.kind is ActorKind.CITIZEN:
        if household_id not in actor.scope.household_ids:
            raise OutOfScope
        return _unseen(at, household_id, actor.scope.person_ids | {None})
    try:
        detail = registry.household_detail(actor=actor, at=at, household_id=household_id, purpose=PURPOSE)
    except OutOfScope:
        if not is_open:
            raise
        return _unseen(at, household_id, frozenset())
    return _Home(detail, frozenset())


def _unseen(at: datetime, household_id: int, shown: frozenset[int | None]) -> _Home:
    """A household read past the actor's scope, of which only what is known of some persons is shown."""
    detail = registry.household_detail(actor=_READER, at=at, household_id=household_id, purpose=PURPOSE)
    return _Home(detail, frozenset({None, *(one.person.id for one in detail.members)}) - shown)


def _derived(home: _Home, wanted: tuple[queries.Wanted, ...], on: date) -> tuple[queries.Form, Case]:
    programs = public_programs(on)
    known = case_of(programs.packs, home.detail)
    return queries.derive_form(programs, known, home.people, wanted, on, hidden=home.hidden), known


def _declared(opened: OpenForm) -> list[registry_actions.NewFact]:
    """The answers as facts of the register, each from the day of submission, on the evidence of the application."""
    variables = {(one.subject.value, one.fact): one for one in registry.public_variables().values() if one.fact}
    own = {
        queries.field_of(one.person_id, one.fact)
        for one in opened.detail.answers
        if one.origin is AnswerOrigin.DECLARED and one.found_on is None  # else the register had it before
    }
    submitted = opened.detail.application.submitted_at
    found = []
    for answer in opened.checked.answers:
        question = opened.form.questions[answer.field]
        variable = variables.get(question.fact)
        if answer.field not in own or answer.value is None or variable is None or submitted is None:
            continue
        found.append(
            registry_actions.NewFact(
                variable.key,
                _kept(variable, queries.plain_of(question.kind, answer.value)),
                timezone.localdate(submitted),
                SourceKind.DECLARED,
                person_id=question.subject.person_id if question.subject.entity == Receiver.PERSON else None,
                household_id=opened.detail.application.household_id if question.subject.entity == ROOT else None,
                evidence=opened.detail.application.number,
            )
        )
    return found


def _kept(variable: registry.Variable, value: Plain) -> bool | int | str | date | None:
    """A value of the packs as the register keeps it: yuan in fen, other numbers in their last place, codes as kept."""
    match value:
        case bool() | date() | None:
            return value
        case int() | Decimal():
            return int(Decimal(value).scaleb(variable.places))
        case _:
            return registry.stored_code(variable, value)


def _receive(event: Event, actor: Actor, at: datetime) -> None:
    application_id = event.payload["application_id"]
    if isinstance(application_id, int):
        actions.receive_transferred(actor=actor, at=at, application_id=application_id)


subscribe(
    "application.application.transfer",
    RECEIVER,
    _receive,
    permissions=frozenset({Permission.APPLICATION_DRAFT, Permission.APPLICATION_SUBMIT, Permission.APPLICATION_VIEW}),
)
