"""Demonstration accounts for every role, with a password and second factor that everyone may know.

They are made by the actions of the organization, as an administrator would make them, and only in a trial.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from jiuzhu.core.actors import Actor, system_actor
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.accounts.models import Account
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.rooms.organization import actions as organization
from jiuzhu.rooms.organization import queries
from jiuzhu.rooms.organization.permissions import Permission
from jiuzhu.rooms.organization.states import EmploymentKind, GroupRole, NearRelation, ProcurementMethod

_PASSWORD = "Taian-demo-2026"  # noqa: S105  # known to everyone: the people behind it are invented
_SECOND_FACTOR = "JIUZHUDEMO234567JIUZHUDEMO234567"
_CITY, _COUNTY, _TOWNSHIP = (DivisionCode(code) for code in ("370900000000", "370902000000", "370902100000"))
_APPOINTED_BY = "泰安市民政局（演示）"
_DOCUMENT = "演示任〔2023〕2号"


class TrialOnly(Exception):  # noqa: N818 (says where it belongs)
    """Demonstration accounts were asked for outside a trial."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who can log in as what: the role's post in an office of the service network."""

    login: str
    name: str
    role: str
    office: str
    place: DivisionCode
    employment: EmploymentKind


@cache
def demo_accounts() -> tuple[DemoAccount, ...]:
    """The accounts of `data/accounts.yaml`, in their order."""
    text = files("jiuzhu.demo").joinpath("data", "accounts.yaml").read_text(encoding="utf-8")
    return tuple(
        DemoAccount(
            login=row["login"],
            name=row["name"],
            role=row["role"],
            office=row["office"],
            place=DivisionCode(row["place"]),
            employment=EmploymentKind(row["employment"]),
        )
        for row in yaml.safe_load(text)
    )


def demo_password() -> str:
    """The password of all demonstration accounts."""
    return _PASSWORD


