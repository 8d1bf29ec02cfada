"""Why something is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from jiuzhu.core.errors import RuleRefused


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of refusal: a stable dotted code, the sentence in Chinese and English, and its source if any."""

    code: str
    zh: str
    en: str
    basis: str = ""


def refuse(reasons: Sequence[Reason]) -> None:
    """Stop when there is any reason; the first gives the code, all give the message.

    Raises:
        RuleRefused: `reasons` is not empty.
    """
    if reasons:
        raise RuleRefused(
            reasons[0].code, "；".join(reason.zh for reason in reasons), " ".join(reason.en for reason in reasons)
        )
