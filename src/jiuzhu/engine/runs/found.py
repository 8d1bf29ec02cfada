"""Findings of a screening as a room stores them: plain rows, without arrays."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundRows:
    """Findings by columns of one length. A household's own have no person; amounts are fen, in the rhythm of `paid`."""

    household_ids: Sequence[int]
    person_ids: Sequence[int | None]
    division_codes: Sequence[str]
    programmes: Sequence[str]
    outcome_low: Sequence[int]
    outcome_high: Sequence[int]
    amount_low_fen: Sequence[int]
    amount_high_fen: Sequence[int]
    paid: Sequence[str]
