"""Imports of household rolls: the file, what its check found, and which row became which person."""

from django.db import models
from django.db.models import Q

from jiuzhu.groundwork.records import DivisionCodeField, History, PersonalData, Record, by_division, by_parent
from jiuzhu.rooms.registry.models.subjects import Household, Person
from jiuzhu.rooms.registry.states import RollMode, RollSeverity, RollStage, RollState


class RollImport(Record):
    """One uploaded roll. `content_hash` is that of the rows, so that the same roll saved anew is recognised."""

    policy = by_division()
    personal_data = {"file_name": PersonalData.FREE_TEXT, "by_name": PersonalData.CONDUCT}

    division_code = DivisionCodeField("导入范围")
    file_name = models.CharField("文件名", max_length=120)
    file_id = models.BigIntegerField("文件", null=True)
    content_hash = models.CharField("内容摘要", max_length=64, db_collation="C")
    state = models.CharField("状态", max_length=16, default=RollState.UPLOADED.value)
    mode = models.CharField("导入方式", max_length=16, blank=True, default="")
    rows = models.IntegerField("行数")
    households = models.IntegerField("户数")
    households_with_errors = models.IntegerField("有误户数", default=0)
    errors = models.IntegerField("错误数", default=0)
    warnings = models.IntegerField("提醒数", default=0)
    households_imported = models.IntegerField("已导入户数", default=0)
    persons_imported = models.IntegerField("已导入人数", default=0)
    uploaded_at = models.DateTimeField("上传时间")
    checked_at = models.DateTimeField("校验时间", null=True)
    confirmed_at = models.DateTimeField("确认时间", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    by_account = models.BigIntegerField("上传账号", null=True)
    by_name = models.CharField("上传人", max_length=64)

    class Meta:
        db_table = "registry_roll_import"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in RollState]), name="registry_roll_state"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["", *(mode.value for mode in RollMode)]), name="registry_roll_mode"
            ),
            models.UniqueConstraint(
                fields=["content_hash", "division_code"],
                condition=~Q(state=RollState.CANCELLED.value),
                name="registry_roll_content_once",
            ),
        ]
        indexes = [models.Index(fields=["division_code", "-id"], name="registry_roll_division")]


class RollProblem(Record):
    """What is wrong with a row of a roll; `row` and `column` are those of the sheet. The messages repeat no number."""

    policy = by_parent("registry_roll_import", "roll_id")
    history = History.NONE
    personal_data = {"message_zh": PersonalData.FREE_TEXT, "message_en": PersonalData.FREE_TEXT}

    roll = models.ForeignKey(RollImport, models.CASCADE, related_name="+", db_index=False)
    row = models.IntegerField()
    column = models.CharField(max_length=24, blank=True, default="")
    stage = models.CharField(max_length=8)
    severity = models.CharField(max_length=8)
    code = models.CharField(max_length=64)
    message_zh = models.CharField(max_length=400)
    message_en = models.CharField(max_length=400)

    class Meta:
        db_table = "registry_roll_problem"
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=[stage.value for stage in RollStage]), name="registry_roll_problem_stage"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=[one.value for one in RollSeverity]), name="registry_roll_problem_severity"
            ),
        ]
        indexes = [models.Index(fields=["roll", "row", "id"], name="registry_roll_problem_row")]


class RollEntry(Record):
    """A row that was imported, and the person it became; a row becomes a person once."""

    policy = by_parent("registry_roll_import", "roll_id")
    history = History.NONE
    personal_data = {"person": PersonalData.IDENTITY, "household": PersonalData.FAMILY}

    roll = models.ForeignKey(RollImport, models.PROTECT, related_name="+", db_index=False)
    row = models.IntegerField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        db_table = "registry_roll_entry"
        constraints = [models.UniqueConstraint(fields=["roll", "row"], name="registry_roll_entry_once")]
