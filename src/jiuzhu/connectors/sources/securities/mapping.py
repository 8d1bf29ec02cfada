"""The columns of 证券登记机构."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "holdings": ItemMapping(
        columns={
            "kind": code("品种", {"股票": "shares", "基金": "funds", "债券": "bonds"}),
            "value_fen": yuan("市值"),
        }
    ),
}
