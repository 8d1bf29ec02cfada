"""Tables of the room: versions of the policy packs, and standards of assistance.

What is published is written once. Triggers (`migrations/0002`) refuse any other change, and any delete; exclusion
constraints there keep two versions from being in force on one day, and two standards of one parameter and place.
"""

from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from jiuzhu.groundwork.records import DivisionCodeField, PersonalData, Policy, Record, by_division
from jiuzhu.rooms.catalogue.states import PackState, StandardState

_DIGEST = r"^[0-9a-f]{64}$"
_CHECKED = [PackState.CHECKED.value, PackState.PUBLISHED.value, PackState.SUPERSEDED.value]
_PACK_PUBLIC = [PackState.PUBLISHED.value, PackState.SUPERSEDED.value]
_STANDARD_PUBLIC = [StandardState.PUBLISHED.value, StandardState.REPLACED.value]
_DECIDED = [StandardState.APPROVED.value, *_STANDARD_PUBLIC]


def _published_to_all(states: list[str]) -> Policy:
    """Officers see what is prepared in their area; what has been published everyone may read (政府信息公开条例)."""
    public = "{t}.state IN (" + ", ".join(f"'{state}'" for state in states) + ")"
    inside = str(by_division().staff)
    return Policy(staff=f"({inside}) OR {public}", citizen=public, department=public, staff_write=inside)


def _known(states: type[StrEnum], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(state__in=[state.value for state in states]), name=name)


class PackVersion(Record):
    """A whole set of layers as it stood: the canonical archive of all files, and the digest by which runs name it.

    In force from `effective_on` to before `ends_on`. `archive` is what `rules/archives.py` makes; its bytes stay out of
    the trail, where `archive_sha256` stands for them. `check_result` is a `PackCheck` in plain form.
    """

    policy = _published_to_all(_PACK_PUBLIC)
    history_omits = frozenset({"archive"})
    personal_data = {
        "note": PersonalData.FREE_TEXT,
        "drafted_by_name": PersonalData.CONDUCT,
        "checked_by_name": PersonalData.CONDUCT,
        "published_by_name": PersonalData.CONDUCT,
    }

    division_code = DivisionCodeField("区划代码")
    state = models.CharField("状态", max_length=16)
    pack_title = models.CharField("政策包名称", max_length=100)
    note = models.CharField("说明", max_length=1000, blank=True)
    archive = models.BinaryField("政策文件")
    archive_sha256 = models.CharField("政策文件摘要", max_length=64, db_collation="C")
    file_count = models.IntegerField("文件数")
    digest = models.CharField("政策包摘要", max_length=64, blank=True, db_collation="C")
    drafted_at = models.DateTimeField("起草时间")
    drafted_by_account = models.BigIntegerField("起草人账号编号", null=True)
    drafted_by_name = models.CharField("起草人", max_length=64)
    check_result = models.JSONField("校验结果", null=True)
    checked_at = models.DateTimeField("校验时间", null=True)
    checked_by_account = models.BigIntegerField("校验人账号编号", null=True)
    checked_by_name = models.CharField("校验人", max_length=64, blank=True)
    document_number = models.CharField("文号", max_length=100, blank=True)
    effective_on = models.DateField("施行日期", null=True)
    ends_on = models.DateField("终止日期", null=True)
    published_at = models.DateTimeField("发布时间", null=True)
    published_by_account = models.BigIntegerField("发布人账号编号", null=True)
    published_by_name = models.CharField("发布人", max_length=64, blank=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="替代它的版本", db_index=False
    )

    class Meta:
        db_table = "catalogue_pack_version"
        constraints = [
            _known(PackState, "catalogue_pack_state"),
            models.CheckConstraint(condition=Q(archive_sha256__regex=_DIGEST), name="catalogue_pack_sha256"),
            models.CheckConstraint(
                condition=Q(digest="") | Q(digest__regex=_DIGEST), name="catalogue_pack_digest_is_hex"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_CHECKED)
                | Q(digest__gt="", check_result__isnull=False, checked_at__isnull=False),
                name="catalogue_pack_checked_before",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=_PACK_PUBLIC,
                    document_number__gt="",
                    effective_on__isnull=False,
                    published_at__isnull=False,
                    published_by_account__isnull=False,
                )
                | (~Q(state__in=_PACK_PUBLIC) & Q(effective_on=None, ends_on=None, published_at=None)),
                name="catalogue_pack_published_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_by_account=None)
                | Q(drafted_by_account=None)
                | ~Q(published_by_account=F("drafted_by_account")),
                name="catalogue_pack_published_by_another",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("effective_on")), name="catalogue_pack_period"
            ),
            models.CheckConstraint(
                condition=~Q(state=PackState.SUPERSEDED.value) | Q(ends_on__isnull=False, superseded_by__isnull=False),
                name="catalogue_pack_superseded_by_one",
            ),
        ]
        indexes = [
            models.Index(fields=["digest"], name="catalogue_pack_digest"),
            models.Index(fields=["division_code", "id"], name="catalogue_pack_place"),
        ]


