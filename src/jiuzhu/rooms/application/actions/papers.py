"""Papers of an application: handed in as pictures, and what is signed with the form (守信承诺、核对授权)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from jiuzhu.core.actors import Actor, ActorKind
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, NotFound, RuleRefused
from jiuzhu.groundwork.files.actions import FileOwner, accept_upload, discard_file
from jiuzhu.rooms.application.actions.steps import locked, one_step, refuse
from jiuzhu.rooms.application.models import Application, Material, Member, Undertaking
from jiuzhu.rooms.application.permissions import Permission
from jiuzhu.rooms.application.queries.files import APPLICATION_FILES
from jiuzhu.rooms.application.rules.form.questions import Paper
from jiuzhu.rooms.application.rules.guards import Signer, text_of, the_right_person_signs
from jiuzhu.rooms.application.states import APPLICATIONS, ApplicationState, MaterialForm, SignedPaper, Signing


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture or document as it was sent."""

    content: bytes
    name: str


def hand_in_material(
    *,
    actor: Actor,
    at: datetime,
    application_id: int,
    paper: Paper,
    form: MaterialForm,
    upload: Upload | None = None,
) -> int:
    """Hand in a paper that the packs ask for; the same file again is the same paper. Returns its id.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (the form is closed).
        RuleRefused: the packs do not accept it in this form. InvalidValue: a picture is missing, or is refused.
    """
    with one_step(actor, Permission.APPLICATION_DRAFT, at):
        row = _open(actor, application_id)
        if form.value not in paper.accepts:
            raise RuleRefused(
                "application.material.form",
                f"{paper.label.zh}不能以这种方式提交，请换一种方式",
                f"{paper.label.en} is not taken in this form; choose another.",
                field="form",
            )
        if upload is None and form not in (MaterialForm.UNDERTAKING, MaterialForm.ORIGINAL):
            raise InvalidValue(
                "application.material.file", "请拍照或者选择文件", "Take a picture or choose a file.", field="file"
            )
        file_id = None if upload is None else _stored(actor, at, row, upload, paper.person_id)
        whose = Q(person=None) if paper.person_id is None else Q(person_id=paper.person_id)
        same = Material.objects.filter(whose, application=row, programme=paper.programme, key=paper.key)
        before = same.filter(file_id=file_id).first()
        if before is not None:
            return before.pk
        made = Material.objects.create(
            application=row,
            division_code=row.division_code,
            programme=paper.programme,
            key=paper.key,
            person_id=paper.person_id,
            form=form.value,
            file_id=file_id,
            handed_in_at=at,
            handed_in_by_name=actor.name,
        )
        return made.pk


def take_material_back(*, actor: Actor, at: datetime, application_id: int, material_id: int) -> None:
    """Take a paper out of the form again, while it is open.

    Raises:
        PermissionRefused, OutOfScope, TransitionRefused (the form is closed), NotFound (no such paper).
    """
    with one_step(actor, Permission.APPLICATION_DRAFT, at):
        row = _open(actor, application_id)
        found = Material.objects.filter(application=row, pk=material_id).first()
        if found is None:
            raise NotFound(
                "application.material", "没有这份材料，请刷新页面", "There is no such paper; load the page anew."
            )
        found.delete()
        if found.file_id is not None and not Material.objects.filter(application=row, file_id=found.file_id).exists():
            discard_file(actor=actor, at=at, file_id=found.file_id)


def sign(
    *,
    actor: Actor,
    at: datetime,
    application_id: int,
    person_id: int,
    paper: SignedPaper,
    text: str,
    text_version: str,
    method: Signing,
    signer_name: str,
    by_guardian: bool = False,
    upload: Upload | None = None,
) -> int:
    """Record what a person signed, with the very words; signed again, the first signature stands. Returns its id.

    A citizen signs for themselves or for a ward: no picture stands for another adult's will (个人信息保护法 art. 29).
    At the window, or with the village assistant, all members sign on the screen or on paper.

    Raises:
        PermissionRefused, OutOfScope (no such member, or not the citizen's), TransitionRefused (the form is closed).
        RuleRefused: the wrong person signs. InvalidValue: no name, or no picture of the signature.
    """
    with one_step(actor, Permission.APPLICATION_DRAFT, at) as today:
        row = _open(actor, application_id, signer_id=person_id)
        member = Member.objects.filter(application=row, person_id=person_id).first()
        if member is None or (actor.kind is ActorKind.CITIZEN and person_id not in actor.scope.person_ids):
            raise NotFound(
                "application.signer",
                "该人不在这份申请中，或者需要本人登录后签署",
                "The person is not in this application, or has to sign in to sign.",
                field="person",
            )
        signer = Signer(member.person_id, member.name, member.birth_date, member.counts_as_member, member.guardian_name)
        refuse(the_right_person_signs(signer, by_guardian=by_guardian, on=today))
        before = Undertaking.objects.filter(
            application=row, person_id=person_id, paper=paper.value, text_version=text_version
        ).first()
        if before is not None:
            return before.pk
        if method is not Signing.UNIFIED_IDENTITY and upload is None:
            raise InvalidValue(
                "application.signature.evidence",
                "请手写签名，或者上传已签名的文书",
                "Sign on the screen, or upload the signed paper.",
                field="file",
            )
        made = Undertaking.objects.create(
            application=row,
            division_code=row.division_code,
            person_id=person_id,
            paper=paper.value,
            text_version=text_version,
            text=text,
            method=method.value,
            by_guardian=by_guardian,
            signer_name=text_of(signer_name, "signer_name", "签署人姓名", "who signs", longest=64),
            file_id=None if upload is None else _stored(actor, at, row, upload, person_id),
            signed_at=at,
            recorded_by_name=actor.name,
        )
        return made.pk


def _open(actor: Actor, application_id: int, *, signer_id: int | None = None) -> Application:
    """An application to which papers may be added: a draft, or one of which something was told to be missing."""
    row = locked(actor, application_id, signer_id=signer_id)
    state = ApplicationState(row.state)
    if state is not ApplicationState.NOTICE_GIVEN:
        APPLICATIONS.plan(state, "submit")
    return row


def _stored(actor: Actor, at: datetime, row: Application, upload: Upload, person_id: int | None) -> int:
    owner = FileOwner(
        APPLICATION_FILES, row.pk, DivisionCode(row.division_code), household_id=row.household_id, person_id=person_id
    )
    return accept_upload(actor=actor, at=at, content=upload.content, name=upload.name, owner=owner).id
