"""人民法院 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, on, whole

PLAYS: Mapping[str, Play] = {
    "judgments": Play(
        "judgments",
        {
            "kind": choice("kind", "debtor", "dishonest"),
            "amount_fen": whole("amount_fen"),
            "listed_on": on("listed_on"),
        },
    ),
}
