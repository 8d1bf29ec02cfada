"""All reads of the room, each in its actor's scope; they return frozen values."""

from jiuzhu.rooms.registry.queries.asked_about import (
    HouseholdSubjects,
    SubjectView,
    households_of_numbers,
    households_tagged,
    subjects,
)
from jiuzhu.rooms.registry.queries.citizens import citizen_actor
from jiuzhu.rooms.registry.queries.counts import counts_by_group
from jiuzhu.rooms.registry.queries.declared import Declared, DeclaredKey, OnFile, declared_values, facts_on_evidence
from jiuzhu.rooms.registry.queries.details import household_detail, household_of_person, person_detail
from jiuzhu.rooms.registry.queries.duplicates import DuplicatePair, DuplicatePerson, Duplicates, find_duplicates
from jiuzhu.rooms.registry.queries.history import history_of_person, looks_at_person
from jiuzhu.rooms.registry.queries.learning import public_variables
from jiuzhu.rooms.registry.queries.lists import (
    FactFilter,
    HouseholdFilter,
    PersonFilter,
    list_households,
    list_persons,
)
from jiuzhu.rooms.registry.queries.merging import is_merge_of, is_split_of
from jiuzhu.rooms.registry.queries.names import HouseholdName, Names, names
from jiuzhu.rooms.registry.queries.places import public_village
from jiuzhu.rooms.registry.queries.roll import (
    Download,
    RollPreview,
    RollProblemCount,
    RollProblemView,
    RollView,
    roll_error_file,
    roll_list,
    roll_preview,
    roll_template,
)
from jiuzhu.rooms.registry.queries.screening import Mark, PopulationPiece, population, population_piece
from jiuzhu.rooms.registry.queries.search import FoundPerson, SearchPage, search_persons
from jiuzhu.rooms.registry.queries.views import HouseholdDetail, VariableView
from jiuzhu.rooms.registry.rules.search import SearchKind
from jiuzhu.rooms.registry.rules.variables import Variable, VariableType, shown_value, stored_code

__all__ = [
    "Declared",
    "DeclaredKey",
    "Download",
    "DuplicatePair",
    "DuplicatePerson",
    "Duplicates",
    "FactFilter",
    "FoundPerson",
    "HouseholdDetail",
    "HouseholdFilter",
    "HouseholdName",
    "HouseholdSubjects",
    "Mark",
    "Names",
    "OnFile",
    "PersonFilter",
    "PopulationPiece",
    "RollPreview",
    "RollProblemCount",
    "RollProblemView",
    "RollView",
    "SearchKind",
    "SearchPage",
    "SubjectView",
    "Variable",
    "VariableType",
    "VariableView",
    "citizen_actor",
    "counts_by_group",
    "declared_values",
    "facts_on_evidence",
    "find_duplicates",
    "history_of_person",
    "household_detail",
    "household_of_person",
    "households_of_numbers",
    "households_tagged",
    "is_merge_of",
    "is_split_of",
    "list_households",
    "list_persons",
    "looks_at_person",
    "names",
    "person_detail",
    "population",
    "population_piece",
    "public_variables",
    "public_village",
    "roll_error_file",
    "roll_list",
    "roll_preview",
    "roll_template",
    "search_persons",
    "shown_value",
    "stored_code",
    "subjects",
]
