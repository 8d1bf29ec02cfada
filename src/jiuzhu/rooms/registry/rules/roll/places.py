"""From what a sheet writes for a village to its code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jiuzhu.core.characters import compact
from jiuzhu.core.divisions import DivisionCode, DivisionLevel
from jiuzhu.core.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Place:
    """A village or community, with its name and the names of the divisions around it joined."""

    code: DivisionCode
    name: str
    full_name: str


@dataclass(frozen=True, slots=True)
class Places:
    """The villages inside the area of an import, found by code, name, or name with the township before it."""

    area: DivisionCode
    by_code: Mapping[str, Place]
    by_name: Mapping[str, tuple[Place, ...]]
    _known: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, area: DivisionCode, places: Iterable[Place]) -> "Places":
        """Arrange the villages of an area."""
        by_name: dict[str, list[Place]] = defaultdict(list)
        by_code: dict[str, Place] = {}
        for place in places:
            by_code[place.code.value] = place
            for name in _names(place.name):
                by_name[name].append(place)
        return cls(area, by_code, {name: tuple(found) for name, found in by_name.items()})

    def resolve(self, text: str) -> str:
        """The code of the village that `text` means.

        Raises:
            InvalidValue: unknown, outside the area, above villages, or a name that several villages have.
        """
        if text not in self._known:
            self._known[text] = self._found(text)
        return self._known[text]

    def _found(self, text: str) -> str:
        digits = compact(text)
        if digits.isascii() and digits.isdigit():
            return self._by_code(digits)
        wanted = "".join(text.split())
        found = self.by_name.get(wanted) or tuple(
            place
            for name, places in self.by_name.items()
            if wanted.endswith(name) and len(wanted) > len(name)
            for place in places
            if "".join(place.full_name.split()).endswith(wanted)
            or _around(place, name).endswith(wanted.removesuffix(name))
        )
        codes = {place.code.value for place in found}
        if len(codes) == 1:
            return codes.pop()
        if codes:
            raise InvalidValue(
                "registry.roll.place_ambiguous",
                f"辖区内有{len(codes)}个“{wanted[:30]}”，请填写12位区划代码，或在名称前加镇街名称",
                f"{len(codes)} villages are called “{wanted[:30]}”; give the 12-digit code, or the township before it.",
            )
        raise InvalidValue(
            "registry.roll.place_unknown",
            f"辖区内没有名为“{wanted[:30]}”的村（居），请核对名称，或填写12位区划代码",
            f"No village of your area is called “{wanted[:30]}”; check the name or give the 12-digit code.",
        )

    def _by_code(self, digits: str) -> str:
        code = DivisionCode.parse(digits)
        if not self.area.contains(code):
            raise InvalidValue(
                "registry.roll.place_outside",
                f"区划{code}不在您的管辖范围内，请核对，或由当地人员导入",
                f"Division {code} lies outside your area; check it, or let the office there import it.",
            )
        if code.level is not DivisionLevel.VILLAGE:
            raise InvalidValue(
                "registry.division.level",
                "区划代码应填写到村（居）一级（12位），请核对",
                "Give the code of a village or community (12 digits).",
            )
        if code.value not in self.by_code:
            raise InvalidValue(
                "registry.division.unknown",
                f"没有代码为{code}的村（居），或该村（居）已撤销，请从区划列表中选择",
                f"No village or community has the code {code}, or it has been closed; choose one from the list.",
            )
        return code.value


_ENDINGS = ("村民委员会", "居民委员会", "社区居委会", "村委会", "居委会", "社区", "村")


def _names(name: str) -> set[str]:
    """The name and its short forms: 东关社区居委会 is also 东关社区 and 东关."""
    name = "".join(name.split())
    names = {name}
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            stem = name.removesuffix(ending)
            names |= {stem}
            if ending in ("村民委员会", "村委会"):
                names.add(stem if stem.endswith("村") else stem + "村")
            if ending in ("居民委员会", "社区居委会", "居委会"):
                names.add(stem if stem.endswith("社区") else stem + "社区")
    return {one for one in names if len(one) >= 2}


def _around(place: Place, name: str) -> str:
    full = "".join(place.full_name.split())
    own = "".join(place.name.split())
    return full.removesuffix(own) if full.endswith(own) else full.removesuffix(name)
