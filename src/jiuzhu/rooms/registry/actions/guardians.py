"""Recording who answers for whom."""

from collections import defaultdict
from datetime import date, datetime

from django.db import connection

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.errors import Conflict, InvalidValue, RuleRefused
from jiuzhu.core.periods import age
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.actions.writing import (
    announce,
    beyond_scope,
    lock_persons,
    require_alive,
    require_order,
    writing,
)
from jiuzhu.rooms.registry.models import Guardianship, Person
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.rules.relations import closes_a_circle
from jiuzhu.rooms.registry.rules.text import clean_text
from jiuzhu.rooms.registry.states import GuardianshipKind

_FULL_AGE = 18  # 民法典 art. 17
_WARDS_BELOW = """
WITH RECURSIVE below (guardian_id, ward_id) AS (
    SELECT guardian_id, ward_id FROM registry_guardianship WHERE guardian_id = %s AND end_on IS NULL
    UNION
    SELECT g.guardian_id, g.ward_id FROM registry_guardianship g
    JOIN below b ON g.guardian_id = b.ward_id WHERE g.end_on IS NULL
)
SELECT guardian_id, ward_id FROM below
"""


def set_guardian(
    *,
    actor: Actor,
    at: datetime,
    ward_id: int,
    kind: GuardianshipKind,
    start_on: date,
    guardian_id: int | None = None,
    guardian_body: str = "",
    evidence: str = "",
) -> int:
    """Record a guardian, a person or for `institution` a body; returns the guardianship's id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or one of the two is not the actor's.
        InvalidValue: neither a person nor a body, or both.
        RuleRefused: a person answers for themself or in a circle, or the guardian is under age, dead or not free.
        Conflict: this guardian is recorded already.
    """
    body = clean_text(guardian_body, field="guardian_body", label=("监护机构", "Guardian body"), longest=128)
    if (guardian_id is None) != bool(body) or bool(body) != (kind is GuardianshipKind.INSTITUTION):
        raise InvalidValue(
            "registry.guardian.one",
            "机构监护请填写监护机构名称，其他监护请选择监护人",
            "For an institution give its name; otherwise choose a person.",
            field="guardian_id",
        )
    if guardian_id == ward_id:
        raise RuleRefused(
            "registry.guardian.self", "本人不能是自己的监护人", "Nobody is their own guardian.", field="guardian_id"
        )
    with writing(actor, Permission.GUARDIAN_SET, at) as today:
        persons = lock_persons(one for one in (ward_id, guardian_id) if one is not None)
        ward = persons[ward_id]
        require_alive(ward)
        require_order(ward.birth_date, start_on, field="start_on")
        if guardian_id is not None:
            _require_fit(persons[guardian_id], today)
            _require_no_circle(actor, guardian_id, ward_id)
            if Guardianship.objects.filter(ward_id=ward_id, guardian_id=guardian_id, end_on=None).exists():
                raise Conflict("registry.guardian.twice", "该监护关系已登记", "This guardian is recorded already.")
        made = Guardianship.objects.create(
            ward=ward,
            guardian_id=guardian_id,
            guardian_body=body,
            kind=kind.value,
            division_code=ward.division_code,
            start_on=start_on,
            evidence=clean_text(evidence, field="evidence", label=("依据", "Evidence"), longest=200),
        )
        announce(actor, at, "guardian.set", ward, {"guardian_id": guardian_id})
        return made.pk


def end_guardianship(*, actor: Actor, at: datetime, guardianship_id: int, end_on: date) -> None:
    """End a guardianship on a day.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or it is not the actor's.
        InvalidValue: the day lies before the first.
        RuleRefused: it has ended.
    """
    with writing(actor, Permission.GUARDIAN_SET, at):
        found = Guardianship.objects.select_for_update().filter(id=guardianship_id).first()
        if found is None:
            raise OutOfScope
        if found.end_on is not None:
            raise RuleRefused("registry.guardian.ended", "该监护关系已终止", "The guardianship has ended.")
        require_order(found.start_on, end_on, field="end_on")
        found.end_on = end_on
        found.save(update_fields=["end_on"])
        announce(actor, at, "guardian.ended", lock_persons([found.ward_id])[found.ward_id])


def _require_fit(guardian: Person, today: date) -> None:
    require_alive(guardian)
    if age(guardian.birth_date, today) < _FULL_AGE:
        raise RuleRefused(
            "registry.guardian.age",
            "监护人应年满十八周岁，请重新选择",
            "A guardian must be of full age (18).",
            field="guardian_id",
        )


def _require_no_circle(actor: Actor, guardian_id: int, ward_id: int) -> None:
    wards: dict[int, list[int]] = defaultdict(list)
    with acting(beyond_scope(actor)), connection.cursor() as cursor:
        # one writer of guardianships at a time: two transactions could close a circle together
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('registry.guardianship', 706))")
        cursor.execute(_WARDS_BELOW, [ward_id])
        for guardian, ward in cursor.fetchall():
            wards[guardian].append(ward)
    if closes_a_circle(wards, guardian=guardian_id, ward=ward_id):
        raise RuleRefused(
            "registry.guardian.circle",
            "监护关系形成循环：被监护人直接或间接是该监护人的监护人，请核对",
            "The guardianship closes a circle: the ward answers, directly or through others, for the guardian.",
            field="guardian_id",
        )
