"""The form of a code list."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from jiuzhu.core.errors import InvalidValue

_SHOWN_LENGTH = 20


class UnknownCode(InvalidValue):
    """A code that the list does not have."""


class CodeList:
    """A frozen table `code -> (Chinese, English)` of one standard, in the standard's order.

    `standard` is its number with the year (`GB/T 4761-2008`), `name_zh` what the codes are about. Codes are text: a
    leading zero counts. `aliases` are other words that sheets use, each for one code.

    Raises:
        ValueError: two rows or aliases claim the same words, or an alias has no row.
    """

    __slots__ = ("_by_word", "_rows", "name_zh", "standard")

    def __init__(
        self, standard: str, name_zh: str, rows: Mapping[str, tuple[str, str]], aliases: Mapping[str, str] | None = None
    ) -> None:
        self.standard = standard
        self.name_zh = name_zh
        self._rows = MappingProxyType(dict(rows))
        words = [(zh, code) for code, (zh, _) in rows.items()] + list((aliases or {}).items())
        if len(dict(words)) != len(words) or not {code for _, code in words} <= set(rows):
            raise ValueError(f"{standard}: a name or alias stands twice, or for no row")
        self._by_word = MappingProxyType(dict(words))

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def items(self) -> tuple[tuple[str, str, str], ...]:
        """All rows as `(code, Chinese, English)`."""
        return tuple((code, zh, en) for code, (zh, en) in self._rows.items())

    def names(self, code: str) -> tuple[str, str]:
        """Return the Chinese and the English name of a code.

        Raises:
            UnknownCode: the list does not have it.
        """
        try:
            return self._rows[code]
        except KeyError:
            raise self._unknown(code) from None

    def zh(self, code: str) -> str:
        """Return the Chinese name of a code.

        Raises:
            UnknownCode: the list does not have it.
        """
        return self.names(code)[0]

    def en(self, code: str) -> str:
        """Return the English name of a code.

        Raises:
            UnknownCode: the list does not have it.
        """
        return self.names(code)[1]

    def require(self, code: str) -> str:
        """Return the code if the list has it.

        Raises:
            UnknownCode: the list does not have it.
        """
        self.names(code)
        return code

    def code_of(self, text: str) -> str:
        """Return the code for a code, its Chinese name or an alias, as sheets hold any of them.

        Raises:
            UnknownCode: the text is none of them.
        """
        text = text.strip()
        if text in self._rows:
            return text
        if text in self._by_word:
            return self._by_word[text]
        raise self._unknown(text)

    def _unknown(self, code: str) -> UnknownCode:
        code = code[:_SHOWN_LENGTH]
        return UnknownCode(
            "code_list.unknown",
            f"“{code}”不是{self.name_zh}（{self.standard}）中的代码或名称，请从列表中选择",
            f"{code!r} is neither a code nor a name of {self.standard}; choose one from the list.",
        )
