"""What follows from the values alone: archives of packs, checks of a version, standards and their floors."""

from jiuzhu.rooms.catalogue.rules.standards import (
    document_number_is_given,
    not_below_the_provincial_floor,
    periods_do_not_overlap,
)
from jiuzhu.rooms.catalogue.rules.versions import (
    every_rule_cites_its_basis,
    later_version_is_published,
    worked_cases_agree,
)

# the guards that `states.py` names
__all__ = [
    "document_number_is_given",
    "every_rule_cites_its_basis",
    "later_version_is_published",
    "not_below_the_provincial_floor",
    "periods_do_not_overlap",
    "worked_cases_agree",
]
