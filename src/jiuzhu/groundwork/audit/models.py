"""Tables of the audit trail. Only the database's triggers write them; nobody may change or delete a row."""

from django.db import models
from django.db.models import Q

from jiuzhu.groundwork.records import DivisionCodeField, History, PersonalData, Policy, Record, Unscoped


class AuditLane(Record):
    """One of several parallel hash chains; a transaction writes to one free lane, so writers do not queue up."""

    policy = Unscoped("hashes and heights only")
    history = History.NONE
    personal_data = {}

    height = models.BigIntegerField(default=0)
    head = models.BinaryField()

    class Meta:
        db_table = "audit_lane"


class AuditBlock(Record):
    """One statement that changed rows: who, when, why, which table; `hash` covers block, rows and former hash."""

    policy = Policy(
        staff="{t}.account_id = (SELECT jiuzhu_account_id())"
        " OR EXISTS (SELECT 1 FROM audit_change c WHERE c.block_id = {t}.id)",
        citizen="EXISTS (SELECT 1 FROM audit_change c WHERE c.block_id = {t}.id)",
    )
    history = History.NONE
    personal_data = {"actor": PersonalData.CONDUCT, "reason": PersonalData.FREE_TEXT}

    lane = models.ForeignKey(AuditLane, on_delete=models.PROTECT, related_name="+", db_index=False)
    height = models.BigIntegerField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    at = models.DateTimeField()
    table_name = models.TextField()
    operation = models.TextField()
    actor_kind = models.TextField()
    actor = models.TextField()
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    request_id = models.TextField()
    changes = models.IntegerField()

    class Meta:
        db_table = "audit_block"
        constraints = [models.UniqueConstraint(fields=["lane", "height"], name="audit_block_one_per_height")]
        indexes = [
            models.Index(fields=["at"], name="audit_block_at"),
            models.Index(fields=["account_id", "at"], name="audit_block_account"),
        ]


class AuditChange(Record):
    """One changed row: its images before and after as JSON, and the digest of both."""

    policy = Policy(
        staff="({t}.division_code >= (SELECT jiuzhu_division_lo())"
        " AND {t}.division_code < (SELECT jiuzhu_division_hi()))"
        " OR ({t}.division_code IS NULL AND (SELECT jiuzhu_is_auditor()))",
        citizen="{t}.table_name = 'registry_person' AND {t}.row_id = ANY ((SELECT jiuzhu_person_ids())::bigint[])",
    )
    history = History.NONE
    personal_data = {"before": PersonalData.FREE_TEXT, "after": PersonalData.FREE_TEXT}

    block = models.ForeignKey(AuditBlock, on_delete=models.PROTECT, related_name="+", db_index=False)
    ordinal = models.IntegerField()
    table_name = models.TextField()
    row_id = models.BigIntegerField()
    division_code = DivisionCodeField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    digest = models.BinaryField()

    class Meta:
        db_table = "audit_change"
        constraints = [
            models.UniqueConstraint(fields=["block", "ordinal"], name="audit_change_one_per_ordinal"),
            models.CheckConstraint(
                condition=Q(before__isnull=False) | Q(after__isnull=False), name="audit_change_has_an_image"
            ),
        ]
        indexes = [models.Index(fields=["table_name", "row_id", "id"], name="audit_change_row")]
