"""Persons who stand in a roll more than once."""

from collections.abc import Iterable
from datetime import date

from jiuzhu.core.characters import compact
from jiuzhu.core.errors import Refusal
from jiuzhu.core.identity import CitizenId
from jiuzhu.rooms.registry.rules.persons import parse_birth_date
from jiuzhu.rooms.registry.rules.roll.checks import Problem
from jiuzhu.rooms.registry.rules.roll.columns import Column
from jiuzhu.rooms.registry.rules.roll.sheet import Row
from jiuzhu.rooms.registry.states import RollSeverity

_OLD_LENGTH = 15


def repeated_persons(households: Iterable[tuple[str, Iterable[Row]]], today: date) -> list[Problem]:
    """Rows whose number stands in an earlier row, or, without a number, the same name and birth date.

    Compared is what would be stored: the same number in full-width digits or in the old form is the same.
    """
    numbers: dict[str, int] = {}
    births: dict[tuple[str, str], int] = {}
    problems = []
    for row in sorted((row for _, rows in households for row in rows), key=lambda row: row.number):
        number = _number(row.cells.get(Column.DOCUMENT_NUMBER, ""), today)
        if number:
            first = numbers.setdefault(number, row.number)
            if first != row.number:
                problems.append(
                    Problem(
                        row.number,
                        Column.DOCUMENT_NUMBER,
                        RollSeverity.ERROR,
                        "registry.roll.number_twice",
                        f"证件号码与第{first}行相同，同一人只能填写一次，请删除重复行或更正号码",
                        f"The number stands in row {first} too; remove one row or correct the number.",
                    )
                )
            continue
        person = (compact(row.cells.get(Column.NAME, "")), _birth(row.cells.get(Column.BIRTH_DATE, "")))
        if all(person):
            first = births.setdefault(person, row.number)
            if first != row.number:
                problems.append(
                    Problem(
                        row.number,
                        Column.NAME,
                        RollSeverity.WARNING,
                        "registry.roll.person_twice",
                        f"姓名和出生日期与第{first}行相同，请核对是否重复填写",
                        f"Name and birth date are those of row {first}; check whether it is the same person.",
                    )
                )
    return problems


def _number(text: str, today: date) -> str:
    number = compact(text)
    if len(number) != _OLD_LENGTH:
        return number
    try:
        return CitizenId.parse(number, today=today).value
    except Refusal:
        return number


def _birth(text: str) -> str:
    try:
        return str(parse_birth_date(text))
    except Refusal:
        return text
