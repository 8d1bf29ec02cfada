"""An application, the cases that it asks for, and the notice of what is missing, which is given once."""

from django.db import models
from django.db.models import F, Q

from jiuzhu.groundwork.crypto.fields import EncryptedTextField
from jiuzhu.groundwork.records import OWN_HOUSEHOLDS, OWN_PERSONS, DivisionCodeField, PersonalData, Record, by_division
from jiuzhu.rooms.application.models.policies import known, of_application
from jiuzhu.rooms.application.states import ApplicationState, Channel, Venue

_BEFORE = [ApplicationState.DRAFT.value, ApplicationState.WITHDRAWN.value]
_ENDED = [
    ApplicationState.ACCEPTED.value,
    ApplicationState.NOT_ACCEPTED.value,
    ApplicationState.TRANSFERRED.value,
    ApplicationState.WITHDRAWN.value,
]


class Application(Record):
    """One application of a household: the form, from the first answer until it is accepted.

    `division_code` is the village or place whose township is in charge. `version` counts the changes, so that an old
    page cannot overwrite a newer one. `request_key` and `submission_key` tell a repeated sending from a second one.
    `pack_digest` names the packs whose questions the form holds.
    """

    policy = by_division(
        citizen=f"{{t}}.household_id = {OWN_HOUSEHOLDS} OR {{t}}.applicant_id = {OWN_PERSONS}",
        written_by=frozenset({"citizen"}),
    )
    personal_data = {
        "reason": PersonalData.FREE_TEXT,
        "receiver_name": PersonalData.FREE_TEXT,
        "created_by_name": PersonalData.CONDUCT,
        "submitted_by_name": PersonalData.CONDUCT,
        "decided_by_name": PersonalData.CONDUCT,
    }

    number = models.CharField("申请编号", max_length=40, unique=True, db_collation="C")
    division_code = DivisionCodeField("区划代码")
    state = models.CharField("状态", max_length=16)
    channel = models.CharField("申请方式", max_length=16)
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="+", verbose_name="家庭", db_index=False
    )
    applicant = models.ForeignKey(
        "registry.Person", models.PROTECT, related_name="+", verbose_name="申请人", db_index=False
    )
    lead = models.ForeignKey(
        "application.Lead", models.PROTECT, null=True, related_name="+", verbose_name="线索", db_index=False
    )
    event_division = DivisionCodeField("急难发生地区划", blank=True, default="")
    version = models.IntegerField("版本", default=1)
    pack_digest = models.CharField("政策包摘要", max_length=64, db_collation="C")
    request_key = models.CharField("请求标识", max_length=64, db_collation="C")
    created_at = models.DateTimeField("开始填写时间")
    created_by_account = models.BigIntegerField("填写人账号编号", null=True)
    created_by_name = models.CharField("填写人", max_length=64)
    saved_at = models.DateTimeField("最近保存时间")
    submission_key = models.CharField("提交标识", max_length=64, blank=True, default="", db_collation="C")
    submitted_at = models.DateTimeField("提交时间", null=True)
    submitted_by_account = models.BigIntegerField("提交人账号编号", null=True)
    submitted_by_name = models.CharField("提交人", max_length=64, blank=True)
    completed_at = models.DateTimeField("补正时间", null=True)
    decided_at = models.DateTimeField("受理决定时间", null=True)
    decided_by_name = models.CharField("受理决定人", max_length=64, blank=True)
    reason = EncryptedTextField("理由", null=True)
    remedy = models.CharField("救济途径", max_length=400, blank=True)
    receiver_division = DivisionCodeField("移送至区划", blank=True, default="")
    receiver_name = models.CharField("移送至单位", max_length=100, blank=True)
    transferred_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="转自"
    )
    closed_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        db_table = "application_application"
        constraints = [
            known("state", ApplicationState, "application_application_state"),
            known("channel", Channel, "application_application_channel"),
            models.UniqueConstraint(
                fields=["created_by_account", "request_key"],
                name="application_application_request_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["submission_key"],
                condition=Q(submission_key__gt=""),
                name="application_application_submitted_once",
            ),
            models.UniqueConstraint(
                fields=["transferred_from"],
                condition=Q(transferred_from__isnull=False),
                name="application_application_received_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_BEFORE)
                | Q(submitted_at__isnull=False, submission_key__gt="", submitted_by_name__gt=""),
                name="application_application_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.NOT_ACCEPTED.value) | Q(reason__isnull=False, remedy__gt=""),
                name="application_application_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=ApplicationState.TRANSFERRED.value)
                | Q(receiver_name__gt="", receiver_division__regex="^[0-9]{12}$"),
                name="application_application_receiver",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ENDED, closed_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(closed_at__isnull=True)),
                name="application_application_closed",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="application_application_version"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(submitted_at__gte=F("created_at")),
                name="application_application_order",
            ),
        ]
        indexes = [
            models.Index(fields=["division_code", "-id"], name="application_page"),
            models.Index(fields=["household", "-id"], name="application_household"),
            models.Index(fields=["applicant"], name="application_applicant"),
        ]


class CaseRequest(Record):
    """What an application asks for: one programme, for the household or (programmes of persons) for one person.

    Each becomes a case of its own. `place` is the competent place by `venue`; `due_on` the last day of the whole
    procedure, counted from the acceptance, None while there is no acceptance or no term on file.
    """

    policy = of_application()
    personal_data = {"programme": PersonalData.WELFARE, "person": PersonalData.WELFARE}

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="requests", db_index=False, verbose_name="申请"
    )
    division_code = DivisionCodeField("区划代码")
    programme = models.CharField("救助制度", max_length=64, db_collation="C")
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="+", verbose_name="人员")
    venue = models.CharField("管辖依据", max_length=16, blank=True)
    place = DivisionCodeField("管辖地区划", blank=True, default="")
    due_on = models.DateField("办结期限", null=True)

    class Meta:
        db_table = "application_case_request"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "programme", "person"],
                name="application_case_request_once",
                nulls_distinct=False,
            ),
            known("venue", Venue, "application_case_request_venue", or_empty=True),
        ]
        indexes = [models.Index(fields=["programme", "application"], name="application_request_programme")]


class OnceOnlyNotice(Record):
    """What is missing, told once and completely (民发〔2021〕57号 art. 10).

    `items` as they were told, in both languages: each `{kind, programme, key, person_id, zh, en}`.
    """

    policy = of_application()
    append_only = True
    personal_data = {"items": PersonalData.FREE_TEXT, "given_by_name": PersonalData.CONDUCT}

    application = models.OneToOneField(Application, models.PROTECT, related_name="notice", verbose_name="申请")
    division_code = DivisionCodeField("区划代码")
    items = models.JSONField("需要补正的内容")
    given_at = models.DateTimeField("告知时间")
    given_by_name = models.CharField("告知人", max_length=64)

    class Meta:
        db_table = "application_once_only_notice"
        constraints = [models.CheckConstraint(condition=~Q(items=[]), name="application_notice_says_something")]
