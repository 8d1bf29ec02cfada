"""What may be shown, how long, and what an objection needs: pure, and with reasons.

A guard returns the refusal, or nothing when nothing speaks against the step. Law: 社会救助法 arts. 11, 45;
民发〔2021〕57号 arts. 24, 37; 政府信息公开条例 art. 15; 未成年人保护法 arts. 4, 103.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from jiuzhu.core.calendar import WorkCalendar
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.core.names import NameMask, PersonName
from jiuzhu.rooms.disclosure.states import Board

# every field that a notice may have; `amount` is in fen, with how often it is paid
FIELDS = ("applicant_name", "member_count", "amount_fen", "rhythm", "result", "village")
_PARTS = {"amount": ("amount_fen", "rhythm")}
_LONG_NUMBER = re.compile(r"[0-9]{9,}")
_LATER_BY = 14

Content = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of a case, of which a notice takes what its programme posts; the amount is in fen.

    `guardian_name` stands in the place of an applicant who is a minor (未成年人保护法 art. 4).
    """

    applicant_name: PersonName
    is_minor: bool
    guardian_name: PersonName | None
    member_count: int
    amount_fen: int | None
    rhythm: str
    result: str
    village: str


def shown_name(case: Shown, mask: NameMask = NameMask.ENDS) -> str:
    """The name for the board: masked, and a minor's never: the guardian's, or of the family name alone `某`."""
    if not case.is_minor:
        return case.applicant_name.masked(mask)
    if case.guardian_name is not None:
        return case.guardian_name.masked(mask)
    return case.applicant_name.value[0] + "某"


def content_of(fields: Collection[str], case: Shown) -> dict[str, str | int]:
    """The content of a notice: the fields that the programme posts, and no other."""
    whole: dict[str, str | int | None] = {
        "applicant_name": shown_name(case),
        "member_count": case.member_count,
        "amount_fen": case.amount_fen,
        "rhythm": case.rhythm if case.amount_fen is not None else None,
        "result": case.result,
        "village": case.village,
    }
    wanted = [part for field in fields for part in _PARTS.get(field, (field,))]
    return {part: value for part in FIELDS if part in wanted and (value := whole[part]) is not None}


def only_permitted_fields(content: Content, fields: Collection[str]) -> RuleRefused | None:
    """A notice has only the fields that the programme posts, and nothing in them by which more is told."""
    allowed = {part for field in fields for part in _PARTS.get(field, (field,))}
    other = sorted(set(content) - allowed)
    if other:
        return RuleRefused(
            "disclosure.notice.field",
            f"公示内容有不得公开的字段（{'、'.join(other)}），请重新拟定",
            f"The notice has fields that are not shown ({', '.join(other)}); prepare it anew.",
        )
    if any(_LONG_NUMBER.search(str(value)) for value in content.values()):
        return RuleRefused(
            "disclosure.notice.number",
            "公示内容中有号码（证件、电话或账号），不得公开，请重新拟定",
            "The notice holds a long number (identity, telephone or account), which is not shown; prepare it anew.",
        )
    return None


def is_posted(board: Board, programme: str, *, posts: bool) -> RuleRefused | None:
    """Nothing is posted that the programme does not post (children, quick relief; 民发〔2019〕62号)."""
    if posts:
        return None
    return RuleRefused(
        "disclosure.notice.not_posted",
        f"“{programme}”按规定不设此项公示，不能拟定公示",
        f"{programme} has no notice on the board {board.value}; none is prepared.",
    )


def checked_by_another(preparer: int | None, checker: int | None) -> RuleRefused | None:
    """Who prepares a notice does not check it, and a person checks it."""
    if checker is not None and checker != preparer:
        return None
    return RuleRefused(
        "disclosure.notice.same_person",
        "拟定人不能审核自己拟定的公示，请由其他有权限的人员审核",
        "Whoever prepared the notice does not check it; ask another officer.",
    )


