"""Tables of the room: notices of what the law wants shown, and objections to them.

A notice holds nothing that may not be shown: the database refuses any other field, and any long number. Its content is
written once; triggers (`migrations/0002`) refuse another change, and any delete.
"""

from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from jiuzhu.groundwork.crypto.fields import EncryptedTextField
from jiuzhu.groundwork.records import DivisionCodeField, PersonalData, Record, by_division
from jiuzhu.rooms.disclosure.states import Board, Channel, NoticeState, ObjectionState

_CHECKED = [
    NoticeState.CHECKED.value,
    NoticeState.POSTED.value,
    NoticeState.INTERRUPTED.value,
    NoticeState.EXPIRED.value,
]
_SHOWN = [NoticeState.POSTED.value, NoticeState.INTERRUPTED.value, NoticeState.EXPIRED.value]
_FOUND = [
    ObjectionState.SUSTAINED.value,
    ObjectionState.DISMISSED.value,
    ObjectionState.ANSWERED.value,
    ObjectionState.CLOSED.value,
]


def _known(field: str, values: type[StrEnum], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [one.value for one in values]}), name=name)


class Notice(Record):
    """One notice about one case on one board.

    `subject_type` and `subject_id` name the case (`determination.determination`, id). `content` holds the permitted
    fields alone, the name masked. Posted from `posted_on` to the end of `last_day`; without a last day (`days_nd` NULL)
    as long as it holds.
    """

    policy = by_division()
    personal_data = {
        "content": PersonalData.WELFARE,
        "prepared_by_name": PersonalData.CONDUCT,
        "checked_by_name": PersonalData.CONDUCT,
        "posted_by_name": PersonalData.CONDUCT,
        "interruption": PersonalData.FREE_TEXT,
        "withdrawal": PersonalData.FREE_TEXT,
    }

    division_code = DivisionCodeField("区划代码")
    state = models.CharField("状态", max_length=16)
    board = models.CharField("公示栏", max_length=16)
    programme = models.CharField("救助制度", max_length=64, db_collation="C")
    subject_type = models.CharField("对象", max_length=64, db_collation="C")
    subject_id = models.BigIntegerField("对象编号")
    pack_digest = models.CharField("政策包摘要", max_length=64, db_collation="C")
    content = models.JSONField("公示内容")
    where = ArrayField(models.CharField(max_length=16), verbose_name="公示地点")
    days_nd = models.SmallIntegerField("公示天数", null=True)
    prepared_at = models.DateTimeField("拟定时间")
    prepared_by_account = models.BigIntegerField("拟定人账号编号", null=True)
    prepared_by_name = models.CharField("拟定人", max_length=64)
    checked_at = models.DateTimeField("审核时间", null=True)
    checked_by_account = models.BigIntegerField("审核人账号编号", null=True)
    checked_by_name = models.CharField("审核人", max_length=64, blank=True)
    posted_at = models.DateTimeField("张贴时间", null=True)
    posted_by_account = models.BigIntegerField("张贴人账号编号", null=True)
    posted_by_name = models.CharField("张贴人", max_length=64, blank=True)
    posted_on = models.DateField("张贴日期", null=True)
    last_day = models.DateField("期满日期", null=True)
    interruptions = models.SmallIntegerField("中断次数", default=0)
    interruption = models.CharField("中断原因", max_length=400, blank=True)
    taken_down_at = models.DateTimeField("撤下时间", null=True)
    withdrawal = models.CharField("撤回原因", max_length=400, blank=True)

    class Meta:
        db_table = "disclosure_notice"
        constraints = [
            _known("state", NoticeState, "disclosure_notice_state"),
            _known("board", Board, "disclosure_notice_board"),
            models.CheckConstraint(condition=Q(days_nd=None) | Q(days_nd__gte=1), name="disclosure_notice_days"),
            models.CheckConstraint(
                condition=~Q(state__in=_CHECKED) | Q(checked_at__isnull=False, checked_by_account__isnull=False),
                name="disclosure_notice_checked",
            ),
            models.CheckConstraint(
                condition=Q(checked_by_account=None)
                | Q(prepared_by_account=None)
                | ~Q(checked_by_account=F("prepared_by_account")),
                name="disclosure_notice_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_SHOWN) | Q(posted_at__isnull=False, posted_on__isnull=False),
                name="disclosure_notice_posted",
            ),
            models.CheckConstraint(
                condition=Q(posted_on=None) | Q(days_nd=None, last_day=None) | Q(last_day__gt=F("posted_on")),
                name="disclosure_notice_period",
            ),
            models.CheckConstraint(
                condition=~Q(state=NoticeState.WITHDRAWN.value) | Q(withdrawal__gt=""),
                name="disclosure_notice_withdrawn",
            ),
            # one notice of a case on a board at a time
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "board"],
                condition=~Q(state__in=[NoticeState.EXPIRED.value, NoticeState.WITHDRAWN.value]),
                name="disclosure_notice_one",
            ),
        ]
        indexes = [
            models.Index(fields=["division_code", "id"], name="disclosure_notice_place"),
            models.Index(
                fields=["division_code", "posted_on"],
                condition=Q(state=NoticeState.POSTED.value),
                name="disclosure_notice_shown",
            ),
            models.Index(
                fields=["last_day"], condition=Q(state=NoticeState.POSTED.value), name="disclosure_notice_ends"
            ),
        ]


