"""财政部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, on, whole

PLAYS: Mapping[str, Play] = {
    "subsidies": Play(
        "subsidies",
        {
            "kind": choice("kind", "farm", "machine", "other"),
            "paid_fen": whole("paid_fen"),
            "paid_on": on("paid_on"),
        },
    ),
    "payroll": Play(
        "payroll",
        {
            "since": on("since"),
        },
    ),
}
