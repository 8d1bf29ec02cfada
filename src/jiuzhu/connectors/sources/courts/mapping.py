"""The columns of 人民法院."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, day, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "judgments": ItemMapping(
        columns={
            "kind": code("类别", {"失信被执行人": "dishonest", "被执行人": "debtor"}),
            "amount_fen": yuan("执行标的"),
            "listed_on": day("立案日期"),
        }
    ),
}
