"""Consent: recording and withdrawing that a department may see named variables of a person."""

from collections.abc import Sequence
from datetime import date, datetime

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.errors import InvalidValue, RuleRefused
from jiuzhu.rooms.registry.actions.writing import announce, lock_person, require_alive, require_reason, writing
from jiuzhu.rooms.registry.models import Authorisation, Person
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.learning import public_variables
from jiuzhu.rooms.registry.rules.text import clean_text
from jiuzhu.rooms.registry.rules.variables import variable


def grant_authorisation(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    department_code: str,
    purpose: str,
    valid_from: date,
    valid_to: date | None = None,
    variable_keys: Sequence[str] | None = None,
    document_file_id: int | None = None,
) -> int:
    """Record an authorisation; without `variable_keys` it covers every variable of the department. Returns its id.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or the person is not the actor's.
        InvalidValue: no purpose, an impossible period, an unknown variable, or a department that holds none.
        RuleRefused: the person is dead.
    """
    department = clean_text(
        department_code, field="department_code", label=("被授权部门", "Department"), longest=32, required=True
    )
    purpose = clean_text(purpose, field="purpose", label=("用途", "Purpose"), longest=200, required=True)
    if valid_to is not None and valid_to <= valid_from:
        raise InvalidValue(
            "registry.period.order",
            "终止日期必须晚于生效日期，请核对",
            "The end must be later than the first day; check the dates.",
            field="valid_to",
        )
    found = public_variables() if variable_keys is None else public_variables(variable_keys)
    own = [one.key for one in found.values() if one.department == department]
    covered = own if variable_keys is None else [variable(key).key for key in variable_keys]
    if not covered:
        raise InvalidValue(
            "registry.authorisation.nothing",
            "授权书没有授权事项：该部门没有可核对的指标，或未选择指标",
            "The authorisation covers nothing: the department holds no variable, or none is chosen.",
            field="variable_keys",
        )
    with writing(actor, Permission.AUTHORISATION_GRANT, at):
        person = lock_person(person_id)
        require_alive(person)
        made = Authorisation.objects.create(
            person=person,
            division_code=person.division_code,
            department_code=department,
            variables=sorted(set(covered)),
            purpose=purpose,
            valid_from=valid_from,
            valid_to=valid_to,
            document_file_id=document_file_id,
            recorded_at=at,
            recorded_by=actor.account_id,
        )
        announce(actor, at, "authorisation.granted", person, {"authorisation_id": made.pk})
        return made.pk


def withdraw_authorisation(*, actor: Actor, at: datetime, authorisation_id: int, reason: str) -> None:
    """Withdraw an authorisation at once (个人信息保护法 art. 15); a citizen may withdraw their own.

    Raises:
        PermissionRefused, OutOfScope: the actor may not, or it is not the actor's.
        InvalidValue: the reason is missing.
        RuleRefused: it was withdrawn before.
    """
    reason = require_reason(reason)
    with writing(actor, Permission.AUTHORISATION_WITHDRAW, at, reason=reason):
        found = Authorisation.objects.select_for_update().filter(id=authorisation_id).first()
        if found is None:
            raise OutOfScope
        if found.withdrawn_at is not None:
            raise RuleRefused("registry.authorisation.withdrawn", "该授权已撤回", "It was withdrawn before.")
        found.withdrawn_at, found.withdrawn_reason = at, reason
        found.save(update_fields=["withdrawn_at", "withdrawn_reason"])
        person = Person.objects.get(id=found.person_id)
        announce(actor, at, "authorisation.withdrawn", person, {"authorisation_id": found.pk})
