"""What `settlement` does for one household, for all at once: the same rules in the same order, over arrays.

Choices of applicants are no part of it: where two programmes are offered, they stay to be chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.exclusions import Matrix, Rule
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.packs.programmes import Amount, Key, Receiver, Relation, Rhythm, Version
from jiuzhu.engine.population.frames import Frame
from jiuzhu.engine.population.model import Mask, Values, Whole
from jiuzhu.engine.settlement.claims import State

STATES = tuple(State)
_AT = {state: at for at, state in enumerate(STATES)}
_ENDED = (State.NOT_ENTITLED, State.REFERRED, State.GIVES_WAY, State.COVERED)
_YEARLY = {Rhythm.MONTHLY: 12, Rhythm.IN_KIND: 0}
Bounds = tuple[Values, Values]


@dataclass(slots=True)
class Paid:
    """An amount of a programme: for each row of its entity what is paid at least and at most, as it is held."""

    amount: Amount
    lowest: Whole
    highest: Whole

    @property
    def entity(self) -> str:
        """Whose rows they are."""
        return self.amount.variable[0]


@dataclass(slots=True, eq=False)
class Proposed:
    """What becomes of the claims of a programme: a row for each household, or for each member.

    `outcomes` are the bounds of its own outcome, `states` places in `STATES`. `without` are the members whose place in
    a household's claim another programme takes for certain, `perhaps_without` those of whom it is not settled.
    """

    programme: str
    version: Version
    outcomes: Bounds
    states: Values
    payments: list[Paid]
    without: Mask
    perhaps_without: Mask

    @property
    def unit(self) -> str:
        """The entity whose rows the claims are."""
        return ROOT if self.version.unit is Receiver.HOUSEHOLD else Receiver.PERSON.value

    def are(self, *states: State) -> Mask:
        """Where a claim is in one of some states."""
        return np.isin(self.states, [_AT[one] for one in states])

    @property
    def granted(self) -> Mask:
        """Where it is granted."""
        return self.are(State.GRANTED)

    @property
    def alive(self) -> Mask:
        """Where it is granted or may still be."""
        return ~self.are(*_ENDED)

    @property
    def settled(self) -> Bounds:
        """The bounds of the outcome once all programmes are settled together."""
        low, high = self.outcomes
        over = self.are(State.GIVES_WAY, State.COVERED)
        waiting = self.are(State.OPEN, State.TO_CHOOSE)
        return np.where(over | waiting, int(Outcome.NO), low), np.where(over, int(Outcome.NO), high)


Figured = Mapping[Key, Bounds]


@dataclass(slots=True)
class Settling:
    """Households that live under one matrix, and what was figured out for them: outcomes, amounts, shares."""

    matrix: Matrix
    figures: Figured
    frame: Frame
    done: dict[str, Proposed] = field(default_factory=dict)

    def settle(self) -> dict[str, Proposed]:
        """All programmes, by name."""
        for cluster in self.matrix.clusters:
            found = {name: self.below_others(self.claims(name)) for name in cluster}
            rules = [one for one in self.matrix.rules if not one.is_directed and one.lower in cluster]
            if rules and rules[0].how is Relation.HIGHER:
                _Contest(self.frame, found, rules).decide()
            elif rules:
                self.offer(found, rules)
            self.done |= found
        return self.done

    def claims(self, name: str) -> Proposed:
        """The claims of a programme by itself."""
        version = self.matrix.versions[name]
        low, high = (np.asarray(values, dtype=np.int8) for values in self.figures[version.outcome])
        own = np.zeros(len(Outcome), dtype=np.int8)
        own[Outcome.YES], own[Outcome.NO] = _AT[State.GRANTED], _AT[State.NOT_ENTITLED]
        own[Outcome.DISC], own[Outcome.REFER] = _AT[State.DISCRETION], _AT[State.REFERRED]
        states = np.where(low == high, own[low], np.int8(_AT[State.UNKNOWN]))
        payments = [
            Paid(one, *(np.array(values, dtype=np.int64) for values in self.figures[one.variable]))
            for one in version.amounts
            if one.variable in self.figures
        ]
        nobody = np.zeros(self.frame.members, dtype=np.bool_)
        found = Proposed(name, version, (low, high), states, payments, nobody, nobody.copy())
        self.pay_nothing(found, found.are(State.NOT_ENTITLED, State.REFERRED))
        return found

    # what prevails over a claim

    def below_others(self, own: Proposed) -> Proposed:
        """A programme after those that prevail over it, and with what it tops up taken off."""
        for rule in self.matrix.rules:
            if rule.lower != own.programme or not rule.is_directed:
                continue
            other = self.done[rule.upper]
            if rule.how is Relation.TOP_UP:
                self.top_up(own, rule, other)
            elif _place_is_taken(rule, own, other):
                self.leave_out(own, other, sure=other.granted)
            else:
                self.give_way(own, rule, other)
        return own

    def give_way(self, own: Proposed, rule: Rule, other: Proposed) -> None:
        granted, alive = other.granted, other.alive
        if other.unit == ROOT and own.unit != ROOT:
            granted, alive = granted[self.frame.owners], alive[self.frame.owners]
            if rule.who is Receiver.PERSON:  # a member who is left out of a household's aid does not meet it
                granted, alive = granted & ~other.without, alive & ~other.without
            granted = granted & ~other.perhaps_without
        elif other.unit != own.unit or rule.who is Receiver.HOUSEHOLD:
            granted, alive = (self.in_household(one, other.unit, own.unit) for one in (granted, alive))
        still = own.alive
        self.lose(own, still & granted, State.GIVES_WAY)
        self.open(own, still & ~granted & alive, State.OPEN)

    def in_household(self, truths: Mask, of: str, to: str) -> Mask:
        """Where it is so of anybody in the household."""
        return self.frame.taken(self.frame.taken(truths, of, ROOT), ROOT, to)

    def leave_out(self, own: Proposed, other: Proposed, *, sure: Mask) -> None:
        """A household's aid without the members who have another programme, or may have it."""
        touched = own.alive[self.frame.owners] & ~own.without & other.alive
        gone, perhaps = touched & sure, touched & ~sure
        own.without, own.perhaps_without = own.without | gone, own.perhaps_without | perhaps
        for paid in own.payments:
            if paid.entity != ROOT:
                paid.lowest[touched] = 0
                paid.highest[gone] = 0
        left_out = self.frame.total(own.without)
        self.lose(own, self.frame.anyone(gone) & (left_out == self.frame.counts), State.GIVES_WAY)

    # amounts

    def top_up(self, own: Proposed, rule: Rule, other: Proposed) -> None:
        """Take off what another programme pays; never below nothing."""
        monthly = [one for one in own.payments if one.amount.rhythm is Rhythm.MONTHLY]
        entities = {one.entity for one in own.payments}
        entity = ROOT if ROOT in entities else Receiver.PERSON.value
        still = own.alive
        least, most = self.paid_by(own, rule, other, entity)
        rows = still if own.unit == entity else still[self.frame.owners]
        least, most = np.where(rows, least, 0), np.where(rows, most, 0)
        for paid in monthly:
            if paid.entity == entity:
                lowest, highest = np.maximum(paid.lowest - most, 0), np.maximum(paid.highest - least, 0)
                most, least = np.maximum(most - paid.lowest, 0), np.maximum(least - paid.highest, 0)
                paid.lowest, paid.highest = lowest, highest
        self.lose(own, still & self.meets(own, rule, other) & self.is_paid_nothing(own), State.COVERED)

    def paid_by(self, own: Proposed, rule: Rule, other: Proposed, entity: str) -> Bounds:
        """What another programme pays towards each person, or towards each household: its bounds."""
        granted, alive = other.granted, other.alive
        if entity == ROOT:
            low, high = self.to_household(other)
            if other.unit == ROOT:
                return np.where(granted, low, 0), np.where(alive, high, 0)
            touching = ~own.without if rule.who is Receiver.PERSON else np.ones_like(alive)
            low, high = np.where(granted & touching, low, 0), np.where(alive & touching, high, 0)
            return self.frame.total(low), self.frame.total(high)
        if rule.counts is None:
            low, high = self.to_members(other)
        else:
            low, high = (np.where(other.without, 0, one) for one in self.figures[rule.counts])
        times_low: Values = np.ones(self.frame.members, dtype=np.int64)
        times_high = times_low
        if other.unit == ROOT:
            granted, alive = granted[self.frame.owners], alive[self.frame.owners]
        elif rule.counts is not None and rule.who is Receiver.HOUSEHOLD:  # once for each claim in the household
            times_low, times_high = (self.frame.total(one)[self.frame.owners] for one in (granted, alive))
            granted, alive = times_low > 0, times_high > 0
        if rule.who is Receiver.PERSON:
            met = ~(own.without | other.without)
            granted, alive = granted & met, alive & met
        sure = granted & ~other.perhaps_without
        low, high = np.maximum(low, 0) * times_low, np.maximum(high, 0) * times_high
        return np.where(sure, low, 0), np.where(alive, high, 0)

    def to_household(self, other: Proposed) -> Bounds:
        """All that a programme pays a month, by the rows of its claims."""
        size = self.frame.rows(other.unit)
        low, high = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        for paid in other.payments:
            if paid.amount.rhythm is Rhythm.MONTHLY:
                same = paid.entity == other.unit
                low += paid.lowest if same else self.frame.total(paid.lowest)
                high += paid.highest if same else self.frame.total(paid.highest)
        return np.maximum(low, 0), np.maximum(high, 0)

    def to_members(self, other: Proposed) -> Bounds:
        """What a programme pays to members a month."""
        low, high = np.zeros(self.frame.members, dtype=np.int64), np.zeros(self.frame.members, dtype=np.int64)
        for paid in other.payments:
            if paid.amount.rhythm is Rhythm.MONTHLY and paid.entity != ROOT:
                low, high = low + paid.lowest, high + paid.highest
        return low, high

    def meets(self, own: Proposed, rule: Rule, other: Proposed) -> Mask:
        """Whether a claim of the other programme that is granted, or may be, meets one's own."""
        alive = other.alive
        if rule.who is Receiver.HOUSEHOLD:
            return self.in_household(alive, other.unit, own.unit)
        if own.unit == other.unit:
            return alive
        if own.unit == ROOT:
            return self.frame.anyone(alive & ~own.without)
        return np.asarray(alive[self.frame.owners] & ~other.without)

    def is_paid_nothing(self, own: Proposed) -> Mask:
        """Where a programme that pays has nothing left to pay."""
        size = self.frame.rows(own.unit)
        most, pays = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.bool_)
        for paid in own.payments:
            if paid.amount.rhythm is Rhythm.IN_KIND:
                continue
            same = paid.entity == own.unit
            most += paid.highest if same else self.frame.total(paid.highest)
            pays |= True if same else self.frame.anyone(~own.without)
        return np.asarray(pays & (most == 0))

    # programmes between which the applicant chooses

    def offer(self, found: Mapping[str, Proposed], rules: Sequence[Rule]) -> None:
        before = {name: (one.granted, one.alive) for name, one in found.items()}
        free = {name: np.zeros(len(one.states), dtype=np.bool_) for name, one in found.items()}
        waits = {name: np.zeros(len(one.states), dtype=np.bool_) for name, one in found.items()}
        for rule in rules:
            for name, rival in ((rule.lower, rule.upper), (rule.upper, rule.lower)):
                own, other = found[name], found[rival]
                granted, alive = before[rival]
                if _place_is_taken(rule, own, other):
                    self.leave_out(own, other, sure=np.zeros_like(alive))
                    continue
                if own.unit != other.unit and rule.who is Receiver.PERSON:  # a member's claim beside a household's
                    met = ~other.without
                    granted, alive = (one[self.frame.owners] & met for one in (granted, alive))
                elif rule.who is Receiver.HOUSEHOLD:
                    granted, alive = (self.in_household(one, other.unit, own.unit) for one in (granted, alive))
                own_granted, own_alive = before[name]
                free[name] |= own_granted & granted
                waits[name] |= own_alive & alive
        for name, own in found.items():
            self.open(own, free[name], State.TO_CHOOSE)
            self.open(own, waits[name], State.OPEN)

    # states

    def open(self, own: Proposed, where: Mask, state: State) -> None:
        """Claims that wait for another; one that waits for its own outcome keeps its state."""
        own.states[where & own.granted] = _AT[state]

    def lose(self, own: Proposed, where: Mask, state: State) -> None:
        own.states[where] = _AT[state]
        self.pay_nothing(own, where)

    def pay_nothing(self, own: Proposed, where: Mask) -> None:
        for paid in own.payments:
            rows = where if paid.entity == own.unit else where[self.frame.owners]
            paid.lowest[rows] = 0
            paid.highest[rows] = 0


