"""The columns of 教育部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, truth

MAPPING: Mapping[str, ItemMapping] = {
    "enrolment": ItemMapping(
        columns={
            "stage": code(
                "jdjd",
                {
                    "1": "preschool",
                    "2": "compulsory",
                    "4": "senior",
                    "5": "vocational",
                    "6": "college",
                    "7": "university",
                },
            ),
            "private": truth("mbbz", "1", "2"),
            "boarding": truth("zsbz", "1", "2"),
        }
    ),
}
