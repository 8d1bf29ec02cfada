"""Only what changed: the households of which something is known otherwise than before, to be worked out again."""

from dataclasses import dataclass

import numpy as np

from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.population.model import Column, Mask, Population, Values, Whole


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """Places in the later population of households that are new or known otherwise; numbers of those that are gone."""

    places: Whole
    gone: Whole


def changed(before: Population, after: Population) -> Changed:
    """Compare two populations; households are known by their numbers, members by their order.

    A program that counts ages gives other results on another day also for households that did not change.
    """
    numbers, old, new = np.intersect1d(before.households, after.households, assume_unique=True, return_indices=True)
    same = before.divisions[old] == after.divisions[new]
    for entity in after.counts:
        same &= before.counts[entity][old] == after.counts[entity][new]
    kept_old, kept_new = before.chosen(old[same]), after.chosen(new[same])
    differs = np.zeros(len(kept_new), dtype=np.bool_)
    for key in sorted(before.columns.keys() | after.columns.keys()):
        rows = _differs(kept_old.columns.get(key), kept_new.columns.get(key))
        if rows is None:
            continue
        if key[0] == ROOT:
            differs |= rows
        else:
            owners = np.repeat(np.arange(len(kept_new)), kept_new.counts[key[0]])
            differs[owners[rows]] = True
    is_same = np.zeros(len(after), dtype=np.bool_)
    is_same[new[same][~differs]] = True
    gone = np.setdiff1d(before.households, numbers, assume_unique=True)
    return Changed(np.flatnonzero(~is_same), gone)


def _differs(before: Column | None, after: Column | None) -> Mask | None:
    """Where two columns differ; a column that is not there is unknown for all."""
    if before is None:
        return None if after is None else ~_unknown(after)
    if after is None:
        return ~_unknown(before)
    return np.asarray((_unknown(before) != _unknown(after)) | (_known(before) != _known(after)))


def _unknown(column: Column) -> Mask:
    return np.zeros(len(column.values), dtype=np.bool_) if column.unknown is None else column.unknown


def _known(column: Column) -> Values:
    return np.where(_unknown(column), 0, column.values)
