"""A formula becomes nodes: names are resolved, kinds and units checked, and everything not allowed is refused."""

from collections.abc import Callable, Iterable
from functools import partial

from jiuzhu.engine.expressions.tree import (
    Between,
    Binary,
    Call,
    Case,
    Chain,
    Expression,
    Name,
    Number,
    OneOf,
    Span,
    Text,
    Truth,
    Unary,
    names,
)
from jiuzhu.engine.kinds import BARE, TRUTH, Base, Kind, Outcome, Unit, divided, multiplied
from jiuzhu.engine.packs.model import ROOT
from jiuzhu.engine.problems import nearest
from jiuzhu.engine.program import nodes, quantities
from jiuzhu.engine.program.nodes import Node, Op
from jiuzhu.engine.program.quantities import Quantity
from jiuzhu.engine.program.world import UNIT_WORDS, Typed, TypeProblem, Value, World, kind_words, same


def build(tree: Expression, entity: str, world: World) -> Typed:
    """Type a formula of an entity.

    Raises:
        TypeProblem: a name is unknown, kinds or units do not fit, or something is not allowed.
    """
    return _Typing(entity, world).value(tree)


class _Typing:
    def __init__(self, entity: str, world: World) -> None:
        self.entity, self.world = entity, world
        self.members = ""  # inside an aggregate: the entity gone through
        self.positive: list[set[nodes.Key]] = []  # what CASE has shown to be above 0
        self.found: dict[tuple[int, str, tuple[frozenset[nodes.Key], ...]], Typed] = {}

    def value(self, tree: Expression) -> Typed:
        # some parts are asked for several times; kept, they do not multiply with every level
        key = id(tree), self.members, tuple(map(frozenset, self.positive))
        if key not in self.found:
            self.found[key] = self._ranged(tree)
        return self.found[key]

    def _ranged(self, tree: Expression) -> Typed:
        try:
            return self._value(tree)
        except nodes.RangeError:
            raise TypeProblem(
                tree.span,
                "formula.range",
                "计算结果可能超出 64 位整数。",
                "the value may not fit 64 bits.",
                ("请给变量写上更窄的 lowest 和 highest。", "Give the variables a narrower lowest and highest."),
            ) from None

    def _value(self, tree: Expression) -> Typed:
        match tree:
            case Number():
                return quantities.fixed(tree.text)
            case Truth():
                return Value(nodes.YES if tree.value else nodes.NO, TRUTH)
            case Name():
                return self.named(tree)
            case Unary():
                return self.unary(tree)
            case Binary():
                return self.binary(tree)
            case Chain():
                join = nodes.both if tree.operator == "and" else nodes.either
                return Value(join([self.truth(part) for part in tree.operands]), TRUTH)
            case OneOf():
                return self.one_of(tree)
            case Between():
                return self.between(tree)
            case Case():
                return self.case(tree)
            case Call():
                return self.call(tree)
            case Text():
                raise TypeProblem(
                    tree.span, "formula.text", "文字只能与代码比较。", "a text is only compared with a code."
                )

    # names

    def named(self, tree: Name) -> Typed:
        if tree.owner == "p":
            return self.parameter(tree)
        if (
            not tree.owner
            and tree.name.upper() in Outcome.__members__
            and (self.entity, tree.name) not in self.world.variables
        ):
            value = Outcome[tree.name.upper()]
            return Value(nodes.literal(value), Kind(Base.OUTCOME, highest=max(Outcome)))
        owner = tree.owner or self.members or self.entity
        if owner not in self.world.entities:
            raise TypeProblem(
                tree.span,
                "formula.entity",
                f"没有对象“{owner}”。",
                f"there is no entity {owner!r}.",
                nearest(owner, [*self.world.entities, "p"]),
            )
        known = self.world.variables.get((owner, tree.name))
        if known is None:
            raise TypeProblem(
                tree.span,
                "formula.name",
                f"“{owner}”没有变量“{tree.name}”。",
                f"{owner} has no variable {tree.name!r}.",
                nearest(tree.name, [name for entity, name in self.world.variables if entity == owner]),
            )
        if owner not in (self.entity, self.members, ROOT):
            raise TypeProblem(
                tree.span,
                "formula.reach",
                f"“{tree}”每户可以有多个，不能直接使用。",
                f"{tree} may stand for several; it cannot be used directly.",
                ("请用 sum、count_if、any 或 every。", "Use sum, count_if, any or every."),
            )
        return self.guarded((owner, tree.name), known.typed)

    def guarded(self, key: nodes.Key, typed: Typed) -> Typed:
        """A number is above 0 where CASE has asked for that."""
        if isinstance(typed, Quantity) and any(key in shown for shown in self.positive):
            return typed.above_zero()
        return typed

    def parameter(self, tree: Name) -> Typed:
        found = self.world.parameters.get(tree.name)
        if found is None:
            raise TypeProblem(
                tree.span,
                "formula.parameter",
                f"没有参数“{tree.name}”。",
                f"there is no parameter {tree.name!r}.",
                nearest(tree.name, self.world.parameters),
            )
        kind = found.kind
        node = Node(Op.PARAMETER, (), tree.name, kind.lowest, kind.highest)
        if kind.base is not Base.NUMBER:
            return Value(node, kind)
        return self.guarded(("p", tree.name), Quantity(node, 10**kind.places, unit=kind.unit))

    # what is expected

    def truth(self, tree: Expression) -> Node:
        typed = self.value(tree)
        if isinstance(typed, Value) and typed.kind.base is Base.TRUTH:
            return typed.node
        raise self.unexpected(tree, typed, "是非", "yes or no")

    def number(self, tree: Expression) -> Quantity:
        typed = self.value(tree)
        if isinstance(typed, Quantity):
            return typed
        raise self.unexpected(tree, typed, "数", "a number")

    def unexpected(self, tree: Expression, typed: Typed, zh: str, en: str) -> TypeProblem:
        found = kind_words(typed)
        return TypeProblem(
            tree.span, "formula.type", f"这里应当是{zh}，却是{found[0]}。", f"expected {en}, found {found[1]}."
        )

    def one_unit(self, parts: list[tuple[Expression, Quantity]]) -> Unit:
        """The unit that all have; figures typed in the formula take it, but not where they would be policy."""
        units = [one.unit for _, one in parts if not one.bare]
        if not units:
            return Unit.NONE
        for tree, one in parts:
            if one.bare and one.number != nodes.ZERO and units[0] not in BARE:
                raise TypeProblem(
                    tree.span,
                    "formula.figure",
                    "金额和面积不能写在公式里。",
                    "a figure in yuan or square metres cannot stand in a formula.",
                    ("请写进 parameters.yaml。", "Put it into parameters.yaml."),
                )
            if not one.bare and one.unit is not units[0]:
                left, right = UNIT_WORDS[units[0]], UNIT_WORDS[one.unit]
                raise TypeProblem(
                    tree.span,
                    "formula.unit",
                    f"单位不一致：{left[0]}与{right[0]}。",
                    f"units differ: {left[1]} and {right[1]}.",
                    ("用 per_month() 或 per_year() 换算。", "Convert with per_month() or per_year()."),
                )
        return units[0]

    # operators

    def unary(self, tree: Unary) -> Typed:
        if tree.operator == "not":
            return Value(nodes.opposite(self.truth(tree.operand)), TRUTH)
        return quantities.opposite_of(self.number(tree.operand))

    def binary(self, tree: Binary) -> Typed:
        if tree.operator in "+-":
            return self.sum(tree)
        if tree.operator in "*/":
            return self.product(tree)
        return Value(self.comparison(tree.operator, tree.left, tree.right, tree.span), TRUTH)

    def between(self, tree: Between) -> Typed:
        low = self.comparison(">=", tree.operand, tree.low, tree.span)
        high = self.comparison("<=", tree.operand, tree.high, tree.span)
        return Value(nodes.both([low, high]), TRUTH)

    def sum(self, tree: Binary) -> Typed:
        left, right = self.number(tree.left), self.number(tree.right)
        unit = self.one_unit([(tree.left, left), (tree.right, right)])
        return (quantities.plus if tree.operator == "+" else quantities.minus)(left, right, unit)

    def product(self, tree: Binary) -> Typed:
        left, right = self.number(tree.left), self.number(tree.right)
        unit = (multiplied if tree.operator == "*" else divided)(left.unit, right.unit)
        if unit is None:
            first, second = UNIT_WORDS[left.unit], UNIT_WORDS[right.unit]
            raise TypeProblem(
                tree.span,
                "formula.unit",
                f"{first[0]}与{second[0]}不能相乘除。",
                f"{first[1]} and {second[1]} cannot be multiplied or divided so.",
            )
        if tree.operator == "*":
            return quantities.times(left, right, unit)
        if right.number.lowest <= 0:
            raise TypeProblem(
                tree.right.span,
                "formula.zero",
                "除数可能是零或负数。",
                "the divisor may be zero or negative.",
                ("请写成 CASE WHEN 除数 > 0 THEN … ELSE … END。", "Write CASE WHEN divisor > 0 THEN … ELSE … END."),
            )
        return quantities.over(left, right, unit)

    def comparison(self, operator: str, left: Expression, right: Expression, span: Span) -> Node:
        if not isinstance(left, Text) and not isinstance(right, Text):
            first, second = self.value(left), self.value(right)
            if isinstance(first, Quantity) and isinstance(second, Quantity):
                self.one_unit([(left, first), (right, second)])
                return quantities.compared_each(partial(self.ordered, operator), first, second)
        return self.ordered(operator, *self.pair(left, right, span))

    def ordered(self, operator: str, first: Node, second: Node) -> Node:
        match operator:
            case "<" | ">":
                return nodes.compared(Op.LESS, *((first, second) if operator == "<" else (second, first)))
            case "<=" | ">=":
                return nodes.compared(Op.AT_MOST, *((first, second) if operator == "<=" else (second, first)))
            case "=":
                return nodes.compared(Op.EQUAL, first, second)
            case _:
                return nodes.opposite(nodes.compared(Op.EQUAL, first, second))

    def pair(self, left: Expression, right: Expression, span: Span) -> tuple[Node, Node]:
        """Two sides brought to one scale, so that whole numbers can be compared."""
        if isinstance(left, Text) or isinstance(right, Text):
            if isinstance(left, Text):
                return self.code(left, self.value(right)), self.plain(right)
            return self.plain(left), self.code(right, self.value(left))
        first, second = self.value(left), self.value(right)
        if isinstance(first, Quantity) and isinstance(second, Quantity):
            self.one_unit([(left, first), (right, second)])
            (one, other), _, _ = quantities.aligned((first, second))
            return one, other
        if isinstance(first, Value) and isinstance(second, Value) and same(first.kind, second.kind):
            return first.node, second.node
        zh, en = kind_words(first)
        raise self.unexpected(right, second, zh, en)

    def plain(self, tree: Expression) -> Node:
        typed = self.value(tree)
        return typed.node if isinstance(typed, Value) else typed.number

    def code(self, text: Expression, typed: Typed) -> Node:
        options = typed.kind.options if isinstance(typed, Value) else ()
        if not isinstance(text, Text) or text.value not in options:
            shown = text.value if isinstance(text, Text) else "?"
            raise TypeProblem(
                text.span,
                "formula.code",
                f"“{shown}”不是这里的取值。",
                f"{shown!r} is no value here.",
                nearest(shown, options),
            )
        return nodes.literal(options.index(text.value))

    def one_of(self, tree: OneOf) -> Typed:
        typed = self.value(tree.operand)
        options = []
        for option in tree.options:
            if isinstance(option, Text):
                options.append(self.code(option, typed).lowest)
                continue
            first, second = self.pair(tree.operand, option, option.span)
            if second.op is not Op.LITERAL or first != self.plain(tree.operand):
                raise TypeProblem(
                    option.span, "formula.in", "IN 后面只能列整数或代码。", "IN takes whole numbers or codes."
                )
            options.append(second.lowest)
        found = nodes.one_of(self.plain(tree.operand), tuple(options))
        return Value(nodes.opposite(found) if tree.negated else found, TRUTH)

    def case(self, tree: Case) -> Typed:
        conditions, results = [], []
        for condition, result in tree.branches:
            conditions.append(self.truth(condition))
            self.positive.append(self.shown_positive(condition))
            results.append((result, self.value(result)))
            self.positive.pop()
        results.append((tree.otherwise, self.value(tree.otherwise)))
        numbers = [(part, typed) for part, typed in results if isinstance(typed, Quantity)]
        if len(numbers) == len(results):
            return quantities.chosen(conditions, [one for _, one in numbers], self.one_unit(numbers))
        values = [(part, typed) for part, typed in results if isinstance(typed, Value)]
        if len(values) < len(results) or not all(same(values[0][1].kind, one.kind) for _, one in values):
            odd = next(
                part for part, typed in results if type(typed) is not type(results[0][1]) or part is results[-1][0]
            )
            zh, en = kind_words(results[0][1])
            raise self.unexpected(odd, dict(results)[odd], zh, en)
        pairs = zip(conditions, (one.node for _, one in values), strict=False)
        return Value(nodes.case(pairs, values[-1][1].node), values[0][1].kind)

    def shown_positive(self, condition: Expression) -> set[nodes.Key]:
        """What is above 0 whenever a condition holds: `x > 0` or `x >= 1`, alone or in an AND."""
        parts: Iterable[Expression] = (
            condition.operands if isinstance(condition, Chain) and condition.operator == "and" else [condition]
        )
        return {
            (part.left.owner or self.members or self.entity, part.left.name)
            for part in parts
            if isinstance(part, Binary)
            and isinstance(part.left, Name)
            and isinstance(part.right, Number)
            and (part.operator, part.right.text) in ((">", "0"), (">=", "1"))
        }

    # functions

    def call(self, tree: Call) -> Typed:
        function = _FUNCTIONS.get(tree.function)
        if function is None:
            raise TypeProblem(
                tree.span,
                "formula.function",
                f"没有函数 {tree.function}()。",
                f"there is no function {tree.function}().",
                nearest(tree.function, _FUNCTIONS),
            )
        least, most, act = function
        if not least <= len(tree.arguments) <= most:
            raise TypeProblem(
                tree.span,
                "formula.arguments",
                f"{tree.function}() 的参数个数不对。",
                f"{tree.function}() takes {least}" + (f" to {most} arguments." if most > least else " argument(s)."),
            )
        return act(self, tree)

    def extreme(self, tree: Call) -> Typed:
        parts = [(part, self.number(part)) for part in tree.arguments]
        op = Op.GREATEST if tree.function == "greatest" else Op.LEAST
        return quantities.outermost(op, [one for _, one in parts], self.one_unit(parts))

    def counted(self, tree: Call) -> Typed:
        return Quantity(nodes.counted([self.truth(part) for part in tree.arguments]))

    def elapsed(self, tree: Call) -> Typed:
        typed = self.value(tree.arguments[0])
        if not isinstance(typed, Value) or typed.kind.base is not Base.DAY:
            raise self.unexpected(tree.arguments[0], typed, "日期", "a day")
        years = tree.function == "age"
        op, unit = (Op.AGE, Unit.YEARS) if years else (Op.MONTHS_SINCE, Unit.MONTHS)
        return Quantity(nodes.elapsed(op, typed.node, self.world.on, self.world.until), unit=unit)

    def converted(self, tree: Call) -> Typed:
        part = self.number(tree.arguments[0])
        month = tree.function == "per_month"
        wanted, made = (Unit.YUAN_YEAR, Unit.YUAN_MONTH) if month else (Unit.YUAN_MONTH, Unit.YUAN_YEAR)
        if part.unit is not wanted:
            raise TypeProblem(
                tree.arguments[0].span,
                "formula.unit",
                f"{tree.function}() 换算的是{UNIT_WORDS[wanted][0]}，这里是{UNIT_WORDS[part.unit][0]}。",
                f"{tree.function}() converts {UNIT_WORDS[wanted][1]}, found {UNIT_WORDS[part.unit][1]}.",
            )
        twelve = quantities.fixed("12")
        return (quantities.over if month else quantities.times)(part, twelve, made)

    def assumed(self, tree: Call) -> Typed:
        fact, instead = tree.arguments
        known = (
            self.world.variables.get((fact.owner or self.members or self.entity, fact.name))
            if isinstance(fact, Name)
            else None
        )
        if known is None or not known.is_fact:
            raise TypeProblem(
                fact.span,
                "formula.assume",
                "coalesce() 的第一项必须是事实。",
                "the first argument of coalesce() must be a fact.",
                ("推算出来的变量请在其公式里写明假定。", "Say the assumption in the formula of the figure."),
            )
        self.value(fact)  # is it within reach?
        first, second = known.typed, self.value(instead)
        if isinstance(first, Quantity) and isinstance(second, Quantity):
            unit = self.one_unit([(fact, first), (instead, second)])
            (one, other), scale, divisor = quantities.aligned((first, second))
            if one == first.number and divisor == nodes.ONE:
                return Quantity(nodes.assumed(one, other), scale, unit=unit)
            raise TypeProblem(
                instead.span,
                "formula.assume",
                "coalesce() 的第二项不能比事实有更多小数位，也不能是除出来的数。",
                "the second argument of coalesce() has no more decimals than the fact and is no quotient.",
            )
        if isinstance(first, Value) and isinstance(second, Value) and same(first.kind, second.kind):
            return Value(nodes.assumed(first.node, second.node), first.kind)
        raise self.unexpected(instead, second, *kind_words(first))

    def aggregated(self, tree: Call) -> Typed:
        if self.members:
            raise TypeProblem(
                tree.span,
                "formula.nested",
                "汇总函数不能嵌套。",
                "aggregates cannot be nested.",
                ("请先定义成员的变量。", "Make a variable of the member first."),
            )
        entities = {one.owner for one in names(tree.arguments[0])} - {"p", "", ROOT}
        members = next(iter(entities), "")
        if len(entities) != 1 or self.entity != ROOT or members not in self.world.entities:
            raise TypeProblem(
                tree.span,
                "formula.members",
                f"{tree.function}() 只能在户的公式里汇总一种成员。",
                f"{tree.function}() goes through one sort of members, in a formula of the household.",
            )
        self.members = members
        try:
            most = self.world.entities[members].most
            if tree.function == "sum":
                return self.summed(tree.arguments[0], members, most)
            condition = self.truth(tree.arguments[0])
        finally:
            self.members = ""
        if tree.function == "count_if":
            return Quantity(nodes.aggregated(Op.SUM, condition, members, most))
        op = Op.ANY if tree.function == "any" else Op.EVERY
        return Value(nodes.aggregated(op, condition, members, most), TRUTH)

    def summed(self, part: Expression, members: str, most: int) -> Quantity:
        number = self.number(part)
        if number.divisor != nodes.ONE:
            raise TypeProblem(
                part.span,
                "formula.fraction",
                "不能直接汇总除出来的数。",
                "quotients cannot be summed up.",
                ("请先定义成员的变量，由它取整到分。", "Make a variable of the member first; it rounds to the fen."),
            )
        total = nodes.aggregated(Op.SUM, number.number, members, most)
        return Quantity(total, number.scale, unit=number.unit, bare=number.bare)


_FUNCTIONS: dict[str, tuple[int, int, Callable[[_Typing, Call], Typed]]] = {
    "greatest": (2, 20, _Typing.extreme),
    "least": (2, 20, _Typing.extreme),
    "count_true": (1, 40, _Typing.counted),
    "age": (1, 1, _Typing.elapsed),
    "months_since": (1, 1, _Typing.elapsed),
    "per_month": (1, 1, _Typing.converted),
    "per_year": (1, 1, _Typing.converted),
    "coalesce": (2, 2, _Typing.assumed),
    "sum": (1, 1, _Typing.aggregated),
    "count_if": (1, 1, _Typing.aggregated),
    "any": (1, 1, _Typing.aggregated),
    "every": (1, 1, _Typing.aggregated),
}
