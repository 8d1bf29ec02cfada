"""The picture of a programme's rules: everything once, from left to right, nothing on top of another (X3)."""

from datetime import date

import pytest

from jiuzhu.core.divisions import DivisionCode
from jiuzhu.rooms.catalogue import queries

PLACE, ON = DivisionCode("370902000000"), date(2026, 9, 1)


@pytest.mark.parametrize("name", sorted(queries.public_shipped_packs().programmes))
def test_every_rule_stands_once_to_the_right_of_what_it_reads(name: str) -> None:
    drawn = queries.public_picture(name=name, division=PLACE, on=ON)
    rules = queries.public_rules(name=name, division=PLACE, on=ON)
    boxes = [(one.x, one.y) for one in drawn.nodes]
    assert len(set(boxes)) == len(boxes)
    keys = {one.variable.full_name for one in rules}
    assert keys <= {one.key for one in drawn.nodes}
    assert sum(one.kind == "outcome" for one in drawn.nodes) == 1
    assert all(one.x1 < one.x2 for one in drawn.edges)
    assert all(0 <= one.x <= drawn.width and 0 <= one.y <= drawn.height for one in drawn.nodes)
    drawn_again = queries.public_picture(name=name, division=PLACE, on=ON)
    assert drawn_again == drawn
