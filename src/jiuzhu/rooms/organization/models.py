"""Tables of the room.

Everything that changes over time carries `[valid_from, valid_to)`; `valid_from` NULL means "since before our records"
and `valid_to` NULL "until further notice".
"""

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from jiuzhu.groundwork.records import DivisionCodeField, FenField, PersonalData, Record, Unscoped, by_division
from jiuzhu.rooms.organization.states import (
    DivisionKind,
    EmploymentKind,
    FilingState,
    GroupRole,
    NearRelation,
    OfficeKind,
    ProcurementMethod,
    ServiceState,
)

_CODE = r"^[0-9]{12}$"


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gt=F("valid_from")), name=name
    )


def _known(field: str, kinds: type[StrEnum], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [kind.value for kind in kinds]}), name=name)


class Division(Record):
    """One version of a division: a rename closes a version and opens the next one under the same code."""

    policy = Unscoped("the division tree is public")
    personal_data = {}

    code = DivisionCodeField()
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    full_name = models.CharField(max_length=300)
    initials = models.CharField(max_length=100, db_collation="C")
    level = models.SmallIntegerField()
    parent_code = DivisionCodeField(blank=True)
    kind = models.CharField(max_length=16)
    urban_rural = models.CharField(max_length=3, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor_code = DivisionCodeField(blank=True)
    basis = models.CharField(max_length=200)
    end_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "organization_division"
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="organization_division_one_open"),
            models.UniqueConstraint(
                fields=["code", "valid_from"], nulls_distinct=False, name="organization_division_one_version_a_day"
            ),
            models.CheckConstraint(condition=Q(code__regex=_CODE), name="organization_division_code"),
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=5), name="organization_division_level"),
            models.CheckConstraint(
                condition=Q(successor_code="") | Q(valid_to__isnull=False),
                name="organization_division_successor_of_closed",
            ),
            _known("kind", DivisionKind, "organization_division_kind"),
            _in_order("organization_division_period"),
        ]
        indexes = [models.Index(fields=["parent_code", "code"], name="organization_division_parent")]


class DivisionFigures(Record):
    """What a division's workforce is measured against, as of a day: population and service radius, with the source."""

    policy = Unscoped("published statistics of places")
    personal_data = {}

    division_code = DivisionCodeField()
    as_of = models.DateField()
    population = models.IntegerField()
    service_radius_m = models.IntegerField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        db_table = "organization_division_figures"
        constraints = [
            models.UniqueConstraint(fields=["division_code", "as_of"], name="organization_figures_one_a_day"),
            models.CheckConstraint(condition=Q(population__gte=0), name="organization_figures_population"),
            models.CheckConstraint(
                condition=Q(service_radius_m=None) | Q(service_radius_m__gt=0), name="organization_figures_radius"
            ),
        ]


class Office(Record):
    """A body that works for social assistance or answers it; its names are in `OfficeName`."""

    policy = Unscoped("offices, their addresses and hours are public")
    personal_data = {}

    code = models.CharField(max_length=64, db_collation="C", unique=True)
    kind = models.CharField(max_length=32)
    level = models.SmallIntegerField()
    division_code = DivisionCodeField()
    department_code = models.CharField(max_length=40, blank=True, db_collation="C")
    is_outside = models.BooleanField(default=False)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(max_length=200)
    end_basis = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "organization_office"
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=5), name="organization_office_level"),
            _known("kind", OfficeKind, "organization_office_kind"),
            _in_order("organization_office_period"),
        ]
        indexes = [
            models.Index(fields=["division_code", "kind"], name="organization_office_place"),
            models.Index(fields=["department_code", "division_code"], name="organization_office_dept"),
        ]


class OfficeName(Record):
    """What an office is called over time; `date_confirmed` is false until the city confirms the day of change."""

    policy = Unscoped("names of offices are public")
    personal_data = {}

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=200)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=200)
    date_confirmed = models.BooleanField(default=True)

    class Meta:
        db_table = "organization_office_name"
        constraints = [
            models.UniqueConstraint(
                fields=["office"], condition=Q(valid_to=None), name="organization_office_name_one_open"
            ),
            models.UniqueConstraint(
                fields=["office", "valid_from"], nulls_distinct=False, name="organization_office_name_one_a_day"
            ),
            _in_order("organization_office_name_period"),
        ]


class Administration(Record):
    """Which office administers a division when that is not its own government (functional zones)."""

    policy = Unscoped("who administers a place is public")
    personal_data = {}

    division_code = DivisionCodeField()
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=200)

    class Meta:
        db_table = "organization_administration"
        constraints = [
            models.UniqueConstraint(
                fields=["division_code"], condition=Q(valid_to=None), name="organization_administration_one_open"
            ),
            _in_order("organization_administration_period"),
        ]


