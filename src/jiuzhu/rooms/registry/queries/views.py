"""What queries of the registry return: frozen values for pages, numbers masked unless the actor may see them."""

from dataclasses import dataclass
from datetime import date, datetime

from jiuzhu.rooms.registry.rules.variables import Value
from jiuzhu.rooms.registry.states import (
    CustodyState,
    DocumentKind,
    EvidenceKind,
    GuardianshipKind,
    LifeEventKind,
    ProtectionKind,
    RegisteredKind,
    SourceKind,
    TargetGroup,
)


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A value with its source; `shown` and `shown_en` are for people."""

    value: Value
    shown: str
    shown_en: str
    source: SourceKind
    department: str
    since: date
    fact_id: int


@dataclass(frozen=True, slots=True)
class VariableView:
    """The value in force of a variable, and what other sources say otherwise."""

    key: str
    zh: str
    en: str
    personal_data: str
    current: ClaimView
    conflicts: tuple[ClaimView, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A tag with a target group; `valid_to` None while it lasts."""

    id: int
    group: TargetGroup
    zh: str
    en: str
    valid_from: date
    valid_to: date | None
    evidence_kind: EvidenceKind
    evidence_ref: str


@dataclass(frozen=True, slots=True)
class EventView:
    """A life event."""

    id: int
    person_id: int
    kind: LifeEventKind
    zh: str
    en: str
    happened_on: date
    recorded_at: datetime
    evidence: str


@dataclass(frozen=True, slots=True)
class GuardianView:
    """A guardianship; `guardian_name` is a person's or a body's."""

    id: int
    ward_id: int
    ward_name: str
    guardian_id: int | None
    guardian_name: str
    kind: GuardianshipKind
    start_on: date
    end_on: date | None


@dataclass(frozen=True, slots=True)
class AuthorisationView:
    """An authorisation; it is alive on the day asked when `is_live`."""

    id: int
    department_code: str
    variables: tuple[str, ...]
    purpose: str
    valid_from: date
    valid_to: date | None
    withdrawn_at: datetime | None
    is_live: bool


@dataclass(frozen=True, slots=True)
class MembershipView:
    """A time in a household."""

    household_id: int
    household_number: str
    division_code: str
    relation: str
    relation_zh: str
    relation_en: str
    is_head: bool
    start_on: date
    end_on: date | None
    end_reason: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person's particulars. `document_number`, `phone` and `address` are masked unless `identity_shown`."""

    id: int
    name: str
    name_note: str
    sex: str
    sex_zh: str
    sex_en: str
    birth_date: date
    age: int
    ethnicity_zh: str
    ethnicity_en: str
    marital_zh: str
    marital_en: str
    document_kind: DocumentKind
    document_number: str
    phone: str
    division_code: str
    died_on: date | None
    custody: CustodyState
    protection: ProtectionKind
    identity_shown: bool
    merged_into_id: int | None


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """Everything on one person, as far as the actor's scope reaches."""

    person: PersonView
    memberships: tuple[MembershipView, ...]
    variables: tuple[VariableView, ...]
    groups: tuple[GroupView, ...]
    events: tuple[EventView, ...]
    guardians: tuple[GuardianView, ...]
    wards: tuple[GuardianView, ...]
    authorisations: tuple[AuthorisationView, ...]

    @property
    def household(self) -> MembershipView | None:
        """The present membership."""
        return next((one for one in self.memberships if one.end_on is None), None)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A present member with the values in force."""

    person: PersonView
    relation: str
    relation_zh: str
    relation_en: str
    is_head: bool
    counts_as_member: bool
    start_on: date
    variables: tuple[VariableView, ...]
    groups: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class Generation:
    """A row of the family tree: 0 is the head's own generation, negative the elders."""

    number: int
    members: tuple[MemberView, ...]


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """A household's own particulars; `address` is masked unless the actor may see it and nobody is protected."""

    id: int
    number: str
    division_code: str
    registered_kind: RegisteredKind
    address: str
    place: str
    opened_on: date
    closed_on: date | None
    successor_id: int | None
    flag: str


@dataclass(frozen=True, slots=True)
class FormerMember:
    """Somebody who left."""

    person_id: int
    name: str
    relation_zh: str
    relation_en: str
    start_on: date
    end_on: date
    end_reason: str


@dataclass(frozen=True, slots=True)
class HouseholdDetail:
    """Everything on one household: members by generation, values with their sources, tags, events, guardianship."""

    household: HouseholdView
    tree: tuple[Generation, ...]
    former_members: tuple[FormerMember, ...]
    variables: tuple[VariableView, ...]
    groups: tuple[GroupView, ...]
    events: tuple[EventView, ...]
    guardianships: tuple[GuardianView, ...]

    @property
    def members(self) -> tuple[MemberView, ...]:
        """All present members, elders first."""
        return tuple(member for generation in self.tree for member in generation.members)

    @property
    def head(self) -> MemberView | None:
        """The head; None only while the household is flagged to have none."""
        return next((member for member in self.members if member.is_head), None)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in a list."""

    id: int
    name: str
    sex_zh: str
    sex_en: str
    birth_date: date
    age: int
    document_number: str
    division_code: str
    died_on: date | None
    household_id: int | None
    groups: tuple[TargetGroup, ...]


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household in a list."""

    id: int
    number: str
    division_code: str
    head_name: str
    members: int
    registered_kind: RegisteredKind
    opened_on: date
    closed_on: date | None
    flag: str
    groups: tuple[TargetGroup, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are; counting stops at a bound, and then `is_exact` is false and there are more."""

    count: int
    is_exact: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A page of persons; `next_after` asks for the next one and is empty on the last."""

    rows: tuple[PersonRow, ...]
    total: Total
    next_after: str


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """A page of households; `next_after` asks for the next one and is empty on the last."""

    rows: tuple[HouseholdRow, ...]
    total: Total
    next_after: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One changed field: its name for people, and before and after as text, both in Chinese and in English."""

    field: str
    zh: str
    en: str
    before: str
    after: str
    before_en: str
    after_en: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One act on a record: when, who, why, what it did to which kind of row."""

    at: datetime
    actor: str
    actor_kind: str
    reason: str
    operation: str
    table: str
    table_zh: str
    table_en: str
    changes: tuple[ChangeView, ...]


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """One look at a record."""

    at: datetime
    actor_name: str
    post_title: str
    department_code: str
    kind: str
    purpose: str


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many persons and households carry a tag now."""

    group: TargetGroup
    zh: str
    en: str
    persons: int
    households: int
