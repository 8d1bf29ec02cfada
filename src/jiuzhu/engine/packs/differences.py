"""What a version of packs changes, in words: programmes, values, rules, facts, papers, clocks, letters.

Compared are two sets of packs, whatever layers they were read from. Every change says for which divisions and from
which day on, what was there before, and on what basis.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from jiuzhu.core.citations import Citation
from jiuzhu.core.periods import Period
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.model import Entry, PackSet, Parameter, Variable
from jiuzhu.engine.packs.pieces import Formula, Label
from jiuzhu.engine.packs.programmes import Programme, Term, Version

K = TypeVar("K", str, tuple[str, date])
T = TypeVar("T")
Part = tuple[Label, str]  # how a part of a programme is called, and what it says
DIGITS = 12
_ALWAYS = date(1800, 1, 1)


class Subject(StrEnum):
    """What a change is about."""

    PROGRAMME = "programme"
    PARAMETER = "parameter"
    FORMULA = "formula"
    FACT = "fact"
    PROCESS = "process"
    MATERIAL = "material"
    NOTICE = "notice"
    EXCLUSION = "exclusion"


class Sort(StrEnum):
    """Whether something is new, gone, or otherwise."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


_SUBJECTS = {
    Subject.PROGRAMME: ("制度", "programme"),
    Subject.PARAMETER: ("参数", "parameter"),
    Subject.FORMULA: ("规则", "rule"),
    Subject.FACT: ("事实", "fact"),
    Subject.PROCESS: ("程序", "procedure"),
    Subject.MATERIAL: ("材料", "material"),
    Subject.NOTICE: ("文书", "letter"),
    Subject.EXCLUSION: ("制度关系", "relation"),
}
# those whose label says enough: the name of a variable or parameter is of use to whoever writes packs
_NAMED = (Subject.PROGRAMME, Subject.PROCESS, Subject.MATERIAL, Subject.NOTICE, Subject.EXCLUSION)
_SORTS = {Sort.ADDED: ("新增", "added"), Sort.REMOVED: ("取消", "removed"), Sort.CHANGED: ("改变", "changed")}


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `before` and `after` are empty where there is nothing. `prefix` and `period` say where and when."""

    subject: Subject
    sort: Sort
    name: str
    label: Label
    before: str
    after: str
    prefix: str = ""
    period: Period | None = None
    basis: tuple[Citation, ...] = ()
    demo: bool = False
    programme: str = ""

    def said(self, language: str) -> str:
        """One line in a language."""
        return self._zh() if language.startswith("zh") else self._en()

    def _zh(self) -> str:
        name = self.label.zh if self.subject in _NAMED else f"{self.label.zh}（{self.name}）"
        where = [f"区划 {self.prefix}"] if self.prefix else []
        if self.period is not None and self.period.start > _ALWAYS:
            where.append(f"自 {self.period.start} 起")
            where += [] if self.period.end is None else [f"至 {self.period.end} 前"]
        grounds = [one.full_zh for one in self.basis] + (["演示值"] if self.demo else [])
        text = f"{_SORTS[self.sort][0]}{_SUBJECTS[self.subject][0]}：{name}"
        text += f"（{'，'.join(where)}）" if where else ""
        text += f"：{self._values}" if self._values else ""
        return text + (f"［{'、'.join(grounds)}］" if grounds else "")

    def _en(self) -> str:
        name = self.label.en or self.name
        where = [f"division {self.prefix}"] if self.prefix else []
        if self.period is not None and self.period.start > _ALWAYS:
            where.append(f"from {self.period.start}")
            where += [] if self.period.end is None else [f"to before {self.period.end}"]
        grounds = [one.short_en for one in self.basis] + (["demonstration value"] if self.demo else [])
        text = f"{_SUBJECTS[self.subject][1]} {_SORTS[self.sort][1]}: "
        text += name if self.subject in _NAMED else f"{name} ({self.name})"
        text += f" ({', '.join(where)})" if where else ""
        text += f": {self._values}" if self._values else ""
        return text + (f" [{'; '.join(grounds)}]" if grounds else "")

    @property
    def _values(self) -> str:
        return f"{self.before} → {self.after}" if self.before and self.after else self.before or self.after


def differences(before: PackSet, after: PackSet) -> tuple[Change, ...]:
    """All changes from one set of packs to another, by subject and name."""
    return (*_programmes(before, after), *_parameters(before, after), *_variables(before, after))


def _pairs(before: Mapping[K, T], after: Mapping[K, T]) -> Iterator[tuple[K, T, T | None, T | None]]:
    """Each name with one of the two, what was there, and what is there now."""
    for name in sorted(before.keys() | after.keys()):
        yield name, after[name] if name in after else before[name], before.get(name), after.get(name)


def _sort(was: object, now: object) -> Sort:
    return Sort.ADDED if was is None else Sort.REMOVED if now is None else Sort.CHANGED


# parameters


def _parameters(before: PackSet, after: PackSet) -> Iterator[Change]:
    for _, one, old, new in _pairs(before.parameters, after.parameters):
        for _, entry, was, now in _pairs(_entries(old), _entries(new)):
            if was is None or now is None or _said(was) != _said(now):
                yield entry_change(one, entry, was, now)


def _entries(one: Parameter | None) -> dict[tuple[str, date], Entry]:
    return {} if one is None else {(entry.prefix, entry.period.start): entry for entry in one.entries}


def _said(entry: Entry) -> tuple[int, bool, Period]:
    return entry.value, entry.demo, entry.period


def entry_change(one: Parameter, entry: Entry, was: Entry | None, now: Entry | None) -> Change:
    """A value that is new, gone or otherwise; `entry` is the one that is told of."""
    before, after = ("" if each is None else _written(one, each) for each in (was, now))
    if was is not None and now is not None and was.value == now.value:  # only its days or its mark are otherwise
        before, after = f"{before} {was.period}", f"{after} {now.period}"
    return Change(
        Subject.PARAMETER,
        _sort(was, now),
        one.name,
        one.label,
        before,
        after,
        prefix=entry.prefix,
        period=entry.period,
        basis=entry.basis,
        demo=entry.demo,
    )


def _written(one: Parameter, entry: Entry) -> str:
    """A value as it is written in files."""
    if one.kind.base is Base.TRUTH:
        return "yes" if entry.value else "no"
    return str(one.kind.decode(entry.value))


# facts and rules


def _variables(before: PackSet, after: PackSet) -> Iterator[Change]:
    old = {one.full_name: one for one in before.variables.values()}
    new = {one.full_name: one for one in after.variables.values()}
    for name, one, was, now in _pairs(old, new):
        if one.source is None:
            yield from _formulas(name, one, was, now)
        elif was is None or now is None:
            yield Change(Subject.FACT, _sort(was, now), name, one.label, "", "")
        else:
            yield from _fact(name, was, now)


def _fact(name: str, was: Variable, now: Variable) -> Iterator[Change]:
    for of in (_range_of, _source_of, lambda one: one.label.zh):
        if of(was) != of(now):
            yield Change(Subject.FACT, Sort.CHANGED, name, now.label, of(was), of(now))


def _range_of(one: Variable) -> str:
    kind = one.kind
    low, high = kind.decode(kind.lowest), kind.decode(kind.highest)
    return f"{kind.base} {'、'.join(kind.options) or f'{low}…{high}'} {kind.unit}".strip()


def _source_of(one: Variable) -> str:
    source = one.source
    return "" if source is None else f"{source.register} {source.material} {source.personal_data}".strip()


def _formulas(name: str, one: Variable, was: Variable | None, now: Variable | None) -> Iterator[Change]:
    old, new = ({} if each is None else {(f.prefix, f.period.start): f for f in each.formulas} for each in (was, now))
    for _, formula, first, second in _pairs(old, new):
        if first is not None and second is not None and _same(first, second):
            continue
        yield formula_change(name, one, formula, first, second)


def formula_change(name: str, one: Variable, formula: Formula, was: Formula | None, now: Formula | None) -> Change:
    """A rule that is new, gone or otherwise; `formula` is the one that is told of."""
    return Change(
        Subject.FORMULA,
        _sort(was, now),
        name,
        one.label,
        "" if was is None else _flat(was.text),
        "" if now is None else _flat(now.text),
        prefix=formula.prefix,
        period=formula.period,
        basis=formula.basis,
        programme=one.programme,
    )


def _same(one: Formula, other: Formula) -> bool:
    return _flat(one.text) == _flat(other.text) and one.period == other.period


def _flat(text: str) -> str:
    return " ".join(text.split())


# programmes


def _programmes(before: PackSet, after: PackSet) -> Iterator[Change]:
    for name, one, was, now in _pairs(before.programmes, after.programmes):
        if was is not None and now is not None:
            yield from _versions(name, was, now)
        else:
            last = one.versions[-1]
            yield Change(Subject.PROGRAMME, _sort(was, now), name, last.name, "", "", basis=last.basis, programme=name)


def _versions(name: str, was: Programme, now: Programme) -> Iterator[Change]:
    old, new = ({(v.prefix, v.period.start): v for v in each.versions} for each in (was, now))
    for _, one, first, second in _pairs(old, new):
        if first is not None and second is not None:
            yield from version_changes(name, first, second)
            continue
        # a version of its own for some divisions: say only what is otherwise than above
        base = was.version(one.prefix.ljust(DIGITS, "0"), one.period.start) if first is None else None
        if base is not None:
            yield from version_changes(name, base, one)
        else:
            sort = _sort(first, second)
            yield Change(
                Subject.PROGRAMME, sort, name, one.name, "", "", one.prefix, one.period, one.basis, programme=name
            )


_FIELDS: Mapping[str, tuple[Callable[[Version], str], str, str]] = {
    "name": (lambda one: one.name.zh, "名称", "name"),
    "period": (lambda one: str(one.period), "施行期间", "period"),
    "lead": (lambda one: one.lead, "主管部门", "lead"),
    "groups": (lambda one: "、".join(one.groups), "对象", "groups"),
    "unit": (lambda one: str(one.unit), "对象单位", "unit"),
    "venues": (lambda one: "、".join(one.venues), "受理地", "venues"),
    "decided_by": (lambda one: one.decided_by, "决定机关", "decided by"),
    "amounts": (lambda one: "、".join(f"{a.variable[1]} {a.rhythm}" for a in one.amounts), "待遇", "amounts"),
}


def version_changes(name: str, was: Version, now: Version) -> Iterator[Change]:
    """What one version of a programme has otherwise than another."""
    for of, zh, en in _FIELDS.values():
        if of(was) != of(now):
            yield _field(
                Subject.PROGRAMME, now, Label(f"{now.name.zh}·{zh}", f"{now.name.en}: {en}"), of(was), of(now), name
            )
    yield from _parts(Subject.EXCLUSION, name, now, _relations(was), _relations(now))
    yield from _parts(Subject.PROCESS, name, now, _process(was), _process(now))
    yield from _parts(Subject.MATERIAL, name, now, _materials(was), _materials(now))
    yield from _parts(Subject.NOTICE, name, now, _notices(was), _notices(now))


def _field(subject: Subject, now: Version, label: Label, before: str, after: str, name: str) -> Change:
    sort = Sort.ADDED if not before else Sort.REMOVED if not after else Sort.CHANGED
    return Change(subject, sort, name, label, before, after, now.prefix, now.period, now.basis, programme=name)


def _parts(
    subject: Subject, name: str, now: Version, before: Mapping[str, Part], after: Mapping[str, Part]
) -> Iterator[Change]:
    for _, (own, _), first, second in _pairs(before, after):
        texts = ["" if each is None else each[1] for each in (first, second)]
        if texts[0] != texts[1]:
            label = Label(f"{now.short.zh}·{own.zh}", f"{now.short.en}: {own.en}")
            yield _field(subject, now, label, texts[0], texts[1], name)


def _relations(one: Version) -> dict[str, Part]:
    return {each.programme: (Label(each.programme, each.programme), f"{each.how} {each.who}") for each in one.excludes}


def _process(one: Version) -> dict[str, Part]:
    process = one.process
    if process is None:
        return {}
    found: dict[str, Part] = {}
    for step in process.steps:
        told = (step.actor, _term(step.deadline), _posted(step.publishes))
        found[f"step {step.key}"] = step.label, "，".join(part for part in told if part)
    for limit in process.limits:
        found[f"limit {limit.case}"] = Label(f"时限 {limit.case}", f"limit {limit.case}"), _term(limit.term)
    for review in process.reviews:
        label = Label(f"复核 {review.label.zh}", f"review {review.label.en}")
        found[f"review {review.name}"] = label, _term(review.every)
    for remedy in process.remedies:
        label = Label(f"救济 {remedy.label.zh}", f"remedy {remedy.label.en}")
        found[f"remedy {remedy.kind}"] = label, _term(remedy.term)
    found["order"] = Label("步骤顺序", "order of steps"), " → ".join(step.key for step in process.steps)
    found["effect"] = Label("生效", "effect"), str(process.effect)
    if process.refusal is not None:
        found["refusal"] = Label("不予确认告知", "notice of refusal"), _term(process.refusal.deadline)
    return found


def _posted(publishes: object) -> str:
    days = getattr(publishes, "days_nd", None)
    return "" if publishes is None else f"公示 {days} 天" if days else "长期公示"


def _term(term: Term | None) -> str:
    if term is None:
        return ""
    return f"{term.parameter or term.number} {term.unit}"


def _materials(one: Version) -> dict[str, Part]:
    return {
        each.key: (each.label, f"{each.from_whom} {_flat(each.when.text) if each.when else ''}".strip())
        for each in one.materials or ()
    }


def _notices(one: Version) -> dict[str, Part]:
    return {str(each.kind): (each.title, " / ".join(part.zh for part in each.paragraphs)) for each in one.notices}
