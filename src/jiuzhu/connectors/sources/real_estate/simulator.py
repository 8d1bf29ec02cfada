"""自然资源部门（不动产登记） as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, exact, on, same

PLAYS: Mapping[str, Play] = {
    "deeds": Play(
        "deeds",
        {
            "deed_number": same("deed_number"),
            "use": choice("use", "home", "village_home", "commercial", "garage"),
            "area_m2": exact("area_m2"),
            "share_percent": exact("share_percent"),
            "registered_on": on("registered_on"),
        },
    ),
}
