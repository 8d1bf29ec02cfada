"""The columns of 退役军人事务部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "treatment": ItemMapping(
        columns={
            "kind": code("优抚类别", {"伤残": "wounded", "复员": "demobilised", "参战": "combat"}),
            "paid_fen_month": yuan("月待遇"),
        }
    ),
}
