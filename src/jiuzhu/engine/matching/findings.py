"""What a record of a register can hide, each with its words, what it touches, what stays unknown, what to look at.

A finding never cuts anything: it widens the bounds of a figure, or says who has to look (domain facts, “traps”).
"""

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a finding does to the figure it touches."""

    TOLD = "told"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


class Finding(StrEnum):
    """The kinds of finding; their order is the order of the bits in which files keep them: add at the end only."""

    OLD_FORM_NUMBER = "old_form_number"
    FORMER_NUMBER = "former_number"
    CHANGED_NUMBER = "changed_number"
    BROKEN_NUMBER = "broken_number"
    NAME_DIFFERS = "name_differs"
    VARIANT_NAME = "variant_name"
    BY_NAME = "by_name"
    SAME_NAME = "same_name"
    CO_OWNED = "co_owned"
    SHARE_UNKNOWN = "share_unknown"
    JOINT_ACCOUNT = "joint_account"
    STUDENT_ACCOUNT = "student_account"
    LUMP_SUM = "lump_sum"
    SOLD_NOT_TRANSFERRED = "sold_not_transferred"
    DEMOLISHED = "demolished"
    INHERITED = "inherited"
    DORMANT_COMPANY = "dormant_company"
    DECEASED_NOT_CANCELLED = "deceased_not_cancelled"
    OLD_DATA = "old_data"
    LATER_DATA = "later_data"
    UNDATED_DATA = "undated_data"
    VALUE_MISSING = "value_missing"
    ROW_UNREADABLE = "row_unreadable"
    LISTED_TWICE = "listed_twice"
    OWN_NUMBER_INVALID = "own_number_invalid"

    @property
    def bit(self) -> int:
        """The bit that stands for it in a sum of findings."""
        return _BITS[self]


_BITS = {one: 1 << at for at, one in enumerate(Finding)}


@dataclass(frozen=True, slots=True)
class Meaning:
    """The words of a finding: what was seen, what stays unknown, what a person has to look at; and its effect."""

    effect: Effect
    zh: str
    en: str
    unknown_zh: str
    unknown_en: str
    look_zh: str
    look_en: str


_ALL_KNOWN = ("无", "nothing")
_WHOSE = ("记录是否属于本人", "whether the record is this person's")

MEANINGS: dict[Finding, Meaning] = {
    Finding.OLD_FORM_NUMBER: Meaning(
        Effect.TOLD,
        "登记的是15位旧身份证号，已换算为18位后比对一致",
        "registered under the old number of 15 digits, which is the same number",
        *_ALL_KNOWN,
        "无需处理",
        "nothing",
    ),
    Finding.FORMER_NUMBER: Meaning(
        Effect.TOLD,
        "登记的是本人曾用的证件号码",
        "registered under a former number of the person",
        *_ALL_KNOWN,
        "确认号码变更证明在案",
        "whether the proof of the change of number is on file",
    ),
    Finding.CHANGED_NUMBER: Meaning(
        Effect.POSSIBLE,
        "姓名、出生日期相同而证件号码不同，可能变更过号码，也可能是同名同日出生的另一人",
        "same name and birth date under another valid number: a changed number, or somebody else",
        *_WHOSE,
        "请公安部门核实号码变更，确认前不计入",
        "ask public security about a change of number; not counted until then",
    ),
    Finding.BROKEN_NUMBER: Meaning(
        Effect.POSSIBLE,
        "登记的证件号码校验不通过，按姓名和出生日期比对",
        "the number in the register fails its check; compared by name and birth",
        *_WHOSE,
        "对照登记档案核对号码",
        "compare the number with the register's own file",
    ),
    Finding.NAME_DIFFERS: Meaning(
        Effect.POSSIBLE,
        "证件号码相同而姓名不同，可能改过姓名，也可能是号码登记错误",
        "same number, another name: a changed name, or a number entered wrongly",
        *_WHOSE,
        "核对户口簿曾用名；不是本人的，请来源单位更正",
        "the former names in the household register; if it is not the person, ask the source to correct it",
    ),
    Finding.VARIANT_NAME: Meaning(
        Effect.TOLD,
        "姓名只有繁简或异体字之别",
        "names differ only by variant characters",
        *_ALL_KNOWN,
        "无需处理",
        "nothing",
    ),
    Finding.BY_NAME: Meaning(
        Effect.TOLD,
        "登记中没有可用的证件号码，按姓名、出生日期等比对",
        "the register holds no usable number; compared by name, birth and what else it holds",
        "是否确为本人没有号码佐证",
        "no number confirms that it is this person",
        "请本人确认；有异议的按异议程序复核",
        "ask the person; a dispute is checked again",
    ),
    Finding.SAME_NAME: Meaning(
        Effect.POSSIBLE,
        "本批核对中有多人与该记录同样相符（同名）",
        "several persons of the list fit the record equally well",
        "记录属于其中哪一人",
        "to which of them the record belongs",
        "按住址、家庭成员等逐人甄别，确认前不计入任何人",
        "tell them apart by address and family; counted for nobody until then",
    ),
    Finding.CO_OWNED: Meaning(
        Effect.TOLD,
        "与他人共有，按登记份额计算",
        "owned together with others; counted by the registered share",
        *_ALL_KNOWN,
        "核对共有人和份额",
        "the co-owners and the shares",
    ),
    Finding.SHARE_UNKNOWN: Meaning(
        Effect.POSSIBLE,
        "与他人共有，未登记份额",
        "owned together with others; no share is registered",
        "本人份额，从零到全部都有可能",
        "the person's share: anything from none to all",
        "查看共有协议或产权登记档案",
        "the agreement of the owners or the register's file",
    ),
    Finding.JOINT_ACCOUNT: Meaning(
        Effect.POSSIBLE,
        "联名账户，余额不全属本人",
        "a joint account: not all of the balance is the person's",
        "属于本人的金额",
        "how much is the person's own",
        "请本人说明资金来源和归属",
        "where the money comes from and whose it is",
    ),
    Finding.STUDENT_ACCOUNT: Meaning(
        Effect.POSSIBLE,
        "学生账户，可能是助学金、奖学金或代收学费",
        "a student's account: grants, or fees that pass through it",
        "是否计入家庭财产",
        "whether it counts as property of the household",
        "查看近期流水，区分助学资金",
        "the latest entries, to set grants apart",
    ),
    Finding.LUMP_SUM: Meaning(
        Effect.POSSIBLE,
        "一次性补偿或赔偿款（征地、工伤、事故等），其中医疗、康复费用可能不计入",
        "a lump-sum compensation (land, injury, accident); money for treatment may be exempt",
        "应计入的部分及分摊月份",
        "which part counts, and over how many months",
        "查看补偿协议、票据，按当地规定扣除和分摊",
        "the agreement and the bills; take off and spread as the local rules say",
    ),
    Finding.SOLD_NOT_TRANSFERRED: Meaning(
        Effect.POSSIBLE,
        "车辆已报备转让但未办理过户登记",
        "a vehicle reported as sold, its transfer not registered",
        "车辆现由谁所有和使用",
        "who owns and uses the vehicle now",
        "查看转让协议、付款凭证和保险单，督促办理过户",
        "the contract, the payment and the insurance policy; the transfer should be registered",
    ),
    Finding.DEMOLISHED: Meaning(
        Effect.POSSIBLE,
        "房屋登记为已拆除或待注销",
        "a building registered as demolished or to be struck off",
        "是否得到补偿或安置房",
        "whether it was compensated in money or with another home",
        "查看征收补偿协议",
        "the agreement on compensation",
    ),
    Finding.INHERITED: Meaning(
        Effect.POSSIBLE,
        "继承所得，尚未办理转移登记或分割",
        "inherited, not yet registered or divided",
        "本人继承的份额",
        "the share that the person inherits",
        "查看继承公证或家庭协议",
        "the certificate of inheritance or the family's agreement",
    ),
    Finding.DORMANT_COMPANY: Meaning(
        Effect.POSSIBLE,
        "市场主体已停业、吊销或长期未经营",
        "a business that is dormant or has lost its licence",
        "是否仍有经营收入",
        "whether it still earns anything",
        "查看纳税申报，确无经营的引导办理注销",
        "the tax returns; help to strike it off when it does no business",
    ),
    Finding.DECEASED_NOT_CANCELLED: Meaning(
        Effect.TOLD,
        "死亡登记中有该人，而名单中仍列为成员",
        "registered as dead, but still on the list of members",
        *_ALL_KNOWN,
        "入户核实；属实的办理注销并重新核定，不直接停发全家",
        "visit the family; if true, end the membership and work the aid out again, never stop it for all at once",
    ),
    Finding.OLD_DATA: Meaning(
        Effect.TOLD,
        "数据日期早于申请日期较多",
        "the data are much older than the application",
        "数据日期以后的变化",
        "what has changed since the day of the data",
        "请本人说明变化，必要时重新查询",
        "ask the person what has changed; query again where needed",
    ),
    Finding.LATER_DATA: Meaning(
        Effect.TOLD,
        "数据日期晚于申请日期",
        "the data are of a day after the application",
        "申请当日的情况",
        "how it was on the day of the application",
        "区分申请后发生的变化",
        "tell apart what happened after the application",
    ),
    Finding.UNDATED_DATA: Meaning(
        Effect.TOLD,
        "来源未说明数据日期",
        "the source does not say of which day the data are",
        "数据反映哪一天的情况",
        "of which day the data speak",
        "向来源单位询问数据日期",
        "ask the source for the day of the data",
    ),
    Finding.VALUE_MISSING: Meaning(
        Effect.UNKNOWN,
        "有记录但数值为空",
        "there is a record, but its value is empty",
        "该记录的数值",
        "the value of this record",
        "向来源单位补查",
        "ask the source for it",
    ),
    Finding.ROW_UNREADABLE: Meaning(
        Effect.UNKNOWN,
        "记录有无法识别的内容，已单独列出",
        "the record holds something that cannot be read, and was set apart",
        "该记录的内容",
        "what the record says",
        "请来源单位更正后重新提供",
        "ask the source to correct it and send it again",
    ),
    Finding.LISTED_TWICE: Meaning(
        Effect.TOLD,
        "同一证件号码在名单中出现多次",
        "the same number stands on the list more than once",
        "该人属于哪一户",
        "to which household the person belongs",
        "核对家庭成员，避免重复计算",
        "the members of both households, so that nobody counts twice",
    ),
    Finding.OWN_NUMBER_INVALID: Meaning(
        Effect.UNKNOWN,
        "名单中的证件号码为空或校验不通过，无法按号码核对",
        "the number on the list is empty or fails its check, so nothing can be looked up by it",
        "全部核对事项",
        "everything that was to be verified",
        "对照证件更正名单后重新核对",
        "correct the list from the document and verify again",
    ),
}


def findings_of(bits: int) -> tuple[Finding, ...]:
    """The findings in a sum of bits, in their order."""
    return tuple(one for one in Finding if bits & one.bit)


def bits_of(findings: tuple[Finding, ...] | frozenset[Finding]) -> int:
    """The sum of the bits of findings."""
    return sum(one.bit for one in set(findings))
