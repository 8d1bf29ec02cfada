"""Cleaning of what people type into fields for codes and numbers."""


def compact(text: str) -> str:
    """Return the text in half-width characters and capital letters, without any white space."""
    if text.isascii():
        return "".join(text.split()).upper()
    narrow = (chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char for char in text)
    return "".join("".join(narrow).split()).upper()
