"""What sources answered, what people object to, the reports made of it, and who looked."""

from django.db import models
from django.db.models import Q

from jiuzhu.groundwork.crypto.fields import EncryptedTextField
from jiuzhu.groundwork.records import OWN_HOUSEHOLDS, OWN_PERSONS, DivisionCodeField, PersonalData, Record, by_division
from jiuzhu.rooms.verification.models.consent import known
from jiuzhu.rooms.verification.models.queries import ASKED_DEPARTMENT, Attempt, Item, Order
from jiuzhu.rooms.verification.ports import Finding
from jiuzhu.rooms.verification.states import DisputeState


class Reply(Record):
    """One answer of a source, never changed. The newest that is believed speaks; a recheck speaks once an officer has
    corrected the result by it.
    """

    policy = by_division(
        citizen="{t}.person_id = " + OWN_PERSONS, department=ASKED_DEPARTMENT, written_by=frozenset({"department"})
    )
    append_only = True
    personal_data = {"records": PersonalData.FINANCE, "answered_by_name": PersonalData.CONDUCT}

    item = models.ForeignKey(Item, models.PROTECT, related_name="replies", db_index=False, verbose_name="查询事项")
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="+", verbose_name="查询")
    division_code = DivisionCodeField("区划代码")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", verbose_name="人员", db_index=False)
    department = models.CharField("部门", max_length=32, db_collation="C")
    version = models.IntegerField("版本")
    finding = models.CharField("结果", max_length=16)
    records = EncryptedTextField("内容")
    data_as_of = models.DateField("数据日期")
    reference = models.CharField("来源单位流水号", max_length=100)
    sha256 = models.CharField("回复摘要", max_length=64)
    received_at = models.DateTimeField("收到时间")
    answered_by_name = models.CharField("答复人", max_length=64, blank=True)

    class Meta:
        db_table = "verification_reply"
        constraints = [
            known("finding", Finding, "verification_reply_finding"),
            models.UniqueConstraint(fields=["item", "version"], name="verification_reply_version"),
        ]


class Dispute(Record):
    """An objection to a result, with its evidence; the source is asked again and an officer decides."""

    policy = by_division(
        citizen="{t}.person_id = " + OWN_PERSONS,
        department=ASKED_DEPARTMENT,
        written_by=frozenset({"citizen", "department"}),
    )
    personal_data = {
        "statement": PersonalData.FREE_TEXT,
        "filed_by_name": PersonalData.IDENTITY,
        "decided_by_name": PersonalData.CONDUCT,
        "reason": PersonalData.FREE_TEXT,
    }

    item = models.ForeignKey(Item, models.PROTECT, related_name="disputes", db_index=False, verbose_name="查询事项")
    division_code = DivisionCodeField("区划代码")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", verbose_name="人员", db_index=False)
    department = models.CharField("部门", max_length=32, db_collation="C")
    state = models.CharField("状态", max_length=12)
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="+", verbose_name="有异议的回复", db_index=False)
    recheck = models.ForeignKey(
        Reply, models.PROTECT, null=True, related_name="+", verbose_name="复核回复", db_index=False
    )
    statement = EncryptedTextField("异议理由")
    filed_at = models.DateTimeField("提出时间")
    filed_by_name = models.CharField("提出人", max_length=64)
    due_on = models.DateField("复核期限", null=True)
    decided_at = models.DateTimeField("办结时间", null=True)
    decided_by_name = models.CharField("办理人", max_length=64, blank=True)
    reason = models.CharField("办理说明", max_length=400, blank=True)

    class Meta:
        db_table = "verification_dispute"
        constraints = [
            known("state", DisputeState, "verification_dispute_state"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state__in=[DisputeState.FILED.value, DisputeState.RECHECKED.value]),
                name="verification_dispute_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=DisputeState.RECHECKED.value) | Q(recheck__isnull=False),
                name="verification_dispute_rechecked",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DisputeState.CORRECTED.value, DisputeState.UPHELD.value])
                | Q(decided_at__isnull=False, decided_by_name__gt="", reason__gt=""),
                name="verification_dispute_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=DisputeState.CORRECTED.value) | Q(recheck__isnull=False),
                name="verification_dispute_corrected",
            ),
        ]
        indexes = [
            models.Index(fields=["division_code", "state", "id"], name="verification_dispute_list"),
            models.Index(fields=["item", "id"], name="verification_dispute_item"),
        ]


class Report(Record):
    """One version of a verification report, frozen when it was issued. `content` is JSON, sealed; `sha256` its hash."""

    policy = by_division(citizen="{t}.household_id = " + OWN_HOUSEHOLDS)
    append_only = True
    personal_data = {"content": PersonalData.FINANCE, "issued_by_name": PersonalData.CONDUCT}

    order = models.ForeignKey(Order, models.PROTECT, related_name="reports", db_index=False, verbose_name="核对委托")
    division_code = DivisionCodeField("区划代码")
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="+", db_index=False, verbose_name="家庭"
    )
    version = models.IntegerField("版本")
    number = models.CharField("编号", max_length=40, unique=True, db_collation="C")
    content = EncryptedTextField("内容")
    sha256 = models.CharField("摘要", max_length=64)
    unknown_count = models.IntegerField("未知事项数")
    difference_count = models.IntegerField("差异数")
    issued_at = models.DateTimeField("出具时间")
    issued_by_name = models.CharField("出具人", max_length=64)
    valid_to = models.DateField("有效期至", null=True)

    class Meta:
        db_table = "verification_report"
        constraints = [
            models.UniqueConstraint(fields=["order", "version"], name="verification_report_version"),
            models.CheckConstraint(condition=Q(version__gte=1), name="verification_report_from_one"),
        ]
        indexes = [models.Index(fields=["household", "-id"], name="verification_report_household")]


class Viewing(Record):
    """One look at what sources said of a person: who, when, what, and why. The person may read it."""

    policy = by_division(citizen="{t}.person_id = " + OWN_PERSONS)
    append_only = True
    personal_data = {"actor_name": PersonalData.CONDUCT, "why": PersonalData.FREE_TEXT}

    division_code = DivisionCodeField("区划代码")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", verbose_name="人员", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+", db_index=False, verbose_name="核对委托")
    account_id = models.BigIntegerField("账号编号", null=True)
    actor_name = models.CharField("查看人", max_length=64)
    post_title = models.CharField("岗位", max_length=100, blank=True)
    what = models.CharField("查看内容", max_length=64)
    why = models.CharField("查看事由", max_length=200)
    at = models.DateTimeField("时间")

    class Meta:
        db_table = "verification_viewing"
        constraints = [models.CheckConstraint(condition=Q(why__gt=""), name="verification_viewing_why")]
        indexes = [models.Index(fields=["person", "-id"], name="verification_viewing_person")]
