"""Particulars of a person: what a registration must hold, and whether its parts agree."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from jiuzhu.core.characters import compact
from jiuzhu.core.code_lists.gbt_2261_1_sex import NOT_STATED, SEX, UNKNOWN
from jiuzhu.core.code_lists.gbt_2261_2_marital_status import MARITAL_STATUS
from jiuzhu.core.code_lists.gbt_3304_ethnic_group import ETHNIC_GROUP
from jiuzhu.core.code_lists.gbt_4761_family_relation import HEAD, RELATION
from jiuzhu.core.errors import InvalidValue, Refusal, RuleRefused
from jiuzhu.core.identity import CitizenId
from jiuzhu.core.names import PersonName
from jiuzhu.core.phone import PhoneNumber
from jiuzhu.rooms.registry.rules.text import clean_text, refuse_unseen
from jiuzhu.rooms.registry.states import DocumentKind

T = TypeVar("T")

_OLDEST_YEARS = 130
_LONGEST_NAME = 64
_OWN_FORM = {
    DocumentKind.PERMANENT_RESIDENCE: re.compile(r"[A-Z]{3}[0-9]{12}"),
    DocumentKind.BIRTH_CERTIFICATE: re.compile(r"[A-Z][0-9]{9}"),
}
# without signs between them, month and day have two digits: 1990111 would be the 11th of January or the 1st of November
_DATE = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
_NUMBER = ("证件号码", "Number")
_PHONE = ("联系电话", "Telephone")


@dataclass(frozen=True, slots=True)
class Particulars:
    """A person as entered. `birth_date` and `sex` may be left out when the identity number tells them."""

    name: str
    document_number: str = ""
    document_kind: DocumentKind = DocumentKind.CITIZEN_ID
    birth_date: date | None = None
    sex: str = ""
    ethnicity: str = "01"
    marital: str = "90"
    phone: str = ""
    name_note: str = ""


@dataclass(frozen=True, slots=True)
class CheckedPerson:
    """Particulars in normal form; `document_number` and `phone` are None when there are none."""

    name: str
    name_note: str
    sex: str
    birth_date: date
    ethnicity: str
    marital: str
    document_kind: DocumentKind
    document_number: str | None
    phone: str | None

    @property
    def phone_last4(self) -> str:
        """The last four digits of the telephone number."""
        return "" if self.phone is None else "".join(char for char in self.phone if char.isdigit())[-4:]


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member of a household as entered: a new person or one already registered, and the relation to the head."""

    relation: str
    person: Particulars | None = None
    person_id: int | None = None
    counts_as_member: bool = True


def check_particulars(entered: Particulars, *, today: date) -> CheckedPerson:
    """Return the particulars in normal form.

    Raises:
        InvalidValue: a part breaks its rules, or birth date and sex disagree with the number; `field` names it.
    """
    name = _in_field("name", lambda: PersonName.parse(entered.name).value)
    if len(name) > _LONGEST_NAME:
        raise InvalidValue(
            "registry.name.length",
            f"姓名不能超过{_LONGEST_NAME}个字，请核对",
            f"A name has at most {_LONGEST_NAME} characters; check it.",
            field="name",
        )
    number, birth, sex = _in_field("document_number", lambda: _document(entered, today))
    phone = entered.phone.strip()
    refuse_unseen(phone, field="phone", label=_PHONE, blanks=True)
    return CheckedPerson(
        name=name,
        name_note=clean_text(entered.name_note, field="name_note", label=("姓名备注", "Note on the name"), longest=64),
        sex=sex,
        birth_date=check_birth(birth, today=today),
        ethnicity=_in_field("ethnicity", lambda: ETHNIC_GROUP.require(entered.ethnicity)),
        marital=_in_field("marital", lambda: MARITAL_STATUS.require(entered.marital)),
        document_kind=entered.document_kind,
        document_number=number,
        phone=_in_field("phone", lambda: PhoneNumber.parse(phone).value) if phone else None,
    )


def check_birth(birth: date | None, *, today: date) -> date:
    """Return the birth date when a living memory can hold it.

    Raises:
        InvalidValue: missing, after today, or more than 130 years ago.
    """
    if birth is None:
        raise InvalidValue(
            "registry.birth.missing", "请填写出生日期", "The birth date is missing; enter it.", field="birth_date"
        )
    if birth > today:
        raise InvalidValue(
            "registry.birth.future",
            "出生日期晚于今天，请核对",
            "The birth date lies after today; check it.",
            field="birth_date",
        )
    if today.year - birth.year > _OLDEST_YEARS:
        raise InvalidValue(
            "registry.birth.range",
            f"出生日期距今超过{_OLDEST_YEARS}年，请核对",
            f"The birth date lies more than {_OLDEST_YEARS} years back; check it.",
            field="birth_date",
        )
    return birth


