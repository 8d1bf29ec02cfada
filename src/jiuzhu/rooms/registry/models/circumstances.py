"""What is known of persons and households: facts with their sources, target groups, life events, authorisations."""

from django.db import models
from django.db.models import F, Q

from jiuzhu.groundwork.records import (
    OWN_HOUSEHOLDS,
    OWN_PERSONS,
    DivisionCodeField,
    FenField,
    History,
    PersonalData,
    Record,
    by_division,
)
from jiuzhu.rooms.registry.models.policies import LIVE, fact_authorised
from jiuzhu.rooms.registry.models.subjects import Household, Person
from jiuzhu.rooms.registry.states import EvidenceKind, LifeEventKind, SourceKind, SubjectKind, TargetGroup

_ONE_SUBJECT = Q(subject_type=SubjectKind.PERSON.value, person__isnull=False, household__isnull=True) | Q(
    subject_type=SubjectKind.HOUSEHOLD.value, person__isnull=True, household__isnull=False
)
_OWN = "{t}.person_id = " + OWN_PERSONS + " OR {t}.household_id = " + OWN_HOUSEHOLDS


class Authorisation(Record):
    """A person's consent that a department may see or supply named variables (社会救助法 art. 40, 41)."""

    policy = by_division(
        citizen="{t}.person_id = " + OWN_PERSONS,
        department=LIVE.replace("a.", "{t}."),
        written_by=frozenset({"citizen"}),
    )
    personal_data = {"purpose": PersonalData.FREE_TEXT, "withdrawn_reason": PersonalData.FREE_TEXT}

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="授权人")
    division_code = DivisionCodeField("所在村居")
    department_code = models.CharField("被授权部门", max_length=32)
    variables = models.JSONField("授权事项")
    purpose = models.CharField("用途", max_length=200)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("终止日期", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True, default="")
    document_file_id = models.BigIntegerField("授权书文件", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.BigIntegerField("登记人", null=True)

    class Meta:
        db_table = "registry_authorisation"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="registry_authorisation_period",
            )
        ]
        indexes = [models.Index(fields=["department_code", "person"], name="registry_authorisation_dept")]


class Fact(Record):
    """One statement on a person or household: variable, value, `[valid_from, valid_to)`, source, evidence.

    Facts are added, never changed; a wrong one is withdrawn with a reason and stays readable.
    """

    policy = by_division(citizen=_OWN, department=fact_authorised())
    personal_data = {
        "value": PersonalData.FREE_TEXT,
        "evidence": PersonalData.FREE_TEXT,
        "withdrawn_reason": PersonalData.FREE_TEXT,
    }

    subject_type = models.CharField(max_length=16)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", db_index=False)
    division_code = DivisionCodeField("所在村居")
    variable = models.CharField("指标", max_length=64)
    value = models.JSONField("值")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True, blank=True)
    source_kind = models.CharField("来源", max_length=16)
    source_office = models.CharField("来源单位", max_length=64, blank=True, default="")
    source_department = models.CharField("来源部门", max_length=32, blank=True, default="")
    evidence = models.CharField("依据", max_length=200, blank=True, default="")
    evidence_file_id = models.BigIntegerField("依据文件", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.BigIntegerField("登记人", null=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True, default="")
    withdrawn_by = models.BigIntegerField("撤回人", null=True)

    class Meta:
        db_table = "registry_fact"
        constraints = [
            models.CheckConstraint(condition=_ONE_SUBJECT, name="registry_fact_one_subject"),
            models.CheckConstraint(
                condition=Q(source_kind__in=[kind.value for kind in SourceKind]), name="registry_fact_source"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="registry_fact_period"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""), name="registry_fact_withdrawn_why"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "variable"], condition=Q(person__isnull=False), name="registry_fact_person"),
            models.Index(
                fields=["household", "variable"], condition=Q(household__isnull=False), name="registry_fact_household"
            ),
        ]


class PersonValues(Record):
    """The values in force of a person, derived from facts: `{variable: {v, s, d, c?}}` (value, source, date, others).

    They stand apart from the person because a department officer may see the person but not every department's values.
    The columns repeat what lists filter by: a condition inside JSON cannot use an index under row-level security.
    """

    policy = by_division(citizen="{t}.person_id = " + OWN_PERSONS)
    history = History.NONE
    personal_data = {
        "facts": PersonalData.FREE_TEXT,
        "disability_type": PersonalData.HEALTH,
        "disability_grade": PersonalData.HEALTH,
        "self_care": PersonalData.HEALTH,
        "serious_illness": PersonalData.HEALTH,
        "student_stage": PersonalData.IDENTITY,
        "employment": PersonalData.FINANCE,
    }

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")
    division_code = DivisionCodeField()
    facts = models.JSONField(default=dict)
    computed_on = models.DateField()
    disability_type = models.CharField(max_length=8, default="", db_collation="C")
    disability_grade = models.CharField(max_length=8, default="", db_collation="C")
    self_care = models.CharField(max_length=16, default="", db_collation="C")
    serious_illness = models.BooleanField(null=True)
    student_stage = models.CharField(max_length=16, default="", db_collation="C")
    employment = models.CharField(max_length=16, default="", db_collation="C")

    class Meta:
        db_table = "registry_person_values"
        indexes = [
            models.Index(fields=[name, "division_code", "person"], condition=condition, name=f"registry_pv_{short}")
            for name, short, condition in (
                ("disability_type", "disability", ~Q(disability_type="")),
                ("disability_grade", "grade", ~Q(disability_grade="")),
                ("self_care", "care", ~Q(self_care="")),
                ("serious_illness", "illness", Q(serious_illness=True)),
                ("student_stage", "student", ~Q(student_stage="")),
                ("employment", "employment", ~Q(employment="")),
            )
        ]


