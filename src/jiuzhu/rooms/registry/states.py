"""Kinds and codes of the registry: sources, documents, life events, guardianship, target groups and their evidence.

Each kind carries its Chinese name and an English one for display; the codes are stored in the database.
"""

from dataclasses import dataclass
from enum import StrEnum

from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.transitions import Transition, TransitionTable
from jiuzhu.rooms.registry.permissions import Permission


class RegisteredKind(StrEnum):
    """Kind of household registration (户口性质)."""

    URBAN = "urban"
    RURAL = "rural"


class SubjectKind(StrEnum):
    """What a fact or a group tag speaks about."""

    PERSON = "person"
    HOUSEHOLD = "household"


class SourceKind(StrEnum):
    """Where a fact comes from; verified outweighs visited, visited outweighs declared."""

    DECLARED = "declared"
    VISITED = "visited"
    VERIFIED = "verified"


class DocumentKind(StrEnum):
    """Kind of identity document."""

    CITIZEN_ID = "citizen_id"  # 居民身份证, GB 11643
    RESIDENCE_PERMIT = "residence_permit"  # 港澳台居民居住证, same construction with 81, 82, 83
    PERMANENT_RESIDENCE = "permanent_residence"  # 外国人永久居留身份证
    BIRTH_CERTIFICATE = "birth_certificate"  # 出生医学证明, until a number is given
    NONE = "none"  # 无证件 (a found child, a person whose identity is not known)


class GuardianshipKind(StrEnum):
    """On what a guardianship rests (民法典 art. 27-31)."""

    PARENT = "parent"  # 父母
    STATUTORY = "statutory"  # 法定 (other relatives, in the order of the law)
    APPOINTED = "appointed"  # 指定 (committee, civil affairs or court)
    AGREED = "agreed"  # 协议、意定
    INSTITUTION = "institution"  # 民政部门或村居委会监护


class LifeEventKind(StrEnum):
    """What happens in a life and changes the registry."""

    BIRTH = "birth"
    DEATH = "death"
    MOVE = "move"
    MARRIAGE = "marriage"
    DIVORCE = "divorce"
    IMPRISONMENT = "imprisonment"
    RELEASE = "release"
    ADOPTION = "adoption"
    MISSING = "missing"
    FOUND = "found"


class CustodyState(StrEnum):
    """Whether a person is free; persons serving a sentence are not counted as members (民发〔2021〕57号 art. 7)."""

    FREE = "free"
    IMPRISONED = "imprisoned"
    MISSING = "missing"


class MergeKind(StrEnum):
    """What an undoable change of structure did."""

    MERGE_PERSONS = "merge_persons"
    SPLIT_HOUSEHOLD = "split_household"


class ProtectionKind(StrEnum):
    """Why a person's address and contact are shown to nobody without need to know."""

    NONE = ""
    DOMESTIC_VIOLENCE = "domestic_violence"
    TRAFFICKED = "trafficked"


class AccessKind(StrEnum):
    """What was looked at."""

    PERSON = "person"
    HOUSEHOLD = "household"
    IDENTITY = "identity"  # whole numbers shown
    HISTORY = "history"


class EvidenceKind(StrEnum):
    """Papers and records by which a target group is proved."""

    DETERMINATION = "determination"
    SCHOOL_RECORD = "school_record"
    MONITORING_LIST = "monitoring_list"
    DISASTER_ASSESSMENT = "disaster_assessment"
    RESCUE_STATION_RECORD = "rescue_station_record"
    DEATH_CERTIFICATE = "death_certificate"
    COURT_JUDGMENT = "court_judgment"
    GUARDIAN_STATEMENT = "guardian_statement"
    DIAGNOSIS = "diagnosis"
    PSYCHIATRIC_REGISTER = "psychiatric_register"
    DISABILITY_CERTIFICATE = "disability_certificate"
    UNION_FILE = "union_file"
    HOSPITAL_STATEMENT = "hospital_statement"
    POLICE_STATEMENT = "police_statement"
    BRAVERY_CONFIRMATION = "bravery_confirmation"
    MARTYR_CERTIFICATE = "martyr_certificate"
    HEALTH_EMERGENCY_NOTICE = "health_emergency_notice"
    VISIT_RECORD = "visit_record"


