"""The columns of 财政部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, day8, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "subsidies": ItemMapping(
        columns={
            "kind": code("btxm", {"NY01": "farm", "NY02": "machine", "QT99": "other"}),
            "paid_fen": yuan("ffje"),
            "paid_on": day8("ffrq"),
        }
    ),
    "payroll": ItemMapping(
        columns={
            "since": day8("qsrq"),
        }
    ),
}
