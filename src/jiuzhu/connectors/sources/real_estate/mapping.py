"""The columns of 自然资源部门（不动产登记）."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, day, fraction, measure, text

MAPPING: Mapping[str, ItemMapping] = {
    "deeds": ItemMapping(
        columns={
            "deed_number": text("bdcqzh"),
            "use": code("fwyt", {"10": "home", "11": "village_home", "20": "commercial", "30": "garage"}),
            "area_m2": measure("jzmj"),
            "share_percent": fraction("qlbl"),
            "registered_on": day("djsj"),
        },
        number_optional=True,
    ),
}
