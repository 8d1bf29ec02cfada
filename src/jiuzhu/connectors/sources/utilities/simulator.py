"""公用事业单位 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, whole

PLAYS: Mapping[str, Play] = {
    "meters": Play(
        "meters",
        {
            "kind": choice("kind", "water", "power", "gas"),
            "spent_fen_year": whole("spent_fen_year"),
        },
    ),
}
