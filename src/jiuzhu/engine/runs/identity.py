"""By what a run can be repeated: the same packs, day, data, engine and code give the same results."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of a run; `root` is the prefix of the divisions that were screened."""

    pack_digest: str
    snapshot_digest: str
    assessed_on: date
    root: str
    engine: str
    code_version: str

    def plain(self) -> dict[str, str]:
        """As plain data."""
        return {name: str(value) for name, value in asdict(self).items()}

    @property
    def digest(self) -> str:
        """One name for all of it."""
        return hashlib.sha256("\n".join(f"{name} {value}" for name, value in self.plain().items()).encode()).hexdigest()
