"""The table of the transition log."""

from typing import ClassVar

from django.db import models

from jiuzhu.groundwork.records import (
    OWN_HOUSEHOLDS,
    OWN_PERSONS,
    DivisionCodeField,
    History,
    PersonalData,
    Policy,
    Record,
    by_division,
)


class TransitionLog(Record):
    """One step of one object. `household_id`, `person_id` and `department` name whose it is besides the place's staff.

    Citizens and department officers take steps too, so a row is theirs to write and to read when it names their
    household, person or department.
    """

    policy = Policy(
        staff=by_division().staff,
        citizen=f"{{t}}.household_id = {OWN_HOUSEHOLDS} OR {{t}}.person_id = {OWN_PERSONS}",
        department="{t}.department = (SELECT jiuzhu_department())",
        written_by=frozenset({"citizen", "department"}),
    )
    history = History.NONE
    append_only: ClassVar[bool] = True
    personal_data = {
        "actor_name": PersonalData.CONDUCT,
        "actor_post": PersonalData.CONDUCT,
        "reason": PersonalData.FREE_TEXT,
    }

    object_type = models.TextField()
    object_id = models.BigIntegerField()
    verb = models.TextField()
    from_state = models.TextField()
    to_state = models.TextField()
    at = models.DateTimeField()
    actor_kind = models.TextField()
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    actor_name = models.TextField()
    actor_post = models.TextField()
    reason = models.TextField()
    division_code = DivisionCodeField()
    household_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    department = models.TextField(null=True)  # noqa: DJ001  # NULL means no department, as in the actor's scope

    class Meta:
        db_table = "transition_log"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(object_type__regex=r"^[a-z_]+\.[a-z_]+$"),
                name="transition_log_type_is_room_and_noun",
            ),
            models.CheckConstraint(condition=models.Q(verb__regex=r"^[a-z][a-z0-9_]*$"), name="transition_log_verb"),
        ]
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="transition_log_object"),
            models.Index(fields=["division_code", "at"], name="transition_log_division"),
            models.Index(fields=["account_id", "at"], name="transition_log_account"),
        ]
