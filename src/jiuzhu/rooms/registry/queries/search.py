"""One search box for persons: by number, telephone, name, pinyin initials, household or place.

Every condition is plain equality or a range on text in C collation or on bytes, because only such conditions use an
index under row-level security.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower, Replace, StrIndex
from django.utils import timezone

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.code_lists.gbt_2261_1_sex import SEX
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.names import MIDDLE_DOT
from jiuzhu.core.periods import age
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.registry.models import GroupMembership, Household, Membership, Person, PersonGram
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.access import log_look
from jiuzhu.rooms.registry.rules.masking import masked_document
from jiuzhu.rooms.registry.rules.search import SearchKind, Wanted, hint, reads_like_a_place, wanted
from jiuzhu.rooms.registry.states import AccessKind, TargetGroup

_Row = TypeVar("_Row", bound=Model)

_LARGEST_PAGE = 100
_HIDDEN = "****"


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person in the list of results. `place` is the path of names; of a protected person it is hidden."""

    person_id: int
    name: str
    sex_zh: str
    sex_en: str
    birth_date: date
    age: int
    document_number: str
    division_code: str
    place: str
    household_id: int | None
    household_number: str
    groups: tuple[TargetGroup, ...]
    died_on: date | None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of results; `next_key` asks for the next one and is empty on the last. The hint is for an empty page."""

    results: tuple[FoundPerson, ...]
    next_key: str
    kind: SearchKind
    division: DivisionCode
    hint_zh: str
    hint_en: str


@dataclass(frozen=True, slots=True)
class _Key:
    """Where a page ended: kind, division whose list it was, and the last row."""

    kind: SearchKind
    area: DivisionCode
    division_code: str
    person_id: int


def search_persons(
    *,
    actor: Actor,
    at: datetime,
    text: str,
    division: DivisionCode | None = None,
    after: str | None = None,
    limit: int = 20,
) -> SearchPage:
    """Find persons in the actor's area, or in a division of it, in the order of village and registration.

    A search by a whole number or telephone is a look at the persons it finds, and is logged as one.

    Raises:
        PermissionRefused: the actor may not see persons.
        OutOfScope: the division lies outside the actor's area.
        InvalidValue: unseen characters in the text, or `after` is not from a page of this search.
    """
    actor.require(Permission.PERSON_VIEW)
    area = division or actor.scope.division
    if area is None:
        raise OutOfScope
    actor.require_scope(area)
    today = timezone.localdate(at)
    looked_for = wanted(text, today=today)
    limit = max(1, min(limit, _LARGEST_PAGE))
    with acting(actor, today=today):
        key = _parsed(after) if after else None
        kind, area = (key.kind, key.area) if key is not None else (looked_for.kind, area)
        actor.require_scope(area)
        if kind is SearchKind.NAME and looked_for.kind is SearchKind.INITIALS:
            looked_for = _as_whole_name(looked_for)
        if key is None and kind is SearchKind.DIVISION and looked_for.value:
            area = _division_of_code(actor, looked_for.value)
        if key is None and kind is SearchKind.NAME and reads_like_a_place(looked_for.value):
            kind, area = _place_instead(looked_for.value, area, today, kind)
        rows = _rows(kind, looked_for, area, key, limit + 1)
        if not rows and key is None and kind in (SearchKind.NAME, SearchKind.INITIALS):
            kind, area, rows = _second_try(kind, looked_for, area, today, limit + 1)
        shown = rows[:limit]
        results = _results(actor, shown, today)
        if kind in (SearchKind.DOCUMENT, SearchKind.PHONE):
            _log(actor, at, kind, shown)
    more = len(rows) > limit
    zh, en = ("", "") if results else hint(Wanted(kind, looked_for.value, passes_check=looked_for.passes_check))
    last = shown[-1] if shown else ("", 0)
    return SearchPage(
        results=results,
        next_key=f"{kind.value}.{area}.{last[0]}.{last[1]}" if more else "",
        kind=kind,
        division=area,
        hint_zh=zh,
        hint_en=en,
    )


def _parsed(after: str) -> _Key:
    parts = after.split(".")
    try:
        kind, area, division_code, person_id = parts
        return _Key(SearchKind(kind), DivisionCode(area), DivisionCode(division_code).value, int(person_id))
    except ValueError as fault:
        raise InvalidValue(
            "registry.search.page",
            "翻页位置不正确，请重新查找",
            "This is no place in a list of results; search again.",
            field="after",
        ) from fault


def _rows(
    kind: SearchKind, looked_for: Wanted, area: DivisionCode, key: _Key | None, limit: int
) -> list[tuple[str, int]]:
    """Division and id of the persons found, in order."""
    if kind is SearchKind.NUMBER:
        return []
    if kind in (SearchKind.NAME, SearchKind.INITIALS):
        found = _by_grams(looked_for, area)
        return list(_after(found, key, "person_id").values_list("division_code", "person_id")[:limit])
    if kind is SearchKind.HOUSEHOLD:
        household = Household.objects.filter(number=looked_for.value).first()
        members = (
            Membership.objects.filter(household=household, end_on=None) if household else Membership.objects.none()
        )
        return list(_after(members, key, "person_id").values_list("division_code", "person_id")[:limit])
    persons = _inside(Person.objects.filter(merged_into=None), area)
    if kind is SearchKind.DOCUMENT:
        persons = persons.filter(document_index=looked_for.value)
    elif kind is SearchKind.PHONE:
        persons = persons.filter(phone_index=looked_for.value)
    elif kind is SearchKind.PHONE_END:
        # the second condition repeats that of the partial index
        persons = persons.filter(~Q(phone_last4=""), phone_last4=looked_for.value)
    return list(_after(persons, key, "id").values_list("division_code", "id")[:limit])


def _by_grams(looked_for: Wanted, area: DivisionCode) -> QuerySet[PersonGram]:
    """Rows of the last piece of the text (given names are rarer than surnames) of persons who have the others too."""
    *others, driving = looked_for.grams or ("",)
    found = _inside(PersonGram.objects.filter(gram=driving), area)
    for gram in others:
        found = found.filter(
            Exists(
                PersonGram.objects.filter(
                    gram=gram, division_code=OuterRef("division_code"), person_id=OuterRef("person_id")
                )
            )
        )
    if others:
        # the pieces may stand apart in a longer name
        plain = Replace(Lower(F("person__name")), Value(MIDDLE_DOT), Value(""))
        text = looked_for.value.replace(MIDDLE_DOT, "").lower()
        found = found.annotate(place=StrIndex(plain, Value(text))).filter(place__gt=0)
    return found


def _inside(rows: QuerySet[_Row], area: DivisionCode) -> QuerySet[_Row]:
    lo, hi = area.range
    return rows.filter(division_code__gte=lo, division_code__lt=hi)


def _after(rows: QuerySet[_Row], key: _Key | None, id_name: str) -> QuerySet[_Row]:
    if key is not None:
        rows = rows.filter(
            Q(division_code__gt=key.division_code)
            | Q(("division_code", key.division_code), (f"{id_name}__gt", key.person_id)),
            division_code__gte=key.division_code,
        )
    return rows.order_by("division_code", id_name)


def _second_try(
    kind: SearchKind, looked_for: Wanted, area: DivisionCode, today: date, limit: int
) -> tuple[SearchKind, DivisionCode, list[tuple[str, int]]]:
    """Letters may be a name in Latin script, and characters the name of a place."""
    if kind is SearchKind.INITIALS:
        rows = _rows(SearchKind.NAME, _as_whole_name(looked_for), area, None, limit)
        return SearchKind.NAME if rows else kind, area, rows
    kind, area = _place_instead(looked_for.value, area, today, kind)
    return kind, area, _rows(kind, looked_for, area, None, limit) if kind is SearchKind.DIVISION else []


def _as_whole_name(looked_for: Wanted) -> Wanted:
    whole = "".join(looked_for.value.split()).casefold()
    return Wanted(SearchKind.NAME, whole, (whole,))


def _place_instead(text: str, area: DivisionCode, today: date, kind: SearchKind) -> tuple[SearchKind, DivisionCode]:
    found = organization.public_search_divisions(text, today, within=area, limit=20)
    named = [one.code for one in found if one.name == text] or [one.code for one in found if one.name.startswith(text)]
    return (SearchKind.DIVISION, named[0]) if named else (kind, area)


def _division_of_code(actor: Actor, digits: str) -> DivisionCode:
    code = DivisionCode.parse(digits)
    actor.require_scope(code)
    return code


def _results(actor: Actor, rows: Sequence[tuple[str, int]], today: date) -> tuple[FoundPerson, ...]:
    ids = [person_id for _, person_id in rows]
    if not ids:
        return ()
    # telephones and addresses are not shown, so they are not deciphered
    persons = Person.objects.defer("phone").in_bulk(ids)
    memberships = Membership.objects.filter(person_id__in=ids, end_on=None)
    homes = {
        person: (household, number)
        for person, household, number in memberships.values_list("person_id", "household_id", "household__number")
    }
    groups = _groups(ids, {household for household, _ in homes.values()})
    places = _places({person.division_code for person in persons.values()}, today)
    found = []
    for person_id in ids:
        person = persons.get(person_id)
        if person is None:
            continue
        household_id, household_number = homes.get(person_id, (None, ""))
        hidden = bool(person.protection) and not actor.may(Permission.PERSON_SEE_PROTECTED)
        tags = groups["person", person_id] | groups["household", household_id or 0]
        zh, en = SEX.names(person.sex)
        found.append(
            FoundPerson(
                person_id=person_id,
                name=person.name,
                sex_zh=zh,
                sex_en=en,
                birth_date=person.birth_date,
                age=age(person.birth_date, person.died_on or today),
                document_number=masked_document(person.document_number),
                division_code=person.division_code,
                place=_HIDDEN if hidden else places.get(person.division_code, ""),
                household_id=household_id,
                household_number=household_number,
                groups=tuple(sorted(tags)),
                died_on=person.died_on,
            )
        )
    return tuple(found)


def _groups(person_ids: Iterable[int], household_ids: Iterable[int]) -> Mapping[tuple[str, int], set[TargetGroup]]:
    tags: dict[tuple[str, int], set[TargetGroup]] = defaultdict(set)
    rows = GroupMembership.objects.filter(valid_to=None).values_list("person_id", "household_id", "group")
    # two branches: the planner weighs long for an OR, and finds the index of each branch at once
    own, shared = rows.filter(person_id__in=list(person_ids)), rows.filter(household_id__in=list(household_ids))
    for person_id, household_id, group in own.union(shared, all=True):
        subject = ("person", person_id) if person_id is not None else ("household", household_id or 0)
        tags[subject].add(TargetGroup(group))
    return tags


def _places(codes: Iterable[str], today: date) -> dict[str, str]:
    found = organization.public_divisions([DivisionCode(code) for code in codes], today)
    return {code.value: view.full_name for code, view in found.items()}


def _log(actor: Actor, at: datetime, kind: SearchKind, rows: Sequence[tuple[str, int]]) -> None:
    persons = list(Person.objects.filter(id__in=[person_id for _, person_id in rows]))
    purpose = "按证件号码查找" if kind is SearchKind.DOCUMENT else "按联系电话查找"
    if persons:
        log_look(actor, at, kind=AccessKind.PERSON, persons=persons, purpose=purpose)
