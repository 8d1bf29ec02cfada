"""What stands in the form: who belongs to the household, what was answered, what is needed, handed in and signed.

A trigger (`migrations/0002`) closes all of it when the form is submitted; what was told to be missing may be added.
"""

from django.db import models
from django.db.models import Q

from jiuzhu.groundwork.crypto.fields import EncryptedTextField
from jiuzhu.groundwork.records import DivisionCodeField, PersonalData, Record
from jiuzhu.rooms.application.models.applications import Application
from jiuzhu.rooms.application.models.policies import known, of_application
from jiuzhu.rooms.application.states import AnswerOrigin, MaterialForm, NeedKind, SignedPaper, Signing


class Member(Record):
    """A member of the household as the registry had it when the form was begun; `row` is the order on the form."""

    policy = of_application()
    personal_data = {
        "name": PersonalData.IDENTITY,
        "birth_date": PersonalData.IDENTITY,
        "person": PersonalData.FAMILY,
        "guardian_name": PersonalData.FAMILY,
    }

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="members", db_index=False, verbose_name="申请"
    )
    division_code = DivisionCodeField("区划代码")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", verbose_name="人员")
    row = models.SmallIntegerField("顺序")
    name = models.CharField("姓名", max_length=64)
    birth_date = models.DateField("出生日期")
    counts_as_member = models.BooleanField("计入共同生活人口")
    is_head = models.BooleanField("户主")
    guardian_name = models.CharField("监护人", max_length=64, blank=True)

    class Meta:
        db_table = "application_member"
        constraints = [
            models.UniqueConstraint(fields=["application", "person"], name="application_member_once"),
            models.UniqueConstraint(fields=["application", "row"], name="application_member_row"),
        ]


class Answer(Record):
    """One answer: of the household (`person` null) or of a member, to a question of the packs.

    `value` is the text of the packs (`yes`, `1200.50`, `2026-03-01`, a code), None when it is said to be unknown: that
    is an answer, and never nought. `origin` and `found_on` say where a value comes from that was filled in beforehand.
    """

    policy = of_application()
    personal_data = {
        "value": PersonalData.FREE_TEXT,
        "person": PersonalData.FAMILY,
        "answered_by_name": PersonalData.CONDUCT,
    }

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="answers", db_index=False, verbose_name="申请"
    )
    division_code = DivisionCodeField("区划代码")
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="+", verbose_name="人员")
    fact = models.CharField("问题", max_length=64, db_collation="C")
    value = EncryptedTextField("回答", null=True)
    origin = models.CharField("来源", max_length=16)
    found_on = models.DateField("取得日期", null=True)
    pack_digest = models.CharField("政策包摘要", max_length=64, db_collation="C")
    answered_at = models.DateTimeField("回答时间")
    answered_by_account = models.BigIntegerField("回答人账号编号", null=True)
    answered_by_name = models.CharField("回答人", max_length=64)

    class Meta:
        db_table = "application_answer"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "person", "fact"], name="application_answer_once", nulls_distinct=False
            ),
            known("origin", AnswerOrigin, "application_answer_origin"),
        ]


class Need(Record):
    """What the household says that it needs, beyond the programmes applied for."""

    policy = of_application()
    personal_data = {"detail": PersonalData.FREE_TEXT, "person": PersonalData.FAMILY}

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="needs", db_index=False, verbose_name="申请"
    )
    division_code = DivisionCodeField("区划代码")
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="+", verbose_name="人员")
    need = models.CharField("需求", max_length=16)
    detail = EncryptedTextField("说明", null=True)

    class Meta:
        db_table = "application_need"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "person", "need"], name="application_need_once", nulls_distinct=False
            ),
            known("need", NeedKind, "application_need_kind"),
        ]


class Material(Record):
    """A paper handed in: a file, or an undertaking in its place. `key` is that of the pack's `materials.yaml`."""

    policy = of_application()
    personal_data = {
        "person": PersonalData.FAMILY,
        "handed_in_by_name": PersonalData.CONDUCT,
    }

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="materials", db_index=False, verbose_name="申请"
    )
    division_code = DivisionCodeField("区划代码")
    programme = models.CharField("救助制度", max_length=64, db_collation="C")
    key = models.CharField("材料", max_length=64, db_collation="C")
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="+", verbose_name="人员")
    form = models.CharField("提交方式", max_length=16)
    file_id = models.BigIntegerField("文件编号", null=True)
    handed_in_at = models.DateTimeField("提交时间")
    handed_in_by_name = models.CharField("提交人", max_length=64)

    class Meta:
        db_table = "application_material"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "programme", "key", "person", "file_id"],
                name="application_material_once",
                nulls_distinct=False,
            ),
            known("form", MaterialForm, "application_material_form"),
            # an original is looked at and given back; an undertaking has no picture
            models.CheckConstraint(
                condition=Q(form__in=[MaterialForm.UNDERTAKING.value, MaterialForm.ORIGINAL.value])
                | Q(file_id__isnull=False),
                name="application_material_file",
            ),
        ]


class Undertaking(Record):
    """What a person signed with the form, and the very words; through the guardian when `by_guardian`.

    Who signs again in a later version of the words signs a row of its own; nothing signed is changed.
    """

    policy = of_application()
    append_only = True
    personal_data = {
        "signer_name": PersonalData.IDENTITY,
        "text": PersonalData.FREE_TEXT,
        "person": PersonalData.FAMILY,
        "recorded_by_name": PersonalData.CONDUCT,
    }

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="undertakings", db_index=False, verbose_name="申请"
    )
    division_code = DivisionCodeField("区划代码")
    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", verbose_name="人员")
    paper = models.CharField("文书", max_length=16)
    text_version = models.CharField("文本版本", max_length=16)
    text = models.TextField("文本")
    method = models.CharField("签署方式", max_length=20)
    by_guardian = models.BooleanField("由监护人签署")
    signer_name = models.CharField("签署人", max_length=64)
    file_id = models.BigIntegerField("签名文件编号", null=True)
    signed_at = models.DateTimeField("签署时间")
    recorded_by_name = models.CharField("登记人", max_length=64)

    class Meta:
        db_table = "application_undertaking"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "person", "paper", "text_version"], name="application_undertaking_once"
            ),
            known("paper", SignedPaper, "application_undertaking_paper"),
            known("method", Signing, "application_undertaking_method"),
            models.CheckConstraint(
                condition=Q(method=Signing.UNIFIED_IDENTITY.value) | Q(file_id__isnull=False),
                name="application_undertaking_evidence",
            ),
        ]
