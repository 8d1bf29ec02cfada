"""The English of every page: no Chinese characters and no full-width punctuation but in what people have typed in.

Driven by the table of every address, so that a page that is new there is read here without further ado.
"""

import html
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import LazySettings
from django.test import Client
from tests.channels.conftest import SmallCity
from tests.channels.doors import OPENERS, may
from tests.channels.whole_site import TABLE, People, Samples, make_samples, parts_of

from jiuzhu.core.actors import system_actor
from jiuzhu.demo.accounts import demo_accounts
from jiuzhu.groundwork.database.derive import record_models
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization.rules.roles import packaged_roles

# Chinese characters, and marks that are written as wide as one
_CHINESE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uff65\U00020000-\U0003ffff]+")
# documents are cited by their number, with the article, or by their title
_CITED = re.compile(r"[\u4e00-\u9fff]{1,6}〔\d{4}〕\d+号(?:第[一二三四五六七八九十百]+条、?)*|《[^》]+》")
# the languages' own names in the switch
_LANGUAGES = {"简体中文", "简", "繁體中文", "繁"}
# the people of the gallery of components
_GALLERY = {"王秀兰", "李建国", "李晓雨", "李建华", "张桂英", "赵德福"}
# what was typed in and has no English, by table and column
_TYPED_IN = {
    "account": ("display_name",),
    # the masked name
    "disclosure_notice": ("content__applicant_name",),
    "catalogue_pack_version": ("pack_title", "note"),
    "catalogue_standard": ("reasoning",),
    "organization_appointment": ("appointed_by", "document_number"),
    "organization_division": ("name", "full_name", "basis"),
    "organization_near_relative_filing": ("relative_name",),
    "organization_office": ("basis",),
    "organization_purchased_service": ("name", "content", "procedure_note"),
    "organization_staff": ("name",),
    "registry_authorisation": ("purpose",),
    "registry_group_membership": ("evidence_ref",),
    "registry_household": ("address",),
    "registry_merge_record": ("reason",),
    "registry_person": ("name",),
    "registry_roll_import": ("file_name",),
    # a letter is signed in the words of the law
    "verification_mandate": ("text",),
}
# names that stand in Chinese only where no English one is on file
_NAMED = {"organization_office_name": ("name", "name_en"), "organization_post": ("title", "title_en")}
# addresses that are no page to read: they only take a form, hand out a file or data, or want a device or a platform
_UNREAD = {
    "/choose/density/",
    "/choose/language/",
    "/choose/theme/",
    "/workbench/post/",
    "/workbench/catalogue/impacts/<int:impact_id>/export/",
    "/workbench/catalogue/standards/export/",
    "/workbench/catalogue/versions/<int:pack_id>/archive/",
    "/workbench/catalogue/versions/<int:pack_id>/compare/export/",
    "/workbench/registry/households/<int:household_id>/numbers/",
    "/workbench/registry/persons/<int:person_id>/numbers/",
    "/workbench/registry/rolls/<int:roll_id>/confirm/",
    "/workbench/registry/rolls/<int:roll_id>/continue/",
    "/workbench/registry/counts/export/",
    "/workbench/disclosure/notices/export/",
    "/workbench/policy/screenings/<int:run_id>/export/",
    "/workbench/policy/findings/export/",
    "/workbench/registry/export/",
    "/workbench/registry/rolls/<int:roll_id>/errors/",
    "/workbench/registry/rolls/template/",
    "/workbench/organization/divisions/<staff_division:code>/export/",
    "/workbench/organization/divisions/<staff_division:code>/offices/export/",
    "/workbench/organization/import/<slug:sheet>/template/",
    "/workbench/organization/staff/appointments/export/",
    "/workbench/organization/staff/export/",
    "/family/verification/mandates/<int:mandate_id>/pdf/",
    "/family/verification/reports/<int:report_id>/pdf/",
    "/workbench/verification/mandates/<int:mandate_id>/pdf/",
    "/workbench/verification/orders/export/",
    "/workbench/organization/workforce/export/",
    "/account/factors/recovery/file/",
    "/account/factors/recovery/",
    "/account/factors/code/remove/",
    "/account/factors/enter/",
    "/account/factors/passkeys/<int:pk>/",
    "/account/factors/passkeys/<int:pk>/remove/",
    "/account/factors/passkeys/again/",
    "/account/factors/passkeys/login/",
    "/account/real-name/callback/",
    "/account/real-name/error/",
    "/demo/identity/.well-known/openid-configuration",
    "/demo/identity/authorize/",
    "/demo/identity/keys/",
    "/demo/identity/token/",
    "/demo/identity/userinfo/",
}


