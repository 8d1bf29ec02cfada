"""The columns of 医疗保障部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, truth, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "enrolment": ItemMapping(
        columns={
            "kind": code("cblb", {"310": "employee", "390": "resident"}),
            "paid_by_aid": truth("zzcb"),
        }
    ),
    "settlements": ItemMapping(
        columns={
            "total_fen_year": yuan("ylfzfy"),
            "self_paid_fen_year": yuan("zcfwnzf"),
        }
    ),
}
