"""交通运输部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, exact, on, same

PLAYS: Mapping[str, Play] = {
    "commercial_vehicles": Play(
        "commercial_vehicles",
        {
            "plate": same("plate"),
            "licensed_on": on("licensed_on"),
        },
    ),
    "vessels": Play(
        "vessels",
        {
            "vessel": same("vessel"),
            "gross_tonnage": exact("gross_tonnage"),
            "registered_on": on("registered_on"),
        },
    ),
}
