"""A formula's words: numbers, texts in single quotes, names, operators. Everything else is refused with its place."""

import re
import unicodedata
from dataclasses import dataclass

MOST_CHARACTERS = 4000
KEYWORDS = frozenset({"and", "or", "not", "in", "between", "case", "when", "then", "else", "end", "true", "false"})
# words of SQL that a formula must not use; said by name, because people try them
FOREIGN = frozenset(
    {"select", "from", "where", "is", "null", "like", "cast", "exists", "union", "over", "with", "join", "as", "if"}
)
_WORD = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?)(?![A-Za-z_0-9])"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<text>'(?:[^'\\\n]|'')*')"
    r"|(?P<operator><>|<=|>=|[-+*/=<>(),.])"
)
# what Chinese keyboards produce, and what was meant
_FULL_WIDTH = dict(zip("（）＋－＊／＝＜＞，．。；：‘’“”！", "()+-*/=<>,..;:''\"\"!", strict=True))


class FormulaError(Exception):
    """A formula cannot be read: an offset in its text, a stable code, a sentence and advice in both languages."""

    def __init__(self, offset: int, code: str, zh: str, en: str, advice: tuple[str, str] = ("", "")) -> None:
        super().__init__(f"{offset}: {en}")
        self.offset, self.code, self.zh, self.en, self.advice = offset, code, zh, en, advice


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, name, keyword, text, operator or end; keywords are lower-case."""

    kind: str
    text: str
    start: int
    end: int


def tokens(formula: str) -> list[Token]:
    """Split a formula; the last token is the end.

    Raises:
        FormulaError: it is too long or holds a character that a formula may not hold.
    """
    if len(formula) > MOST_CHARACTERS:
        raise FormulaError(
            MOST_CHARACTERS,
            "formula.long",
            f"公式有 {len(formula)} 个字符，最多 {MOST_CHARACTERS} 个。",
            f"the formula has {len(formula)} characters; at most {MOST_CHARACTERS} are read.",
            ("请拆成几个变量。", "Split it into several variables."),
        )
    found: list[Token] = []
    at = 0
    while at < len(formula):
        match = _WORD.match(formula, at)
        if match is None:
            raise _stray(formula, at)
        if formula.startswith("--", at):
            raise FormulaError(
                at,
                "formula.remark",
                "公式中不能写“--”：它在 SQL 中是注释。",
                "'--' cannot stand in a formula: in SQL it begins a remark.",
                ("负数请写成 - (-x)；说明请写在 YAML 的 # 之后。", "Write - (-x); remarks stand after a # of YAML."),
            )
        kind, text = str(match.lastgroup), match[0]
        if kind == "word":
            found.append(_word(text, at, match.end()))
        elif kind != "space":
            found.append(Token(kind, text, at, match.end()))
        at = match.end()
    # the end is where the last word ends, so that what is missing is missed there
    end = found[-1].end if found else 0
    found.append(Token("end", "", end, end))
    return found


def _word(text: str, start: int, end: int) -> Token:
    lower = text.lower()
    if lower in KEYWORDS:
        return Token("keyword", lower, start, end)
    if lower in FOREIGN:
        advice = (
            (
                "未知值由系统按三值逻辑处理，不需要判断空值。",
                "Unknown values are handled by the engine; do not test for null.",
            )
            if lower in ("is", "null")
            else ("公式只用四则运算、比较、AND OR NOT、IN、BETWEEN、CASE 和列出的函数。", _ALLOWED)
        )
        raise FormulaError(
            start, "formula.word", f"公式中不能使用 {text}。", f"{text} is not used in formulas.", advice
        )
    if text != lower:
        raise FormulaError(
            start,
            "formula.case",
            f"名称 {text} 必须用小写字母。",
            f"the name {text} must be in lower case.",
            (f"请写 {lower}。", f"Write {lower}."),
        )
    return Token("name", text, start, end)


_ALLOWED = "Formulas use arithmetic, comparisons, AND OR NOT, IN, BETWEEN, CASE and the listed functions."


def _stray(formula: str, at: int) -> FormulaError:
    character = formula[at]
    if character in _FULL_WIDTH:
        meant = _FULL_WIDTH[character]
        return FormulaError(
            at,
            "formula.character",
            f"“{character}”是全角符号。",
            f"{character!r} is a full-width character.",
            (f"请改用半角 {meant}", f"Use {meant} instead."),
        )
    digit = unicodedata.decimal(character, None)
    if digit is not None and not character.isascii():
        return FormulaError(
            at,
            "formula.character",
            f"“{character}”是全角数字。",
            f"{character!r} is no plain digit.",
            (f"请改用半角 {digit}。", f"Use {digit} instead."),
        )
    if character == "'":
        return FormulaError(at, "formula.text", "引号没有成对。", "the quotation mark is not closed.")
    if character.isdigit():
        shown = re.split(r"[^\w.]", formula[at : at + 12])[0]
        return FormulaError(
            at,
            "formula.number",
            f"“{shown}”不是数字。",
            f"{shown!r} is no number.",
            ("数字写作 12 或 0.5。", "Write numbers like 12 or 0.5."),
        )
    return FormulaError(
        at, "formula.character", f"公式中不能有“{character}”。", f"{character!r} cannot stand in a formula."
    )
