"""The text of a mandate (授权书). Its version changes whenever a word of it does; signed ones keep their own text.

Contents: 社会救助法 arts. 40, 41; 个人信息保护法 arts. 14, 15, 17, 29, 31.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

TEXT_VERSION = "2026-11"

_TEXT = """家庭经济状况核对授权书

本人（及由本人监护的家庭成员）因办理下列事项，同意并授权承办的民政部门依法查询、核对家庭经济状况：
一、办理事项：{purpose}（{programmes}）。
二、查询对象：在本授权书上签名的人员，或由监护人代为签名的人员。
三、查询事项和提供单位：
{items}
四、授权期间：{valid_from}至{valid_to}。{reviews}
五、查询结果只用于上述事项，由承办人员依法保密；数据保存和销毁按照有关法律法规办理。
六、本人知道：可以查阅谁在何时因何事由查询和查看了本人的信息；对核对结果有异议的，可以提出并要求提供单位复核；可以随时撤回授权，撤回后不再发起新的查询，撤回不影响此前已经进行的查询；不授权或撤回授权可能使有关事项无法办结。
七、本人承诺所填报的情况真实、完整。"""


@dataclass(frozen=True, slots=True)
class Wording:
    """The letter as it is signed, and the hash of text and particulars."""

    version: str
    text: str
    sha256: str


def mandate_wording(
    *,
    number: str,
    purpose: str,
    programmes: Sequence[str],
    items: Mapping[str, Sequence[str]],
    valid_from: date,
    valid_to: date,
    covers_reviews: bool,
    persons: Sequence[int],
) -> Wording:
    """The letter: `items` are the names of items by the name of their source, `persons` the ids of those who sign."""
    listed = "\n".join(f"　　{source}：{'、'.join(names)}；" for source, names in items.items())
    text = _TEXT.format(
        purpose=purpose,
        programmes="、".join(programmes),
        items=listed,
        valid_from=_day(valid_from),
        valid_to=_day(valid_to),
        reviews="在此期间的定期核查、动态管理适用本授权。" if covers_reviews else "本授权不包括以后的定期核查。",
    )
    sealed = json.dumps([number, text, sorted(persons)], ensure_ascii=False, separators=(",", ":"))
    return Wording(TEXT_VERSION, text, hashlib.sha256(sealed.encode()).hexdigest())


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
