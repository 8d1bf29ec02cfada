"""Tables of the room: referrals of needs to departments and charities, and donations with their donors' intent.

A referral shares what the person agreed to share and nothing else; triggers (`migrations/0002`) keep what was agreed
and what was sent from being changed afterwards, and any row from being deleted.
"""

from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from jiuzhu.groundwork.crypto.fields import EncryptedTextField
from jiuzhu.groundwork.records import OWN_HOUSEHOLDS, DivisionCodeField, FenField, PersonalData, Record, by_division
from jiuzhu.rooms.referral.states import DonationState, Need, ReceiverKind, ReferralState

_SEEN_BY_RECEIVER = [
    ReferralState.SENT.value,
    ReferralState.TAKEN.value,
    ReferralState.DECLINED.value,
    ReferralState.FULFILLED.value,
    ReferralState.UNMET.value,
]
_AGREED = [ReferralState.CONSENTED.value, *_SEEN_BY_RECEIVER]
_IN_HAND = [
    DonationState.RECEIVED.value,
    DonationState.USED.value,
    DonationState.REPORTED.value,
    DonationState.RETURNED.value,
]
# the department to which it was sent, in its own area, from the day on which it was sent
_RECEIVER = (
    "{t}.receiver_department = (SELECT jiuzhu_department()) AND {t}.receiver_department <> ''"
    " AND {t}.division_code >= jiuzhu_division_lo() AND {t}.division_code < jiuzhu_division_hi()"
    " AND {t}.state IN (" + ", ".join(f"'{state}'" for state in _SEEN_BY_RECEIVER) + ")"
)


def _known(field: str, values: type[StrEnum], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [one.value for one in values]}), name=name)


class Referral(Record):
    """One need of a household or person, handed over to one receiver.

    `fields` are what the person agreed to share, `shared` their values as they were sent (JSON, sealed), `covers` the
    kinds of receivers the consent is for. `recognised` is the identity recognised by civil affairs (`dibao`), which the
    receiver need not examine again. `due_on` is when an answer is due, where a term is on file.
    """

    policy = by_division(
        citizen="{t}.household_id = " + OWN_HOUSEHOLDS,
        department=_RECEIVER,
        written_by=frozenset({"department"}),
    )
    personal_data = {
        "shared": PersonalData.FREE_TEXT,
        "detail": PersonalData.FREE_TEXT,
        "recognised": PersonalData.WELFARE,
        "consented_by_name": PersonalData.IDENTITY,
        "outcome": PersonalData.FREE_TEXT,
        "receiver_name": PersonalData.FREE_TEXT,
        "proposed_by_name": PersonalData.CONDUCT,
        "sent_by_name": PersonalData.CONDUCT,
        "answered_by_name": PersonalData.CONDUCT,
    }

    division_code = DivisionCodeField("区划代码")
    state = models.CharField("状态", max_length=16)
    household = models.ForeignKey(
        "registry.Household", models.PROTECT, related_name="+", verbose_name="家庭", db_index=False
    )
    person = models.ForeignKey(
        "registry.Person", models.PROTECT, null=True, related_name="+", verbose_name="人员", db_index=False
    )
    need = models.CharField("需求", max_length=24)
    programme = models.CharField("救助制度", max_length=64, blank=True, db_collation="C")
    detail = EncryptedTextField("需求说明")
    receiver_kind = models.CharField("转介对象类别", max_length=16)
    receiver_department = models.CharField("接收部门", max_length=32, blank=True, db_collation="C")
    receiver_name = models.CharField("接收单位", max_length=100)
    recognised = ArrayField(models.CharField(max_length=32), verbose_name="已认定的身份", default=list)
    fields = ArrayField(models.CharField(max_length=32), verbose_name="共享的信息", default=list)
    covers = ArrayField(models.CharField(max_length=16), verbose_name="同意转介的对象", default=list)
    consented_at = models.DateTimeField("同意时间", null=True)
    consented_by_name = models.CharField("同意人", max_length=100, blank=True)
    consent_evidence = models.CharField("同意方式", max_length=200, blank=True)
    shared = EncryptedTextField("转出的内容", null=True)
    proposed_at = models.DateTimeField("提出时间")
    proposed_by_account = models.BigIntegerField("提出人账号编号", null=True)
    proposed_by_name = models.CharField("提出人", max_length=64)
    sent_at = models.DateTimeField("转出时间", null=True)
    sent_by_name = models.CharField("转出人", max_length=64, blank=True)
    due_on = models.DateField("答复期限", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by_name = models.CharField("答复人", max_length=64, blank=True)
    outcome = EncryptedTextField("答复内容", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)

    class Meta:
        db_table = "referral_referral"
        constraints = [
            _known("state", ReferralState, "referral_referral_state"),
            _known("need", Need, "referral_referral_need"),
            _known("receiver_kind", ReceiverKind, "referral_referral_receiver"),
            models.CheckConstraint(
                condition=Q(receiver_kind=ReceiverKind.DEPARTMENT.value, receiver_department__gt="")
                | (~Q(receiver_kind=ReceiverKind.DEPARTMENT.value) & Q(receiver_department="")),
                name="referral_referral_department",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_AGREED)
                | Q(consented_at__isnull=False, consented_by_name__gt="", fields__len__gt=0, covers__len__gt=0),
                name="referral_referral_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_AGREED) | Q(covers__contains=[F("receiver_kind")]),
                name="referral_referral_covered",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_SEEN_BY_RECEIVER) | Q(sent_at__isnull=False, shared__isnull=False),
                name="referral_referral_sent",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[ReferralState.DECLINED.value, ReferralState.FULFILLED.value, ReferralState.UNMET.value]
                )
                | Q(outcome__isnull=False, answered_at__isnull=False),
                name="referral_referral_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["division_code", "state", "id"], name="referral_referral_list"),
            models.Index(fields=["household", "id"], name="referral_referral_household"),
            models.Index(
                fields=["receiver_department", "division_code", "id"],
                condition=~Q(receiver_department=""),
                name="referral_referral_sent_to",
            ),
        ]


