"""Lists of persons and households: filters that an index serves, pages by key, and a count that stops at a bound.

A list is read from the table whose index narrows it most: tags, values in force, or the subjects themselves. Rows that
belong to a subject repeat its division, so each of these tables gives the keys of a page in order (division, id) and
sorts a village at most. What else is asked is looked up row by row, in sub-selects that the planner cannot turn into
joins: a join of whole tables would read the city for the first rows of it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from django.db.models import BigIntegerField, F, Func, OuterRef, Q, QuerySet, Subquery

from jiuzhu.core.actors import Actor
from jiuzhu.core.code_lists.gbt_2261_1_sex import SEX
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.periods import add_months, age
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.models import (
    GroupMembership,
    Household,
    HouseholdValues,
    Membership,
    Person,
    PersonValues,
)
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.learning import public_variables
from jiuzhu.rooms.registry.queries.views import HouseholdPage, HouseholdRow, PersonPage, PersonRow, Total
from jiuzhu.rooms.registry.rules.masking import masked_document
from jiuzhu.rooms.registry.rules.variables import Value, check_value, variable
from jiuzhu.rooms.registry.states import RegisteredKind, SubjectKind, TargetGroup

LARGEST_PAGE = 200
COUNTED_UP_TO = 1_000
_OPERATORS = {"is": "", "at_least": "__gte", "at_most": "__lte"}

# Division and id of a subject. In it a page begins after one, and a list is what several tables give of them together.
_Key: TypeAlias = tuple[str, int]
_Rows: TypeAlias = "QuerySet[Any, Any]"
_Keys: TypeAlias = "QuerySet[Any, _Key]"


@dataclass(frozen=True, slots=True)
class FactFilter:
    """A condition on a value in force; only variables with a column of their own can be asked."""

    variable: str
    value: Value
    operator: Literal["is", "at_least", "at_most"] = "is"


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What persons to list. Ages are completed years, both ends included. The dead are left out unless asked for.

    `group` finds the persons who carry the tag and the present members of households that carry it.
    """

    division: DivisionCode | None = None
    group: TargetGroup | None = None
    age_from: int | None = None
    age_to: int | None = None
    sex: str | None = None
    facts: tuple[FactFilter, ...] = ()
    with_dead: bool = False


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """What households to list; closed ones are left out unless asked for, `flagged` keeps those with open business."""

    division: DivisionCode | None = None
    group: TargetGroup | None = None
    registered_kind: RegisteredKind | None = None
    facts: tuple[FactFilter, ...] = ()
    with_closed: bool = False
    flagged: bool = False


def list_persons(
    *, actor: Actor, on: date, wanted: PersonFilter | None = None, after: str = "", size: int = 50
) -> PersonPage:
    """A page of persons in order of division and id; `after` is the `next_after` of the page before.

    Raises:
        PermissionRefused: the actor may not see persons.
        InvalidValue: a malformed `after`, an unknown code, or a variable that cannot be filtered by.
    """
    actor.require(Permission.PERSON_VIEW)
    wanted = wanted or PersonFilter()
    size, place = _size(size), _parsed(after)
    with acting(actor, today=on):
        total = _total(_person_keys(wanted, on, None))
        keys = _page(_person_keys(wanted, on, place), size + 1)
        ids = [key for _, key in keys[:size]]
        persons = Person.objects.defer("phone").in_bulk(ids)  # what is not shown need not be deciphered
        homes = dict(Membership.objects.filter(person_id__in=ids, end_on=None).values_list("person_id", "household_id"))
        tags = _tags("person_id", ids)
    return PersonPage(
        rows=tuple(_person_row(persons[key], homes, tags, on) for key in ids if key in persons),
        total=total,
        next_after=_written(keys[size - 1]) if len(keys) > size else "",
    )


def list_households(
    *, actor: Actor, on: date, wanted: HouseholdFilter | None = None, after: str = "", size: int = 50
) -> HouseholdPage:
    """A page of households in order of division and id, each with its head and the number of members.

    Raises:
        PermissionRefused: the actor may not see households.
        InvalidValue: a malformed `after`, or a variable that cannot be filtered by.
    """
    actor.require(Permission.HOUSEHOLD_VIEW)
    wanted = wanted or HouseholdFilter()
    size, place = _size(size), _parsed(after)
    with acting(actor, today=on):
        total = _total(_household_keys(wanted, None))
        keys = _page(_household_keys(wanted, place), size + 1)
        ids = [key for _, key in keys[:size]]
        households = Household.objects.defer("address").in_bulk(ids)
        heads: dict[int, str] = {}
        members: Counter[int] = Counter()
        present = Membership.objects.filter(household_id__in=ids, end_on=None)
        for household, is_head, name in present.values_list("household_id", "is_head", "person__name"):
            members[household] += 1
            if is_head:
                heads[household] = name
        tags = _tags("household_id", ids)
    return HouseholdPage(
        rows=tuple(
            _household_row(households[key], heads.get(key, ""), members[key], tags) for key in ids if key in households
        ),
        total=total,
        next_after=_written(keys[size - 1]) if len(keys) > size else "",
    )


