"""市场监管部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, on, same, whole

PLAYS: Mapping[str, Play] = {
    "businesses": Play(
        "businesses",
        {
            "credit_code": same("credit_code"),
            "kind": choice("kind", "company", "sole_trader"),
            "capital_fen": whole("capital_fen"),
            "established_on": on("established_on"),
        },
    ),
}
