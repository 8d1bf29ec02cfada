"""残疾人联合会 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, on, same, whole

PLAYS: Mapping[str, Play] = {
    "certificates": Play(
        "certificates",
        {
            "certificate_number": same("certificate_number"),
            "type": choice(
                "type", "visual", "visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"
            ),
            "grade": whole("grade"),
            "valid_until": on("valid_until"),
        },
    ),
}
