"""One search box: what somebody typed into it, told by its form."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jiuzhu.core.characters import compact
from jiuzhu.core.errors import Refusal
from jiuzhu.core.identity import CitizenId
from jiuzhu.core.phone import PhoneNumber
from jiuzhu.rooms.registry.rules.grams import INITIALS_PREFIX, query_grams
from jiuzhu.rooms.registry.rules.text import clean_text


class SearchKind(StrEnum):
    """What a search looks for."""

    DOCUMENT = "document"
    PHONE = "phone"
    PHONE_END = "phone_end"
    HOUSEHOLD = "household"
    DIVISION = "division"
    INITIALS = "initials"
    NAME = "name"
    NUMBER = "number"  # digits that are none of the above: nothing is looked for


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed, in the form in which it is looked up; `grams` only for names and initials.

    `passes_check` is false for an identity number that fails its own check, so that an empty answer can say so.
    """

    kind: SearchKind
    value: str
    grams: tuple[str, ...] = ()
    passes_check: bool = True


_CITIZEN = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
_OTHER_DOCUMENT = re.compile(r"[A-Z][0-9]{9}|[A-Z]{3}[0-9]{12}")
_HOUSEHOLD = re.compile(r"[0-9]{6}-[0-9]{8,16}")
_DIVISION_ENDINGS = ("村", "社区", "街道", "镇", "乡", "委会", "县", "区", "市")
_LONGEST = 64


def wanted(text: str, *, today: date) -> Wanted:
    """Tell what was typed.

    Raises:
        InvalidValue: unseen characters, or too long.
    """
    text = clean_text(text, field="text", label=("搜索内容", "Search"), longest=_LONGEST)
    code = compact(text)
    if not code:
        return Wanted(SearchKind.DIVISION, "")
    if _CITIZEN.fullmatch(code):
        try:
            return Wanted(SearchKind.DOCUMENT, CitizenId.parse(code, today=today).value)
        except Refusal:
            return Wanted(SearchKind.DOCUMENT, code, passes_check=False)
    if _OTHER_DOCUMENT.fullmatch(code):
        return Wanted(SearchKind.DOCUMENT, code)
    if _HOUSEHOLD.fullmatch(code):
        return Wanted(SearchKind.HOUSEHOLD, code)
    phone = _phone(code)
    if phone is not None:
        return Wanted(SearchKind.PHONE, phone)
    if code.isascii() and code.isdigit():
        kind = {4: SearchKind.PHONE_END, 6: SearchKind.DIVISION, 9: SearchKind.DIVISION, 12: SearchKind.DIVISION}
        return Wanted(kind.get(len(code), SearchKind.NUMBER), code)
    grams = query_grams(text)
    if grams and grams[0].startswith(INITIALS_PREFIX):
        return Wanted(SearchKind.INITIALS, text, grams)
    return Wanted(SearchKind.NAME, "".join(text.split()), grams)


def reads_like_a_place(text: str) -> bool:
    """Whether a text ends as names of divisions do, so that it is first looked for among them."""
    return len(text) >= 3 and text.endswith(_DIVISION_ENDINGS)


def hint(looked_for: Wanted) -> tuple[str, str]:
    """What to try when nothing was found, in Chinese and in English."""
    if not looked_for.passes_check:
        return (
            "证件号码校验未通过，至少有一位填写错误，请对照证件逐位核对后再查",
            "The identity number fails its check: at least one character is wrong; compare it with the document.",
        )
    return _HINTS[looked_for.kind]


_HINTS: dict[SearchKind, tuple[str, str]] = {
    SearchKind.DOCUMENT: (
        "辖区内没有该证件号码的人员，请核对号码，或改用姓名查找；可能登记在其他区划",
        "Nobody in your area has this number; check it, or search by name; the person may be registered elsewhere.",
    ),
    SearchKind.PHONE: (
        "辖区内没有登记该电话的人员，请核对号码，或改用姓名查找",
        "Nobody in your area has this telephone number; check it, or search by name.",
    ),
    SearchKind.PHONE_END: (
        "该区划内没有电话末四位相符的人员，请输入完整号码，或改用姓名查找",
        "No telephone number here ends so; enter the whole number, or search by name.",
    ),
    SearchKind.HOUSEHOLD: (
        "辖区内没有该户编号，请核对，或改用户主姓名查找",
        "No household of your area has this number; check it, or search by the head's name.",
    ),
    SearchKind.DIVISION: (
        "该区划内还没有登记人员",
        "Nobody is registered in this division yet.",
    ),
    SearchKind.INITIALS: (
        "没有姓名拼音首字母完全相符的人员，请输入全名的首字母（如“张三丰”输入zsf），或直接输入汉字",
        "No name has exactly these initials; enter those of the whole name, or the characters themselves.",
    ),
    SearchKind.NAME: (
        "没有找到，请核对用字（同音字、异体字），或减少字数、改用拼音首字母、证件号码查找",
        "Nothing found; check the characters, use fewer of them, or search by pinyin initials or identity number.",
    ),
    SearchKind.NUMBER: (
        "无法识别这串数字：身份证号为18位，手机号为11位，电话末四位为4位，区划代码为6、9或12位",
        "These digits are no number we know: identity 18, mobile 11, end of a phone 4, division 6, 9 or 12.",
    ),
}


def _phone(code: str) -> str | None:
    try:
        return PhoneNumber.parse(code).value
    except Refusal:
        return None
