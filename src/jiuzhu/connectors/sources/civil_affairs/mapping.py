"""The columns of 民政部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, day, text, truth, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "marriage": ItemMapping(
        columns={
            "spouse": text("poxm"),
            "registered_on": day("djrq"),
            "remarriage": truth("zhbz", "Y", "N"),
        },
        number_optional=True,
    ),
    "divorce": ItemMapping(
        columns={
            "registered_on": day("djrq"),
        }
    ),
    "cremation": ItemMapping(
        columns={
            "cremated_on": day("hhrq"),
        }
    ),
    "disability_subsidies": ItemMapping(
        columns={
            "kind": code("btlb", {"SH": "living", "HL": "care"}),
            "paid_fen_month": yuan("yffje"),
        }
    ),
}
