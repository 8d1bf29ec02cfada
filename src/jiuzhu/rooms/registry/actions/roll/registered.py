"""Which persons of a roll are registered already, wherever that is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from jiuzhu.core.actors import Actor
from jiuzhu.core.names import MIDDLE_DOT
from jiuzhu.groundwork.crypto.fields import BlindIndexField
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.actions.writing import beyond_scope
from jiuzhu.rooms.registry.models import Membership, Person, PersonGram
from jiuzhu.rooms.registry.rules.matching import one_slip_corrections
from jiuzhu.rooms.registry.rules.roll.checks import Member, Problem, RollHousehold
from jiuzhu.rooms.registry.rules.roll.columns import Column
from jiuzhu.rooms.registry.rules.roll.sheet import Row
from jiuzhu.rooms.registry.states import RollSeverity


@dataclass(frozen=True, slots=True)
class Registered:
    """Where a number is registered: inside the actor's area with the household, or only that it is."""

    inside: bool
    name: str
    household_number: str
    died_on: date | None


def registered_numbers(actor: Actor, numbers: Iterable[str]) -> dict[str, Registered]:
    """Those of the numbers that are registered anywhere, in two statements."""
    index = Person._meta.get_field("document_index")
    if not isinstance(index, BlindIndexField):
        raise TypeError("the document index is a blind index")
    by_index = {candidate: number for number in numbers for candidate in index.candidates(number)}
    if not by_index:
        return {}
    with acting(beyond_scope(actor)):
        persons = list(
            Person.objects.filter(document_index__in=list(by_index), merged_into=None).values_list(
                "id", "document_index", "division_code", "name", "died_on"
            )
        )
        inside = [person_id for person_id, _, code, _, _ in persons if actor.covers(code)]
        homes = dict(
            Membership.objects.filter(person_id__in=inside, end_on=None).values_list("person_id", "household__number")
        )
    return {
        by_index[bytes(value or b"")]: Registered(actor.covers(code), name, homes.get(person_id, ""), died_on)
        for person_id, value, code, name, died_on in persons
    }


def registered_problems(actor: Actor, households: Iterable[RollHousehold]) -> list[Problem]:
    """An error for every member whose number is registered; a warning for one without number who may be."""
    members = [member for household in households for member in household.members]
    taken = registered_numbers(
        actor, [member.person.document_number for member in members if member.person.document_number]
    )
    problems = [
        _registered(member, taken[number])
        for member in members
        if (number := member.person.document_number) is not None and number in taken
    ]
    return problems + _same_name_and_birth([member for member in members if member.person.document_number is None])


def near_misses(actor: Actor, rows: Mapping[int, Row]) -> list[Problem]:
    """For rows whose number fails its check: whether one slip away a person of that name is registered here."""
    corrections = {
        number: row
        for row in rows.values()
        for number in one_slip_corrections(row.cells.get(Column.DOCUMENT_NUMBER, "").upper())
    }
    found = registered_numbers(actor, corrections)
    return [
        Problem(
            row=corrections[number].number,
            column=Column.DOCUMENT_NUMBER,
            severity=RollSeverity.WARNING,
            code="registry.roll.near_miss",
            zh=f"辖区内已登记同名人员{_in_household_zh(one)}，其证件号码与本行只差一处，请对照证件核对是否为同一人",
            en=f"A person of this name{_in_household_en(one)} has a number one slip away; check if they are one.",
        )
        for number, one in found.items()
        if one.inside and one.name == corrections[number].cells.get(Column.NAME, "")
    ]


def _registered(member: Member, one: Registered) -> Problem:
    if one.inside and one.died_on is not None:
        zh = f"该证件号码的人员已登记死亡（{one.died_on}），请对照证件核对号码；死亡登记有误的，请先更正"
        en = f"The person of this number is registered as dead ({one.died_on}); compare it with the document."
        code = "registry.document.deceased"
    elif one.inside:
        zh = f"该证件号码已登记{_in_household_zh(one)}，不会重复登记；请删除本户中的这一行，或在系统中办理成员变更"
        en = f"This number is registered already{_in_household_en(one)}; remove the row, or change the members there."
        code = "registry.document.registered"
    else:
        zh = "该证件号码已在其他地方登记，请联系上级主管部门核实后办理迁移"
        en = "This number is registered elsewhere; ask the office above yours, and record the move."
        code = "registry.document.registered_elsewhere"
    return Problem(member.row, Column.DOCUMENT_NUMBER, RollSeverity.ERROR, code, zh, en)


def _same_name_and_birth(members: list[Member]) -> list[Problem]:
    by_gram = {member.person.name.replace(MIDDLE_DOT, "").casefold(): member.person.name for member in members}
    if not by_gram:
        return []
    # the whole name is one of the pieces of search, so that its index serves
    known = set(
        PersonGram.objects.filter(gram__in=list(by_gram), person__merged_into=None).values_list(
            "gram", "person__birth_date"
        )
    )
    return [
        Problem(
            member.row,
            Column.NAME,
            RollSeverity.WARNING,
            "registry.roll.maybe_registered",
            "辖区内已登记同名且出生日期相同的人员，请核对是否为同一人；导入后可在“疑似重复”中处理",
            "A person of this name and birth date is registered here; check whether it is the same.",
        )
        for member in members
        if (member.person.name.replace(MIDDLE_DOT, "").casefold(), member.person.birth_date) in known
    ]


def _in_household_zh(one: Registered) -> str:
    return f"（户编号{one.household_number}）" if one.household_number else "（目前不在任何家庭中）"


def _in_household_en(one: Registered) -> str:
    return f" in household {one.household_number}" if one.household_number else ", in no household at present"
