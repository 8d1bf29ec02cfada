"""What the tables and columns of the trail are called, and how their values are written for people."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from jiuzhu.channels.kit import wording
from jiuzhu.channels.workbench.audit.values import value_name


def table_name(table: str, label: str) -> str:
    """What a table holds; `label` is the model's own name, for tables that are new here."""
    return {
        "account": gettext("登录账号"),
        "determination_screening_run": gettext("政策筛查"),
        "organization_administration": gettext("管理机构"),
        "organization_appointment": gettext("任职"),
        "organization_division": gettext("区划"),
        "organization_division_figures": gettext("区划人口与服务半径"),
        "organization_duty_item": gettext("职责清单"),
        "organization_group_member": gettext("领导小组成员"),
        "organization_leading_group": gettext("领导小组"),
        "organization_near_relative_filing": gettext("近亲属备案"),
        "organization_office": gettext("机构"),
        "organization_office_name": gettext("机构名称"),
        "organization_post": gettext("岗位"),
        "organization_purchased_service": gettext("政府购买服务"),
        "organization_staff": gettext("工作人员"),
        "registry_access_log": gettext("查阅记录"),
        "registry_authorisation": gettext("核对授权"),
        "registry_citizen_account": gettext("群众账号"),
        "registry_duplicate_dismissal": gettext("疑似重复的排除"),
        "registry_fact": gettext("情况登记"),
        "registry_group_membership": gettext("困难群众类别"),
        "registry_guardianship": gettext("监护关系"),
        "registry_household": gettext("家庭"),
        "registry_life_event": gettext("生活事件"),
        "registry_membership": gettext("家庭成员关系"),
        "registry_merge_record": gettext("合并与分户"),
        "registry_person": gettext("人员信息"),
        "registry_roll_import": gettext("花名册导入"),
        "stored_file": gettext("文件"),
    }.get(table, label)


def column_name(column: str, label: str) -> str:
    """What a column holds; `label` is the field's own name, in Chinese where it was given one."""
    derived = {column.replace("_", " "), column.removesuffix("_id").replace("_", " ")}
    if label not in derived and not wording.in_english():
        return label
    return _columns().get(column, label)


def shown(table: str, column: str, value: str) -> str:
    """A stored value: codes by name, moments in the city's time, yes and no in words, lists without brackets."""
    if value in {"true", "false"}:
        return gettext("是") if value == "true" else gettext("否")
    if value[:1] == "[":
        try:
            return wording.listed(value_name(table, column, str(one)) for one in json.loads(value))
        except ValueError:
            return value
    if (name := value_name(table, column, value)) != value:
        return name
    if len(value) > len("2026-01-01T") and value[10:11] == "T":
        moment = _moment(value)
        return value if moment is None else f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
    return value


