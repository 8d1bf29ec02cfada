"""GB/T 26341-2010 残疾人残疾分类和分级: seven types, four grades, 1 the heaviest.

A person with several disabilities has type 7 and the grade of the heaviest.
"""

from typing import Final

from jiuzhu.core.code_lists.table import CodeList

INTELLECTUAL: Final = "5"
MENTAL: Final = "6"

_SEVERE_GRADES = frozenset({"1", "2"})

DISABILITY_TYPE = CodeList(
    "GB/T 26341-2010",
    "残疾类别",
    {
        "1": ("视力残疾", "visual"),
        "2": ("听力残疾", "hearing"),
        "3": ("言语残疾", "speech"),
        "4": ("肢体残疾", "physical"),
        INTELLECTUAL: ("智力残疾", "intellectual"),
        MENTAL: ("精神残疾", "mental"),
        "7": ("多重残疾", "multiple"),
    },
    aliases={
        "视力": "1",
        "听力": "2",
        "言语": "3",
        "肢体": "4",
        "智力": INTELLECTUAL,
        "精神": MENTAL,
        "多重": "7",
    },
)

DISABILITY_GRADE = CodeList(
    "GB/T 26341-2010",
    "残疾等级",
    {
        "1": ("一级", "grade 1 (profound)"),
        "2": ("二级", "grade 2 (severe)"),
        "3": ("三级", "grade 3 (moderate)"),
        "4": ("四级", "grade 4 (mild)"),
    },
)


def is_severe(grade: str) -> bool:
    """Tell whether a grade is severe (重度): 1 or 2.

    Which grades a programme treats alike (grade 3 of types 5 and 6 in several) is for the policy packs.

    Raises:
        UnknownCode: no such grade.
    """
    return DISABILITY_GRADE.require(grade) in _SEVERE_GRADES
