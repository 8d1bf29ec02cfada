"""Conditions of row-level security that several tables share.

A department officer sees a person only while that person's authorisation for the department is alive
(社会救助法 art. 40, 41); the table of authorisations decides, and every other condition asks it.
"""

LIVE = (
    "a.department_code = (SELECT jiuzhu_department()) AND a.withdrawn_at IS NULL"
    " AND a.valid_from <= (SELECT jiuzhu_today())"
    " AND (a.valid_to IS NULL OR a.valid_to > (SELECT jiuzhu_today()))"
)
_OF_PERSON = "EXISTS (SELECT 1 FROM registry_authorisation a WHERE a.person_id = {t}.PERSON AND LIVE)"
_OF_MEMBER = (
    "EXISTS (SELECT 1 FROM registry_membership m JOIN registry_authorisation a ON a.person_id = m.person_id"
    " WHERE m.household_id = {t}.HOUSEHOLD AND m.end_on IS NULL AND LIVE)"
)


def person_authorised(column: str) -> str:
    """The person in `column` has a live authorisation for the officer's department."""
    return _OF_PERSON.replace("PERSON", column).replace("LIVE", LIVE)


def household_authorised(column: str) -> str:
    """A present member of the household in `column` has a live authorisation for the officer's department."""
    return _OF_MEMBER.replace("HOUSEHOLD", column).replace("LIVE", LIVE)


def fact_authorised() -> str:
    """The fact is the department's own and its variable is among those the person authorised."""
    wanted = LIVE + " AND jsonb_exists(a.variables, {t}.variable)"
    person = _OF_PERSON.replace("PERSON", "person_id").replace("LIVE", wanted)
    member = _OF_MEMBER.replace("HOUSEHOLD", "household_id").replace("LIVE", wanted)
    return "{t}.source_department = (SELECT jiuzhu_department()) AND (" + person + " OR " + member + ")"
