"""One person in two open applications (民发〔2021〕57号 art. 4: a household applies as one): refused or shown.

The same programme for the same person twice is refused; another programme is shown to the clerk and hinders nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from jiuzhu.core.errors import RuleRefused


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """A programme that an open application asks for, and a person for whom it would count."""

    application_id: int
    household_id: int
    programme: str
    person_id: int


@dataclass(frozen=True, slots=True, order=True)
class Overlap:
    """Another open application in which a person stands; `is_same` when it asks for the same."""

    application_id: int
    person_id: int
    programme: str
    is_same: bool


def persons_of(programme_person: int | None, members: Iterable[tuple[int, bool]]) -> frozenset[int]:
    """For whom a request counts: the one person, or all members who count."""
    if programme_person is not None:
        return frozenset({programme_person})
    return frozenset(person for person, counts in members if counts)


def overlaps(own: Collection[Asked], others: Iterable[Asked]) -> tuple[Overlap, ...]:
    """What else is open for the persons of an application."""
    mine = {(one.programme, one.person_id) for one in own}
    persons = {one.person_id for one in own}
    return tuple(
        sorted(
            {
                Overlap(one.application_id, one.person_id, one.programme, (one.programme, one.person_id) in mine)
                for one in others
                if one.person_id in persons
            }
        )
    )


def nobody_applies_twice(found: Collection[Overlap]) -> RuleRefused | None:
    """Nobody applies for the same programme twice at the same time; nothing is said of the other household."""
    if not any(one.is_same for one in found):
        return None
    return RuleRefused(
        "application.twice",
        "有家庭成员已在另一份办理中的申请里申请了同一项救助。请先撤回其中一份，或者联系受理单位",
        "A member already applies for the same in another application that is open; withdraw one, or ask the office.",
        field="programmes",
    )
