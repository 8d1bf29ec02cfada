"""What stands before the people: divisions, departments, the service network, and the staff who fill it."""

from datetime import date, datetime

import numpy as np
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from pypinyin import Style, lazy_pinyin

from jiuzhu.core.actors import Actor, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.demo.city.arrays import stream
from jiuzhu.demo.city.names import full_names, surnames
from jiuzhu.demo.loading import journal
from jiuzhu.demo.loading.chunks import ACTOR, sign
from jiuzhu.demo.loading.city import CITY, City
from jiuzhu.demo.loading.copying import NULL, copy_rows, reserve_ids
from jiuzhu.demo.loading.journal import OWNER, Part
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import actions as organization
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.states import EmploymentKind

NETWORK_FROM = date(2023, 7, 1)
ASSISTED_COUNTY = DivisionCode("370902000000")
# Posts that the demonstration fills: kind of post, division range, staff, footing.
_FILLED = """
SELECT p.id, p.office_id, p.division_code, p.role FROM organization_post p
WHERE p.role IN ('township_clerk', 'township_reviewer')
   OR (p.role = 'village_assistant' AND p.division_code >= %s AND p.division_code < %s)
ORDER BY p.division_code, p.role
"""


def setter() -> Actor:
    """The process that sets the city's organization up."""
    return system_actor(ACTOR, permissions=list(Permission))


def network_from(city: City) -> date:
    """From when posts and appointments hold."""
    return min(NETWORK_FROM, city.as_of)


def load_ground(city: City, *, at: datetime) -> None:
    """Set up divisions, departments and network (repeatable), then fill posts at townships and in one county."""
    actor = setter()
    with acting(actor, reason="演示城市：组织网络"):
        organization.load_divisions(actor=actor, at=at)
        organization.load_departments(actor=actor, at=at, city=CITY)
        organization.load_service_network(actor=actor, at=at, city=CITY, valid_from=network_from(city))
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        sign(cursor, "演示城市：工作人员")
        _fill_posts(cursor, city, at)
        journal.mark(Part.GROUND, at=at)


def _fill_posts(cursor: CursorWrapper, city: City, at: datetime) -> None:
    """One person in every post chosen; they have no login."""
    cursor.execute(_FILLED, list(ASSISTED_COUNTY.range))
    posts = cursor.fetchall()
    count = len(posts)
    if not count:
        return
    rng = stream(city.seed, 0, "staff")
    male = rng.random(count) < 0.5
    year = rng.integers(1968, 2001, count)
    names = full_names(rng, surnames(rng, count), male, year, np.ones(count, dtype=np.uint8)).tolist()
    first = reserve_ids(cursor, "organization_staff", count)
    ids = list(map(str, range(first, first + count)))
    villages = [role == "village_assistant" for *_, role in posts]
    copy_rows(
        cursor,
        "organization_staff",
        count,
        {
            "id": ids,
            "account_id": NULL,
            "staff_number": [f"W{number:05d}" for number in range(1, count + 1)],
            "name": names,
            "initials": [initials_of(name) for name in names],
            "office_id": [str(office) for _, office, _, _ in posts],
            "division_code": [code for _, _, code, _ in posts],
            "employment": [
                (EmploymentKind.PURCHASED_SERVICE if village else EmploymentKind.PUBLIC_INSTITUTION).value
                for village in villages
            ],
            "rank": "",
            "office_phone": "",
            "registered_at": at.isoformat(),
        },
    )
    copy_rows(
        cursor,
        "organization_appointment",
        count,
        {
            "staff_id": ids,
            "post_id": [str(post) for post, *_ in posts],
            "division_code": [code for _, _, code, _ in posts],
            "valid_from": network_from(city).isoformat(),
            "valid_to": NULL,
            "appointed_by": ["乡镇人民政府（街道办事处）" if village else "县级民政部门" for village in villages],
            "document_number": "演示任〔2023〕1号",
            "revoked_at": NULL,
            "end_reason": "",
        },
    )


def initials_of(name: str) -> str:
    """The pinyin initials of a name, as the staff list searches them."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return "".join(char for char in letters.lower() if char.isalnum())
