"""The columns of 农业农村部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, day, measure, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "machines": ItemMapping(
        columns={
            "kind": code(
                "机具品目",
                {
                    "轮式拖拉机": "tractor",
                    "手扶拖拉机": "walking_tractor",
                    "联合收割机": "harvester",
                    "农用三轮车": "three_wheeler",
                },
            ),
            "subsidy_fen": yuan("购置补贴"),
            "registered_on": day("登记日期"),
        }
    ),
    "land": ItemMapping(
        columns={
            "area_mu": measure("承包面积亩"),
        }
    ),
}
