"""税务部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, whole

PLAYS: Mapping[str, Play] = {
    "income": Play(
        "income_tax",
        {
            "income_fen_year": whole("income_fen_year"),
            "income_fen_month": lambda row: int(str(row["income_fen_year"])) // 12,
            "tax_fen_year": whole("tax_fen_year"),
        },
    ),
}
