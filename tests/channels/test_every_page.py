"""Every address of the site, one by one, against everybody: who is let in, where, and that looking changes nothing.

Driven by the table `tests/house/routes.yaml`: a page that is new there is tested here without further ado, and needs
only a sample for each part of its address.
"""

import html
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from tests.channels.conftest import AT, DAIMIAO, DAIYUE, TAISHAN, Persona, SmallCity, officer
from tests.channels.doors import ASK_FURTHER, OPENERS, ROLES, may
from tests.channels.whole_site import (
    ELSEWHERE_CITY,
    TABLE,
    People,
    Samples,
    filled,
    make_samples,
    parts_of,
)

from jiuzhu.channels.kit.acting import ActorMiddleware
from jiuzhu.core.actors import Actor, ActorKind, Scope, system_actor
from jiuzhu.groundwork.audit.models import AuditBlock
from jiuzhu.groundwork.database.derive import record_models
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.registry import actions

Send = Callable[..., Any]
GUARDED = {route: said for route, said in TABLE.items() if said != "everyone"}
# pages that only take what a form sends; a link to them is answered with 405
POST_ONLY = {
    "/choose/density/",
    "/choose/theme/",
    "/choose/language/",
    "/workbench/post/",
    "/workbench/registry/households/<int:household_id>/numbers/",
    "/workbench/registry/persons/<int:person_id>/numbers/",
    "/workbench/registry/rolls/<int:roll_id>/confirm/",
    "/workbench/registry/rolls/<int:roll_id>/continue/",
    "/demo/identity/token/",
}
# pages open to everyone that answer a visitor otherwise than with a page or by leading on
_TO_A_VISITOR = {
    "/demo/identity/authorize/": 400,  # no client named
    "/demo/identity/userinfo/": 401,  # no token
    # the identity provider vouched for nobody
    "/account/real-name/callback/": 401,
    "/account/real-name/error/": 401,
}
# lists that take `?division=`
_LISTS = ("staff/", "staff/export/", "staff/appointments/export/", "groups/", "workforce/", "workforce/export/")
# that somebody looked at a person is written down (个人信息保护法第五十四条), and that stands in the audit trail
_LOOKS = "registry_access_log"
_TRAIL = {"audit_lane", "audit_block", "audit_change"}
_LOCAL = ("village_assistant", "township_clerk")
_WRONG = {"code": ("370902099000", "000000000000"), "kind": ("nothing", "NOTHING"), "sheet": ("nothing", "NOTHING")}