def current_demo_code(login_name: str) -> str | None:
    """The second factor of a demonstration account at this moment; None for any other account and outside a trial."""
    if not settings.TRIAL or login_name not in {account.login for account in demo_accounts()}:
        return None
    # the counters run from the earliest accepted to the latest: the middle one is that of now
    counters = list(totp.yield_hotp_counters_from_time())
    code: str = totp.format_hotp_value(totp.hotp_value(_SECOND_FACTOR, counters[len(counters) // 2]))
    return code


def open_accounts(*, at: datetime, today: date, since: date) -> int:
    """Open the demonstration accounts that are missing, and fill what their pages show; returns how many were opened.

    Appointments hold from `since`.

    Raises:
        TrialOnly: this is no trial.
        RuleRefused: an account would hold incompatible duties (the data are wrong).
    """
    if not settings.TRIAL:
        raise TrialOnly("demonstration accounts belong to a trial")
    actor = system_actor("演示账号", permissions=list(Permission))
    # one hash for all of them: the password is no secret, and a hash takes a tenth of a second
    password = make_password(_PASSWORD)
    opened = 0
    for one in demo_accounts():
        with transaction.atomic(), acting(actor, reason="演示账号"):
            if not Account.objects.filter(login_name=one.login).exists():
                _open(one, actor, since=since, at=at, password=password)
                opened += 1
    if opened:
        with acting(actor, reason="演示数据"):
            _fill_pages(actor, at=at, since=since, today=today)
    return opened


def _open(one: DemoAccount, actor: Actor, *, since: date, at: datetime, password: str) -> None:
    office = queries.office_by_code(actor=actor, code=one.office, at=since)
    staff = organization.register_staff(
        actor=actor,
        at=at,
        office_id=office.id,
        staff_number=one.login,
        name=one.name,
        employment=one.employment,
        division=one.place,
    )
    organization.appoint(
        actor=actor,
        at=at,
        staff_id=staff,
        post_id=_post(one, actor, office.id, since),
        valid_from=since,
        appointed_by=_APPOINTED_BY,
        document_number=_DOCUMENT,
    )
    account = Account.objects.get(login_name=one.login)
    Account.objects.filter(pk=account.pk).update(password=password)
    secret = get_adapter().encrypt(_SECOND_FACTOR)
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": secret})


def _post(one: DemoAccount, actor: Actor, office_id: int, since: date) -> int:
    """The post of the role in its office.

    Raises:
        LookupError: the service network has none (the data are wrong).
    """
    posts = queries.office_detail(actor=actor, office_id=office_id, at=since).posts
    for post in posts:
        if post.role == one.role:
            return post.id
    raise LookupError(f"demonstration account {one.login}: office {one.office} has no post of {one.role}")


def _fill_pages(actor: Actor, *, at: datetime, since: date, today: date) -> None:
    """Near-relative filings, leading groups and purchased services, so that their pages show something."""
    for login, relative, relation in (
        ("village-assistant", "李建国", NearRelation.SIBLING),
        ("township-clerk", "赵德福", NearRelation.PARENT),
        ("township-clerk", "马丽华", NearRelation.SPOUSE),
        ("county-officer", "郑广财", NearRelation.PARENT),
    ):
        staff = queries.staff_of_account(actor=actor, account_id=Account.objects.get(login_name=login).pk)
        if staff is not None:
            organization.file_near_relative(
                actor=actor, at=at, staff_id=staff, relative_name=relative, relation=relation
            )
    for place, name, head, deputy in (
        (_CITY, "泰安市", "市长（演示）", "副市长（演示）"),
        (_COUNTY, "泰山区", "区长（演示）", "副区长（演示）"),
        (_TOWNSHIP, "省庄镇", "镇长（演示）", "副镇长（演示）"),
    ):
        organization.form_leading_group(
            actor=actor,
            at=at,
            division=place,
            name=f"{name}社会救助工作领导小组",
            document_number="演示发〔2023〕3号",
            day=since,
            seats=[
                organization.Seat(GroupRole.HEAD, "范文清", head, is_principal=True),
                organization.Seat(GroupRole.DEPUTY, "彭晓兰", deputy),
                organization.Seat(GroupRole.MEMBER, "鲁志远", "民政部门负责人（演示）"),
            ],
        )
    _purchase(actor, at=at, today=today)


def _purchase(actor: Actor, *, at: datetime, today: date) -> None:
    """Three purchased services of the county: one listed, one under contract, one evaluated."""
    ids = [
        organization.record_purchased_service(
            actor=actor,
            at=at,
            division=_COUNTY,
            code=code,
            name=name,
            content=content,
            method=method,
            procedure_note="需求论证、公开采购、签订合同、履约验收（演示）",
            budget_fen=budget,
        )
        for code, name, content, method, budget in _SERVICES
    ]
    for service in ids[1:]:
        organization.contract_purchased_service(
            actor=actor,
            at=at,
            service_id=service,
            provider="演示社会工作服务中心",
            provider_is_social_organization=True,
            contract_number=f"演示合同{service}",
            contract_fen=30_000_00,
            valid_from=date(today.year, 1, 1),
            valid_to=date(today.year + 1, 1, 1),
        )
    organization.evaluate_purchased_service(
        actor=actor,
        at=at,
        service_id=ids[2],
        score=Decimal(91),
        supervision_note="按月抽查走访记录（演示）",
        evaluation_note="走访及时，档案齐全（演示）",
    )


_SERVICES: tuple[tuple[str, str, str, ProcurementMethod, int], ...] = (
    ("TS-2026-01", "困难群众探访", "每月探访特困人员和独居老人（演示）", ProcurementMethod.OPEN_TENDER, 60_000_00),
    (
        "TS-2026-02",
        "家庭经济状况入户调查",
        "协助入户调查（演示）",
        ProcurementMethod.COMPETITIVE_CONSULTATION,
        48_000_00,
    ),
    ("TS-2026-03", "照料护理", "失能特困人员照料（演示）", ProcurementMethod.OPEN_TENDER, 50_000_00),
)
