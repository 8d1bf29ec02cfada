"""Identity numbers in registers: which form they have, whether they can be right, and the forms one number takes."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jiuzhu.core.characters import compact
from jiuzhu.core.identity import CitizenId, InvalidIdentity

_ALWAYS = date(9999, 12, 31)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class NumberForm(StrEnum):
    """What stands where a number should: nothing, a number of now or of the old form, a wrong one, something else."""

    NONE = "none"
    FULL = "full"
    OLD = "old"
    BROKEN = "broken"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number as read; `value` has 18 characters when it is an identity number, else it is empty."""

    form: NumberForm
    value: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether it can be looked up."""
        return self.form in (NumberForm.FULL, NumberForm.OLD)


def read_number(text: str) -> ReadNumber:
    """Read what a register holds; nothing is refused here: a wrong number is broken, a passport is other."""
    written = compact(text)
    if not written:
        return ReadNumber(NumberForm.NONE)
    if len(written) not in (15, 18) or not _digits(written[0]):
        return ReadNumber(NumberForm.OTHER)
    try:
        value = CitizenId.parse(written, today=_ALWAYS).value
    except InvalidIdentity:
        return ReadNumber(NumberForm.BROKEN)
    return ReadNumber(NumberForm.FULL if len(written) == 18 else NumberForm.OLD, value)


def old_form(value: str) -> str:
    """The 15 digits of a number of 18; empty for those who are born since 2000, who never had one."""
    return value[:6] + value[8:17] if value[6:8] == "19" else ""


def forms_of(value: str) -> tuple[str, ...]:
    """All ways in which registers write a number of 18 characters."""
    small = (value.lower(),) if value.endswith("X") else ()
    old = old_form(value)
    return (value, *small, *((old,) if old else ()))


_WIDE, _NARROW = "０１２３４５６７８９Ｘｘ", "0123456789XX"
_FORM = "[0-9]{17}[0-9X]|[0-9]{14}[0-9X]"
# the weighted sum of 17 digits; of an old number with the 19 of its century put in between
_FULL_SUM = " + ".join(f"{weight} * CAST(substr(c, {at}, 1) AS INTEGER)" for at, weight in enumerate(_WEIGHTS, 1))
_OLD_SUM = " + ".join(
    [str(_WEIGHTS[6] + 9 * _WEIGHTS[7])]
    + [f"{weight} * CAST(substr(c, {at}, 1) AS INTEGER)" for at, weight in enumerate((*_WEIGHTS[:6], *_WEIGHTS[8:]), 1)]
)
_TURNED = f"regexp_replace(upper(translate(t, '{_WIDE}', '{_NARROW}')), '[\\s\u00a0\u3000]', '', 'g')"
_BIRTH = "CASE WHEN length(c) = 15 THEN '19' || substr(c, 7, 6) WHEN substr(c, 7, 4) <> '0000' THEN substr(c, 7, 8) END"
_DAY = f"CAST(try_strptime({_BIRTH}, '%Y%m%d') AS DATE)"
_NUMBER = (
    "CASE WHEN birth_in(c) IS NULL THEN NULL"
    f" WHEN regexp_full_match(c, '[0-9]{{15}}') THEN substr(c, 1, 6) || '19' || substr(c, 7)"
    f" || substr('10X98765432', 1 + ({_OLD_SUM}) % 11, 1)"
    f" WHEN length(c) = 18 AND substr('10X98765432', 1 + ({_FULL_SUM}) % 11, 1) = right(c, 1) THEN c END"
)
# The same reading as SQL: a text in its compact form, the day in it, the number of 18 characters or nothing.
MACROS = tuple(
    f"CREATE OR REPLACE TEMP MACRO {macro}"
    for macro in (
        f"compacted(t) AS CASE WHEN regexp_full_match(t, '[0-9A-Z]*') THEN t ELSE {_TURNED} END",
        f"birth_in(c) AS CASE WHEN regexp_full_match(c, '{_FORM}') THEN {_DAY} END",
        f"number_in(c) AS {_NUMBER}",
    )
)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
