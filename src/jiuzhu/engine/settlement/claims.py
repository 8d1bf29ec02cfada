"""What programmes propose for a household, and what becomes of it when all of them are settled together."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from jiuzhu.core.citations import Citation
from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import Amount, Key, Relation

# the lowest and the highest value of a figure of the household (row None) or of a member, in fen
Figures: TypeAlias = Mapping[tuple[Key, "int | None"], tuple[int, int]]
# a programme, and the member it is about (None: the household)
Subject: TypeAlias = tuple[str, "int | None"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a programme proposes for the household (row None) or for a member: the bounds of its outcome."""

    programme: str
    row: int | None
    lowest: Outcome
    highest: Outcome

    @property
    def subject(self) -> Subject:
        """Programme and row."""
        return self.programme, self.row


class State(StrEnum):
    """What becomes of a claim."""

    GRANTED = "granted"
    NOT_ENTITLED = "not_entitled"
    UNKNOWN = "unknown"  # the outcome itself is not known yet
    DISCRETION = "discretion"  # an officer decides first
    REFERRED = "referred"  # another body decides
    GIVES_WAY = "gives_way"  # another programme prevails
    COVERED = "covered"  # another programme already pays as much
    TO_CHOOSE = "to_choose"  # the applicant chooses
    OPEN = "open"  # depends on another claim that is not settled


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a claim is not simply granted: the rule, the claim that matters, and a sentence in both languages."""

    relation: Relation
    programme: str
    row: int | None
    text: Label
    basis: tuple[Citation, ...]
    demo: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """A figure of the package, between two bounds that agree when it is known; row None is the household."""

    amount: Amount
    row: int | None
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A claim settled: its state, what is paid, why, and the members whose place in it another programme takes.

    `without` are left out for certain, `perhaps_without` as soon as the other claim is settled. The programme's own
    formulas leave such members out of the household's amount; here only the members' own amounts are dropped.
    """

    programme: str
    row: int | None
    state: State
    payments: tuple[Payment, ...] = ()
    reasons: tuple[Reason, ...] = ()
    without: tuple[int, ...] = ()
    perhaps_without: tuple[int, ...] = ()

    @property
    def is_granted(self) -> bool | None:
        """Whether it is granted; None while it is open."""
        if self.state is State.GRANTED:
            return True
        settled = (State.NOT_ENTITLED, State.GIVES_WAY, State.COVERED, State.REFERRED)
        return False if self.state in settled else None
