"""How one installation reaches one source: address, key, folders, limits. Technical settings, never policy."""

from dataclasses import dataclass, field
from pathlib import Path

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wiring:
    """The wiring of a source. `key` signs both ways (HMAC, 32 bytes or more); `folder` is for files."""

    address: str = ""
    key: bytes = field(default=b"", repr=False)
    folder: Path = Path()
    patience_ms: int = 5_000
    largest_bytes: int = 4 * MEBIBYTE
    largest_file_bytes: int = 64 * MEBIBYTE
