"""Mandates: those of a household, the letter with its signatures, and who signs, declines or withdraws."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.notice_wording import programme_short
from jiuzhu.channels.kit.verification_documents import mandate_document, pdf_response
from jiuzhu.channels.kit.verification_wording import (
    SIGNATURE_TAGS,
    item_name,
    method_name,
    role_name,
    signature_state_name,
    signed_by_name,
    source_name,
)
from jiuzhu.channels.kit.wording import listed, said
from jiuzhu.channels.workbench.organization.changing import Change, Crumb, Values, change_page, changes, posted
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.channels.workbench.verification.forms import MandateForm, SignForm, WhyForm
from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.errors import InvalidValue
from jiuzhu.core.periods import add_months
from jiuzhu.rooms.catalogue.queries import public_packs
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.states import SIGNATURES, SignatureMethod, SignedBy

_BASIS = gettext_noop("社会救助法第四十条、第四十一条；个人信息保护法第十三条、第十五条、第二十九条、第三十一条")
_PNG = "data:image/png;base64,"


@needs(Permission.MANDATE_VIEW)
@require_GET
def of_household(request: HttpRequest, household_id: int) -> HttpResponse:
    """The mandates of a household, its orders and reports."""
    actor, now, on = actor_of(request), timezone.now(), today()
    home = _home(actor, household_id)
    packs = public_packs(on)
    context = {
        "household_id": household_id,
        "head": home.head_name,
        "mandates": [
            {
                "mandate": one,
                "programmes": listed(programme_short(packs, key, one.division, on) for key in one.programmes),
                "signed": sum(each.signed_at is not None and each.ended_at is None for each in one.signatures),
            }
            for one in queries.mandates_of_household(actor=actor, at=now, household_id=household_id)
        ],
        "orders": queries.orders(actor=actor, at=now, household_id=household_id).rows,
        "may_draw_up": actor.may(Permission.MANDATE_DRAW_UP),
        "may_order": actor.may(Permission.ORDER_REQUEST),
    }
    return render(request, "workbench/verification/household.html", context)


@needs(Permission.MANDATE_DRAW_UP)
@changes
def draw_up(request: HttpRequest, household_id: int) -> HttpResponseBase:
    """Draw up a mandate for the members of a household."""
    actor, on = actor_of(request), today()
    home = _home(actor, household_id)
    packs = public_packs(on)
    choices = [
        (key, said(version.short.zh, version.short.en))
        for key, one in packs.programmes.items()
        if (version := one.version(home.division_code, on)) is not None
    ]
    form = MandateForm(
        posted(request),
        programmes=choices,
        initial={"valid_from": on, "valid_to": add_months(on, 12), "covers_reviews": True},
    )

    def act(values: Values) -> int:
        return actions.draw_up_mandate(
            actor=actor,
            at=timezone.now(),
            household_id=household_id,
            programmes=values["programmes"],
            purpose=values["purpose"],
            valid_from=values["valid_from"],
            valid_to=values["valid_to"],
            covers_reviews=values["covers_reviews"],
            items=values["items"],
        )

    back = reverse("workbench:verification:mandates", args=[household_id])
    change = Change(
        title=_("制作核对授权书"),
        lead=home.head_name,
        basis=_(_BASIS),
        submit=_("制作授权书"),
        done=_("授权书已制作，请逐人签署。"),
        back=back,
        crumbs=[Crumb(_("核对授权书"), back)],
        asks=False,
        target=lambda made: reverse("workbench:verification:mandate", args=[made]),
    )
    return change_page(request, change, form, act)


@needs(Permission.MANDATE_VIEW)
@require_GET
def mandate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """The letter and its signatures."""
    actor, on = actor_of(request), today()
    one = queries.mandate(actor=actor, at=timezone.now(), mandate_id=mandate_id)
    packs = public_packs(on)
    sources: dict[str, list[str]] = {}
    for key in one.items:
        source, _dot, item = key.partition(".")
        sources.setdefault(source_name(source), []).append(item_name(source, item))
    context = {
        "mandate": one,
        "place": path_of(one.division.value, on),
        "programmes": listed(programme_short(packs, key, one.division, on) for key in one.programmes),
        "sources": [(name, listed(items)) for name, items in sources.items()],
        "paragraphs": one.text.split("\n"),
        "signatures": [
            {
                "signature": each,
                "role": role_name(each.role),
                "state": signature_state_name(each.state),
                "tag": SIGNATURE_TAGS[each.state],
                "how": listed(part for part in (signed_by_name(each.signed_by), method_name(each.method)) if part),
                "steps": _steps(actor, each),
            }
            for each in one.signatures
        ],
        "may_order": one.in_force and actor.may(Permission.ORDER_REQUEST),
    }
    return render(request, "workbench/verification/mandate.html", context)


@needs(Permission.MANDATE_VIEW)
@require_GET
def pdf(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """The letter with its signatures as a document."""
    one = queries.mandate(actor=actor_of(request), at=timezone.now(), mandate_id=mandate_id)
    with translation.override("zh-hans"):
        return pdf_response(mandate_document(one))


@needs(Permission.MANDATE_SIGN)
@changes
def sign(request: HttpRequest, mandate_id: int, person_id: int) -> HttpResponseBase:
    """Take a person's signature, drawn on the screen or on paper."""
    actor = actor_of(request)
    one = queries.mandate(actor=actor, at=timezone.now(), mandate_id=mandate_id)
    signer = _signer(one, person_id)
    home = registry.subjects(actor=actor, on=today(), household_id=one.household_id, further=[person_id])
    guardian = next((each.guardian_name for each in home.persons if each.id == person_id), "")
    form = SignForm(
        posted(request),
        request.FILES or None,
        initial={
            "signed_by": (SignedBy.GUARDIAN if guardian else SignedBy.SELF).value,
            "method": SignatureMethod.HANDWRITTEN.value,
            "signer_name": guardian or signer.name,
        },
    )

    def act(values: Values) -> None:
        content, name = _evidence(values)
        actions.sign_on_paper(
            actor=actor,
            at=timezone.now(),
            mandate_id=mandate_id,
            person_id=person_id,
            signed_by=SignedBy(values["signed_by"]),
            method=SignatureMethod(values["method"]),
            signer_name=values["signer_name"],
            content=content,
            file_name=name,
        )

    change = _change(one, _("签署授权书"), signer.name, _("确认签署"), _("已登记签署。"))
    return change_page(request, replace(change, template="workbench/verification/sign.html"), form, act)


