"""住房城乡建设部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, whole

PLAYS: Mapping[str, Play] = {
    "fund": Play(
        "housing_fund",
        {
            "base_fen_month": whole("base_fen_month"),
            "balance_fen": whole("balance_fen"),
        },
    ),
    "public_housing": Play(
        "public_housing",
        {
            "kind": choice("kind", "public_rental"),
            "rent_fen_month": whole("rent_fen_month"),
        },
    ),
}
