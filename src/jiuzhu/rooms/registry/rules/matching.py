"""Do two records speak of one person? Deterministic comparisons, each with its points and a reason for people.

A score says how urgently a clerk should look, not whether the two are one: merging is a person's decision.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jiuzhu.core.identity import check_character

# Ways in which one name is written: traditional and simplified, variants of the registers, and pairs that the second
# scheme of simplification (1977-1986) left in household registers (傅/付, 萧/肖, 阎/闫). Each maps to the second.
_VARIANTS = (
    "蘭兰 𠮷吉 張张 陳陈 劉刘 楊杨 黃黄 趙赵 吳吴 孫孙 馬马 許许 鄭郑 謝谢 韓韩 馮冯 鄧邓 葉叶 蘇苏 盧卢 蔣蒋 賈贾 "
    "鍾钟 鐘钟 陸陆 範范 龔龚 閆阎 閻阎 闫阎 蕭肖 萧肖 傅付 戴代 邱丘 呂吕 顧顾 賀贺 龍龙 萬万 錢钱 湯汤 喬乔 賴赖 "
    "齊齐 莊庄 嚴严 華华 麗丽 鳳凤 國国 紅红 雲云 靜静 偉伟 強强 傑杰 軍军 鋒锋 輝辉 煇辉 燿耀 曉晓 瑩莹 飛飞 寶宝 "
    "貴贵 榮荣 蓮莲 愛爱 慶庆 東东 衛卫 聖圣 順顺 興兴 義义 憲宪 學学 書书 長长 遠远 達达 連连 進进 運运 鵬鹏 鴻鸿 "
    "鶴鹤 鳴鸣 魯鲁 潔洁 濤涛 滿满 漢汉 澤泽 淵渊 瀟潇 燦灿 煥焕 熒荧 烏乌 爲为 為为 維维 綱纲 經经 緒绪 純纯 紹绍 "
    "細细 績绩 繼继 織织 絢绚 縣县 聰聪 職职 膚肤 蔭荫 藝艺 藍蓝 薩萨 蘊蕴 虛虚 訓训 詠咏 詩诗 誠诚 語语 諾诺 謙谦 "
    "譽誉 賢贤 賓宾 贊赞 輕轻 農农 邁迈 鄰邻 釗钊 鈞钧 銀银 銘铭 銳锐 鋼钢 錦锦 鎮镇 鏡镜 鐵铁 開开 閔闵 關关 陽阳 "
    "隨随 雙双 霧雾 韻韵 頌颂 顯显 風风 騰腾 驍骁 驛驿 黨党 髙高 昇升 陞升 喆哲 堃坤 甯宁 寧宁 峯峰 邨村 喦岩 巖岩 "
    "嵒岩 崑昆 崙仑 仝同 栢柏 樑梁 棟栋 樹树 權权 歡欢 歲岁 淸清 淨净 溫温 煕熙 熈熙 犇奔 瑠琉 璽玺 產产 畢毕 異异 "
    "盡尽 眞真 祿禄 禎祯 禮礼 穎颖 積积 竝并 並并 節节 笵范 倫伦 儀仪 億亿 優优 儷俪 冨富 凈净 劍剑 勝胜 勳勋 勛勋 "
    "勵励 區区 單单 嘯啸 壯壮 壽寿 夢梦 奮奋 嬌娇 嫺娴 嫻娴 孌娈 寬宽 實实 審审 將将 尋寻 對对 導导 岡冈 島岛 嶺岭 "
    "帥帅 師师 幹干 庫库 廣广 彥彦 徑径 從从 憶忆 應应 懷怀 戀恋 戰战 揚扬 攬揽 數数 時时 晉晋 暉晖 曄晔 會会 來来 "
    "氣气 湧涌 滄沧 潤润 瀾澜 灝灏"
)
_PAIRS = {pair[0]: pair[1] for pair in _VARIANTS.split()}

# What PostgreSQL's translate() takes to write a name in its plain form.
VARIANT_FROM = "".join(_PAIRS)
VARIANT_TO = "".join(_PAIRS.values())

THRESHOLD = 60
_LARGEST = 100
_TABLE = str.maketrans(_PAIRS)


class Sign(StrEnum):
    """What speaks for or against two records being one person."""

    SAME_NAME = "same_name"
    VARIANT_NAME = "variant_name"
    CLOSE_NAME = "close_name"
    SAME_BIRTH = "same_birth"
    CLOSE_BIRTH = "close_birth"
    SAME_PHONE = "same_phone"
    SAME_PLACE = "same_place"
    CLOSE_NUMBER = "close_number"
    NO_NUMBER = "no_number"
    OTHER_NUMBER = "other_number"
    OTHER_SEX = "other_sex"
    ONE_HOUSEHOLD = "one_household"


SIGNS: dict[Sign, tuple[int, str, str]] = {
    Sign.SAME_NAME: (40, "姓名相同", "same name"),
    Sign.VARIANT_NAME: (35, "姓名只有异体字（繁简、生僻字）之别", "names differ only by variant characters"),
    Sign.CLOSE_NAME: (20, "姓名只差一个字", "names differ by one character"),
    Sign.SAME_BIRTH: (30, "出生日期相同", "same birth date"),
    Sign.CLOSE_BIRTH: (15, "出生日期只差一位", "birth dates differ by one digit"),
    Sign.SAME_PHONE: (20, "联系电话相同", "same telephone"),
    Sign.SAME_PLACE: (5, "在同一村（居）", "in the same village"),
    Sign.CLOSE_NUMBER: (40, "证件号码只差一两位，可能填写有误", "numbers differ by one or two characters"),
    Sign.NO_NUMBER: (10, "其中一人没有证件号码", "one of them has no number"),
    Sign.OTHER_NUMBER: (-70, "证件号码完全不同", "numbers are quite different"),
    Sign.OTHER_SEX: (-30, "性别不同", "different sex"),
    Sign.ONE_HOUSEHOLD: (-10, "现为同一户成员", "members of one household"),
}


@dataclass(frozen=True, slots=True)
class Likeness:
    """A record as the comparison needs it. `number` and `phone` are None when there are none."""

    person_id: int
    name: str
    sex: str
    birth_date: date
    number: str | None
    phone: str | None
    division_code: str
    household_id: int | None


@dataclass(frozen=True, slots=True)
class Match:
    """The outcome: 0-100 points, and the signs that gave them."""

    score: int
    signs: tuple[Sign, ...]

    @property
    def reasons_zh(self) -> tuple[str, ...]:
        """The signs in Chinese."""
        return tuple(SIGNS[sign][1] for sign in self.signs)

    @property
    def reasons_en(self) -> tuple[str, ...]:
        """The signs in English."""
        return tuple(SIGNS[sign][2] for sign in self.signs)

    @property
    def is_likely(self) -> bool:
        """Whether a clerk should look."""
        return self.score >= THRESHOLD


def plain_name(name: str) -> str:
    """The name with variant characters brought to one form; only for comparing, never stored."""
    return name.casefold().translate(_TABLE)


def compare(one: Likeness, other: Likeness) -> Match:
    """Weigh two records; symmetric in its arguments."""
    signs = [
        sign
        for sign in (
            _name(one, other),
            _birth(one.birth_date, other.birth_date),
            _number(one.number, other.number),
            Sign.SAME_PHONE if one.phone is not None and one.phone == other.phone else None,
            Sign.SAME_PLACE if one.division_code == other.division_code else None,
            Sign.OTHER_SEX if {one.sex, other.sex} == {"1", "2"} else None,
            Sign.ONE_HOUSEHOLD if one.household_id is not None and one.household_id == other.household_id else None,
        )
        if sign is not None
    ]
    return Match(max(0, min(_LARGEST, sum(SIGNS[sign][0] for sign in signs))), tuple(signs))


def differing(one: str, other: str) -> int:
    """How many places of two texts of one length differ; texts of different length differ everywhere."""
    if len(one) != len(other):
        return max(len(one), len(other))
    return sum(left != right for left, right in zip(one, other, strict=True))


def swapped(one: str, other: str) -> bool:
    """Whether two texts become one by exchanging two neighbours."""
    places = [place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]]
    return (
        len(one) == len(other)
        and len(places) == 2
        and places[1] == places[0] + 1
        and one[places[0]] == other[places[1]]
        and one[places[1]] == other[places[0]]
    )


def one_slip_corrections(number: str) -> tuple[str, ...]:
    """The valid forms of an 18-character number that fails its check, after one wrong digit or one exchange.

    The check (ISO 7064 MOD 11-2) finds every such slip, so each place has at most one correction.
    """
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return ()
    found = {number[:17] + check_character(number[:17])}
    for place in range(17):
        for digit in "0123456789":
            changed = number[:place] + digit + number[place + 1 : 17]
            if digit != number[place] and check_character(changed) == number[17]:
                found.add(changed + number[17])
        if place < 16:
            changed = number[:place] + number[place + 1] + number[place] + number[place + 2 : 17]
            if check_character(changed) == number[17]:
                found.add(changed + number[17])
    return tuple(sorted(found - {number}))


def _name(one: Likeness, other: Likeness) -> Sign | None:
    if one.name == other.name:
        return Sign.SAME_NAME
    left, right = plain_name(one.name), plain_name(other.name)
    if left == right:
        return Sign.VARIANT_NAME
    return Sign.CLOSE_NAME if len(left) >= 2 and differing(left, right) == 1 else None


def _birth(one: date, other: date) -> Sign | None:
    if one == other:
        return Sign.SAME_BIRTH
    left, right = f"{one:%Y%m%d}", f"{other:%Y%m%d}"
    return Sign.CLOSE_BIRTH if differing(left, right) == 1 or swapped(left, right) else None


def _number(one: str | None, other: str | None) -> Sign | None:
    if one is None or other is None:
        return Sign.NO_NUMBER
    if one == other:
        return None
    # the check character changes with the wrong digit, so a slip shows in one or two places, an exchange in three
    if differing(one, other) <= 2 or swapped(one[:-1], other[:-1]):
        return Sign.CLOSE_NUMBER
    return Sign.OTHER_NUMBER
