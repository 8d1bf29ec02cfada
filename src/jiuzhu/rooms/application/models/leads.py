"""Leads: people in need whom others found (主动发现)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from jiuzhu.groundwork.crypto.fields import EncryptedTextField
from jiuzhu.groundwork.records import DivisionCodeField, PersonalData, Record, by_division
from jiuzhu.rooms.application.models.policies import known
from jiuzhu.rooms.application.states import LeadSource, LeadState

_ENDED = [LeadState.APPLIED.value, LeadState.REFERRED.value, LeadState.NOT_IN_NEED.value]


class Lead(Record):
    """A person in need, found by somebody else; the person may not be registered yet (`household` and `person` null).

    `needs` are values of `NeedKind`. `visit_due_on` and `answer_due_on` are None where no term is on file. A department
    sees what it reported itself, and no other lead; whom a lead is about is not told who reported it.
    """

    policy = by_division(
        department=(
            "{t}.reporter_department = (SELECT jiuzhu_department()) AND {t}.reporter_department <> ''"
            " AND {t}.division_code >= jiuzhu_division_lo() AND {t}.division_code < jiuzhu_division_hi()"
        ),
        written_by=frozenset({"department"}),
    )
    personal_data = {
        "subject_name": PersonalData.IDENTITY,
        "subject_contact": PersonalData.CONTACT,
        "place": PersonalData.CONTACT,
        "detail": PersonalData.FREE_TEXT,
        "reporter_name": PersonalData.IDENTITY,
        "reporter_contact": PersonalData.CONTACT,
        "visit_note": PersonalData.FREE_TEXT,
        "agreed_by_name": PersonalData.IDENTITY,
        "receiver_name": PersonalData.FREE_TEXT,
        "end_reason": PersonalData.FREE_TEXT,
        "reported_by_name": PersonalData.CONDUCT,
        "assigned_to_name": PersonalData.CONDUCT,
        "visited_by_name": PersonalData.CONDUCT,
    }

    division_code = DivisionCodeField("区划代码")
    state = models.CharField("状态", max_length=16)
    source = models.CharField("来源", max_length=16)
    is_urgent = models.BooleanField("紧急", default=False)
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="+", verbose_name="家庭", db_index=False
    )
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="+", verbose_name="人员", db_index=False
    )
    subject_name = EncryptedTextField("困难群众")
    subject_contact = EncryptedTextField("联系方式", null=True)
    place = EncryptedTextField("所在位置", null=True)
    needs = ArrayField(models.CharField(max_length=16), verbose_name="需求", default=list)
    detail = EncryptedTextField("困难情况")
    reporter_name = EncryptedTextField("报告人", null=True)
    reporter_contact = EncryptedTextField("报告人联系方式", null=True)
    reporter_department = models.CharField("报告部门", max_length=32, blank=True, db_collation="C")
    reported_at = models.DateTimeField("报告时间")
    reported_by_account = models.BigIntegerField("登记人账号编号", null=True)
    reported_by_name = models.CharField("登记人", max_length=64)
    assigned_to_account = models.BigIntegerField("走访人账号编号", null=True)
    assigned_to_name = models.CharField("走访人", max_length=64, blank=True)
    assigned_at = models.DateTimeField("派单时间", null=True)
    visit_due_on = models.DateField("走访期限", null=True)
    visited_at = models.DateTimeField("走访时间", null=True)
    visited_by_name = models.CharField("走访登记人", max_length=64, blank=True)
    visit_note = EncryptedTextField("走访情况", null=True)
    answer_due_on = models.DateField("办理期限", null=True)
    agreed_by_name = models.CharField("同意申请的人", max_length=64, blank=True)
    receiver_department = models.CharField("接收部门", max_length=32, blank=True, db_collation="C")
    receiver_name = models.CharField("接收单位", max_length=100, blank=True)
    end_reason = EncryptedTextField("办结理由", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        db_table = "application_lead"
        constraints = [
            known("state", LeadState, "application_lead_state"),
            known("source", LeadSource, "application_lead_source"),
            models.CheckConstraint(
                condition=Q(state=LeadState.REPORTED.value) | Q(assigned_at__isnull=False, assigned_to_name__gt=""),
                name="application_lead_assigned",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LeadState.VISITED.value, LeadState.APPLIED.value, LeadState.NOT_IN_NEED.value])
                | Q(visited_at__isnull=False, visit_note__isnull=False),
                name="application_lead_visited",
            ),
            models.CheckConstraint(
                condition=~Q(state=LeadState.APPLIED.value) | Q(agreed_by_name__gt=""),
                name="application_lead_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(state=LeadState.REFERRED.value) | Q(receiver_name__gt=""),
                name="application_lead_receiver",
            ),
            models.CheckConstraint(
                condition=~Q(state=LeadState.NOT_IN_NEED.value) | Q(end_reason__isnull=False),
                name="application_lead_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ENDED, closed_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(closed_at__isnull=True)),
                name="application_lead_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["division_code", "-id"], name="application_lead_page"),
            models.Index(
                fields=["visit_due_on"], condition=Q(state=LeadState.ASSIGNED.value), name="application_lead_visit_due"
            ),
            models.Index(fields=["household"], condition=Q(household__isnull=False), name="application_lead_household"),
        ]
