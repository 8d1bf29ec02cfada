"""The form: made from the packs alone, asked once, only what no department can answer, read back strictly (S08 S14)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.packs import FACTS, FORMULAS
from tests.engine.programmes import MATERIALS, write, write_programme

from jiuzhu.core.errors import InvalidValue
from jiuzhu.engine.household.facts import At, Case, Fact, Origin
from jiuzhu.engine.household.months import Programs
from jiuzhu.engine.kinds import KINDS
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.rooms.application.rules.form.answers import (
    Given,
    askable,
    check_answers,
    missing_items,
    read_answers,
    with_answers,
)
from jiuzhu.rooms.application.rules.form.deriving import Person, derive_form, written
from jiuzhu.rooms.application.rules.form.questions import UNKNOWN, Form, Option, Wanted, field_of
from jiuzhu.rooms.application.rules.guards import ItemKind, nothing_that_can_be_verified_is_asked

ON = date(2026, 11, 23)
DIVISION = "370902001001"
PEOPLE = (Person(11, "王秀兰", counts_as_member=True), Person(12, "李建国", counts_as_member=True))
GUEST = Person(13, "赵客", counts_as_member=False)
ASKED = (
    FACTS.replace(
        "highest: 50000}",
        "highest: 50000, personal_data: finance, question: 每月养老金多少元？, question_en: How much a month?}",
    )
    .replace(
        "severe: [重病, severe]}}",
        "severe: [重病, severe]}, question: 身体状况如何？, question_en: How is the health?}",
    )
    .replace("label_en: student}", "label_en: student, question: 是否在校？, question_en: Still at school?}")
    .replace(
        "register: public_security}", "register: public_security, question: 有几辆车？, question_en: How many cars?}"
    )
)
DIBAO = (Wanted("dibao"),)


def packs_of(folder: Path, *, facts: str = ASKED, **files: str) -> PackSet:
    """The sample packs with other facts or files."""
    root = write_programme(folder, **files)
    write(root, "000000-national/facts.yaml", facts)
    return load([root])


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> PackSet:
    """The sample packs, with questions."""
    return packs_of(tmp_path_factory.mktemp("packs"))


def case(persons: tuple[Mapping[str, object], ...] = ({}, {}), facts: Mapping[str, object] | None = None) -> Case:
    """A household of two born in 1970, of whom the registers know wages and one car."""
    known = {"birth_date": date(1970, 1, 1), "wage_yuan_year": Fact(Decimal(0), Origin.VERIFIED, ON)}
    return Case(
        DIVISION,
        {"urban": True, "cars": 0, **(facts or {})},  # type: ignore[dict-item]
        {"person": [{**known, **one} for one in persons], "supporter": []},  # type: ignore[dict-item]
    )


def form_of(packs: PackSet, household: Case | None = None, **other: object) -> Form:
    """The form of the two for dibao."""
    return derive_form(Programs(packs), household or case(), PEOPLE, DIBAO, ON, **other)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def form(packs: PackSet) -> Form:
    """The form of the two."""
    return form_of(packs)


def test_the_questions_are_the_inputs_that_no_register_holds_in_the_order_of_the_packs(form: Form) -> None:
    assert list(form.questions) == [
        "person.11.pension_yuan_month",
        "person.11.illness",
        "person.11.student",
        "person.12.pension_yuan_month",
        "person.12.illness",
        "person.12.student",
    ]
    assert [one.subject.name for one in form.sections] == ["王秀兰", "李建国"]
    assert form.wanted == DIBAO


def test_a_question_says_what_it_asks_in_which_unit_and_why(form: Form) -> None:
    pension = form.questions["person.11.pension_yuan_month"]
    assert (pension.label, pension.text) == (
        Label("养老金", "pension"),
        Label("每月养老金多少元？", "How much a month?"),
    )
    assert (pension.unit.zh.strip(), pension.lowest, pension.highest) == ("元/月", 0, 5_000_000)
    assert (pension.asked_by, pension.why) == (("dibao",), (Label("低保", "dibao"),))
    assert (pension.is_needed, pension.personal_data, pension.key) == (True, "finance", (11, "pension_yuan_month"))
    illness = form.questions["person.12.illness"]
    assert illness.options == (
        Option("none", Label("无", "none")),
        Option("chronic", Label("慢性病", "chronic")),
        Option("severe", Label("重病", "severe")),
    )


def test_what_a_department_answers_is_asked_only_when_its_register_is_silent(packs: PackSet) -> None:
    silent = frozenset({("household", "cars"), ("person", "wage_yuan_year")})
    asked = form_of(packs, case(facts={"cars": None}), silent=silent)
    assert next(iter(asked.questions)) == "household.cars"
    # the packs have no question about wages: the register is asked again
    assert "person.11.wage_yuan_year" not in asked.questions


def test_what_is_known_is_filled_in_with_its_source_and_day_and_hidden_from_relatives(packs: PackSet) -> None:
    known = case(({"pension_yuan_month": Fact(Decimal("620.5"), Origin.VISITED, date(2026, 5, 1))}, {}))
    question = form_of(packs, known).questions["person.11.pension_yuan_month"]
    assert question.prefilled is not None
    assert (question.prefilled.value, question.prefilled.origin, question.prefilled.found_on) == (
        "620.5",
        Origin.VISITED,
        date(2026, 5, 1),
    )
    assert not question.is_needed
    hidden = form_of(packs, known, hidden=[11]).questions["person.11.pension_yuan_month"]
    assert (hidden.prefilled, hidden.is_needed) == (None, False)


def test_nothing_is_needed_once_the_outcome_is_known(packs: PackSet) -> None:
    settled = form_of(packs, case(facts={"cars": 3}))
    assert settled.questions
    assert not any(one.is_needed for one in settled.questions.values())


def test_only_members_who_count_are_asked_about(packs: PackSet) -> None:
    three = case(({}, {}, {}))
    asked = derive_form(Programs(packs), three, (*PEOPLE, GUEST), DIBAO, ON)
    assert {one.subject.person_id for one in asked.questions.values()} == {11, 12}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ((), "application.programmes.none"),
        ((Wanted("tekun"),), "application.programmes.unknown"),
        ((Wanted("dibao", 11),), "application.programmes.whom"),
    ],
)
def test_what_cannot_be_applied_for_is_refused_by_name(packs: PackSet, wanted: tuple[Wanted, ...], code: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        derive_form(Programs(packs), case(), PEOPLE, wanted, ON)
    assert refusal.value.code == code


def test_a_programme_is_not_applied_for_before_it_begins(packs: PackSet) -> None:
    with pytest.raises(InvalidValue):
        derive_form(Programs(packs), case(), PEOPLE, DIBAO, date(2024, 12, 31))


# a change of a pack is a change of the form, without any change of code


def test_a_new_fact_of_a_formula_is_a_new_question(packs: PackSet, tmp_path: Path) -> None:
    root = write_programme(tmp_path)
    more = ASKED.replace(
        "  cars:",
        "  boats: {type: count, label: 船, label_en: boats, question: 有几条船？, question_en: Boats?}\n  cars:",
    )
    write(root, "000000-national/facts.yaml", more)
    write(root, "000000-national/dibao/formulas.yaml", FORMULAS.replace("WHEN cars > 1", "WHEN cars + boats > 1"))
    changed = form_of(load([root]))
    assert next(iter(changed.questions)) == "household.boats"
    assert changed.questions["household.boats"].is_needed
    assert changed.pack_digest != packs.digest


def test_a_new_option_and_another_wording_show_at_once(tmp_path: Path) -> None:
    changed = form_of(
        packs_of(
            tmp_path,
            facts=ASKED.replace("severe: [重病, severe]}", "severe: [重病, severe], rare: [罕见病, rare]}").replace(
                "身体状况如何？", "有没有生病？"
            ),
        )
    )
    illness = changed.questions["person.11.illness"]
    assert [one.code for one in illness.options] == ["none", "chronic", "severe", "rare"]
    assert illness.text.zh == "有没有生病？"


def test_a_fact_that_a_department_takes_over_is_asked_no_more(tmp_path: Path) -> None:
    changed = form_of(
        packs_of(tmp_path, facts=ASKED.replace("label_en: student,", "label_en: student, register: education,"))
    )
    assert not any("student" in field for field in changed.questions)


def test_a_fact_that_no_formula_reads_any_more_is_asked_no_more(tmp_path: Path) -> None:
    changed = form_of(
        packs_of(tmp_path, materials=MATERIALS.replace("    needed_when: any(person.illness = 'severe')\n", ""))
    )
    assert not any("illness" in field for field in changed.questions)
    assert [one.is_needed for one in changed.papers] == [True]


# papers


@pytest.mark.parametrize(("illness", "needed"), [(None, [None]), ("severe", [True]), ("none", [])])
def test_a_paper_is_asked_for_when_the_answers_call_for_it(
    packs: PackSet, illness: str | None, needed: list[bool | None]
) -> None:
    answers = [Given(f"person.{one}.illness", illness) for one in (11, 12)]
    first = form_of(packs)
    assert [one.is_needed for one in form_of(packs, with_answers(first, case(), answers)).papers] == needed


def test_what_is_missing_is_what_is_needed_and_not_there(packs: PackSet, form: Form) -> None:
    answers = [Given(field, None) for field in form.questions if field != "person.11.illness"]
    answers.append(Given("person.11.illness", "severe"))
    checked = check_answers(form, answers)
    papers = form_of(packs, with_answers(form, case(), checked.answers)).papers
    (bill,) = missing_items(checked, papers, [])
    assert (bill.kind, bill.programme, bill.key) == (ItemKind.MATERIAL, "dibao", "bill")
    assert missing_items(checked, papers, [("dibao", "bill", None)]) == ()
    assert nothing_that_can_be_verified_is_asked([bill], askable(form, papers)) is None
    unanswered = missing_items(check_answers(form, answers[1:]), papers, [("dibao", "bill", None)])
    assert [(one.kind, one.key, one.person_id) for one in unanswered] == [
        (ItemKind.ANSWER, "person.pension_yuan_month", 11)
    ]
    assert unanswered[0].label.zh == "王秀兰：养老金"


# answers


def problems(form: Form, field: str, text: str) -> list[str]:
    read = read_answers(form, {field: text})
    assert not read.answers
    assert all(text not in one.zh + one.en for one in read.problems if text)
    return [one.code for one in read.problems]


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("person.11.pension_yuan_month", "一百", "form.kind"),
        ("person.11.pension_yuan_month", "1,200", "form.kind"),
        ("person.11.pension_yuan_month", "1.234", "form.kind"),
        ("person.11.pension_yuan_month", "1e3", "form.kind"),
        ("person.11.pension_yuan_month", "-0.01", "form.range"),
        ("person.11.pension_yuan_month", "50000.01", "form.range"),
        ("person.11.illness", "dead", "form.kind"),
        ("person.11.student", "maybe", "form.kind"),
        ("person.11.wage_yuan_year", "120007", "form.field"),
        ("person.99.student", "yes", "form.field"),
        ("household.nonsense", "77", "form.field"),
    ],
)
def test_an_answer_that_does_not_fit_is_named_by_field(form: Form, field: str, text: str, code: str) -> None:
    assert problems(form, field, text) == [code]


@pytest.mark.parametrize(
    ("text", "value"), [(" 1200.50 ", "1200.50"), ("１２００", "1200"), ("0", "0"), ("50000", "50000")]
)
def test_an_answer_is_read_as_people_type_it(form: Form, text: str, value: str) -> None:
    read = read_answers(form, {"person.11.pension_yuan_month": text})
    assert read.answers == (Given("person.11.pension_yuan_month", value),)


def test_not_known_is_an_answer_and_never_nought(packs: PackSet, form: Form) -> None:
    read = read_answers(
        form, {"person.11.pension_yuan_month": UNKNOWN, "person.11.student": "？", "person.12.student": ""}
    )
    assert read.answers == (Given("person.11.pension_yuan_month", None), Given("person.11.student", None))
    assert read.cleared == ("person.12.student",)
    told = with_answers(form, case(), read.answers)
    assert told.fact(At("person", "pension_yuan_month", 0)).value is None
    unanswered = check_answers(form, read.answers).unanswered
    assert "person.11.pension_yuan_month" not in {one.field for one in unanswered}
    assert "person.12.student" in {one.field for one in unanswered}


def test_an_answer_becomes_a_declared_fact_and_never_outweighs_what_was_verified(packs: PackSet) -> None:
    verified = Fact(Decimal(620), Origin.VERIFIED, ON)
    known = case(({"pension_yuan_month": verified}, {"pension_yuan_month": Fact(Decimal(1), Origin.DECLARED, ON)}))
    form = form_of(packs, known)
    told = with_answers(form, known, [Given(f"person.{one}.pension_yuan_month", "5") for one in (11, 12)])
    assert told.fact(At("person", "pension_yuan_month", 0)) == verified
    assert told.fact(At("person", "pension_yuan_month", 1)) == Fact(Decimal(5), Origin.DECLARED, ON)
    assert known.fact(At("person", "pension_yuan_month", 1)).value == Decimal(1)


def test_answers_of_an_older_form_are_kept_and_what_they_lack_is_named(form: Form, tmp_path: Path) -> None:
    newer = form_of(
        packs_of(
            tmp_path,
            facts=ASKED.replace("label_en: student,", "label_en: student, register: education,").replace(
                "chronic: [慢性病, chronic],", ""
            ),
        )
    )
    saved = [
        Given("person.11.pension_yuan_month", "100"),
        Given("person.11.illness", "chronic"),
        Given("person.12.illness", "none"),
        Given("person.11.student", "no"),
    ]
    checked = check_answers(newer, saved)
    assert checked.gone == ("person.11.student",)
    assert [one.field for one in checked.problems] == ["person.11.illness"]
    assert [one.field for one in checked.unanswered] == ["person.12.pension_yuan_month"]
    assert [one.field for one in checked.answers] == ["person.11.pension_yuan_month", "person.12.illness"]
    assert not checked.is_complete
    assert set(check_answers(form, saved).gone) == set()


@given(st.dictionaries(st.text(max_size=30), st.text(max_size=30), max_size=5), st.data())
def test_whatever_is_sent_is_read_or_named_and_never_guessed(
    form: Form, nonsense: dict[str, str], data: st.DataObject
) -> None:
    sent = nonsense | data.draw(st.dictionaries(st.sampled_from(list(form.questions)), st.text(max_size=12)))
    read = read_answers(form, sent)
    assert len(read.answers) + len(read.cleared) + len(read.problems) == len(sent)
    again = check_answers(form, read.answers)
    assert (again.answers, again.gone, again.problems) == (read.answers, (), ())


@given(st.integers(0, 5_000_000))
def test_money_comes_back_as_it_was_written(form: Form, fen: int) -> None:
    kind = KINDS["yuan_month"]
    value = kind.decode(fen)
    assert isinstance(value, Decimal)
    read = read_answers(form, {"person.11.pension_yuan_month": written(value)})
    assert read.answers[0].value is not None
    assert kind.encode(read.answers[0].value) == fen


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "yes"), (False, "no"), (None, UNKNOWN), (date(2026, 3, 1), "2026-03-01"), ("none", "none")],
)
def test_a_known_value_is_written_as_the_packs_write_it(value: bool | date | str | None, text: str) -> None:  # noqa: FBT001
    assert written(value) == text


def test_a_field_is_named_by_person_and_fact() -> None:
    assert field_of(None, "cars") == "household.cars"
    assert field_of(11, "student") == "person.11.student"
    assert field_of(None, "supporter.1.income_yuan_year") == "supporter.1.income_yuan_year"
