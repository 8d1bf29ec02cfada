"""Who changed what of a person, when and why, from the audit trail; and who looked."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Manager, Q

from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.code_lists.gbt_2261_1_sex import SEX
from jiuzhu.core.code_lists.gbt_2261_2_marital_status import MARITAL_STATUS
from jiuzhu.core.code_lists.gbt_3304_ethnic_group import ETHNIC_GROUP
from jiuzhu.core.code_lists.gbt_4761_family_relation import RELATION
from jiuzhu.core.code_lists.table import CodeList
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry.models import (
    AccessLog,
    Authorisation,
    Fact,
    GroupMembership,
    Guardianship,
    LifeEvent,
    Membership,
    Person,
)
from jiuzhu.rooms.registry.permissions import Permission
from jiuzhu.rooms.registry.queries.access import log_look
from jiuzhu.rooms.registry.queries.learning import public_variables
from jiuzhu.rooms.registry.queries.views import AccessEntry, ChangeView, HistoryEntry
from jiuzhu.rooms.registry.rules.days import local_day
from jiuzhu.rooms.registry.rules.variables import Variable, shown_value
from jiuzhu.rooms.registry.states import EVENT_NAMES, GROUPS, GUARDIANSHIP_NAMES, SOURCE_NAMES, AccessKind

_TABLES: dict[str, tuple[str, str]] = {
    "registry_person": ("人员信息", "Person"),
    "registry_membership": ("家庭成员关系", "Membership"),
    "registry_fact": ("情况登记", "Fact"),
    "registry_group_membership": ("困难群众类别", "Target group"),
    "registry_life_event": ("生活事件", "Life event"),
    "registry_authorisation": ("核对授权", "Authorisation"),
    "registry_guardianship": ("监护关系", "Guardianship"),
}
_FIELDS: dict[str, tuple[str, str]] = {
    "name": ("姓名", "Name"),
    "name_note": ("姓名备注", "Note on the name"),
    "sex": ("性别", "Sex"),
    "birth_date": ("出生日期", "Birth date"),
    "ethnicity": ("民族", "Ethnic group"),
    "marital": ("婚姻状况", "Marital status"),
    "document_number": ("证件号码", "Identity number"),
    "phone": ("电话", "Telephone"),
    "division_code": ("所在村居", "Village"),
    "died_on": ("死亡日期", "Date of death"),
    "custody": ("人身状态", "Custody"),
    "protection": ("保护类别", "Protection"),
    "merged_into_id": ("合并到", "Merged into"),
    "household_id": ("家庭", "Household"),
    "relation": ("与户主关系", "Relation to the head"),
    "is_head": ("户主", "Head"),
    "counts_as_member": ("计入共同生活人口", "Counted as member"),
    "start_on": ("开始日期", "From"),
    "end_on": ("结束日期", "To"),
    "end_reason": ("结束原因", "Reason of the end"),
    "variable": ("指标", "Variable"),
    "value": ("值", "Value"),
    "valid_from": ("起", "From"),
    "valid_to": ("止", "To"),
    "source_kind": ("来源", "Source"),
    "evidence": ("依据", "Evidence"),
    "evidence_ref": ("依据", "Evidence"),
    "withdrawn_at": ("撤回时间", "Withdrawn at"),
    "withdrawn_reason": ("撤回原因", "Reason of withdrawal"),
    "group": ("困难群众类别", "Target group"),
    "kind": ("类别", "Kind"),
    "happened_on": ("发生日期", "Happened on"),
    "department_code": ("被授权部门", "Department"),
    "purpose": ("用途", "Purpose"),
    "guardian_id": ("监护人", "Guardian"),
    "guardian_body": ("监护机构", "Guardian body"),
}
_SEALED = frozenset({"document_number", "phone"})
_CODES: dict[str, CodeList] = {
    "sex": SEX,
    "marital": MARITAL_STATUS,
    "ethnicity": ETHNIC_GROUP,
    "relation": RELATION,
}
_NAMED: dict[str, Mapping[str, tuple[str, str]]] = {
    "group": {group.value: (definition.zh, definition.en) for group, definition in GROUPS.items()},
    "source_kind": {kind.value: names for kind, names in SOURCE_NAMES.items()},
    "kind": {kind.value: names for kind, names in (*EVENT_NAMES.items(), *GUARDIANSHIP_NAMES.items())},
}
_RELATED: tuple[tuple[str, Manager[Any], tuple[str, ...]], ...] = (
    ("registry_membership", Membership.objects, ("person_id",)),
    ("registry_fact", Fact.objects, ("person_id",)),
    ("registry_group_membership", GroupMembership.objects, ("person_id",)),
    ("registry_life_event", LifeEvent.objects, ("person_id",)),
    ("registry_authorisation", Authorisation.objects, ("person_id",)),
    ("registry_guardianship", Guardianship.objects, ("ward_id", "guardian_id")),
)
_STATEMENT = """
SELECT b.at, b.actor, b.actor_kind, b.reason, b.operation, c.table_name, c.before, c.after
FROM audit_change c JOIN audit_block b ON b.id = c.block_id
JOIN unnest(%s::text[], %s::bigint[]) AS wanted (table_name, row_id)
  ON c.table_name = wanted.table_name AND c.row_id = wanted.row_id
