"""All writes of the room: keyword-only, with `actor` and `at` (an aware time), each in one transaction as its actor."""

from jiuzhu.rooms.catalogue.actions.impacts import fail_impact, finish_impact, start_impact
from jiuzhu.rooms.catalogue.actions.standards import (
    approve_standard,
    consult_standard,
    drop_standard,
    propose_standard,
    publish_standard,
    replace_standard,
)
from jiuzhu.rooms.catalogue.actions.versions import (
    check_pack,
    draft_in_force,
    draft_pack,
    publish_pack,
    redraft_pack,
    revise_pack,
    supersede_pack,
    withdraw_pack,
)

__all__ = [
    "approve_standard",
    "check_pack",
    "consult_standard",
    "draft_in_force",
    "draft_pack",
    "drop_standard",
    "fail_impact",
    "finish_impact",
    "propose_standard",
    "publish_pack",
    "publish_standard",
    "redraft_pack",
    "replace_standard",
    "revise_pack",
    "start_impact",
    "supersede_pack",
    "withdraw_pack",
]
