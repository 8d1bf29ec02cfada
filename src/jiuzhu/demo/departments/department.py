"""A department of the demonstration: the replies it gives, right or wrong, whatever the transport."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from jiuzhu.connectors.reading.columns import ItemMapping
from jiuzhu.demo.departments.faults import Fault
from jiuzhu.demo.departments.on_file import OnFile
from jiuzhu.rooms.verification.ports import FieldType, Item, Source

_OTHER_NUMBER = "370902190001010000"


@dataclass
class Department:
    """One source. `as_of` is the day of its data; `troubled` counts how often it had to look something up."""

    source: Source
    mapping: Mapping[str, ItemMapping]
    on_file: Mapping[str, OnFile]
    as_of: date
    key: bytes = field(default=b"", repr=False)
    fault: Fault = Fault.NONE
    troubled: int = 0
    disputes: list[str] = field(default_factory=list)

    def reply(
        self, item: Item, key: str, numbers: Iterable[str], name: str, disputed: str = "", *, proven: bool = False
    ) -> dict[str, object]:
        """What it says to a question. A dispute with evidence strikes off what was sold and never transferred."""
        self.troubled += 1
        known = list(numbers)
        if disputed:
            self.disputes.append(disputed)
        filed = self.on_file[item.name]
        found = filed.lines(_with_old_forms(known), name)
        lines = [dict(line) for line in found if not (disputed and proven and filed.strike_off(line))]
        reply: dict[str, object] = {
            "cxbh": key,
            "sfzh": known[0],
            "jg": "1" if lines else "0",
            "sjrq": self.as_of.strftime("%Y%m%d"),
            "lsh": f"{self.source.name}-{self.troubled}",
            "zs": len(lines),
            "jl": lines,
        }
        return self._spoilt(item, reply, lines)

    def _spoilt(self, item: Item, reply: dict[str, object], lines: list[dict[str, str]]) -> dict[str, object]:
        mapping = self.mapping[item.name]
        numbers = {FieldType.FEN, FieldType.COUNT, FieldType.MEASURE}
        numeric = [mapping.columns[one.name].name for one in item.fields if one.type in numbers]
        match self.fault:
            case Fault.TRUNCATED:
                return reply | {"zs": len(lines) + 1}
            case Fault.WRONG_PERSON:
                return reply | {"sfzh": _OTHER_NUMBER}
            case Fault.WRONG_RECORD if lines:
                lines[-1][mapping.number] = _OTHER_NUMBER
            case Fault.DUPLICATE:
                return reply | {"jl": [*lines, *lines], "zs": 2 * len(lines)}
            case Fault.LYING:
                return reply | {"jg": "0" if lines else "1"}
            case Fault.GARBLED if lines:
                lines[-1][mapping.columns[item.fields[0].name].name] = "\x07"
            case Fault.NEGATIVE if lines and numeric:
                lines[-1][numeric[0]] = "-1"
            case Fault.FUTURE:
                return reply | {"sjrq": (self.as_of + timedelta(days=40_000)).strftime("%Y%m%d")}
            case _:
                pass
        return reply


def _with_old_forms(numbers: list[str]) -> list[str]:
    return [*numbers, *(number[:6] + number[8:17] for number in numbers if len(number) == 18)]
