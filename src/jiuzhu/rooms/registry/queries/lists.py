"""Lists of persons and households: filters that an index serves, pages by key, and a count that stops at a bound."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import BooleanField, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

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
from jiuzhu.rooms.registry.queries.views import HouseholdPage, HouseholdRow, PersonPage, PersonRow, Total
from jiuzhu.rooms.registry.rules.masking import masked_document
from jiuzhu.rooms.registry.rules.variables import Value, check_value, variable
from jiuzhu.rooms.registry.states import RegisteredKind, SubjectKind, TargetGroup

LARGEST_PAGE = 200
COUNTED_UP_TO = 10_000
# Rows that belong to a subject repeat its division, and every condition joins by both: the index on division and id
# then finds the subject at once. By id alone the planner, which cannot know how wide a scope is, walks all divisions.
_TAGGED = """
(registry_person.division_code, registry_person.id) IN (
    SELECT g.division_code, g.person_id FROM registry_group_membership g
    WHERE g."group" = %s AND g.valid_to IS NULL AND g.person_id IS NOT NULL
    UNION
    SELECT m.division_code, m.person_id FROM registry_group_membership g
    JOIN registry_membership m ON m.household_id = g.household_id AND m.end_on IS NULL
    WHERE g."group" = %s AND g.valid_to IS NULL
)
"""
_OPERATORS = {"is": "", "at_least": "__gte", "at_most": "__lte"}


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
    size = _size(size)
    with acting(actor, today=on):
        rows = Person.objects.filter(_inside(wanted.division), _ages(wanted, on), merged_into=None)
        if not wanted.with_dead:
            rows = rows.filter(died_on=None)
        if wanted.sex is not None:
            rows = rows.filter(sex=SEX.require(wanted.sex))
        if wanted.group is not None:
            rows = rows.filter(_tagged_persons(wanted.group))
        if wanted.facts:
            rows = rows.filter(_with_values(PersonValues, SubjectKind.PERSON, wanted.facts))
        total = _total(rows)
        page = list(rows.filter(_beyond(after)).order_by("division_code", "id")[: size + 1])
        shown = page[:size]
        ids = [person.pk for person in shown]
        homes = dict(Membership.objects.filter(person_id__in=ids, end_on=None).values_list("person_id", "household_id"))
        tags = _tags("person_id", ids)
    return PersonPage(
        rows=tuple(_person_row(person, homes, tags, on) for person in shown),
        total=total,
        next_after=_key(shown[-1]) if len(page) > size else "",
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
    size = _size(size)
    with acting(actor, today=on):
        rows = Household.objects.filter(_inside(wanted.division))
        if not wanted.with_closed:
            rows = rows.filter(closed_on=None)
        if wanted.flagged:
            rows = rows.exclude(flag="")
        if wanted.registered_kind is not None:
            rows = rows.filter(registered_kind=wanted.registered_kind.value)
        if wanted.group is not None:
            tagged = GroupMembership.objects.filter(
                group=wanted.group.value,
                valid_to=None,
                household_id=OuterRef("id"),
                division_code=OuterRef("division_code"),
            )
            rows = rows.filter(Exists(tagged))
        if wanted.facts:
            rows = rows.filter(_with_values(HouseholdValues, SubjectKind.HOUSEHOLD, wanted.facts))
        total = _total(rows)
        page = list(rows.filter(_beyond(after)).order_by("division_code", "id")[: size + 1])
        shown = page[:size]
        ids = [household.pk for household in shown]
        members: dict[int, list[Membership]] = defaultdict(list)
        for one in Membership.objects.select_related("person").filter(household_id__in=ids, end_on=None):
            members[one.household_id].append(one)
        tags = _tags("household_id", ids)
    return HouseholdPage(
        rows=tuple(_household_row(household, members[household.pk], tags) for household in shown),
        total=total,
        next_after=_key(shown[-1]) if len(page) > size else "",
    )


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
    household: Household, members: list[Membership], tags: Mapping[int, tuple[TargetGroup, ...]]
) -> HouseholdRow:
    return HouseholdRow(
        id=household.pk,
        number=household.number,
        division_code=household.division_code,
        head_name=next((one.person.name for one in members if one.is_head), ""),
        members=len(members),
        registered_kind=RegisteredKind(household.registered_kind),
        opened_on=household.opened_on,
        closed_on=household.closed_on,
        flag=household.flag,
        groups=tags.get(household.pk, ()),
    )


def _inside(division: DivisionCode | None) -> Q:
    if division is None:
        return Q()
    lo, hi = division.range
    return Q(division_code__gte=lo, division_code__lt=hi)


def _ages(wanted: PersonFilter, on: date) -> Q:
    condition = Q()
    if wanted.age_from is not None:
        condition &= Q(birth_date__lte=_years_before(on, wanted.age_from))
    if wanted.age_to is not None:
        condition &= Q(birth_date__gt=_years_before(on, wanted.age_to + 1))
    return condition


def _years_before(on: date, years: int) -> date:
    if not 0 <= years <= 200:
        raise InvalidValue("registry.filter.age", "年龄应在0至200之间", "An age is 0 to 200.", field="age_from")
    day = add_months(on, -12 * years)
    # who was born on the 29th of February completes a year on the 1st of March of a common year
    return day if age(day, on) >= years else day - timedelta(days=1)


def _tagged_persons(group: TargetGroup) -> RawSQL:
    return RawSQL(_TAGGED, [group.value, group.value], output_field=BooleanField())  # noqa: S611 (a constant)


def _with_values(
    table: type[PersonValues] | type[HouseholdValues], subject: SubjectKind, filters: tuple[FactFilter, ...]
) -> Exists:
    condition = Q()
    for one in filters:
        known = variable(one.variable)
        if not known.column or known.subject is not subject:
            raise InvalidValue(
                "registry.filter.variable",
                f"列表不能按“{known.zh}”筛选，请改用统计功能",
                f"Lists cannot be filtered by “{known.en}”.",
                field="facts",
            )
        condition &= Q(**{known.column + _OPERATORS[one.operator]: check_value(known, one.value)})
    same = {f"{subject.value}_id": OuterRef("id"), "division_code": OuterRef("division_code")}
    return Exists(table.objects.filter(condition, **same))


def _total(rows: QuerySet[Any, Any]) -> Total:
    counted = rows.order_by().values("id")[: COUNTED_UP_TO + 1].count()
    return Total(min(counted, COUNTED_UP_TO), counted <= COUNTED_UP_TO)


def _tags(column: Literal["person_id", "household_id"], ids: list[int]) -> dict[int, tuple[TargetGroup, ...]]:
    found: dict[int, list[TargetGroup]] = defaultdict(list)
    rows = GroupMembership.objects.filter(**{f"{column}__in": ids}, valid_to=None).order_by("group")
    for key, group in rows.values_list(column, "group"):
        found[key].append(TargetGroup(group))
    return {key: tuple(groups) for key, groups in found.items()}


def _size(size: int) -> int:
    return max(1, min(size, LARGEST_PAGE))


def _key(row: Model) -> str:
    return f"{getattr(row, 'division_code', '')}.{row.pk}"


def _beyond(after: str) -> Q:
    if not after:
        return Q()
    code, _, number = after.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise InvalidValue("registry.page.key", "翻页参数不正确，请返回第一页", "Malformed page key.", field="after")
    division = DivisionCode(code).value
    further = Q(division_code__gt=division) | Q(division_code=division, id__gt=int(number))
    return Q(division_code__gte=division) & further  # the first part lets the index begin there
