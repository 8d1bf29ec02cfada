"""保险机构 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, on, whole

PLAYS: Mapping[str, Play] = {
    "policies": Play(
        "policies",
        {
            "kind": choice("kind", "life", "annuity", "participating"),
            "cash_value_fen": whole("cash_value_fen"),
            "effective_on": on("effective_on"),
        },
    ),
}
