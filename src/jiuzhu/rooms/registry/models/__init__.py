"""Tables of the registry, gathered for Django from the files that hold them."""

from jiuzhu.rooms.registry.models.access import AccessLog, CitizenAccount
from jiuzhu.rooms.registry.models.circumstances import (
    Authorisation,
    Fact,
    GroupMembership,
    HouseholdValues,
    LifeEvent,
    PersonValues,
)
from jiuzhu.rooms.registry.models.duplicates import DuplicateDismissal
from jiuzhu.rooms.registry.models.roll import RollEntry, RollImport, RollProblem
from jiuzhu.rooms.registry.models.subjects import (
    Guardianship,
    Household,
    Membership,
    MergeRecord,
    Person,
    PersonGram,
)

__all__ = [
    "AccessLog",
    "Authorisation",
    "CitizenAccount",
    "DuplicateDismissal",
    "Fact",
    "GroupMembership",
    "Guardianship",
    "Household",
    "HouseholdValues",
    "LifeEvent",
    "Membership",
    "MergeRecord",
    "Person",
    "PersonGram",
    "PersonValues",
    "RollEntry",
    "RollImport",
    "RollProblem",
]
