"""Tables of background work: effects already done, and the progress of long jobs."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jiuzhu.groundwork.records import DivisionCodeField, History, PersonalData, Policy, Record, Unscoped


class UniqueEffect(Record):
    """The key of an effect that has happened, written in the effect's own transaction; a second try finds it."""

    policy = Unscoped("keys of jobs and numbers only; every kind of actor may run a job")
    history = History.NONE
    personal_data = {}

    key = models.TextField(unique=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "task_effect"


_OWN = "{t}.owner_account_id = (SELECT jiuzhu_account_id())"


class ProgressState(models.TextChoices):
    """Where a long job stands."""

    WAITING = "waiting", _("等待中")
    RUNNING = "running", _("进行中")
    FINISHED = "finished", _("已完成")
    STOPPED = "stopped", _("已中止")


class Progress(Record):
    """How far a long job has come; belongs to the account that asked for it."""

    policy = Policy(staff=_OWN, citizen=_OWN, department=_OWN, written_by=frozenset({"citizen", "department"}))
    history = History.NONE
    personal_data = {"message": PersonalData.FREE_TEXT}

    key = models.TextField(unique=True)
    title = models.TextField()
    state = models.CharField(max_length=16, choices=ProgressState.choices, default=ProgressState.WAITING)
    total = models.IntegerField(null=True)
    done = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    owner_account_id = models.BigIntegerField(null=True)
    division_code = DivisionCodeField(null=True)
    message = models.TextField(default="")
    result_file_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "task_progress"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ProgressState]), name="task_progress_state_known"
            ),
            models.CheckConstraint(
                condition=Q(done__gte=0) & Q(failed__gte=0) & (Q(total=None) | Q(total__gte=F("done") + F("failed"))),
                name="task_progress_counts",
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None, state__in=["waiting", "running"])
                | Q(finished_at__isnull=False, state__in=["finished", "stopped"]),
                name="task_progress_end",
            ),
        ]
        indexes = [models.Index(fields=["owner_account_id", "-created_at"], name="task_progress_owner")]
