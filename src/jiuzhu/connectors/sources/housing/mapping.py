"""The columns of 住房城乡建设部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "fund": ItemMapping(
        columns={
            "base_fen_month": yuan("jcjs"),
            "balance_fen": yuan("zhye"),
        }
    ),
    "public_housing": ItemMapping(
        columns={
            "kind": code("bzfs", {"SW": "public_rental"}),
            "rent_fen_month": yuan("yzj"),
        }
    ),
}
