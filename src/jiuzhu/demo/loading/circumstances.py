"""What is known of people: facts as declared, as found by departments and as seen at home, and the values in force.

The values in force are those that the registry's own rule gives for the facts: verified before visited before declared,
with what disagrees beside it. They are put together here for a whole chunk at once; a test compares both.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from django.db.backends.utils import CursorWrapper

from jiuzhu.demo.city.arrays import Bools, Bytes8, Ints
from jiuzhu.demo.city.groups import TargetGroup
from jiuzhu.demo.city.hardship import DisabilityType, Stage
from jiuzhu.demo.city.households import Unsupported
from jiuzhu.demo.city.livelihood import Tenure, Work
from jiuzhu.demo.city.registers.disabled_federation import certificates
from jiuzhu.demo.loading.answers import Statement, unspoken
from jiuzhu.demo.loading.copying import NULL, copy_rows
from jiuzhu.demo.loading.numbered import Numbered
from jiuzhu.rooms.registry.states import SourceKind, SubjectKind

# How long before the city's day each source spoke, and on what paper.
_SOURCES = {
    SourceKind.DECLARED: (60, "家庭情况申报（演示）"),
    SourceKind.VISITED: (45, "入户调查记录（演示）"),
    SourceKind.VERIFIED: (30, "部门核对（演示）"),
}
_WORK = {
    Work.EMPLOYEE: "employed",
    Work.PUBLIC_PAYROLL: "employed",
    Work.BUSINESS: "self_employed",
    Work.FLEXIBLE: "flexible",
    Work.FARMER: "farming",
    Work.UNEMPLOYED: "none",
    Work.HOMEMAKER: "none",
    Work.RETIRED: "retired",
    Work.UNABLE: "unable",
}
_STAGES = {
    Stage.KINDERGARTEN: "preschool",
    Stage.PRIMARY: "compulsory",
    Stage.JUNIOR: "compulsory",
    Stage.SENIOR: "senior",
    Stage.VOCATIONAL: "vocational",
    Stage.COLLEGE: "college",
    Stage.UNIVERSITY: "university",
    Stage.GRADUATE: "university",
}
_TENURES = {
    Tenure.OWN: "owned",
    Tenure.PRIVATE_RENT: "rented",
    Tenure.PUBLIC_RENT: "public_rental",
    Tenure.WITH_RELATIVES: "borrowed",
    Tenure.EMPLOYER: "borrowed",
}
_UNSAFE = {3: "c", 4: "d"}
_LARGE_BILL_FEN = 300_000
_HUNDREDTHS = 100  # areas are kept as whole numbers of 0.01 m²
_GROWN_UP = 18
# of the six abilities those that go first, and those that only go with all of them
_LOST_FIRST = ("can_bathe", "can_use_toilet", "can_walk_indoors")
_LOST_LAST = ("can_eat", "can_dress", "can_get_up")
_ON_FILE = {
    "recognised_dibao": TargetGroup.DIBAO,
    "recognised_bianyuan": TargetGroup.DIBAO_BIANYUAN,
    "recognised_gangxing": TargetGroup.GANGXING_ZHICHU,
}
_PERSON_COLUMNS = (
    "disability_type",
    "disability_grade",
    "self_care",
    "serious_illness",
    "student_stage",
    "employment",
)
_HOUSEHOLD_COLUMNS = {
    "income_fen_month": "income_fen_month",
    "savings_fen": "savings_fen",
    "vehicle_count": "vehicle_count",
    "home_count": "home_count",
}


def copy_circumstances(cursor: CursorWrapper, numbered: Numbered, *, everyone: bool) -> int:
    """Write facts and values in force; returns the number of facts.

    Households with a target group have all their facts. With `everyone` so have those with a disability or a serious
    illness, and every other household declares at least its income.
    """
    chunk = numbered.chunk
    known = chunk.groups.tags > 0
    if everyone:
        known |= (chunk.hardship.disability > 0) | chunk.hardship.serious
    house = np.bincount(chunk.people.household, weights=known, minlength=len(chunk.households.number)) > 0
    persons = [one for one in of_people(numbered, house[chunk.people.household]) if len(one.rows)]
    homes = [one for one in of_households(numbered, house, everyone=everyone) if len(one.rows)]
    facts = _facts(cursor, numbered, SubjectKind.PERSON, persons)
    facts += _facts(cursor, numbered, SubjectKind.HOUSEHOLD, homes)
    _person_values(cursor, numbered, persons)
    _household_values(cursor, numbered, homes)
    return facts


def of_people(numbered: Numbered, thorough: Bools) -> list[Statement]:
    """Statements on the living members of the households in `thorough` (by person)."""
    chunk = numbered.chunk
    people, live, hard, told = chunk.people, chunk.livelihood, chunk.hardship, chunk.declared
    here = thorough & people.living
    other = live.income_fen_month - live.pension_fen_month
    share = (told.income_fen_month - told.pension_fen_month) / np.maximum(other, 1)
    wage = np.rint(live.wage_fen_month * share).astype(np.int64)
    certified = np.zeros(len(people), dtype=np.bool_)
    certified[certificates(chunk).holder.person] = True
    certified &= hard.disability > 0
    severe, total = here & (hard.grade == 2), here & (hard.grade == 1)
    needs_much = np.isin(hard.disability, [DisabilityType.LIMB, DisabilityType.INTELLECTUAL, DisabilityType.MULTIPLE])
    found: list[Statement] = [
        *_both("wage_income_fen_month", here & (live.wage_fen_month > 0), wage, live.wage_fen_month, "tax"),
        *_both(
            "pension_fen_month",
            here & (live.pension_fen_month > 0),
            told.pension_fen_month,
            live.pension_fen_month,
            "human_resources",
        ),
        *_both(
            "bank_deposit_fen",
            here & (live.savings_fen > 0),
            told.savings_fen,
            live.savings_fen,
            "financial_regulation",
        ),
        *_both(
            "company_role_count",
            here & live.company,
            told.company.astype(np.int64),
            live.company.astype(np.int64),
            "market_regulation",
        ),
        _coded("employment", SourceKind.DECLARED, here, live.work.astype(np.int64), _WORK),
        _coded("student_stage", SourceKind.VERIFIED, here, hard.stage.astype(np.int64), _STAGES, "education"),
        _always("public_payroll", SourceKind.VERIFIED, here & (live.work == Work.PUBLIC_PAYROLL), "true", "finance"),
        _always("disability_certificate", SourceKind.VERIFIED, here & certified, "true", "disabled_federation"),
        _always("serious_illness", SourceKind.VERIFIED, here & hard.serious, "true", "medical_security"),
        _always("illness_kind", SourceKind.VERIFIED, here & (hard.illness == "F20"), '"mental"', "health"),
        _always(
            "illness_kind", SourceKind.VERIFIED, here & hard.serious & (hard.illness != "F20"), '"serious"', "health"
        ),
        _counted(
            "medical_self_paid_fen_year",
            SourceKind.VERIFIED,
            here & (hard.self_paid_fen_year >= _LARGE_BILL_FEN),
            hard.self_paid_fen_year,
            "medical_security",
        ),
        _always("labour_capacity", SourceKind.VISITED, here & hard.labour_lost, '"none"'),
        _always("self_care", SourceKind.VISITED, (severe & needs_much) | (total & ~needs_much), '"partial"'),
        _always("self_care", SourceKind.VISITED, total & needs_much, '"none"'),
        *(_always(name, SourceKind.VISITED, severe | total, "false") for name in _LOST_FIRST),
        *(_always(name, SourceKind.VISITED, total & needs_much, "false") for name in _LOST_LAST),
        _always("needs_long_care", SourceKind.VERIFIED, certified & (severe | total), "true", "disabled_federation"),
        *_recognised(numbered, here),
        _always("in_custody", SourceKind.VERIFIED, here & ~np.isnat(chunk.events.custody_from), "true", "justice"),
    ]
    for with_paper, source, department in (
        (certified, SourceKind.VERIFIED, "disabled_federation"),
        (~certified & (hard.disability > 0), SourceKind.DECLARED, ""),
    ):
        for variable, codes in (("disability_type", hard.disability), ("disability_grade", hard.grade)):
            rows = np.flatnonzero(here & with_paper)
            found.append(Statement(variable, source, rows, [f'"{code}"' for code in codes[rows].tolist()], department))
    return [*found, *_nothing_found(found, here, SubjectKind.PERSON)]


def _recognised(numbered: Numbered, here: Bools) -> list[Statement]:
    """What civil affairs has on file of persons, and of the parents of children who live with a guardian."""
    chunk = numbered.chunk
    minor = here & (chunk.people.age < _GROWN_UP)
    why = chunk.groups.unsupported[chunk.people.household]
    orphan, unsupported = minor & (why == Unsupported.ORPHAN), minor & (why == Unsupported.FACTUALLY_UNSUPPORTED)
    found = {
        "recognised_tekun": (here & ((chunk.groups.tags & int(TargetGroup.TEKUN)) > 0), "true"),
        "recognised_guer": (orphan, "true"),
        "recognised_shishi": (unsupported, "true"),
        "father_state": (orphan | unsupported, '"dead"'),
        "mother_state": (orphan, '"dead"'),
    }
    return [
        *(_always(name, SourceKind.VERIFIED, rows, value, "civil_affairs") for name, (rows, value) in found.items()),
        _always("mother_state", SourceKind.VERIFIED, unsupported, '"absent"', "civil_affairs"),
    ]


def of_households(numbered: Numbered, thorough: Bools, *, everyone: bool) -> list[Statement]:
    """Statements on households: all on those in `thorough`, the declared income on every other when asked for."""
    chunk = numbered.chunk
    homes, live, told, dwelling = chunk.households, chunk.livelihood, chunk.declared, chunk.dwellings
    here = thorough & ~homes.extinct
    rest = ~thorough & ~homes.extinct if everyone else np.zeros(len(here), dtype=np.bool_)

    def total(values: Ints | Bytes8 | Bools) -> Ints:
        living = np.where(chunk.people.living, values.astype(np.int64), 0)
        return np.asarray(np.add.reduceat(living, homes.first), dtype=np.int64)

    def tagged(group: TargetGroup) -> Bools:
        return np.asarray(total((chunk.groups.tags & int(group)) > 0) > 0)

    declared_income = total(told.income_fen_month)
    vehicles, homes_owned = total(live.vehicles), dwelling.homes.astype(np.int64)
    found = [
        _counted("income_fen_month", SourceKind.DECLARED, rest, declared_income),
        *_both("income_fen_month", here, declared_income, total(live.income_fen_month), "civil_affairs"),
        *_both("savings_fen", here, total(told.savings_fen), total(live.savings_fen), "civil_affairs"),
        *_both("vehicle_count", here, total(told.vehicles), vehicles, "public_security"),
        *_both("home_count", here, np.minimum(total(told.homes), homes_owned), homes_owned, "natural_resources"),
        _counted("home_area_m2", SourceKind.DECLARED, here, dwelling.area_m2.astype(np.int64) * _HUNDREDTHS),
        _coded("housing_kind", SourceKind.DECLARED, here, dwelling.tenure.astype(np.int64), _TENURES),
        _coded("housing_grade", SourceKind.VISITED, here, dwelling.unsafe_grade.astype(np.int64), _UNSAFE),
        _counted(
            "land_contract_mu",
            SourceKind.VERIFIED,
            here & (dwelling.land_mu_tenths >= 10),
            dwelling.land_mu_tenths // 10,
            "agriculture",
        ),
        _always(
            "monitoring_kind",
            SourceKind.VERIFIED,
            here & tagged(TargetGroup.RETURN_TO_POVERTY_WATCHED),
            '"unstable"',
            "agriculture",
        ),
        *(
            _always(
                name,
                SourceKind.VERIFIED,
                here & (total((chunk.groups.tags & int(group)) > 0) > 0),
                "true",
                "civil_affairs",
            )
            for name, group in _ON_FILE.items()
        ),
    ]
    return [*found, *_nothing_found(found, here, SubjectKind.HOUSEHOLD)]


def _nothing_found(found: Sequence[Statement], where: Bools, subject: SubjectKind) -> list[Statement]:
    return [
        _always(variable, SourceKind.VERIFIED if department else SourceKind.VISITED, rows, value, department)
        for variable, value, department, rows in unspoken(found, where, subject)
    ]


def _counted(variable: str, source: SourceKind, where: Bools, values: Ints, department: str = "") -> Statement:
    rows = np.flatnonzero(where)
    return Statement(variable, source, rows, list(map(str, values[rows].tolist())), department)


def _both(variable: str, where: Bools, declared: Ints, verified: Ints, department: str) -> tuple[Statement, Statement]:
    return (
        _counted(variable, SourceKind.DECLARED, where, declared),
        _counted(variable, SourceKind.VERIFIED, where, verified, department),
    )


def _always(variable: str, source: SourceKind, where: Bools, value: str, department: str = "") -> Statement:
    rows = np.flatnonzero(where)
    return Statement(variable, source, rows, [value] * len(rows), department)


def _coded(
    variable: str,
    source: SourceKind,
    where: Bools,
    codes: Ints,
    names: "dict[Work, str] | dict[Stage, str] | dict[Tenure, str] | dict[int, str]",
    department: str = "",
) -> Statement:
    by_number = {int(code): f'"{name}"' for code, name in names.items()}
    rows = np.flatnonzero(where & np.isin(codes, list(by_number)))
    return Statement(variable, source, rows, [by_number[code] for code in codes[rows].tolist()], department)


def _spoken_on(numbered: Numbered, source: SourceKind) -> date:
    return numbered.as_of - timedelta(days=_SOURCES[source][0])


def _facts(cursor: CursorWrapper, numbered: Numbered, subject: SubjectKind, statements: list[Statement]) -> int:
    chunk, written = numbered.chunk, 0
    of_person = subject is SubjectKind.PERSON
    ids = numbered.person_id if of_person else numbered.household_id
    codes = chunk.households.division_code
    if of_person:
        codes = codes[chunk.people.household]
    for one in statements:
        texts = list(map(str, ids[one.rows].tolist()))
        written += copy_rows(
            cursor,
            "registry_fact",
            len(one.rows),
            {
                "subject_type": subject.value,
                "person_id": texts if of_person else NULL,
                "household_id": NULL if of_person else texts,
                "division_code": codes[one.rows].tolist(),
                "variable": one.variable,
                "value": one.values,
                "valid_from": _spoken_on(numbered, one.source).isoformat(),
                "valid_to": NULL,
                "source_kind": one.source.value,
                "source_office": "",
                "source_department": one.department,
                "evidence": _SOURCES[one.source][1],
                "evidence_file_id": NULL,
                "recorded_at": numbered.at.isoformat(),
                "recorded_by": NULL,
                "withdrawn_at": NULL,
                "withdrawn_reason": "",
                "withdrawn_by": NULL,
            },
        )
    return written


def _in_force(numbered: Numbered, statements: list[Statement]) -> dict[int, dict[str, tuple[str, str]]]:
    """By row: each variable's value in force and the JSON kept of it. The sources are told apart by their strength."""
    strength = {source: place for place, source in enumerate(_SOURCES)}
    found: dict[int, dict[str, tuple[str, str]]] = defaultdict(dict)
    for one in sorted(statements, key=lambda one: -strength[one.source]):
        spoken = f'"s": "{one.source.value}", "d": "{_spoken_on(numbered, one.source)}"'
        for row, value in zip(one.rows.tolist(), one.values, strict=True):
            said = f'{{"v": {value}, {spoken}'
            before = found[row].get(one.variable)
            if before is None:
                found[row][one.variable] = value, f"{said}}}"
            elif before[0] != value:
                # one weaker source at most speaks of a variable here, so there is one disagreement at most
                found[row][one.variable] = before[0], f'{before[1][:-1]}, "c": [{said}}}]}}'
    return found


