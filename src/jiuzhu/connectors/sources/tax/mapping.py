"""The columns of 税务部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "income": ItemMapping(
        columns={
            "income_fen_year": yuan("srehj"),
            "income_fen_month": yuan("ypjsre"),
            "tax_fen_year": yuan("ykjse"),
        }
    ),
}
