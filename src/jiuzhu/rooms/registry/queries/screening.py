"""All that is known of the households of a place, as the engine takes it: in pieces, each in two reads.

Values in force become numbers in the database itself: money in fen, days as yyyymmdd, codes by their place in the
pack's list. What nobody has answered stays unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from jiuzhu.core.actors import Actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.engine.kinds import Base, Kind
from jiuzhu.engine.packs.model import ROOT, PackSet
from jiuzhu.engine.population.copied import UNKNOWN, CopiedRows
from jiuzhu.groundwork.database.scope import acting_at_one_moment
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.learning import public_variables
from jiuzhu.rooms.registry.rules.variables import Variable, VariableType, stored_key
from jiuzhu.rooms.registry.states import CustodyState, RegisteredKind, SubjectKind

Mark = tuple[str, int]  # division and household: pieces follow each other in this order
PIECE = 65_536
_FIRST: Mark = ("", 0)
_PERSON = SubjectKind.PERSON.value
_HELD: Mapping[tuple[str, str], str] = {
    (ROOT, "urban_registration"): f"(h.registered_kind = '{RegisteredKind.URBAN.value}')::int::bigint",
    (_PERSON, "birth_date"): "to_char(p.birth_date, 'YYYYMMDD')::bigint",
    (_PERSON, "counts_as_member"): "m.counts_as_member::int::bigint",
}
# who is on record as imprisoned or missing is so, whatever else is known; who is not on record may still be
_RECORDED: Mapping[tuple[str, str], str] = {
    (_PERSON, "in_custody"): f"CASE WHEN p.custody = '{CustodyState.IMPRISONED.value}' THEN 1::bigint END",
    (_PERSON, "declared_missing"): f"CASE WHEN p.custody = '{CustodyState.MISSING.value}' THEN 1::bigint END",
}
_OPEN = SQL("h.closed_on IS NULL AND h.division_code >= {lo} AND h.division_code < {hi}")
# the last household of a full piece and the first after it, where there are so many left
_END = SQL(
    "SELECT h.division_code, h.id FROM registry_household h WHERE {open} AND {later}"
    " ORDER BY h.division_code, h.id OFFSET {before} LIMIT 2"
)
_HOUSEHOLDS = SQL(
    "COPY (SELECT h.id::bigint, h.division_code::bigint{columns} FROM registry_household h"
    " LEFT JOIN registry_household_values v ON v.household_id = h.id{facts}"
    " WHERE {open} AND {between} ORDER BY h.division_code, h.id) TO STDOUT (FORMAT binary)"
)
_PERSONS = SQL(
    "COPY (SELECT m.household_id::bigint, p.id::bigint{columns} FROM registry_household h"
    " JOIN registry_membership m ON m.household_id = h.id"
    " JOIN registry_person p ON p.id = m.person_id LEFT JOIN registry_person_values v ON v.person_id = p.id{facts}"
    " WHERE {open} AND {between} AND m.start_on <= {on} AND (m.end_on IS NULL OR m.end_on > {on})"
    " AND p.died_on IS NULL ORDER BY h.division_code, h.id, m.id) TO STDOUT (FORMAT binary)"
)


@dataclass(frozen=True, slots=True)
class _Columns:
    names: tuple[str, ...]
    sql: Composed
    facts: Composed


@dataclass(frozen=True, slots=True)
class PopulationPiece:
    """Some households in order of division and number, up to the mark `until`; the last ends with the division."""

    copied: CopiedRows
    until: Mark
    is_last: bool


def population(*, actor: Actor, packs: PackSet, on: date, division: DivisionCode) -> Iterator[CopiedRows]:
    """The open households of a division and their living members as they are known now, in pieces of `PIECE`.

    All pieces are of one moment: they are read in one transaction, which ends with the iteration, so what is done with
    a piece must not write through the same connection. Facts that packs ask for and the register does not keep are
    unknown. `jiuzhu.engine.population.rows` makes arrays of a piece.

    Raises:
        PermissionRefused: the actor may not screen the population.
        OutOfScope: the division lies outside the actor's.
    """
    reader = _Reader(actor, packs, on, division)
    with acting_at_one_moment(actor, today=on):
        after, more = _FIRST, reader.has_any()
        while more:
            piece = reader.piece(after)
            yield piece.copied
            after, more = piece.until, not piece.is_last


def population_piece(
    *, actor: Actor, packs: PackSet, on: date, division: DivisionCode, after: Mark = ("", 0)
) -> PopulationPiece:
    """The next households after a mark, as `population` gives them, read in a transaction of their own.

    For work that writes between two pieces: each household is of one moment, but not all households of the same.

    Raises:
        PermissionRefused: the actor may not screen the population.
        OutOfScope: the division lies outside the actor's.
    """
    reader = _Reader(actor, packs, on, division)
    with acting_at_one_moment(actor, today=on):
        return reader.piece(after)


class _Reader:
    """Reads pieces of a division's households, within the transaction of the caller."""

    def __init__(self, actor: Actor, packs: PackSet, on: date, division: DivisionCode) -> None:
        actor.require(Permission.POPULATION_SCREEN)
        actor.require_scope(division)
        lo, self.beyond = division.range
        self.on = on
        self.is_open = _OPEN.format(lo=Literal(lo), hi=Literal(self.beyond))
        self.columns = {ROOT: _columns(packs, ROOT), _PERSON: _columns(packs, _PERSON)}

    def has_any(self) -> bool:
        """Whether there is a household at all."""
        with connection.cursor() as cursor:
            cursor.execute(_text(_END.format(open=self.is_open, later=SQL("TRUE"), before=Literal(0))))
            return cursor.fetchone() is not None

    def piece(self, after: Mark) -> PopulationPiece:
        """The households after a mark."""
        later = SQL("(h.division_code, h.id) > ({}, {})").format(*map(Literal, after))
        with connection.cursor() as cursor:
            cursor.execute(_text(_END.format(open=self.is_open, later=later, before=Literal(PIECE - 1))))
            ends = cursor.fetchall()
        is_last = len(ends) <= 1
        until = (self.beyond, 0) if is_last else (str(ends[0][0]), int(ends[0][1]))
        between = SQL("{} AND (h.division_code, h.id) <= ({}, {})").format(later, *map(Literal, until))
        given = {"open": self.is_open, "between": between, "on": Literal(self.on)}
        rows = {
            entity: _copied(
                statement.format(columns=self.columns[entity].sql, facts=self.columns[entity].facts, **given)
            )
            for entity, statement in ((ROOT, _HOUSEHOLDS), (_PERSON, _PERSONS))
        }
        names = {entity: one.names for entity, one in self.columns.items()}
        return PopulationPiece(CopiedRows(self.on, names, rows), until, is_last=is_last)