def _place_is_taken(rule: Rule, own: Proposed, other: Proposed) -> bool:
    """Whether all that is at stake is a member's place in a household's aid."""
    return rule.who is Receiver.PERSON and own.unit == ROOT and other.unit != ROOT


class _Contest:
    """Programmes of which only the highest is paid: what beats all its rivals for certain stays, round by round."""

    def __init__(self, frame: Frame, found: Mapping[str, Proposed], rules: Sequence[Rule]) -> None:
        self.frame, self.found, self.rules = frame, found, rules
        self.years = {name: self.a_year(one) for name, one in found.items()}
        self.running = {name: one.alive for name, one in found.items()}
        self.won = {name: np.zeros(len(one.states), dtype=np.bool_) for name, one in found.items()}

    def decide(self) -> None:
        """Settle the contest in place."""
        while True:
            sure = {name: self.surely_first(name) for name in self.found}
            if not any(one.any() for one in sure.values()):
                break
            lost = {name: self.beaten(name, sure) for name in self.found}
            for name, own in self.found.items():
                self.won[name] |= sure[name]
                self.running[name] &= ~lost[name]
                own.states[lost[name]] = _AT[State.GIVES_WAY]
                for paid in own.payments:
                    rows = lost[name] if paid.entity == own.unit else lost[name][self.frame.owners]
                    paid.lowest[rows] = 0
                    paid.highest[rows] = 0
        waiting = {name: self.has_rival(name) for name in self.found}
        for name, own in self.found.items():
            own.states[waiting[name] & own.granted] = _AT[State.OPEN]

    def a_year(self, own: Proposed) -> Bounds:
        """What a claim pays in a year; what is paid once counts once."""
        size = self.frame.rows(own.unit)
        low, high = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        for paid in own.payments:
            times = _YEARLY.get(paid.amount.rhythm, 1)
            same = paid.entity == own.unit
            low += times * (paid.lowest if same else self.frame.total(paid.lowest))
            high += times * (paid.highest if same else self.frame.total(paid.highest))
        return low, high

    def rivals(self, name: str) -> list[tuple[str, Rule]]:
        return [(one.other(name), one) for one in self.rules if name in (one.lower, one.upper)]

    def here(self, rule: Rule, name: str, truths: Mask) -> Mask:
        """Where it is so of a rival that a claim meets."""
        if rule.who is Receiver.PERSON or self.found[name].unit == ROOT:
            return truths
        return self.frame.anyone(truths)[self.frame.owners]

    def has_rival(self, name: str) -> Mask:
        found = np.zeros(len(self.found[name].states), dtype=np.bool_)
        for rival, rule in self.rivals(name):
            found |= self.here(rule, name, self.running[rival])
        return found & self.running[name]

    def surely_first(self, name: str) -> Mask:
        """Claims that pay more than every rival whatever is still unknown; between equals the name decides."""
        found = self.has_rival(name) & self.found[name].granted & ~self.won[name]
        least = self.years[name][0]
        for rival, rule in self.rivals(name):
            most = np.where(self.running[rival], self.years[rival][1], -1)
            if rule.who is Receiver.HOUSEHOLD and self.found[name].unit != ROOT:
                most = self.frame.highest(most, -1)[self.frame.owners]
            found &= (least > most) | ((least == most) & (name < rival))
        return found

    def beaten(self, name: str, sure: Mapping[str, Mask]) -> Mask:
        found = np.zeros(len(self.found[name].states), dtype=np.bool_)
        for rival, rule in self.rivals(name):
            found |= self.here(rule, name, sure[rival])
        return found & self.running[name]