class Standard(Record):
    """A dated figure for one parameter of the packs in one place, from proposal to replacement.

    `value` is held as the engine holds it: in the last of `places` decimals of `unit`. In force from `valid_from` to
    before `valid_to`. `floors` are the floors of the packs it was held against when it was approved, NULL before that
    and `[]` when the packs state none.
    """

    policy = _published_to_all(_STANDARD_PUBLIC)
    personal_data = {
        "reasoning": PersonalData.FREE_TEXT,
        "consulted_result": PersonalData.FREE_TEXT,
        "drop_reason": PersonalData.FREE_TEXT,
        "proposed_by_name": PersonalData.CONDUCT,
        "consulted_by_name": PersonalData.CONDUCT,
        "approved_by_name": PersonalData.CONDUCT,
        "published_by_name": PersonalData.CONDUCT,
    }

    division_code = DivisionCodeField("区划代码")
    state = models.CharField("状态", max_length=16)
    parameter = models.CharField("政策参数", max_length=80, db_collation="C")
    unit = models.CharField("单位", max_length=16, blank=True)
    places = models.SmallIntegerField("小数位数")
    value = models.BigIntegerField("数值（末位为单位）")
    valid_from = models.DateField("执行日期")
    valid_to = models.DateField("终止日期", null=True)
    reasoning = models.CharField("测算依据", max_length=2000)
    proposed_at = models.DateTimeField("拟定时间")
    proposed_by_account = models.BigIntegerField("拟定人账号编号", null=True)
    proposed_by_name = models.CharField("拟定人", max_length=64)
    consulted_whom = models.CharField("征求意见对象", max_length=400, blank=True)
    consulted_result = models.CharField("征求意见结果", max_length=2000, blank=True)
    consulted_at = models.DateTimeField("征求意见登记时间", null=True)
    consulted_by_account = models.BigIntegerField("征求意见登记人账号编号", null=True)
    consulted_by_name = models.CharField("征求意见登记人", max_length=64, blank=True)
    floors = models.JSONField("最低标准核对", null=True)
    approved_at = models.DateTimeField("批准时间", null=True)
    approved_by_account = models.BigIntegerField("批准人账号编号", null=True)
    approved_by_name = models.CharField("批准人", max_length=64, blank=True)
    document_title = models.CharField("文件名称", max_length=200, blank=True)
    document_number = models.CharField("文号", max_length=100, blank=True)
    published_at = models.DateTimeField("公布时间", null=True)
    published_by_account = models.BigIntegerField("公布人账号编号", null=True)
    published_by_name = models.CharField("公布人", max_length=64, blank=True)
    drop_reason = models.CharField("未通过的原因", max_length=400, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="替代它的标准", db_index=False
    )

    class Meta:
        db_table = "catalogue_standard"
        constraints = [
            _known(StandardState, "catalogue_standard_state"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="catalogue_standard_period"
            ),
            models.CheckConstraint(condition=Q(places__gte=0, places__lte=4), name="catalogue_standard_places"),
            models.CheckConstraint(
                condition=~Q(state__in=[StandardState.CONSULTED.value, *_DECIDED])
                | Q(consulted_whom__gt="", consulted_result__gt="", consulted_at__isnull=False),
                name="catalogue_standard_consulted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_DECIDED)
                | Q(approved_at__isnull=False, approved_by_account__isnull=False, floors__isnull=False),
                name="catalogue_standard_approved",
            ),
            models.CheckConstraint(
                condition=Q(approved_by_account=None)
                | Q(proposed_by_account=None)
                | ~Q(approved_by_account=F("proposed_by_account")),
                name="catalogue_standard_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_STANDARD_PUBLIC)
                | Q(document_title__gt="", document_number__gt="", published_at__isnull=False),
                name="catalogue_standard_published",
            ),
            models.CheckConstraint(
                condition=~Q(state=StandardState.REPLACED.value) | Q(valid_to__isnull=False, replaced_by__isnull=False),
                name="catalogue_standard_replaced",
            ),
            models.CheckConstraint(
                condition=~Q(state=StandardState.DROPPED.value) | Q(drop_reason__gt=""),
                name="catalogue_standard_dropped",
            ),
        ]
        indexes = [
            models.Index(fields=["division_code", "id"], name="catalogue_standard_place"),
            models.Index(fields=["parameter", "division_code", "valid_from"], name="catalogue_standard_figure"),
        ]


