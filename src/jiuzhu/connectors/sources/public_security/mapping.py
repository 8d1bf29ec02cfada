"""The columns of 公安部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, day8, text, truth

MAPPING: Mapping[str, ItemMapping] = {
    "household": ItemMapping(
        columns={
            "household_number": text("hh"),
            "division": text("hjdxzqh"),
            "urban": truth("cshkbz", "是", "否"),
        }
    ),
    "death": ItemMapping(
        columns={
            "cancelled_on": day8("zxrq"),
        }
    ),
    "vehicles": ItemMapping(
        columns={
            "plate": text("hphm"),
            "kind": code(
                "cllx",
                {
                    "K33": "car",
                    "K31": "bus",
                    "H41": "micro_truck",
                    "H31": "light_truck",
                    "M21": "motorcycle",
                    "N11": "wheelchair",
                },
            ),
            "state": code("zt", {"A": "normal", "Q": "overdue", "G": "seized"}),
            "registered_on": day8("ccdjrq"),
        }
    ),
    "custody": ItemMapping(
        columns={
            "kind": code("jylb", {"01": "prison", "02": "treatment"}),
            "since": day8("qsrq"),
        }
    ),
}
