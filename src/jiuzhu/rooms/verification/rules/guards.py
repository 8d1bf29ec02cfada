"""The guards of the room's steps: each says why a step may not be taken, or None.

Law: 社会救助法 arts. 40–43; 个人信息保护法 arts. 14, 15, 29, 31; 民发〔2021〕57号 arts. 15–18.
"""

from collections.abc import Collection, Iterable
from datetime import date

from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.rooms.verification.states import ItemState, SignatureState, SignedBy

_FULL_AGE_YEARS = 18  # 民法典 art. 17
_INVESTIGATORS = 2  # 社会救助法 art. 43
_WAITING = frozenset({ItemState.PREPARED, ItemState.SENT})


def text_of(value: str, field: str, zh: str, en: str, *, longest: int) -> str:
    """A text without spaces around it; `zh` and `en` name the field.

    Raises:
        InvalidValue: it is empty or longer than its field.
    """
    text = value.strip()
    if not text:
        raise InvalidValue("verification.empty", f"请填写{zh}", f"Enter {en}.", field=field)
    if len(text) > longest:
        raise InvalidValue(
            "verification.too_long",
            f"{zh}不能超过{longest}个字，请删减",
            f"At most {longest} characters are taken for {en}; shorten it.",
            field=field,
        )
    return text


def reason_is_given(reason: str) -> RuleRefused | None:
    """What is refused, sent back or withdrawn is explained."""
    if reason.strip():
        return None
    return RuleRefused("verification.reason", "请填写原因", "Give the reason.", field="reason")


def full_age(birth: date | None, on: date) -> bool | None:
    """Whether a person is of full age; None when the birth date is not known."""
    if birth is None:
        return None
    return (on.year - birth.year) - ((on.month, on.day) < (birth.month, birth.day)) >= _FULL_AGE_YEARS


def the_right_person_signs(
    signed_by: SignedBy, *, birth: date | None, on: date, has_guardian: bool, incapable: bool
) -> RuleRefused | None:
    """Adults sign for themselves; minors and those without capacity through their recorded guardian (PIPL art. 31)."""
    adult = full_age(birth, on)
    if signed_by is SignedBy.SELF and (adult is False or incapable):
        return RuleRefused(
            "verification.signature.guardian",
            "未成年人和无民事行为能力的人由监护人代为签署",
            "A minor, or a person without capacity, signs through the guardian.",
            field="signed_by",
        )
    if signed_by is SignedBy.GUARDIAN and not incapable and adult is not False:
        return RuleRefused(
            "verification.signature.self",
            "成年人应由本人签署；不能表达意愿的，请先登记监护人和行为能力情况",
            "An adult signs in person; record guardian and capacity first where that is not possible.",
            field="signed_by",
        )
    if signed_by is SignedBy.GUARDIAN and not has_guardian:
        return RuleRefused(
            "verification.signature.no_guardian",
            "没有登记该人的监护人，请先在困难群众库中登记监护关系",
            "No guardian is on record; record the guardianship in the registry first.",
            field="signed_by",
        )
    return None


def every_member_has_authorised(states: Iterable[tuple[str, SignatureState]]) -> RuleRefused | None:
    """Each member who counts has signed; `states` are names and states. Supporters' refusals never stop an order."""
    missing = [name for name, state in states if state is not SignatureState.SIGNED]
    if not missing:
        return None
    listed = "、".join(missing)
    return RuleRefused(
        "verification.mandate.missing",
        f"下列成员没有签署授权书或已撤回：{listed}。请补签后再启动核对",
        f"These members have not signed, or have withdrawn: {listed}. Let them sign before the verification starts.",
        field="mandate_id",
    )


def authorisation_was_withdrawn(states: Iterable[SignatureState]) -> RuleRefused | None:
    """An order is stopped because somebody withdrew (个人信息保护法 art. 15), and for nothing else."""
    if any(state is SignatureState.WITHDRAWN for state in states):
        return None
    return RuleRefused(
        "verification.order.not_withdrawn",
        "没有人撤回授权，不能以此中止核对",
        "Nobody has withdrawn, so the verification cannot be stopped for that.",
    )


