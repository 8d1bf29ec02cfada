"""Why something is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from jiuzhu.core.errors import RuleRefused


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of refusal: a stable dotted code, the sentence in Chinese and English, its source and field if any.

    `field` is the name of the value that was refused, as the verb calls it.
    """

    code: str
    zh: str
    en: str
    basis: str = ""
    field: str = ""


def refuse(reasons: Sequence[Reason]) -> None:
    """Stop when there is any reason; the first gives the code, all give the message.

    The refusal names a field when all reasons concern the same.

    Raises:
        RuleRefused: `reasons` is not empty.
    """
    if reasons:
        fields = {reason.field for reason in reasons}
        raise RuleRefused(
            reasons[0].code,
            "；".join(reason.zh for reason in reasons),
            " ".join(reason.en for reason in reasons),
            field=fields.pop() or None if len(fields) == 1 else None,
        )
