"""The columns of 人力资源社会保障部门."""

from collections.abc import Mapping

from jiuzhu.connectors.reading.columns import ItemMapping, code, count, day8, fen, yuan

MAPPING: Mapping[str, ItemMapping] = {
    "pension": ItemMapping(
        columns={
            "kind": code("xzlx", {"110": "employees", "120": "public_bodies", "170": "residents"}),
            "pension_fen_month": yuan("dyje"),
        }
    ),
    "employment": ItemMapping(
        columns={
            "kind": code("djlb", {"1": "employed", "2": "registered_unemployed", "3": "flexible"}),
            "since": day8("djrq"),
        }
    ),
    "contributions": ItemMapping(
        columns={
            "base_fen_month": fen("jfjs"),
            "months": count("jfys"),
        }
    ),
    "unemployment": ItemMapping(
        columns={
            "benefit_fen_month": yuan("sybxj"),
        }
    ),
}
