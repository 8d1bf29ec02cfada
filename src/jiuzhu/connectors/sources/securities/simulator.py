"""证券登记机构 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, whole

PLAYS: Mapping[str, Play] = {
    "holdings": Play(
        "securities",
        {
            "kind": choice("kind", "shares", "funds", "bonds"),
            "value_fen": whole("value_fen"),
        },
    ),
}
