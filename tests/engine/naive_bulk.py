"""A batch worked out row by row in plain Python: slow, short, and nothing in common with the sets but the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jiuzhu.core.variants import plain_name
from jiuzhu.engine.bulk.results import ResultState
from jiuzhu.engine.matching.comparing import NAME, PARTS
from jiuzhu.engine.matching.findings import Finding
from jiuzhu.engine.matching.judging import Entry, Subject, judge_all
from jiuzhu.engine.matching.weights import Verdict, Weights, steady_frequency

Bounds = tuple[int | None, int | None]
WHOLE = 1_000_000_000


@dataclass
class Expected:
    """What a person's items should come to."""

    state: ResultState
    items: dict[str, Bounds]
    findings: set[Finding]
    records: int = 0
    verdicts: dict[int, Verdict] = field(default_factory=dict)


def part(amount: int | None, share: int | None) -> int | None:
    if amount is None or share is None:
        return amount
    return (amount * share * 2 + WHOLE) // (2 * WHOLE)


def vehicles(row: Mapping[str, Any]) -> tuple[dict[str, Bounds], set[Finding]]:
    state = row["state"] or "normal"
    bounds = {"normal": (1, 1), "sold": (0, 1), "scrapped": (0, 0)}[state]
    return {"vehicles": bounds}, {Finding.SOLD_NOT_TRANSFERRED} if state == "sold" else set()


def deposits(row: Mapping[str, Any]) -> tuple[dict[str, Bounds], set[Finding]]:
    own = part(row["balance_fen"], row["share"])
    joint = row["share"] is None and (row["holders"] or 1) > 1
    found = {
        Finding.JOINT_ACCOUNT: joint,
        Finding.CO_OWNED: row["share"] is not None and row["share"] < WHOLE,
        Finding.STUDENT_ACCOUNT: row["purpose"] == "student",
        Finding.LUMP_SUM: row["purpose"] == "compensation",
        Finding.VALUE_MISSING: row["balance_fen"] is None,
    }
    open_ = joint or row["purpose"] in ("student", "compensation") or own is None
    return {"deposits_fen": (0 if open_ else own, own)}, {one for one, there in found.items() if there}


def real_estate(row: Mapping[str, Any]) -> tuple[dict[str, Bounds], set[Finding]]:
    stands = (row["state"] or "owned") == "owned"
    unknown = row["share"] is None and (row["owners"] or 1) > 1
    ppm = 1_000_000 if row["share"] is None else (row["share"] + 500) // 1000
    found = {
        Finding.CO_OWNED: row["share"] is not None and row["share"] < WHOLE,
        Finding.SHARE_UNKNOWN: unknown,
        Finding.DEMOLISHED: row["state"] == "demolished",
        Finding.INHERITED: row["state"] == "inherited",
    }
    items = {"homes": (int(stands), 1), "home_share_ppm": (ppm if stands and not unknown else 0, ppm)}
    return items, {one for one, there in found.items() if there}


def deaths(row: Mapping[str, Any]) -> tuple[dict[str, Bounds], set[Finding]]:
    return {"dead": (1, 1)}, {Finding.DECEASED_NOT_CANCELLED}


RULES = {"vehicles": vehicles, "deposits": deposits, "real_estate": real_estate, "deaths": deaths}
ITEMS = {
    "vehicles": ("vehicles",),
    "deposits": ("deposits_fen",),
    "real_estate": ("homes", "home_share_ppm"),
    "deaths": ("dead",),
}


def expected(
    register: str, subjects: Sequence[Subject], rows: Sequence[Mapping[str, Any]], weights: Weights
) -> list[Expected]:
    """What everybody's items come to: a loop over rows and persons."""
    names = [plain_name(one.name) for one in subjects]
    average = weights.u[NAME][PARTS[NAME]]
    often = [steady_frequency(names.count(name), len(names), average) for name in names]
    found = [Expected(ResultState.NONE_FOUND, dict.fromkeys(ITEMS[register], (0, 0)), set()) for _ in subjects]
    for at, row in enumerate(rows):
        entry = Entry(row["number"], row["name"], row["birth_date"], row["sex"] or "", row["division_code"] or "")
        for each, judged in zip(found, judge_all(subjects, entry, weights, often), strict=True):
            if judged.verdict is Verdict.NO:
                continue
            items, hidden = RULES[register](row)
            each.findings |= {*judged.findings, *hidden}
            each.records += 1
            each.verdicts[at] = judged.verdict
            sure = judged.verdict is Verdict.MATCH
            if sure or each.state is not ResultState.FOUND:
                each.state = ResultState.FOUND if sure else ResultState.UNDECIDED
            for code, (low, high) in items.items():
                before = each.items[code]
                each.items[code] = _joined(code, before, (low if sure else 0, high))
    for one, each in zip(subjects, found, strict=True):
        if not one.number:
            each.state, each.items = ResultState.UNKNOWN, dict.fromkeys(each.items, (None, None))
            each.findings.add(Finding.OWN_NUMBER_INVALID)
        elif sum(other.number == one.number for other in subjects) > 1:
            each.findings.add(Finding.LISTED_TWICE)
    return found


def _joined(code: str, one: Bounds, other: Bounds) -> Bounds:
    if code == "dead":
        return max(one[0] or 0, other[0] or 0), max(one[1] or 0, other[1] or 0)
    high = None if one[1] is None or other[1] is None else one[1] + other[1]
    return (one[0] or 0) + (other[0] or 0), high
