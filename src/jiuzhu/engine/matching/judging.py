"""One person and one record, as a person at a desk would compare them: the rule behind the sets of a batch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from jiuzhu.core.characters import compact
from jiuzhu.core.variants import plain_name
from jiuzhu.engine.matching.comparing import Traits, compare, in_a_block
from jiuzhu.engine.matching.findings import Finding
from jiuzhu.engine.matching.numbers import NumberForm, ReadNumber, read_number
from jiuzhu.engine.matching.weights import Verdict, Weights


@dataclass(frozen=True, slots=True)
class Subject:
    """A person who is verified. `number` and `former` have 18 characters, or are empty."""

    name: str
    number: str
    former: str = ""
    birth: date | None = None
    sex: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a register's row says of its owner."""

    number: str = ""
    name: str = ""
    birth: date | None = None
    sex: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is proposed, why, and the weight where names were compared."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    weight: float | None = None


NOBODY = Judgement(Verdict.NO)


def judge(subject: Subject, entry: Entry, weights: Weights, *, frequency: float | None = None) -> Judgement:
    """Whose record is it? `frequency` is how frequent the person's name is, where that is known."""
    read = read_number(entry.number)
    if read.is_usable and read.value in (subject.number, subject.former):
        return _by_number(subject, entry, read)
    exact = entry.name != "" and entry.name in (subject.name, plain_name(subject.name))
    if read.is_usable or (read.form is NumberForm.BROKEN and len(compact(entry.number)) == 18):
        if exact and subject.number and subject.birth and _birth_in(entry.number) == subject.birth:
            what = Finding.CHANGED_NUMBER if read.is_usable else Finding.BROKEN_NUMBER
            return Judgement(Verdict.REVIEW, (what,))
        return NOBODY
    return _by_name(subject, entry, weights, frequency, is_broken=read.form is NumberForm.BROKEN)


def judge_all(
    subjects: Sequence[Subject], entry: Entry, weights: Weights, frequencies: Sequence[float]
) -> list[Judgement]:
    """The same for a list: whom a number names is alone; that several fit by name makes each of them a question."""
    found = [judge(one, entry, weights, frequency=often) for one, often in zip(subjects, frequencies, strict=True)]
    read = read_number(entry.number)
    if read.is_usable and any(read.value in (one.number, one.former) for one in subjects):
        return [
            each if read.value in (one.number, one.former) else NOBODY
            for one, each in zip(subjects, found, strict=True)
        ]
    matching = {
        one.number or f"#{at}"
        for at, (one, each) in enumerate(zip(subjects, found, strict=True))
        if each.weight is not None and weights.verdict(each.weight) is Verdict.MATCH
    }
    if len(matching) < 2:
        return found
    return [
        replace(each, verdict=Verdict.REVIEW, findings=(*each.findings, Finding.SAME_NAME))
        if each.weight is not None and weights.verdict(each.weight) is Verdict.MATCH
        else each
        for each in found
    ]


def _by_number(subject: Subject, entry: Entry, read: ReadNumber) -> Judgement:
    findings = [Finding.OLD_FORM_NUMBER] if read.form is NumberForm.OLD else []
    if read.value != subject.number:
        findings.append(Finding.FORMER_NUMBER)
    if not entry.name or entry.name == subject.name:
        return Judgement(Verdict.MATCH, tuple(findings))
    if plain_name(entry.name) == plain_name(subject.name):
        return Judgement(Verdict.MATCH, (*findings, Finding.VARIANT_NAME))
    return Judgement(Verdict.REVIEW, (*findings, Finding.NAME_DIFFERS))


def _by_name(
    subject: Subject, entry: Entry, weights: Weights, frequency: float | None, *, is_broken: bool
) -> Judgement:
    person = Traits(subject.name, subject.birth, subject.sex, subject.division)
    record = Traits(entry.name, entry.birth, entry.sex, entry.division)
    if not in_a_block(person, record, plain_name(subject.name), plain_name(entry.name)):
        return NOBODY
    weight = weights.weigh(compare(person, record), frequency)
    verdict = weights.verdict(weight)
    if verdict is Verdict.NO:
        return NOBODY
    if is_broken:
        return Judgement(Verdict.REVIEW, (Finding.BROKEN_NUMBER, Finding.BY_NAME), weight)
    return Judgement(verdict, (Finding.BY_NAME,), weight)


def _birth_in(number: str) -> date | None:
    """The day in a number, whether its check fits or not; of a number of 15 digits none is looked for."""
    written = compact(number)
    if len(written) != 18:
        return None
    try:
        return date(int(written[6:10]), int(written[10:12]), int(written[12:14]))
    except ValueError:
        return None
