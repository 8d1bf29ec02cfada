"""The columns of 交通运输部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, day8, measure, text

MAPPING: Mapping[str, ItemMapping] = {
    "commercial_vehicles": ItemMapping(
        columns={
            "plate": text("cphm"),
            "licensed_on": day8("fzrq"),
        }
    ),
    "vessels": ItemMapping(
        columns={
            "vessel": text("cm"),
            "gross_tonnage": measure("zd"),
            "registered_on": day8("djrq"),
        }
    ),
}
