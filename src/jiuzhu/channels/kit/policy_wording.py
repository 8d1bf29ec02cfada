"""The words of policy packs as people read them: who acts, where, how long, when it is paid, what may be posted."""

from fractions import Fraction

from django.utils.translation import gettext, ngettext, pgettext

from jiuzhu.channels.kit.wording import department_name, in_english, said
from jiuzhu.core.citations import Citation
from jiuzhu.engine.explaining.wording import value_words
from jiuzhu.engine.kinds import Base
from jiuzhu.engine.packs.differences import Change, Sort, Subject
from jiuzhu.engine.packs.model import PackSet
from jiuzhu.engine.packs.pieces import Label
from jiuzhu.engine.packs.programmes import Category, Receiver, Relation, Rhythm, Term, TermUnit


def said_label(label: Label) -> str:
    """A label in the reader's language."""
    return label.said("en" if in_english() else "zh") or label.zh


def cited(citation: Citation) -> str:
    """An article in the reader's language."""
    return citation.short_en if in_english() else citation.full_zh


def category_name(category: Category) -> str:
    """The class of a programme (社会救助法 art. 15)."""
    return {
        Category.BASIC: gettext("基本生活救助"),
        Category.SPECIAL: gettext("专项救助"),
        Category.EMERGENCY: gettext("急难救助"),
        Category.CHILDREN: gettext("儿童福利"),
        Category.DISABILITY: gettext("残疾人福利"),
        Category.OTHER: gettext("其他救助和补贴"),
        Category.SOCIETY: gettext("社会力量参与"),
    }[category]


def lead_name(lead: str) -> str:
    """The department that leads a programme."""
    return department_name(lead)


def receiver_name(unit: Receiver) -> str:
    """Whom an outcome is about."""
    return gettext("按户") if unit is Receiver.HOUSEHOLD else gettext("按人")


def rhythm_word(rhythm: Rhythm) -> str:
    """When an amount is paid."""
    return {
        Rhythm.MONTHLY: gettext("每月"),
        Rhythm.YEARLY: gettext("每年"),
        Rhythm.ONCE: gettext("一次性"),
        Rhythm.SETTLED: gettext("与机构结算"),
        Rhythm.IN_KIND: gettext("实物或服务"),
    }[rhythm]


def actor_word(actor: str) -> str:
    """Who takes a step, decides, or is asked for a paper."""
    return {
        "applicant": gettext("申请人"),
        "member": gettext("家庭成员"),
        "guardian": gettext("监护人"),
        "supporter": gettext("赡养、抚养、扶养义务人"),
        "employer": gettext("用人单位"),
        "court": gettext("人民法院"),
        "police": gettext("公安机关"),
        "village": gettext("村（居）民委员会"),
        "verification": gettext("核对机构"),
        "bank": gettext("代发银行"),
        "provider": gettext("服务机构"),
        "township": gettext("乡镇（街道）"),
        "county": gettext("县级部门"),
        "city": gettext("市级部门"),
        "province": gettext("省级部门"),
        "department": gettext("主管部门"),
        "school": gettext("学校"),
        "hospital": gettext("医疗机构"),
        "station": gettext("救助管理机构"),
        "organization": gettext("社会组织"),
    }.get(actor, actor)


def venue_word(venue: str) -> str:
    """Where one applies."""
    return {
        "registration": gettext("户籍所在地"),
        "residence": gettext("居住地"),
        "place_of_event": gettext("急难发生地"),
        "school": gettext("就读学校"),
        "hospital": gettext("就诊医疗机构"),
        "station": gettext("救助管理机构"),
        "any": gettext("任何地方"),
    }.get(venue, venue)


def form_word(form: str) -> str:
    """In which form a paper is taken."""
    return {
        "original": gettext("原件"),
        "copy": gettext("复印件"),
        "photo": gettext("照片"),
        "electronic": gettext("电子件"),
        "undertaking": gettext("书面承诺"),
    }.get(form, form)


def case_word(case: str) -> str:
    """The sort of cases that a limit is for."""
    return {
        "normal": gettext("一般情形"),
        "delegated": gettext("委托乡镇（街道）确认的"),
        "special": gettext("情况特殊的"),
    }.get(case, case)


