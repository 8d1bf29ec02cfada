"""The coded values of the trail by name, in the reader's language: a kind, a state, a role, a department."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext

from jiuzhu.channels.kit import wording
from jiuzhu.core.actors import ActorKind
from jiuzhu.core.code_lists.gbt_2261_1_sex import SEX
from jiuzhu.core.code_lists.gbt_2261_2_marital_status import MARITAL_STATUS
from jiuzhu.core.code_lists.gbt_3304_ethnic_group import ETHNIC_GROUP
from jiuzhu.core.code_lists.gbt_4761_family_relation import RELATION
from jiuzhu.core.code_lists.table import CodeList
from jiuzhu.core.divisions import DivisionLevel
from jiuzhu.rooms.organization import queries as organization
from jiuzhu.rooms.organization import states as network
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry import states

_Names = Mapping[Any, tuple[str, str]]
# by table and column; a column without a table means the same everywhere
_NAMED: Mapping[tuple[str, str], _Names] = {
    ("organization_division", "kind"): network.DIVISION_KIND_NAMES,
    ("organization_office", "kind"): network.OFFICE_KIND_NAMES,
    ("organization_duty_item", "office_kind"): network.OFFICE_KIND_NAMES,
    ("organization_staff", "employment"): network.EMPLOYMENT_KIND_NAMES,
    ("organization_group_member", "role"): network.GROUP_ROLE_NAMES,
    ("organization_near_relative_filing", "relation"): network.NEAR_RELATION_NAMES,
    ("organization_near_relative_filing", "state"): network.FILING_STATE_NAMES,
    ("organization_purchased_service", "method"): network.PROCUREMENT_METHOD_NAMES,
    ("organization_purchased_service", "state"): network.SERVICE_STATE_NAMES,
    ("registry_person", "document_kind"): states.DOCUMENT_NAMES,
    ("registry_fact", "source_kind"): states.SOURCE_NAMES,
    ("registry_group_membership", "evidence_kind"): states.EVIDENCE_NAMES,
    ("registry_guardianship", "kind"): states.GUARDIANSHIP_NAMES,
    ("registry_life_event", "kind"): states.EVENT_NAMES,
}
_CODES: Mapping[tuple[str, str], CodeList] = {
    ("registry_person", "sex"): SEX,
    ("registry_person", "marital"): MARITAL_STATUS,
    ("registry_person", "ethnicity"): ETHNIC_GROUP,
    ("registry_membership", "relation"): RELATION,
}


def value_name(table: str, column: str, value: str) -> str:
    """A stored value by its name; a value that is no code stays as it is."""
    names = _NAMED.get((table, column))
    if names is not None:
        return next((wording.said(*pair) for code, pair in names.items() if code.value == value), value)
    codes = _CODES.get((table, column))
    if codes is not None:
        return wording.said(*codes.names(value)) if value in codes else value
    told = _TOLD.get((table, column)) or _TOLD.get(("", column))
    return told(value) if told is not None else value


def _role(value: str) -> str:
    return wording.said(*organization.public_role_names().get(value, (value, value)))


def _variable(value: str) -> str:
    one = registry.public_variables([value]).get(value)
    return wording.said(one.zh, one.en) if one is not None else value


def _group(value: str) -> str:
    return wording.group_name(states.TargetGroup(value)) if value in set(states.TargetGroup) else value


def _registered(value: str) -> str:
    return wording.registered_name(states.RegisteredKind(value)) if value in set(states.RegisteredKind) else value


def _roll_state(value: str) -> str:
    if value not in set(states.RollState):
        return value
    state = states.RollState(value)
    return wording.said(*states.ROLLS.names[state])


def _word(value: str) -> str:
    return {
        ActorKind.STAFF.value: gettext("工作人员"),
        ActorKind.CITIZEN.value: gettext("群众"),
        ActorKind.DEPARTMENT.value: gettext("部门人员"),
        ActorKind.SYSTEM.value: gettext("系统"),
        states.SubjectKind.PERSON.value: gettext("人员"),
        states.SubjectKind.HOUSEHOLD.value: gettext("家庭"),
        states.MergeKind.MERGE_PERSONS.value: gettext("合并人员"),
        states.MergeKind.SPLIT_HOUSEHOLD.value: gettext("分户"),
        states.RollMode.ALL_OR_NOTHING.value: gettext("全部无误才导入"),
        states.RollMode.GOOD_HOUSEHOLDS.value: gettext("只导入无误的家庭"),
    }.get(value, value)


def _of_person(column: str) -> Callable[[str], str]:
    return lambda value: wording.coded(column, value)


def _level(value: str) -> str:
    return wording.level_name(DivisionLevel(int(value))) if value.isdigit() else value


_TOLD: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("", "department_code"): wording.department_name,
    ("", "source_department"): wording.department_name,
    ("", "actor_kind"): _word,
    ("", "subject_type"): _word,
    ("", "end_reason"): wording.reason_text,
    ("account", "kind"): _word,
    ("organization_division", "level"): _level,
    ("organization_post", "role"): _role,
    ("registry_access_log", "kind"): wording.look_name,
    ("registry_access_log", "post_title"): wording.title_name,
    ("registry_access_log", "purpose"): wording.purpose_text,
    ("registry_authorisation", "variables"): _variable,
    ("registry_fact", "variable"): _variable,
    ("registry_group_membership", "group"): _group,
    ("registry_household", "registered_kind"): _registered,
    ("registry_household", "flag"): wording.flag_name,
    ("registry_merge_record", "kind"): _word,
    ("registry_person", "custody"): _of_person("custody"),
    ("registry_person", "protection"): _of_person("protection"),
    ("registry_roll_import", "state"): _roll_state,
    ("registry_roll_import", "mode"): _word,
}
