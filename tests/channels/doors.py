"""Which role may open which address, as the table of all addresses and the roles' permissions say."""

from tests.channels.whole_site import TABLE

from jiuzhu.rooms.organization.rules.roles import packaged_roles

ROLES = packaged_roles().roles
# who opens a page when several roles may: the first of these that holds the permission
OPENERS = (
    "county_officer",
    "system_administrator",
    "security_administrator",
    "supervisor",
    "city_officer",
    "city_leader",
    "internal_auditor",
    "township_reviewer",
    "township_clerk",
    "county_verification",
    "department_officer",
)
# pages for all of a kind that ask for the permission of what is imported
ASK_FURTHER = {
    "/workbench/organization/import/<slug:sheet>/": "organization.staff.register",
    "/workbench/organization/import/<slug:sheet>/template/": "organization.staff.register",
}


def may(role: str, route: str) -> bool:
    """Whether a role may open an address."""
    said = ASK_FURTHER.get(route, TABLE[route])
    if "." in said:
        return said in ROLES[role].permissions
    kind = "department" if ROLES[role].is_department else "staff"
    return said == "signed_in" or kind in said.split()
