"""From what each programme proposes for a household to what it gets from all of them together.

Programmes that cannot be combined are settled cluster by cluster in the order of the rules, never in the order in which
they were applied for or listed: the same claims always give the same package. What is not known stays open and says on
what it waits; nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from jiuzhu.engine.kinds import Outcome
from jiuzhu.engine.packs.exclusions import Matrix, Rule
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import Receiver, Relation, Rhythm
from jiuzhu.engine.settlement.claims import Claim, Figures, Payment, Reason, Settled, State, Subject

_OWN = {
    Outcome.YES: State.GRANTED,
    Outcome.NO: State.NOT_ENTITLED,
    Outcome.DISC: State.DISCRETION,
    Outcome.REFER: State.REFERRED,
}


def settle(
    matrix: Matrix,
    claims: Iterable[Claim],
    figures: Figures,
    *,
    members: int,
    chosen: frozenset[Subject] = frozenset(),
) -> tuple[Settled, ...]:
    """The final package, in the order of programmes and rows.

    `figures` holds the amounts of the claims; `chosen` are the claims that an applicant has chosen.

    Raises:
        ValueError: a claim comes twice, is of an unknown programme, or of a row that does not fit its programme.
    """
    known: dict[Subject, Claim] = {}
    for claim in claims:
        _check(matrix, claim, members)
        if claim.subject in known:
            raise ValueError(f"{claim.programme}, row {claim.row}: claimed twice")
        known[claim.subject] = claim
    settling = _Settling(matrix, known, figures, members, chosen)
    for cluster in matrix.clusters:
        settling.cluster(cluster)
    return tuple(settling.done[subject] for subject in sorted(settling.done, key=_rank))


def _check(matrix: Matrix, claim: Claim, members: int) -> None:
    version = matrix.versions.get(claim.programme)
    if version is None:
        raise ValueError(f"{claim.programme}: no such programme here and on this day")
    of_household = version.unit is Receiver.HOUSEHOLD
    if of_household != (claim.row is None) or not 0 <= (claim.row or 0) < max(members, 1):
        raise ValueError(f"{claim.programme}: row {claim.row} does not fit a programme for a {version.unit}")


def _rank(subject: Subject) -> tuple[str, int]:
    return subject[0], -1 if subject[1] is None else subject[1]


class _Settling:
    def __init__(
        self,
        matrix: Matrix,
        claims: Mapping[Subject, Claim],
        figures: Figures,
        members: int,
        chosen: frozenset[Subject],
    ) -> None:
        self.matrix, self.claims, self.figures = matrix, claims, figures
        self.members, self.chosen = members, chosen
        self.done: dict[Subject, Settled] = {}

    def cluster(self, programmes: Sequence[str]) -> None:
        """Settle programmes that stand side by side; all that prevail over them are done."""
        subjects = sorted((one for one in self.claims if one[0] in programmes), key=_rank)
        before = {subject: self.below_others(self.claims[subject]) for subject in subjects}
        rules = [one for one in self.matrix.rules if not one.is_directed and one.lower in programmes]
        if rules and rules[0].how is Relation.HIGHER:
            before = self.by_amount(before, rules)
        elif rules:
            before = self.by_choice(before, rules)
        self.done |= before

    # what prevails over a claim

    def below_others(self, claim: Claim) -> Settled:
        """A claim after the claims that prevail over it, and with what tops it up taken off."""
        state = _OWN[claim.lowest] if claim.lowest == claim.highest else State.UNKNOWN
        settled = Settled(claim.programme, claim.row, state, self.payments(claim))
        if state in (State.NOT_ENTITLED, State.REFERRED):
            return replace(settled, payments=())
        for rule in self.matrix.rules:
            if rule.lower != claim.programme or not rule.is_directed:
                continue
            others = [one for one in self.of(rule.upper) if self.touch(rule, settled, one)]
            if rule.how is Relation.TOP_UP:
                settled = self.topped_up(settled, rule, others)
            else:
                settled = self.giving_way(settled, rule, others)
            if settled.is_granted is False:
                break
        return settled

    def of(self, programme: str) -> list[Settled]:
        return [self.done[one] for one in sorted(self.done, key=_rank) if one[0] == programme]

    def touch(self, rule: Rule, one: Settled, other: Settled) -> bool:
        """Whether two claims meet under a rule: anywhere in the household, or in the same person."""
        if rule.who is Receiver.HOUSEHOLD:
            return True
        if one.row is None or other.row is None:
            # a member who is left out of a household's aid does not meet it
            member = other.row if one.row is None else one.row
            return member is None or member not in (*one.without, *other.without)
        return one.row == other.row

    def giving_way(self, settled: Settled, rule: Rule, others: Sequence[Settled]) -> Settled:
        for other in others:
            if other.is_granted is False:
                continue
            row = self.place_taken(rule, settled, other)
            if row is not None:
                sure = other.is_granted is True
                reason = self.reason(rule, other, _WITHOUT if sure else _PERHAPS_WITHOUT)
                settled = self.without(settled, row, reason, sure=sure)
            elif other.is_granted and other.row is None and settled.row in other.perhaps_without:
                settled = _open(settled, self.reason(rule, other, _WAITS))
            elif other.is_granted:
                return _lost(settled, State.GIVES_WAY, self.reason(rule, other, _YIELDS))
            else:
                settled = _open(settled, self.reason(rule, other, _WAITS))
        return settled

    def place_taken(self, rule: Rule, settled: Settled, other: Settled) -> int | None:
        """The member whose place in a household's aid is all that is at stake."""
        return other.row if rule.who is Receiver.PERSON and settled.row is None else None

    def without(self, settled: Settled, row: int, reason: Reason, *, sure: bool) -> Settled:
        """A household's aid without a member who has another programme."""
        if not sure:
            rows = tuple(sorted({*settled.perhaps_without, row}))
            payments = tuple(replace(one, lowest=0) if one.row == row else one for one in settled.payments)
            return replace(settled, perhaps_without=rows, payments=payments, reasons=(*settled.reasons, reason))
        rows = tuple(sorted({*settled.without, row}))
        kept = tuple(one for one in settled.payments if one.row != row)
        settled = replace(settled, without=rows, payments=kept, reasons=(*settled.reasons, reason))
        return _lost(settled, State.GIVES_WAY, None) if len(rows) == self.members else settled

    # amounts

    def payments(self, claim: Claim) -> tuple[Payment, ...]:
        """The figures of a claim; those of members, for all members, when the household claims."""
        found = []
        for amount in self.matrix.versions[claim.programme].amounts:
            if claim.row is not None:
                rows: Sequence[int | None] = (claim.row,)
            else:
                rows = (None,) if amount.variable[0] == ROOT else range(self.members)
            for row in rows:
                bounds = self.figures.get((amount.variable, row))
                if bounds is not None:
                    found.append(Payment(amount, row, *bounds))
        return tuple(found)

    def topped_up(self, settled: Settled, rule: Rule, others: Sequence[Settled]) -> Settled:
        """Take off what other claims pay, in the order of the programme's amounts; never below nothing."""
        rows = dict.fromkeys(payment.row for payment in settled.payments)
        for row in [None] if None in rows else rows:
            least = most = 0
            for other in others:
                low, high = self.paid_by(other, rule, row)
                least, most = least + low, most + high
            settled = _reduced(settled, row, least, most)
        paying = [other for other in others if other.is_granted is not False]
        reasons = tuple(self.reason(rule, other, _TOPS_UP if other.is_granted else _WAITS_TOP_UP) for other in paying)
        settled = replace(settled, reasons=(*settled.reasons, *reasons))
        sums = [one.highest for one in settled.payments if one.amount.rhythm is not Rhythm.IN_KIND]
        if paying and sums and not any(sums) and settled.is_granted is not False:
            return _lost(settled, State.COVERED, None)
        return settled

    def paid_by(self, other: Settled, rule: Rule, row: int | None) -> tuple[int, int]:
        """What another claim pays towards a person, or towards the household: its bounds."""
        if other.is_granted is False:
            return 0, 0
        if rule.counts is not None and row is not None:
            bounds = [] if row in other.without else [self.figures.get((rule.counts, row), (0, 0))]
        else:
            bounds = [
                (one.lowest, one.highest)
                for one in other.payments
                if one.amount.rhythm is Rhythm.MONTHLY and (row is None or one.row == row)
            ]
        low, high = sum(one[0] for one in bounds), sum(one[1] for one in bounds)
        sure = other.is_granted and row not in other.perhaps_without
        return (max(low, 0) if sure else 0), max(high, 0)

    # claims side by side

    def pairs(self, found: Mapping[Subject, Settled], rules: Sequence[Rule]) -> list[tuple[Rule, Settled, Settled]]:
        alive = [one for one in found.values() if one.is_granted is not False]
        return [
            (rule, one, other)
            for rule in rules
            for one in alive
            for other in alive
            if (one.programme, other.programme) == (rule.lower, rule.upper) and self.touch(rule, one, other)
        ]

    def by_amount(self, found: dict[Subject, Settled], rules: Sequence[Rule]) -> dict[Subject, Settled]:
        """The highest stays; what it beats for certain falls, and so on until nothing more is certain."""
        rivals: dict[Subject, dict[Subject, Rule]] = {one: {} for one in found}
        for rule, one, other in self.pairs(found, rules):
            rivals[one.programme, one.row][other.programme, other.row] = rule
            rivals[other.programme, other.row][one.programme, one.row] = rule
        winners: set[Subject] = set()
        while True:
            sure = [
                one
                for one in sorted(found, key=_rank)
                if one not in winners
                and found[one].is_granted
                and rivals[one]
                and all(self.beats(found[one], found[other]) for other in rivals[one])
            ]
            if not sure:
                break
            winners.update(sure)
            for winner in sure:
                for loser, rule in list(rivals[winner].items()):
                    found[loser] = _lost(found[loser], State.GIVES_WAY, self.reason(rule, found[winner], _LOWER))
                    for rival in rivals.pop(loser):
                        rivals[rival].pop(loser, None)
                    rivals[loser] = {}
        before = dict(found)
        for subject, others in rivals.items():
            for rival, rule in sorted(others.items(), key=lambda pair: _rank(pair[0])):
                found[subject] = _open(found[subject], self.reason(rule, before[rival], _WAITS_AMOUNT))
        return found

    def beats(self, one: Settled, other: Settled) -> bool:
        """Whether a claim pays more whatever is still unknown; between equals the name decides."""
        least, most = _a_year(one)[0], _a_year(other)[1]
        return least > most or (least == most and _rank((one.programme, one.row)) < _rank((other.programme, other.row)))

    def by_choice(self, found: dict[Subject, Settled], rules: Sequence[Rule]) -> dict[Subject, Settled]:
        """What the applicant has chosen stays; without a choice both wait for it."""
        for rule, one, other in self.both_ways(found, rules):
            if self.has_chosen(other, one) and not self.has_chosen(one, other) and other.is_granted:
                subject = one.programme, one.row
                found[subject] = self.behind(found[subject], rule, other, State.GIVES_WAY, _CHOSEN)
        result = dict(found)
        # first where both are free, so that what is offered does not hang on the order of programmes
        pairs = sorted(self.both_ways(found, rules), key=lambda pair: not (pair[1].is_granted and pair[2].is_granted))
        for rule, one, other in pairs:
            if self.has_chosen(one, other) and not self.has_chosen(other, one):
                continue
            subject = one.programme, one.row
            free = one.is_granted and other.is_granted
            state, words = (State.TO_CHOOSE, _CHOOSE) if free else (State.OPEN, _WAITS)
            result[subject] = self.behind(result[subject], rule, other, state, words)
        return result

    def both_ways(
        self, found: Mapping[Subject, Settled], rules: Sequence[Rule]
    ) -> Iterator[tuple[Rule, Settled, Settled]]:
        for rule, one, other in self.pairs(found, rules):
            yield rule, one, other
            yield rule, other, one

    def behind(self, settled: Settled, rule: Rule, other: Settled, state: State, words: tuple[str, str]) -> Settled:
        """A claim, or a member's place in it, behind what was or may be chosen."""
        row = self.place_taken(rule, settled, other)
        if row is not None:
            sure = state is State.GIVES_WAY
            reason = self.reason(rule, other, _WITHOUT if sure else _PERHAPS_WITHOUT)
            return self.without(settled, row, reason, sure=sure)
        reason = self.reason(rule, other, words)
        if state is State.GIVES_WAY:
            return _lost(settled, state, reason)
        return _open(settled, reason, state)

    def has_chosen(self, one: Settled, other: Settled) -> bool:
        """Whether a claim was chosen; a household's aid can also be chosen for one member."""
        return (one.programme, one.row) in self.chosen or (one.programme, other.row) in self.chosen

    def reason(self, rule: Rule, other: Settled, words: tuple[str, str]) -> Reason:
        """A reason that names the other claim."""
        name = self.matrix.versions[other.programme].short
        row = "" if other.row is None else other.row + 1
        text = Label(words[0].format(name=name.zh, row=row), words[1].format(name=name.en, row=row))
        return Reason(rule.how, other.programme, other.row, text, rule.basis, rule.demo)


