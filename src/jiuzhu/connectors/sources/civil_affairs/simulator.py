"""民政部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, flag, on, same, whole

PLAYS: Mapping[str, Play] = {
    "marriage": Play(
        "marriages",
        {
            "spouse": same("wife_name"),
            "registered_on": on("registered_on"),
            "remarriage": flag("remarriage"),
        },
        number="husband_citizen_id",
        holder="husband_name",
    ),
    "divorce": Play(
        "divorces",
        {
            "registered_on": on("registered_on"),
        },
    ),
    "cremation": Play(
        "cremations",
        {
            "cremated_on": on("cremated_on"),
        },
    ),
    "disability_subsidies": Play(
        "disability_subsidies",
        {
            "kind": choice("kind", "living", "care"),
            "paid_fen_month": whole("fen_month"),
        },
    ),
}