def item_is_within_the_authorisation(
    item: str, items: Collection[str], day: date, valid_from: date, valid_to: date, state: SignatureState
) -> RuleRefused | None:
    """The person has signed, the mandate names the item (`source.item`), and the day lies in its period."""
    if state is SignatureState.SIGNED and item in items and valid_from <= day <= valid_to:
        return None
    return RuleRefused(
        "verification.item.not_covered",
        "授权书没有覆盖该人员、事项或日期，不得查询",
        "The mandate does not cover this person, item or day: nothing may be asked.",
    )


def every_item_is_answered_or_unavailable(states: Iterable[ItemState]) -> RuleRefused | None:
    """A report waits until every source has answered, or has been recorded as unknown with its cause."""
    waiting = sum(state in _WAITING for state in states)
    if not waiting:
        return None
    return RuleRefused(
        "verification.order.waiting",
        f"还有{waiting}个查询事项没有结果，请等待答复，或登记为无法查询（情况未知）",
        f"{waiting} items have no result yet: wait for them, or record them as unavailable (unknown).",
    )


def something_is_new(before: str, after: str) -> RuleRefused | None:
    """A corrected report says something else than the last one; both are hashes of what is said."""
    if before != after:
        return None
    return RuleRefused(
        "verification.report.same",
        "核对结果与上一版报告相同，无需出具新的报告",
        "The results are those of the last report; no new one is needed.",
    )


def cause_is_named(cause: str) -> RuleRefused | None:
    """Unknown needs its cause."""
    if cause:
        return None
    return RuleRefused(
        "verification.item.cause", "请选择无法查询的原因", "Choose why it is unavailable.", field="cause"
    )


def evidence_is_filed(*, recheck_filed: bool, reason: str) -> RuleRefused | None:
    """A dispute is decided on what the source said when it was asked again, and with words."""
    if recheck_filed and reason.strip():
        return None
    if not recheck_filed:
        return RuleRefused(
            "verification.dispute.no_recheck",
            "来源单位还没有答复复核，不能更正。可以催办，或等待期满",
            "The source has not answered yet: remind it, or wait for the deadline.",
        )
    return reason_is_given(reason)


def two_investigators_took_part(names: Collection[str]) -> RuleRefused | None:
    """A visit is made by two or more (社会救助法 art. 43)."""
    if len({name.strip() for name in names if name.strip()}) >= _INVESTIGATORS:
        return None
    return RuleRefused(
        "verification.visit.investigators",
        "入户调查应有两名以上调查人员参加，请补充调查人员姓名",
        "At least two investigators make a home visit; add their names.",
        field="investigators",
    )


def both_versions_are_kept(kept: Collection[str], colliding: Collection[str]) -> RuleRefused | None:
    """Merging two records throws neither away."""
    if set(colliding) <= set(kept):
        return None
    return RuleRefused(
        "verification.visit.versions",
        "合并后应保留两份原始记录",
        "Both records stay on file when they are merged.",
    )


def investigators_and_a_member_sign(
    investigators: Collection[str], signed: Collection[str], *, member_signed: bool
) -> RuleRefused | None:
    """The record is signed by all investigators and one of the family."""
    if member_signed and set(investigators) <= set(signed):
        return None
    return RuleRefused(
        "verification.visit.signatures",
        "调查人员和被调查家庭成员均应签字",
        "All investigators and a member of the family sign the record.",
        field="signatures",
    )


def members_are_qualified(present: int, *, needed: int | None) -> RuleRefused | None:
    """Enough of the appraisal's members are there; how many is a parameter of the place, and may be unknown."""
    if needed is not None and present >= needed:
        return None
    return RuleRefused(
        "verification.appraisal.members",
        "参加评议的人数不足，或本地未规定人数，请核对",
        "Too few take part, or the place states no number; check it.",
        field="present",
    )


def all_present_have_signed(present: Collection[str], signed: Collection[str]) -> RuleRefused | None:
    """All who took part sign the record."""
    if set(present) <= set(signed):
        return None
    return RuleRefused(
        "verification.appraisal.signatures",
        "参加评议的人员均应签字",
        "All who took part sign the record.",
        field="signatures",
    )
