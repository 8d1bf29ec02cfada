"""Workforce against need (工作意见二（四）2): one or two assistants a village; posts by population and radius."""

from jiuzhu.rooms.organization.rules.reasons import Reason

ASSISTANTS_MIN = 1
ASSISTANTS_MAX = 2


def assistant_gap(assistants: int) -> int:
    """How many assistants a village lacks; a negative number is how many it has too many."""
    if assistants < ASSISTANTS_MIN:
        return ASSISTANTS_MIN - assistants
    return min(0, ASSISTANTS_MAX - assistants)


def persons_per_worker(population: int | None, workers: int) -> int | None:
    """Residents per worker, rounded up; None when the population is not on file or nobody works there."""
    return None if population is None or workers == 0 else -(-population // workers)


def against_post(headcount: int, *, is_assistant: bool) -> tuple[Reason, ...]:
    """Why a post may not have this headcount."""
    if headcount < 1:
        return (
            Reason(
                "organization.post.headcount",
                "编制人数至少为1，请核对",
                "A post has room for at least one.",
                field="headcount",
            ),
        )
    if is_assistant and headcount > ASSISTANTS_MAX:
        return (
            Reason(
                "organization.post.assistants",
                f"每个村（居）配备{ASSISTANTS_MIN}至{ASSISTANTS_MAX}名协理员，请核对人数",
                f"A village has {ASSISTANTS_MIN} to {ASSISTANTS_MAX} assistants; check the number.",
                "统筹完善社会救助体系工作意见二（四）2",
                field="headcount",
            ),
        )
    return ()
