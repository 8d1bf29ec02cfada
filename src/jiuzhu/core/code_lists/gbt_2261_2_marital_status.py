"""GB/T 2261.2-2003 婚姻状况代码."""

from jiuzhu.core.code_lists.table import CodeList


class MaritalStatusList(CodeList):
    """The marital states, with their meaning."""

    __slots__ = ()

    def is_married(self, code: str) -> bool:
        """Tell whether the person is married now (20-23).

        Raises:
            UnknownCode: the list does not have the code.
        """
        return self.require(code).startswith("2")

    def is_known(self, code: str) -> bool:
        """Tell whether the state was given at all (not 90).

        Raises:
            UnknownCode: the list does not have the code.
        """
        return self.require(code) != "90"


MARITAL_STATUS = MaritalStatusList(
    "GB/T 2261.2-2003",
    "婚姻状况代码",
    {
        "10": ("未婚", "never married"),
        "20": ("已婚", "married"),
        "21": ("初婚", "first marriage"),
        "22": ("再婚", "remarried"),
        "23": ("复婚", "remarried to the former spouse"),
        "30": ("丧偶", "widowed"),
        "40": ("离婚", "divorced"),
        "90": ("未说明的婚姻状况", "not stated"),
    },
    aliases={"有配偶": "20", "离异": "40", "未说明": "90"},
)
