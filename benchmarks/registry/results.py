"""What a run is asked for and what it finds; plain values that pass between processes."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: a city by its households, and how often each operation is repeated."""

    households: int
    var: Path
    repetitions: int
    warm_up: int
    processes: int
    seed: int


@dataclass(frozen=True, slots=True)
class Load:
    """What the load of a whole city took. Memory is that of the largest process; rows are those of all tables."""

    seconds: float
    rows: int
    persons: int
    households: int
    memory_mb: int
    processes: int


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of one operation, and how many were done in a second of work; `beat` and `aim_ms` are those set for it."""

    what: str
    beat: float | None
    aim_ms: float | None
    repetitions: int
    p50_ms: float
    p95_ms: float
    per_second: float


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of the client and of its own database process (None when the server is elsewhere), and sizes on disk."""

    client_mb: int
    backend_mb: int | None
    shared_buffers: str
    database_mb: int
    registry_mb: int
    audit_mb: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one city; `empty` is a request for nothing. No `load`: it was not measured whole."""

    persons: int
    households: int
    empty: Timing
    timings: tuple[Timing, ...]
    memory: Memory
    load: Load | None
    server: str
