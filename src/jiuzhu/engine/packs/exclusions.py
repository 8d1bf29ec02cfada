"""What programmes say of each other becomes one set of rules: the same from both sides, and free of circles.

It is enough that one of two programmes says it, so that a new one touches no other folder; when both say it, they must
agree. `gives_way` and `top_up` have a direction and must not go round; programmes joined by `higher` or `choice` stand
side by side, in one cluster. The clusters in order make settling independent of the order of applications.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter

from jiuzhu.core.citations import Citation
from jiuzhu.engine.packs.model import ROOT, PackSet
from jiuzhu.engine.packs.programmes import Exclusion, Key, Receiver, Relation, Rhythm, Version
from jiuzhu.engine.problems import Place, Problem, Problems, nearest

_DIRECTED = (Relation.GIVES_WAY, Relation.TOP_UP)


@dataclass(frozen=True, slots=True)
class Rule:
    """`lower` gives way to `upper`, or is topped up over it; for `higher` and `choice` the two are equals."""

    how: Relation
    lower: str
    upper: str
    who: Receiver
    counts: Key | None
    basis: tuple[Citation, ...]
    demo: bool
    place: Place

    @property
    def is_directed(self) -> bool:
        """Whether one of the two must be settled before the other."""
        return self.how in _DIRECTED

    def other(self, programme: str) -> str:
        """The other of the two."""
        return self.upper if programme == self.lower else self.lower


@dataclass(frozen=True, slots=True)
class Matrix:
    """The programmes of a division on a day, the rules between them, and the clusters in the order of settling."""

    versions: Mapping[str, Version]
    rules: tuple[Rule, ...]
    clusters: tuple[tuple[str, ...], ...]


def matrix(packs: PackSet, division: str, on: date) -> Matrix:
    """The rules for a division on a day.

    Raises:
        PackError: two programmes contradict each other, or what they say goes round in a circle.
    """
    versions = {
        name: version
        for name, programme in sorted(packs.programmes.items())
        if (version := programme.version(division, on)) is not None
    }
    return matrix_of(versions)


def matrix_of(versions: Mapping[str, Version]) -> Matrix:
    """The rules between programmes; a programme that does not exist here and now is passed over.

    Raises:
        PackError: as `matrix` does.
    """
    problems = Problems()
    pairs: dict[frozenset[str], Rule] = {}
    for name in sorted(versions):
        for said in versions[name].excludes:
            if said.programme in versions:
                _join(pairs, _rule(name, said), versions, problems)
    rules = tuple(sorted(pairs.values(), key=lambda one: (one.lower, one.upper)))
    clusters = _clusters(sorted(versions), rules, problems)
    problems.raise_if_any()
    return Matrix(dict(versions), rules, clusters)


def unknown_programmes(packs: PackSet) -> Iterable[Problem]:
    """Exclusions that name no programme."""
    for programme in packs.programmes.values():
        for version in programme.versions:
            for said in version.excludes:
                if said.programme not in packs.programmes:
                    yield Problem(
                        said.place,
                        "exclusion.unknown",
                        f"没有制度“{said.programme}”。",
                        f"there is no programme {said.programme!r}.",
                        *nearest(said.programme, packs.programmes),
                    )


def _rule(name: str, said: Exclusion) -> Rule:
    if said.how is Relation.PREVAILS:
        lower, upper, how = said.programme, name, Relation.GIVES_WAY
    elif said.how in _DIRECTED:
        lower, upper, how = name, said.programme, said.how
    else:
        (lower, upper), how = sorted((name, said.programme)), said.how
    return Rule(how, lower, upper, said.who, said.counts, said.basis, said.demo, said.place)


def _join(pairs: dict[frozenset[str], Rule], rule: Rule, versions: Mapping[str, Version], problems: Problems) -> None:
    _check_subjects(rule, versions, problems)
    pair = frozenset((rule.lower, rule.upper))
    first = pairs.setdefault(pair, rule)
    if (first.how, first.lower, first.who) != (rule.how, rule.lower, rule.who):
        problems.add(
            rule.place,
            "exclusion.contradiction",
            f"与 {first.place} 所写的“{first.lower}”和“{first.upper}”的关系不一致。",
            f"contradicts what {first.place} says of {first.lower!r} and {first.upper!r}.",
            advice=("只写在一处即可；两处都写时必须一致。", "It is enough to say it once; twice, it must agree."),
        )


def _check_subjects(rule: Rule, versions: Mapping[str, Version], problems: Problems) -> None:
    lower, upper = versions[rule.lower], versions[rule.upper]
    if rule.how is Relation.HIGHER:
        rhythms = [{one.rhythm for one in version.amounts} - {Rhythm.IN_KIND} for version in (lower, upper)]
        if lower.unit is not upper.unit or not all(rhythms):
            problems.add(
                rule.place,
                "exclusion.higher",
                "higher 只用于同样按户或按人、都有金额的两项制度。",
                "`higher` goes with two programmes of the same unit, both with amounts.",
            )
    if rule.how is Relation.TOP_UP:
        shares = [one for one in upper.amounts if one.variable[0] != ROOT]
        if lower.unit is Receiver.PERSON and upper.unit is Receiver.HOUSEHOLD and not shares and rule.counts is None:
            problems.add(
                rule.place,
                "exclusion.share",
                f"“{rule.upper}”按户发放，要用 counts 写明每人的份额。",
                f"{rule.upper!r} is paid to the household; name each person's share with `counts`.",
            )
    if rule.who is Receiver.PERSON and lower.unit is upper.unit is Receiver.HOUSEHOLD:
        problems.add(
            rule.place,
            "exclusion.who",
            "两项制度都按户，who 应当是 household。",
            "both programmes are for households, so `who` is household.",
        )


def _clusters(names: list[str], rules: Iterable[Rule], problems: Problems) -> tuple[tuple[str, ...], ...]:
    """Programmes joined by `higher` or `choice`, in an order in which what prevails is settled first."""
    rules = tuple(rules)
    home = {name: name for name in names}
    for rule in rules:
        if not rule.is_directed:
            first, second = home[rule.lower], home[rule.upper]
            home = {name: first if own == second else own for name, own in home.items()}
    _refuse_mixed(rules, home, problems)
    graph: dict[str, set[str]] = {home[name]: set() for name in names}
    for rule in rules:
        if rule.is_directed:
            graph[home[rule.lower]].add(home[rule.upper])
            if home[rule.lower] == home[rule.upper]:
                _refuse_circle(rule, [rule.lower, rule.upper], problems)
                return ()
    sorter = TopologicalSorter({name: sorted(before) for name, before in sorted(graph.items())})
    try:
        order = list(sorter.static_order())
    except CycleError as error:
        circle = [str(name) for name in error.args[1]]
        rule = next(one for one in rules if one.is_directed and {home[one.lower], home[one.upper]} <= set(circle))
        _refuse_circle(rule, circle, problems)
        return ()
    return tuple(tuple(name for name in names if home[name] == head) for head in order)


def _refuse_mixed(rules: Iterable[Rule], home: Mapping[str, str], problems: Problems) -> None:
    kinds: dict[str, Rule] = {}
    for rule in rules:
        if not rule.is_directed and kinds.setdefault(home[rule.lower], rule).how is not rule.how:
            problems.add(
                rule.place,
                "exclusion.mixed",
                "互相关联的制度不能一部分写 higher，一部分写 choice。",
                "programmes that hang together cannot be `higher` in one place and `choice` in another.",
            )


def _refuse_circle(rule: Rule, circle: list[str], problems: Problems) -> None:
    shown = " → ".join(circle)
    problems.add(
        rule.place,
        "exclusion.circle",
        f"制度之间的让位关系循环：{shown}。",
        f"the programmes give way in a circle: {shown}.",
        advice=("请让其中一个不再让位。", "Let one of them no longer give way."),
    )
