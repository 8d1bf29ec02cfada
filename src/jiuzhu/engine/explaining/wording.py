"""Values and formulas in words, in Chinese and English: with units, and never more exact than they are."""

from collections.abc import Sequence
from fractions import Fraction

from jiuzhu.engine.explaining.steps import NOTHING
from jiuzhu.engine.expressions.tree import (
    AGGREGATES,
    Between,
    Binary,
    Call,
    Case,
    Chain,
    Expression,
    Name,
    Number,
    OneOf,
    Text,
    Truth,
    Unary,
    members_of,
)
from jiuzhu.engine.household.assessment import Interval
from jiuzhu.engine.household.intervals import Intervals, Scope
from jiuzhu.engine.kinds import Base, Kind, Outcome, Unit
from jiuzhu.engine.packs.model import Label
from jiuzhu.engine.program.nodes import half_away

UNKNOWN = Label("尚不清楚", "not yet known")
YES_NO = (Label("否", "no"), Label("是", "yes"))
HOLDS = (Label("不成立", "does not hold"), Label("成立", "holds"))
OUTCOMES = {
    Outcome.NO: Label("不符合", "not eligible"),
    Outcome.REFER: Label("转由其他部门办理", "referred to another body"),
    Outcome.DISC: Label("由经办机关裁量并记录", "left to an officer's recorded decision"),
    Outcome.YES: Label("符合", "eligible"),
}
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "=": "=", "<>": "≠", "+": "+", "-": "−", "*": "×", "/": "÷"}
UNITS = {
    Unit.NONE: NOTHING,
    Unit.YUAN: Label(" 元", " yuan"),
    Unit.YUAN_MONTH: Label(" 元/月", " yuan a month"),
    Unit.YUAN_YEAR: Label(" 元/年", " yuan a year"),
    Unit.SQUARE_METRES: Label(" 平方米", " square metres"),
    Unit.YEARS: Label(" 年", " years"),
    Unit.MONTHS: Label(" 个月", " months"),
    Unit.DAYS: Label(" 天", " days"),
}
_AGE = Label(" 周岁", " years of age")


def both(zh: str, en: str, *parts: Label) -> Label:
    """One sentence in both languages, with the parts put in."""
    return Label(zh.format(*(part.zh for part in parts)), en.format(*(part.en for part in parts)))


def listed(parts: Sequence[Label], zh: str = "、", en: str = ", ") -> Label:
    """Several in a row."""
    return Label(zh.join(part.zh for part in parts), en.join(part.en for part in parts))


def value_words(kind: Kind, value: int | Fraction, *, is_age: bool = False) -> Label:
    """A value with its unit; a number that its places cannot show is given as about."""
    match kind.base:
        case Base.TRUTH:
            return YES_NO[int(value)]
        case Base.OUTCOME:
            return OUTCOMES[Outcome(int(value))]
        case Base.NUMBER:
            text, is_exact = number_words(kind, value)
            unit = _AGE if is_age and kind.unit is Unit.YEARS else UNITS[kind.unit]
            found = Label(text + unit.zh, text + unit.en)
            return found if is_exact else both("约 {}", "about {}", found)
        case Base.CODE if kind.names:
            return Label(*kind.names[int(value)])
        case _:
            text = str(kind.decode(int(value)))
            return Label(text, text)


def number_words(kind: Kind, value: int | Fraction) -> tuple[str, bool]:
    """A number in its places, with a comma for thousands, and whether that is exact."""
    # a rate may come out of a division; four places are enough to read it
    places = kind.places if kind.unit or kind.places else 4
    number, divisor = value.numerator * 10**places, value.denominator
    scaled = half_away(number, divisor)
    text = f"{abs(scaled) // 10**places:,}"
    if places:
        decimals = f"{abs(scaled) % 10**places:0{places}d}"
        decimals = decimals if kind.unit else decimals.rstrip("0")
        text = f"{text}.{decimals}" if decimals else text
    return ("−" if scaled < 0 else "") + text, scaled * divisor == number


def interval_words(kind: Kind, interval: Interval, *, declared: bool = False, is_age: bool = False) -> Label:
    """A value, or that it is not known, with its bounds where they say more than the declared range (`declared`)."""
    low, high = interval
    if low == high:
        return value_words(kind, low, is_age=is_age)
    if kind.base is not Base.NUMBER or declared:
        return UNKNOWN
    least, most = number_words(kind, low)[0], value_words(kind, high, is_age=is_age)
    highest = most if number_words(kind, high)[1] else value_words(kind, _in_places(kind, high), is_age=is_age)
    return both(f"尚不清楚（{least} 至 {{}}）", f"not yet known ({least} to {{}})", highest)


def _in_places(kind: Kind, value: int | Fraction) -> Fraction:
    return Fraction(half_away(value.numerator * 10**kind.places, value.denominator), 10**kind.places)