class TargetGroup(StrEnum):
    """Groups of people in need: the fifteen of the founding document and the two added by 社会救助法 art. 13."""

    DIBAO = "dibao"
    TEKUN = "tekun"
    DIBAO_BIANYUAN = "dibao_bianyuan"
    GANGXING_ZHICHU = "gangxing_zhichu"
    FANGZHI_FANPIN = "fangzhi_fanpin"
    SHOUZAI = "shouzai"
    LIUSAN = "liusan"
    GUER_KUNJING_ERTONG = "guer_kunjing_ertong"
    CHUNELIE_NAOTAN_ERTONG = "chunelie_naotan_ertong"
    ZHONGDU_JINGSHENBING = "zhongdu_jingshenbing"
    KUNNAN_CANJI = "kunnan_canji"
    LIANGAI_FUNV = "liangai_funv"
    KUNNAN_ZHIGONG = "kunnan_zhigong"
    JIJIU = "jijiu"
    JIANYI_YONGWEI_ZHICAN = "jianyi_yongwei_zhican"
    JIANYI_YONGWEI_XISHENG = "jianyi_yongwei_xisheng"
    TUFA_WEISHENG = "tufa_weisheng"


@dataclass(frozen=True, slots=True)
class GroupDefinition:
    """A target group: names, older names, who can belong to it and the evidence of which one kind is required."""

    group: TargetGroup
    zh: str
    en: str
    aliases: tuple[str, ...]
    subjects: frozenset[SubjectKind]
    evidence: frozenset[EvidenceKind]
    basis: str


_PERSON = frozenset({SubjectKind.PERSON})
_HOUSEHOLD = frozenset({SubjectKind.HOUSEHOLD})
_BOTH = _PERSON | _HOUSEHOLD
_LAW = "社会救助法第十三条"
_FOUNDING = "统筹完善社会救助体系工作意见二（一）"
_E = EvidenceKind
_G = TargetGroup


def _group(
    group: TargetGroup,
    names: tuple[str, str],
    aliases: tuple[str, ...],
    subjects: frozenset[SubjectKind],
    evidence: set[EvidenceKind],
    basis: str = _FOUNDING,
) -> GroupDefinition:
    return GroupDefinition(group, names[0], names[1], aliases, subjects, frozenset(evidence), basis)


GROUPS: dict[TargetGroup, GroupDefinition] = {
    definition.group: definition
    for definition in (
        _group(_G.DIBAO, ("最低生活保障对象", "Minimum living allowance recipients"),
               ("低保", "低保对象", "最低生活保障人员", "最低生活保障家庭"), _BOTH, {_E.DETERMINATION}, _LAW),
        _group(_G.TEKUN, ("特困人员", "Persons in extreme need"), ("特困", "特困供养人员", "五保"), _PERSON,
               {_E.DETERMINATION}, _LAW),
        _group(_G.DIBAO_BIANYUAN, ("最低生活保障边缘家庭", "Households just above the minimum living allowance"),
               ("低保边缘", "低保边缘家庭", "边缘家庭"), _BOTH, {_E.DETERMINATION}, _LAW),
        _group(_G.GANGXING_ZHICHU, ("刚性支出困难家庭", "Households in hardship through unavoidable expenses"),
               ("刚性支出", "支出型困难家庭"), _BOTH, {_E.DETERMINATION}, _LAW),
        _group(_G.FANGZHI_FANPIN, ("防止返贫监测对象", "People monitored against falling back into poverty"),
               ("建档立卡", "建档立卡贫困人口", "监测对象", "脱贫人口"), _BOTH, {_E.MONITORING_LIST}),
        _group(_G.SHOUZAI, ("受灾人员", "People hit by disaster"), ("受灾",), _BOTH,
               {_E.DISASTER_ASSESSMENT, _E.VISIT_RECORD}, _LAW),
        _group(_G.LIUSAN, ("生活无着的流散人员", "Homeless persons without means"),
               ("流浪乞讨人员", "生活无着的流浪乞讨人员", "流散人员"), _PERSON,
               {_E.RESCUE_STATION_RECORD, _E.POLICE_STATEMENT}, _LAW),
        _group(_G.GUER_KUNJING_ERTONG, ("孤儿和困境儿童", "Orphans and children in difficulty"),
               ("孤儿", "困境儿童", "事实无人抚养儿童"), _PERSON,
               {_E.DEATH_CERTIFICATE, _E.COURT_JUDGMENT, _E.GUARDIAN_STATEMENT, _E.DETERMINATION}),
        _group(_G.CHUNELIE_NAOTAN_ERTONG, ("唇腭裂和脑瘫儿童", "Children with cleft lip or palate or cerebral palsy"),
               ("唇腭裂儿童", "脑瘫儿童"), _PERSON, {_E.DIAGNOSIS, _E.DISABILITY_CERTIFICATE}),
        _group(_G.ZHONGDU_JINGSHENBING, ("重度精神病患者", "Patients with severe mental illness"),
               ("严重精神障碍患者",), _PERSON, {_E.PSYCHIATRIC_REGISTER, _E.DIAGNOSIS}),
        _group(_G.KUNNAN_CANJI, ("困难残疾人", "Disabled persons in hardship"), ("残疾人",), _PERSON,
               {_E.DISABILITY_CERTIFICATE}),
        _group(_G.LIANGAI_FUNV, ("“两癌”贫困妇女", "Poor women with breast or cervical cancer"),
               ("两癌妇女", "两癌"), _PERSON, {_E.DIAGNOSIS}),
        _group(_G.KUNNAN_ZHIGONG, ("困难职工", "Workers in hardship"), (), _BOTH, {_E.UNION_FILE}),
        _group(_G.JIJIU, ("需急救的身份不明和无力支付人员", "Emergency patients unidentified or unable to pay"),
               ("疾病应急救助人员", "需急救人员"), _PERSON, {_E.HOSPITAL_STATEMENT, _E.POLICE_STATEMENT}),
        _group(_G.JIANYI_YONGWEI_ZHICAN, ("因见义勇为致残人员及其家庭", "Persons disabled by acts of bravery"),
               ("见义勇为致残",), _BOTH, {_E.BRAVERY_CONFIRMATION}),
        _group(_G.JIANYI_YONGWEI_XISHENG, ("见义勇为死亡（牺牲）人员家庭", "Families of people killed in brave acts"),
               ("见义勇为牺牲人员家庭",), _HOUSEHOLD, {_E.BRAVERY_CONFIRMATION, _E.MARTYR_CERTIFICATE}),
        _group(_G.TUFA_WEISHENG, ("受突发公共卫生事件影响人员家庭", "Households hit by a public health emergency"),
               ("受突发公共卫生安全事件影响人员家庭",), _BOTH, {_E.HEALTH_EMERGENCY_NOTICE, _E.VISIT_RECORD}),
    )
}  # fmt: skip


