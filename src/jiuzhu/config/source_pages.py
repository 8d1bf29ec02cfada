"""The reference of the sources, read from their manifests."""

from collections.abc import Iterator

from jiuzhu.connectors.scanning import find
from jiuzhu.rooms.verification.ports import FactReading, Field, Item, Source, Transport

_TRANSPORTS = {
    Transport.HTTP: "JSON over HTTP",
    Transport.FILE: "files",
    Transport.MANUAL: "an officer's entry",
}


def render_sources(generated: str) -> str:
    """Every source that a verification can ask, with its items, their fields and the facts they answer."""
    sources = [found.source for found in find()]
    lines = [
        "# Sources of a verification",
        "",
        generated,
        "",
        "Whom a verification can ask, and for what. *Department* is the register named in the packs' `facts.yaml`,",
        "*Deadline* the key of the packs' terms in working days. A source that gives no usable answer leaves its facts",
        "*unknown*.",
        "To add one, see [Add a connector](../guides/add-a-connector.md).",
        "",
        "| Source | 来源 | Department | Reached by | Deadline | Items |",
        "|---|---|---|---|---|---|",
    ]
    for source in sources:
        items = ", ".join(f"`{item.name}`" for item in source.items)
        how = _TRANSPORTS[source.transport] + (" (auxiliary)" if source.auxiliary else "")
        whose = f"`{source.name}` {source.en} | {source.zh} | `{source.department}`"
        lines.append(f"| {whose} | {how} | `{source.deadline}` | {items} |")
    for source in sources:
        lines += ["", f"## {source.en} {source.zh}"]
        for item in source.items:
            lines += ["", *_item(source, item)]
    return "\n".join(lines) + "\n"


def _item(source: Source, item: Item) -> Iterator[str]:
    yield f"### {source.name}.{item.name}: {item.en} {item.zh}"
    yield ""
    yield f"Basis: {item.basis}. Updated every {item.update_frequency}."
    yield ""
    yield "| Field | 字段 | Type | Personal data |"
    yield "|---|---|---|---|"
    for one in item.fields:
        yield f"| `{one.name}` {one.en} | {one.zh} | {_type(one)} | {one.personal_data} |"
    if item.facts:
        yield ""
        for fact in item.facts:
            yield f"- {_fact(fact)}"


def _type(one: Field) -> str:
    shown = f"{one.type.value} ({one.unit})" if one.unit and one.unit != one.type.value else one.type.value
    if one.codes:
        shown += ": " + ", ".join(f"`{code}` {zh}" for code, (zh, _) in one.codes.items())
    return shown if one.required else f"{shown}, may be empty"


def _fact(fact: FactReading) -> str:
    of = f" of `{fact.of}`" if fact.of else ""
    only = "; ".join(f"only `{name}` {', '.join(codes)}" for name, codes in fact.only.items())
    none = "none found leaves it unknown" if fact.when_none is None else f"none found means `{_plain(fact.when_none)}`"
    parts = [f"`{fact.scope}.{fact.fact}`: {fact.reading.value}{of}", only, f"compared: {fact.comparison.value}", none]
    return "; ".join(part for part in parts if part)


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
