"""农业农村部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, on, tenths, whole

PLAYS: Mapping[str, Play] = {
    "machines": Play(
        "machines",
        {
            "kind": choice("kind", "tractor", "walking_tractor", "harvester", "three_wheeler"),
            "subsidy_fen": whole("subsidy_fen"),
            "registered_on": on("registered_on"),
        },
    ),
    "land": Play(
        "land",
        {
            "area_mu": tenths("mu_tenths"),
        },
    ),
}
