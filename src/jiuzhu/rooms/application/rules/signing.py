"""The words that are signed with the form: the undertaking (守信承诺) and the authorisation to check.

A change of the words is a new version: what was signed under the old one stays signed in its own words.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jiuzhu.rooms.application.states import SignedPaper

VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Words:
    """A letter as it is signed, and the version of its words."""

    version: str
    text: str


def words_of(paper: SignedPaper, *, signer: str, programmes: Sequence[str]) -> Words:
    """The letter for a signer (社会救助法 arts. 40, 41; 个人信息保护法 arts. 14, 15, 29)."""
    listed = "、".join(programmes)
    if paper is SignedPaper.UNDERTAKING:
        lines = (
            "守信承诺书",
            f"本人{signer}申请{listed}，郑重承诺：",
            "一、如实填写家庭成员、收入、财产和必需支出等情况，提交的材料真实。",
            "二、申请期间和获得救助以后情况发生变化的，及时告诉乡镇人民政府（街道办事处）。",
            "三、知道隐瞒真实情况或者提供虚假材料的，不予救助或者停止救助，已经领取的依法退回，并依法承担责任。",
        )
    else:
        lines = (
            "核对授权书",
            f"本人{signer}同意社会救助管理部门为办理{listed}，核对本人的下列信息：",
            "户籍、纳税、社会保险、不动产登记、市场主体登记、住房公积金、车辆船舶，以及银行、证券、保险和支付账户等信息。",
            "这些信息只用于本次申请和以后的定期核查，不作其他用途。",
            "本人可以随时撤回同意；撤回以前已经进行的核对不受影响。不同意核对的，无法办理以家庭经济状况为条件的救助。",
        )
    return Words(VERSION, "\n".join(lines) + "\n")