@pytest.fixture
def people(small_city: SmallCity, settings: LazySettings, tmp_path: Path) -> People:
    """The small city with people in every role; files go into a folder of the test's own."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)
    return People(small_city)


@pytest.fixture
def samples(people: People) -> Samples:
    """One of everything."""
    return make_samples(people.city)


def _opener(route: str) -> str:
    found = next((role for role in OPENERS if may(role, route)), None)
    assert found is not None, f"{route}: none of the openers may; add a role that does"
    return found


def _numbered(route: str) -> str:
    """The address with numbers that lead nowhere, for those who are refused before anything is looked for."""
    return filled(
        route, dict.fromkeys(parts_of(route), "1") | {"code": "370902001001", "sheet": "staff", "name": "dibao"}
    )


def test_every_part_of_every_address_has_a_sample(samples: Samples) -> None:
    for route in TABLE:
        if TABLE[route] != "everyone":
            assert samples.of(route).keys() == set(parts_of(route))
    unknown = {*samples.own, *ASK_FURTHER, *POST_ONLY, *_TO_A_VISITOR} - TABLE.keys()
    assert unknown == set(), "samples for addresses that are gone"


def test_a_visitor_is_led_to_the_login_unless_the_page_is_for_everyone(people: People, samples: Samples) -> None:
    visitor, faults = people.browser(), []
    for route, said in TABLE.items():
        is_there = said == "everyone" and set(parts_of(route)) <= samples.usual.keys()
        address = samples.address(route) if is_there else _numbered(route)
        answers = [visitor.get(address)]
        if said == "everyone":
            expected = 405 if route in POST_ONLY else _TO_A_VISITOR.get(route)
            right = answers[0].status_code in ({expected} if expected else {200, 302})
        else:
            answers.append(visitor.post(address))
            right = all(
                answer.status_code == 302 and answer.headers["Location"].startswith("/account/login/")
                for answer in answers
            )
        if not right:
            faults.append((route, [answer.status_code for answer in answers]))
    assert not faults, _told(faults)


def test_a_form_without_the_site_s_token_is_refused_everywhere(people: People) -> None:
    clerk, faults = Client(enforce_csrf_checks=True), []
    clerk.cookies = people.city.clerk.client.cookies
    for route in TABLE:
        answer = clerk.post(_numbered(route))
        if answer.status_code != 403 or "页面已失效" not in answer.content.decode():
            faults.append((route, answer.status_code))
    # called by a server, which has no cookie to protect
    assert faults == [("/demo/identity/token/", 401)]


def test_a_citizen_is_refused_wherever_it_is_not_said_otherwise(people: People) -> None:
    citizen, faults = people.browser(people.city.citizen), []
    closed = [route for route, said in GUARDED.items() if said not in {"citizen", "signed_in"}]
    for number, route in enumerate(closed):
        # links and forms in turn: the door does not tell one from the other
        answer = (citizen.post if number % 2 else citizen.get)(_numbered(route))
        if answer.status_code != 403:
            faults.append((route, answer.status_code))
    assert not faults, _told(faults)


def test_every_role_without_the_permission_is_refused_at_the_door(people: People, rf: RequestFactory) -> None:
    door, faults = ActorMiddleware(lambda request: HttpResponse()), []
    for route in GUARDED.keys() - ASK_FURTHER.keys():
        address = _numbered(route)
        for role in ROLES:
            request = rf.get(address)
            request.user = people.city.clerk.account
            request.actor = _actor(role)  # type: ignore[attr-defined]
            answer = door.process_view(request, resolve(address).func, (), {})
            if (None if answer is None else answer.status_code) != (None if may(role, route) else 403):
                faults.append((role, route))
    assert not faults, _told(faults)


def test_every_page_refuses_a_role_without_the_permission(people: People) -> None:
    """For each page one of the roles that may not open it, in turn, so that each is refused somewhere."""
    refused, faults = set(), []
    for number, route in enumerate(GUARDED):
        outside = [role for role in ROLES if not may(role, route)]
        asked = outside if route in ASK_FURTHER else [outside[number % len(outside)]] if outside else []
        for role in asked:
            refused.add(role)
            browser, address = people.right(role), _numbered(route)
            looked, sent = browser.get(address), browser.post(address)
            if looked.status_code != 403 or sent.status_code not in ({403, 405} if route in ASK_FURTHER else {403}):
                faults.append((role, route, looked.status_code, sent.status_code))
    assert not faults, _told(faults)
    assert refused == set(ROLES)


def test_every_page_opens_in_the_right_place_and_looking_changes_nothing(people: People, samples: Samples) -> None:
    faults = []
    browsers = {role: people.right(role) for role in (*OPENERS, *_LOCAL)}
    citizen = people.browser(people.city.citizen)
    before = _stored()
    with acting(system_actor("test")):
        last = AuditBlock.objects.latest("id")
    for route, said in TABLE.items():
        if said == "everyone":
            assert browsers["county_officer"].get(_numbered(route)).status_code < 500
            continue
        openers = {"citizen": citizen} if said == "citizen" else {_opener(route): browsers[_opener(route)]}
        if route.startswith("/workbench/registry/"):
            openers |= {role: browsers[role] for role in _LOCAL if may(role, route)}
        for role, browser in openers.items():
            answer = browser.get(samples.address(route))
            if answer.status_code != (405 if route in POST_ONLY else 200):
                faults.append((role, route, answer.status_code))
    assert not faults, _told(faults)
    after = _stored()
    assert {table for table in before if before[table] != after[table]} == {_LOOKS, *_TRAIL}
    with acting(system_actor("test")):
        written = AuditBlock.objects.filter(id__gt=last.pk)
        assert set(written.values_list("table_name", "operation")) == {(_LOOKS, "INSERT")}


def test_the_same_role_in_another_place_finds_nothing(people: People, samples: Samples) -> None:
    faults = []
    for route, said in GUARDED.items():
        if not parts_of(route) or said in {"citizen", "staff"}:
            continue
        for role in {_opener(route), *(role for role in _LOCAL if may(role, route))}:
            browser = people.wrong(role)
            for send in (browser.get, browser.post):
                faults += _found(send, route, samples.address(route), role)
    for page in _LISTS:
        route = f"/workbench/organization/{page}"
        browser = people.right(_opener(route))
        here, there = (browser.get(route, {"division": code.value}).status_code for code in (DAIMIAO, DAIYUE))
        if (here, there) != (200, 404):
            faults.append((route, here, there))
    assert not faults, _told(faults)


def test_a_number_that_leads_nowhere_is_not_found(people: People, samples: Samples) -> None:
    """Each part in turn: unknown, larger than any number of the database, and one that exists but belongs elsewhere."""
    faults = []
    for route, said in GUARDED.items():
        right = samples.of(route)
        role = "citizen" if said == "citizen" else _opener(route)
        browser = people.browser(people.city.citizen) if role == "citizen" else people.right(role)
        for part in right:
            unknown, huge = _WRONG.get(part, ("9" * 9, "9" * 30))
            there = ELSEWHERE_CITY if (role, part) == ("city_officer", "code") else samples.elsewhere.get(part, unknown)
            tried: list[tuple[Send, object]] = [(browser.get, huge), (browser.post, unknown), (browser.post, there)]
            for send, value in tried:
                faults += _found(send, route, filled(route, {**right, part: value}), role)
    assert not faults, _told(faults)


def test_a_department_officer_opens_only_whom_an_authorisation_covers_today(people: People) -> None:
    city = people.city
    pages = (f"/workbench/registry/persons/{city.head_id}/", f"/workbench/registry/households/{city.household_id}/")

    def opened(persona: Persona) -> set[int]:
        return {people.browser(persona).get(page).status_code for page in pages}

    other = officer("D001", "卫青", "department_officer", TAISHAN, "health")
    consent = partial(
        actions.grant_authorisation,
        actor=city.registrar,
        at=AT,
        person_id=city.head_id,
        department_code="tax",
        purpose="核对",
        variable_keys=["wage_income_fen_month"],
    )
    consent(valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    assert opened(city.department) == {404}, "it has run out"
    granted = consent(valid_from=AT.date())
    assert opened(city.department) == {200}
    assert opened(other) == {404}
    assert people.browser(city.department).get(f"/workbench/registry/persons/{city.person_ids[1]}/").status_code == 404
    page = html.unescape(people.browser(city.department).get(pages[0]).content.decode())
    assert "养老金" not in page
    actions.withdraw_authorisation(actor=city.registrar, at=AT, authorisation_id=granted, reason="撤回")
    assert opened(city.department) == {404}


def _found(send: Send, route: str, address: str, role: str) -> list[tuple[object, ...]]:
    """What is wrong with an answer that should be 404, or 405 where a page takes no links or no forms from anybody."""
    answer = send(address, {"reason": "核实有误", "purpose": "核对"})
    allowed = {(404, None), (405, "POST") if route in POST_ONLY else (405, "GET")}
    right = (answer.status_code, answer.headers.get("Allow")) in allowed
    return [] if right else [(role, answer.request["REQUEST_METHOD"], address, answer.status_code)]


def _told(faults: Sequence[object]) -> str:
    """All faults, one a line."""
    return "\n".join(["", *map(str, faults)])


def _actor(role: str) -> Actor:
    return Actor(
        kind=ActorKind.DEPARTMENT if ROLES[role].is_department else ActorKind.STAFF,
        account_id=1,
        name=role,
        permissions=ROLES[role].permissions,
        scope=Scope(),
    )


def _stored() -> dict[str, str]:
    """A digest of every row of every table of ours."""
    tables = [model._meta.db_table for model in record_models()]
    asked = ", ".join(
        f"(SELECT md5(coalesce(string_agg(md5(t::text), '' ORDER BY id), '')) FROM {table} t)" for table in tables
    )
    with acting(system_actor("test")), connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        return dict(zip(tables, cursor.fetchone(), strict=True))
