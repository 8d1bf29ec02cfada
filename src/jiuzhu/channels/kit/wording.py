"""How the registry's kinds and values are said to people, in the reader's language, for every channel."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.utils.translation import get_language, gettext, pgettext

from jiuzhu.core.divisions import DivisionLevel
from jiuzhu.groundwork.permissions import PERMISSION_NAMES as GROUNDWORK_NAMES
from jiuzhu.rooms.organization.permissions import PERMISSION_NAMES as ORGANIZATION_NAMES
from jiuzhu.rooms.organization.queries import public_role_names
from jiuzhu.rooms.registry.permissions import PERMISSION_NAMES as REGISTRY_NAMES
from jiuzhu.rooms.registry.states import (
    DOCUMENT_NAMES,
    EVIDENCE_NAMES,
    GROUPS,
    GUARDIANSHIP_NAMES,
    SOURCE_NAMES,
    CustodyState,
    DocumentKind,
    EvidenceKind,
    GuardianshipKind,
    ProtectionKind,
    RegisteredKind,
    SourceKind,
    TargetGroup,
)


class Claimed(Protocol):
    """What the registry says of one value: the form of its `ClaimView`."""

    @property
    def shown(self) -> str: ...
    @property
    def shown_en(self) -> str: ...
    @property
    def source(self) -> SourceKind: ...
    @property
    def department(self) -> str: ...
    @property
    def since(self) -> date: ...
    @property
    def fact_id(self) -> int: ...


class Known(Protocol):
    """What the registry says of one variable: the form of its `VariableView`."""

    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...
    @property
    def personal_data(self) -> str: ...
    @property
    def current(self) -> Claimed: ...
    @property
    def conflicts(self) -> Sequence[Claimed]: ...


_NUMBERED = re.compile(r"(.+)（第(\d+)号）")
_TAGS = {SourceKind.VERIFIED: "success", SourceKind.VISITED: "info", SourceKind.DECLARED: "draft"}


def in_english() -> bool:
    """Whether the reader has chosen English."""
    return (get_language() or "").startswith("en")


def said(zh: str, en: str) -> str:
    """The one of two wordings that the reader reads."""
    return en if in_english() else zh


def permission_name(permission: str) -> str:
    """What a permission allows, in words; empty for one that no page asks for."""
    for names in (GROUNDWORK_NAMES, ORGANIZATION_NAMES, REGISTRY_NAMES):
        for known, words in names.items():
            if known == permission:
                return said(*words)
    return ""


def level_name(level: DivisionLevel) -> str:
    """The level of a division."""
    return {
        DivisionLevel.COUNTRY: gettext("国家"),
        DivisionLevel.PROVINCE: gettext("省"),
        DivisionLevel.CITY: gettext("市"),
        DivisionLevel.COUNTY: gettext("县（市、区）"),
        DivisionLevel.TOWNSHIP: gettext("乡镇（街道）"),
        DivisionLevel.VILLAGE: gettext("村（社区）"),
    }[level]


def listed(names: Iterable[object]) -> str:
    """Several names, one after another."""
    return said("、", ", ").join(str(one) for one in names)


def labelled(label: object, value: object) -> str:
    """A value behind its label."""
    return gettext("%(label)s：%(value)s") % {"label": label, "value": value}


def bracketed(text: object, note: object) -> str:
    """A text with a note in brackets behind it."""
    return gettext("%(text)s（%(note)s）") % {"text": text, "note": note}


def title_name(title: str) -> str:
    """The title of a post as a log holds it; one that is not a role's own stays as it was written."""
    return said(title, dict(public_role_names().values()).get(title, title))


def purpose_text(purpose: str) -> str:
    """Why something was looked at: the program's own words are translated, a person's stay."""
    return gettext(purpose) if purpose else ""


def reason_text(reason: str) -> str:
    """Why something was done: the program's own words are translated, a person's stay."""
    words, number = reason, ""
    if numbered := _NUMBERED.fullmatch(reason):
        words, number = numbered.groups()
    found = {
        "上传家庭花名册": gettext("上传家庭花名册"),
        "校验家庭花名册": gettext("校验家庭花名册"),
        "确认导入家庭花名册": gettext("确认导入家庭花名册"),
        "导入家庭花名册": gettext("导入家庭花名册"),
        "政策筛查": gettext("政策筛查"),
        "公示到期撤下": gettext("公示到期撤下"),
        "家庭经济状况核对": gettext("家庭经济状况核对"),
        "核对异议登记": gettext("核对异议登记"),
        "核对授权核验": gettext("核对授权核验"),
        "撤销分户": pgettext("reason", "撤销分户"),
        "死亡": gettext("死亡"),
        "转入其他家庭": gettext("转入其他家庭"),
        "演示账号": gettext("演示账号"),
        "演示数据": gettext("演示数据"),
        "演示城市：组织网络": gettext("演示城市：组织网络"),
    }.get(words)
    if found is None:
        return reason
    return gettext("%(reason)s（第%(number)s号）") % {"reason": found, "number": number} if number else found


def group_name(group: TargetGroup) -> str:
    """The name of a target group."""
    return said(GROUPS[group].zh, GROUPS[group].en)


def evidence_name(kind: EvidenceKind) -> str:
    """The name of a kind of evidence."""
    return said(*EVIDENCE_NAMES[kind])


def document_name(kind: DocumentKind) -> str:
    """The name of a kind of identity document."""
    return said(*DOCUMENT_NAMES[kind])


def guardianship_name(kind: GuardianshipKind) -> str:
    """The name of a kind of guardianship."""
    return said(*GUARDIANSHIP_NAMES[kind])