class Post(Record):
    """A post (岗位) of an office: its role gives the permissions, its division the scope."""

    policy = by_division()
    personal_data = {}

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=80, unique=True, db_collation="C")
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=120)
    role = models.CharField(max_length=40, db_collation="C")
    division_code = DivisionCodeField()
    headcount = models.SmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organization_post"
        constraints = [
            models.CheckConstraint(
                condition=Q(headcount__gte=1, headcount__lte=500), name="organization_post_headcount"
            ),
            models.CheckConstraint(condition=Q(division_code__regex=_CODE), name="organization_post_division"),
            _in_order("organization_post_period"),
        ]
        indexes = [models.Index(fields=["division_code", "role"], name="organization_post_place")]


class Staff(Record):
    """A person who works for social assistance, or a committee member who files near relatives; may have a login."""

    policy = by_division()
    personal_data = {
        "name": PersonalData.IDENTITY,
        "initials": PersonalData.IDENTITY,
        "staff_number": PersonalData.IDENTITY,
        "office_phone": PersonalData.CONTACT,
    }

    account = models.OneToOneField("groundwork.Account", null=True, on_delete=models.PROTECT, related_name="+")
    staff_number = models.CharField(max_length=32, unique=True, db_collation="C")
    name = models.CharField(max_length=100, db_collation="C")
    initials = models.CharField(max_length=100, db_collation="C")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    division_code = DivisionCodeField()
    employment = models.CharField(max_length=24)
    rank = models.CharField(max_length=40, blank=True)
    office_phone = models.CharField(max_length=40, blank=True)
    registered_at = models.DateTimeField()

    class Meta:
        db_table = "organization_staff"
        constraints = [
            models.CheckConstraint(condition=Q(division_code__regex=_CODE), name="organization_staff_division"),
            _known("employment", EmploymentKind, "organization_staff_employment"),
        ]
        indexes = [
            models.Index(fields=["division_code", "staff_number"], name="organization_staff_place"),
            models.Index(fields=["name"], name="organization_staff_name"),
            models.Index(fields=["initials"], name="organization_staff_initials"),
        ]


class Appointment(Record):
    """A person in a post from a day to before another; `revoked_at` takes the powers back in the middle of a day."""

    policy = by_division()
    personal_data = {"end_reason": PersonalData.FREE_TEXT}

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    division_code = DivisionCodeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    appointed_by = models.CharField(max_length=100)
    document_number = models.CharField(max_length=100)
    revoked_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "organization_appointment"
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "post"],
                condition=Q(valid_to=None, revoked_at=None),
                name="organization_appointment_one_open",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")) | Q(revoked_at__isnull=False),
                name="organization_appointment_period",
            ),
        ]
        indexes = [models.Index(fields=["division_code"], name="organization_appointment_div")]


class LeadingGroup(Record):
    """A leading group (社会救助工作领导小组) of a county or township, formed by a document."""

    policy = Unscoped("formed and published by a government document")
    personal_data = {}

    division_code = DivisionCodeField()
    name = models.CharField(max_length=100)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    document_number = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        db_table = "organization_leading_group"
        constraints = [
            models.UniqueConstraint(
                fields=["division_code"], condition=Q(valid_to=None), name="organization_leading_group_one_open"
            ),
            _in_order("organization_leading_group_period"),
        ]


