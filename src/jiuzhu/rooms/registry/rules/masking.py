"""How numbers and addresses are shown to who may not see them whole."""

_STARS = "****"


def masked_document(number: str | None) -> str:
    """The first three and the last four characters."""
    if not number:
        return ""
    return number[:3] + "*" * max(len(number) - 7, 4) + number[-4:] if len(number) > 8 else _STARS


def masked_phone(last4: str) -> str:
    """Only the last four digits, which are stored apart so that nothing need be decrypted."""
    return f"{_STARS}{last4}" if last4 else ""


def masked_address(address: str | None) -> str:
    """That there is an address, and no more; the village is shown beside it."""
    return _STARS if address else ""
