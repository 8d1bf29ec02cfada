"""What the policy finds of the registered households: runs over a population, and what each found."""

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

_NO, _YES = 0, 3


class ScreeningRun(Record):
    """One screening of a place on a day, with the identity by which anyone can repeat it.

    `totals` holds for each programme how many come out how, and what it would cost a month and a year, in fen.
    """

    policy = by_division()
    personal_data = {"by_name": PersonalData.CONDUCT}

    division_code = DivisionCodeField("筛查范围")
    assessed_on = models.DateField("评估日期")
    pack_digest = models.CharField("政策包摘要", max_length=64)
    snapshot_digest = models.CharField("数据摘要", max_length=64, blank=True, default="")
    engine = models.CharField("计算引擎", max_length=64)
    code_version = models.CharField("程序版本", max_length=32)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    failed_because = models.CharField("未完成原因", max_length=400, blank=True, default="")
    household_count = models.IntegerField("家庭数", default=0)
    person_count = models.IntegerField("人数", default=0)
    changed_count = models.IntegerField("变化条数", default=0)
    totals = models.JSONField("汇总", default=dict)
    by_account = models.BigIntegerField("发起人", null=True)
    by_name = models.CharField("发起人姓名", max_length=64)

    class Meta:
        db_table = "determination_screening_run"
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="determination_screening_run_order",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | (Q(failed_because="") & ~Q(snapshot_digest="")),
                name="determination_screening_run_one_end",
            ),
        ]
        indexes = [models.Index(fields=["division_code", "-id"], name="determination_screening_last")]


class ScreeningFinding(Record):
    """What the last screening proposes for a household or a person in one programme; nothing means not eligible.

    An outcome is 0 no, 1 refer, 2 left to an officer, 3 yes; where both ends differ it is not yet known. It decides
    nothing: it says whom to look at.
    """

    policy = by_division(
        citizen="({t}.household_id = "
        + OWN_HOUSEHOLDS
        + " AND {t}.person_id IS NULL) OR {t}.person_id = "
        + OWN_PERSONS,
    )
    history = History.NONE  # worked out anew at any time
    personal_data = {
        "programme": PersonalData.WELFARE,
        "amount_low_fen": PersonalData.FINANCE,
        "amount_high_fen": PersonalData.FINANCE,
    }

    household = models.ForeignKey("registry.Household", models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="+")
    division_code = DivisionCodeField()
    programme = models.CharField(max_length=40, db_collation="C")
    outcome_low = models.SmallIntegerField()
    outcome_high = models.SmallIntegerField()
    amount_low_fen = FenField()
    amount_high_fen = FenField()
    paid = models.CharField(max_length=8)
    run = models.ForeignKey(ScreeningRun, models.PROTECT, related_name="+")

    class Meta:
        db_table = "determination_screening_finding"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "programme", "person"],
                nulls_distinct=False,
                name="determination_finding_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome_low__gte=_NO, outcome_high__lte=_YES, outcome_high__gte=F("outcome_low"))
                & Q(outcome_high__gt=_NO),
                name="determination_finding_outcome",
            ),
            models.CheckConstraint(
                condition=Q(amount_low_fen__gte=0, amount_high_fen__gte=F("amount_low_fen")),
                name="determination_finding_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["programme", "division_code", "household"], name="determination_finding_list"),
            models.Index(fields=["division_code", "household"], name="determination_finding_place"),
        ]
