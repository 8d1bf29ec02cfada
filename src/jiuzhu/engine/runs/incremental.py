"""Only what changed: the households of which something is known otherwise than before, to be worked out again."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.population.model import Column, Mask, Population, Whole


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """Places in the later population of households that are new or known otherwise; numbers of those that are gone."""

    places: Whole
    gone: Whole


def changed(before: Population, after: Population) -> Changed:
    """Compare two populations; households are known by their numbers, members by their order.

    A program that counts ages gives other results on another day also for households that did not change.
    """
    if _is_aligned(before, after):
        return Changed(np.flatnonzero(_differing(before, after)), np.zeros(0, dtype=np.int64))
    numbers, old, new = np.intersect1d(before.households, after.households, assume_unique=True, return_indices=True)
    same = before.divisions[old] == after.divisions[new]
    for entity in after.counts:
        same &= before.counts[entity][old] == after.counts[entity][new]
    differs = _differing(before.chosen(old[same]), after.chosen(new[same]))
    is_same = np.zeros(len(after), dtype=np.bool_)
    is_same[new[same][~differs]] = True
    gone = np.setdiff1d(before.households, numbers, assume_unique=True)
    return Changed(np.flatnonzero(~is_same), gone)


def _is_aligned(before: Population, after: Population) -> bool:
    """Whether both have the same households of the same sizes in the same order, as snapshots of one register do."""
    pairs = [(before.households, after.households), (before.divisions, after.divisions)]
    pairs += [(before.counts[entity], after.counts[entity]) for entity in after.counts]
    return all(np.array_equal(one, other) for one, other in pairs)


def _differing(before: Population, after: Population) -> Mask:
    """Where households, aligned, are known otherwise."""
    differs = np.zeros(len(after), dtype=np.bool_)
    for key in sorted(before.columns.keys() | after.columns.keys()):
        rows = _differs(before.columns.get(key), after.columns.get(key))
        if rows is None or not rows.any():
            continue
        if key[0] == ROOT:
            differs |= rows
        else:
            ends = np.cumsum(after.counts[key[0]])
            differs[np.searchsorted(ends, np.flatnonzero(rows), side="right")] = True
    return differs


def _differs(before: Column | None, after: Column | None) -> Mask | None:
    """Where two columns differ; a column that is not there is unknown for all."""
    if before is None:
        return None if after is None else ~_unknown(after)
    if after is None:
        return ~_unknown(before)
    differs = before.values != after.values  # what is unknown is held as 0
    if before.unknown is not None or after.unknown is not None:
        differs |= _unknown(before) != _unknown(after)
    return np.asarray(differs)


def _unknown(column: Column) -> Mask:
    return np.zeros(len(column.values), dtype=np.bool_) if column.unknown is None else column.unknown