def _person_keys(wanted: PersonFilter, on: date, after: _Key | None) -> list[_Keys]:
    """The persons wanted that follow a key; with a group those who carry it, and those whose household does."""
    here = _inside(wanted.division, after)
    values = _values(SubjectKind.PERSON, wanted.facts)
    persons = Person.objects.filter(_persons(wanted, on))
    if wanted.group is None and not wanted.facts:
        return [_keys(persons.filter(here, _beyond(after, "id")), "id")]
    asked: list[tuple[_Rows, str]] = [(persons, "id")]
    if wanted.group is None:
        known = PersonValues.objects.filter(here, values, _beyond(after, "person_id"))
        return [_keys(_found_in(known, asked, "person_id"), "person_id")]
    if wanted.facts:
        asked.append((PersonValues.objects.filter(values), "person_id"))
    tags = GroupMembership.objects.filter(here, group=wanted.group.value, valid_to=None)
    of_persons = tags.filter(_beyond(after, "person_id"), person__isnull=False)
    members = Membership.objects.filter(_beyond(after, "person_id"), household_id=OuterRef("household_id"), end_on=None)
    of_homes = tags.filter(household__isnull=False).annotate(
        key=_Unnest(Subquery(_found_in(members, asked, "person_id").values("person_id")))
    )
    return [
        _keys(_found_in(of_persons, asked, "person_id"), "person_id"),
        of_homes.values_list("division_code", "key"),
    ]


def _household_keys(wanted: HouseholdFilter, after: _Key | None) -> list[_Keys]:
    """The households wanted that follow a key."""
    here = _inside(wanted.division, after)
    values = _values(SubjectKind.HOUSEHOLD, wanted.facts)
    households = Household.objects.filter(_households(wanted))
    if wanted.group is None and not wanted.facts:
        return [_keys(households.filter(here, _beyond(after, "id")), "id")]
    here &= _beyond(after, "household_id")
    asked: list[tuple[_Rows, str]] = [(households, "id")]
    if wanted.group is None:
        known = HouseholdValues.objects.filter(here, values)
        return [_keys(_found_in(known, asked, "household_id"), "household_id")]
    if wanted.facts:
        asked.append((HouseholdValues.objects.filter(values), "household_id"))
    tags = GroupMembership.objects.filter(here, group=wanted.group.value, valid_to=None, household__isnull=False)
    return [_keys(_found_in(tags, asked, "household_id"), "household_id")]


def _keys(rows: _Rows, column: str) -> _Keys:
    keys: _Keys = rows.annotate(key=F(column)).values_list("division_code", "key")
    return keys


def _found_in(rows: _Rows, others: list[tuple[_Rows, str]], column: str) -> _Rows:
    """Rows whose subject is among the rows of each other table, looked up by division and id."""
    for number, (other, its_column) in enumerate(others):
        same = {its_column: OuterRef(column), "division_code": OuterRef("division_code")}
        rows = rows.alias(**{f"found{number}": Subquery(other.filter(**same).values(its_column))})
        rows = rows.filter(**{f"found{number}__isnull": False})
    return rows


class _Unnest(Func):
    """The rows of a sub-select of one column, as rows of the query."""

    template = "unnest(ARRAY%(expressions)s)"
    output_field = BigIntegerField()
    set_returning = True


def _person_row(
    person: Person, homes: Mapping[int, int], tags: Mapping[int, tuple[TargetGroup, ...]], on: date
) -> PersonRow:
    sex = SEX.names(person.sex)
    return PersonRow(
        id=person.pk,
        name=person.name,
        sex_zh=sex[0],
        sex_en=sex[1],
        birth_date=person.birth_date,
        age=age(person.birth_date, max(person.died_on or on, person.birth_date)),
        document_number=masked_document(person.document_number),
        division_code=person.division_code,
        died_on=person.died_on,
        household_id=homes.get(person.pk),
        groups=tags.get(person.pk, ()),
    )


