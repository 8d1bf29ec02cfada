"""An explanation as lines of text, and as plain data for templates and interfaces, in Chinese or English."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from jiuzhu.core.citations import Citation
from jiuzhu.engine.explaining.steps import Role, Sort, State, Step
from jiuzhu.engine.explaining.wording import HOLDS, SIGNS, UNKNOWN
from jiuzhu.engine.household.assessment import InForce
from jiuzhu.engine.household.facts import Origin
from jiuzhu.engine.packs.model import Label

ORIGINS = {
    Origin.VERIFIED: Label("核对", "verified"),
    Origin.VISITED: Label("入户调查", "seen on a visit"),
    Origin.DECLARED: Label("申报", "declared"),
}
_ROLES = {
    Role.PASSED: Label("【不适用】", "[does not apply] "),
    Role.TAKEN: Label("【适用】", "[applies] "),
    Role.POSSIBLE: Label("【可能适用】", "[may apply] "),
    Role.RESULT: Label("【结果】", "[result] "),
}
_VERDICTS = {State.NOT_MET: HOLDS[0], State.MET: HOLDS[1], State.OPEN: UNKNOWN}
_WHOLES = {
    (Sort.ALL, State.MET): Label("以下各项都成立", "all of these hold"),
    (Sort.ALL, State.NOT_MET): Label("应当都成立，但以下不成立", "all must hold, but these do not"),
    (Sort.ALL, State.OPEN): Label("应当都成立，以下尚不清楚", "all must hold, and these are not yet known"),
    (Sort.ANY, State.MET): Label("以下成立，有一项即可", "these hold, and one is enough"),
    (Sort.ANY, State.NOT_MET): Label("有一项成立即可，但以下都不成立", "one would be enough, but none of these holds"),
    (Sort.ANY, State.OPEN): Label("有一项成立即可，以下尚不清楚", "one would be enough, and these are not yet known"),
}
SINCE_EVER = date(1949, 10, 1)  # how packs say that a value has no first day
_REPEATED = Label("，见上", ", see above")
_DEMO = Label("演示数值", "demonstration value")


def lines(step: Step, language: str) -> tuple[str, ...]:
    """The explanation as text: one line a step, parts indented by two spaces more."""
    return tuple(f"{'  ' * depth}{text}" for depth, text in _lines(step, language, 0))


def _lines(step: Step, language: str, depth: int) -> Iterator[tuple[int, str]]:
    if step.sort is Sort.MEMBER and len(step.parts) == 1:
        # the member and what is said of it stand on one line
        inner = step.parts[0]
        yield depth, f"{step.label.said(language)}{_colon(language)}{_text(inner, language)}"
        parts = _below(inner)
    else:
        yield depth, _text(step, language)
        parts = _below(step)
    for part in parts:
        yield from _lines(part, language, depth + 1)


def _below(step: Step) -> tuple[Step, ...]:
    """The parts that get a line: of a test, the sides that have more to tell than the test has told."""
    if step.sort is Sort.TEST:
        return tuple(one for one in step.parts if one.sort is not Sort.LITERAL)
    return step.parts


def _text(step: Step, language: str) -> str:
    role = _ROLES.get(step.role)
    return f"{role.said(language) if role else ''}{_said(step, language)}{_notes(step, language)}"


def _said(step: Step, language: str) -> str:
    if step.sort is Sort.TEST and step.parts:
        return _test(step, language)
    whole = _WHOLES.get((step.sort, step.state))
    if whole is not None:
        return whole.said(language)
    label, value = step.label.said(language), step.value.said(language)
    if step.method.zh and step.state is not State.HIDDEN:
        value = f"{value} = {step.method.said(language)}"
    return f"{label}{_colon(language)}{value}" if label else value


def _test(step: Step, language: str) -> str:
    sides = [_side(one, language) for one in step.parts]
    if step.operator in SIGNS:
        said = f" {SIGNS[step.operator]} ".join(sides)
    elif step.operator == "between":
        said = f"{sides[1]} ≤ {sides[0]} ≤ {sides[2]}"
    else:
        words = {"in": Label("属于", "is one of"), "not in": Label("不属于", "is none of")}[step.operator]
        said = f"{sides[0]} {words.said(language)} {sides[1]}"
    verdict = _VERDICTS.get(step.state, step.value)
    return f"{said}{_colon(language)}{verdict.said(language)}"


def _side(step: Step, language: str) -> str:
    label, value = step.label.said(language), step.value.said(language)
    if step.sort is Sort.LITERAL or not label:
        return value
    return f"{label}（{value}）" if language.startswith("zh") else f"{label} ({value})"


def _colon(language: str) -> str:
    return "：" if language.startswith("zh") else ": "


def _notes(step: Step, language: str) -> str:
    """What stands behind a figure: source and day, the parameter's place and time, the law."""
    if step.repeated:
        return _REPEATED.said(language)
    chinese = language.startswith("zh")
    notes = [*_sources(step, language), *_place(step.parameter, language)]
    notes += [cited(one, language) for one in step.basis]
    if step.parameter is not None and step.parameter.is_demo:
        notes.append(_DEMO.said(language))
    if not notes:
        return ""
    return f"（{'；'.join(notes)}）" if chinese else f" ({'; '.join(notes)})"


