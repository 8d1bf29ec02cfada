"""退役军人事务部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, whole

PLAYS: Mapping[str, Play] = {
    "treatment": Play(
        "veterans",
        {
            "kind": choice("kind", "wounded", "demobilised", "combat"),
            "paid_fen_month": whole("fen_month"),
        },
    ),
}
