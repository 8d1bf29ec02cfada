"""The refusals of the system, each with a stable code and a message in Chinese and in English.

A message says what was wrong and what to do. It never repeats a secret or a whole identity number.
"""

from typing import Literal


class Refusal(Exception):  # noqa: N818 (a refusal is an answer to the user, not a fault of the program)
    """Something was asked that cannot be done; the base of all errors that a person may read.

    `code` is stable and dotted (`money.float`), for tests and interfaces. `field` names the field concerned
    and `row` the row of a list or sheet, counted from 1 as people count; both may be unknown.
    """

    def __init__(
        self, code: str, message_zh: str, message_en: str, *, field: str | None = None, row: int | None = None
    ) -> None:
        super().__init__(code, message_zh, message_en)
        self.code = code
        self.message_zh = message_zh
        self.message_en = message_en
        self.field = field
        self.row = row

    def __str__(self) -> str:
        return self.message_en

    def message(self, language: Literal["zh", "en"] | str) -> str:
        """Return the message for a language tag; everything but English tags reads the Chinese text."""
        return self.message_en if language.lower().startswith("en") else self.message_zh


class InvalidValue(Refusal, ValueError):  # noqa: N818 (the name is the field's word, and it is a ValueError)
    """A value that breaks its own rules, whatever it is used for: a checksum, a range, a character."""


class RuleRefused(Refusal):
    """A guard refused: each value is valid, but the law, the policy or the state of the case forbids the step."""


class NotFound(Refusal):
    """The thing asked for does not exist, or does not exist for this actor; both look the same from outside."""


class Conflict(Refusal):
    """The thing has changed since it was read, or the same key was used for something else."""
