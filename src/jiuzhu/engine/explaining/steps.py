"""An explanation as values: steps that a template draws and a letter writes, and the audiences they are made for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jiuzhu.core.citations import Citation
from jiuzhu.engine.expressions.tree import Expression
from jiuzhu.engine.household.assessment import InForce
from jiuzhu.engine.household.facts import At, Origin
from jiuzhu.engine.household.intervals import Scope
from jiuzhu.engine.packs.model import Label

NOTHING = Label("", "")


class Sort(StrEnum):
    """What a step is."""

    FIGURE = "figure"  # a variable that a formula works out
    FACT = "fact"
    PARAMETER = "parameter"
    LITERAL = "literal"  # a figure, a code or an outcome as it stands in the formula
    TEST = "test"  # a comparison: the parts are its sides
    ALL = "all"  # AND
    ANY = "any"  # OR
    NOT = "not"
    CHOICE = "choice"  # CASE
    MEMBERS = "members"  # an aggregate: the parts are the members that decided
    MEMBER = "member"
    TERM = "term"  # arithmetic or a function
    ASSUMED = "assumed"  # a fact that is not known, and what the pack assumes instead


class State(StrEnum):
    """How a truth came out; VALUE for what is no truth, HIDDEN for what the audience may not see."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"
    VALUE = "value"
    HIDDEN = "hidden"


class Role(StrEnum):
    """What a part does in its whole."""

    PART = "part"
    PASSED = "passed"  # a case that does not apply
    TAKEN = "taken"  # the case that applies
    POSSIBLE = "possible"  # a case that may apply
    RESULT = "result"  # what then holds


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation; a template draws it, `lines` writes it.

    `value` holds the value in words, `method` how a figure is worked out. `personal_data` names the classes of the
    facts below, as `person.finance`. `repeated` steps were explained above and carry no parts.
    """

    sort: Sort
    label: Label
    value: Label
    state: State
    parts: "tuple[Step, ...]" = ()
    role: Role = Role.PART
    operator: str = ""
    method: Label = NOTHING
    at: At | None = None
    origin: Origin | None = None
    found_on: date | None = None
    register: Label = NOTHING
    basis: tuple[Citation, ...] = ()
    parameter: InForce | None = None
    personal_data: frozenset[str] = frozenset()
    repeated: bool = False
    is_unknown: bool = False
    tree: Expression | None = None
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads: `hidden` are classes (`health`), entities (`supporter`) or a class of one (`person.finance`).

    `shown` are full names of figures that the law has told to this audience whatever they rest on, such as the amount
    in a public notice. What is asked about is always told: it is the decision.
    """

    name: str
    hidden: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()

    def hides(self, classes: Iterable[str]) -> bool:
        """Whether one of the classes (`person.finance`) may not be seen."""
        return bool(self.hidden) and any(
            one in self.hidden or not self.hidden.isdisjoint(one.split(".", 1)) for one in classes
        )

    def showing(self, *names: str) -> "Audience":
        """The same audience, told these figures as well."""
        return replace(self, shown=self.shown | set(names))


OFFICER = Audience("officer")
# a letter passes through several hands, and an applicant has no right to a supporter's figures
APPLICANT = Audience("applicant", frozenset({"health", "conduct", "supporter"}))
# 政府信息公开条例 Art. 15; what may be posted is name, number of members and amount
PUBLIC = Audience(
    "public",
    frozenset({"identity", "contact", "finance", "health", "family", "welfare", "conduct", "person", "supporter"}),
)
