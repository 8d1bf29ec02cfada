"""GB/T 4761-2008 家庭关系代码: what a member is to the head of the household (or to another named person).

The first digit is the group: 0 self or head, 1 spouse, 2 son, 3 daughter, 4 grandchild, 5 parent, 6 grandparent,
7 sibling, 8 and 9 other. The groups hold relations by marriage too (a son-in-law is 28), which the law of maintenance
tells apart (民法典 Art. 1067, 1074, 1075); hence the questions by meaning.
"""

from typing import Final

from jiuzhu.core.code_lists.table import CodeList

SELF: Final = "01"
HEAD: Final = "02"

_CHILDREN_IN_LAW = frozenset({"28", "38"})
_STEP_OR_ADOPTED_CHILDREN = frozenset({"27", "37"})
_PARENTS_IN_LAW = frozenset({"53", "54", "55", "56"})
_GRANDCHILDREN_IN_LAW = frozenset({"45", "46"})
_GREAT_GRANDCHILDREN = frozenset({"47", "48"})
_GRANDPARENTS_OF_SPOUSE = frozenset({"65", "68"})
_GREAT_GRANDPARENTS = frozenset({"66", "67", "68"})
_SIBLINGS_IN_LAW = frozenset({"72", "74", "76", "78"})
_NOT_RELATED = "99"


class RelationList(CodeList):
    """The family relations, with their meaning. Every question raises UnknownCode for a code not in the list."""

    __slots__ = ()

    def is_self(self, code: str) -> bool:
        """The person itself or the head of the household."""
        return self.require(code) in {SELF, HEAD}

    def is_spouse(self, code: str) -> bool:
        """Husband or wife."""
        return self.require(code).startswith("1")

    def is_child(self, code: str) -> bool:
        """Son or daughter, of birth, step or adopted; not their spouses."""
        return self.require(code)[0] in "23" and code not in _CHILDREN_IN_LAW

    def is_step_or_adopted_child(self, code: str) -> bool:
        """Step or adopted son or daughter."""
        return self.require(code) in _STEP_OR_ADOPTED_CHILDREN

    def is_child_in_law(self, code: str) -> bool:
        """Son-in-law or daughter-in-law."""
        return self.require(code) in _CHILDREN_IN_LAW

    def is_grandchild(self, code: str) -> bool:
        """Grandchild through a son or a daughter; neither their spouses nor great-grandchildren."""
        return self.require(code).startswith("4") and code not in _GRANDCHILDREN_IN_LAW | _GREAT_GRANDCHILDREN

    def is_parent(self, code: str) -> bool:
        """Father or mother, of birth, step or adopting; not those of the spouse."""
        return self.require(code).startswith("5") and code not in _PARENTS_IN_LAW

    def is_parent_in_law(self, code: str) -> bool:
        """Father or mother of the spouse."""
        return self.require(code) in _PARENTS_IN_LAW

    def is_grandparent(self, code: str) -> bool:
        """Grandparent on either side; neither the spouse's nor great-grandparents."""
        return self.require(code).startswith("6") and code not in _GRANDPARENTS_OF_SPOUSE | _GREAT_GRANDPARENTS

    def is_sibling(self, code: str) -> bool:
        """Brother or sister; not their spouses."""
        return self.require(code).startswith("7") and code not in _SIBLINGS_IN_LAW

    def is_relative(self, code: str) -> bool:
        """Any relative, by blood, adoption or marriage."""
        return self.require(code) != _NOT_RELATED and not self.is_self(code)


