"""Answers read back from a form: strictly, each field with its own error; what is said to be unknown stays unknown."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from jiuzhu.engine.household.facts import Case, Fact, Origin, Plain
from jiuzhu.engine.kinds import Base, Kind, NotOfKindError, Outcome
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.rooms.application.rules.form.questions import UNKNOWN, Form, Paper, Question
from jiuzhu.rooms.application.rules.guards import Item, ItemKind


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to a field: the text of the packs, None for “I do not know”."""

    field: str
    value: str | None


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with a field and what to do; it repeats nothing that was typed."""

    field: str
    label: Label
    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a form said: answers, fields that were emptied, and what could not be read."""

    answers: tuple[Given, ...]
    cleared: tuple[str, ...]
    problems: tuple[FieldProblem, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """Saved answers against a form, which may be that of later packs.

    `gone` are answers to questions that are asked no more: they are kept and do not count. `unanswered` are the needed
    questions without an answer.
    """

    answers: tuple[Given, ...]
    gone: tuple[str, ...]
    problems: tuple[FieldProblem, ...]
    unanswered: tuple[Question, ...]

    @property
    def is_complete(self) -> bool:
        """Whether it can be submitted as it is."""
        return not self.problems and not self.unanswered


def read_answers(form: Form, given: Mapping[str, str]) -> Reading:
    """Read the fields of a form; fields that were not sent stay as they are."""
    answers, cleared, problems = [], [], []
    for field, text in given.items():
        question = form.questions.get(field)
        if question is None:
            problems.append(
                FieldProblem(
                    field[:80],
                    Label(field[:80], field[:80]),
                    "form.field",
                    "表中没有这个问题，请刷新页面后重新填写",
                    "The form has no such question; load the page anew.",
                )
            )
            continue
        found = _read(question, text)
        if isinstance(found, FieldProblem):
            problems.append(found)
        elif found is None:
            cleared.append(field)
        else:
            answers.append(found)
    return Reading(tuple(answers), tuple(cleared), tuple(problems))


def check_answers(form: Form, saved: Iterable[Given]) -> Checked:
    """What saved answers are worth under a form: each fits, fits no more, or is asked no more."""
    answers, gone, problems = [], [], []
    for one in saved:
        question = form.questions.get(one.field)
        if question is None:
            gone.append(one.field)
            continue
        found = one if one.value is None else _read(question, one.value)
        if isinstance(found, FieldProblem):
            problems.append(found)
        elif found is not None:
            answers.append(found)
    said = {one.field for one in answers} | {one.field for one in problems}
    unanswered = [one for one in form.questions.values() if one.is_needed and one.field not in said]
    return Checked(tuple(answers), tuple(gone), tuple(problems), tuple(unanswered))


def with_answers(form: Form, case: Case, answers: Iterable[Given]) -> Case:
    """The case with the answers as declared facts; an answer never outweighs what was verified or seen on a visit."""
    facts = dict(case.facts)
    members = {entity: [dict(row) for row in rows] for entity, rows in case.members.items()}
    for one in answers:
        question = form.questions.get(one.field)
        if question is None or one.value is None:
            continue
        subject = question.subject
        held = facts if subject.entity == ROOT else members[subject.entity][subject.row]
        before = held.get(question.fact[1])
        if isinstance(before, Fact) and before.origin in (Origin.VERIFIED, Origin.VISITED):
            continue
        held[question.fact[1]] = Fact(plain_of(question.kind, one.value), Origin.DECLARED, form.on)
    return Case(case.division, facts, members)


def plain_of(kind: Kind, text: str) -> Plain:
    """The value of a text of the packs.

    Raises:
        NotOfKindError: it is none of its kind.
    """
    value = kind.decode(kind.encode(text))
    if isinstance(value, Outcome):
        raise NotOfKindError("事实", "a fact")
    return value


def askable(form: Form, papers: Iterable[Paper]) -> tuple[Item, ...]:
    """All that may be told to be missing: the questions of the form, and the papers of its programmes."""
    return (*(question_item(one) for one in form.questions.values()), *(paper_item(one) for one in papers))


def missing_items(
    checked: Checked, papers: Iterable[Paper], handed_in: Collection[tuple[str, str, int | None]]
) -> tuple[Item, ...]:
    """What is missing for certain: needed answers, and needed papers (programme, key, person) not handed in."""
    wanted = [one for one in papers if one.is_needed and (one.programme, one.key, one.person_id) not in handed_in]
    return (*(question_item(one) for one in checked.unanswered), *map(paper_item, wanted))


def question_item(question: Question) -> Item:
    """A question as something that can be missing."""
    return Item(
        ItemKind.ANSWER,
        "",
        f"{question.fact[0]}.{question.fact[1]}",
        question.subject.person_id,
        Label(
            f"{question.subject.name}{'：' if question.subject.name else ''}{question.label.zh}",
            f"{question.label.en}{' (' if question.subject.name else ''}{question.subject.name}"
            f"{')' if question.subject.name else ''}",
        ),
    )


def paper_item(paper: Paper) -> Item:
    """A paper as something that can be missing."""
    return Item(ItemKind.MATERIAL, paper.programme, paper.key, paper.person_id, paper.label)


def _read(question: Question, text: str) -> Given | FieldProblem | None:
    """None: the field is empty, so the question is not answered."""
    said = unicodedata.normalize("NFKC", text).strip()
    if not said:
        return None
    if said == UNKNOWN:
        return Given(question.field, None)
    try:
        held = question.kind.encode(said)
    except NotOfKindError:
        zh, en = _expected(question)
        return FieldProblem(question.field, question.label, "form.kind", f"请填写{zh}", f"Enter {en}.")
    if not question.lowest <= held <= question.highest:
        low, high = (question.kind.decode(one) for one in (question.lowest, question.highest))
        return FieldProblem(
            question.field,
            question.label,
            "form.range",
            f"应在 {low} 至 {high}{question.unit.zh} 之间，请核对",
            f"It must lie between {low} and {high}{question.unit.en}; check it.",
        )
    return Given(question.field, said)


def _expected(question: Question) -> tuple[str, str]:
    match question.kind.base:
        case Base.TRUTH:
            return "“是”“否”或“不清楚”", "yes, no, or not known"
        case Base.CODE:
            return (
                f"下列之一：{'、'.join(one.label.zh for one in question.options)}",
                f"one of: {', '.join(one.label.en for one in question.options)}",
            )
        case Base.DAY:
            return "存在的日期，例如 2026-03-01", "a day that exists, such as 2026-03-01"
        case _ if question.kind.places:
            return (
                f"数字，最多{question.kind.places}位小数，不带逗号和单位，例如 1200.50",
                f"a number with at most {question.kind.places} decimals, without commas or units, such as 1200.50",
            )
        case _:
            return "整数，不带单位", "a whole number without a unit"
