"""Households, persons, and how they belong together."""

from django.db import models
from django.db.models import F, Q

from jiuzhu.groundwork.crypto.fields import BlindIndexField, EncryptedTextField
from jiuzhu.groundwork.records import (
    OWN_HOUSEHOLDS,
    OWN_PERSONS,
    DivisionCodeField,
    History,
    PersonalData,
    Record,
    by_division,
)
from jiuzhu.rooms.registry.models.policies import household_authorised, person_authorised
from jiuzhu.rooms.registry.states import CustodyState, DocumentKind, GuardianshipKind, MergeKind, ProtectionKind
from jiuzhu.rooms.registry.states import RegisteredKind as Kind


class Household(Record):
    """A family that lives together and is helped as one; its head is the member whose membership says so.

    `flag` names what a clerk must settle (`no_head` after a death, for instance), empty when nothing is open.
    """

    policy = by_division(
        citizen="{t}.id = " + OWN_HOUSEHOLDS,
        department=household_authorised("id"),
    )
    personal_data = {"address": PersonalData.CONTACT, "place": PersonalData.CONTACT}

    number = models.CharField("户编号", max_length=24, unique=True)
    division_code = DivisionCodeField("所在村居")
    registered_kind = models.CharField("户口性质", max_length=8)
    address = EncryptedTextField("住址", null=True, blank=True)
    place = models.CharField("居住点", max_length=64, blank=True, default="")
    opened_on = models.DateField("立户日期")
    closed_on = models.DateField("销户日期", null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    flag = models.CharField("待处理事项", max_length=32, blank=True, default="")
    registered_at = models.DateTimeField("登记时间")

    class Meta:
        db_table = "registry_household"
        constraints = [
            models.CheckConstraint(
                condition=Q(registered_kind__in=[kind.value for kind in Kind]), name="registry_household_kind"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="registry_household_period"
            ),
            models.CheckConstraint(condition=Q(division_code__regex="^[0-9]{12}$"), name="registry_household_division"),
        ]
        indexes = [
            models.Index(
                fields=["division_code", "id"],
                include=["registered_kind"],
                condition=Q(closed_on__isnull=True),
                name="registry_hh_open",
            ),
            models.Index(fields=["division_code", "id"], name="registry_hh_division"),
            models.Index(fields=["division_code", "id"], condition=~Q(flag=""), name="registry_hh_flagged"),
        ]


class Person(Record):
    """A natural person. Numbers are encrypted and found by a blind index; a merged person points to the one kept."""

    policy = by_division(citizen="{t}.id = " + OWN_PERSONS, department=person_authorised("id"))
    personal_data = {
        "name": PersonalData.IDENTITY,
        "name_note": PersonalData.IDENTITY,
        "sex": PersonalData.IDENTITY,
        "birth_date": PersonalData.IDENTITY,
        "ethnicity": PersonalData.IDENTITY,
        "marital": PersonalData.FAMILY,
        "document_number": PersonalData.IDENTITY,
        "document_index": PersonalData.IDENTITY,
        "phone": PersonalData.CONTACT,
        "phone_index": PersonalData.CONTACT,
        "phone_last4": PersonalData.CONTACT,
        "custody": PersonalData.JUSTICE,
        "protection": PersonalData.WELFARE,
    }

    name = models.CharField("姓名", max_length=64)
    name_note = models.CharField("姓名备注", max_length=64, blank=True, default="")
    sex = models.CharField("性别", max_length=1)
    birth_date = models.DateField("出生日期")
    ethnicity = models.CharField("民族", max_length=2, default="01")
    marital = models.CharField("婚姻状况", max_length=2, default="90")
    document_kind = models.CharField("证件类型", max_length=24)
    document_number = EncryptedTextField("证件号码", null=True, blank=True)
    document_index = BlindIndexField("证件号码索引", source="document_number", db_index=False)
    phone = EncryptedTextField("电话", null=True, blank=True)
    phone_index = BlindIndexField("电话索引", source="phone", db_index=False)
    phone_last4 = models.CharField("电话末四位", max_length=4, blank=True, default="")
    division_code = DivisionCodeField("管理村居")
    died_on = models.DateField("死亡日期", null=True, blank=True)
    custody = models.CharField("人身状态", max_length=16, default=CustodyState.FREE.value)
    protection = models.CharField("保护类别", max_length=24, blank=True, default="")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    registered_at = models.DateTimeField("登记时间")

    class Meta:
        db_table = "registry_person"
        constraints = [
            models.UniqueConstraint(
                fields=["document_index"],
                condition=Q(merged_into__isnull=True, document_index__isnull=False),
                name="registry_person_document_once",
            ),
            models.CheckConstraint(condition=Q(sex__in=["0", "1", "2", "9"]), name="registry_person_sex"),
            models.CheckConstraint(
                condition=Q(document_kind__in=[kind.value for kind in DocumentKind]), name="registry_person_document"
            ),
            models.CheckConstraint(
                condition=Q(custody__in=[state.value for state in CustodyState]), name="registry_person_custody"
            ),
            models.CheckConstraint(
                condition=Q(protection__in=[kind.value for kind in ProtectionKind]), name="registry_person_protection"
            ),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(died_on__gte=F("birth_date")), name="registry_person_lifetime"
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="registry_person_merge_other"),
            models.CheckConstraint(condition=Q(division_code__regex="^[0-9]{12}$"), name="registry_person_division"),
        ]
        indexes = [
            models.Index(fields=["division_code", "id"], name="registry_person_page"),
            models.Index(
                fields=["division_code", "id"],
                include=["birth_date", "sex"],
                condition=Q(died_on__isnull=True, merged_into__isnull=True),
                name="registry_person_living",
            ),
            models.Index(
                fields=["phone_index"], condition=Q(phone_index__isnull=False), name="registry_person_by_phone"
            ),
            models.Index(
                fields=["phone_last4", "division_code", "id"],
                condition=~Q(phone_last4=""),
                name="registry_person_last4",
            ),
        ]