def places_are_named(places: Collection[str], required: Collection[str]) -> RuleRefused | None:
    """It is posted in every place that the programme names."""
    lacking = [one for one in required if one not in places]
    if not lacking:
        return None
    return RuleRefused(
        "disclosure.notice.places",
        "请确认在规定的每个地点都已张贴",
        f"Confirm that it is posted in every place that is laid down; missing: {', '.join(lacking)}.",
        field="places",
    )


def last_day(posted_on: date, days_nd: int | None, calendar: WorkCalendar) -> date | None:
    """The last day of the period; None when it has none.

    The day of posting is not counted (民法典 art. 201), and a period that would end on a day off ends on the next
    working day (art. 203): of the readings of a period of days this is the longest, so it is enough in each of them.
    """
    if days_nd is None:
        return None
    day = posted_on + timedelta(days=days_nd)
    for later in range(_LATER_BY):
        if calendar.is_working_day(day + timedelta(days=later)):
            return day + timedelta(days=later)
    return day


def full_period_has_passed(until: date | None, on: date) -> RuleRefused | None:
    """A notice comes down when its whole period is over, not before (民发〔2021〕57号)."""
    if until is None:
        return RuleRefused(
            "disclosure.notice.no_end",
            "该公布没有期限，待遇终止后请撤回",
            "This notice has no period; withdraw it when the benefit has ended.",
        )
    if on > until:
        return None
    return RuleRefused(
        "disclosure.notice.period",
        f"公示期到{until}届满，期满以前不能撤下",
        f"The period ends with {until}; the notice stays up until then.",
    )


def reason_is_given(reason: str) -> RuleRefused | None:
    """A step that changes what the public sees is explained."""
    if reason.strip():
        return None
    return RuleRefused("disclosure.reason", "请填写原因", "Give the reason.", field="reason")


def can_be_objected_to(*, shown: bool) -> RuleRefused | None:
    """Objections are taken while a notice is up or interrupted."""
    if shown:
        return None
    return RuleRefused(
        "disclosure.objection.over",
        "公示已结束。如仍有异议，请向乡镇（街道）或县级民政部门反映，或拨打12345",
        "The notice is over. Turn to the township or the county's civil affairs office, or call 12345.",
    )


def evidence_is_filed(finding: str) -> RuleRefused | None:
    """An objection is decided on what was found out, which is written down (民发〔2021〕57号 art. 37)."""
    if finding.strip():
        return None
    return RuleRefused(
        "disclosure.objection.finding",
        "请写明核查了什么、查明了什么",
        "Say what was looked into and what was found.",
        field="finding",
    )


def objection_is_anonymous(*, is_anonymous: bool) -> RuleRefused | None:
    """Only an anonymous objection is closed without an answer: one under a real name is answered (art. 37)."""
    if is_anonymous:
        return None
    return RuleRefused(
        "disclosure.objection.named",
        "实名异议必须答复，请填写答复",
        "An objection under a real name is answered; write the answer.",
    )


def answer_reaches_somebody(*, is_anonymous: bool) -> RuleRefused | None:
    """Nobody can be answered who did not say who they are."""
    if not is_anonymous:
        return None
    return RuleRefused(
        "disclosure.objection.unnamed",
        "匿名异议无法答复，请办结",
        "An anonymous objection cannot be answered; close it.",
    )


def text_of(value: str, field: str, zh: str, en: str, *, longest: int) -> str:
    """A text without spaces around it; `zh` and `en` name the field.

    Raises:
        InvalidValue: it is empty or longer than its field.
    """
    text = value.strip()
    if not text:
        raise InvalidValue("disclosure.empty", f"请填写{zh}", f"Enter {en}.", field=field)
    if len(text) > longest:
        raise InvalidValue(
            "disclosure.too_long",
            f"{zh}不能超过{longest}个字，请删减",
            f"At most {longest} characters are taken for {en}; shorten it.",
            field=field,
        )
    return text