@pytest.fixture
def people(small_city: SmallCity, settings: LazySettings, tmp_path: Path) -> People:
    """The small city with people in every role; files go into a folder of the test's own."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)
    return People(small_city)


@pytest.fixture
def samples(people: People) -> Samples:
    """One of everything."""
    return make_samples(people.city)


def _typed_in() -> re.Pattern[str]:
    """The data that may stand on an English page, the longest first, so that no part of it is left over."""
    tables = {model._meta.db_table: model._default_manager for model in record_models()}
    found = _LANGUAGES | _GALLERY | {one.name for one in demo_accounts()}
    found |= {one.basis for one in packaged_roles().incompatible}
    with acting(system_actor("test")):
        for table, columns in _TYPED_IN.items():
            for values in tables[table].values_list(*columns):
                found |= {line for value in filter(None, values) for line in str(value).splitlines()}
        for table, (name, name_en) in _NAMED.items():
            for values in tables[table].values_list(name, name_en):
                if values[0] == values[1] or not values[1]:
                    found.add(values[0])
    return re.compile("|".join(re.escape(one) for one in sorted(found, key=lambda one: (-len(one), one))))


def _with_factors(people: People) -> Client:
    """The browser of somebody who has just logged in and has every second factor."""
    account = people.city.reviewer.account
    with acting(system_actor("test")):
        account.set_password("a long enough phrase")
        account.save()
        TOTP.activate(account, generate_totp_secret())
        RecoveryCodes.activate(account)
    browser = people.browser()
    browser.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = browser.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "username": "T003"}]
    session.save()
    return browser


def _address(route: str, samples: Samples) -> str:
    if TABLE[route] != "everyone" or set(parts_of(route)) <= samples.usual.keys():
        return samples.address(route)
    return re.sub(r"<[^>]+>", "1", route.replace("<slug:name>", "dibao"))


def _chinese(page: str, typed_in: re.Pattern[str]) -> Iterator[str]:
    """What is left of Chinese on a page, each piece with what stands around it."""
    for line in html.unescape(page).splitlines():
        rest = _CITED.sub("", typed_in.sub("", line))
        for found in _CHINESE.finditer(rest):
            yield rest[max(0, found.start() - 60) : found.end() + 30]


def test_no_page_shows_chinese_to_who_reads_english(people: People, samples: Samples) -> None:
    readers = {"": people.browser(), "citizen": people.browser(people.city.citizen)}
    readers |= {role: people.right(role) for role in OPENERS} | {"with factors": _with_factors(people)}
    for browser in readers.values():
        browser.cookies["language"] = "en"
    typed_in = _typed_in()
    unread, faults = [], []
    for route in TABLE:
        address = _address(route, samples)
        # the first who may is asked before those who are refused anyway
        is_for_staff = TABLE[route] not in {"everyone", "citizen", "signed_in"}
        first = [role for role in OPENERS if is_for_staff and may(role, route)]
        answers = (readers[name].get(address) for name in dict.fromkeys([*first, *readers]))
        answer = next((one for one in answers if one.status_code == 200), None)
        if answer is None or not answer.headers["Content-Type"].startswith("text/html"):
            unread.append(route)
            continue
        faults += [f"{route}: {told}" for told in _chinese(answer.content.decode(), typed_in)]
    assert not faults, "\n".join(["", *dict.fromkeys(faults)])
    assert sorted(set(unread) ^ _UNREAD) == []