class ImpactRun(Record):
    """What a version would change for the registered households of a place, against another or what is in force.

    It belongs to the version that is being prepared, so it is kept here; what it counts is counted by a journey. It
    holds sums by programme and area and names nobody. `before` is NULL for what was in force on `assessed_on`;
    `effects` are `ImpactLine` in plain form.
    """

    policy = by_division()
    personal_data = {"by_name": PersonalData.CONDUCT}

    division_code = DivisionCodeField("测算范围")
    assessed_on = models.DateField("测算日期")
    after = models.ForeignKey(PackVersion, models.PROTECT, related_name="+", verbose_name="测算的版本")
    before = models.ForeignKey(
        PackVersion, models.PROTECT, null=True, related_name="+", verbose_name="比较的版本", db_index=False
    )
    after_digest = models.CharField("测算的政策包摘要", max_length=64, db_collation="C")
    before_digest = models.CharField("比较的政策包摘要", max_length=64, db_collation="C")
    snapshot_digest = models.CharField("数据摘要", max_length=64, blank=True, default="")
    engine = models.CharField("计算引擎", max_length=64)
    code_version = models.CharField("程序版本", max_length=32)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True)
    failed_because = models.CharField("未完成原因", max_length=400, blank=True, default="")
    household_count = models.IntegerField("家庭数", default=0)
    person_count = models.IntegerField("人数", default=0)
    better_count = models.IntegerField("增加的家庭数", default=0)
    worse_count = models.IntegerField("减少的家庭数", default=0)
    effects = models.JSONField("影响", default=list)
    by_account = models.BigIntegerField("发起人", null=True)
    by_name = models.CharField("发起人姓名", max_length=64)

    class Meta:
        db_table = "catalogue_impact_run"
        constraints = [
            models.CheckConstraint(condition=Q(after_digest__regex=_DIGEST), name="catalogue_impact_after_is_hex"),
            models.CheckConstraint(condition=Q(before_digest__regex=_DIGEST), name="catalogue_impact_before_is_hex"),
            models.CheckConstraint(
                condition=Q(before=None) | ~Q(before=F("after")), name="catalogue_impact_of_two_versions"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None)
                | (Q(finished_at__gte=F("started_at"), failed_because="", snapshot_digest__regex=_DIGEST)),
                name="catalogue_impact_one_end",
            ),
            models.CheckConstraint(
                condition=Q(better_count__gte=0, worse_count__gte=0, household_count__gte=0, person_count__gte=0),
                name="catalogue_impact_counts",
            ),
        ]
        indexes = [models.Index(fields=["division_code", "-id"], name="catalogue_impact_last")]
