"""What an assessment proposes, as the claims that `settlement` puts together."""

from fractions import Fraction
from math import ceil, floor

from jiuzhu.engine.household.assessment import Assessment
from jiuzhu.engine.household.facts import At
from jiuzhu.engine.kinds import Base, Outcome
from jiuzhu.engine.packs.exclusions import Matrix
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.packs.programmes import Key, Receiver
from jiuzhu.engine.settlement.claims import Claim, Figures, Settled
from jiuzhu.engine.settlement.settle import settle


def package(
    assessment: Assessment, matrix: Matrix, *, chosen: frozenset[tuple[str, int | None]] = frozenset()
) -> tuple[Settled, ...]:
    """What a household gets from all programmes together; `chosen` are the claims that an applicant has chosen."""
    return settle(
        matrix,
        claims(assessment, matrix),
        figures(assessment, matrix),
        members=_members(assessment),
        chosen=chosen,
    )


def claims(assessment: Assessment, matrix: Matrix) -> list[Claim]:
    """The outcome of each programme for the household, or for each member."""
    found = []
    for name, version in matrix.versions.items():
        entity, variable = version.outcome
        for row in [None] if version.unit is Receiver.HOUSEHOLD else range(_members(assessment)):
            low, high = assessment.bounds(At(entity, variable, row or 0))
            found.append(Claim(name, row, Outcome(int(low)), Outcome(int(high))))
    return found


def figures(assessment: Assessment, matrix: Matrix) -> Figures:
    """The amounts of all programmes and the shares that top-ups count, each as it is held in memory."""
    keys = {amount.variable for version in matrix.versions.values() for amount in version.amounts}
    keys |= {rule.counts for rule in matrix.rules if rule.counts is not None}
    found: dict[tuple[Key, int | None], tuple[int, int]] = {}
    for key in keys:
        for row in [None] if key[0] == ROOT else range(_members(assessment)):
            found[key, row] = _bounds(assessment, At(*key, row or 0))
    return found


def _members(assessment: Assessment) -> int:
    return assessment.held.counts.get(Receiver.PERSON, 0)


def _bounds(assessment: Assessment, at: At) -> tuple[int, int]:
    kind = assessment.program.readings[at.key].variable.kind
    low, high = assessment.bounds(at)
    scale = 10**kind.places if kind.base is Base.NUMBER else 1
    return floor(Fraction(low) * scale), ceil(Fraction(high) * scale)
