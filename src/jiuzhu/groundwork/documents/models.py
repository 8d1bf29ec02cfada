"""The register of issued documents: what was issued under which number, what ended it, and the numbers given out."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jiuzhu.groundwork.records import (
    OWN_HOUSEHOLDS,
    OWN_PERSONS,
    DivisionCodeField,
    History,
    PersonalData,
    Policy,
    Record,
    by_division,
    by_parent,
)

# no sign that is taken for another on paper: no 0 O 1 I L
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 12


class DocumentCounter(Record):
    """The last serial number of a prefix, a county and a year. A number is taken by changing the row, so none is lost.

    Numbers are taken as the system: a township's officer takes the next of its county.
    """

    policy = Policy(staff=None)
    history = History.NONE
    personal_data = {}

    prefix = models.CharField("字头", max_length=8, db_collation="C")
    division_code = DivisionCodeField("县级区划代码")
    year = models.SmallIntegerField("年份")
    last = models.IntegerField("最后序号")

    class Meta:
        db_table = "document_counter"
        constraints = [
            models.UniqueConstraint(fields=["prefix", "division_code", "year"], name="document_counter_once"),
            models.CheckConstraint(condition=Q(prefix__regex="^[A-Z]{1,8}$"), name="document_counter_prefix"),
            models.CheckConstraint(condition=Q(division_code__regex="^[0-9]{6}0{6}$"), name="document_counter_county"),
            models.CheckConstraint(condition=Q(last__gte=1) & Q(last__lte=999_999), name="document_counter_six_digits"),
        ]


class IssuedDocument(Record):
    """One document that left the house: its number, the hash of its file, and the code by which anyone checks it.

    `object_type` and `object_id` name what it is about, `version` which state of that it says. `title` is that of the
    form and names nobody. A document about a person belongs to that person, else to the household.
    """

    policy = by_division(
        citizen=f"{{t}}.person_id = {OWN_PERSONS}"
        f" OR ({{t}}.person_id IS NULL AND {{t}}.household_id = {OWN_HOUSEHOLDS})",
        written_by=frozenset({"citizen"}),
    )
    append_only: ClassVar[bool] = True
    # whoever holds the code may ask: it stays on the paper and out of the trail
    history_omits = frozenset({"check_code"})
    personal_data = {
        "issued_by_id": PersonalData.CONDUCT,
        "household_id": PersonalData.FAMILY,
        "person_id": PersonalData.FAMILY,
    }

    kind = models.CharField("文书种类", max_length=64, db_collation="C")
    number = models.CharField("文书编号", max_length=32, db_collation="C", unique=True)
    title = models.CharField("文书标题", max_length=100)
    issuer = models.CharField("出具机关", max_length=100)
    object_type = models.CharField("所属对象类型", max_length=64, db_collation="C")
    object_id = models.BigIntegerField("所属对象编号")
    version = models.IntegerField("版本")
    division_code = DivisionCodeField("区划代码")
    sha256 = models.CharField("文件摘要", max_length=64, db_collation="C")
    check_code = models.CharField("核验码", max_length=CODE_LENGTH, db_collation="C")
    issued_on = models.DateField("出具日期")
    issued_at = models.DateTimeField("出具时间")
    issued_by_id = models.BigIntegerField("出具账号", null=True)
    household_id = models.BigIntegerField("相关家庭", null=True)
    person_id = models.BigIntegerField("相关人员", null=True)

    class Meta:
        db_table = "issued_document"
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "object_id", "kind", "version"], name="issued_document_once_per_version"
            ),
            models.CheckConstraint(
                condition=Q(kind__regex=r"^[a-z_]+\.[a-z_]+$") & Q(object_type__regex=r"^[a-z_]+\.[a-z_]+$"),
                name="issued_document_kinds_are_room_and_noun",
            ),
            models.CheckConstraint(
                condition=Q(number__regex="^[A-Z]{1,8}[0-9]{16}$"), name="issued_document_number_form"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="issued_document_version_from_one"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="issued_document_sha256_is_hex"),
            models.CheckConstraint(
                condition=Q(check_code__regex=f"^[{CODE_SIGNS}]{{{CODE_LENGTH}}}$"), name="issued_document_code_form"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(issuer=""), name="issued_document_has_title_and_issuer"),
        ]
        indexes = [
            models.Index(fields=["division_code", "issued_at"], name="issued_document_division"),
            models.Index(
                fields=["household_id"], name="issued_document_household", condition=Q(household_id__isnull=False)
            ),
            models.Index(fields=["person_id"], name="issued_document_person", condition=Q(person_id__isnull=False)),
        ]


class EndKind(models.TextChoices):
    """How a document ceases to hold."""

    REPLACED = "replaced", "已被代替"
    WITHDRAWN = "withdrawn", "已收回"


class DocumentEnd(Record):
    """The end of a document, as a row of its own: what was issued is never changed."""

    policy = by_parent("issued_document", "document_id")
    append_only: ClassVar[bool] = True
    personal_data = {"reason": PersonalData.FREE_TEXT, "ended_by_id": PersonalData.CONDUCT}

    document = models.OneToOneField(IssuedDocument, models.PROTECT, related_name="end", verbose_name="文书")
    kind = models.CharField("结束方式", max_length=16, choices=EndKind.choices)
    replaced_by = models.ForeignKey(
        IssuedDocument, models.PROTECT, related_name="+", null=True, verbose_name="代替它的文书"
    )
    reason = models.CharField("原因", max_length=500)
    ended_at = models.DateTimeField("结束时间")
    ended_by_id = models.BigIntegerField("结束账号", null=True)

    class Meta:
        db_table = "document_end"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="replaced", replaced_by__isnull=False) | Q(kind="withdrawn", replaced_by__isnull=True),
                name="document_end_names_what_replaces",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("document")),
                name="document_end_not_by_itself",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="document_end_has_a_reason"),
        ]
