"""The columns of 市场监管部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, day, text, wan_yuan

MAPPING: Mapping[str, ItemMapping] = {
    "businesses": ItemMapping(
        columns={
            "credit_code": text("tyshxydm"),
            "kind": code("ztlx", {"1130": "company", "9999": "sole_trader"}),
            "capital_fen": wan_yuan("rjcze"),
            "established_on": day("clrq"),
        }
    ),
}
