"""From words to the tree, by precedence: OR, AND, NOT, comparison, sum, product, sign, value."""

from collections.abc import Callable
from functools import lru_cache

from jiuzhu.engine.expressions.tokens import FormulaError, Token, tokens
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
    children,
)

MOST_NESTED = 40
MOST_DEEP = 64
MOST_BRANCHES = 60
_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})


@lru_cache(maxsize=4096)
def parse(formula: str) -> Expression:
    """Read a formula; the same text is the same tree.

    Raises:
        FormulaError: with the offset of the first thing that cannot be read.
    """
    found = _Parser(tokens(formula)).whole()
    _refuse_depth(found)
    return found


def _refuse_depth(tree: Expression) -> None:
    """A long sum is as deep as it is long: what walks a tree must never come near Python's limit."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MOST_DEEP:
            raise FormulaError(
                node.span.start,
                "formula.deep",
                f"公式超过 {MOST_DEEP} 层，或连写的项太多。",
                f"the formula is deeper than {MOST_DEEP} levels, or too many terms stand in a row.",
                ("请拆成几个变量。", "Split it into several variables."),
            )
        waiting += [(part, depth + 1) for part in children(node)]


class _Parser:
    def __init__(self, words: list[Token]) -> None:
        self.words, self.at, self.depth = words, 0, 0

    @property
    def now(self) -> Token:
        return self.words[self.at]

    def take(self) -> Token:
        self.at += 1
        return self.words[self.at - 1]

    def sees(self, *texts: str) -> bool:
        return self.now.kind in ("operator", "keyword") and self.now.text in texts

    def expect(self, text: str) -> Token:
        if not self.sees(text):
            raise self.wrong(f"应当是 {text.upper()}", f"expected {text.upper()}")
        return self.take()

    def wrong(self, zh: str, en: str) -> FormulaError:
        shown = self.now.text or "结尾"
        shown_en = repr(self.now.text) if self.now.text else "the end"
        return FormulaError(self.now.start, "formula.syntax", f"{zh}，这里是“{shown}”。", f"{en}, found {shown_en}.")

    def nested(self, read: Callable[[], Expression]) -> Expression:
        self.depth += 1
        if self.depth > MOST_NESTED:
            raise FormulaError(
                self.now.start,
                "formula.deep",
                f"公式嵌套超过 {MOST_NESTED} 层。",
                f"the formula is nested deeper than {MOST_NESTED} levels.",
                ("请拆成几个变量。", "Split it into several variables."),
            )
        found = read()
        self.depth -= 1
        return found

    def whole(self) -> Expression:
        if self.now.kind == "end":
            raise FormulaError(0, "formula.empty", "公式是空的。", "the formula is empty.")
        found = self.any_of()
        if self.now.kind != "end":
            raise self.wrong("这里应当结束或接运算符", "expected an operator or the end")
        return found

    def any_of(self) -> Expression:
        return self.nested(lambda: self.chain("or", self.all_of))

    def all_of(self) -> Expression:
        return self.chain("and", self.negation)

    def chain(self, operator: str, part: Callable[[], Expression]) -> Expression:
        parts = [part()]
        while self.sees(operator):
            self.take()
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        return Chain(Span(parts[0].span.start, parts[-1].span.end), operator, tuple(parts))

    def negation(self) -> Expression:
        if not self.sees("not"):
            return self.comparison()
        start = self.take().start
        operand = self.nested(self.negation)
        return Unary(Span(start, operand.span.end), "not", operand)

    def comparison(self) -> Expression:
        left = self.sum()
        if self.sees("in"):
            return self.one_of(left, negated=False)
        if self.sees("not") and self.words[self.at + 1].text == "in":
            self.take()
            return self.one_of(left, negated=True)
        if self.sees("between"):
            self.take()
            low = self.sum()
            self.expect("and")
            high = self.sum()
            return Between(Span(left.span.start, high.span.end), left, low, high)
        if not self.sees(*_COMPARISONS):
            return left
        operator = self.take().text
        right = self.sum()
        if self.sees(*_COMPARISONS):
            raise FormulaError(
                self.now.start,
                "formula.chain",
                "比较不能连写。",
                "comparisons cannot be chained.",
                ("请写成 a < b AND b < c。", "Write a < b AND b < c."),
            )
        return Binary(Span(left.span.start, right.span.end), operator, left, right)

    def one_of(self, left: Expression, *, negated: bool) -> Expression:
        self.take()
        self.expect("(")
        options = [self.sum()]
        while self.sees(","):
            self.take()
            options.append(self.sum())
        end = self.expect(")").end
        return OneOf(Span(left.span.start, end), left, tuple(options), negated)

    def sum(self) -> Expression:
        return self.left_to_right(("+", "-"), self.product)

    def product(self) -> Expression:
        return self.left_to_right(("*", "/"), self.sign)

    def left_to_right(self, operators: tuple[str, ...], part: Callable[[], Expression]) -> Expression:
        found = part()
        while self.sees(*operators):
            operator = self.take().text
            right = part()
            found = Binary(Span(found.span.start, right.span.end), operator, found, right)
        return found

    def sign(self) -> Expression:
        if not self.sees("-"):
            return self.value()
        start = self.take().start
        operand = self.nested(self.sign)
        return Unary(Span(start, operand.span.end), "-", operand)

    def value(self) -> Expression:
        word = self.now
        if word.kind == "number":
            self.take()
            return Number(Span(word.start, word.end), word.text)
        if word.kind == "text":
            self.take()
            return Text(Span(word.start, word.end), word.text[1:-1].replace("''", "'"))
        if word.kind == "name":
            return self.name_or_call()
        if self.sees("true", "false"):
            self.take()
            return Truth(Span(word.start, word.end), word.text == "true")
        if self.sees("case"):
            return self.nested(self.case)
        if self.sees("("):
            self.take()
            found = self.any_of()
            self.expect(")")
            return found
        raise self.wrong("应当是数字、名称、函数、CASE 或括号", "expected a number, a name, a function, CASE or (")

    def name_or_call(self) -> Expression:
        first = self.take()
        if self.sees("("):
            return self.call(first)
        if not self.sees("."):
            return Name(Span(first.start, first.end), "", first.text)
        self.take()
        if self.now.kind != "name":
            raise self.wrong("点号后应当是名称", "expected a name after the dot")
        second = self.take()
        if self.sees("."):
            raise FormulaError(
                self.now.start,
                "formula.dots",
                "名称最多有一个点号。",
                "a name has at most one dot.",
                ("请写 对象.变量 或 p.参数。", "Write entity.variable or p.parameter."),
            )
        return Name(Span(first.start, second.end), first.text, second.text)

    def call(self, function: Token) -> Expression:
        self.expect("(")
        arguments = [self.any_of()]
        while self.sees(","):
            self.take()
            arguments.append(self.any_of())
        end = self.expect(")").end
        return Call(Span(function.start, end), function.text, tuple(arguments))

    def case(self) -> Expression:
        start = self.take().start
        branches: list[tuple[Expression, Expression]] = []
        if not self.sees("when"):
            raise self.wrong("CASE 后应当是 WHEN", "expected WHEN after CASE")
        while self.sees("when"):
            if len(branches) == MOST_BRANCHES:
                raise FormulaError(
                    self.now.start,
                    "formula.branches",
                    f"CASE 最多有 {MOST_BRANCHES} 个 WHEN。",
                    f"CASE takes at most {MOST_BRANCHES} WHEN.",
                    ("请拆成几个变量。", "Split it into several variables."),
                )
            self.take()
            condition = self.any_of()
            self.expect("then")
            branches.append((condition, self.any_of()))
        if not self.sees("else"):
            raise FormulaError(
                self.now.start,
                "formula.else",
                "CASE 必须有 ELSE。",
                "CASE needs an ELSE.",
                ("请写明其余情形的值。", "Say what holds in all other cases."),
            )
        self.take()
        otherwise = self.any_of()
        end = self.expect("end").end
        return Case(Span(start, end), tuple(branches), otherwise)
