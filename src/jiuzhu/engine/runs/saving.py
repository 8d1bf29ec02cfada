"""Results of a run on disk: claims that came to something in Parquet files, and `run.json` with identity and totals.

A line is a claim: household, member (its number where the register has one, else its place in the household, from 1),
division, programme, state, bounds of the outcome, and for each rhythm the bounds of what is paid, in fen.
"""

import json
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np

from jiuzhu.engine.backends.duck import connect
from jiuzhu.engine.packs.programmes import Receiver, Rhythm
from jiuzhu.engine.population.frames import Frame, frame_of
from jiuzhu.engine.population.model import Population, Values, Whole
from jiuzhu.engine.population.settling import STATES
from jiuzhu.engine.runs.identity import Identity
from jiuzhu.engine.runs.results import Result, Screened
from jiuzhu.engine.runs.totals import Totals
from jiuzhu.engine.settlement.claims import State

MANIFEST, FORM = "run.json", 1
_NAMES = np.array([str(one) for one in STATES])


class Saving:
    """A folder that appears when everything is in it: `add` each part, then `finish`.

    Raises:
        FileExistsError: there is such a folder already.
    """

    def __init__(self, folder: Path) -> None:
        if folder.exists():
            raise FileExistsError(folder)
        self.folder = folder
        self.building = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(self.building, ignore_errors=True)
        self.building.mkdir(parents=True)
        self.parts = 0
        self.claims = 0

    def add(self, one: Screened) -> None:
        """Write the claims of a part."""
        columns = columns_of(one)
        file = self.building / f"results-{self.parts:05}.parquet"
        name = "'" + str(file).replace("'", "''") + "'"
        with connect(files=[file], in_order=True) as con:
            con.register("given", columns)
            con.execute(f"COPY (SELECT * FROM given) TO {name} (FORMAT parquet, COMPRESSION zstd)")  # noqa: S608
        self.parts += 1
        self.claims += len(columns["household"])

    def finish(self, identity: Identity, totals: Totals) -> None:
        """Write what the run was, and let the folder appear."""
        manifest = {
            "form": FORM,
            "run": identity.digest,
            **identity.plain(),
            "households": totals.households,
            "persons": totals.persons,
            "claims": self.claims,
            "files": self.parts,
            "totals": plain_totals(totals),
        }
        (self.building / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        self.building.rename(self.folder)


def plain_totals(totals: Totals, programmes: Collection[str] = ()) -> dict[str, Any]:
    """Totals as plain data: by area, programme; of all programmes, or of some."""
    return {
        area: {
            name: {
                "unit": str(total.unit),
                "states": {str(state): number for state, number in total.states.items()},
                "paid": {str(rhythm): {"sure": low, "most": high} for rhythm, (low, high) in total.paid.items()},
            }
            for name, total in sorted(own.items())
            if not programmes or name in programmes
        }
        for area, own in sorted(totals.by_area.items())
    }


def columns_of(one: Screened) -> dict[str, Values]:
    """The claims of a part that came to something, as columns of one length, in the order of programmes."""
    frame = frame_of(one.part)
    blocks = [_block(one.part, frame, result) for _, result in sorted(one.results.items())]
    if not blocks:
        return {}
    columns = {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}
    person = columns["person"]
    return columns | {"person": np.ma.MaskedArray(person, mask=person == 0)}


def _block(part: Population, frame: Frame, result: Result) -> dict[str, Values]:
    rows = np.flatnonzero(~result.are(State.NOT_ENTITLED))
    homes = rows if result.unit is Receiver.HOUSEHOLD else frame.owners[rows]
    found: dict[str, Values] = {
        "household": part.households[homes],
        "person": _members(part, frame, result, rows),
        "division": part.divisions[homes],
        "programme": np.full(len(rows), result.programme),
        "state": _NAMES[result.states[rows]],
        "outcome_low": result.lowest[rows],
        "outcome_high": result.highest[rows],
    }
    nothing = np.zeros(len(rows), dtype=np.int64)
    for rhythm in Rhythm:
        low, high = (values[rows] for values in result.paid[rhythm]) if rhythm in result.paid else (nothing, nothing)
        found[f"{rhythm}_low"], found[f"{rhythm}_high"] = low, high
    return found


def _members(part: Population, frame: Frame, result: Result, rows: Whole) -> Whole:
    """Whom the claims are about; 0 for those of households."""
    if result.unit is Receiver.HOUSEHOLD:
        return np.zeros(len(rows), dtype=np.int64)
    numbers = part.numbers.get(Receiver.PERSON)
    return np.asarray(rows - frame.ends[frame.owners[rows]] + 1 if numbers is None else numbers[rows])