class Donation(Record):
    """One donation, in money (`amount_fen`) or in goods (`goods`), and what its donor wants done with it.

    What is done with a donation follows the intent (慈善法 art. 59); a donor who wants no name stays without one.
    """

    policy = by_division()
    personal_data = {
        "donor_name": PersonalData.IDENTITY,
        "donor_contact": PersonalData.CONTACT,
        "use": PersonalData.FREE_TEXT,
        "report": PersonalData.FREE_TEXT,
        "end_reason": PersonalData.FREE_TEXT,
        "recorded_by_name": PersonalData.CONDUCT,
    }

    division_code = DivisionCodeField("区划代码")
    state = models.CharField("状态", max_length=16)
    donor_name = EncryptedTextField("捐赠人", null=True)
    donor_contact = EncryptedTextField("捐赠人联系方式", null=True)
    intent = models.CharField("捐赠意愿", max_length=400)
    need = models.CharField("限定需求", max_length=24, blank=True)
    amount_fen = FenField("金额（分）", null=True)
    goods = models.CharField("物资", max_length=400, blank=True)
    pledged_at = models.DateTimeField("认捐时间")
    recorded_by_name = models.CharField("登记人", max_length=64)
    received_at = models.DateTimeField("到账时间", null=True)
    receipt_number = models.CharField("捐赠票据号", max_length=64, blank=True)
    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, related_name="+", verbose_name="用于转介", db_index=False
    )
    use = models.CharField("使用情况", max_length=1000, blank=True)
    used_at = models.DateTimeField("使用时间", null=True)
    report = models.CharField("反馈内容", max_length=1000, blank=True)
    reported_at = models.DateTimeField("反馈时间", null=True)
    end_reason = models.CharField("退还或未兑现的原因", max_length=400, blank=True)

    class Meta:
        db_table = "referral_donation"
        constraints = [
            _known("state", DonationState, "referral_donation_state"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, goods="") | Q(amount_fen=None, goods__gt=""),
                name="referral_donation_money_or_goods",
            ),
            models.CheckConstraint(
                condition=Q(need="") | Q(need__in=[one.value for one in Need]), name="referral_donation_need"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_IN_HAND) | Q(received_at__isnull=False), name="referral_donation_received"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DonationState.USED.value, DonationState.REPORTED.value])
                | Q(use__gt="", used_at__isnull=False),
                name="referral_donation_used",
            ),
            models.CheckConstraint(
                condition=~Q(state=DonationState.REPORTED.value) | Q(report__gt="", reported_at__isnull=False),
                name="referral_donation_reported",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DonationState.RETURNED.value, DonationState.LAPSED.value])
                | Q(end_reason__gt=""),
                name="referral_donation_ended",
            ),
        ]
        indexes = [models.Index(fields=["division_code", "state", "id"], name="referral_donation_list")]
