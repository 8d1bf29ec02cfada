"""The guards of the room's steps: each says why a step may not be taken, or None.

Law: 社会救助法 arts. 35–40, 62, 64, 70, 76; 民发〔2021〕57号 arts. 9, 10, 28; 个人信息保护法 arts. 29, 31.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.rooms.application.states import SignedPaper

_FULL_AGE_YEARS = 18  # 民法典 art. 17


class ItemKind(StrEnum):
    """What can be missing: a paper, the answer to a question, a signature."""

    MATERIAL = "material"
    ANSWER = "answer"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be missing from an application; `key` is that of the packs (`person.can_eat` of an answer)."""

    kind: ItemKind
    programme: str
    key: str
    person_id: int | None
    label: Label

    @property
    def what(self) -> tuple[ItemKind, str, str, int | None]:
        """What it is, whatever it is called."""
        return self.kind, self.programme, self.key, self.person_id


@dataclass(frozen=True, slots=True)
class Signer:
    """A member as far as signing goes."""

    person_id: int
    name: str
    birth_date: date
    counts_as_member: bool
    guardian_name: str = ""


def text_of(value: str, field: str, zh: str, en: str, *, longest: int, required: bool = True) -> str:
    """A text without spaces around it; `zh` and `en` name the field.

    Raises:
        InvalidValue: it is empty though required, or longer than its field.
    """
    text = value.strip()
    if not text and required:
        raise InvalidValue("application.empty", f"请填写{zh}", f"Enter {en}.", field=field)
    if len(text) > longest:
        raise InvalidValue(
            "application.too_long",
            f"{zh}不能超过{longest}个字，请删减",
            f"At most {longest} characters are taken for {en}; shorten it.",
            field=field,
        )
    return text


def person_agrees(agreed_by: str) -> RuleRefused | None:
    """Nobody is taken in without applying: help to apply needs the person's will (民发〔2021〕57号 art. 28)."""
    if agreed_by.strip():
        return None
    return RuleRefused(
        "application.lead.agreement",
        "请填写同意提出申请的人；本人不同意的，不得代为申请",
        "Say who agreed to apply; without the person's will nobody applies in their place.",
        field="agreed_by",
    )


def receiver_is_named(receiver: str) -> RuleRefused | None:
    """A lead is handed to somebody, not away."""
    if receiver.strip():
        return None
    return RuleRefused(
        "application.lead.receiver", "请填写接收单位", "Name the body that takes the lead on.", field="receiver_name"
    )


def reason_is_given(reason: str) -> RuleRefused | None:
    """What is closed, refused or withdrawn is explained."""
    if reason.strip():
        return None
    return RuleRefused("application.reason", "请填写理由", "Give the reason.", field="reason")


def reason_and_remedy_are_given(reason: str, remedy: str) -> RuleRefused | None:
    """A refusal to accept is written, with its reason and what can be done against it (社会救助法 art. 76)."""
    if (refused := reason_is_given(reason)) is not None:
        return refused
    if remedy.strip():
        return None
    return RuleRefused(
        "application.remedy",
        "请写明不服本决定可以申请行政复议或者提起行政诉讼的途径和期限",
        "Say what can be done against it, where and until when.",
        field="remedy",
    )


