"""公安部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, filled, flag, on, same

PLAYS: Mapping[str, Play] = {
    "household": Play(
        "population",
        {
            "household_number": same("household_number"),
            "division": same("division_code"),
            "urban": flag("urban"),
        },
    ),
    "death": Play(
        "population",
        {
            "cancelled_on": on("cancelled_on"),
        },
        keeps=filled("cancelled_on"),
    ),
    "vehicles": Play(
        "vehicles",
        {
            "plate": same("plate"),
            "kind": choice("kind", "car", "bus", "micro_truck", "light_truck", "motorcycle", "wheelchair"),
            "state": choice("state", "normal", "overdue", "seized"),
            "registered_on": on("registered_on"),
        },
    ),
    "custody": Play(
        "custody",
        {
            "kind": choice("kind", "prison", "prison", "treatment"),
            "since": on("since"),
        },
    ),
}