def _moment(value: str) -> Any:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _columns() -> dict[str, str]:
    return {
        "account_id": gettext("账号编号"),
        "actor_kind": gettext("操作人类别"),
        "actor_name": gettext("操作人"),
        "address": gettext("地址"),
        "appointed_by": gettext("任命机关"),
        "assessed_on": gettext("评估日期"),
        "changed_count": gettext("变化条数"),
        "code_version": gettext("程序版本"),
        "engine": gettext("计算引擎"),
        "failed_because": gettext("未完成原因"),
        "household_count": gettext("家庭数"),
        "pack_digest": gettext("政策包摘要"),
        "person_count": gettext("人数"),
        "snapshot_digest": gettext("数据摘要"),
        "started_at": gettext("开始时间"),
        "totals": gettext("汇总"),
        "as_of": gettext("截至日期"),
        "at": gettext("时间"),
        "basis": gettext("依据"),
        "birth_date": gettext("出生日期"),
        "budget_fen": gettext("预算（分）"),
        "by_account": gettext("办理人账号编号"),
        "by_name": gettext("办理人"),
        "checked_at": gettext("校验时间"),
        "clause": gettext("条款"),
        "closed_on": gettext("销户日期"),
        "code": gettext("代码"),
        "confirmed_at": gettext("确认时间"),
        "content": gettext("服务内容"),
        "content_hash": gettext("内容摘要"),
        "contract_fen": gettext("合同金额（分）"),
        "contract_number": gettext("合同编号"),
        "counts_as_member": gettext("计入共同生活人口"),
        "created_at": gettext("建立时间"),
        "custody": gettext("人身状态"),
        "date_confirmed": gettext("日期已核实"),
        "demands": gettext("对应要求"),
        "department_code": gettext("部门代码"),
        "details": gettext("内容"),
        "died_on": gettext("死亡日期"),
        "display_name": gettext("姓名"),
        "division_code": gettext("区划代码"),
        "document_file_id": gettext("授权书文件"),
        "document_index": gettext("证件号码索引"),
        "document_kind": gettext("证件类型"),
        "document_number": gettext("文号"),
        "done_on": gettext("办理日期"),
        "employment": gettext("用工形式"),
        "end_basis": gettext("撤销依据"),
        "end_on": gettext("结束日期"),
        "end_reason": gettext("结束原因"),
        "ended_at": gettext("结束时间"),
        "errors": gettext("错误数"),
        "ethnicity": gettext("民族"),
        "evaluated_on": gettext("评估日期"),
        "evaluation_note": gettext("评估意见"),
        "evaluation_score": gettext("评估得分"),
        "evidence": gettext("依据"),
        "evidence_file_id": gettext("依据文件"),
        "evidence_kind": gettext("依据类型"),
        "evidence_ref": gettext("依据"),
        "file_id": gettext("文件"),
        "file_name": gettext("文件名"),
        "filed_at": gettext("备案时间"),
        "finished_at": gettext("完成时间"),
        "first_id": gettext("第一条记录编号"),
        "flag": gettext("待处理事项"),
        "full_name": gettext("全称"),
        "group": gettext("困难群众类别"),
        "group_id": gettext("领导小组编号"),
        "guardian_body": gettext("监护机构"),
        "guardian_id": gettext("监护人"),
        "happened_on": gettext("发生日期"),
        "headcount": gettext("核定人数"),
        "height_px": gettext("高（像素）"),
        "hours": gettext("办公时间"),
        "household_id": gettext("家庭编号"),
        "households": gettext("户数"),
        "households_imported": gettext("已导入户数"),
        "households_with_errors": gettext("有误户数"),
        "initials": gettext("拼音首字母"),
        "is_active": gettext("可登录"),
        "is_head": gettext("户主"),
        "is_outside": gettext("是否外部单位"),
        "is_principal": gettext("是否政府主要负责同志"),
        "kept_id": gettext("保留的记录编号"),
        "kind": gettext("类别"),
        "last_login": gettext("上次登录"),
        "level": gettext("级别"),
        "linked_at": gettext("关联时间"),
        "listed_on": gettext("列入日期"),
        "login_name": gettext("登录名"),
        "marital": gettext("婚姻状况"),
        "media_type": gettext("类型"),
        "merged_id": gettext("并入的记录编号"),
        "merged_into_id": gettext("合并到的记录编号"),
        "method": gettext("方式"),
        "mode": gettext("导入方式"),
        "moved": gettext("转移的内容"),
        "name": gettext("名称"),
        "name_en": gettext("英文名称"),
        "name_note": gettext("姓名备注"),
        "note": gettext("备注"),
        "number": gettext("户编号"),
        "office_id": gettext("机构编号"),
        "office_kind": gettext("机构类别"),
        "office_phone": gettext("办公电话"),
        "opened_on": gettext("立户日期"),
        "ordinal": gettext("序号"),
        "original_name": gettext("文件名"),
        "owner_id": gettext("所属对象编号"),
        "owner_type": gettext("所属对象类型"),
        "parent_code": gettext("上级区划代码"),
        "password": gettext("密码"),
        "person_id": gettext("人员编号"),
        "persons_imported": gettext("已导入人数"),
        "phone": gettext("电话"),
        "phone_index": gettext("电话索引"),
        "phone_last4": gettext("电话末四位"),
        "place": gettext("居住点"),
        "population": gettext("常住人口"),
        "post_id": gettext("岗位编号"),
        "post_title": gettext("岗位"),
        "procedure_note": gettext("购买流程"),
        "protection": gettext("保护类别"),
        "provider": gettext("承接主体"),
        "provider_is_social_organization": gettext("承接主体是否社会组织"),
        "purpose": gettext("用途"),
        "rank": gettext("职级"),
        "reason": gettext("原因"),
        "recorded_at": gettext("登记时间"),
        "recorded_by": gettext("登记人"),
        "registered_at": gettext("登记时间"),
        "registered_kind": gettext("户口性质"),
        "relation": gettext("关系"),
        "relative_name": gettext("近亲属姓名"),
        "result_id": gettext("结果记录编号"),
        "revoked_at": gettext("收回时间"),
        "role": gettext("角色"),
        "rows": gettext("行数"),
        "second_id": gettext("第二条记录编号"),
        "service_radius_m": gettext("服务半径（米）"),
        "sex": gettext("性别"),
        "sha256": gettext("内容摘要"),
        "size_bytes": gettext("大小（字节）"),
        "source": gettext("数据来源"),
        "source_department": gettext("来源部门"),
        "source_id": gettext("原记录编号"),
        "source_kind": gettext("来源"),
        "source_office": gettext("来源单位"),
        "staff_id": gettext("工作人员编号"),
        "staff_number": gettext("工号"),
        "start_on": gettext("开始日期"),
        "state": gettext("状态"),
        "subject_type": gettext("对象"),
        "successor_code": gettext("承继区划代码"),
        "successor_id": gettext("承继者编号"),
        "supervision_note": gettext("监督情况"),
        "text": gettext("内容"),
        "text_en": gettext("英文内容"),
        "title": gettext("职务"),
        "title_en": gettext("英文职务"),
        "undone_at": gettext("撤销时间"),
        "undone_by": gettext("撤销人"),
        "uploaded_at": gettext("上传时间"),
        "uploaded_by_id": gettext("上传账号"),
        "urban_rural": gettext("城乡分类代码"),
        "valid_from": gettext("起始日期"),
        "valid_to": gettext("终止日期"),
        "value": gettext("值"),
        "variable": gettext("指标"),
        "variables": gettext("授权事项"),
        "ward_id": gettext("被监护人"),
        "warnings": gettext("提醒数"),
        "width_px": gettext("宽（像素）"),
        "withdrawal_reason": gettext("撤回的原因"),
        "withdrawn_at": gettext("撤回时间"),
        "withdrawn_by": gettext("撤回人"),
        "withdrawn_reason": gettext("撤回的原因"),
    }
