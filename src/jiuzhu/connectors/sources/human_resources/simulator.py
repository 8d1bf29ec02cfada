"""人力资源社会保障部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, on, whole

PLAYS: Mapping[str, Play] = {
    "pension": Play(
        "pensions",
        {
            "kind": choice("kind", "residents", "employees", "public_bodies", "residents"),
            "pension_fen_month": whole("fen_month"),
        },
    ),
    "employment": Play(
        "employment",
        {
            "kind": choice("kind", "employed", "employed", "registered_unemployed", "flexible"),
            "since": on("since"),
        },
    ),
    "contributions": Play(
        "contributions",
        {
            "base_fen_month": whole("base_fen_month"),
            "months": whole("months"),
        },
    ),
    "unemployment": Play(
        "unemployment",
        {
            "benefit_fen_month": whole("fen_month"),
        },
    ),
}
