"""Random pack sets and random households, and the facts and parameters that both are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from hypothesis import strategies as st
from tests.engine.generating import Drawn, Formulas, World
from tests.engine.packs import FACTS, PARAMETERS

from jiuzhu.core.periods import Period
from jiuzhu.engine.expressions.parser import parse
from jiuzhu.engine.kinds import KINDS, OUTCOME, Base, Kind, encode_day
from jiuzhu.engine.packs.model import ROOT, Formula, Label, PackSet, Variable
from jiuzhu.engine.population.gathering import births
from jiuzhu.engine.problems import PackError, Place
from jiuzhu.engine.program.compiling import Program, compile_program

# facts by name, in memory; None is unknown
Row = dict[str, int | None]

_OF_HOUSEHOLD = """\
  tenant: {type: truth, label: 租房, label_en: tenant}
  debts_yuan: {type: yuan, label: 债务, label_en: debts}
  savings_yuan: {type: yuan, label: 存款, label_en: savings, lowest: 0, highest: 50000}
  rent_yuan_month: {type: yuan_month, label: 房租, label_en: rent, lowest: 0, highest: 9000.99}
  aid_yuan_year: {type: yuan_year, label: 资助, label_en: aid, lowest: -5, highest: 70000}
  rooms_m2: {type: square_metres, label: 面积, label_en: area, highest: 500}
  fields: {type: count, label: 地块, label_en: fields, highest: 3}
  trend: {type: count, label: 趋势, label_en: trend, lowest: -4, highest: 4}
  quota: {type: rate, label: 系数, label_en: quota, lowest: 0.0001, highest: 2}
  place: {type: code, label: 地点, label_en: place, options: {town: [镇, a], village: [村, b], other: [他, c]}}
  moved_on: {type: day, label: 迁入, label_en: moved in, lowest: 1990-01-01, highest: 2030-12-31}
"""
_OF_PERSON = """\
  disabled: {type: truth, label: 残疾, label_en: disabled}
  bills_yuan: {type: yuan, label: 医疗费, label_en: bills, lowest: 0, highest: 300000}
  bonus_yuan_year: {type: yuan_year, label: 奖金, label_en: bonus, lowest: -200, highest: 300000}
  grade: {type: count, label: 等级, label_en: grade, lowest: 1, highest: 4}
  left_on: {type: day, label: 离职, label_en: left on, lowest: 1990-01-01, highest: 2030-12-31}
"""
_OF_SUPPORTER = """\
  willing: {type: truth, label: 自愿, label_en: willing}
  asked_on: {type: day, label: 询问, label_en: asked on, lowest: 1990-01-01, highest: 2030-12-31}
  children: {type: count, label: 子女, label_en: children, highest: 12}
  share: {type: rate, label: 份额, label_en: share, highest: 1}
  pays_yuan_month: {type: yuan_month, label: 支付, label_en: pays, highest: 8000}
  gift_yuan: {type: yuan, label: 赠与, label_en: gift, lowest: -10, highest: 8000}
"""
MORE_FACTS = (
    FACTS.replace("person:\n", f"{_OF_HOUSEHOLD}person:\n", 1).replace("supporter:\n", f"{_OF_PERSON}supporter:\n", 1)
    + _OF_SUPPORTER
)
MORE_PARAMETERS = (
    PARAMETERS
    + """
deductible_yuan:
  type: yuan
  label: 起付线
  label_en: deductible
  lowest: 1
  highest: 90000
  values:
    - {division: '370911', value: 3000, basis: sample_law 18}
    - {division: '370911100', value: 3000.01, from: 2026-01-01, basis: sample_law 18}
    - {division: '3709', value: 2500.55, from: 2026-01-01, to: 2026-12-31, basis: sample_law 18}
line_yuan_year:
  type: yuan_year
  label: 线
  label_en: line
  lowest: -10
  highest: 90000
  values: [{value: 8000.37, from: 2024-03-01, basis: sample_law 18}]
term_months:
  type: months
  label: 期限
  label_en: term
  lowest: 1
  highest: 60
  values: [{value: 12, basis: sample_law 18}, {division: '370902001', value: 7, basis: sample_law 18}]
strict:
  type: truth
  label: 从严
  label_en: strict
  values:
    - {division: '3709', value: 'no', basis: sample_law 18}
    - {division: '370902', value: 'yes', basis: sample_law 18}
