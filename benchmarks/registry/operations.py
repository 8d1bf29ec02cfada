"""What is measured: each operation as one of its users does it, on a case drawn before the clock starts."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.registry.samples import Samples, Someone
from django.db import connection
from django.utils import timezone

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import COUNTRY, DivisionCode
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry import actions, queries
from jiuzhu.rooms.registry.queries.lists import FactFilter, HouseholdFilter, PersonFilter
from jiuzhu.rooms.registry.states import RegisteredKind, TargetGroup

_PAGE = 50
_LOW_INCOME_FEN_MONTH = 100_000

Request = tuple[Actor, Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the table.

    `make` turns a person into a request of some officer. `beat` is the rate to beat at a million people, `aim_ms` what
    19 of 20 requests should stay below. An operation that `writes` comes after those that only read.
    """

    what: str
    make: Callable[[Samples, Someone], Request]
    beat: float | None = None
    aim_ms: float | None = None
    writes: bool = False


def _empty(samples: Samples, one: Someone) -> Request:
    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    return samples.clerk_of(one.township), ask


EMPTY = Operation("empty request: a transaction and SELECT 1", _empty)


def operations() -> tuple[Operation, ...]:
    """All of them, in the order in which they are measured."""
    return (
        Operation("identity number, township clerk", _by_number, aim_ms=50),
        Operation("name of 2 characters in a township", _by_name, beat=8, aim_ms=100),
        Operation("name of 2 characters in the city", _by_name_in_city, beat=8),
        Operation("list with count: a township", _listed, beat=5.5),
        Operation("list with count: one group in a township", _tagged, beat=5.5),
        Operation("list with count: a later page of a township", _later_page, beat=5.5),
        Operation("list with count: the city", _listed_in_city, beat=5.5),
        Operation("list with count: one group in the city", _tagged_in_city, beat=5.5),
        Operation("list with count: households of a township", _households, beat=5.5),
        Operation("list with count: open business of a township", _flagged, beat=5.5),
        Operation("fact filter: grade of disability in a township", _by_fact, beat=7.2),
        Operation("fact filter: grade of disability in the city", _by_fact_in_city, beat=7.2),
        Operation("fact filter: low income in a township", _by_income, beat=7.2),
        Operation("fact filter: low income in the city", _by_income_in_city, beat=7.2),
        Operation("a household with everything known", _household),
        Operation("exact figures by tag: a township", _counts),
        Operation("exact figures by tag: the city (reads every tag)", _counts_of_city),
        Operation("register a household of one person", _register_one, beat=82, writes=True),
        Operation("register a household of three persons", _register_three, writes=True),
    )


def _by_number(samples: Samples, one: Someone) -> Request:
    return _search(samples.clerk_of(one.township), one.number)


def _by_name(samples: Samples, one: Someone) -> Request:
    return _search(samples.clerk_of(one.township), samples.two_characters(one))


def _by_name_in_city(samples: Samples, one: Someone) -> Request:
    return _search(samples.officer, samples.two_characters(one))


def _search(actor: Actor, text: str) -> Request:
    def ask() -> object:
        found = queries.search_persons(actor=actor, at=timezone.now(), text=text, limit=_PAGE)
        if not found.results:
            raise LookupError(f"a search for somebody who is there found nobody: {found.kind}")
        return found

    return actor, ask


def _listed(samples: Samples, one: Someone) -> Request:
    return _persons(samples, samples.clerk_of(one.township), PersonFilter())


def _tagged(samples: Samples, one: Someone) -> Request:
    return _persons(samples, samples.clerk_of(one.township), PersonFilter(group=_group(samples)))


def _later_page(samples: Samples, one: Someone) -> Request:
    return _persons(samples, samples.clerk_of(one.township), PersonFilter(), f"{one.village}.{one.person_id}")


def _listed_in_city(samples: Samples, _one: Someone) -> Request:
    return _persons(samples, samples.officer, PersonFilter())


def _tagged_in_city(samples: Samples, _one: Someone) -> Request:
    return _persons(samples, samples.officer, PersonFilter(group=_group(samples)))


def _by_fact(samples: Samples, one: Someone) -> Request:
    return _persons(samples, samples.clerk_of(one.township), PersonFilter(facts=(_grade(samples),)))


def _by_fact_in_city(samples: Samples, _one: Someone) -> Request:
    return _persons(samples, samples.officer, PersonFilter(facts=(_grade(samples),)))


def _persons(samples: Samples, actor: Actor, wanted: PersonFilter, after: str = "") -> Request:
    return actor, lambda: queries.list_persons(actor=actor, on=samples.on, wanted=wanted, after=after, size=_PAGE)


def _households(samples: Samples, one: Someone) -> Request:
    return _homes(samples, samples.clerk_of(one.township), HouseholdFilter(registered_kind=RegisteredKind.RURAL))


def _flagged(samples: Samples, one: Someone) -> Request:
    return _homes(samples, samples.clerk_of(one.township), HouseholdFilter(flagged=True))


def _by_income(samples: Samples, one: Someone) -> Request:
    return _homes(samples, samples.clerk_of(one.township), HouseholdFilter(facts=(_low_income(samples),)))


def _by_income_in_city(samples: Samples, _one: Someone) -> Request:
    return _homes(samples, samples.officer, HouseholdFilter(facts=(_low_income(samples),)))


def _homes(samples: Samples, actor: Actor, wanted: HouseholdFilter) -> Request:
    return actor, lambda: queries.list_households(actor=actor, on=samples.on, wanted=wanted, size=_PAGE)


def _group(samples: Samples) -> TargetGroup:
    return samples.random.choice((TargetGroup.DIBAO, TargetGroup.TEKUN, TargetGroup.KUNNAN_CANJI))


def _grade(samples: Samples) -> FactFilter:
    return FactFilter("disability_grade", samples.random.choice("1234"))


def _low_income(samples: Samples) -> FactFilter:
    return FactFilter(
        "income_fen_month", samples.random.randrange(_LOW_INCOME_FEN_MONTH // 2, _LOW_INCOME_FEN_MONTH), "at_most"
    )


def _household(samples: Samples, one: Someone) -> Request:
    actor = samples.clerk_of(one.township)
    return actor, lambda: queries.household_detail(actor=actor, at=timezone.now(), household_id=one.household_id)


def _counts(samples: Samples, one: Someone) -> Request:
    return _counted(samples, samples.head_of(one.township), one.township)


def _counts_of_city(samples: Samples, _one: Someone) -> Request:
    division = samples.officer.scope.division
    return _counted(samples, samples.officer, COUNTRY if division is None else division)


def _counted(samples: Samples, actor: Actor, division: DivisionCode) -> Request:
    return actor, lambda: queries.counts_by_group(actor=actor, on=samples.on, division=division)


def _register_one(samples: Samples, one: Someone) -> Request:
    return _register(samples, one, 1)


def _register_three(samples: Samples, one: Someone) -> Request:
    return _register(samples, one, 3)


def _register(samples: Samples, one: Someone, many: int) -> Request:
    actor = samples.clerk_of(one.township)
    members = samples.members([one.name] * many)
    return actor, lambda: actions.register_household(
        actor=actor,
        at=timezone.now(),
        division_code=one.village.value,
        registered_kind=RegisteredKind.RURAL,
        members=members,
        address="红门路1号",
    )


def send(request: Request) -> object:
    """Answer a request as the web does: in a transaction of its actor."""
    actor, ask = request
    with acting(actor, request_id="benchmark"):
        return ask()