def group_named(text: str) -> TargetGroup:
    """Find a group by its code, its name or an older name.

    Raises:
        InvalidValue: no group has this name.
    """
    cleaned = text.strip()
    for definition in GROUPS.values():
        if cleaned in (definition.group.value, definition.zh, *definition.aliases):
            return definition.group
    raise InvalidValue(
        "registry.group.unknown",
        f"没有名为“{cleaned[:20]}”的困难群众类别，请从类别清单中选择",
        f"No target group is named “{cleaned[:20]}”; choose one from the list.",
    )


EVIDENCE_NAMES: dict[EvidenceKind, tuple[str, str]] = {
    EvidenceKind.DETERMINATION: ("审核确认决定", "Decision of confirmation"),
    EvidenceKind.SCHOOL_RECORD: ("学籍证明", "School record"),
    EvidenceKind.MONITORING_LIST: ("防返贫监测名单", "Monitoring list"),
    EvidenceKind.DISASTER_ASSESSMENT: ("灾情核定", "Disaster assessment"),
    EvidenceKind.RESCUE_STATION_RECORD: ("救助管理站登记", "Record of the rescue station"),
    EvidenceKind.DEATH_CERTIFICATE: ("死亡证明", "Death certificate"),
    EvidenceKind.COURT_JUDGMENT: ("法院裁判文书", "Court judgment"),
    EvidenceKind.GUARDIAN_STATEMENT: ("监护情况说明", "Statement on guardianship"),
    EvidenceKind.DIAGNOSIS: ("诊断证明", "Diagnosis"),
    EvidenceKind.PSYCHIATRIC_REGISTER: ("严重精神障碍管理登记", "Register of severe mental illness"),
    EvidenceKind.DISABILITY_CERTIFICATE: ("残疾人证", "Disability certificate"),
    EvidenceKind.UNION_FILE: ("工会困难职工档案", "Union file"),
    EvidenceKind.HOSPITAL_STATEMENT: ("医疗机构证明", "Statement of the hospital"),
    EvidenceKind.POLICE_STATEMENT: ("公安机关证明", "Statement of the police"),
    EvidenceKind.BRAVERY_CONFIRMATION: ("见义勇为确认书", "Confirmation of bravery"),
    EvidenceKind.MARTYR_CERTIFICATE: ("烈士证明", "Martyr certificate"),
    EvidenceKind.HEALTH_EMERGENCY_NOTICE: ("突发公共卫生事件认定", "Notice of a public health emergency"),
    EvidenceKind.VISIT_RECORD: ("入户调查记录", "Record of a home visit"),
}