class GroupMember(Record):
    """A seat in a leading group: name and office as the document states them."""

    policy = Unscoped("named in a published government document")
    personal_data = {"name": PersonalData.IDENTITY, "title": PersonalData.IDENTITY}

    group = models.ForeignKey(LeadingGroup, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(max_length=16)
    name = models.CharField(max_length=100)
    title = models.CharField(max_length=100)
    is_principal = models.BooleanField(default=False)
    ordinal = models.SmallIntegerField()

    class Meta:
        db_table = "organization_group_member"
        constraints = [
            models.UniqueConstraint(fields=["group", "ordinal"], name="organization_group_member_ordinal"),
            models.UniqueConstraint(
                fields=["group"], condition=Q(role=GroupRole.HEAD.value), name="organization_group_one_head"
            ),
            models.CheckConstraint(
                condition=~Q(role=GroupRole.HEAD.value) | Q(is_principal=True),
                name="organization_group_head_is_principal",
            ),
            _known("role", GroupRole, "organization_group_member_role"),
        ]


class DutyItem(Record):
    """One line of the duty list: a clause of the founding document and the department or kind of office it binds."""

    policy = Unscoped("the duty list is public")
    personal_data = {}

    clause = models.CharField(max_length=20)
    demands = models.CharField(max_length=40)
    department_code = models.CharField(max_length=40, blank=True, db_collation="C")
    office_kind = models.CharField(max_length=32, blank=True)
    ordinal = models.SmallIntegerField()
    text = models.CharField(max_length=300)
    text_en = models.CharField(max_length=600)

    class Meta:
        db_table = "organization_duty_item"
        constraints = [
            models.UniqueConstraint(
                fields=["clause", "department_code", "office_kind", "ordinal"], name="organization_duty_item_once"
            ),
            models.CheckConstraint(
                condition=Q(department_code="", office_kind__gt="") | Q(department_code__gt="", office_kind=""),
                name="organization_duty_item_one_bearer",
            ),
        ]


class NearRelativeFiling(Record):
    """近亲属备案: a near relative of a staff or committee member, filed so that an application is handled apart."""

    policy = by_division()
    personal_data = {
        "relative_name": PersonalData.IDENTITY,
        "relation": PersonalData.FAMILY,
        "note": PersonalData.FREE_TEXT,
        "withdrawal_reason": PersonalData.FREE_TEXT,
    }

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    division_code = DivisionCodeField()
    relative_name = models.CharField(max_length=100, db_collation="C")
    relation = models.CharField(max_length=16)
    person_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=16)
    filed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "organization_near_relative_filing"
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "relative_name", "relation"],
                condition=Q(state=FilingState.FILED.value),
                name="organization_near_relative_once",
            ),
            models.CheckConstraint(
                condition=Q(state=FilingState.FILED.value, withdrawn_at=None)
                | Q(state=FilingState.WITHDRAWN.value, withdrawn_at__isnull=False),
                name="organization_near_relative_state",
            ),
            _known("relation", NearRelation, "organization_near_relative_relation"),
        ]
        indexes = [
            models.Index(fields=["division_code", "id"], name="organization_near_rel_place"),
            models.Index(fields=["person_id"], name="organization_near_rel_person"),
        ]


class PurchasedService(Record):
    """An item of the list of purchased services (政府购买服务清单): procedure, contract, supervision, evaluation."""

    policy = by_division()
    personal_data = {"supervision_note": PersonalData.FREE_TEXT, "evaluation_note": PersonalData.FREE_TEXT}

    code = models.CharField(max_length=32, unique=True, db_collation="C")
    division_code = DivisionCodeField()
    name = models.CharField(max_length=100)
    content = models.CharField(max_length=400)
    method = models.CharField(max_length=32)
    procedure_note = models.CharField(max_length=400)
    budget_fen = FenField()
    state = models.CharField(max_length=16)
    listed_on = models.DateField()
    provider = models.CharField(max_length=100, blank=True)
    provider_is_social_organization = models.BooleanField(default=False)
    contract_number = models.CharField(max_length=60, blank=True)
    contract_fen = FenField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    supervision_note = models.CharField(max_length=400, blank=True)
    evaluation_score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    evaluation_note = models.CharField(max_length=400, blank=True)
    evaluated_on = models.DateField(null=True)

    class Meta:
        db_table = "organization_purchased_service"
        constraints = [
            models.CheckConstraint(condition=Q(budget_fen__gte=0), name="organization_service_budget"),
            models.CheckConstraint(
                condition=Q(contract_fen=None) | Q(contract_fen__gte=0, contract_fen__lte=F("budget_fen")),
                name="organization_service_within_budget",
            ),
            models.CheckConstraint(
                condition=Q(evaluation_score=None) | Q(evaluation_score__gte=0, evaluation_score__lte=100),
                name="organization_service_score",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ServiceState.CONTRACTED.value, ServiceState.EVALUATED.value])
                | (Q(provider__gt="") & Q(contract_number__gt="") & Q(contract_fen__isnull=False)),
                name="organization_service_contract",
            ),
            models.CheckConstraint(
                condition=~Q(state=ServiceState.EVALUATED.value)
                | (Q(evaluation_score__isnull=False) & Q(evaluated_on__isnull=False)),
                name="organization_service_evaluation",
            ),
            _known("method", ProcurementMethod, "organization_service_method"),
            _known("state", ServiceState, "organization_service_state"),
            _in_order("organization_service_period"),
        ]
        indexes = [models.Index(fields=["division_code", "id"], name="organization_service_place")]
