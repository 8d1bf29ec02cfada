"""What a referral may share and with whom, and how a donation may be used: pure, and with reasons.

Law: 社会救助法 arts. 11, 34–36, 42; 慈善法 arts. 59, 62, 63; 个人信息保护法 arts. 6, 15, 23; 山东省慈善条例 art. 29.
"""

import re
from collections.abc import Collection, Iterable, Mapping

from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.rooms.referral.states import RECEIVER_KIND_NAMES, SHARED_NAMES, Need, ReceiverKind

# a charity is told whom to help and how to reach them, and no number by which registers can be searched
_ONLY_FOR_DEPARTMENTS = frozenset({"identity_number"})
_LONG_NUMBER = re.compile(r"[0-9]{7,}")


def fields_to_share_are_named(fields: Collection[str], covers: Collection[ReceiverKind]) -> RuleRefused | None:
    """Consent names each field that is shared and whom with; outside government some are never shared."""
    if not fields or not covers:
        return RuleRefused(
            "referral.consent.nothing",
            "请选择同意共享的信息和同意转介的对象",
            "Choose what may be shared and with whom.",
            field="fields",
        )
    unknown = sorted(set(fields) - SHARED_NAMES.keys())
    if unknown:
        return RuleRefused(
            "referral.consent.unknown",
            f"不能共享“{'、'.join(unknown)}”，请从列表中选择",
            f"{', '.join(unknown)} cannot be shared; choose from the list.",
            field="fields",
        )
    outside = [kind for kind in covers if kind is not ReceiverKind.DEPARTMENT]
    if outside and _ONLY_FOR_DEPARTMENTS & set(fields):
        return RuleRefused(
            "referral.consent.outside",
            "身份号码只提供给政府部门，转介给其他单位时请不要选择",
            "The identity number goes to departments only; leave it out for other receivers.",
            field="fields",
        )
    return None


def consent_covers_the_receiver(kind: ReceiverKind, covers: Iterable[ReceiverKind]) -> RuleRefused | None:
    """Nothing is sent to a kind of receiver that the person did not agree to."""
    if kind in set(covers):
        return None
    zh, en = RECEIVER_KIND_NAMES[kind]
    return RuleRefused(
        "referral.consent.receiver",
        f"当事人没有同意转介给{zh}，请先征得同意",
        f"The person did not agree to a referral to: {en.lower()}. Ask first.",
        field="receiver_kind",
    )


def values_to_share(fields: Collection[str], known: Mapping[str, str]) -> dict[str, str]:
    """The values of the fields agreed to, and of no other; what is not known is left out."""
    return {field: known[field] for field in SHARED_NAMES if field in fields and known.get(field)}


def reason_is_given(reason: str) -> RuleRefused | None:
    """What ends without help is explained."""
    if reason.strip():
        return None
    return RuleRefused("referral.reason", "请填写原因", "Give the reason.", field="reason")


def receiver_is_named(kind: ReceiverKind, department: str, name: str) -> RuleRefused | None:
    """A department by its code, anyone else by name."""
    if name.strip() and (kind is ReceiverKind.DEPARTMENT) == bool(department):
        return None
    return RuleRefused(
        "referral.receiver",
        "请选择接收部门，或者填写接收单位的名称",
        "Choose the department, or enter the receiver's name.",
        field="receiver_name",
    )


def use_follows_the_intent(restricted_to: Need | None, used_for: Need | None) -> RuleRefused | None:
    """A donation for one need is not used for another (慈善法 art. 59)."""
    if restricted_to is None or used_for is restricted_to:
        return None
    return RuleRefused(
        "referral.donation.intent",
        "与捐赠意愿不符：限定用途的捐赠只能用于该需求",
        "It does not follow the donor's intent: a restricted donation is used for that need only.",
        field="referral_id",
    )


def nobody_is_recognisable(text: str, names: Iterable[str]) -> RuleRefused | None:
    """A report to a donor names nobody who was helped, and holds no number (慈善法 arts. 62, 63)."""
    if any(name and name in text for name in names) or _LONG_NUMBER.search(text):
        return RuleRefused(
            "referral.donation.recognisable",
            "反馈内容能认出受助人（姓名或号码），请删除后再反馈",
            "The report shows who was helped (a name or a number); remove it first.",
            field="report",
        )
    return None


def amount_or_goods(amount_fen: int | None, goods: str) -> RuleRefused | None:
    """A donation is money or goods."""
    if (amount_fen is not None and amount_fen > 0) != bool(goods.strip()):
        return None
    return RuleRefused(
        "referral.donation.what",
        "请填写金额，或者写明捐赠的物资",
        "Enter the amount, or say which goods are given.",
        field="amount_fen",
    )


def text_of(value: str, field: str, zh: str, en: str, *, longest: int) -> str:
    """A text without spaces around it; `zh` and `en` name the field.

    Raises:
        InvalidValue: it is empty or longer than its field.
    """
    text = value.strip()
    if not text:
        raise InvalidValue("referral.empty", f"请填写{zh}", f"Enter {en}.", field=field)
    if len(text) > longest:
        raise InvalidValue(
            "referral.too_long",
            f"{zh}不能超过{longest}个字，请删减",
            f"At most {longest} characters are taken for {en}; shorten it.",
            field=field,
        )
    return text
