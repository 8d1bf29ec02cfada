"""教育部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, flag

PLAYS: Mapping[str, Play] = {
    "enrolment": Play(
        "schools",
        {
            "stage": choice(
                "stage",
                "preschool",
                "preschool",
                "compulsory",
                "compulsory",
                "senior",
                "vocational",
                "college",
                "university",
                "university",
            ),
            "private": flag("private"),
            "boarding": flag("boarding"),
        },
    ),
}
