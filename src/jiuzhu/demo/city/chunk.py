"""The city in chunks: `generate_chunk` makes one, `CityPlan` says how many there are."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from hashlib import sha256

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bools, Bytes8, Ints, Texts, stream
from jiuzhu.demo.city.declarations import Declared, declare
from jiuzhu.demo.city.divisions import Divisions
from jiuzhu.demo.city.events import Events, deaths, happen
from jiuzhu.demo.city.groups import Groups, tag
from jiuzhu.demo.city.hardship import Hardship, strike
from jiuzhu.demo.city.households import compose, lean_to_communities
from jiuzhu.demo.city.livelihood import Dwellings, Livelihood, earn
from jiuzhu.demo.city.people import Marital, People, choose_heads, describe


@dataclass(frozen=True, slots=True)
class Households:
    """Per household. `head` is the row of the head among the chunk's people; `extinct`: nobody in it lives any more.

    `number` is unique in the city. `first` is the row of the first member; members stand together, `size` of them
    with the dead. `paternal`: old parents in the household are the husband's, and grandchildren are a son's.
    """

    number: Ints
    kind: Bytes8
    village: Ints
    division_code: Texts
    urban: Bools
    head: Ints
    first: Ints
    size: Ints
    extinct: Bools
    paternal: Bools


@dataclass(frozen=True, slots=True)
class CityChunk:
    """A part of the city.

    `households` and `dwellings` are aligned by household, the rest by person; `groups` says which is which.
    """

    seed: int
    index: int
    as_of: np.datetime64
    households: Households
    dwellings: Dwellings
    people: People
    hardship: Hardship
    livelihood: Livelihood
    events: Events
    groups: Groups
    declared: Declared


@dataclass(frozen=True, slots=True)
class CityPlan:
    """A whole city: `households` of them, in chunks, as of a day. Raises ValueError when it cannot be made."""

    seed: int
    households: int
    as_of: np.datetime64
    chunk_households: int = p.CHUNK_HOUSEHOLDS

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise ValueError(f"the seed must not be negative: {self.seed}")
        if self.households < 1 or self.chunk_households < 1:
            raise ValueError("a city needs at least one household, and a chunk too")
        if len(self.chunk_sizes) > p.CHUNK_LANES:
            count = len(self.chunk_sizes)
            raise ValueError(
                f"{self.households} households in chunks of {self.chunk_households} make {count} chunks; "
                f"at most {p.CHUNK_LANES} keep citizen ids unique: take larger chunks"
            )

    @property
    def chunk_sizes(self) -> tuple[int, ...]:
        """Households in each chunk; only the last may be smaller."""
        whole, rest = divmod(self.households, self.chunk_households)
        return (self.chunk_households,) * whole + ((rest,) if rest else ())

    def chunk(self, index: int, divisions: Divisions) -> CityChunk:
        """The chunk `index` of this city."""
        return generate_chunk(self.seed, index, self.chunk_sizes[index], divisions, as_of=self.as_of)

    def chunks(self, divisions: Divisions) -> Iterator[CityChunk]:
        """All chunks, one at a time."""
        return (self.chunk(index, divisions) for index in range(len(self.chunk_sizes)))


def generate_chunk(seed: int, index: int, households: int, divisions: Divisions, *, as_of: np.datetime64) -> CityChunk:
    """Make chunk `index` with so many households, as it stands on the day `as_of`.

    The same arguments give the same bytes (with the same versions of NumPy and of Faker's lists of names). Ids and
    numbers never repeat between chunks. Raises ValueError for an index or a size outside what the numbers allow.
    """
    if not 0 <= index < p.CHUNK_LANES:
        raise ValueError(f"a city has chunks 0 to {p.CHUNK_LANES - 1}, not {index}")
    if not 1 <= households <= p.CHUNK_HOUSEHOLDS_MOST:
        raise ValueError(f"a chunk holds 1 to {p.CHUNK_HOUSEHOLDS_MOST} households, not {households}")
    as_of = as_of.astype("datetime64[D]")
    composition = compose(stream(seed, index, "composition"), households)
    dead = deaths(stream(seed, index, "deaths"), composition, as_of)
    head_place = choose_heads(stream(seed, index, "heads"), composition, dead.died)
    village = divisions.draw(stream(seed, index, "villages"), lean_to_communities(composition.kind))
    urban = divisions.village_urban[village]
    people = describe(
        stream(seed, index, "people"),
        index=index,
        composition=composition,
        deaths=dead,
        head=head_place,
        village=village,
        divisions=divisions,
        as_of=as_of,
    )
    living, household = people.living, people.household
    size = np.bincount(household, minlength=households).astype(np.int64)
    head = np.flatnonzero(people.place == head_place[household])
    hardship = strike(
        stream(seed, index, "hardship"), age=people.age, sex=people.sex, living=living, urban=urban[household]
    )
    events = happen(
        stream(seed, index, "events"),
        age=people.age,
        sex=people.sex.astype(np.int64),
        living=living,
        married=np.isin(people.marital, [Marital.FIRST_MARRIAGE, Marital.REMARRIED]),
        place=people.place.astype(np.int64),
        kind=composition.kind[household].astype(np.int64),
        household=household,
        villages=len(divisions.village_code),
        as_of=as_of,
    )
    dwellings, livelihood = earn(
        stream(seed, index, "livelihood"),
        households=households,
        household=household,
        age=people.age,
        sex=people.sex,
        living=living,
        in_custody=~np.isnat(events.custody_from),
        urban=urban,
        owner=head,
        hardship=hardship,
    )
    return CityChunk(
        seed=seed,
        index=index,
        as_of=as_of,
        households=Households(
            number=index * p.CHUNK_NUMBERS + np.arange(1, households + 1, dtype=np.int64),
            kind=composition.kind,
            village=village,
            division_code=divisions.village_code[village],
            urban=urban,
            head=head,
            first=np.cumsum(size) - size,
            size=size,
            extinct=np.bincount(household, weights=living, minlength=households) == 0,
            paternal=composition.paternal,
        ),
        dwellings=dwellings,
        people=people,
        hardship=hardship,
        livelihood=livelihood,
        events=events,
        groups=tag(
            stream(seed, index, "groups"),
            composition=composition,
            people=people,
            dwellings=dwellings,
            hardship=hardship,
            livelihood=livelihood,
        ),
        declared=declare(
            stream(seed, index, "declared"), households=households, household=household, livelihood=livelihood
        ),
    )


def digest(part: object) -> str:
    """SHA-256 over every array of a chunk or of its registers, to show that two of them are the same bytes."""
    state = sha256()
    for name, value in _leaves("", part):
        state.update(name.encode())
        state.update(np.ascontiguousarray(value).tobytes())
    return state.hexdigest()


def _leaves(path: str, part: object) -> Iterator[tuple[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]]:
    """Every array below a dataclass, with its dotted path and type."""
    if is_dataclass(part):
        for field in fields(part):
            yield from _leaves(f"{path}.{field.name}", getattr(part, field.name))
    else:
        array = np.asarray(part)
        yield f"{path}:{array.dtype.str}:{array.shape}", array
