"""The rules of the room: guards, competent places, terms, overlaps, and the form; pure functions on values."""

from jiuzhu.rooms.application.rules.guards import (
    everything_missing_is_told,
    materials_are_complete,
    nothing_that_can_be_verified_is_asked,
    person_agrees,
    reason_and_remedy_are_given,
    reason_is_given,
    receiver_is_competent,
    receiver_is_named,
    the_right_person_signs,
    undertaking_and_authorisations_are_signed,
)
from jiuzhu.rooms.application.rules.overlaps import nobody_applies_twice
from jiuzhu.rooms.application.rules.places import competent_place

__all__ = [
    "competent_place",
    "everything_missing_is_told",
    "materials_are_complete",
    "nobody_applies_twice",
    "nothing_that_can_be_verified_is_asked",
    "person_agrees",
    "reason_and_remedy_are_given",
    "reason_is_given",
    "receiver_is_competent",
    "receiver_is_named",
    "the_right_person_signs",
    "undertaking_and_authorisations_are_signed",
]