def is_adult(birth: date, on: date) -> bool:
    """Whether a person is of full age on a day."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)) >= _FULL_AGE_YEARS


def the_right_person_signs(signer: Signer, *, by_guardian: bool, on: date) -> RuleRefused | None:
    """Adults sign for themselves; minors and those with a guardian through the guardian (个人信息保护法 art. 31)."""
    needs_guardian = not is_adult(signer.birth_date, on) or bool(signer.guardian_name)
    if needs_guardian and not by_guardian:
        return RuleRefused(
            "application.signature.guardian",
            f"{signer.name}由监护人代为签署",
            f"The guardian signs for {signer.name}.",
            field="by_guardian",
        )
    if by_guardian and not needs_guardian:
        return RuleRefused(
            "application.signature.self",
            f"{signer.name}是成年人，应由本人签署",
            f"{signer.name} is of full age and signs in person.",
            field="by_guardian",
        )
    return None


def undertaking_and_authorisations_are_signed(
    members: Iterable[Signer], applicant_id: int, signed: Collection[tuple[int, SignedPaper]]
) -> RuleRefused | None:
    """The applicant promises that all is true, every member who counts agrees to be checked (社会救助法 art. 40)."""
    if (applicant_id, SignedPaper.UNDERTAKING) not in signed:
        return RuleRefused(
            "application.undertaking",
            "申请人尚未签署守信承诺书，请签署后再提交",
            "The applicant has not signed the undertaking; sign it, then submit.",
            field="undertaking",
        )
    missing = [
        one.name for one in members if one.counts_as_member and (one.person_id, SignedPaper.AUTHORISATION) not in signed
    ]
    if missing:
        return RuleRefused(
            "application.authorisation",
            f"{'、'.join(missing)}尚未签署核对授权书，请签署后再提交",
            f"Not everyone has agreed to be checked: {', '.join(missing)}. Let them sign, then submit.",
            field="authorisation",
        )
    return None


def nothing_that_can_be_verified_is_asked(items: Collection[Item], askable: Collection[Item]) -> RuleRefused | None:
    """Only what the packs let ask of an applicant is told to be missing (社会救助法 art. 62), and something is."""
    if not items:
        return RuleRefused(
            "application.notice.empty",
            "没有需要补正的内容；材料齐全的应当受理",
            "Nothing is missing; what is complete is accepted.",
            field="items",
        )
    known = {one.what for one in askable}
    beyond = [one.label for one in items if one.what not in known]
    if beyond:
        return RuleRefused(
            "application.notice.verifiable",
            f"不得要求申请人提供：{'、'.join(one.zh for one in beyond)}。能够核对或者调查取得的，由受理机关自行取得",
            f"The applicant is not asked for: {', '.join(one.en for one in beyond)}. The office finds it out itself.",
            field="items",
        )
    return None


def everything_missing_is_told(items: Collection[Item], missing: Collection[Item]) -> RuleRefused | None:
    """There is no second notice, so the first is complete (民发〔2021〕57号 art. 10)."""
    told = {one.what for one in items}
    left_out = [one.label for one in missing if one.what not in told]
    if left_out:
        return RuleRefused(
            "application.notice.incomplete",
            f"补正只能告知一次，还缺少：{'、'.join(one.zh for one in left_out)}",
            f"What is missing is told once; also missing: {', '.join(one.en for one in left_out)}.",
            field="items",
        )
    return None


def materials_are_complete(missing: Collection[Item]) -> RuleRefused | None:
    """An application is accepted when what only the applicant can give is there."""
    if not missing:
        return None
    return RuleRefused(
        "application.materials",
        f"还缺少：{'、'.join(one.label.zh for one in missing)}。请一次性告知申请人补正",
        f"Missing: {', '.join(one.label.en for one in missing)}. Tell the applicant once.",
        field="materials",
    )


def receiver_is_competent(
    receiver: DivisionCode, places: Collection[DivisionCode], sender: DivisionCode
) -> RuleRefused | None:
    """An application is handed to an office in charge of one of its cases, and never back to the own township."""
    if _office(receiver) == _office(sender):
        return RuleRefused(
            "application.transfer.same",
            "该申请已在本乡镇（街道），无需移送",
            "The application is in this township already.",
            field="receiver_division",
        )
    if any(receiver.contains(place) or place.contains(receiver) for place in places):
        return None
    return RuleRefused(
        "application.transfer.competent",
        "该单位对此项申请没有管辖权，请按户籍地、居住地或者急难发生地选择",
        "That office is not in charge; choose the one of registration, of residence or where it happened.",
        field="receiver_division",
    )


def _office(place: DivisionCode) -> str:
    """Townships take applications in (社会救助法 art. 37): what tells one from another."""
    return place.value[:9]
