"""Programmes that cannot be combined, settled together: the order of applications changes nothing (S02 S05)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.programmes import AFTER, BEFORE, PROGRAMME, TAISHAN, write, write_programme

from jiuzhu.core.periods import Period
from jiuzhu.engine.household.assessment import assess
from jiuzhu.engine.household.facts import Case, Plain
from jiuzhu.engine.household.proposals import package
from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.exclusions import Matrix, matrix, matrix_of
from jiuzhu.engine.packs.loading import load
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import Amount, Category, Exclusion, Key, Receiver, Relation, Rhythm, Version
from jiuzhu.engine.problems import PackError, Place
from jiuzhu.engine.program.compiling import compile_program
from jiuzhu.engine.settlement.claims import Claim, Settled, State
from jiuzhu.engine.settlement.settle import settle

PLACE = Place("test", 1, 1)
HOUSEHOLD, PERSON = Receiver.HOUSEHOLD, Receiver.PERSON
HOME = 0  # the only member of most of these households


def rule(other: str, how: Relation, who: Receiver = HOUSEHOLD, counts: Key | None = None) -> Exclusion:
    """What a programme says of another."""
    return Exclusion(other, who, how, counts, (), demo=True, place=PLACE)


def programme(
    name: str, unit: Receiver, *said: Exclusion, rhythm: Rhythm = Rhythm.MONTHLY, shares: bool = False
) -> Version:
    """A programme that pays `name` to its unit, and with `shares` something to each member as well."""
    amounts = [Amount((str(unit), name), rhythm, str(unit), PLACE)]
    if shares:
        amounts.append(Amount(("person", f"{name}_share"), rhythm, "person", PLACE))
    return Version(
        prefix="",
        period=Period(date(2020, 1, 1)),
        name=Label(name, name),
        short=Label(name, name),
        category=Category.BASIC,
        lead="civil_affairs",
        groups=(),
        unit=unit,
        venues=("any",),
        outcome=(str(unit), f"{name}_outcome"),
        amounts=tuple(amounts),
        decided_by="county",
        excludes=said,
        aliases=(),
        basis=(),
        process=None,
        materials=(),
        notices=(),
        changes=(),
        place=PLACE,
    )


def rules(**versions: Version) -> Matrix:
    """The matrix of some programmes."""
    return matrix_of(versions)


def yes(name: str, row: int | None = None) -> Claim:
    """A claim that is met."""
    return Claim(name, row, Outcome.YES, Outcome.YES)


def unknown(name: str, row: int | None = None) -> Claim:
    """A claim of which nothing is known."""
    return Claim(name, row, Outcome.NO, Outcome.YES)


Money = Mapping[tuple[Key, int | None], tuple[int, int]]


def paid(**amounts: int | tuple[int, int]) -> Money:
    """Amounts by programme: `dibao=100` for the household, `orphan_0=100` for the first member."""
    found: dict[tuple[Key, int | None], tuple[int, int]] = {}
    for name, value in amounts.items():
        bounds = value if isinstance(value, tuple) else (value, value)
        head, _, row = name.rpartition("_")
        key: tuple[Key, int | None] = (("person", head), int(row)) if row.isdigit() else (("household", name), None)
        found[key] = bounds
    return found


def by_subject(settled: tuple[Settled, ...]) -> dict[tuple[str, int | None], Settled]:
    """The package by programme and row."""
    return {(one.programme, one.row): one for one in settled}


def states(settled: tuple[Settled, ...]) -> dict[str, State]:
    """What became of each programme; one claim each."""
    return {one.programme: one.state for one in settled}


def totals(settled: tuple[Settled, ...]) -> dict[str, tuple[int, int]]:
    """What each programme pays."""
    return {
        one.programme: (sum(each.lowest for each in one.payments), sum(each.highest for each in one.payments))
        for one in settled
    }


# giving way

BIANYUAN = rules(
    dibao=programme("dibao", HOUSEHOLD, shares=True),
    bianyuan=programme("bianyuan", HOUSEHOLD, rule("dibao", Relation.GIVES_WAY)),
)


def test_what_gives_way_is_not_granted_beside_what_prevails() -> None:
    found = settle(BIANYUAN, [yes("bianyuan"), yes("dibao")], paid(dibao=500), members=1)
    assert states(found) == {"dibao": State.GRANTED, "bianyuan": State.GIVES_WAY}
    (reason,) = by_subject(found)["bianyuan", None].reasons
    assert (reason.relation, reason.programme) == (Relation.GIVES_WAY, "dibao")
    assert "dibao" in reason.text.zh
    assert "dibao" in reason.text.en


def test_what_gives_way_is_granted_where_the_other_is_not() -> None:
    refused = Claim("dibao", None, Outcome.NO, Outcome.NO)
    found = settle(BIANYUAN, [yes("bianyuan"), refused], paid(), members=1)
    assert states(found) == {"dibao": State.NOT_ENTITLED, "bianyuan": State.GRANTED}
    assert states(settle(BIANYUAN, [yes("bianyuan")], paid(), members=1)) == {"bianyuan": State.GRANTED}


@pytest.mark.parametrize(
    ("lowest", "highest", "state"),
    [
        (Outcome.NO, Outcome.YES, State.UNKNOWN),
        (Outcome.DISC, Outcome.DISC, State.DISCRETION),
        (Outcome.REFER, Outcome.REFER, State.REFERRED),
    ],
)
def test_what_waits_for_another_says_so(lowest: Outcome, highest: Outcome, state: State) -> None:
    claim = Claim("dibao", None, lowest, highest)
    found = settle(BIANYUAN, [claim, yes("bianyuan")], paid(), members=1)
    other = State.GRANTED if state is State.REFERRED else State.OPEN
    assert states(found) == {"dibao": state, "bianyuan": other}
    assert bool(by_subject(found)["bianyuan", None].reasons) is (other is State.OPEN)


def test_it_is_enough_that_the_other_says_that_it_prevails() -> None:
    turned = rules(
        dibao=programme("dibao", HOUSEHOLD, rule("bianyuan", Relation.PREVAILS)),
        bianyuan=programme("bianyuan", HOUSEHOLD),
    )
    found = settle(turned, [yes("bianyuan"), yes("dibao")], paid(), members=1)
    assert states(found) == {"dibao": State.GRANTED, "bianyuan": State.GIVES_WAY}


TEKUN = rules(
    dibao=programme("dibao", HOUSEHOLD, rule("tekun", Relation.GIVES_WAY, PERSON), shares=True),
    tekun=programme("tekun", PERSON),
)


def test_a_member_with_another_programme_is_left_out_and_the_others_keep_theirs() -> None:
    money = paid(dibao=900, dibao_share_0=100, dibao_share_1=100, tekun_1=1200)
    found = by_subject(settle(TEKUN, [yes("dibao"), yes("tekun", 1)], money, members=2))
    household = found["dibao", None]
    assert (household.state, household.without) == (State.GRANTED, (1,))
    assert [(one.row, one.lowest) for one in household.payments] == [(None, 900), (0, 100)]
    assert "第2名成员" in household.reasons[0].text.zh
    assert found["tekun", 1].state is State.GRANTED


def test_a_household_whose_members_all_have_another_programme_gives_way() -> None:
    claims = [yes("dibao"), yes("tekun", 0), yes("tekun", 1)]
    assert by_subject(settle(TEKUN, claims, paid(dibao=1), members=2))["dibao", None].state is State.GIVES_WAY


def test_a_member_whose_other_claim_is_open_may_still_be_left_out() -> None:
    money = paid(dibao=900, dibao_share_0=100)
    household = by_subject(settle(TEKUN, [yes("dibao"), unknown("tekun", 0)], money, members=2))["dibao", None]
    assert (household.state, household.without, household.perhaps_without) == (State.GRANTED, (), (0,))
    assert [(one.row, one.lowest, one.highest) for one in household.payments] == [(None, 900, 900), (0, 0, 100)]


def test_a_chain_is_settled_from_the_top() -> None:
    chain = rules(
        a=programme("a", HOUSEHOLD, rule("b", Relation.GIVES_WAY)),
        b=programme("b", HOUSEHOLD, rule("c", Relation.GIVES_WAY)),
        c=programme("c", HOUSEHOLD),
    )
    found = settle(chain, [yes("a"), yes("b"), yes("c")], paid(), members=1)
    assert states(found) == {"a": State.GRANTED, "b": State.GIVES_WAY, "c": State.GRANTED}


# topping up

SHARE: Key = ("person", "dibao_share")
TOP_UP = rules(
    dibao=programme("dibao", HOUSEHOLD),
    child=programme("child", PERSON, rule("dibao", Relation.TOP_UP, PERSON, SHARE)),
)


@pytest.mark.parametrize(
    ("share", "state", "total"),
    [(0, State.GRANTED, 1000), (400, State.GRANTED, 600), (999, State.GRANTED, 1), (1000, State.COVERED, 0)],
)
def test_a_top_up_pays_what_the_other_lacks_to_the_fen(share: int, state: State, total: int) -> None:
    money = paid(dibao=2000, child_0=1000, dibao_share_0=share)
    found = settle(TOP_UP, [yes("child", HOME), yes("dibao")], money, members=2)
    assert states(found)["child"] is state
    assert totals(found)["child"] == (total, total)
    assert totals(found)["dibao"] == (2000, 2000)


def test_a_top_up_over_what_is_open_lies_between_bounds() -> None:
    money = paid(dibao=2000, child_0=1000, dibao_share_0=400)
    found = settle(TOP_UP, [yes("child", HOME), unknown("dibao")], money, members=2)
    assert states(found)["child"] is State.GRANTED
    assert totals(found)["child"] == (600, 1000)


# the higher of two, and a choice

HIGHER = rules(
    a=programme("a", PERSON, rule("b", Relation.HIGHER, PERSON)),
    b=programme("b", PERSON, rhythm=Rhythm.YEARLY),
)


@pytest.mark.parametrize(
    ("a", "b", "winner"), [(100, 1199, "a"), (100, 1201, "b"), (100, 1200, "a")], ids=["less", "more", "equal"]
)
def test_only_the_higher_a_year_is_paid_and_equals_go_by_name(a: int, b: int, winner: str) -> None:
    found = states(settle(HIGHER, [yes("b", 0), yes("a", 0)], paid(a_0=a, b_0=b), members=1))
    loser = "b" if winner == "a" else "a"
    assert found == {winner: State.GRANTED, loser: State.GIVES_WAY}


def test_the_higher_of_two_is_open_while_the_amounts_overlap() -> None:
    found = states(settle(HIGHER, [yes("a", 0), yes("b", 0)], paid(a_0=(50, 200), b_0=1200), members=1))
    assert found == {"a": State.OPEN, "b": State.OPEN}
    found = states(settle(HIGHER, [yes("a", 0), yes("b", 0)], paid(a_0=(101, 200), b_0=1200), members=1))
    assert found == {"a": State.GRANTED, "b": State.GIVES_WAY}


def test_different_members_do_not_stand_in_each_others_way() -> None:
    found = settle(HIGHER, [yes("a", 0), yes("b", 1)], paid(a_0=1, b_1=1), members=2)
    assert {one.state for one in found} == {State.GRANTED}


CHOICE = rules(
    orphan=programme("orphan", PERSON, rule("tekun", Relation.CHOICE, PERSON)),
    tekun=programme("tekun", PERSON),
)


def test_a_choice_waits_for_the_applicant() -> None:
    claims = [yes("orphan", 0), yes("tekun", 0)]
    assert set(states(settle(CHOICE, claims, paid(), members=1)).values()) == {State.TO_CHOOSE}
    chosen = settle(CHOICE, claims, paid(), members=1, chosen=frozenset({("tekun", 0)}))
    assert states(chosen) == {"tekun": State.GRANTED, "orphan": State.GIVES_WAY}


def test_there_is_no_choice_where_only_one_is_met() -> None:
    claims = [yes("orphan", 0), Claim("tekun", 0, Outcome.NO, Outcome.NO)]
    assert states(settle(CHOICE, claims, paid(), members=1))["orphan"] is State.GRANTED
    claims = [yes("orphan", 0), unknown("tekun", 0)]
    assert states(settle(CHOICE, claims, paid(), members=1)) == {"orphan": State.OPEN, "tekun": State.UNKNOWN}


def test_a_member_chooses_between_an_aid_of_its_own_and_the_households() -> None:
    both = rules(
        dibao=programme("dibao", HOUSEHOLD), orphan=programme("orphan", PERSON, rule("dibao", Relation.CHOICE, PERSON))
    )
    claims = [yes("dibao"), yes("orphan", 1)]
    own = by_subject(settle(both, claims, paid(), members=2, chosen=frozenset({("orphan", 1)})))
    assert (own["dibao", None].without, own["orphan", 1].state) == ((1,), State.GRANTED)
    shared = by_subject(settle(both, claims, paid(), members=2, chosen=frozenset({("dibao", 1)})))
    assert (shared["dibao", None].without, shared["orphan", 1].state) == ((), State.GIVES_WAY)
    waiting = by_subject(settle(both, claims, paid(), members=2))
    assert (waiting["dibao", None].perhaps_without, waiting["orphan", 1].state) == ((1,), State.TO_CHOOSE)


# what is refused


def refused(**versions: Version) -> list[str]:
    """The codes of what is wrong with some programmes."""
    with pytest.raises(PackError) as caught:
        matrix_of(versions)
    return [one.code for one in caught.value.problems]


def test_contradictions_circles_and_rules_without_sense_are_refused() -> None:
    gives, higher, choice = Relation.GIVES_WAY, Relation.HIGHER, Relation.CHOICE
    assert refused(
        a=programme("a", PERSON, rule("b", gives, PERSON)), b=programme("b", PERSON, rule("a", gives, PERSON))
    ) == ["exclusion.contradiction"]
    assert refused(
        a=programme("a", HOUSEHOLD, rule("b", gives)),
        b=programme("b", HOUSEHOLD, rule("c", gives)),
        c=programme("c", HOUSEHOLD, rule("a", gives)),
    ) == ["exclusion.circle"]
    assert refused(
        a=programme("a", PERSON, rule("b", higher, PERSON), rule("c", gives, PERSON)),
        b=programme("b", PERSON),
        c=programme("c", PERSON, rule("b", gives, PERSON)),
    ) == ["exclusion.circle"]
    assert refused(
        a=programme("a", PERSON, rule("b", higher, PERSON)),
        b=programme("b", PERSON, rule("c", choice, PERSON)),
        c=programme("c", PERSON),
    ) == ["exclusion.mixed"]
    assert refused(a=programme("a", PERSON, rule("b", higher, PERSON)), b=programme("b", HOUSEHOLD)) == [
        "exclusion.higher"
    ]
    assert refused(a=programme("a", PERSON, rule("b", Relation.TOP_UP, PERSON)), b=programme("b", HOUSEHOLD)) == [
        "exclusion.share"
    ]
    assert refused(a=programme("a", HOUSEHOLD, rule("b", gives, PERSON)), b=programme("b", HOUSEHOLD)) == [
        "exclusion.who"
    ]


def test_both_may_say_it_when_they_agree() -> None:
    found = rules(
        a=programme("a", HOUSEHOLD, rule("b", Relation.GIVES_WAY)),
        b=programme("b", HOUSEHOLD, rule("a", Relation.PREVAILS)),
    )
    assert [(one.how, one.lower, one.upper) for one in found.rules] == [(Relation.GIVES_WAY, "a", "b")]


def test_a_claim_that_fits_no_programme_is_refused() -> None:
    for claims in ([yes("nothing")], [yes("dibao", 0)], [yes("tekun")], [yes("tekun", 5)], [yes("dibao")] * 2):
        with pytest.raises(ValueError, match=r"programme|claimed twice"):
            settle(TEKUN, claims, paid(), members=2)


def two_programmes(tmp_path: Path) -> PackSet:
    """The sample programme, and one for old members to which it gives way from the day of the law."""
    said = "excludes:\n  - {programme: tekun, who: person, how: gives_way, basis: sample_law 16, from: 2026-07-01}\n"
    root = write_programme(tmp_path, programme=PROGRAMME + said)
    write(
        root,
        "000000-national/tekun/formulas.yaml",
        "person:\n  tekun: {type: outcome, label: 特困, label_en: tekun, basis: sample_law 16,"
        " formula: CASE WHEN old AND student THEN yes ELSE no END}\n",
    )
    text = PROGRAMME.partition("amounts")[0].replace("outcome: entitled", "outcome: tekun")
    text = text.replace("unit: household", "unit: person") + "decided_by: county\nbasis: sample_law 16\n"
    write(root, "000000-national/tekun/programme.yaml", text)
    return load([root])


def test_the_rules_of_a_day_come_from_the_packs(tmp_path: Path) -> None:
    packs = two_programmes(tmp_path)
    after, before = (matrix(packs, TAISHAN, day) for day in (AFTER, BEFORE))
    assert [(one.lower, one.upper, one.basis[0].article) for one in after.rules] == [("dibao", "tekun", 16)]
    assert before.rules == ()
    assert set(before.versions) == {"dibao", "tekun"}


def test_a_household_gets_its_package_from_an_assessment(tmp_path: Path) -> None:
    packs = two_programmes(tmp_path)
    program = compile_program(packs, on=AFTER, root="3709")
    old: dict[str, Plain] = {"birth_date": date(1950, 1, 1), "wage_yuan_year": 0, "pension_yuan_month": 0}
    for student, state, without, perhaps in (
        (True, State.GRANTED, (0,), ()),
        (False, State.NOT_ENTITLED, (), ()),
        (None, State.UNKNOWN, (), (0,)),
    ):
        members: list[dict[str, Plain]] = [{**old, "student": student}, {**old, "student": False}]
        case = Case(TAISHAN, {"urban": True, "cars": 0}, {"person": members})
        found = by_subject(package(assess(program, case), matrix(packs, TAISHAN, AFTER)))
        household = found["dibao", None]
        assert household.state is State.GRANTED
        assert [(one.lowest, one.highest) for one in household.payments] == [(193_300, 193_300)]
        assert (found["tekun", 0].state, household.without, household.perhaps_without) == (state, without, perhaps)


# properties

NAMES = "abcdef"


@st.composite
def households(
    draw: st.DrawFn,
) -> tuple[dict[str, Version], list[Claim], Money, int, frozenset[tuple[str, int | None]]]:
    """Programmes with rules that go one way, and claims of a household on them."""
    members = draw(st.integers(1, 3))
    units = {name: draw(st.sampled_from(Receiver)) for name in NAMES}
    versions = {}
    for at, name in enumerate(NAMES):
        said = []
        for other in NAMES[:at]:
            alike = units[name] is units[other]
            hows = [Relation.GIVES_WAY, Relation.TOP_UP] if name in "def" else [Relation.HIGHER] if alike else []
            how = draw(st.sampled_from([None, *hows]))
            if how is not None:
                both_household = units[name] is units[other] is HOUSEHOLD
                who = HOUSEHOLD if both_household else draw(st.sampled_from(Receiver))
                said.append(rule(other, how, who, SHARE if how is Relation.TOP_UP else None))
        versions[name] = programme(name, units[name], *said)
    bounds = st.tuples(st.integers(0, 9), st.integers(0, 3)).map(lambda pair: (pair[0], pair[0] + pair[1]))
    claims, money = [], {}
    for name in NAMES:
        for row in [None] if units[name] is HOUSEHOLD else range(members):
            if draw(st.booleans()):
                low, high = sorted(draw(st.tuples(st.sampled_from(Outcome), st.sampled_from(Outcome))))
                claims.append(Claim(name, row, low, high))
            money[(str(units[name]), name), row] = draw(bounds)
    money |= {(SHARE, row): draw(bounds) for row in range(members)}
    return versions, claims, money, members, frozenset()


@given(households(), st.randoms(use_true_random=False))
def test_the_order_of_anything_changes_nothing(
    drawn: tuple[dict[str, Version], list[Claim], Money, int, frozenset[tuple[str, int | None]]], random: Random
) -> None:
    versions, claims, money, members, chosen = drawn
    first = settle(matrix_of(versions), claims, money, members=members, chosen=chosen)
    names = list(versions)
    random.shuffle(names)
    random.shuffle(claims)
    shuffled = {
        name: replace(
            versions[name], excludes=tuple(random.sample(versions[name].excludes, len(versions[name].excludes)))
        )
        for name in names
    }
    figures = dict(random.sample(list(money.items()), len(money)))
    assert settle(matrix_of(shuffled), claims, figures, members=members, chosen=chosen) == first


@given(households())
def test_nothing_is_granted_beside_what_it_gives_way_to(
    drawn: tuple[dict[str, Version], list[Claim], Money, int, frozenset[tuple[str, int | None]]],
) -> None:
    versions, claims, money, members, chosen = drawn
    rules_found = matrix_of(versions)
    found = settle(rules_found, claims, money, members=members, chosen=chosen)
    granted = [one for one in found if one.is_granted]
    for said in rules_found.rules:
        if said.how is Relation.TOP_UP:
            continue
        for one in granted:
            for other in granted:
                if (one.programme, other.programme) != (said.lower, said.upper):
                    continue
                if said.who is PERSON and None in (one.row, other.row):
                    left_out = (*one.without, *other.without)
                    assert one.row in left_out or other.row in left_out
                else:
                    assert said.who is PERSON
                    assert one.row != other.row


@given(households(), st.randoms(use_true_random=False))
def test_what_is_settled_with_less_known_stays_when_more_is_known(
    drawn: tuple[dict[str, Version], list[Claim], Money, int, frozenset[tuple[str, int | None]]], random: Random
) -> None:
    """A package is sound: where it is settled with bounds, each household within the bounds gets the same."""
    versions, claims, money, members, chosen = drawn
    rules_found = matrix_of(versions)
    rough = by_subject(settle(rules_found, claims, money, members=members, chosen=chosen))
    exact = []
    for claim in claims:
        known = random.choice([one for one in Outcome if claim.lowest <= one <= claim.highest])
        exact.append(replace(claim, lowest=known, highest=known))
    figures = {key: (value, value) for key, (low, high) in money.items() for value in [random.randint(low, high)]}
    fine = by_subject(settle(rules_found, exact, figures, members=members, chosen=chosen))
    for subject, settled in rough.items():
        if settled.is_granted is not None and fine[subject].is_granted is not None:
            covered = {settled.state, fine[subject].state} == {State.GRANTED, State.COVERED}
            assert fine[subject].is_granted is settled.is_granted or covered
        if settled.state is fine[subject].state is State.GRANTED:
            for rough_one, fine_one in zip(settled.payments, fine[subject].payments, strict=True):
                assert rough_one.lowest <= fine_one.lowest <= fine_one.highest <= rough_one.highest