ORDER BY c.id DESC LIMIT %s
"""


def history_of_person(
    *, actor: Actor, at: datetime, person_id: int, purpose: str = "", limit: int = 200
) -> tuple[HistoryEntry, ...]:
    """The acts on a person's record and what belongs to it, the newest first; numbers are never repeated.

    Raises:
        PermissionRefused: the actor may not see histories.
        OutOfScope: no such person for this actor.
    """
    actor.require(Permission.HISTORY_VIEW)
    with acting(actor, today=local_day(at)):
        person = Person.objects.filter(id=person_id).first()
        if person is None:
            raise OutOfScope
        tables, rows = ["registry_person"], [person_id]
        for table, manager, columns in _RELATED:
            for key in _ids(manager, columns, person_id):
                tables.append(table)
                rows.append(key)
        with connection.cursor() as cursor:
            cursor.execute(_STATEMENT, [tables, rows, limit])
            found = [_entry(*row) for row in cursor.fetchall()]
        log_look(actor, at, kind=AccessKind.HISTORY, persons=[person], purpose=purpose)
    return tuple(found)


def looks_at_person(*, actor: Actor, at: datetime, person_id: int, limit: int = 200) -> tuple[AccessEntry, ...]:
    """Who looked at a person's record, the newest first; a citizen may ask for their own (个人信息保护法 art. 44, 45).

    Raises:
        PermissionRefused: the actor may not see histories.
        OutOfScope: no such person for this actor.
    """
    actor.require(Permission.HISTORY_VIEW)
    with acting(actor, today=local_day(at)):
        if not Person.objects.filter(id=person_id).exists():
            raise OutOfScope
        rows = AccessLog.objects.filter(person_id=person_id).order_by("-at", "-id")[:limit]
        return tuple(
            AccessEntry(row.at, row.actor_name, row.post_title, row.department_code, row.kind, row.purpose)
            for row in rows
        )


def _ids(manager: Manager[Any], columns: tuple[str, ...], person_id: int) -> list[int]:
    condition = Q()
    for column in columns:
        condition |= Q(**{column: person_id})
    return list(manager.filter(condition).values_list("id", flat=True))


def _entry(
    at: datetime,
    actor: str,
    actor_kind: str,
    reason: str,
    operation: str,
    table: str,
    before: Any,
    after: Any,
) -> HistoryEntry:
    zh, en = _TABLES[table]
    old, new = _image(before), _image(after)
    changed = []
    for field, (name_zh, name_en) in _FIELDS.items():
        if old.get(field) != new.get(field) and (old.get(field) or new.get(field)):
            (before_zh, before_en), (after_zh, after_en) = _shown(field, old), _shown(field, new)
            changed.append(ChangeView(field, name_zh, name_en, before_zh, after_zh, before_en, after_en))
    return HistoryEntry(at, actor, actor_kind, reason, operation, table, zh, en, tuple(changed))


def _image(stored: Any) -> dict[str, Any]:
    if isinstance(stored, str):  # a cursor of ours gives JSON as text
        stored = json.loads(stored)
    return stored if isinstance(stored, dict) else {}


def _shown(field: str, image: Mapping[str, Any]) -> tuple[str, str]:
    """A value for people, in Chinese and in English; the names of some codes are known to the channels only."""
    value = image.get(field)
    if value is None or value == "":
        return "", ""
    if field in _SEALED:
        return "****", "****"
    if field in _CODES and value in _CODES[field]:
        return _CODES[field].names(value)
    if field == "value" and (one := _variable(image.get("variable", ""))) is not None:
        return shown_value(one, value), shown_value(one, value, "en")
    if isinstance(value, bool):
        return ("是", "yes") if value else ("否", "no")
    if field == "variable" and (one := _variable(value)) is not None:
        return one.zh, one.en
    return _NAMED.get(field, {}).get(str(value), (str(value), str(value)))


def _variable(key: object) -> Variable | None:
    return public_variables([str(key)]).get(str(key))