EVENT_NAMES: dict[LifeEventKind, tuple[str, str]] = {
    LifeEventKind.BIRTH: ("出生", "Birth"),
    LifeEventKind.DEATH: ("死亡", "Death"),
    LifeEventKind.MOVE: ("迁移", "Move"),
    LifeEventKind.MARRIAGE: ("结婚", "Marriage"),
    LifeEventKind.DIVORCE: ("离婚", "Divorce"),
    LifeEventKind.IMPRISONMENT: ("服刑", "Imprisonment"),
    LifeEventKind.RELEASE: ("释放", "Release"),
    LifeEventKind.ADOPTION: ("收养", "Adoption"),
    LifeEventKind.MISSING: ("失踪", "Missing"),
    LifeEventKind.FOUND: ("找到", "Found"),
}

SOURCE_NAMES: dict[SourceKind, tuple[str, str]] = {
    SourceKind.DECLARED: ("申报", "declared"),
    SourceKind.VISITED: ("入户调查", "seen on a visit"),
    SourceKind.VERIFIED: ("核对", "verified"),
}

GUARDIANSHIP_NAMES: dict[GuardianshipKind, tuple[str, str]] = {
    GuardianshipKind.PARENT: ("父母监护", "Parent"),
    GuardianshipKind.STATUTORY: ("法定监护", "Statutory"),
    GuardianshipKind.APPOINTED: ("指定监护", "Appointed"),
    GuardianshipKind.AGREED: ("协议或意定监护", "Agreed"),
    GuardianshipKind.INSTITUTION: ("机构监护", "Institution"),
}

DOCUMENT_NAMES: dict[DocumentKind, tuple[str, str]] = {
    DocumentKind.CITIZEN_ID: ("居民身份证", "Citizen identity card"),
    DocumentKind.RESIDENCE_PERMIT: ("港澳台居民居住证", "Residence permit (Hong Kong, Macao, Taiwan)"),
    DocumentKind.PERMANENT_RESIDENCE: ("外国人永久居留身份证", "Permanent residence card"),
    DocumentKind.BIRTH_CERTIFICATE: ("出生医学证明", "Birth certificate"),
    DocumentKind.NONE: ("无证件", "None"),
}


# Import of a household roll (家庭花名册)


class RollState(StrEnum):
    """Where the import of a roll stands."""

    UPLOADED = "uploaded"
    CHECKED = "checked"
    IMPORTING = "importing"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class RollMode(StrEnum):
    """What happens to a roll in which some households have errors."""

    ALL_OR_NOTHING = "all_or_nothing"  # nothing is imported until the roll is without error
    GOOD_HOUSEHOLDS = "good_households"  # households without error are imported, the others stay in the error file


class RollStage(StrEnum):
    """When a problem of a row was found: while the roll was checked, or when its household was to be stored."""

    CHECK = "check"
    IMPORT = "import"


class RollSeverity(StrEnum):
    """An error keeps the household out; a warning only asks for a look."""

    ERROR = "error"
    WARNING = "warning"


_ROLL_BASIS = "社会救助法第十三条；统筹完善社会救助体系工作意见二（一）"

ROLLS: TransitionTable[RollState] = TransitionTable(
    states=RollState,
    initial=RollState.UPLOADED,
    names={
        RollState.UPLOADED: ("待校验", "Waiting to be checked"),
        RollState.CHECKED: ("已校验，待确认", "Checked, waiting for a decision"),
        RollState.IMPORTING: ("导入中", "Being imported"),
        RollState.FINISHED: ("已导入", "Imported"),
        RollState.CANCELLED: ("已取消", "Cancelled"),
    },
    transitions=(
        Transition(
            verb="check",
            from_states=frozenset({RollState.UPLOADED}),
            to_state=RollState.CHECKED,
            permission=Permission.HOUSEHOLD_REGISTER,
            zh="校验",
            en="Check",
            basis=_ROLL_BASIS,
        ),
        Transition(
            verb="confirm",
            from_states=frozenset({RollState.CHECKED}),
            to_state=RollState.IMPORTING,
            permission=Permission.HOUSEHOLD_REGISTER,
            zh="确认导入",
            en="Confirm",
            basis=_ROLL_BASIS,
        ),
        Transition(
            verb="finish",
            from_states=frozenset({RollState.IMPORTING}),
            to_state=RollState.FINISHED,
            permission=Permission.HOUSEHOLD_REGISTER,
            zh="完成导入",
            en="Finish",
            basis=_ROLL_BASIS,
        ),
        Transition(
            verb="cancel",
            from_states=frozenset({RollState.UPLOADED, RollState.CHECKED}),
            to_state=RollState.CANCELLED,
            permission=Permission.HOUSEHOLD_REGISTER,
            zh="取消",
            en="Cancel",
            basis=_ROLL_BASIS,
        ),
    ),
)