class HouseholdValues(Record):
    """The values in force of a household, as `PersonValues` for a person."""

    policy = by_division(citizen="{t}.household_id = " + OWN_HOUSEHOLDS)
    history = History.NONE
    personal_data = {
        "facts": PersonalData.FREE_TEXT,
        "income_fen_month": PersonalData.FINANCE,
        "savings_fen": PersonalData.FINANCE,
        "vehicle_count": PersonalData.FINANCE,
        "home_count": PersonalData.FINANCE,
    }

    household = models.OneToOneField(Household, models.CASCADE, related_name="+")
    division_code = DivisionCodeField()
    facts = models.JSONField(default=dict)
    computed_on = models.DateField()
    income_fen_month = FenField(null=True)
    savings_fen = FenField(null=True)
    vehicle_count = models.IntegerField(null=True)
    home_count = models.IntegerField(null=True)

    class Meta:
        db_table = "registry_household_values"
        indexes = [
            models.Index(
                fields=["division_code", name, "household"],
                condition=Q(**{f"{name}__isnull": False}),
                name=f"registry_hv_{short}",
            )
            for name, short in (
                ("income_fen_month", "income"),
                ("savings_fen", "savings"),
                ("vehicle_count", "vehicles"),
                ("home_count", "homes"),
            )
        ]


class GroupMembership(Record):
    """A person or household belongs to a target group, `[valid_from, valid_to)`, on named evidence."""

    policy = by_division(citizen=_OWN)
    personal_data = {
        "group": PersonalData.WELFARE,
        "evidence_ref": PersonalData.FREE_TEXT,
        "end_reason": PersonalData.FREE_TEXT,
    }

    subject_type = models.CharField(max_length=16)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    division_code = DivisionCodeField("所在村居")
    group = models.CharField("困难群众类别", max_length=32, db_collation="C")
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True, blank=True)
    evidence_kind = models.CharField("依据类型", max_length=32)
    evidence_ref = models.CharField("依据", max_length=200)
    end_reason = models.CharField("终止原因", max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.BigIntegerField("登记人", null=True)

    class Meta:
        db_table = "registry_group_membership"
        constraints = [
            models.CheckConstraint(condition=_ONE_SUBJECT, name="registry_group_one_subject"),
            models.CheckConstraint(
                condition=Q(group__in=[group.value for group in TargetGroup]), name="registry_group_known"
            ),
            models.CheckConstraint(
                condition=Q(evidence_kind__in=[kind.value for kind in EvidenceKind]), name="registry_group_evidence"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="registry_group_period"
            ),
            models.UniqueConstraint(
                fields=["person", "group"],
                condition=Q(person__isnull=False, valid_to__isnull=True),
                name="registry_group_person_once",
            ),
            models.UniqueConstraint(
                fields=["household", "group"],
                condition=Q(household__isnull=False, valid_to__isnull=True),
                name="registry_group_household_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["division_code", "group", "subject_type"],
                condition=Q(valid_to__isnull=True),
                name="registry_group_count",
            ),
            models.Index(
                fields=["group", "division_code", "person"],
                condition=Q(valid_to__isnull=True, person__isnull=False),
                name="registry_group_persons",
            ),
            models.Index(
                fields=["group", "division_code", "household"],
                condition=Q(valid_to__isnull=True, household__isnull=False),
                name="registry_group_households",
            ),
        ]


class LifeEvent(Record):
    """Something that happened in a person's life and what it changed; `details` are checked by kind."""

    policy = by_division(citizen=_OWN)
    personal_data = {
        "kind": PersonalData.FAMILY,
        "details": PersonalData.FREE_TEXT,
        "evidence": PersonalData.FREE_TEXT,
    }

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    division_code = DivisionCodeField("所在村居")
    kind = models.CharField("事件", max_length=16)
    happened_on = models.DateField("发生日期")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.BigIntegerField("登记人", null=True)
    evidence = models.CharField("依据", max_length=200)
    details = models.JSONField("内容", default=dict)

    class Meta:
        db_table = "registry_life_event"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in LifeEventKind]), name="registry_life_event_kind"
            )
        ]