def _sources(step: Step, language: str) -> Iterator[str]:
    if step.sort is not Sort.FACT or step.state is State.HIDDEN or step.origin is None:
        return
    parts = [ORIGINS[step.origin].said(language)] if step.origin is not None else []
    if step.register.zh and step.origin is Origin.VERIFIED:
        parts.append(step.register.said(language))
    if step.found_on is not None:
        parts.append(step.found_on.isoformat())
    if parts:
        yield ("，" if language.startswith("zh") else ", ").join(parts)


def _place(used: InForce | None, language: str) -> Iterator[str]:
    if used is None or used.entry is None:
        return
    prefix, start, end = used.entry.prefix, used.entry.period.start, used.entry.period.end
    if prefix:
        yield f"区划 {prefix}" if language.startswith("zh") else f"division {prefix}"
    chinese, said = language.startswith("zh"), []
    if start > SINCE_EVER:
        said.append(f"{start} 起" if chinese else f"from {start}")
    if end is not None:
        said.append(f"{end} 前" if chinese else f"before {end}")
    if said:
        yield ("，" if chinese else ", ").join(said)


def cited(citation: Citation, language: str) -> str:
    """A citation in a language; titles stay as they are filed."""
    return citation.full_zh if language.startswith("zh") else citation.short_en


def drawn(step: Step, language: str) -> dict[str, Any]:
    """The explanation as plain data (texts, numbers, lists): what a template or an interface needs, and no more."""
    entry = step.parameter.entry if step.parameter is not None else None
    found: dict[str, Any] = {
        "sort": step.sort.value,
        "state": step.state.value,
        "role": step.role.value,
        "label": step.label.said(language),
        "value": step.value.said(language),
        "unknown": step.is_unknown,
        "repeated": step.repeated,
    }
    optional: dict[str, Any] = {
        "operator": SIGNS.get(step.operator, step.operator),
        "method": "" if step.state is State.HIDDEN else step.method.said(language),
        "variable": "" if step.at is None else str(step.at),
        "origin": None if step.origin is None else ORIGINS[step.origin].said(language),
        "found_on": _iso(step.found_on),
        "register": step.register.said(language),
        "basis": [cited(one, language) for one in step.basis],
        "personal_data": sorted(step.personal_data),
        "parts": [drawn(part, language) for part in step.parts],
    }
    if entry is not None:
        optional["division"] = entry.prefix
        optional["from"], optional["to"] = _iso(entry.period.start), _iso(entry.period.end)
        optional["demo"] = entry.demo
    return found | {key: value for key, value in optional.items() if value not in (None, "", [])}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
