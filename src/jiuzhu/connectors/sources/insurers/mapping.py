"""The columns of 保险机构."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, day, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "policies": ItemMapping(
        columns={
            "kind": code("险种", {"寿险": "life", "年金": "annuity", "分红": "participating"}),
            "cash_value_fen": yuan("现金价值"),
            "effective_on": day("生效日期"),
        }
    ),
}