RELATION = RelationList(
    "GB/T 4761-2008",
    "家庭关系代码",
    {
        SELF: ("本人", "self"),
        HEAD: ("户主", "head of household"),
        "10": ("配偶", "spouse"),
        "11": ("夫", "husband"),
        "12": ("妻", "wife"),
        "20": ("子", "son"),
        "21": ("独生子", "only son"),
        "22": ("长子", "eldest son"),
        "23": ("次子", "second son"),
        "24": ("三子", "third son"),
        "25": ("四子", "fourth son"),
        "26": ("五子", "fifth son"),
        "27": ("养子或继子", "adopted son or stepson"),
        "28": ("女婿", "son-in-law"),
        "29": ("其他儿子", "other son"),
        "30": ("女", "daughter"),
        "31": ("独生女", "only daughter"),
        "32": ("长女", "eldest daughter"),
        "33": ("次女", "second daughter"),
        "34": ("三女", "third daughter"),
        "35": ("四女", "fourth daughter"),
        "36": ("五女", "fifth daughter"),
        "37": ("养女或继女", "adopted daughter or stepdaughter"),
        "38": ("儿媳", "daughter-in-law"),
        "39": ("其他女儿", "other daughter"),
        "40": ("孙子、孙女或外孙子、外孙女", "grandchild"),
        "41": ("孙子", "son's son"),
        "42": ("孙女", "son's daughter"),
        "43": ("外孙子", "daughter's son"),
        "44": ("外孙女", "daughter's daughter"),
        "45": ("孙媳妇或外孙媳妇", "grandson's wife"),
        "46": ("孙女婿或外孙女婿", "granddaughter's husband"),
        "47": ("曾孙子或外曾孙子", "great-grandson"),
        "48": ("曾孙女或外曾孙女", "great-granddaughter"),
        "49": ("其他孙子、孙女或外孙子、外孙女", "other grandchild"),
        "50": ("父母", "parent"),
        "51": ("父亲", "father"),
        "52": ("母亲", "mother"),
        "53": ("公公", "husband's father"),
        "54": ("婆婆", "husband's mother"),
        "55": ("岳父", "wife's father"),
        "56": ("岳母", "wife's mother"),
        "57": ("继父或养父", "stepfather or adoptive father"),
        "58": ("继母或养母", "stepmother or adoptive mother"),
        "59": ("其他父母关系", "other parent"),
        "60": ("祖父母或外祖父母", "grandparent"),
        "61": ("祖父", "father's father"),
        "62": ("祖母", "father's mother"),
        "63": ("外祖父", "mother's father"),
        "64": ("外祖母", "mother's mother"),
        "65": ("配偶的祖父母或外祖父母", "spouse's grandparent"),
        "66": ("曾祖父", "great-grandfather"),
        "67": ("曾祖母", "great-grandmother"),
        "68": ("配偶的曾祖父母或外曾祖父母", "spouse's great-grandparent"),
        "69": ("其他祖父母或外祖父母关系", "other grandparent"),
        "70": ("兄弟姐妹", "sibling"),
        "71": ("兄", "elder brother"),
        "72": ("嫂", "elder brother's wife"),
        "73": ("弟", "younger brother"),
        "74": ("弟媳", "younger brother's wife"),
        "75": ("姐姐", "elder sister"),
        "76": ("姐夫", "elder sister's husband"),
        "77": ("妹妹", "younger sister"),
        "78": ("妹夫", "younger sister's husband"),
        "79": ("其他兄弟姐妹", "other sibling"),
        "80": ("其他", "other"),
        "81": ("伯父", "father's elder brother"),
        "82": ("伯母", "wife of father's elder brother"),
        "83": ("叔父", "father's younger brother"),
        "84": ("婶母", "wife of father's younger brother"),
        "85": ("舅父", "mother's brother"),
        "86": ("舅母", "wife of mother's brother"),
        "87": ("姨父", "husband of mother's sister"),
        "88": ("姨母", "mother's sister"),
        "89": ("姑父", "husband of father's sister"),
        "90": ("姑母", "father's sister"),
        "91": ("堂兄弟、堂姐妹", "cousin on the father's side"),
        "92": ("表兄弟、表姐妹", "other cousin"),
        "93": ("侄子", "brother's son"),
        "94": ("侄女", "brother's daughter"),
        "95": ("外甥", "sister's son"),
        "96": ("外甥女", "sister's daughter"),
        "97": ("其他亲属", "other relative"),
        _NOT_RELATED: ("非亲属", "not related"),
    },
    aliases={
        "丈夫": "11",
        "妻子": "12",
        "儿子": "20",
        "女儿": "30",
        "父": "51",
        "母": "52",
        "哥哥": "71",
        "弟弟": "73",
        "姐": "75",
        "妹": "77",
        "姨夫": "87",
    },
)


def relation_label(code: str) -> str:
    """Return the Chinese name of a relation.

    Raises:
        UnknownCode: the list does not have the code.
    """
    return RELATION.zh(code)