def _household_row(
    household: Household, head_name: str, members: int, tags: Mapping[int, tuple[TargetGroup, ...]]
) -> HouseholdRow:
    return HouseholdRow(
        id=household.pk,
        number=household.number,
        division_code=household.division_code,
        head_name=head_name,
        members=members,
        registered_kind=RegisteredKind(household.registered_kind),
        opened_on=household.opened_on,
        closed_on=household.closed_on,
        flag=household.flag,
        groups=tags.get(household.pk, ()),
    )


def _inside(division: DivisionCode | None, after: _Key | None) -> Q:
    """In the division, and where the page begins: there the index begins too."""
    inside = Q()
    if division is not None:
        lo, hi = division.range
        inside = Q(division_code__gte=lo, division_code__lt=hi)
    return inside if after is None else inside & Q(division_code__gte=after[0])


def _persons(wanted: PersonFilter, on: date) -> Q:
    """What is asked of the persons themselves."""
    asked = Q(merged_into=None)
    if not wanted.with_dead:
        asked &= Q(died_on=None)
    if wanted.sex is not None:
        asked &= Q(sex=SEX.require(wanted.sex))
    if wanted.age_from is not None:
        asked &= Q(birth_date__lte=_years_before(on, wanted.age_from))
    if wanted.age_to is not None:
        asked &= Q(birth_date__gt=_years_before(on, wanted.age_to + 1))
    return asked


def _households(wanted: HouseholdFilter) -> Q:
    """What is asked of the households themselves."""
    asked = Q() if wanted.with_closed else Q(closed_on=None)
    if wanted.flagged:
        asked &= ~Q(flag="")
    if wanted.registered_kind is not None:
        asked &= Q(registered_kind=wanted.registered_kind.value)
    return asked


def _years_before(on: date, years: int) -> date:
    if not 0 <= years <= 200:
        raise InvalidValue("registry.filter.age", "年龄应在0至200之间", "An age is 0 to 200.", field="age_from")
    day = add_months(on, -12 * years)
    # who was born on the 29th of February completes a year on the 1st of March of a common year
    return day if age(day, on) >= years else day - timedelta(days=1)


def _values(subject: SubjectKind, filters: tuple[FactFilter, ...]) -> Q:
    condition = Q()
    for one in filters:
        public_variables([one.variable])
        found = variable(one.variable)
        if not found.column or found.subject is not subject:
            raise InvalidValue(
                "registry.filter.variable",
                f"列表不能按“{found.zh}”筛选，请改用统计功能",
                f"Lists cannot be filtered by “{found.en}”.",
                field="facts",
            )
        condition &= Q(**{found.column + _OPERATORS[one.operator]: check_value(found, one.value)})
    return condition


def _total(lists: list[_Keys]) -> Total:
    first, *others = (keys[: COUNTED_UP_TO + 1] for keys in lists)
    counted = first.union(*others).count() if others else first.count()
    return Total(min(counted, COUNTED_UP_TO), counted <= COUNTED_UP_TO)


def _page(lists: list[_Keys], size: int) -> list[_Key]:
    """The first keys of the lists in order, each once."""
    first, *others = (keys.order_by("division_code", "key")[:size] for keys in lists)
    return list(first.union(*others).order_by("division_code", "key")[:size] if others else first)


def _tags(column: Literal["person_id", "household_id"], ids: list[int]) -> dict[int, tuple[TargetGroup, ...]]:
    found: dict[int, list[TargetGroup]] = defaultdict(list)
    rows = GroupMembership.objects.filter(**{f"{column}__in": ids}, valid_to=None).order_by("group")
    for key, group in rows.values_list(column, "group"):
        found[key].append(TargetGroup(group))
    return {key: tuple(groups) for key, groups in found.items()}


def _size(size: int) -> int:
    return max(1, min(size, LARGEST_PAGE))


def _written(key: _Key) -> str:
    return f"{key[0]}.{key[1]}"


def _parsed(after: str) -> _Key | None:
    if not after:
        return None
    code, _, number = after.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise InvalidValue("registry.page.key", "翻页参数不正确，请返回第一页", "Malformed page key.", field="after")
    return DivisionCode(code).value, int(number)


def _beyond(after: _Key | None, column: str) -> Q:
    if after is None:
        return Q()
    return Q(division_code__gt=after[0]) | Q(("division_code", after[0]), (f"{column}__gt", after[1]))
