"""All writes of the room: keyword-only, with `actor` and `at` (an aware time), each in one transaction in its scope."""

from jiuzhu.rooms.registry.actions.authorisations import grant_authorisation, withdraw_authorisation
from jiuzhu.rooms.registry.actions.duplicates import dismiss_duplicate
from jiuzhu.rooms.registry.actions.events import record_life_event
from jiuzhu.rooms.registry.actions.facts import record_fact, record_facts, withdraw_fact
from jiuzhu.rooms.registry.actions.groups import end_group, tag_group
from jiuzhu.rooms.registry.actions.guardians import end_guardianship, set_guardian
from jiuzhu.rooms.registry.actions.households import (
    RegisteredHousehold,
    add_member,
    change_head,
    end_membership,
    register_household,
)
from jiuzhu.rooms.registry.actions.merging import merge_persons, undo_merge
from jiuzhu.rooms.registry.actions.persons import correct_person, link_citizen, protect_person
from jiuzhu.rooms.registry.actions.roll.steps import UploadedRoll, cancel_roll, confirm_roll, continue_roll, upload_roll
from jiuzhu.rooms.registry.actions.splitting import split_household, undo_split
from jiuzhu.rooms.registry.rules.facts import NewFact
from jiuzhu.rooms.registry.rules.persons import NewMember, Particulars

__all__ = [
    "NewFact",
    "NewMember",
    "Particulars",
    "RegisteredHousehold",
    "UploadedRoll",
    "add_member",
    "cancel_roll",
    "change_head",
    "confirm_roll",
    "continue_roll",
    "correct_person",
    "dismiss_duplicate",
    "end_group",
    "end_guardianship",
    "end_membership",
    "grant_authorisation",
    "link_citizen",
    "merge_persons",
    "protect_person",
    "record_fact",
    "record_facts",
    "record_life_event",
    "register_household",
    "set_guardian",
    "split_household",
    "tag_group",
    "undo_merge",
    "undo_split",
    "upload_roll",
    "withdraw_authorisation",
    "withdraw_fact",
]