class Membership(Record):
    """A person's time in a household, `[start_on, end_on)`; relations are those to the head (GB/T 4761-2008)."""

    policy = by_division(
        citizen="{t}.household_id = " + OWN_HOUSEHOLDS + " OR {t}.person_id = " + OWN_PERSONS,
        department=person_authorised("person_id"),
    )
    personal_data = {
        "relation": PersonalData.FAMILY,
        "person": PersonalData.FAMILY,
        "end_reason": PersonalData.FREE_TEXT,
    }

    household = models.ForeignKey(Household, models.PROTECT, related_name="+", verbose_name="家庭")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="人员")
    division_code = DivisionCodeField("所在村居")
    relation = models.CharField("与户主关系", max_length=2)
    is_head = models.BooleanField("户主", default=False)
    counts_as_member = models.BooleanField("计入共同生活人口", default=True)
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期", null=True, blank=True)
    end_reason = models.CharField("结束原因", max_length=64, blank=True, default="")

    class Meta:
        db_table = "registry_membership"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(is_head=True, end_on__isnull=True),
                name="registry_membership_one_head",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(end_on__isnull=True), name="registry_membership_one_household"
            ),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="registry_membership_period"
            ),
            models.CheckConstraint(
                condition=Q(is_head=True, relation="02") | (Q(is_head=False) & ~Q(relation="02")),
                name="registry_membership_head_relation",
            ),
        ]


class Guardianship(Record):
    """Who answers for a child or an adult without full capacity, `[start_on, end_on)` (民法典 art. 27-39).

    The guardian is a registered person, or a body by its name when `kind` is `institution`.
    """

    policy = by_division(citizen="{t}.ward_id = " + OWN_PERSONS + " OR {t}.guardian_id = " + OWN_PERSONS)
    personal_data = {"ward": PersonalData.FAMILY, "guardian": PersonalData.FAMILY, "kind": PersonalData.FAMILY}

    ward = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="被监护人")
    guardian = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="监护人")
    guardian_body = models.CharField("监护机构", max_length=128, blank=True, default="")
    kind = models.CharField("监护类别", max_length=16)
    division_code = DivisionCodeField("所在村居")
    start_on = models.DateField("开始日期")
    end_on = models.DateField("结束日期", null=True, blank=True)
    evidence = models.CharField("依据", max_length=200, blank=True, default="")

    class Meta:
        db_table = "registry_guardianship"
        constraints = [
            models.CheckConstraint(condition=~Q(ward=F("guardian")), name="registry_guardianship_other"),
            models.CheckConstraint(
                condition=Q(guardian__isnull=False, guardian_body="")
                | (Q(guardian__isnull=True) & ~Q(guardian_body="")),
                name="registry_guardianship_one_guardian",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in GuardianshipKind]), name="registry_guardianship_kind"
            ),
            models.CheckConstraint(
                condition=Q(end_on__isnull=True) | Q(end_on__gte=F("start_on")), name="registry_guardianship_period"
            ),
            models.UniqueConstraint(
                fields=["ward", "guardian"], condition=Q(end_on__isnull=True), name="registry_guardianship_once"
            ),
        ]


class PersonGram(Record):
    """A piece of a name for search: pairs of characters, whole name, and `~` with pinyin initials.

    The key is plain text in C collation beside the division, so that an index serves it under row-level security.
    """

    policy = by_division()
    history = History.NONE
    personal_data = {"gram": PersonalData.IDENTITY}

    gram = models.CharField(max_length=66, db_collation="C")
    division_code = DivisionCodeField()
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        db_table = "registry_person_gram"
        constraints = [
            models.UniqueConstraint(fields=["gram", "division_code", "person"], name="registry_person_gram_once")
        ]


class MergeRecord(Record):
    """A merge of two persons or a split of a household, with the ids of the rows it moved, so that it can be undone."""

    policy = by_division()
    personal_data = {
        "reason": PersonalData.FREE_TEXT,
        "by_name": PersonalData.CONDUCT,
        "undone_by": PersonalData.CONDUCT,
    }

    kind = models.CharField(max_length=16)
    kept = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    merged = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    result = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    division_code = DivisionCodeField()
    at = models.DateTimeField()
    done_on = models.DateField()
    by_account = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)
    moved = models.JSONField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        db_table = "registry_merge_record"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=MergeKind.MERGE_PERSONS.value, kept__isnull=False, merged__isnull=False)
                | Q(kind=MergeKind.SPLIT_HOUSEHOLD.value, source__isnull=False, result__isnull=False),
                name="registry_merge_record_parts",
            )
        ]
