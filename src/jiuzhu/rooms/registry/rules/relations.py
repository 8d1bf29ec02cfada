"""Family relations: generations for the tree, relations after a change of head, guardianship without circles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from jiuzhu.core.code_lists.gbt_2261_1_sex import FEMALE, MALE
from jiuzhu.core.code_lists.gbt_4761_family_relation import HEAD, RELATION

OTHER_RELATIVE = "97"
_GREAT_GRANDCHILDREN = frozenset({"47", "48"})
_GREAT_GRANDPARENTS = frozenset({"66", "67", "68"})
_ELDERS = frozenset({"81", "82", "83", "84", "85", "86", "87", "88", "89", "90"})
_YOUNGER = frozenset({"93", "94", "95", "96"})


@dataclass(frozen=True, slots=True)
class Kin:
    """A member as the rules need it: relation to the present head, sex (GB/T 2261.1), birth."""

    person_id: int
    relation: str
    sex: str
    birth_date: date


def generation(relation: str) -> int:
    """How many generations below the head (negative: above).

    Raises:
        UnknownCode: no code of GB/T 4761-2008.
    """
    RELATION.require(relation)
    if relation in _GREAT_GRANDCHILDREN:
        return 3
    if relation in _GREAT_GRANDPARENTS:
        return -3
    if relation in _ELDERS:
        return -1
    if relation in _YOUNGER:
        return 1
    return {"2": 1, "3": 1, "4": 2, "5": -1, "6": -2}.get(relation[0], 0)


def relation_to_new_head(member: Kin, new_head: Kin) -> str | None:
    """What a member is to the new head, when the relations to the old head tell it; None when they do not.

    `member` may be the old head (relation 02). Sexes must be known.
    """
    if member.sex not in (MALE, FEMALE) or new_head.sex not in (MALE, FEMALE):
        return None
    if member.person_id == new_head.person_id:
        return HEAD
    if RELATION.is_spouse(new_head.relation):
        return _to_spouse(member, new_head)
    if RELATION.is_child(new_head.relation):
        return _to_child(member, new_head)
    if RELATION.is_parent(new_head.relation):
        return _to_parent(member)
    return None


def relations_after_change(members: Iterable[Kin], new_head_id: int, given: Mapping[int, str]) -> dict[int, str | None]:
    """The relation of every member to the new head: given ones first, then derived; None where neither is known."""
    members = list(members)
    new_head = next(member for member in members if member.person_id == new_head_id)
    return {
        member.person_id: HEAD
        if member.person_id == new_head_id
        else given.get(member.person_id) or relation_to_new_head(member, new_head)
        for member in members
    }


def closes_a_circle(wards_of: Mapping[int, Iterable[int]], *, guardian: int, ward: int) -> bool:
    """Tell whether the ward already answers, directly or through others, for the guardian."""
    seen: set[int] = set()
    waiting = [ward]
    while waiting:
        person = waiting.pop()
        if person == guardian:
            return True
        if person not in seen:
            seen.add(person)
            waiting.extend(wards_of.get(person, ()))
    return False


def _by_sex(sex: str, male: str, female: str) -> str:
    return male if sex == MALE else female


def _to_spouse(member: Kin, new_head: Kin) -> str | None:
    if member.relation == HEAD:
        return _by_sex(member.sex, "11", "12")
    if member.relation[0] in "234":
        return member.relation
    if RELATION.is_parent(member.relation):
        pair = ("55", "56") if new_head.sex == MALE else ("53", "54")
        return _by_sex(member.sex, *pair)
    if RELATION.is_parent_in_law(member.relation):
        return _by_sex(member.sex, "51", "52")
    return None


def _to_child(member: Kin, new_head: Kin) -> str | None:
    if member.relation == HEAD or RELATION.is_spouse(member.relation):
        return _by_sex(member.sex, "51", "52")
    if RELATION.is_child(member.relation):
        elder = member.birth_date < new_head.birth_date
        return _by_sex(member.sex, "71" if elder else "73", "75" if elder else "77")
    if RELATION.is_parent(member.relation):
        return "60"
    return None


def _to_parent(member: Kin) -> str | None:
    if member.relation == HEAD:
        return _by_sex(member.sex, "20", "30")
    if RELATION.is_spouse(member.relation):
        return _by_sex(member.sex, "28", "38")
    if RELATION.is_child(member.relation):
        return "40"
    if RELATION.is_sibling(member.relation):
        return _by_sex(member.sex, "20", "30")
    if RELATION.is_parent(member.relation):
        return _by_sex(member.sex, "11", "12")
    return None
