"""卫生健康部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, same

PLAYS: Mapping[str, Play] = {
    "illness": Play(
        "illnesses",
        {
            "kind": choice("kind", "chronic", "serious", "mental"),
            "category": same("category"),
        },
    ),
}
