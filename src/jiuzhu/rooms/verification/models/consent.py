"""Consent: the mandate (授权书) that names what may be asked, each person's signature, and entrustments of other units.

A trigger (`migrations/0002`) refuses every query that no live signature under a mandate covers.
"""

from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from jiuzhu.groundwork.records import (
    OWN_HOUSEHOLDS,
    OWN_PERSONS,
    DivisionCodeField,
    PersonalData,
    Record,
    by_division,
)
from jiuzhu.rooms.verification.states import EntrustmentState, SignatureMethod, SignatureState, SignedBy, SignerRole


def known(field: str, values: type[StrEnum], name: str) -> models.CheckConstraint:
    """The column holds one of the values."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [one.value for one in values]}), name=name)


class Mandate(Record):
    """A 授权书 of one household: which items (`source.item`) may be asked, for what, and from when to when.

    `[valid_from, valid_to]`, both days included. `text` is the letter as it was signed, `text_version` the wording,
    `sha256` of text and particulars together. `covers_reviews`: later periodic checks are covered too.
    """

    policy = by_division(citizen="{t}.household_id = " + OWN_HOUSEHOLDS)
    append_only = True
    personal_data = {
        "purpose": PersonalData.FREE_TEXT,
        "text": PersonalData.FREE_TEXT,
        "drawn_up_by_name": PersonalData.CONDUCT,
    }

    number = models.CharField("编号", max_length=40, unique=True, db_collation="C")
    division_code = DivisionCodeField("区划代码")
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="+", verbose_name="家庭", db_index=False
    )
    programmes = ArrayField(models.CharField(max_length=64), verbose_name="救助制度")
    purpose = models.CharField("用途", max_length=200)
    items = ArrayField(models.CharField(max_length=64), verbose_name="授权事项")
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("终止日期")
    covers_reviews = models.BooleanField("包括以后的定期核查")
    text_version = models.CharField("文本版本", max_length=16)
    text = models.TextField("授权书文本")
    sha256 = models.CharField("摘要", max_length=64)
    drawn_up_at = models.DateTimeField("制作时间")
    drawn_up_by_name = models.CharField("制作人", max_length=64)

    class Meta:
        db_table = "verification_mandate"
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="verification_mandate_period"),
            models.CheckConstraint(
                condition=Q(items__len__gt=0, programmes__len__gt=0, purpose__gt=""), name="verification_mandate_named"
            ),
        ]
        indexes = [models.Index(fields=["household", "-id"], name="verification_mandate_household")]


class Signature(Record):
    """One person's part in a mandate. A supporter needs a recorded necessity (社会救助法 art. 41)."""

    policy = by_division(citizen="{t}.person_id = " + OWN_PERSONS, written_by=frozenset({"citizen"}))
    personal_data = {
        "necessity": PersonalData.FREE_TEXT,
        "signer_name": PersonalData.IDENTITY,
        "reason": PersonalData.FREE_TEXT,
        "recorded_by_name": PersonalData.CONDUCT,
    }

    mandate = models.ForeignKey(
        Mandate, models.PROTECT, related_name="signatures", db_index=False, verbose_name="授权书"
    )
    division_code = DivisionCodeField("区划代码")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", verbose_name="人员", db_index=False)
    role = models.CharField("身份", max_length=16)
    necessity = models.CharField("查询必要性", max_length=400, blank=True)
    state = models.CharField("状态", max_length=16)
    signed_by = models.CharField("签署方式", max_length=16, blank=True)
    signer_name = models.CharField("签署人", max_length=64, blank=True)
    method = models.CharField("签名形式", max_length=20, blank=True)
    evidence_sha256 = models.CharField("签名文件摘要", max_length=64, blank=True)
    signed_at = models.DateTimeField("签署时间", null=True)
    ended_at = models.DateTimeField("撤回或不同意的时间", null=True)
    reason = models.CharField("原因", max_length=400, blank=True)
    recorded_by_name = models.CharField("登记人", max_length=64, blank=True)

    class Meta:
        db_table = "verification_signature"
        constraints = [
            known("state", SignatureState, "verification_signature_state"),
            known("role", SignerRole, "verification_signature_role"),
            models.UniqueConstraint(fields=["mandate", "person"], name="verification_signature_once"),
            models.CheckConstraint(
                condition=~Q(role=SignerRole.SUPPORTER.value) | Q(necessity__gt=""),
                name="verification_signature_necessity",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[SignatureState.SIGNED.value, SignatureState.WITHDRAWN.value])
                | Q(
                    signed_at__isnull=False,
                    signer_name__gt="",
                    signed_by__in=[one.value for one in SignedBy],
                    method__in=[one.value for one in SignatureMethod],
                ),
                name="verification_signature_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[SignatureState.DECLINED.value, SignatureState.WITHDRAWN.value])
                | Q(ended_at__isnull=False, reason__gt=""),
                name="verification_signature_ended",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="verification_signature_person")]


class Entrustment(Record):
    """A unit outside civil affairs (housing, education, unions) asks the office to verify for its programmes."""

    policy = by_division()
    personal_data = {
        "unit_name": PersonalData.FREE_TEXT,
        "reason": PersonalData.FREE_TEXT,
        "recorded_by_name": PersonalData.CONDUCT,
    }

    division_code = DivisionCodeField("区划代码")
    state = models.CharField("状态", max_length=16)
    unit_name = models.CharField("委托单位", max_length=100)
    department = models.CharField("部门", max_length=32, db_collation="C")
    programmes = ArrayField(models.CharField(max_length=64), verbose_name="救助制度")
    document_number = models.CharField("委托文号", max_length=100)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("终止日期")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by_name = models.CharField("登记人", max_length=64)
    ended_at = models.DateTimeField("终止时间", null=True)
    reason = models.CharField("终止原因", max_length=400, blank=True)

    class Meta:
        db_table = "verification_entrustment"
        constraints = [
            known("state", EntrustmentState, "verification_entrustment_state"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="verification_entrustment_period"),
            models.CheckConstraint(
                condition=Q(programmes__len__gt=0, unit_name__gt="", document_number__gt=""),
                name="verification_entrustment_named",
            ),
            models.CheckConstraint(
                condition=Q(state=EntrustmentState.IN_FORCE.value) | Q(ended_at__isnull=False, reason__gt=""),
                name="verification_entrustment_ended",
            ),
        ]
        indexes = [models.Index(fields=["division_code", "state"], name="verification_entrustment_list")]
