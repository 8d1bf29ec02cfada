"""GB/T 2261.1-2003 人的性别代码."""

from typing import Final

from jiuzhu.core.code_lists.table import CodeList

UNKNOWN: Final = "0"
MALE: Final = "1"
FEMALE: Final = "2"
NOT_STATED: Final = "9"

SEX = CodeList(
    "GB/T 2261.1-2003",
    "人的性别代码",
    {
        UNKNOWN: ("未知的性别", "unknown"),
        MALE: ("男", "male"),
        FEMALE: ("女", "female"),
        NOT_STATED: ("未说明的性别", "not stated"),
    },
    aliases={"未知": UNKNOWN, "男性": MALE, "女性": FEMALE, "未说明": NOT_STATED},
)
