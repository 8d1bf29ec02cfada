"""Who looked at whom, and which citizen's account stands for which person."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from jiuzhu.core.actors import Actor
from jiuzhu.groundwork.records import (
    OWN_HOUSEHOLDS,
    OWN_PERSONS,
    DivisionCodeField,
    PersonalData,
    Policy,
    Record,
    by_division,
)
from jiuzhu.rooms.registry.models.subjects import Household, Person
from jiuzhu.rooms.registry.states import AccessKind


class AccessLog(Record):
    """One look at a person's or household's record: who, when, what, why. Citizens may read their own."""

    policy = by_division(
        citizen="{t}.person_id = " + OWN_PERSONS + " OR {t}.household_id = " + OWN_HOUSEHOLDS,
        department="{t}.account_id = (SELECT jiuzhu_account_id())",
        written_by=frozenset({"department"}),
    )
    personal_data = {
        "actor_name": PersonalData.CONDUCT,
        "post_title": PersonalData.CONDUCT,
        "purpose": PersonalData.FREE_TEXT,
    }

    at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+", db_index=False)
    division_code = DivisionCodeField()
    actor_kind = models.CharField(max_length=16)
    actor_name = models.CharField(max_length=64)
    post_title = models.CharField(max_length=64, blank=True, default="")
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    department_code = models.CharField(max_length=32, blank=True, default="")
    purpose = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "registry_access_log"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in AccessKind]), name="registry_access_kind"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(household__isnull=False), name="registry_access_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "at"], name="registry_access_person"),
            models.Index(fields=["household", "at"], name="registry_access_household"),
            models.Index(fields=["account_id", "at"], name="registry_access_account"),
        ]

    @staticmethod
    def keep(
        actor: Actor,
        at: datetime,
        *,
        kind: AccessKind,
        persons: list[Person],
        household: Household | None,
        purpose: str,
    ) -> None:
        """Insert one row per person, or one for the household alone, in one statement."""
        subjects: list[Person | None] = [*persons] or [None]
        here = household.division_code if household is not None else ""
        AccessLog.objects.bulk_create(
            AccessLog(
                at=at,
                kind=kind.value,
                person=person,
                household=household,
                division_code=person.division_code if person is not None else here,
                actor_kind=actor.kind.value,
                actor_name=actor.name,
                post_title=actor.post_title,
                account_id=actor.account_id,
                post_id=actor.post_id,
                department_code=actor.scope.department or "",
                purpose=purpose[:200],
            )
            for person in subjects
        )


class CitizenAccount(Record):
    """A citizen's login stands for a person, proved by the identity number from real-name login."""

    policy = Policy(
        staff="EXISTS (SELECT 1 FROM registry_person p WHERE p.id = {t}.person_id)",
        citizen="{t}.account_id = (SELECT jiuzhu_account_id())",
    )
    personal_data = {"person": PersonalData.IDENTITY, "account": PersonalData.IDENTITY}

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    method = models.CharField(max_length=32)
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "registry_citizen_account"
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="registry_citizen_one_person"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="registry_citizen_one_account"
            ),
        ]
