"""Submitting: once, whatever is pressed or sent twice; what is wrong is said before anything is written (S08 X1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jiuzhu.core.actors import Actor, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import Conflict, RuleRefused
from jiuzhu.rooms.application.actions.drafts import StaleDraft
from jiuzhu.rooms.application.actions.steps import key_of, locked, one_step, refuse, tell, wait_for
from jiuzhu.rooms.application.models import Answer, Application, CaseRequest, Member, Undertaking
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.queries.overlapping import open_elsewhere
from jiuzhu.rooms.application.rules.form.answers import Checked
from jiuzhu.rooms.application.rules.form.questions import AnswerKey, Prefilled
from jiuzhu.rooms.application.rules.guards import Signer, undertaking_and_authorisations_are_signed
from jiuzhu.rooms.application.rules.overlaps import nobody_applies_twice
from jiuzhu.rooms.application.rules.places import Places, competent_place
from jiuzhu.rooms.application.states import APPLICATIONS, AnswerOrigin, ApplicationState, SignedPaper
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.registry.permissions import Permission as Registry
from jiuzhu.rooms.registry.queries import subjects

# who takes an application in at the place of an emergency sees nothing else of the household
_READER = system_actor("受理管辖", permissions=[Registry.HOUSEHOLD_VIEW])


class Incomplete(RuleRefused):
    """The form cannot be submitted as it is; `checked` says which answers are missing or fit no more.

    Everything that was saved is kept, also what later packs ask no more.
    """

    def __init__(self, checked: Checked, *, form_changed: bool) -> None:
        fields = [one.label for one in checked.problems] + [one.label for one in checked.unanswered]
        zh, en = "、".join(one.zh for one in fields), ", ".join(one.en for one in fields)
        if form_changed:
            message = (
                f"填写期间政策已更新，已保存的内容没有丢失，请补充或者核对：{zh}",
                f"The policy has changed meanwhile; what you saved is kept. Complete or check: {en}.",
            )
        else:
            message = (
                f"请回答或者核对：{zh}。不清楚的可以选择“不清楚”",
                f"Answer or check: {en}. What you do not know you may leave as not known.",
            )
        super().__init__("application.form.changed" if form_changed else "application.form.incomplete", *message)
        self.checked = checked


@dataclass(frozen=True, slots=True)
class Submitted:
    """What an applicant takes away: the number under which the application is found, and when it came in."""

    application_id: int
    number: str
    submitted_at: datetime


def submit_application(
    *,
    actor: Actor,
    at: datetime,
    application_id: int,
    version: int,
    submission_key: str,
    pack_digest: str,
    checked: Checked,
    prefilled: Mapping[AnswerKey, Prefilled],
) -> Submitted:
    """Submit a form; the same key again gives the same receipt and changes nothing.

    `checked` are the saved answers against the form of the packs in force, `prefilled` what that form showed beside
    them: it is written down with its source, so that later nobody wonders what the applicant saw.

    Raises:
        PermissionRefused, OutOfScope, StaleDraft, TransitionRefused (submitted before, with another key).
        Conflict: the key was used for another application. Incomplete: answers are missing, or fit no more.
        RuleRefused: not signed, not this office's, or somebody already applies for the same.
    """
    key = key_of(submission_key)
    with one_step(actor, Permission.APPLICATION_SUBMIT, at) as today:
        wait_for(f"application.submission:{key}")
        row = locked(actor, application_id)
        if row.submission_key == key:
            return _receipt(row)
        before = ApplicationState(row.state)
        step = APPLICATIONS.plan(before, "submit")
        if Application.objects.filter(submission_key=key).exists():
            raise Conflict(
                "application.submission",
                "这次提交已经用于另一份申请，请刷新页面后重新提交",
                "This request submitted another application; load the page anew.",
                field="submission_key",
            )
        if row.version != version:
            raise StaleDraft(row.version, {})
        if not checked.is_complete:
            raise Incomplete(checked, form_changed=pack_digest != row.pack_digest)
        members = list(Member.objects.filter(application=row).order_by("row"))
        refuse(_all_signed(row, members))
        _find_offices(row, today)
        # nobody of the household comes in by another application before this one has been looked at
        wait_for(*(f"application.person:{one.person_id}" for one in members))
        refuse(nobody_applies_twice(open_elsewhere(actor=actor, at=at, application_id=row.pk)))
        _write_down(actor, at, row, pack_digest, prefilled)
        row.pack_digest, row.submission_key = pack_digest, key
        row.submitted_at, row.submitted_by_account, row.submitted_by_name = at, actor.account_id, actor.name
        row.version += 1
        row.state = step.to_state.value
        row.save()
        tell(actor, at, row, "submit", step, before)
        return _receipt(row)


def _receipt(row: Application) -> Submitted:
    if row.submitted_at is None:
        raise LookupError("an application with a key of submission was submitted")
    return Submitted(row.pk, row.number, row.submitted_at)


def _all_signed(row: Application, members: Sequence[Member]) -> RuleRefused | None:
    signed = {
        (one.person_id, SignedPaper(one.paper))
        for one in Undertaking.objects.filter(application=row).only("person_id", "paper")
    }
    signers = [
        Signer(one.person_id, one.name, one.birth_date, one.counts_as_member, one.guardian_name) for one in members
    ]
    return undertaking_and_authorisations_are_signed(signers, row.applicant_id, signed)


def _find_offices(row: Application, today: date) -> None:
    """Write down for each case which place is in charge and why (社会救助法 art. 37)."""
    packs = public_packs(today)
    home = DivisionCode(subjects(actor=_READER, on=today, household_id=row.household_id).division_code)
    places = Places(home, event=DivisionCode(row.event_division) if row.event_division else None)
    for request in CaseRequest.objects.filter(application=row).order_by("id"):
        programme = packs.programmes.get(request.programme)
        version = None if programme is None else programme.version(row.division_code, today)
        if version is None:
            raise RuleRefused(
                "application.programmes.ended",
                f"本地已不再受理“{request.programme}”，请从申请中去掉",
                f"{request.programme} is not taken in here any more; take it off.",
                field="programmes",
            )
        found, refused = competent_place(version.name, version.venues, places)
        refuse(refused)
        if found is not None:
            request.venue, request.place = found.venue.value, found.place.value
            request.save(update_fields=["venue", "place"])


def _write_down(
    actor: Actor, at: datetime, row: Application, pack_digest: str, prefilled: Mapping[AnswerKey, Prefilled]
) -> None:
    said = set(Answer.objects.filter(application=row).values_list("person_id", "fact"))
    Answer.objects.bulk_create(
        Answer(
            application=row,
            division_code=row.division_code,
            person_id=person,
            fact=fact,
            value=one.value,
            origin=AnswerOrigin.DECLARED.value if one.origin is None else one.origin.value,
            found_on=one.found_on,
            pack_digest=pack_digest,
            answered_at=at,
            answered_by_account=actor.account_id,
            answered_by_name=actor.name,
        )
        for (person, fact), one in prefilled.items()
        if (person, fact) not in said
    )
