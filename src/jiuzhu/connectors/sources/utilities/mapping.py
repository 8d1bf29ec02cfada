"""The columns of 公用事业单位."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "meters": ItemMapping(
        columns={
            "kind": code("类别", {"水": "water", "电": "power", "气": "gas"}),
            "spent_fen_year": yuan("近一年费用"),
        }
    ),
}
