"""What follows from the values alone: the guards, the wording of consent, readings of replies, retries, the report."""

from jiuzhu.rooms.verification.rules.guards import (
    all_present_have_signed,
    authorisation_was_withdrawn,
    both_versions_are_kept,
    cause_is_named,
    every_item_is_answered_or_unavailable,
    every_member_has_authorised,
    evidence_is_filed,
    investigators_and_a_member_sign,
    item_is_within_the_authorisation,
    members_are_qualified,
    reason_is_given,
    something_is_new,
    the_right_person_signs,
    two_investigators_took_part,
)

# the guards that `states.py` names
__all__ = [
    "all_present_have_signed",
    "authorisation_was_withdrawn",
    "both_versions_are_kept",
    "cause_is_named",
    "every_item_is_answered_or_unavailable",
    "every_member_has_authorised",
    "evidence_is_filed",
    "investigators_and_a_member_sign",
    "item_is_within_the_authorisation",
    "members_are_qualified",
    "reason_is_given",
    "something_is_new",
    "the_right_person_signs",
    "two_investigators_took_part",
]
