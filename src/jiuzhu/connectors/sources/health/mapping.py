"""The columns of 卫生健康部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, text

MAPPING: Mapping[str, ItemMapping] = {
    "illness": ItemMapping(
        columns={
            "kind": code("djlb", {"MB": "chronic", "ZB": "serious", "JS": "mental"}),
            "category": text("jbfl"),
        }
    ),
}
