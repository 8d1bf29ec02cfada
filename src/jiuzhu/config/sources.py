"""Connects the sources of verifications when a process starts, and says how each is reached.

A trial asks the departments of the demonstration (`jiuzhu demo departments`). An installation names its sources in the
file of `JIUZHU_SOURCES`; a source that is not in it is not connected, and what it knows stays unknown:

    banks: {address: "https://exchange.example/banks", key: JIUZHU_KEY_BANKS, patience_ms: "8000"}
    securities: {folder: /srv/exchange/securities}
    courts: {}

`key` names the environment variable that holds the signing key in hexadecimal, so that the file holds no secret.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from pathlib import Path

from jiuzhu.config.environment import Environment, Stage, read
from jiuzhu.connectors.scanning import Found, find
from jiuzhu.connectors.wiring import Wiring
from jiuzhu.engine import documents
from jiuzhu.engine.problems import Place, Problems, nearest
from jiuzhu.rooms.verification.ports import Transport, register_connectors

_KEYS = ("address", "key", "folder", "patience_ms")
_PORTS_ABOVE = 100  # the demonstration's departments listen so far above the web server
_KEY_BYTES = 32


def departments_port() -> int:
    """Where the departments of the demonstration listen."""
    return int(os.environ.get("JIUZHU_PORT", "8000")) + _PORTS_ABOVE


def demonstration_key(environment: Environment, name: str) -> bytes:
    """The signing key of a department of the demonstration."""
    return hmac.new(environment.secret_key.encode(), f"demonstration source {name}".encode(), hashlib.sha256).digest()


def connect_sources() -> None:
    """Find, wire and register the sources of this installation.

    Raises:
        PackError: a manifest or the file of the wiring is broken; names every place.
    """
    environment = read()
    further = tuple(Path(each) for each in os.environ.get("JIUZHU_CONNECTORS", "").split(",") if each)
    found = find(further)
    wirings = wirings_of(environment, found)
    register_connectors(one.connect(wirings[one.source.name]) for one in found if one.source.name in wirings)


def wirings_of(environment: Environment, found: tuple[Found, ...]) -> Mapping[str, Wiring]:
    """How each source is reached; a source that is absent is not connected.

    Raises:
        PackError: the file is broken.
    """
    file = os.environ.get("JIUZHU_SOURCES", "")
    if file:
        return _from_file(Path(file), found)
    if environment.stage is Stage.PRODUCTION:
        return {}
    return {
        one.source.name: Wiring(
            address=f"http://127.0.0.1:{departments_port()}/{one.source.name}",
            key=demonstration_key(environment, one.source.name),
            folder=environment.var / "exchange" / one.source.name,
        )
        for one in found
    }


def _from_file(path: Path, found: tuple[Found, ...]) -> Mapping[str, Wiring]:
    table = documents.read(path)
    problems = Problems()
    by_name = {one.source.name: one for one in found}
    wirings: dict[str, Wiring] = {}
    for name, (key, node) in table.entries.items():
        if name not in by_name:
            problems.add(
                key.place,
                "sources.name",
                f"没有数据来源{name}。",
                f"there is no source {name}.",
                advice=nearest(name, by_name),
            )
        elif isinstance(node, documents.Table):
            wirings[name] = _wiring(node, by_name[name], problems)
        else:
            problems.add(node.place, "sources.table", "应为“键: 值”。", "must be a mapping of keys to values.")
    problems.raise_if_any()
    return wirings


def _wiring(table: documents.Table, found: Found, problems: Problems) -> Wiring:
    said: dict[str, str] = {}
    for name, (key, node) in table.entries.items():
        if name not in _KEYS:
            problems.add(
                key.place, "sources.key", f"没有键{name}。", f"there is no key {name}.", advice=nearest(name, _KEYS)
            )
        elif isinstance(node, documents.Scalar):
            said[name] = node.text
    needed = {Transport.HTTP: ("address", "key"), Transport.FILE: ("folder",), Transport.MANUAL: ()}
    for name in needed[found.source.transport]:
        if not said.get(name):
            problems.add(table.place, "sources.missing", f"缺少“{name}”。", f"{name!r} is missing.")
    patience = said.get("patience_ms", "5000")
    if not patience.isdigit() or not int(patience):
        problems.add(
            table.place, "sources.patience", "patience_ms 应为正整数。", "patience_ms is a whole number above 0."
        )
        patience = "5000"
    return Wiring(
        address=said.get("address", ""),
        key=_key(said["key"], table.place, problems) if said.get("key") else b"",
        folder=Path(said.get("folder", "")),
        patience_ms=int(patience),
    )


def _key(variable: str, place: Place, problems: Problems) -> bytes:
    try:
        key = bytes.fromhex(os.environ.get(variable, ""))
    except ValueError:
        key = b""
    if len(key) < _KEY_BYTES:
        problems.add(
            place,
            "sources.secret",
            f"环境变量 {variable} 应为至少{_KEY_BYTES}字节的十六进制密钥。",
            f"the environment variable {variable} must hold a key of at least {_KEY_BYTES} bytes in hexadecimal.",
        )
    return key