def relation_word(relation: Relation, other: str) -> str:
    """What holds between a programme and another, in a sentence."""
    return {
        Relation.GIVES_WAY: gettext("已享受%(other)s的，不同时享受本项。"),
        Relation.PREVAILS: gettext("享受本项的，不同时享受%(other)s。"),
        Relation.HIGHER: gettext("与%(other)s只能享受金额较高的一项。"),
        Relation.CHOICE: gettext("与%(other)s只能选择一项。"),
        Relation.TOP_UP: gettext("已享受%(other)s的，只补足差额。"),
    }[relation] % {"other": other}


def field_word(field: str) -> str:
    """A field that may be posted."""
    return {
        "applicant_name": gettext("申请人姓名"),
        "member_count": gettext("家庭人口"),
        "amount": gettext("救助金额"),
        "result": gettext("结果"),
        "village": gettext("所在村（居）"),
    }.get(field, field)


def place_word(place: str) -> str:
    """Where something is posted."""
    return {
        "village": gettext("所在村（居）"),
        "township": gettext("乡镇（街道）"),
        "county": gettext("县（市、区）"),
        "city": gettext("市"),
        "website": gettext("政府网站"),
    }.get(place, place)


def length_of(number: int | None, unit: TermUnit) -> str:
    """A length of time; a place that has published none says so."""
    if number is None:
        return gettext("按当地规定")
    if unit is TermUnit.WORKING_DAYS:
        text = ngettext("%(n)s个工作日", "%(n)s个工作日", number)
    elif unit is TermUnit.NATURAL_DAYS:
        text = ngettext("%(n)s天", "%(n)s天", number)
    elif unit is TermUnit.HOURS:
        text = ngettext("%(n)s小时", "%(n)s小时", number)
    else:
        text = ngettext("%(n)s个月", "%(n)s个月", number)
    return text % {"n": number}


def event_word(after: str) -> str:
    """What a term is counted from, where it is no step of the procedure itself."""
    return {
        "application": pgettext("counted from", "申请"),
        "acceptance": pgettext("counted from", "受理"),
        "discovery": pgettext("counted from", "发现"),
        "emergency": pgettext("counted from", "急难发生"),
        "admission": pgettext("counted from", "入院"),
        "request": pgettext("counted from", "提出请求"),
        "report": pgettext("counted from", "报告"),
        "receipt": pgettext("counted from", "收到材料"),
        "opinion": pgettext("counted from", "提出意见"),
        "publication_end": pgettext("counted from", "公示期满"),
        "objection": pgettext("counted from", "提出异议"),
        "hearing": pgettext("counted from", "听取意见"),
        "decision": pgettext("counted from", "作出决定"),
        "notice": pgettext("counted from", "送达"),
        "payment": pgettext("counted from", "发放"),
        "change": pgettext("counted from", "情况变化"),
        "death": pgettext("counted from", "去世"),
    }.get(after, "")


def term_words(term: Term, number: int | None, steps: dict[str, str]) -> str:
    """A term in words: how long, and after what."""
    length = length_of(number, term.unit)
    after = steps.get(term.after) or event_word(term.after)
    return gettext("%(after)s后%(length)s内") % {"after": after, "length": length} if after else length


def change_word(one: Change) -> str:
    """What sort of change of policy it is."""
    sorts = {Sort.ADDED: gettext("新增"), Sort.REMOVED: gettext("不再适用"), Sort.CHANGED: gettext("改变")}
    return said(f"{subject_word(one.subject)}{sorts[one.sort]}", f"{subject_word(one.subject)} {sorts[one.sort]}")


def subject_word(subject: Subject) -> str:
    """What a change of policy is about."""
    return {
        Subject.PROGRAMME: pgettext("what changes", "制度"),
        Subject.PARAMETER: pgettext("what changes", "标准"),
        Subject.FORMULA: pgettext("what changes", "规则"),
        Subject.FACT: pgettext("what changes", "信息项"),
        Subject.PROCESS: pgettext("what changes", "程序"),
        Subject.MATERIAL: pgettext("what changes", "材料"),
        Subject.NOTICE: pgettext("what changes", "文书"),
        Subject.EXCLUSION: pgettext("what changes", "与其他制度的关系"),
    }[subject]


def change_value(one: Change, packs: PackSet, text: str) -> str:
    """A value before or after a change as people read it, with its unit; other texts stay as they are written."""
    parameter = packs.parameters.get(one.name)
    if not text or " " in text or one.subject is not Subject.PARAMETER or parameter is None:
        return text
    kind = parameter.kind
    value = kind.encode(text)
    return said_label(value_words(kind, Fraction(value, 10**kind.places) if kind.base is Base.NUMBER else value))