def registered_name(kind: RegisteredKind) -> str:
    """The name of a kind of household registration."""
    return gettext("城镇") if kind is RegisteredKind.URBAN else gettext("农村")


def custody_name(state: CustodyState) -> str:
    """What to say of a person who is not free; empty for all others."""
    return {CustodyState.IMPRISONED: gettext("服刑"), CustodyState.MISSING: gettext("失踪")}.get(state, "")


def protection_name(kind: ProtectionKind) -> str:
    """Why a person is protected; empty when not."""
    return {
        ProtectionKind.DOMESTIC_VIOLENCE: gettext("家庭暴力受害人"),
        ProtectionKind.TRAFFICKED: gettext("被拐卖人员"),
    }.get(kind, "")


def flag_name(flag: str) -> str:
    """What waits to be settled in a household."""
    return {"no_head": gettext("无户主，需另定户主"), "check_relations": gettext("户主已变更，需核对成员关系")}.get(
        flag, flag
    )


def look_name(kind: str) -> str:
    """What was looked at."""
    return {
        "person": gettext("个人信息（号码已遮盖）"),
        "household": gettext("家庭信息"),
        "identity": gettext("完整证件号码和电话"),
        "history": gettext("变更历史"),
    }.get(kind, kind)


def operation_name(operation: str) -> str:
    """What was done to a row."""
    return {"INSERT": gettext("登记"), "UPDATE": gettext("变更"), "DELETE": gettext("删除")}.get(operation, operation)


def coded(field: str, value: str) -> str:
    """A stored code of some fields of a person by its name; anything else as it is."""
    if field == "custody" and value in set(CustodyState):
        return custody_name(CustodyState(value)) or gettext("未受限制")
    if field == "protection" and value in set(ProtectionKind):
        return protection_name(ProtectionKind(value))
    return department_name(value) if field == "department_code" else value


def topic_name(topic: str) -> str:
    """The heading under which facts of a class of personal data stand."""
    return {
        "identity": gettext("身份与就学"),
        "family": gettext("家庭与赡养"),
        "health": gettext("健康与残疾"),
        "finance": gettext("收入、财产与支出"),
        "welfare": gettext("已享受的救助和福利"),
        "contact": gettext("联系方式"),
        "conduct": gettext("守法守信"),
        "none": gettext("其他情况"),
    }.get(topic, topic)


def department_name(code: str) -> str:
    """The department behind a code of the list of variables."""
    return {
        "administrative_approval": gettext("行政审批部门"),
        "agriculture": gettext("农业农村部门"),
        "audit": gettext("审计机关"),
        "central_bank": gettext("人民银行"),
        "civil_affairs": gettext("民政部门"),
        "data": gettext("数据管理部门"),
        "development_reform": gettext("发展改革部门"),
        "disabled_federation": gettext("残疾人联合会"),
        "education": gettext("教育部门"),
        "emergency": gettext("应急管理部门"),
        "establishment": gettext("机构编制部门"),
        "farm_machinery": gettext("农机部门"),
        "finance": gettext("财政部门"),
        "financial_regulation": gettext("金融监管部门"),
        "health": gettext("卫生健康部门"),
        "housing": gettext("住房城乡建设部门"),
        "human_resources": gettext("人力资源社会保障部门"),
        "justice": gettext("司法机关"),
        "market_regulation": gettext("市场监督管理部门"),
        "medical_security": gettext("医疗保障部门"),
        "natural_resources": gettext("自然资源部门"),
        "politics_law": gettext("政法委员会"),
        "poverty_alleviation": gettext("扶贫部门"),
        "power": gettext("供电企业"),
        "public_security": gettext("公安机关"),
        "tax": gettext("税务部门"),
        "trade_unions": gettext("工会"),
        "transport": gettext("交通运输部门"),
        "united_front": gettext("统战部门"),
        "womens_federation": gettext("妇女联合会"),
        "youth_league": gettext("共青团"),
    }.get(code, code)


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A value with its source, ready to be shown; `tag` is the kind of tag that marks the source."""

    value: str
    source: str
    tag: str
    department: str
    since: date
    fact_id: int


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A value in force of somebody (or of the household, then `whose` is empty) and what other sources say."""

    name: str
    whose: str
    person_id: int | None
    current: ShownClaim
    others: tuple[ShownClaim, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """Facts under one heading."""

    key: str
    name: str
    facts: tuple[ShownFact, ...]
    conflicts: int


Subject = tuple[str, int | None, Sequence[Known]]
_ORDER = ("finance", "health", "welfare", "identity", "family", "contact", "conduct", "none")


def topics(subjects: Iterable[Subject]) -> tuple[Topic, ...]:
    """The facts of some subjects (name, id, variables) by topic; topics without facts are left out."""
    found: dict[str, list[ShownFact]] = {topic: [] for topic in _ORDER}
    for whose, person_id, variables in subjects:
        for one in variables:
            found.setdefault(one.personal_data, []).append(
                ShownFact(
                    name=said(one.zh, one.en),
                    whose=whose,
                    person_id=person_id,
                    current=_claim(one.current),
                    others=tuple(_claim(other) for other in one.conflicts),
                )
            )
    return tuple(
        Topic(topic, topic_name(topic), tuple(facts), sum(bool(fact.others) for fact in facts))
        for topic, facts in found.items()
        if facts
    )


def _claim(claim: Claimed) -> ShownClaim:
    return ShownClaim(
        value=said(claim.shown, claim.shown_en),
        source=said(*SOURCE_NAMES[claim.source]),
        tag=_TAGS[claim.source],
        department=department_name(claim.department) if claim.department else "",
        since=claim.since,
        fact_id=claim.fact_id,
    )