class Objection(Record):
    """An objection to a notice; whoever makes it may stay unknown, and what is said is sealed.

    `number` is what the objector is given to ask for the answer.
    """

    policy = by_division()
    personal_data = {
        "text": PersonalData.FREE_TEXT,
        "name": PersonalData.IDENTITY,
        "contact": PersonalData.CONTACT,
        "finding": PersonalData.FREE_TEXT,
        "answer": PersonalData.FREE_TEXT,
        "received_by_name": PersonalData.CONDUCT,
        "checked_by_name": PersonalData.CONDUCT,
        "answered_by_name": PersonalData.CONDUCT,
    }

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="+", verbose_name="公示", db_index=False)
    division_code = DivisionCodeField("区划代码")
    state = models.CharField("状态", max_length=16)
    number = models.CharField("查询号", max_length=16, unique=True, db_collation="C")
    channel = models.CharField("收到方式", max_length=16)
    is_anonymous = models.BooleanField("匿名")
    text = EncryptedTextField("异议内容")
    name = EncryptedTextField("姓名", null=True)
    contact = EncryptedTextField("联系方式", null=True)
    received_at = models.DateTimeField("收到时间")
    received_by_name = models.CharField("接收人", max_length=64)
    finding = EncryptedTextField("核查结论", null=True)
    checked_at = models.DateTimeField("核查时间", null=True)
    checked_by_account = models.BigIntegerField("核查人账号编号", null=True)
    checked_by_name = models.CharField("核查人", max_length=64, blank=True)
    answer = EncryptedTextField("答复内容", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by_name = models.CharField("答复人", max_length=64, blank=True)

    class Meta:
        db_table = "disclosure_objection"
        constraints = [
            _known("state", ObjectionState, "disclosure_objection_state"),
            _known("channel", Channel, "disclosure_objection_channel"),
            models.CheckConstraint(
                condition=Q(is_anonymous=True, name__isnull=True) | Q(is_anonymous=False, name__isnull=False),
                name="disclosure_objection_name",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_FOUND) | Q(finding__isnull=False, checked_at__isnull=False),
                name="disclosure_objection_found",
            ),
            models.CheckConstraint(
                condition=~Q(state=ObjectionState.ANSWERED.value)
                | Q(is_anonymous=False, answer__isnull=False, answered_at__isnull=False),
                name="disclosure_objection_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state=ObjectionState.CLOSED.value) | Q(is_anonymous=True),
                name="disclosure_objection_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["notice", "id"], name="disclosure_objection_notice"),
            models.Index(fields=["division_code", "state", "id"], name="disclosure_objection_list"),
        ]