def _truth(said: tuple[str, str] | None) -> str:
    return NULL if said is None else said[0][0]


def _person_values(cursor: CursorWrapper, numbered: Numbered, statements: list[Statement]) -> None:
    found = _in_force(numbered, statements)
    rows = sorted(found)
    codes = numbered.chunk.households.division_code[numbered.chunk.people.household]
    columns = {
        name: [found[row].get(name, ("", ""))[0].strip('"') for row in rows]
        for name in _PERSON_COLUMNS
        if name != "serious_illness"
    }
    copy_rows(
        cursor,
        "registry_person_values",
        len(rows),
        {
            "person_id": list(map(str, numbered.person_id[rows].tolist())),
            "division_code": codes[rows].tolist(),
            "facts": [_document(found[row]) for row in rows],
            "computed_on": numbered.as_of.isoformat(),
            "serious_illness": [_truth(found[row].get("serious_illness")) for row in rows],
            **columns,
        },
    )


def _household_values(cursor: CursorWrapper, numbered: Numbered, statements: list[Statement]) -> None:
    found = _in_force(numbered, statements)
    rows = sorted(found)
    columns = {
        column: [found[row].get(variable, (NULL, ""))[0] for row in rows]
        for variable, column in _HOUSEHOLD_COLUMNS.items()
    }
    copy_rows(
        cursor,
        "registry_household_values",
        len(rows),
        {
            "household_id": list(map(str, numbered.household_id[rows].tolist())),
            "division_code": numbered.chunk.households.division_code[rows].tolist(),
            "facts": [_document(found[row]) for row in rows],
            "computed_on": numbered.as_of.isoformat(),
            **columns,
        },
    )


def _document(values: dict[str, tuple[str, str]]) -> str:
    return "{" + ", ".join(f'"{variable}": {said}' for variable, (_, said) in sorted(values.items())) + "}"
