"""Taking back or ending what was recorded: facts, tags, guardianships, authorisations, merges, splits."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.forms import Form
from jiuzhu.channels.kit.wording import department_name, said
from jiuzhu.channels.workbench.registry.forms.acts import EndGroupForm, EndGuardianshipForm, ReasonForm
from jiuzhu.channels.workbench.registry.views.page import Act, carry_out, masked, today
from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.rooms.registry import actions
from jiuzhu.rooms.registry import queries as registry
from jiuzhu.rooms.registry.permissions import Permission

_BOTH = ("GET", "HEAD", "POST")


@needs(Permission.FACT_WITHDRAW)
@require_http_methods(_BOTH)
@idempotent
def withdraw_fact(request: HttpRequest, subject: str, subject_id: int, fact_id: int) -> HttpResponseBase:
    """Withdraw a fact that was wrong."""
    actor = actor_of(request)
    name, detail = _subject(actor, subject, subject_id)
    claims = {
        claim.fact_id: said(one.zh, one.en) + " " + said(claim.shown, claim.shown_en)
        for one in detail.variables
        for claim in (one.current, *one.conflicts)
    }
    return _settle(
        request,
        form=ReasonForm(request.POST or None),
        act=_act(_("撤回：%(what)s") % {"what": _named(claims, fact_id)}, name, subject, subject_id, _("撤回")),
        perform=lambda form: actions.withdraw_fact(
            actor=actor, at=timezone.now(), fact_id=fact_id, reason=form.cleaned_data["reason"]
        ),
        done=_("已撤回，变更历史中仍可查到。"),
    )


@needs(Permission.GROUP_TAG)
@require_http_methods(_BOTH)
@idempotent
def end_group(request: HttpRequest, subject: str, subject_id: int, group_id: int) -> HttpResponseBase:
    """End a tag with a target group."""
    actor = actor_of(request)
    name, detail = _subject(actor, subject, subject_id)
    tags = {tag.id: said(tag.zh, tag.en) for tag in detail.groups}
    return _settle(
        request,
        form=EndGroupForm(request.POST or None, initial={"valid_to": today()}),
        act=_act(_("终止类别：%(what)s") % {"what": _named(tags, group_id)}, name, subject, subject_id, _("终止")),
        perform=lambda form: actions.end_group(
            actor=actor, at=timezone.now(), group_membership_id=group_id, **form.cleaned_data
        ),
        done=_("已终止该类别标注。"),
    )


@needs(Permission.GUARDIAN_SET)
@require_http_methods(_BOTH)
@idempotent
def end_guardianship(request: HttpRequest, person_id: int, guardianship_id: int) -> HttpResponseBase:
    """End a guardianship."""
    actor = actor_of(request)
    name, detail = _subject(actor, "person", person_id)
    known = {
        one.id: _("%(guardian)s监护%(ward)s") % {"guardian": one.guardian_name, "ward": one.ward_name}
        for one in (*detail.guardians, *detail.wards)
    }
    return _settle(
        request,
        form=EndGuardianshipForm(request.POST or None, initial={"end_on": today()}),
        act=_act(
            _("终止监护：%(what)s") % {"what": _named(known, guardianship_id)}, name, "person", person_id, _("终止")
        ),
        perform=lambda form: actions.end_guardianship(
            actor=actor, at=timezone.now(), guardianship_id=guardianship_id, **form.cleaned_data
        ),
        done=_("已终止该监护关系。"),
    )


@needs(Permission.AUTHORISATION_WITHDRAW)
@require_http_methods(_BOTH)
@idempotent
def withdraw_authorisation(request: HttpRequest, person_id: int, authorisation_id: int) -> HttpResponseBase:
    """Withdraw an authorisation for the person."""
    actor = actor_of(request)
    name, detail = _subject(actor, "person", person_id)
    known = {one.id: department_name(one.department_code) for one in detail.authorisations}
    return _settle(
        request,
        form=ReasonForm(request.POST or None),
        act=_act(
            _("撤回授权：%(what)s") % {"what": _named(known, authorisation_id)}, name, "person", person_id, _("撤回")
        ),
        perform=lambda form: actions.withdraw_authorisation(
            actor=actor,
            at=timezone.now(),
            authorisation_id=authorisation_id,
            reason=form.cleaned_data["reason"],
        ),
        done=_("已撤回授权，该部门即刻不能再查看。"),
    )


@needs(Permission.HOUSEHOLD_SPLIT)
@require_http_methods(_BOTH)
@idempotent
def undo_split(request: HttpRequest, household_id: int, split_id: int) -> HttpResponseBase:
    """Bring split members back."""
    actor = actor_of(request)
    name, _detail = _subject(actor, "household", household_id)
    if not registry.is_split_of(actor=actor, household_id=household_id, split_id=split_id):
        raise OutOfScope
    return _settle(
        request,
        form=ReasonForm(request.POST or None),
        act=_act(_("撤销分户"), name, "household", household_id, _("撤销分户")),
        perform=lambda form: actions.undo_split(
            actor=actor, at=timezone.now(), split_id=split_id, reason=form.cleaned_data["reason"]
        ),
        done=_("已撤销分户，分出的成员已回到本户。"),
    )


@needs(Permission.PERSON_MERGE)
@require_http_methods(_BOTH)
@idempotent
def undo_merge(request: HttpRequest, person_id: int, merge_id: int) -> HttpResponseBase:
    """Separate two merged records again."""
    actor = actor_of(request)
    name, _detail = _subject(actor, "person", person_id)
    if not registry.is_merge_of(actor=actor, person_id=person_id, merge_id=merge_id):
        raise OutOfScope
    return _settle(
        request,
        form=ReasonForm(request.POST or None),
        act=_act(_("撤销合并"), name, "person", person_id, _("撤销合并")),
        perform=lambda form: actions.undo_merge(
            actor=actor, at=timezone.now(), merge_id=merge_id, reason=form.cleaned_data["reason"]
        ),
        done=_("已撤销合并，两条记录已分开。"),
    )


def _settle(
    request: HttpRequest, *, form: Form, act: Act, perform: Callable[[Form], object], done: str
) -> HttpResponseBase:
    return carry_out(request, form=form, act=act, perform=lambda: perform(form), done=done)


def _subject(actor: Actor, subject: str, subject_id: int) -> tuple[str, Any]:
    """Name and details of the person or household; what is not the actor's is not found."""
    purpose = gettext_noop("核对后变更登记")
    if subject == "person":
        person = registry.person_detail(actor=masked(actor), at=timezone.now(), person_id=subject_id, purpose=purpose)
        return person.person.name, person
    home = registry.household_detail(actor=masked(actor), at=timezone.now(), household_id=subject_id, purpose=purpose)
    return home.household.number, home


def _named(known: dict[int, str], identifier: int) -> str:
    if identifier not in known:
        raise OutOfScope
    return known[identifier]


def _act(title: str, name: str, subject: str, subject_id: int, submit: str) -> Act:
    back = reverse(f"workbench:registry:{subject}", args=[subject_id])
    return Act(title, name, back, submit, is_danger=True)
