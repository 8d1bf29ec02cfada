"""How verification is worded: the same on the pages of officers, of departments and of citizens."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from jiuzhu.channels.kit.wording import listed, said
from jiuzhu.engine.matching.findings import MEANINGS, Finding
from jiuzhu.rooms.verification.ports import CAUSES, Cause, connectors
from jiuzhu.rooms.verification.ports import Finding as Found
from jiuzhu.rooms.verification.queries import ReportView
from jiuzhu.rooms.verification.states import (
    ATTEMPT_NAMES,
    DISPUTE_NAMES,
    ENTRUSTMENTS,
    ITEMS,
    METHOD_NAMES,
    OCCASION_NAMES,
    ORDERS,
    ROLE_NAMES,
    SIGNATURES,
    SIGNED_BY_NAMES,
    AttemptKind,
    DisputeState,
    EntrustmentState,
    ItemState,
    Occasion,
    OrderState,
    SignatureMethod,
    SignatureState,
    SignedBy,
    SignerRole,
)

ORDER_TAGS = {
    OrderState.REQUESTED: "info",
    OrderState.STARTED: "info",
    OrderState.REPORTED: "success",
    OrderState.REJECTED: "neutral",
    OrderState.STOPPED: "warning",
    OrderState.EXPIRED: "neutral",
}
ITEM_TAGS = {
    ItemState.PREPARED: "draft",
    ItemState.SENT: "info",
    ItemState.FOUND: "success",
    ItemState.NONE_FOUND: "success",
    ItemState.UNAVAILABLE: "warning",
    ItemState.DISPUTED: "warning",
    ItemState.CORRECTED: "success",
    ItemState.UPHELD: "success",
}
SIGNATURE_TAGS = {
    SignatureState.ASKED: "draft",
    SignatureState.SIGNED: "success",
    SignatureState.DECLINED: "neutral",
    SignatureState.WITHDRAWN: "warning",
}
DISPUTE_TAGS = {
    DisputeState.FILED: "info",
    DisputeState.RECHECKED: "warning",
    DisputeState.CORRECTED: "success",
    DisputeState.UPHELD: "neutral",
}
_OUTCOME_TAGS = {
    "same": "success",
    "different": "danger",
    "not_declared": "info",
    "unknown": "warning",
    "undecided": "warning",
}


def order_state_name(state: OrderState) -> str:
    """The state of an order."""
    return said(*ORDERS.names[state])


def item_state_name(state: ItemState) -> str:
    """The state of an item."""
    return said(*ITEMS.names[state])


def signature_state_name(state: SignatureState) -> str:
    """The state of a signature."""
    return said(*SIGNATURES.names[state])


def entrustment_state_name(state: EntrustmentState) -> str:
    """The state of an entrustment."""
    return said(*ENTRUSTMENTS.names[state])


def dispute_state_name(state: DisputeState) -> str:
    """The state of a dispute."""
    return said(*DISPUTE_NAMES[state])


def role_name(role: SignerRole) -> str:
    """Why a person is asked to sign."""
    return said(*ROLE_NAMES[role])


def signed_by_name(signed_by: SignedBy | None) -> str:
    """Who signed for a person."""
    return "" if signed_by is None else said(*SIGNED_BY_NAMES[signed_by])


def method_name(method: SignatureMethod | None) -> str:
    """How a mandate was signed."""
    return "" if method is None else said(*METHOD_NAMES[method])


def occasion_name(occasion: Occasion) -> str:
    """What a verification is for."""
    return said(*OCCASION_NAMES[occasion])


def attempt_name(kind: AttemptKind) -> str:
    """Why a source was asked."""
    return said(*ATTEMPT_NAMES[kind])


def source_name(source: str) -> str:
    """A source; its key when it is not connected any more."""
    connector = connectors().get(source)
    return source if connector is None else said(connector.source.zh, connector.source.en)


def item_name(source: str, item: str) -> str:
    """An item of a source."""
    connector = connectors().get(source)
    found = None
    if connector is not None:
        found = next((one for one in connector.source.items if one.name == item), None)
    return item if found is None else said(found.zh, found.en)


def cause_name(cause: str) -> str:
    """Why an item is unknown."""
    return said(*CAUSES[Cause(cause)]) if cause in set(Cause) else cause


def attempt_outcome(outcome: str) -> str:
    """How an attempt ended; empty while it waits."""
    names = {Found.FOUND.value: gettext("查有信息"), Found.NONE_FOUND.value: gettext("查无信息")}
    return names.get(outcome) or (cause_name(outcome) if outcome else gettext("等待答复"))


def outcome_name(outcome: str) -> str:
    """What comparing declared and found gave."""
    return {
        "same": gettext("一致"),
        "different": gettext("有差异"),
        "not_declared": gettext("未申报"),
        "unknown": gettext("未知"),
        "undecided": gettext("待人工甄别"),
    }[outcome]


def remark_lines(keys: Iterable[str]) -> list[str]:
    """What the traps in a record say, and what to look at."""
    lines = []
    for key in keys:
        meaning = MEANINGS[Finding(key)]
        lines.append(said(f"{meaning.zh}。{meaning.look_zh}", f"{meaning.en}. Look at: {meaning.look_en}"))
    return lines


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact of a report in words."""

    label: str
    whose: str
    declared: str
    found: str
    outcome: str
    tag: str
    source: str
    as_of: str
    doubts: tuple[str, ...]
    tests: str


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What one source said, in words."""

    item_id: int
    source: str
    item: str
    state: str
    tag: str
    cause: str
    as_of: str
    reference: str
    records: tuple[tuple[tuple[tuple[str, str], ...], tuple[str, ...]], ...]
    remarks: tuple[str, ...]
    may_dispute: bool


@dataclass(frozen=True, slots=True)
class PersonLines:
    """One person of a report with everything said of them."""

    id: int
    name: str
    number: str
    role: str
    answers: tuple[AnswerLine, ...]


def fact_lines(view: ReportView) -> list[FactLine]:
    """The facts of a report; those that differ or stay open come first."""
    names = {one.id: one.name for one in view.content.persons}
    order = {"different": 0, "undecided": 1, "unknown": 2, "not_declared": 3, "same": 4}
    facts = sorted(view.content.facts, key=lambda one: order[one.outcome])
    return [
        FactLine(
            label=said(one.zh, one.en),
            whose=gettext("全家") if one.person_id is None else names.get(one.person_id, ""),
            declared=said(*one.declared),
            found=said(*one.found),
            outcome=outcome_name(one.outcome),
            tag=_OUTCOME_TAGS[one.outcome],
            source=source_name(one.source),
            as_of=one.data_as_of,
            doubts=tuple(remark_lines(one.doubts)),
            tests=listed(said(zh, en) for zh, en in one.tests),
        )
        for one in facts
    ]


def person_lines(view: ReportView) -> list[PersonLines]:
    """The answers of a report by person."""
    return [
        PersonLines(
            id=person.id,
            name=person.name,
            number=person.number,
            role=role_name(SignerRole(person.role)),
            answers=tuple(
                AnswerLine(
                    item_id=one.item_id,
                    source=said(one.source_zh, one.source_en),
                    item=said(one.item_zh, one.item_en),
                    state=item_state_name(ItemState(one.state)),
                    tag=ITEM_TAGS[ItemState(one.state)],
                    cause=said(one.cause_zh, one.cause_en),
                    as_of=one.data_as_of,
                    reference=one.reference,
                    records=tuple(
                        (
                            tuple((said(zh, en), said(v_zh, v_en)) for zh, en, v_zh, v_en in record.cells),
                            tuple(remark_lines(record.remarks)),
                        )
                        for record in one.records
                    ),
                    remarks=tuple(remark_lines(one.remarks)),
                    may_dispute=one.state in (ItemState.FOUND.value, ItemState.NONE_FOUND.value),
                )
                for one in view.content.answers
                if one.person_id == person.id
            ),
        )
        for person in view.content.persons
    ]