def _a_year(settled: Settled) -> tuple[int, int]:
    """What a claim pays in a year; what is paid once counts once."""
    times = {Rhythm.MONTHLY: 12, Rhythm.IN_KIND: 0}
    parts = [(times.get(one.amount.rhythm, 1), one) for one in settled.payments]
    return sum(count * one.lowest for count, one in parts), sum(count * one.highest for count, one in parts)


def _reduced(settled: Settled, row: int | None, least: int, most: int) -> Settled:
    """Monthly payments of a row less what lies between `least` and `most`."""
    payments = []
    for one in settled.payments:
        if one.row != row or one.amount.rhythm is not Rhythm.MONTHLY:
            payments.append(one)
            continue
        lowest, highest = max(one.lowest - most, 0), max(one.highest - least, 0)
        most, least = max(most - one.lowest, 0), max(least - one.highest, 0)
        payments.append(replace(one, lowest=lowest, highest=highest))
    return replace(settled, payments=tuple(payments))


def _lost(settled: Settled, state: State, reason: Reason | None) -> Settled:
    reasons = (*settled.reasons, reason) if reason else settled.reasons
    return replace(settled, state=state, payments=(), reasons=reasons)


def _open(settled: Settled, reason: Reason, state: State = State.OPEN) -> Settled:
    """A claim that waits for another; one that waits for its own outcome keeps its state."""
    kept = state if settled.state is State.GRANTED else settled.state
    return replace(settled, state=kept, reasons=(*settled.reasons, reason))


_YIELDS = ("已享受{name}，不同时享受本项。", "{name} is granted, and this is not granted beside it.")
_WAITS = ("{name}尚未确定，本项待其确定。", "{name} is not settled yet; this waits for it.")
_WITHOUT = ("第{row}名成员享受{name}，不计入本项。", "Member {row} has {name} and is left out of this.")
_PERHAPS_WITHOUT = (
    "第{row}名成员的{name}尚未确定，是否计入本项待定。",
    "{name} of member {row} is not settled; whether the member counts here waits for it.",
)
_TOPS_UP = ("已享受{name}，只补足差额。", "{name} is granted; only the difference is paid.")
_WAITS_TOP_UP = ("{name}尚未确定，差额待其确定。", "{name} is not settled; the difference waits for it.")
_LOWER = ("与{name}只能享受金额较高的一项。", "Only the higher of this and {name} is paid.")
_WAITS_AMOUNT = ("与{name}孰高尚不清楚。", "It is not known whether this or {name} is higher.")
_CHOSEN = ("申请人选择了{name}。", "The applicant has chosen {name}.")
_CHOOSE = ("与{name}只能选择一项，待申请人选择。", "The applicant chooses between this and {name}.")
