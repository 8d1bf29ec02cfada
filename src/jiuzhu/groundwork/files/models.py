"""The table of uploaded files."""

from django.db import models
from django.db.models import Q

from jiuzhu.groundwork.files.limits import MediaType
from jiuzhu.groundwork.records import OWN_HOUSEHOLDS, OWN_PERSONS, DivisionCodeField, PersonalData, Record, by_division


class StoredFile(Record):
    """One upload that belongs to one object (`owner_type`, `owner_id`); equal bytes share one stored copy.

    `household_id` and `person_id` name whom the file concerns, so that a citizen sees what staff scanned of the family.
    `owner_type` is a name a room registered (`application.material`), `sha256` that of the stored, cleaned bytes.
    """

    policy = by_division(
        citizen="{t}.uploaded_by_id = (SELECT jiuzhu_account_id())"
        f" OR {{t}}.household_id = {OWN_HOUSEHOLDS} OR {{t}}.person_id = {OWN_PERSONS}",
        written_by=frozenset({"citizen"}),
    )
    personal_data = {
        "original_name": PersonalData.FREE_TEXT,
        "uploaded_by_id": PersonalData.CONDUCT,
        "household_id": PersonalData.FAMILY,
        "person_id": PersonalData.FAMILY,
    }

    sha256 = models.CharField("内容摘要", max_length=64, db_collation="C")
    size_bytes = models.BigIntegerField("大小（字节）")
    media_type = models.CharField("类型", max_length=100, choices=[(one.value, one.value) for one in MediaType])
    original_name = models.CharField("文件名", max_length=120)
    width_px = models.IntegerField("宽（像素）", null=True)
    height_px = models.IntegerField("高（像素）", null=True)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by_id = models.BigIntegerField("上传账号", null=True)
    division_code = DivisionCodeField("区划代码")
    owner_type = models.CharField("所属对象类型", max_length=64, db_collation="C")
    owner_id = models.BigIntegerField("所属对象编号")
    household_id = models.BigIntegerField("相关家庭", null=True)
    person_id = models.BigIntegerField("相关人员", null=True)

    class Meta:
        db_table = "stored_file"
        constraints = [
            models.UniqueConstraint(
                fields=["owner_type", "owner_id", "sha256", "uploaded_by_id"],
                name="stored_file_once_per_owner",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="stored_file_sha256_is_hex"),
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="stored_file_not_empty"),
            models.CheckConstraint(
                condition=Q(media_type__in=[one.value for one in MediaType]), name="stored_file_media_type_known"
            ),
            models.CheckConstraint(
                condition=Q(width_px__isnull=True, height_px__isnull=True) | Q(width_px__gt=0, height_px__gt=0),
                name="stored_file_both_sides_or_none",
            ),
        ]
        indexes = [
            models.Index(fields=["sha256"], name="stored_file_sha256"),
            models.Index(fields=["division_code"], name="stored_file_division"),
            models.Index(
                fields=["household_id"], name="stored_file_household", condition=Q(household_id__isnull=False)
            ),
            models.Index(fields=["person_id"], name="stored_file_person", condition=Q(person_id__isnull=False)),
        ]
