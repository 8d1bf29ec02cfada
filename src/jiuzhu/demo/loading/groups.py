"""Who belongs to which group of people in need, on what evidence; and who lets which department see what."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from django.db.backends.utils import CursorWrapper

from jiuzhu.demo.city.arrays import Bools, Ints
from jiuzhu.demo.city.groups import TargetGroup as Drawn
from jiuzhu.demo.loading.copying import NULL, copy_rows, dates
from jiuzhu.demo.loading.numbered import Numbered
from jiuzhu.rooms.registry.states import EvidenceKind, SubjectKind, TargetGroup

_PERSON, _HOUSEHOLD = SubjectKind.PERSON, SubjectKind.HOUSEHOLD


@dataclass(frozen=True, slots=True)
class _Tag:
    """How a group of the generator stands in the registry."""

    group: TargetGroup
    evidence: EvidenceKind
    reference: str
    subjects: tuple[SubjectKind, ...] = (_PERSON,)


_BOTH = (_PERSON, _HOUSEHOLD)
TAGS: dict[Drawn, _Tag] = {
    Drawn.DIBAO: _Tag(TargetGroup.DIBAO, EvidenceKind.DETERMINATION, "审核确认决定（演示）", _BOTH),
    Drawn.TEKUN: _Tag(TargetGroup.TEKUN, EvidenceKind.DETERMINATION, "审核确认决定（演示）"),
    Drawn.RETURN_TO_POVERTY_WATCHED: _Tag(
        TargetGroup.FANGZHI_FANPIN, EvidenceKind.MONITORING_LIST, "监测对象名单（演示）", _BOTH
    ),
    Drawn.DISASTER: _Tag(TargetGroup.SHOUZAI, EvidenceKind.DISASTER_ASSESSMENT, "灾情核定表（演示）"),
    Drawn.WITHOUT_SHELTER: _Tag(TargetGroup.LIUSAN, EvidenceKind.RESCUE_STATION_RECORD, "救助管理站登记（演示）"),
    Drawn.ORPHANS_AND_CHILDREN_IN_NEED: _Tag(
        TargetGroup.GUER_KUNJING_ERTONG, EvidenceKind.GUARDIAN_STATEMENT, "监护情况说明（演示）"
    ),
    Drawn.CLEFT_LIP_AND_PALSY_CHILDREN: _Tag(
        TargetGroup.CHUNELIE_NAOTAN_ERTONG, EvidenceKind.DIAGNOSIS, "诊断证明（演示）"
    ),
    Drawn.SEVERE_MENTAL_ILLNESS: _Tag(
        TargetGroup.ZHONGDU_JINGSHENBING, EvidenceKind.PSYCHIATRIC_REGISTER, "严重精神障碍管理登记（演示）"
    ),
    Drawn.DISABLED_IN_NEED: _Tag(TargetGroup.KUNNAN_CANJI, EvidenceKind.DISABILITY_CERTIFICATE, "残疾人证（演示）"),
    Drawn.TWO_CANCERS: _Tag(TargetGroup.LIANGAI_FUNV, EvidenceKind.DIAGNOSIS, "诊断证明（演示）"),
    Drawn.WORKERS_IN_NEED: _Tag(TargetGroup.KUNNAN_ZHIGONG, EvidenceKind.UNION_FILE, "工会困难职工档案（演示）"),
    Drawn.EMERGENCY_UNABLE_TO_PAY: _Tag(TargetGroup.JIJIU, EvidenceKind.HOSPITAL_STATEMENT, "医疗机构证明（演示）"),
    Drawn.DISABLED_BY_BRAVERY: _Tag(
        TargetGroup.JIANYI_YONGWEI_ZHICAN, EvidenceKind.BRAVERY_CONFIRMATION, "见义勇为确认书（演示）"
    ),
    Drawn.FAMILY_OF_BRAVE_DEAD: _Tag(
        TargetGroup.JIANYI_YONGWEI_XISHENG, EvidenceKind.BRAVERY_CONFIRMATION, "见义勇为确认书（演示）", (_HOUSEHOLD,)
    ),
    Drawn.HEALTH_EMERGENCY: _Tag(
        TargetGroup.TUFA_WEISHENG, EvidenceKind.HEALTH_EMERGENCY_NOTICE, "突发公共卫生事件认定（演示）"
    ),
    Drawn.DIBAO_BIANYUAN: _Tag(TargetGroup.DIBAO_BIANYUAN, EvidenceKind.DETERMINATION, "审核确认决定（演示）", _BOTH),
    Drawn.GANGXING_ZHICHU: _Tag(TargetGroup.GANGXING_ZHICHU, EvidenceKind.DETERMINATION, "审核确认决定（演示）", _BOTH),
}
# Departments that people let see and supply their data: groups whose members sign, and what they open.
AUTHORISED: tuple[tuple[str, Drawn, tuple[str, ...], str], ...] = (
    (
        "disabled_federation",
        Drawn.DISABLED_IN_NEED,
        ("disability_certificate", "disability_type", "disability_grade"),
        "残疾人服务和困难残疾人救助",
    ),
    (
        "medical_security",
        Drawn.TWO_CANCERS | Drawn.EMERGENCY_UNABLE_TO_PAY | Drawn.GANGXING_ZHICHU,
        ("serious_illness", "medical_self_paid_fen_year"),
        "医疗救助",
    ),
)
_LONGEST_DAYS = 900


def copy_groups(cursor: CursorWrapper, numbered: Numbered) -> None:
    """Write the tags of a chunk and the authorisations of some who carry them."""
    chunk = numbered.chunk
    tags, house = chunk.groups.tags, chunk.people.household
    count = len(chunk.households.number)
    for drawn, tag in TAGS.items():
        carries = ((tags & int(drawn)) > 0) & chunk.people.living
        if _PERSON in tag.subjects:
            _tag(cursor, numbered, tag, _PERSON, np.flatnonzero(carries))
        if _HOUSEHOLD in tag.subjects:
            homes = np.bincount(house, weights=carries, minlength=count) > 0
            _tag(cursor, numbered, tag, _HOUSEHOLD, np.flatnonzero(homes))
    for department, drawn, variables, purpose in AUTHORISED:
        signs = ((tags & int(drawn)) > 0) & chunk.people.living & (chunk.people.age >= 18)
        _authorise(cursor, numbered, department, variables, purpose, where=signs)


def _tag(cursor: CursorWrapper, numbered: Numbered, tag: _Tag, subject: SubjectKind, rows: Ints) -> None:
    chunk = numbered.chunk
    of_person = subject is SubjectKind.PERSON
    house = chunk.people.household[rows] if of_person else rows
    # all members of a household carry a group from the same day, drawn from the household's number
    back = chunk.households.number[house] * 7919 % _LONGEST_DAYS + 20
    since = chunk.as_of - back.astype("timedelta64[D]")
    if of_person:
        since = np.maximum(since, chunk.people.born[rows])
    ids = (numbered.person_id if of_person else numbered.household_id)[rows]
    texts = list(map(str, ids.tolist()))
    copy_rows(
        cursor,
        "registry_group_membership",
        len(rows),
        {
            "subject_type": subject.value,
            "person_id": texts if of_person else NULL,
            "household_id": NULL if of_person else texts,
            "division_code": chunk.households.division_code[house].tolist(),
            "group": tag.group.value,
            "valid_from": dates(since),
            "valid_to": NULL,
            "evidence_kind": tag.evidence.value,
            "evidence_ref": tag.reference,
            "end_reason": "",
            "recorded_at": numbered.at.isoformat(),
            "recorded_by": NULL,
        },
    )


def _authorise(
    cursor: CursorWrapper,
    numbered: Numbered,
    department: str,
    variables: tuple[str, ...],
    purpose: str,
    *,
    where: Bools,
) -> None:
    chunk = numbered.chunk
    rows = np.flatnonzero(where)
    named = ", ".join(f'"{variable}"' for variable in variables)
    copy_rows(
        cursor,
        "registry_authorisation",
        len(rows),
        {
            "person_id": list(map(str, numbered.person_id[rows].tolist())),
            "division_code": chunk.households.division_code[chunk.people.household[rows]].tolist(),
            "department_code": department,
            "variables": f"[{named}]",
            "purpose": purpose,
            "valid_from": (numbered.as_of - timedelta(days=60)).isoformat(),
            "valid_to": (numbered.as_of + timedelta(days=305)).isoformat(),
            "withdrawn_at": NULL,
            "withdrawn_reason": "",
            "document_file_id": NULL,
            "recorded_at": numbered.at.isoformat(),
            "recorded_by": NULL,
        },
    )
