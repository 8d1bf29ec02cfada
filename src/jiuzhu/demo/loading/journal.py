"""Which parts of a city are loaded. Each part is marked in the transaction that writes it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from jiuzhu.demo.city.parameters import CHUNK_HOUSEHOLDS
from jiuzhu.demo.loading.city import City
from jiuzhu.demo.models import LoadPart

OWNER = "owner"


class Part(StrEnum):
    """Parts of a load, in their order."""

    GROUND = "ground"  # divisions, departments, service network, its staff
    ACCOUNTS = "accounts"
    INDEXES = "indexes"  # taken off before a large load; `details` says how they are put back
    CHUNK = "chunk"
    FINISH = "finish"  # indexes put back, statistics, the citizens that the identity provider offers


class OtherCityLoaded(Exception):  # noqa: N818 (says what is there)
    """The database holds another city, or people who are no part of a demonstration."""

    def __init__(self, message_zh: str, message_en: str) -> None:
        super().__init__(f"{message_zh}\n{message_en}")
        self.message_zh = message_zh
        self.message_en = message_en


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database says of a load: which city, how many parts and people are in, whether all of it is."""

    size: str
    seed: int
    as_of: date
    households: int
    persons: int
    parts_loaded: int
    parts: int

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.parts > 0 and self.parts_loaded == self.parts


def standing() -> Standing | None:
    """What is loaded, or None when no load was ever begun here."""
    rows = list(LoadPart.objects.using(OWNER).order_by("id"))
    if not rows:
        return None
    first = rows[0]
    return Standing(
        size=first.size,
        seed=first.seed,
        as_of=first.as_of,
        households=first.households,
        persons=sum(row.persons for row in rows),
        parts_loaded=sum(row.loaded_at is not None for row in rows),
        parts=len(rows),
    )


def begin(city: City, *, at: datetime) -> City:
    """Plan the parts of a city, or go on with those planned; a load that was begun keeps its day.

    Raises:
        OtherCityLoaded: the database holds another city.
    """
    known = standing()
    if known is None:
        parts = [(Part.GROUND, 0), (Part.ACCOUNTS, 0), (Part.INDEXES, 0), (Part.FINISH, 0)]
        parts += [(Part.CHUNK, index) for index in range(len(city.plan.chunk_sizes))]
        LoadPart.objects.using(OWNER).bulk_create(
            [
                LoadPart(
                    seed=city.seed,
                    size=city.size,
                    households=city.households,
                    as_of=city.as_of,
                    part=part.value,
                    chunk=index,
                    started_at=at,
                )
                for part, index in parts
            ]
        )
        return city
    if (known.size, known.seed, known.households) != (city.size, city.seed, city.households):
        raise OtherCityLoaded(
            f"数据库中已有演示城市“{known.size}”（种子{known.seed}），不能再装载“{city.size}”（种子{city.seed}）；"
            "请用环境变量JIUZHU_VAR或DATABASE_URL另选一个库",
            f"The database holds the city “{known.size}” (seed {known.seed}) already, so “{city.size}” (seed"
            f" {city.seed}) cannot be loaded beside it; choose another database with JIUZHU_VAR or DATABASE_URL.",
        )
    return City(known.size, known.households, known.seed, known.as_of, city.chunk_households or CHUNK_HOUSEHOLDS)


def missing(part: Part) -> list[int]:
    """The numbers of a part that are still to be loaded."""
    rows = LoadPart.objects.using(OWNER).filter(part=part.value, loaded_at=None).order_by("chunk")
    return list(rows.values_list("chunk", flat=True))


def claim(part: Part, chunk: int) -> bool:
    """Keep a chunk for this transaction; false when another process has loaded it meanwhile."""
    rows = LoadPart.objects.using(OWNER).select_for_update().filter(part=part.value, chunk=chunk, loaded_at=None)
    return rows.first() is not None


def mark(part: Part, chunk: int = 0, *, at: datetime, persons: int = 0, details: dict[str, Any] | None = None) -> None:
    """Mark a part as loaded; call it in the transaction that writes the part."""
    LoadPart.objects.using(OWNER).filter(part=part.value, chunk=chunk).update(
        loaded_at=at, persons=persons, details=details or {}
    )


def details(part: Part) -> dict[str, Any]:
    """What a loaded part left for a later one."""
    row = LoadPart.objects.using(OWNER).filter(part=part.value, chunk=0).first()
    return dict(row.details) if row is not None else {}
