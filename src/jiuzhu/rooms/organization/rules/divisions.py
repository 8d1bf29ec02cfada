"""What may happen to a division: new, renamed, closed, merged; each check returns the reasons against it.

Codes: GB/T 2260-2007 for counties and above, the rules of 统计用区划代码 below. A functional zone has no code of the
State: the city gives it a county number that GB/T 2260 has not given out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.rooms.organization.rules.reasons import Reason

# Where a zone's number is looked for first: the State fills 01-20 (districts) and 21-80 (counties) from below.
_ZONE_NUMBERS = (*range(71, 81), *range(99, 0, -1))


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a division with its period `[valid_from, valid_to)`; None is open."""

    code: DivisionCode
    name: str
    valid_from: date | None
    valid_to: date | None

    def in_force(self, day: date) -> bool:
        """Tell whether the version is in force on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


def current(versions: Iterable[Version], day: date) -> Version | None:
    """The version in force on a day."""
    return next((version for version in versions if version.in_force(day)), None)


def against_creating(
    code: DivisionCode,
    name: str,
    day: date,
    *,
    own: Sequence[Version],
    parent: Sequence[Version],
    siblings: Sequence[Version],
) -> tuple[Reason, ...]:
    """Why a division may not begin on `day`: `own` are versions of its code, `siblings` the others under its parent."""
    reasons: list[Reason] = []
    if any(version.valid_to is None or version.valid_to > day for version in own):
        reasons.append(
            Reason(
                "organization.division.overlap",
                f"代码{code}在{day}已有区划或已安排变更，请核对代码和日期",
                f"Code {code} is in use on {day} or changes later; check the code and the date.",
                field="code",
            )
        )
    if code.parent is not None and code.parent.level >= DivisionLevel.CITY and current(parent, day) is None:
        reasons.append(
            Reason(
                "organization.division.parent",
                f"上级区划{code.parent}在{day}不存在或已撤销，请先设立上级区划",
                f"The division above, {code.parent}, is not in force on {day}; create it first.",
                field="code",
            )
        )
    return (*reasons, *_against_name(name, day, siblings))


def against_zone_code(
    code: DivisionCode, city: DivisionCode, statutory: Collection[DivisionCode]
) -> tuple[Reason, ...]:
    """Why a code may not be given to a functional zone of the city; `statutory` are the codes of the State."""
    reasons: list[Reason] = []
    if code.level is not DivisionLevel.COUNTY or not city.contains(code):
        reasons.append(
            Reason(
                "organization.zone.place",
                f"功能区代码应为{city.prefix}后加两位县级序号和六个0，请核对",
                f"A zone's code is {city.prefix}, two digits for the county level and six zeros; check it.",
                field="code",
            )
        )
    if any(used.prefix[:6] == code.value[:6] for used in statutory):
        reasons.append(
            Reason(
                "organization.zone.taken",
                f"{code.value[:6]}是国家标准已使用的县级代码，请另选未使用的序号",
                f"{code.value[:6]} is a county code of GB/T 2260; choose a number that is not in use.",
                "GB/T 2260-2007",
                field="code",
            )
        )
    return tuple(reasons)


def free_zone_code(city: DivisionCode, used: Collection[DivisionCode]) -> DivisionCode | None:
    """The first county number of the city that nobody uses or has used; None when all are taken."""
    taken = {code.value[4:6] for code in used if code.value[:4] == city.value[:4]}
    number = next((number for number in _ZONE_NUMBERS if f"{number:02}" not in taken), None)
    return None if number is None else DivisionCode(f"{city.value[:4]}{number:02}000000")


def against_renaming(
    name: str, day: date, *, own: Sequence[Version], siblings: Sequence[Version]
) -> tuple[Reason, ...]:
    """Why a division may not bear another name from `day` on."""
    reasons = list(_against_ending(day, own))
    version = current(own, day)
    if version is not None and version.name == name:
        reasons.append(
            Reason(
                "organization.division.same_name",
                "新名称与原名称相同，无需更名",
                "The new name is the old one.",
                field="name",
            )
        )
    return (*reasons, *_against_name(name, day, siblings))


def against_closing(
    code: DivisionCode,
    day: date,
    *,
    own: Sequence[Version],
    below: Sequence[Version],
    successor: DivisionCode | None,
    successor_versions: Sequence[Version],
    moved: Mapping[DivisionCode, DivisionCode] | None = None,
) -> tuple[Reason, ...]:
    """Why a division may not end on `day` in favour of `successor` (None: nothing follows it).

    `below` are the versions of all divisions in it. `moved` gives each of those its new code in the successor.
    """
    moved = moved or {}
    reasons = list(_against_ending(day, own))
    left = sorted({v.code for v in below if v.valid_to is None or v.valid_to > day} - moved.keys())
    if left:
        listed = "、".join(str(one) for one in left[:3])
        reasons.append(
            Reason(
                "organization.division.children_left",
                f"{code}还有{len(left)}个下级区划没有去向（{listed}），请先为它们指定新代码或撤销",
                f"{len(left)} divisions in {code} would be left behind (the first is {left[0]}); place them first.",
                field="moved",
            )
        )
    if successor is not None:
        reasons.extend(_against_successor(code, day, successor, successor_versions))
    return tuple(reasons)


def against_moving(
    moved: Mapping[DivisionCode, DivisionCode],
    sources: Collection[DivisionCode],
    target: DivisionCode,
    *,
    existing: Collection[DivisionCode],
) -> tuple[Reason, ...]:
    """Why the divisions of merged `sources` may not take new codes in `target`; `existing` are all used there."""
    reasons: list[Reason] = []
    new = list(moved.values())
    doubled = sorted({code for code in new if new.count(code) > 1} | (set(new) & set(existing)))
    if doubled:
        reasons.append(
            Reason(
                "organization.division.overlap",
                f"新代码{doubled[0]}重复或已被使用，请另编代码",
                f"The new code {doubled[0]} is given twice or in use; choose another.",
                field="moved",
            )
        )
    for before, after in moved.items():
        inside = any(source.contains(before) and source != before for source in sources)
        if not inside or before.level is not after.level or not target.contains(after) or after == target:
            reasons.append(
                Reason(
                    "organization.division.move",
                    f"{before}不能改为{after}：应属被合并区划，且新代码应与原级别相同并位于{target}之内",
                    f"{before} cannot become {after}: from a merged division, at the same level, into {target}.",
                    field="moved",
                )
            )
        elif after.parent is not None and after.parent != target and after.parent not in {*new, *existing}:
            reasons.append(
                Reason(
                    "organization.division.parent",
                    f"新代码{after}的上级{after.parent}不存在，请先为上级指定新代码",
                    f"The division above {after}, {after.parent}, does not exist; give it a new code first.",
                    field="moved",
                )
            )
    return tuple(reasons)


def _against_ending(day: date, own: Sequence[Version]) -> tuple[Reason, ...]:
    version = current(own, day)
    if version is None:
        return (
            Reason(
                "organization.division.not_in_force",
                f"该区划在{day}不存在或已撤销，请核对日期",
                f"The division is not in force on {day}; check the date.",
                field="day",
            ),
        )
    if version.valid_from == day:
        return (
            Reason(
                "organization.division.same_day",
                f"该区划在{day}刚刚设立或变更，同一天不能再次变更",
                f"The division began or changed on {day}; it cannot change again on the same day.",
                field="day",
            ),
        )
    if version.valid_to is not None or any(v.valid_from is not None and v.valid_from > day for v in own):
        return (
            Reason(
                "organization.division.later_change",
                f"该区划在{day}之后已安排变更，请先核对已有变更",
                f"A later change than {day} is already on file for this division; check it first.",
                field="day",
            ),
        )
    return ()


def _against_name(name: str, day: date, siblings: Sequence[Version]) -> tuple[Reason, ...]:
    if not name.strip():
        return (
            Reason(
                "organization.division.name",
                "区划名称不能为空，请填写",
                "The division has no name; enter one.",
                field="name",
            ),
        )
    if any(version.name == name and version.in_force(day) for version in siblings):
        return (
            Reason(
                "organization.division.name_taken",
                f"同一上级之下已有“{name}”，请核对名称",
                f"There is already a “{name}” under the same division; check the name.",
                field="name",
            ),
        )
    return ()


def _against_successor(
    code: DivisionCode, day: date, successor: DivisionCode, versions: Sequence[Version]
) -> list[Reason]:
    if code.contains(successor):
        return [
            Reason(
                "organization.division.cycle",
                f"{successor}就是被撤销区划或在其之内，不能作为承继者",
                f"{successor} is the closed division or lies in it and cannot succeed it.",
                field="successor",
            )
        ]
    reasons: list[Reason] = []
    if successor.level is not code.level:
        reasons.append(
            Reason(
                "organization.division.level",
                f"承继者{successor}与{code}级别不同，请选择同级区划",
                f"The successor {successor} is of another level than {code}; choose one of the same level.",
                field="successor",
            )
        )
    if current(versions, day) is None:
        reasons.append(
            Reason(
                "organization.division.successor",
                f"承继者{successor}在{day}不存在或已撤销，不能承继",
                f"The successor {successor} is not in force on {day} and cannot take over.",
                field="successor",
            )
        )
    return reasons