def parse_birth_date(text: str) -> date:
    """Read a birth date as sheets write it: 1990-2-3, 1990/02/03, 1990年2月3日, 19900203.

    Raises:
        InvalidValue: no date, or one that the calendar does not have.
    """
    found = _DATE.fullmatch(compact(text))
    if found is not None:
        try:
            return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
        except ValueError:
            pass
    raise InvalidValue(
        "registry.birth.impossible",
        "出生日期不存在或格式不正确，请按1990-02-03填写",
        "The birth date does not exist or is malformed; write it as 1990-02-03.",
        field="birth_date",
    )


def check_members(members: list[NewMember]) -> int:
    """Return the place of the head among the members.

    Raises:
        RuleRefused: nobody or more than one is the head.
        InvalidValue: a relation that GB/T 4761-2008 does not have, or a member without person.
    """
    heads = []
    for place, member in enumerate(members):
        try:
            RELATION.require(member.relation)
        except Refusal as refusal:
            refusal.field, refusal.row = "relation", place + 1
            raise
        if (member.person is None) == (member.person_id is None):
            raise InvalidValue(
                "registry.member.person",
                f"第{place + 1}名成员应填写人员信息或选择已登记人员，二者选一",
                f"Member {place + 1}: enter a person or choose a registered one, not both.",
                row=place + 1,
            )
        if member.relation == HEAD:
            heads.append(place)
    if not heads:
        raise RuleRefused(
            "registry.household.no_head",
            "家庭必须有一名户主，请将一名成员的关系设为“户主”（02）",
            "A household needs a head; give one member the relation “head” (02).",
            field="relation",
        )
    if len(heads) > 1:
        raise RuleRefused(
            "registry.household.two_heads",
            f"家庭只能有一名户主，第{'、'.join(str(place + 1) for place in heads)}名成员都填为户主，请改正",
            "A household has one head only; correct the relations.",
            field="relation",
            row=heads[1] + 1,
        )
    return heads[0]


def _in_field(field: str, check: Callable[[], T]) -> T:
    try:
        return check()
    except Refusal as refusal:
        refusal.field = refusal.field or field
        raise


def _document(entered: Particulars, today: date) -> tuple[str | None, date | None, str]:
    sex = SEX.require(entered.sex) if entered.sex else UNKNOWN
    kind = entered.document_kind
    if kind is DocumentKind.NONE:
        if entered.document_number.strip():
            raise InvalidValue(
                "registry.document.kind",
                "填写了证件号码，请选择证件类型",
                "A number is given: choose the kind of document.",
                field="document_kind",
            )
        return None, entered.birth_date, sex
    refuse_unseen(entered.document_number, field="document_number", label=_NUMBER, blanks=True)
    number = compact(entered.document_number)
    if not number:
        raise InvalidValue(
            "registry.document.missing",
            "请填写证件号码；确无证件的，请将证件类型选为“无证件”",
            "The number is missing; for a person without document choose the kind “none”.",
            field="document_number",
        )
    form = _OWN_FORM.get(kind)
    if form is not None and (kind is DocumentKind.BIRTH_CERTIFICATE or form.fullmatch(number)):
        if not form.fullmatch(number):
            raise InvalidValue(
                "registry.document.form",
                "出生医学证明编号应为1位字母加9位数字，请对照证件重新填写",
                "A birth certificate number is a letter and nine digits; enter it again.",
                field="document_number",
            )
        return number, entered.birth_date, sex
    identity = CitizenId.parse(number, today=today)
    if entered.birth_date is not None and entered.birth_date != identity.birth_date:
        raise InvalidValue(
            "registry.birth.disagrees",
            "出生日期与身份证号不一致，请对照证件核对",
            "The birth date disagrees with the identity number; compare both with the document.",
            field="birth_date",
        )
    if sex not in (UNKNOWN, NOT_STATED) and sex != identity.sex.value:
        raise InvalidValue(
            "registry.sex.disagrees",
            "性别与身份证号不一致，请对照证件核对",
            "The sex disagrees with the identity number; compare both with the document.",
            field="sex",
        )
    return identity.value, identity.birth_date, identity.sex.value
