"""医疗保障部门 as the demonstration plays it, from the registers of the synthetic city."""

from collections.abc import Mapping

from jiuzhu.connectors.playing import Play, choice, flag, whole

PLAYS: Mapping[str, Play] = {
    "enrolment": Play(
        "enrolment",
        {
            "kind": choice("kind", "resident", "employee", "resident"),
            "paid_by_aid": flag("paid_by_aid"),
        },
    ),
    "settlements": Play(
        "settlements",
        {
            "total_fen_year": whole("total_fen_year"),
            "self_paid_fen_year": whole("self_paid_fen_year"),
        },
    ),
}
