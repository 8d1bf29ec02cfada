"""The same seed gives the same bytes, whatever else is made before, beside or after."""

import numpy as np
import pytest

from jiuzhu.demo.city import parameters as p
from jiuzhu.demo.city.chunk import CityPlan, digest, generate_chunk
from jiuzhu.demo.city.divisions import Divisions
from jiuzhu.demo.city.registers.complete import keep_registers


def test_a_chunk_is_the_same_bytes_in_any_order(divisions: Divisions, as_of: np.datetime64) -> None:
    plan = CityPlan(seed=5, households=700, as_of=as_of, chunk_households=300)
    forwards = [digest(chunk) for chunk in plan.chunks(divisions)]
    backwards = [digest(plan.chunk(index, divisions)) for index in (2, 1, 0)]
    assert forwards == backwards[::-1]
    assert len(set(forwards)) == 3


def test_registers_are_the_same_bytes_too(divisions: Divisions, as_of: np.datetime64) -> None:
    first, second = (generate_chunk(5, 1, 300, divisions, as_of=as_of) for _ in range(2))
    assert digest(keep_registers(first)) == digest(keep_registers(second))


def test_another_seed_gives_another_city(divisions: Divisions, as_of: np.datetime64) -> None:
    one, other = (generate_chunk(seed, 0, 200, divisions, as_of=as_of) for seed in (1, 2))
    assert digest(one) != digest(other)


def test_the_size_of_the_city_does_not_change_a_whole_chunk(divisions: Divisions, as_of: np.datetime64) -> None:
    small = CityPlan(seed=5, households=300, as_of=as_of, chunk_households=300)
    large = CityPlan(seed=5, households=900, as_of=as_of, chunk_households=300)
    assert digest(small.chunk(0, divisions)) == digest(large.chunk(0, divisions))


def test_a_digest_sees_one_changed_figure(divisions: Divisions, as_of: np.datetime64) -> None:
    chunk = generate_chunk(5, 0, 50, divisions, as_of=as_of)
    before = digest(chunk)
    chunk.livelihood.savings_fen[7] += 1
    assert digest(chunk) != before


def test_ids_phones_accounts_and_household_numbers_are_unique_in_the_city(
    divisions: Divisions, as_of: np.datetime64
) -> None:
    plan = CityPlan(seed=9, households=32_800, as_of=as_of, chunk_households=800)
    assert len(plan.chunk_sizes) == p.CHUNK_LANES
    chunks = [plan.chunk(index, divisions) for index in range(0, p.CHUNK_LANES, 2)]
    for column in (
        np.concatenate([chunk.people.citizen_id for chunk in chunks]),
        np.concatenate([chunk.people.phone[chunk.people.phone != ""] for chunk in chunks]),
        np.concatenate([chunk.people.bank_account[chunk.people.bank_account != ""] for chunk in chunks]),
        np.concatenate([chunk.households.number for chunk in chunks]),
    ):
        assert len(np.unique(column)) == len(column)


def test_the_named_sizes_can_be_made(as_of: np.datetime64) -> None:
    for households in p.SIZES.values():
        plan = CityPlan(seed=1, households=households, as_of=as_of)
        assert sum(plan.chunk_sizes) == households
        assert max(plan.chunk_sizes) <= p.CHUNK_HOUSEHOLDS


def test_what_cannot_be_made_is_refused_with_the_reason(divisions: Divisions, as_of: np.datetime64) -> None:
    with pytest.raises(ValueError, match="take larger chunks"):
        CityPlan(seed=1, households=10_000, as_of=as_of, chunk_households=100)
    with pytest.raises(ValueError, match="at least one household"):
        CityPlan(seed=1, households=0, as_of=as_of)
    with pytest.raises(ValueError, match="negative"):
        CityPlan(seed=-1, households=10, as_of=as_of)
    with pytest.raises(ValueError, match="chunks 0 to"):
        generate_chunk(1, p.CHUNK_LANES, 10, divisions, as_of=as_of)
    with pytest.raises(ValueError, match="holds 1 to"):
        generate_chunk(1, 0, p.CHUNK_HOUSEHOLDS_MOST + 1, divisions, as_of=as_of)
