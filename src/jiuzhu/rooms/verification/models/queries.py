"""Orders, what they ask of each source, every attempt to ask, and how the sources are doing."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from jiuzhu.groundwork.crypto.fields import EncryptedTextField
from jiuzhu.groundwork.records import (
    OWN_HOUSEHOLDS,
    OWN_PERSONS,
    DivisionCodeField,
    History,
    PersonalData,
    Record,
    Unscoped,
    by_division,
    by_parent,
)
from jiuzhu.rooms.verification.models.consent import Entrustment, Mandate, known
from jiuzhu.rooms.verification.states import AttemptKind, ItemState, Occasion, OrderState

_ANSWERED = [
    ItemState.FOUND.value,
    ItemState.NONE_FOUND.value,
    ItemState.DISPUTED.value,
    ItemState.CORRECTED.value,
    ItemState.UPHELD.value,
]
# the department that is asked, in its own area, from the moment it is asked
ASKED_DEPARTMENT = (
    "{t}.department = (SELECT jiuzhu_department()) AND {t}.department <> ''"
    " AND {t}.division_code >= jiuzhu_division_lo() AND {t}.division_code < jiuzhu_division_hi()"
)


class Batch(Record):
    """Orders made together: for the persons of a file, or for all recipients of a place."""

    policy = by_division()
    personal_data = {"purpose": PersonalData.FREE_TEXT, "ordered_by_name": PersonalData.CONDUCT}

    division_code = DivisionCodeField("区划代码")
    title = models.CharField("名称", max_length=100)
    programmes = ArrayField(models.CharField(max_length=64), verbose_name="救助制度")
    purpose = models.CharField("用途", max_length=200)
    source_sha256 = models.CharField("名单文件摘要", max_length=64, blank=True)
    total = models.IntegerField("户数")
    ordered_at = models.DateTimeField("发起时间")
    ordered_by_name = models.CharField("发起人", max_length=64)

    class Meta:
        db_table = "verification_batch"
        constraints = [models.CheckConstraint(condition=Q(total__gt=0), name="verification_batch_total")]
        indexes = [models.Index(fields=["division_code", "-id"], name="verification_batch_list")]


class BatchLine(Record):
    """One household of a batch: its order, or why it has none."""

    policy = by_parent("verification_batch", "batch_id")
    history = History.NONE
    personal_data = {"row": PersonalData.FREE_TEXT}

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lines", db_index=False, verbose_name="批量核对")
    number = models.IntegerField("行号")
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="家庭"
    )
    order = models.ForeignKey(
        "verification.Order", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="核对委托"
    )
    row = EncryptedTextField("名单内容", null=True)
    problem_zh = models.CharField("问题", max_length=200, blank=True)
    problem_en = models.CharField("问题（英文）", max_length=200, blank=True)
    done = models.BooleanField("已处理", default=False)

    class Meta:
        db_table = "verification_batch_line"
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="verification_batch_line_once")]


class Order(Record):
    """One order to verify a household (核对委托), under a mandate; for another unit also under its entrustment."""

    policy = by_division(citizen="{t}.household_id = " + OWN_HOUSEHOLDS)
    personal_data = {
        "purpose": PersonalData.FREE_TEXT,
        "reason": PersonalData.FREE_TEXT,
        "requested_by_name": PersonalData.CONDUCT,
        "started_by_name": PersonalData.CONDUCT,
    }

    number = models.CharField("编号", max_length=40, unique=True, db_collation="C")
    division_code = DivisionCodeField("区划代码")
    state = models.CharField("状态", max_length=16)
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="+", verbose_name="家庭", db_index=False
    )
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="+", verbose_name="授权书", db_index=False)
    entrustment = models.ForeignKey(
        Entrustment, models.PROTECT, null=True, related_name="+", verbose_name="单位委托", db_index=False
    )
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="批量核对"
    )
    programmes = ArrayField(models.CharField(max_length=64), verbose_name="救助制度")
    occasion = models.CharField("事由", max_length=16)
    occasion_id = models.BigIntegerField("事由编号", null=True)
    purpose = models.CharField("用途", max_length=200)
    asking_office = models.CharField("查询单位", max_length=100)
    requested_at = models.DateTimeField("委托时间")
    requested_by_name = models.CharField("委托人", max_length=64)
    start_due_on = models.DateField("启动期限", null=True)
    started_at = models.DateTimeField("启动时间", null=True)
    started_by_name = models.CharField("启动人", max_length=64, blank=True)
    due_on = models.DateField("报告期限", null=True)
    reported_at = models.DateTimeField("最近报告时间", null=True)
    ended_at = models.DateTimeField("退回或中止时间", null=True)
    reason = models.CharField("退回或中止原因", max_length=400, blank=True)

    class Meta:
        db_table = "verification_order"
        constraints = [
            known("state", OrderState, "verification_order_state"),
            known("occasion", Occasion, "verification_order_occasion"),
            models.CheckConstraint(
                condition=Q(programmes__len__gt=0, purpose__gt=""), name="verification_order_purpose"
            ),
            models.UniqueConstraint(
                fields=["occasion", "occasion_id"],
                condition=Q(
                    occasion_id__isnull=False, state__in=[OrderState.REQUESTED.value, OrderState.STARTED.value]
                ),
                name="verification_order_open_once",
            ),
            models.UniqueConstraint(
                fields=["household", "batch"],
                condition=Q(batch__isnull=False),
                name="verification_order_batch_once",
            ),
        ]
        indexes = [
            models.Index(fields=["division_code", "state", "-id"], name="verification_order_list"),
            models.Index(fields=["household", "-id"], name="verification_order_household"),
            models.Index(fields=["mandate"], name="verification_order_mandate"),
            models.Index(fields=["batch", "state"], condition=Q(batch__isnull=False), name="verification_order_batch"),
        ]


class Item(Record):
    """One question to one source about one person. `subject` is who was asked about, as the register had it (sealed).

    `next_at` is when it is asked (again) by itself; None when nothing more is asked by itself. An item that is
    unavailable stays unknown, whatever the cause.
    """

    policy = by_division(
        citizen="{t}.person_id = " + OWN_PERSONS, department=ASKED_DEPARTMENT, written_by=frozenset({"department"})
    )
    personal_data = {"subject": PersonalData.IDENTITY, "message_zh": PersonalData.FREE_TEXT}

    order = models.ForeignKey(Order, models.PROTECT, related_name="items", db_index=False, verbose_name="核对委托")
    division_code = DivisionCodeField("区划代码")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", verbose_name="人员", db_index=False)
    source = models.CharField("数据来源", max_length=32, db_collation="C")
    item = models.CharField("查询事项", max_length=32, db_collation="C")
    department = models.CharField("部门", max_length=32, db_collation="C")
    state = models.CharField("状态", max_length=16)
    subject = EncryptedTextField("被查询人")
    day = models.DateField("查询日期")
    due_on = models.DateField("答复期限", null=True)
    attempts = models.IntegerField("查询次数", default=0)
    next_at = models.DateTimeField("下次查询时间", null=True)
    asked_at = models.DateTimeField("发送时间", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    cause = models.CharField("未知原因", max_length=20, blank=True)
    message_zh = models.CharField("说明", max_length=400, blank=True)
    message_en = models.CharField("说明（英文）", max_length=400, blank=True)
    reminded_on = models.DateField("催办日期", null=True)
    escalated_on = models.DateField("升级督办日期", null=True)

    class Meta:
        db_table = "verification_item"
        constraints = [
            known("state", ItemState, "verification_item_state"),
            models.UniqueConstraint(fields=["order", "person", "source", "item"], name="verification_item_once"),
            models.CheckConstraint(
                condition=~Q(state=ItemState.UNAVAILABLE.value) | Q(cause__gt=""), name="verification_item_cause"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_ANSWERED) | Q(answered_at__isnull=False), name="verification_item_answered"
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "next_at"], condition=Q(next_at__isnull=False), name="verification_item_due"
            ),
            models.Index(
                fields=["due_on", "id"], condition=Q(state=ItemState.SENT.value), name="verification_item_late"
            ),
            models.Index(fields=["department", "state", "division_code", "id"], name="verification_item_department"),
            models.Index(fields=["person", "-id"], name="verification_item_person"),
            models.Index(
                fields=["division_code", "id"],
                condition=Q(state=ItemState.DISPUTED.value),
                name="verification_item_disputed",
            ),
        ]


class Attempt(Record):
    """One query sent to a source. `key` names it for ever: a source that gets it twice answers the same.

    Open (`ended_at` None) it waits for its outcome; a process that died leaves it open, and the next one takes it up
    under the same key. At most one attempt of an item is open.
    """

    policy = by_division(
        citizen="{t}.person_id = " + OWN_PERSONS, department=ASKED_DEPARTMENT, written_by=frozenset({"department"})
    )
    history = History.NONE
    personal_data = {}

    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False, verbose_name="查询事项")
    division_code = DivisionCodeField("区划代码")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", verbose_name="人员", db_index=False)
    department = models.CharField("部门", max_length=32, db_collation="C")
    key = models.CharField("查询编号", max_length=64, unique=True, db_collation="C")
    kind = models.CharField("类别", max_length=8)
    day = models.DateField("查询日期")
    asked_at = models.DateTimeField("发送时间")
    batch_key = models.CharField("文件批次", max_length=64, blank=True, db_collation="C")
    ended_at = models.DateTimeField("结束时间", null=True)
    outcome = models.CharField("结果", max_length=20, blank=True)

    class Meta:
        db_table = "verification_attempt"
        constraints = [
            known("kind", AttemptKind, "verification_attempt_kind"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(ended_at__isnull=True), name="verification_attempt_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | Q(ended_at__isnull=False, outcome__gt=""),
                name="verification_attempt_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["item", "id"], name="verification_attempt_item"),
            models.Index(fields=["person", "-id"], name="verification_attempt_person"),
            models.Index(
                fields=["batch_key"], condition=~Q(batch_key="") & Q(ended_at=None), name="verification_attempt_batch"
            ),
        ]


class FileBatch(Record):
    """A file of questions put out for a source that answers by files."""

    policy = Unscoped("names a file and a source, and nobody")
    personal_data = {}

    source = models.CharField("数据来源", max_length=32, db_collation="C")
    key = models.CharField("批次", max_length=64, unique=True, db_collation="C")
    questions = models.IntegerField("查询数")
    made_at = models.DateTimeField("生成时间")
    sent_at = models.DateTimeField("发送时间", null=True)
    sha256 = models.CharField("文件摘要", max_length=64, blank=True)
    collected_at = models.DateTimeField("取回时间", null=True)

    class Meta:
        db_table = "verification_file_batch"
        indexes = [
            models.Index(fields=["source", "id"], condition=Q(collected_at=None), name="verification_file_batch_open")
        ]


class SourceHealth(Record):
    """How a source is doing. While `open_until` lies ahead the circuit is open and nothing is sent."""

    policy = Unscoped("says how a source is doing, and nothing of anybody")
    history = History.NONE
    personal_data = {}

    source = models.CharField("数据来源", max_length=32, unique=True, db_collation="C")
    failures = models.IntegerField("连续失败次数", default=0)
    openings = models.IntegerField("连续熔断次数", default=0)
    open_until = models.DateTimeField("熔断至", null=True)
    last_success_at = models.DateTimeField("最近成功", null=True)
    last_failure_at = models.DateTimeField("最近失败", null=True)
    last_cause = models.CharField("最近失败原因", max_length=20, blank=True)

    class Meta:
        db_table = "verification_source_health"
