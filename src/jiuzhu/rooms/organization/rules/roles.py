"""Roles and incompatible duties, read from `data/roles.yaml` (GB/T 22239-2019, 财会〔2012〕21号)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

import yaml

from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.periods import Period
from jiuzhu.rooms.organization.rules.reasons import Reason

_LEVELS = {
    "city": DivisionLevel.CITY,
    "county": DivisionLevel.COUNTY,
    "township": DivisionLevel.TOWNSHIP,
    "village": DivisionLevel.VILLAGE,
}
_BUSINESS = "business"


class RoleDataError(ValueError):
    """The file of roles contradicts itself; the message names the place."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a post with this role may do. `is_department` marks officers who see only authorised persons."""

    key: str
    name: str
    name_en: str
    levels: frozenset[DivisionLevel]
    is_department: bool
    is_administrator: bool
    duties: str
    duties_en: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class IncompatibleDuties:
    """Pairs of roles that one person may not hold at the same time; `anywhere` or only where the places overlap."""

    key: str
    pairs: frozenset[frozenset[str]]
    anywhere: bool
    zh: str
    en: str
    basis: str

    def hits(self, held: "Duty", wanted: "Duty") -> bool:
        """Tell whether the two duties, held by one person, meet this rule in time and place."""
        if frozenset((held.role, wanted.role)) not in self.pairs or not held.period.overlaps(wanted.period):
            return False
        return self.anywhere or held.division.contains(wanted.division) or wanted.division.contains(held.division)


@dataclass(frozen=True, slots=True)
class Duty:
    """A role held, or wanted, somewhere for a time."""

    role: str
    division: DivisionCode
    period: Period


@dataclass(frozen=True, slots=True)
class RoleCatalogue:
    """All roles by key, and the duties that exclude each other."""

    roles: Mapping[str, Role]
    incompatible: tuple[IncompatibleDuties, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the catalogue from YAML.

        Raises:
            RoleDataError: an unknown set, role, level or key, or a role listed twice in a rule against itself.
        """
        data = yaml.safe_load(text)
        sets: Mapping[str, Sequence[str]] = data["sets"]
        roles = {key: _read_role(key, entry, sets) for key, entry in data["roles"].items()}
        return cls(roles, tuple(_read_rule(entry, roles) for entry in data["incompatible"]))

    def conflicts(self, held: Iterable[Duty], wanted: Duty) -> tuple[Reason, ...]:
        """Why a person who holds `held` may not also be given `wanted`; empty when nothing speaks against it."""
        found: dict[str, Reason] = {}
        for duty in held:
            for rule in self.incompatible:
                if rule.hits(duty, wanted) and rule.key not in found:
                    here, there = self.roles[duty.role], self.roles[wanted.role]
                    found[rule.key] = Reason(
                        f"organization.incompatible.{rule.key}",
                        f"已任“{here.name}”，不能再任“{there.name}”：{rule.zh}",
                        f"Holds “{here.name_en}” and cannot also be “{there.name_en}”: {rule.en}",
                        rule.basis,
                        field="post_id",
                    )
        return tuple(found.values())


@cache
def packaged_roles() -> RoleCatalogue:
    """The roles that come with the program."""
    path = files("jiuzhu.rooms.organization").joinpath("data", "roles.yaml")
    return RoleCatalogue.parse(path.read_text(encoding="utf-8"))


def _read_role(key: str, entry: Mapping[str, Any], sets: Mapping[str, Sequence[str]]) -> Role:
    permissions: set[str] = set()
    for name in entry["permissions"]:
        if not name.startswith("+"):
            permissions.add(name)
        elif name[1:] in sets:
            permissions.update(sets[name[1:]])
        else:
            raise RoleDataError(f"role {key}: there is no set {name[1:]!r}")
    unknown = [level for level in entry["levels"] if level not in _LEVELS]
    if unknown or entry["kind"] not in {"staff", "department"}:
        raise RoleDataError(f"role {key}: unknown level or kind")
    return Role(
        key=key,
        name=entry["name"],
        name_en=entry["name_en"],
        levels=frozenset(_LEVELS[level] for level in entry["levels"]),
        is_department=entry["kind"] == "department",
        is_administrator=entry.get("administrator", False),
        duties=entry["duties"],
        duties_en=entry["duties_en"],
        permissions=frozenset(permissions),
    )


def _read_rule(entry: Mapping[str, Any], roles: Mapping[str, Role]) -> IncompatibleDuties:
    business = [key for key, role in roles.items() if not role.is_administrator]
    if "among" in entry:
        first = second = _expand(entry["among"], business)
    else:
        first, second = _expand(entry["first"], business), _expand(entry["second"], business)
        both = set(first) & set(second)
        if both:
            raise RoleDataError(f"rule {entry['key']}: {', '.join(sorted(both))} on both sides")
    unknown = {*first, *second} - roles.keys()
    if unknown or entry["where"] not in {"anywhere", "overlapping"}:
        raise RoleDataError(f"rule {entry['key']}: unknown role or place: {', '.join(sorted(unknown))}")
    return IncompatibleDuties(
        key=entry["key"],
        pairs=frozenset(frozenset((one, other)) for one in first for other in second if one != other),
        anywhere=entry["where"] == "anywhere",
        zh=entry["zh"],
        en=entry["en"],
        basis=entry["basis"],
    )


def _expand(names: Sequence[str], business: Sequence[str]) -> list[str]:
    return [key for name in names for key in (business if name == _BUSINESS else [name])]
