"""Whom to look for: people drawn from the city with a seed, so that every run asks the same questions."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count

from django.db.models import Max

from jiuzhu.core.actors import Actor, Scope, system_actor
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.identity import CitizenId
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.registry.actions import NewMember, Particulars
from jiuzhu.rooms.registry.models import Membership, Person

# Nobody of the invented city has a number of this address code.
_ELSEWHERE = "110102"
_FIRST_BIRTH = date(1935, 1, 1)
_BIRTH_DAYS = 25_000
_HEAD, _SPOUSE, _CHILD = "02", "10", "20"


@dataclass(frozen=True, slots=True)
class Someone:
    """A living person of the city who belongs to a household."""

    person_id: int
    household_id: int
    name: str
    number: str
    village: DivisionCode

    @property
    def township(self) -> DivisionCode:
        """The township of the person's village."""
        return self.village.at(DivisionLevel.TOWNSHIP) or self.village


class Samples:
    """People drawn at random, and the officers who look for them. `on` is the city's day."""

    def __init__(self, seed: int, on: date) -> None:
        self.random = random.Random(seed)
        self.on = on
        self.clerk = _actor("township-clerk", on)
        self.head = _actor("township-head", on)
        self.officer = _actor("city-officer", on)
        with acting(system_actor("benchmark")):
            self._last = Person.objects.aggregate(last=Max("id"))["last"]
        # every number made of it is registered, so the next run begins beyond all of this one
        self._fresh = count(self._last + 1)

    def people(self, many: int) -> list[Someone]:
        """So many people from all over the city."""
        found: list[Someone] = []
        while len(found) < many:
            drawn = [self.random.randint(1, self._last) for _ in range(2 * many)]
            with acting(system_actor("benchmark")):
                rows = Membership.objects.select_related("person").filter(
                    person_id__in=drawn, end_on=None, person__died_on=None, person__merged_into=None
                )
                known = {row.person_id: _someone(row) for row in rows}
            found += [known[one] for one in drawn if one in known]
        return found[:many]

    def clerk_of(self, township: DivisionCode) -> Actor:
        """The township's clerk."""
        return replace(self.clerk, scope=Scope(division=township))

    def head_of(self, township: DivisionCode) -> Actor:
        """The township's head."""
        return replace(self.head, scope=Scope(division=township))

    def two_characters(self, one: Someone) -> str:
        """Two neighbouring characters of a name: now the first two, now the given name."""
        start = self.random.randrange(max(1, len(one.name) - 1))
        return one.name[start : start + 2]

    def members(self, names: list[str]) -> list[NewMember]:
        """New people of these names: a head, a spouse, then children."""
        relations = [_HEAD, _SPOUSE, *[_CHILD] * len(names)]
        return [
            NewMember(relation, Particulars(name, self._number()))
            for name, relation in zip(names, relations, strict=False)
        ]

    def _number(self) -> str:
        sequence, day = divmod(next(self._fresh), _BIRTH_DAYS)
        return CitizenId.make(_ELSEWHERE, _FIRST_BIRTH + timedelta(days=day), sequence % 1000).value


def _someone(row: Membership) -> Someone:
    person = row.person
    return Someone(
        person.pk, row.household_id, person.name, person.document_number or "", DivisionCode(row.division_code)
    )


def _actor(login: str, on: date) -> Actor:
    account = Account.objects.get(login_name=login)
    actor = organization.actor_of_account(account_id=account.pk, at=on)
    if actor is None:
        raise LookupError(f"the demonstration account {login} holds no post on {on}")
    return actor
