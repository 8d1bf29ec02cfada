"""A citizen's own data (个人信息保护法 art. 44, 45): the household, facts with their sources, and who looked."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from jiuzhu.channels.kit.access import actor_of, signed_in
from jiuzhu.channels.kit.wording import (
    department_name,
    document_name,
    group_name,
    look_name,
    purpose_text,
    registered_name,
    said,
    title_name,
    topics,
)
from jiuzhu.channels.portal.registry.forms import WithdrawForm
from jiuzhu.core.actors import Actor, ActorKind, OutOfScope, PermissionRefused
from jiuzhu.core.errors import NotFound, Refusal
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry import queries as registry

_LOOKS = 100


@signed_in(ActorKind.CITIZEN)
@require_GET
def family(request: HttpRequest) -> HttpResponse:
    """The own household, what is recorded with its sources, authorisations, and who looked."""
    actor, at = actor_of(request), timezone.now()
    people = [_person(actor, at, person_id) for person_id in sorted(actor.scope.person_ids)]
    homes = [_household(actor, at, household_id) for household_id in sorted(actor.scope.household_ids)]
    context = {"people": sorted(people, key=lambda one: one["birth_date"]), "homes": homes, "most": _LOOKS}
    return render(request, "portal/registry/family.html", context)


@signed_in(ActorKind.CITIZEN)
@require_http_methods(["GET", "HEAD", "POST"])
@idempotent
def withdraw(request: HttpRequest, authorisation_id: int) -> HttpResponseBase:
    """Withdraw an authorisation, at once and without leave (个人信息保护法 art. 15)."""
    actor, at = actor_of(request), timezone.now()
    one = _authorisation(actor, at, authorisation_id)
    form = WithdrawForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with transaction.atomic():
                    actions.withdraw_authorisation(
                        actor=actor, at=at, authorisation_id=authorisation_id, reason=form.cleaned_data["reason"]
                    )
            except (PermissionRefused, NotFound):
                raise
            except Refusal as refusal:
                form.add_error("reason", said(refusal.message_zh, refusal.message_en))
            else:
                messages.success(request, _("已撤回授权，该部门从现在起不能再查看您的信息。"))
                return redirect("portal:registry:family")
    return render(request, "portal/registry/withdraw.html", {"form": form, "one": one}, status=status)


def _household(actor: Actor, at: datetime, household_id: int) -> dict[str, Any]:
    detail = registry.household_detail(actor=actor, at=at, household_id=household_id)
    home = detail.household
    return {
        "id": home.id,
        "number": home.number,
        "kind": registered_name(home.registered_kind),
        "address": home.address,
        "members": [
            {
                "name": one.person.name,
                "relation": said(one.relation_zh, one.relation_en),
                "age": one.person.age,
                "counted": one.counts_as_member,
            }
            for one in detail.members
        ],
        "groups": [group_name(tag.group) for tag in detail.groups if tag.valid_to is None],
        "topics": topics([("", None, detail.variables)]),
    }


def _person(actor: Actor, at: datetime, person_id: int) -> dict[str, Any]:
    detail = registry.person_detail(actor=actor, at=at, person_id=person_id)
    one = detail.person
    looks = registry.looks_at_person(actor=actor, at=at, person_id=person_id, limit=_LOOKS)
    return {
        "id": one.id,
        "name": one.name,
        "birth_date": one.birth_date,
        "document": document_name(one.document_kind),
        "number": one.document_number,
        "phone": one.phone,
        "topics": topics([("", None, detail.variables)]),
        "groups": [group_name(tag.group) for tag in detail.groups if tag.valid_to is None],
        "authorisations": [_authorisation_line(given) for given in detail.authorisations],
        "looks": [
            {
                "at": look.at,
                "who": _who(look.actor_name, title_name(look.post_title), look.department_code),
                "what": look_name(look.kind),
                "why": purpose_text(look.purpose),
            }
            for look in looks
        ],
        "looked": ngettext("共%(count)s次", "共%(count)s次", len(looks)) % {"count": len(looks)},
    }


def _who(name: str, post: str, department: str) -> str:
    """The department, the post and the name of the officer who looked."""
    office = department_name(department) if department else ""
    return " ".join(part for part in (office, post, name) if part)


def _authorisation_line(given: Any) -> dict[str, Any]:
    known = registry.public_variables()
    return {
        "id": given.id,
        "department": department_name(given.department_code),
        "variables": [said(known[key].zh, known[key].en) for key in given.variables if key in known],
        "purpose": given.purpose,
        "valid_from": given.valid_from,
        "valid_to": given.valid_to,
        "withdrawn_at": given.withdrawn_at,
        "is_live": given.is_live,
    }


def _authorisation(actor: Actor, at: datetime, authorisation_id: int) -> dict[str, Any]:
    """The authorisation among those of the citizen and the wards.

    Raises:
        OutOfScope: it is somebody else's.
    """
    for person_id in sorted(actor.scope.person_ids):
        detail = registry.person_detail(actor=actor, at=at, person_id=person_id)
        for given in detail.authorisations:
            if given.id == authorisation_id:
                return _authorisation_line(given)
    raise OutOfScope