def _columns(packs: PackSet, entity: str) -> _Columns:
    """The facts of an entity that the register keeps, and the expressions that make numbers of them."""
    facts = [
        stored_key(name, one.kind.unit)
        for (owner, name), one in packs.variables.items()
        if owner == entity and one.source is not None and (owner, name) not in _HELD
    ]
    kept = {one.fact: one for one in public_variables(facts).values() if one.fact and one.subject.value == entity}
    names: list[str] = []
    keys: list[str] = []
    parts: list[Composable] = []
    for (owner, name), fact in packs.variables.items():
        if owner != entity or fact.source is None:
            continue
        one = kept.get(name)
        if (owner, name) in _HELD:
            found: Composable = SQL(_HELD[owner, name])
        elif one is not None:
            found = _number(one, fact.kind)
            keys.append(one.key)
        else:
            continue
        recorded = _RECORDED.get((owner, name))
        if recorded is not None:
            found = SQL("coalesce({}, {})").format(SQL(recorded), found)
        names.append(name)
        parts.append(SQL(", coalesce({}, {})").format(found, Literal(UNKNOWN)))
    return _Columns(tuple(names), Composed(parts), _unpacked(keys))


def _unpacked(keys: Sequence[str]) -> Composed:
    """The document of values taken apart once: asked key by key, it would be read from its store for each of them."""
    if not keys:
        return Composed([])
    columns = SQL(", ").join(SQL("{} jsonb").format(Identifier(key)) for key in keys)
    return SQL(" LEFT JOIN LATERAL jsonb_to_record(v.facts) AS f({}) ON TRUE").format(columns)


def _number(one: Variable, kind: Kind) -> Composable:
    """What is kept of a variable, as the whole number by which the engine holds it; null when nothing is."""
    value = SQL("({} -> 'v')").format(Identifier("f", one.key))
    text = SQL("({} ->> 'v')").format(Identifier("f", one.key))
    match one.type:
        case VariableType.BOOL:
            return SQL("{}::boolean::int::bigint").format(value)
        case VariableType.DATE:
            return SQL("replace({}, '-', '')::bigint").format(text)
        case VariableType.CODE if kind.base is Base.CODE:
            cases = SQL(" ").join(
                SQL("WHEN {} THEN {}").format(Literal(code), Literal(at)) for at, code in enumerate(kind.stored)
            )
            return SQL("(CASE {} {} END)::bigint").format(text, cases)
        case VariableType.CODE:  # a number that is kept under the codes of a standard
            return SQL("{}::bigint").format(text)
        case _:
            return SQL("{}::bigint").format(value)


def _copied(statement: Composed) -> bytes:
    with connection.cursor() as cursor, cursor.copy(_text(statement)) as copy:
        return b"".join(copy)


def _text(statement: Composed) -> str:
    return statement.as_string(connection.connection)
