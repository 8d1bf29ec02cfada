"""Life events: what the details of each kind must hold, and when an event cannot have happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jiuzhu.core.code_lists.gbt_2261_2_marital_status import MARITAL_STATUS
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.rooms.registry.rules.text import clean_text
from jiuzhu.rooms.registry.states import EVENT_NAMES, LifeEventKind

Detail = str | int
Details = Mapping[str, Detail]


@dataclass(frozen=True, slots=True)
class _Form:
    """Keys an event's details must and may hold."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


_K = LifeEventKind
_FORMS: dict[LifeEventKind, _Form] = {
    _K.BIRTH: _Form(frozenset({"name", "sex", "relation"}), frozenset({"document_number", "ethnicity"})),
    _K.DEATH: _Form(optional=frozenset({"new_head_id"})),
    _K.MOVE: _Form(frozenset({"division_code"}), frozenset({"address", "place"})),
    _K.MARRIAGE: _Form(optional=frozenset({"spouse_id", "household_id", "relation", "marital"})),
    _K.DIVORCE: _Form(optional=frozenset({"spouse_id"})),
    _K.IMPRISONMENT: _Form(optional=frozenset({"until"})),
    _K.RELEASE: _Form(),
    _K.ADOPTION: _Form(frozenset({"household_id", "relation"})),
    _K.MISSING: _Form(),
    _K.FOUND: _Form(),
}
_KEYS: dict[str, tuple[str, str]] = {
    "name": ("姓名", "name"),
    "sex": ("性别", "sex"),
    "relation": ("与户主关系", "relation to the head"),
    "document_number": ("证件号码", "identity number"),
    "ethnicity": ("民族", "ethnic group"),
    "new_head_id": ("新户主", "new head"),
    "division_code": ("迁入村居", "division moved to"),
    "address": ("住址", "address"),
    "place": ("居住点", "place"),
    "spouse_id": ("配偶", "spouse"),
    "household_id": ("转入家庭", "household joined"),
    "marital": ("婚姻状况", "marital status"),
    "until": ("刑期届满日", "end of the sentence"),
}
_NUMBERS = frozenset({"new_head_id", "spouse_id", "household_id"})
# kept in columns of their own and not repeated in the details
PRIVATE_KEYS = frozenset({"name", "document_number", "address"})


def check_details(kind: LifeEventKind, details: Details) -> dict[str, Detail]:
    """Return the details in normal form.

    Raises:
        InvalidValue: a key is missing or foreign, or a value breaks its rules; `field` names the key.
    """
    form = _FORMS[kind]
    zh, en = EVENT_NAMES[kind]
    for key in sorted(form.required - details.keys()):
        names = _KEYS[key]
        raise InvalidValue(
            "registry.event.missing", f"登记“{zh}”请填写{names[0]}", f"{en}: enter the {names[1]}.", field=key
        )
    for key in sorted(details.keys() - form.required - form.optional):
        raise InvalidValue(
            "registry.event.foreign",
            f"“{zh}”没有“{key[:20]}”这一项，请删除",
            f"{en} has no item “{key[:20]}”.",
            field=key,
        )
    return {key: _detail(key, value) for key, value in details.items()}


def check_day(kind: LifeEventKind, happened_on: date, *, birth: date, died: date | None, today: date) -> None:
    """Refuse a day on which the event cannot have happened.

    Raises:
        InvalidValue: after today or before the birth.
        RuleRefused: after the death.
    """
    zh, en = EVENT_NAMES[kind]
    if happened_on > today:
        raise InvalidValue(
            "registry.event.future",
            f"“{zh}”的日期晚于今天，请核对",
            f"{en}: the day lies after today; check it.",
            field="happened_on",
        )
    if happened_on < birth and kind is not LifeEventKind.BIRTH:
        raise InvalidValue(
            "registry.event.before_birth",
            f"“{zh}”的日期早于本人出生日期，请核对",
            f"{en}: the day lies before the birth; check it.",
            field="happened_on",
        )
    if died is not None:
        raise RuleRefused(
            "registry.person.dead",
            f"该人员已登记死亡（{died}），不能登记“{zh}”",
            f"The person is registered as dead ({died}); {en.lower()} cannot be recorded.",
        )


def _detail(key: str, value: Detail) -> Detail:
    zh, en = _KEYS[key]
    if key in _NUMBERS:
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        raise InvalidValue("registry.event.number", f"“{zh}”应为编号", f"The {en} must be a number.", field=key)
    if not isinstance(value, str):
        raise InvalidValue("registry.event.text", f"“{zh}”应为文字", f"The {en} must be text.", field=key)
    if key == "marital":
        if not MARITAL_STATUS.is_married(value):
            raise InvalidValue(
                "registry.event.marital", "结婚后的婚姻状况应为20至23", "Marital status must be 20 to 23.", field=key
            )
        return value
    if key == "until":
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            raise InvalidValue(
                "registry.event.date", f"“{zh}”不是日期，请按2026-03-01填写", f"The {en} is no date.", field=key
            ) from None
    if key == "division_code":
        return village_code(value).value
    return clean_text(value, field=key, label=(zh, en.capitalize()), longest=200, required=key == "name")


def village_code(text: str) -> DivisionCode:
    """Return the code of a village or community.

    Raises:
        InvalidValue: no division code, or one of a higher level.
    """
    code = DivisionCode.parse(text)
    if code.level is not DivisionLevel.VILLAGE:
        raise InvalidValue(
            "registry.division.level",
            "家庭应登记到村（居），请选择12位的村居代码",
            "A household belongs to a village or community; choose a code of that level.",
            field="division_code",
        )
    return code