class Phrases:
    """Formulas in words, as the labels of what they name give them."""

    def __init__(self, intervals: Intervals) -> None:
        self.intervals = intervals
        self.program = intervals.program

    def of(self, tree: Expression, scope: Scope) -> Label:
        """A part of a formula in words."""
        asked = "words", id(tree), scope.entity, scope.members
        kept = self.intervals.kept
        found: Label | None = kept.get(asked)
        if found is None:
            found = kept[asked] = self._of(tree, scope)
        return found

    def _of(self, tree: Expression, scope: Scope) -> Label:
        match tree:
            case Name():
                return self.named(tree, scope)
            case Number(text=text) | Text(value=text):
                return Label(text, text)
            case Truth():
                return YES_NO[tree.value]
            case Unary():
                return self.unary(tree, scope)
            case Binary():
                return self.binary(tree, scope)
            case Chain():
                parts = [self.grouped(part, scope) for part in tree.operands]
                return listed(parts, "且", " and ") if tree.operator == "and" else listed(parts, "或", " or ")
            case OneOf():
                operand, options = self.of(tree.operand, scope), self.options(tree, scope)
                if tree.negated:
                    return both("{}不属于{}", "{} is none of {}", operand, options)
                return both("{}属于{}", "{} is one of {}", operand, options)
            case Between():
                parts = [self.of(part, scope) for part in (tree.operand, tree.low, tree.high)]
                return both("{}在 {} 与 {} 之间", "{} is between {} and {}", *parts)
            case Case():
                return Label("按情形确定", "by case")
            case Call():
                return self.call(tree, scope)

    def named(self, tree: Name, scope: Scope) -> Label:
        if tree.owner == "p":
            return self.program.parameters[tree.name].label
        if self.intervals.is_outcome(tree, scope):
            return OUTCOMES[Outcome[tree.name.upper()]]
        return self.program.readings[scope.at(tree.owner, tree.name).key].variable.label

    def unary(self, tree: Unary, scope: Scope) -> Label:
        if tree.operator == "not":
            return both("“{}”不成立", "not “{}”", self.of(tree.operand, scope))
        return both("−{}", "−{}", self.grouped(tree.operand, scope))

    def options(self, tree: OneOf, scope: Scope) -> Label:
        """What an IN lists."""
        return listed([self.side(option, tree.operand, scope) for option in tree.options])

    def side(self, tree: Expression, beside: Expression, scope: Scope) -> Label:
        """A part that is compared with another; a code is called by its name."""
        if isinstance(tree, Text):
            return value_words(self.intervals.kind(beside, scope), self.intervals.code(tree, beside, scope)[0])
        return self.of(tree, scope)

    def binary(self, tree: Binary, scope: Scope) -> Label:
        left, right = (
            self.side(one, other, scope) if isinstance(one, Text) else self.grouped(one, scope, tree)
            for one, other in ((tree.left, tree.right), (tree.right, tree.left))
        )
        sign = SIGNS[tree.operator]
        return Label(f"{left.zh} {sign} {right.zh}", f"{left.en} {sign} {right.en}")

    def grouped(self, tree: Expression, scope: Scope, within: Binary | None = None) -> Label:
        """A part, in brackets where it would else be read wrongly."""
        found = self.of(tree, scope)
        bare = not isinstance(tree, Binary | Chain | Between | OneOf)
        if within is not None and isinstance(tree, Binary):
            bare = within.operator not in "+-*/" or (
                tree.operator in "*/" if within.operator in "*/" else tree.operator in "*/" or tree is within.left
            )
            bare = bare and (
                tree is within.left or within.operator not in "/*" or tree.operator == within.operator == "*"
            )
        elif within is None and isinstance(tree, Binary | Between | OneOf):
            bare = True
        return found if bare else both("（{}）", "({})", found)

    def call(self, tree: Call, scope: Scope) -> Label:
        if tree.function in AGGREGATES:
            return self.aggregate(tree, scope)
        parts = [self.of(part, scope) for part in tree.arguments]
        all_parts = listed(parts)
        match tree.function:
            case "greatest":
                return both("{}之中的最大值", "the greatest of {}", all_parts)
            case "least":
                return both("{}之中的最小值", "the least of {}", all_parts)
            case "count_true":
                return both("{}中成立的项数", "how many of {} hold", all_parts)
            case "per_month":
                return both("{}（折算到月）", "{} (per month)", parts[0])
            case "per_year":
                return both("{}（折算到年）", "{} (per year)", parts[0])
            case "age":
                return both("按{}计算的年龄", "age by {}", parts[0])
            case "months_since":
                return both("自{}起的整月数", "full months since {}", parts[0])
            case _:
                return parts[0]

    def aggregate(self, tree: Call, scope: Scope) -> Label:
        owner = members_of(tree)
        member = self.program.entities[owner].label
        inner = self.of(tree.arguments[0], Scope(scope.entity, scope.row, owner))
        match tree.function:
            case "sum":
                return both("各{}的{}之和", "{1} summed over each {0}", member, inner)
            case "count_if":
                return both("{}中“{}”的数目", "count of {}: {}", member, inner)
            case "any":
                return both("有{}：{}", "any {}: {}", member, inner)
            case _:
                return both("每个{}：{}", "every {}: {}", member, inner)
