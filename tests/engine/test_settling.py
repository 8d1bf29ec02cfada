"""Settling a whole population gives each household what settling it alone gives (S02 S05, X2)."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.test_settlement import HOUSEHOLD, PERSON, SHARE, programme, rule

from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.exclusions import Matrix, matrix_of
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.packs.programmes import Key, Receiver, Relation, Rhythm
from jiuzhu.engine.population.frames import Frame
from jiuzhu.engine.population.settling import STATES, Proposed, Settling
from jiuzhu.engine.settlement.claims import Claim, State
from jiuzhu.engine.settlement.settle import settle

HIGHER, DIRECTED, CHOICE = "abc", "def", "ghi"
NAMES = HIGHER + DIRECTED + CHOICE


@dataclass(frozen=True)
class Town:
    """Programmes with rules between them, and for each row of each variable the bounds that were figured out."""

    matrix: Matrix
    members: list[int]
    cells: dict[Key, list[tuple[int, int]]]


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Programmes of all relations, and some households, also without members."""
    units = {name: draw(st.sampled_from(Receiver)) for name in NAMES}
    versions = {}
    for at, name in enumerate(NAMES):
        said = []
        for other in NAMES[:at]:
            hows: list[Relation | None] = [None]
            if name in DIRECTED:
                hows += [Relation.GIVES_WAY, Relation.TOP_UP]
            elif name in HIGHER and units[name] is units[other]:
                hows.append(Relation.HIGHER)
            elif name in CHOICE and other in CHOICE:
                hows.append(Relation.CHOICE)
            elif name in CHOICE and other in HIGHER:
                hows.append(Relation.GIVES_WAY)
            how = draw(st.sampled_from(hows))
            if how is not None:
                both = units[name] is units[other] is HOUSEHOLD
                who = HOUSEHOLD if both else draw(st.sampled_from(Receiver))
                counts = SHARE if how is Relation.TOP_UP and draw(st.booleans()) else None
                if how is Relation.TOP_UP and units[name] is PERSON and units[other] is HOUSEHOLD:
                    counts = SHARE
                said.append(rule(other, how, who, counts))
        rhythm = draw(st.sampled_from([Rhythm.MONTHLY, Rhythm.MONTHLY, Rhythm.YEARLY, Rhythm.IN_KIND]))
        if name in HIGHER and rhythm is Rhythm.IN_KIND:
            rhythm = Rhythm.ONCE
        shares = units[name] is HOUSEHOLD and draw(st.booleans())
        versions[name] = programme(name, units[name], *said, rhythm=rhythm, shares=shares)
    members = draw(st.lists(st.integers(0, 3), min_size=1, max_size=4))
    amounts = st.tuples(st.integers(0, 9), st.integers(0, 3)).map(lambda pair: (pair[0], pair[0] + pair[1]))
    outcomes = st.tuples(st.sampled_from(Outcome), st.sampled_from(Outcome)).map(lambda pair: (min(pair), max(pair)))
    surely = st.sampled_from([(Outcome.YES, Outcome.YES), (Outcome.YES, Outcome.YES), (Outcome.NO, Outcome.NO)])
    cells: dict[Key, list[tuple[int, int]]] = {}
    for version in versions.values():
        rows = len(members) if version.unit is HOUSEHOLD else sum(members)
        cells[version.outcome] = [draw(st.one_of(surely, outcomes)) for _ in range(rows)]
        for amount in version.amounts:
            size = len(members) if amount.variable[0] == ROOT else sum(members)
            cells[amount.variable] = [draw(amounts) for _ in range(size)]
    cells[SHARE] = [draw(amounts) for _ in range(sum(members))]
    return Town(matrix_of(versions), members, cells)


def together(town: Town) -> dict[str, Proposed]:
    """All households at once."""
    figures = {
        key: (np.array([low for low, _ in rows], dtype=np.int64), np.array([high for _, high in rows], dtype=np.int64))
        for key, rows in town.cells.items()
    }
    return Settling(town.matrix, figures, Frame(np.array(town.members, dtype=np.int64))).settle()


@given(towns())
def test_a_population_is_settled_as_each_household_is(town: Town) -> None:
    found = together(town)
    start = 0
    for at, members in enumerate(town.members):

        def rows(key: Key, at: int = at, start: int = start, members: int = members) -> dict[int | None, int]:
            return {None: at} if key[0] == ROOT else {row: start + row for row in range(members)}

        figures = {(key, row): town.cells[key][place] for key in town.cells for row, place in rows(key).items()}
        claims = [
            Claim(name, row, *map(Outcome, town.cells[version.outcome][place]))
            for name, version in town.matrix.versions.items()
            for row, place in rows(version.outcome).items()
        ]
        for one in settle(town.matrix, claims, figures, members=members):
            whole = found[one.programme]
            place = at if one.row is None else start + one.row
            where = f"household {at}, {one.programme}, row {one.row}"
            assert STATES[whole.states[place]] is one.state, where
            if one.row is None:
                left_out = [start + row for row in one.without]
                assert np.flatnonzero(whole.without[start : start + members]).tolist() == list(one.without), where
            else:
                left_out = []
            paid = {(each.amount.variable, each.row): (each.lowest, each.highest) for each in one.payments}
            for each in whole.payments:
                for row, position in rows(each.amount.variable).items():
                    if one.row is not None and row != one.row:
                        continue
                    bounds = int(each.lowest[position]), int(each.highest[position])
                    expected = paid.get((each.amount.variable, row), (0, 0))
                    assert bounds == expected, (where, each.amount.variable, row, left_out)
        start += members


def test_every_state_can_come_out() -> None:
    """The drawn towns reach every state, so that the comparison above is about something."""
    seen: set[State] = set()

    @given(towns())
    def look(town: Town) -> None:
        for one in together(town).values():
            seen.update(STATES[state] for state in one.states)

    look()
    assert seen == set(State)