@needs(Permission.MANDATE_DECLINE)
@changes
def decline(request: HttpRequest, mandate_id: int, person_id: int) -> HttpResponseBase:
    """Record that a person does not agree."""
    texts = _("登记不同意授权"), _("确认登记"), _("已登记。")
    return _end(request, mandate_id, person_id, texts, actions.decline_mandate)


@needs(Permission.MANDATE_WITHDRAW)
@changes
def withdraw(request: HttpRequest, mandate_id: int, person_id: int) -> HttpResponseBase:
    """Withdraw a person's agreement, at once."""
    texts = _("撤回核对授权"), _("确认撤回"), _("已撤回，不再发起新的查询。")
    return _end(request, mandate_id, person_id, texts, actions.withdraw_mandate)


def _end(
    request: HttpRequest,
    mandate_id: int,
    person_id: int,
    texts: tuple[str, str, str],
    action: Callable[..., None],
) -> HttpResponseBase:
    actor = actor_of(request)
    one = queries.mandate(actor=actor, at=timezone.now(), mandate_id=mandate_id)
    signer = _signer(one, person_id)
    title, submit, done = texts
    change = _change(one, title, signer.name, submit, done)

    def act(actor: Actor, at: datetime, values: Values) -> None:
        action(actor=actor, at=at, mandate_id=mandate_id, person_id=person_id, reason=values["reason"])

    return change_page(request, change, WhyForm(posted(request)), lambda values: act(actor, timezone.now(), values))


def _home(actor: Actor, household_id: int) -> registry.HouseholdName:
    """The household.

    Raises:
        OutOfScope: it is not the actor's.
    """
    found = registry.names(actor=actor, on=today(), household_ids=[household_id]).households
    if household_id not in found:
        raise OutOfScope
    return found[household_id]


def _signer(one: queries.MandateView, person_id: int) -> queries.SignatureView:
    """The person's part in a mandate.

    Raises:
        OutOfScope: the person has none.
    """
    found = next((each for each in one.signatures if each.person_id == person_id), None)
    if found is None:
        raise OutOfScope
    return found


def _change(one: queries.MandateView, title: str, lead: str, submit: str, done: str) -> Change:
    back = reverse("workbench:verification:mandate", args=[one.id])
    return Change(
        title=title,
        lead=lead,
        basis=_(_BASIS),
        submit=submit,
        done=done,
        back=back,
        crumbs=[
            Crumb(_("核对授权书"), reverse("workbench:verification:mandates", args=[one.household_id])),
            Crumb(one.number, back),
        ],
        asks=False,
    )


def _steps(actor: Actor, one: queries.SignatureView) -> list[dict[str, str]]:
    return [
        {"label": said(step.zh, step.en), "address": f"workbench:verification:mandate_{step.verb}"}
        for step in SIGNATURES.out_of(one.state)
        if actor.may(step.permission)
    ]


def _evidence(values: Values) -> tuple[bytes, str]:
    """The picture of the signature, or the paper.

    Raises:
        InvalidValue: neither is there, or the picture cannot be read.
    """
    paper: Any = values["paper"]
    if paper:
        return paper.read(), paper.name
    drawn = str(values["drawn"])
    if drawn.startswith(_PNG):
        try:
            return base64.b64decode(drawn.removeprefix(_PNG), validate=True), "签名.png"
        except binascii.Error:
            pass
    raise InvalidValue(
        "verification.signature.evidence",
        "请手写签名，或上传已签名的授权书",
        "Sign on the screen, or upload the signed paper.",
        field="paper",
    )
