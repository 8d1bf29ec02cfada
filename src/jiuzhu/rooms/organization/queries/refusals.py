"""The refusal of a reader: what is not there, or not for this actor."""

from jiuzhu.core.errors import NotFound


def unknown(zh: str, en: str) -> NotFound:
    """The refusal for a thing that does not exist, or not for this actor; both look the same."""
    return NotFound(
        "organization.not_found", f"未找到该{zh}，或不在您的管辖范围内", f"No such {en}, or it is outside your area."
    )
