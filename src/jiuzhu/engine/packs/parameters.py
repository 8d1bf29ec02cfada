"""`parameters.yaml`: dated values, each for the layer's own divisions or for those it names.

Standards that a government publishes from day to day need no new pack: they are laid over the values of the packs.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from jiuzhu.core.citations import Citation
from jiuzhu.core.periods import Period
from jiuzhu.engine.documents import Items, Node, Scalar, Table
from jiuzhu.engine.kinds import KINDS, Base, Kind, NotOfKindError, Unit
from jiuzhu.engine.packs.citations import read_basis
from jiuzhu.engine.packs.fields import Fields, named_tables
from jiuzhu.engine.packs.model import Entry, Layer, PackSet, Parameter
from jiuzhu.engine.problems import Place, Problems, nearest

_KEYS = ("type", "label", "label_en", "values", "options", "lowest", "highest")
_ENTRY_KEYS = ("value", "from", "to", "division", "divisions", "basis", "demo")
_DIGITS = (2, 4, 6, 9, 12)


def read_parameters(
    table: Table, layer: Layer, instruments: dict[str, Citation], problems: Problems
) -> dict[str, Parameter]:
    """The parameters of one file."""
    found: dict[str, Parameter] = {}
    for key, entry in named_tables(table, problems):
        fields = Fields(entry, problems, allowed=_KEYS, what="参数")
        kind = read_kind(fields)
        if kind is None:
            continue
        entries = tuple(
            one for values in fields.tables("values") for one in _entries(values, kind, layer, instruments, problems)
        )
        if fields.node("values") is None:
            fields.missing("values")
        found[key.text] = Parameter(key.text, kind, fields.label(), entries, key.place)
    return found


def read_kind(fields: Fields) -> Kind | None:
    """`type`, with `options` for codes and `lowest` and `highest` where they narrow its range."""
    word = fields.choice("type", tuple(KINDS))
    if not word:
        return None
    kind = KINDS[word]
    if kind.base is Base.CODE:
        options = _options(fields)
        if not options:
            return None
        return Kind(
            Base.CODE,
            options=tuple(options),
            highest=len(options) - 1,
            names=tuple((zh, en) for zh, en, _ in options.values()),
            stored=tuple(code for _, _, code in options.values()),
        )
    limits = [
        _limit(fields, key, kind, default) for key, default in (("lowest", kind.lowest), ("highest", kind.highest))
    ]
    return Kind(kind.base, kind.unit, kind.places, kind.options, limits[0], limits[1])


def _options(fields: Fields) -> dict[str, tuple[str, str, str]]:
    """`options` of a code: each with its Chinese and English names, and the code under which registers keep it."""
    node = fields.node("options")
    found: dict[str, tuple[str, str, str]] = {}
    for code, names in node.entries.values() if isinstance(node, Table) else ():
        words = [one.text.strip() for one in names.items if isinstance(one, Scalar)] if isinstance(names, Items) else []
        if 2 <= len(words) <= 3 and all(words):
            found[code.text] = (words[0], words[1], words[2] if len(words) == 3 else code.text)
            continue
        fields.wrong(names, "[中文名, 英文名]", "[Chinese name, English name]")
    if not found:
        fields.problems.add(
            fields.place,
            "schema.options",
            "code 类型要列出 options。",
            "a code lists its options.",
            advice=("例如 options: {rented: [租房, rented]}。", "For example options: {rented: [租房, rented]}."),
        )
    return found


def _limit(fields: Fields, key: str, kind: Kind, default: int) -> int:
    node = fields.node(key)
    if node is None:
        return default
    try:
        return kind.encode(node.text if isinstance(node, Scalar) else "")
    except NotOfKindError as wrong:
        fields.wrong(node, wrong.zh, str(wrong))
        return default


def _entries(
    table: Table, kind: Kind, layer: Layer, instruments: dict[str, Citation], problems: Problems
) -> Iterable[Entry]:
    fields = Fields(table, problems, allowed=_ENTRY_KEYS, what="参数值")
    period = fields.period()
    demo = fields.truth("demo")
    basis = read_basis(fields, instruments, needed=not demo)
    shared = (period, basis, demo)
    divisions = fields.node("divisions")
    if isinstance(divisions, Table):
        for key, node in divisions.entries.values():
            yield from _entry(key, node, kind, layer, shared, problems)
        return
    value = fields.node("value")
    if value is None:
        fields.missing("value")
        return
    place = fields.node("division")
    yield from _entry(place if isinstance(place, Scalar) else None, value, kind, layer, shared, problems)


def _entry(
    division: Scalar | None,
    value: Node,
    kind: Kind,
    layer: Layer,
    shared: tuple[Period, tuple[Citation, ...], bool],
    problems: Problems,
) -> Iterable[Entry]:
    period, basis, demo = shared
    prefix = layer.prefix if division is None else division.text
    digits = prefix.isascii() and prefix.isdigit() and len(prefix) in _DIGITS
    if division is not None and not (digits and prefix.startswith(layer.prefix)):
        problems.add(
            division.place,
            "parameter.division",
            f"“{prefix}”不是{layer.name}范围内的区划代码。",
            f"{prefix!r} is no division code within {layer.name}.",
            advice=("写 2、4、6、9 或 12 位数字。", "Write 2, 4, 6, 9 or 12 digits."),
        )
        return
    try:
        encoded = kind.encode(value.text if isinstance(value, Scalar) else "")
    except NotOfKindError as wrong:
        problems.add(value.place, "parameter.value", f"参数值不对，应当是{wrong.zh}。", f"expected {wrong}.")
        return
    if not kind.lowest <= encoded <= kind.highest:
        problems.add(
            value.place,
            "parameter.range",
            f"参数值超出 {kind.decode(kind.lowest)} 至 {kind.decode(kind.highest)} 的范围。",
            f"the value lies outside {kind.decode(kind.lowest)} to {kind.decode(kind.highest)}.",
        )
        return
    yield Entry(prefix, period, encoded, basis, demo, value.place)


def joined(parts: Iterable[dict[str, Parameter]], problems: Problems) -> dict[str, Parameter]:
    """Join the parameters of all files, from the State down; a lower layer adds values and must keep the type."""
    found: dict[str, Parameter] = {}
    for part in parts:
        for name, later in part.items():
            earlier = found.get(name)
            if earlier is None:
                found[name] = later
                continue
            if (earlier.kind.base, earlier.kind.unit) != (later.kind.base, later.kind.unit):
                problems.add(
                    later.place,
                    "parameter.type",
                    f"参数“{name}”在 {earlier.place} 是另一种类型。",
                    f"parameter {name!r} has another type at {earlier.place}.",
                )
                continue
            found[name] = Parameter(name, earlier.kind, earlier.label, earlier.entries + later.entries, earlier.place)
    for parameter in found.values():
        _refuse_conflicts(parameter, problems)
    return found


def _refuse_conflicts(parameter: Parameter, problems: Problems) -> None:
    entries = sorted(parameter.entries, key=lambda one: (one.prefix, one.period.start, one.place))
    for earlier, later in pairwise(entries):
        if earlier.prefix == later.prefix and earlier.period.overlaps(later.period):
            problems.add(
                later.place,
                "parameter.conflict",
                f"参数“{parameter.name}”与 {earlier.place} 的值在同一地区、同一时段重叠。",
                f"parameter {parameter.name!r} overlaps the value at {earlier.place} in place and time.",
                advice=("请给前一个值写上 to。", "Give the earlier value its `to`."),
            )


def unknown_parameter(name: str, place: Place, known: Iterable[str], problems: Problems) -> None:
    """Note that a formula names a parameter that no file defines."""
    problems.add(
        place,
        "formula.parameter",
        f"没有参数“{name}”。",
        f"there is no parameter {name!r}.",
        advice=nearest(name, known),
    )


@dataclass(frozen=True, slots=True)
class PublishedValue:
    """A figure that a government has published for a parameter and the divisions under `prefix`.

    `value` is held as in memory: in the last of `places` decimals of `unit`. `place` says where it is on record.
    """

    parameter: str
    prefix: str
    period: Period
    unit: Unit
    places: int
    value: int
    basis: tuple[Citation, ...]
    place: Place


def with_standards(packs: PackSet, standards: Iterable[PublishedValue]) -> PackSet:
    """The packs with published figures laid over their parameters, and a digest that names both.

    A figure stands in the place of what the packs say for the same division and days; what they say for a narrower
    division still goes before it. Figures of parameters that the packs do not have are passed over.

    Raises:
        PackError: a parameter is of another unit than its figure, or two figures meet in place and time.
    """
    problems = Problems()
    found = dict(packs.parameters)
    told = hashlib.sha256(packs.digest.encode())
    laid: dict[str, list[PublishedValue]] = {}
    for one in sorted(standards, key=lambda one: (one.parameter, one.prefix, one.period.start, one.place)):
        parameter = packs.parameters.get(one.parameter)
        if parameter is None:
            continue
        if (parameter.kind.base, parameter.kind.unit, parameter.kind.places) != (Base.NUMBER, one.unit, one.places):
            problems.add(
                one.place,
                "standard.unit",
                f"救助标准的单位与参数“{one.parameter}”（{parameter.place}）不同。",
                f"the standard is of another unit than the parameter {one.parameter!r} at {parameter.place}.",
            )
            continue
        laid.setdefault(one.parameter, []).append(one)
        told.update("\0".join((one.parameter, one.prefix, str(one.period), str(one.value), *_said(one))).encode())
    for name, values in laid.items():
        kept = packs.parameters[name].entries
        for one in values:
            kept = tuple(part for entry in kept for part in _beside(entry, one))
        new = tuple(Entry(one.prefix, one.period, one.value, one.basis, demo=False, place=one.place) for one in values)
        found[name] = replace(packs.parameters[name], entries=kept + new)
        _refuse_conflicts(replace(found[name], entries=new), problems)
    problems.raise_if_any()
    return replace(packs, parameters=found, digest=told.hexdigest()) if laid else packs


def _said(one: PublishedValue) -> tuple[str, ...]:
    return tuple(citation.full_zh for citation in one.basis)


def _beside(entry: Entry, one: PublishedValue) -> Iterator[Entry]:
    """What is left of a value of the packs beside a published figure."""
    mine, other = entry.period, one.period
    if entry.prefix != one.prefix or not mine.overlaps(other):
        yield entry
        return
    if mine.start < other.start:
        yield replace(entry, period=Period(mine.start, other.start))
    if other.end is not None and (mine.end is None or other.end < mine.end):
        yield replace(entry, period=Period(other.end, mine.end))