"""
)
ROOT_PREFIX = "3709"
DIVISIONS = ("370900000000", "370902001001", "370911100201", "370911100999", "370999999999")
DAYS = (date(2026, 9, 1), date(2025, 6, 30), date(2027, 1, 1), date(2024, 2, 29), date(2026, 3, 31))
# what a formula that is typed right can still be refused for
_REFUSED = frozenset({"formula.range", "formula.fraction", "formula.exact", "formula.figure"})
# how many variables a pack set has, and how deep their formulas go
VARIABLES, DEPTHS = (1, 6), (1, 4)
_PLACE = Place("random", 1, 1)
_SEEDS = st.integers(0, 2**64 - 1)
_TARGETS = (
    KINDS["truth"],
    KINDS["count"],
    KINDS["rate"],
    KINDS["yuan"],
    KINDS["yuan_month"],
    KINDS["yuan_month"],
    KINDS["yuan_year"],
    KINDS["years"],
    KINDS["months"],
    KINDS["day"],
    OUTCOME,
)


class Made:
    """A pack set and its program of a day; shown by its formulas."""

    def __init__(self, packs: PackSet, program: Program) -> None:
        self.packs, self.program = packs, program
        self.births = births(packs)

    @property
    def on(self) -> date:
        """The day."""
        return self.program.on

    def __repr__(self) -> str:
        lines = [
            f"{one.full_name} ({one.kind.base} {one.kind.unit}, exact: {one.exact}) {formula.prefix}: {formula.text}"
            for one in self.packs.variables.values()
            for formula in one.formulas
        ]
        return "\n".join([f"on {self.on}", *lines])


def bare(packs: PackSet, on: date) -> Made:
    """Facts and parameters only."""
    facts = {key: one for key, one in packs.variables.items() if one.source is not None}
    only = replace(packs, variables=facts)
    return Made(only, compile_program(only, on=on, root=ROOT_PREFIX))


@st.composite
def with_formulas(draw: st.DrawFn, base: Made) -> Made:
    """The facts and parameters of a pack set, with random formulas."""
    drawn, packs, program = Drawn(draw(_SEEDS)), base.packs, base.program
    world = World(
        {key: one.kind for key, one in packs.variables.items()},
        {name: one.kind for name, one in packs.parameters.items()},
    )
    for number in range(drawn.number(*VARIABLES)):
        entity, kind = drawn.pick((ROOT, ROOT, ROOT, "person", "supporter")), drawn.pick(_TARGETS)
        if kind.base is Base.DAY and entity == "supporter":
            continue
        variable = _variable(drawn, world, entity, kind, number)
        larger = replace(packs, variables={**packs.variables, variable.key: variable})
        try:
            program = compile_program(larger, on=base.on, root=ROOT_PREFIX)
        except PackError as error:
            # such formulas are refused, and rightly: nothing else may be wrong with them
            if not {problem.code for problem in error.problems} <= _REFUSED:
                raise AssertionError(f"{error}\n{variable.formulas[0].text}") from error
            continue
        packs = larger
        world.derived[variable.key] = kind
        if variable.exact:
            world.exact.add(variable.key)
    return Made(packs, program)


def _variable(drawn: Drawn, world: World, entity: str, kind: Kind, number: int) -> Variable:
    depth = drawn.number(*DEPTHS)
    texts = [(Formulas(drawn, world, entity).of(kind, depth), "", Period(date(2000, 1, 1)))]
    if drawn.chance(15):
        own = drawn.pick(("370902", "370911100"))
        texts.append((Formulas(drawn, world, entity).of(kind, 2), own, Period(date(2000, 1, 1))))
        if drawn.chance(40):
            texts = texts[1:]  # elsewhere there is no formula
    elif drawn.chance(4):
        texts[0] = (texts[0][0], "", Period(date(2000, 1, 1), date(2010, 1, 1)))  # no more in force
    formulas = tuple(Formula(prefix, period, text, parse(text), (), _PLACE) for text, prefix, period in texts)
    exact = kind.base is Base.NUMBER and drawn.chance(30)
    return Variable(entity, f"x{number}", kind, Label("", ""), _PLACE, formulas=formulas, exact=exact)


@dataclass(frozen=True, slots=True)
class Home:
    """A household in memory."""

    division: str
    facts: Row
    members: Mapping[str, list[Row]]


@st.composite
def homes(draw: st.DrawFn, made: Made, *, unknown: int) -> list[Home]:
    """Some households; of what is not required, so many of a hundred values are unknown."""
    drawn, packs = Drawn(draw(_SEEDS)), made.packs
    facts: dict[str, list[Variable]] = {entity: [] for entity in packs.entities}
    for one in packs.variables.values():
        if one.source is not None:
            facts[one.entity].append(one)

    def row(entity: str) -> Row:
        return {
            one.name: None if not one.required and drawn.chance(unknown) else _value(drawn, made, one)
            for one in facts[entity]
        }

    return [
        Home(
            drawn.pick(DIVISIONS),
            row(ROOT),
            {
                entity: [row(entity) for _ in range(drawn.pick((0, 1, 1, 2, 3)))]
                for entity in packs.entities
                if entity != ROOT
            },
        )
        for _ in range(drawn.number(1, 4))
    ]


def _value(drawn: Drawn, made: Made, variable: Variable) -> int:
    kind, today = variable.kind, encode_day(made.on)
    if kind.base is Base.DAY:
        days = [kind.lowest, min(kind.highest, today), 20080229, 20040229]
        days += [today - years * 10000 + more for years in (1, 3, 18, 60) for more in (-1, 0, 1)]
        if variable.key not in made.births:
            days += [today + 1, today + 10000, today + 11200, kind.highest]
        return drawn.pick([day for day in days if kind.lowest <= day <= kind.highest and _is_day(day)])
    low, high = kind.lowest, kind.highest
    if drawn.chance(30):
        return drawn.pick((low, high, min(max(0, low), high), min(1, high)))
    return drawn.number(max(low, -50 * 10**kind.places), min(high, drawn.pick((5, 2000 * 10**kind.places, high))))


def _is_day(day: int) -> bool:
    try:
        date(day // 10000, day // 100 % 100, day % 100)
    except ValueError:
        return False
    return True


@st.composite
def completed(draw: st.DrawFn, made: Made, some: list[Home]) -> list[Home]:
    """The same households with everything known."""
    drawn = Drawn(draw(_SEEDS))

    def full(entity: str, row: Row) -> Row:
        return {
            name: _value(drawn, made, made.packs.variables[entity, name]) if value is None else value
            for name, value in row.items()
        }

    return [
        Home(
            home.division,
            full(ROOT, home.facts),
            {entity: [full(entity, row) for row in rows] for entity, rows in home.members.items()},
        )
        for home in some
    ]
