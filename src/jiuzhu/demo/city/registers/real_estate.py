"""自然资源（不动产登记）：deeds."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.arrays import Bytes8, Days, Ints, Texts, pick, stream
from jiuzhu.demo.city.chunk import CityChunk
from jiuzhu.demo.city.registers.holders import Flaw, Holders, days_before, mark, write

DEED_USES = ("住宅", "宅基地住房", "商业", "车库")


@dataclass(frozen=True, slots=True)
class DeedRegister:
    """Deeds; `use` indexes `DEED_USES`, `share_percent` below 100 for co-owned property."""

    holder: Holders
    deed_number: Ints
    division_code: Texts
    area_m2: Ints
    use: Bytes8
    share_percent: Bytes8
    registered_on: Days


def deeds(chunk: CityChunk) -> DeedRegister:
    """Deeds of the homes people own, and of inherited shares they hardly know of. Many village houses have no deed."""
    rng = stream(chunk.seed, chunk.index, "registers.deeds")
    people, homes = chunk.people, chunk.livelihood.homes.astype(np.int64)
    owners = np.repeat(np.arange(len(people)), homes)
    first = np.concatenate([[True], owners[1:] != owners[:-1]]) if len(owners) else np.zeros(0, dtype=np.bool_)
    rural = ~chunk.households.urban[people.household]
    kept = ~(rural[owners] & first & (rng.random(len(owners)) < p.VILLAGE_HOUSE_WITHOUT_DEED))
    owners, first = owners[kept], first[kept]
    heirs = np.flatnonzero(people.living & (people.age >= 25) & (rng.random(len(people)) < p.INHERITED_SHARE))
    person = np.concatenate([owners, heirs])
    inherited = np.arange(len(person)) >= len(owners)
    main = np.concatenate([first, np.zeros(len(heirs), dtype=np.bool_)])
    undeclared = (chunk.declared.homes < homes)[person] & ~main & ~inherited
    size = len(person)
    on = days_before(rng, chunk.as_of, 30, 365 * 32, size)
    old = on < np.datetime64("2007-10-01")  # before the Property Law asked for one register
    drawn_area = np.rint(np.clip(rng.normal(88, 28, size), 15, 400)).astype(np.int64)
    use = np.where(main & rural[person], 1, np.where(main | inherited, 0, pick(rng, (0.8, 0.0, 0.12, 0.08), size)))
    return DeedRegister(
        holder=write(
            rng,
            people,
            person,
            flags=mark(undeclared, Flaw.UNDECLARED) | mark(inherited, Flaw.CO_OWNED),
            name_variant=p.DEED_NAME_VARIANT,
            id_missing=old & (rng.random(size) < p.OLD_DEED_ID_MISSING),
            id_old_form=old & (rng.random(size) < p.OLD_DEED_ID_OLD_FORM),
        ),
        deed_number=chunk.index * p.CHUNK_NUMBERS + np.arange(size, dtype=np.int64),
        division_code=chunk.households.division_code[people.household[person]],
        area_m2=np.where(main, chunk.dwellings.area_m2[people.household[person]], drawn_area),
        use=use.astype(np.uint8),
        share_percent=np.where(inherited, np.array([50, 33, 25, 20])[rng.integers(0, 4, size)], 100).astype(np.uint8),
        registered_on=on,
    )
