"""Acts on versions of the packs: draft, change, check, send back, publish, supersede, withdraw."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.forms import Form
from jiuzhu.channels.workbench.catalogue.forms import BeginForm, DraftForm, PlainForm, PublishForm, ReasonForm
from jiuzhu.channels.workbench.catalogue.wording import verb_name
from jiuzhu.channels.workbench.registry.views.page import Act, carry_out
from jiuzhu.core.actors import Actor, OutOfScope
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.groundwork.idempotency.views import idempotent
from jiuzhu.journeys import check_pack as checking
from jiuzhu.rooms.catalogue import actions, queries
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.states import PACKS

_TEMPLATE = "workbench/catalogue/act.html"
_METHODS = ["GET", "HEAD", "POST"]


@needs(Permission.PACK_DRAFT)
@require_http_methods(_METHODS)
@idempotent
def draft(request: HttpRequest) -> HttpResponseBase:
    """Hand in a set of packs as a zip."""
    actor = actor_of(request)
    form = DraftForm(sent(request), request.FILES or None)
    return _begun(
        request,
        form,
        Act(
            _("上传新版本"),
            _("政策包版本"),
            _list(),
            _("上传为草案"),
            _("先存为草案，校验通过并由另一人发布后才施行。"),
        ),
        lambda: actions.draft_pack(
            actor=actor,
            at=timezone.now(),
            division=_area(actor),
            archive=form.cleaned_data["archive"].read(),
            title=form.cleaned_data["title"],
            note=form.cleaned_data["note"],
        ),
    )


@needs(Permission.PACK_DRAFT)
@require_http_methods(_METHODS)
@idempotent
def draft_in_force(request: HttpRequest) -> HttpResponseBase:
    """Take what is in force as a draft, to change it from there."""
    actor = actor_of(request)
    form = BeginForm(sent(request))
    lead = _("把今天施行的政策包复制成草案。下载、修改后，在草案里重新上传。")
    return _begun(
        request,
        form,
        Act(_("以现行政策起草"), _("政策包版本"), _list(), _("生成草案"), lead),
        lambda: actions.draft_in_force(
            actor=actor,
            at=timezone.now(),
            division=_area(actor),
            title=form.cleaned_data["title"],
            note=form.cleaned_data["note"],
        ),
    )


@needs(Permission.PACK_DRAFT)
@require_http_methods(_METHODS)
@idempotent
def redraft(request: HttpRequest, pack_id: int) -> HttpResponseBase:
    """Put another archive in the place of a draft's."""
    actor = actor_of(request)
    one = _own(actor, pack_id)
    form = DraftForm(sent(request), request.FILES or None, initial={"title": one.title, "note": one.note})
    return carry_out(
        request,
        form=form,
        act=Act(_("修改草案"), one.title, _page(pack_id), _("上传并替换"), _("替换后须重新校验，原来的校验结果作废。")),
        perform=lambda: actions.redraft_pack(
            actor=actor,
            at=timezone.now(),
            pack_id=pack_id,
            archive=form.cleaned_data["archive"].read(),
            title=form.cleaned_data["title"],
            note=form.cleaned_data["note"],
        ),
        done=_("草案已替换，请重新校验。"),
        template=_TEMPLATE,
    )


@needs(Permission.PACK_CHECK)
@require_http_methods(_METHODS)
@idempotent
def check(request: HttpRequest, pack_id: int) -> HttpResponseBase:
    """Let the engine check a draft, in the background."""
    actor = actor_of(request)
    return _step(
        request,
        pack_id,
        "check",
        PlainForm(sent(request)),
        lambda _form: checking.check(
            actor=actor, at=timezone.now(), pack_id=pack_id, request_id=getattr(request, "request_id", "")
        ),
        _("已开始校验。可以离开本页，稍后再看。"),
        submit=_("开始校验"),
        lead=_("逐日编译全部规则并计算全部算例，约需一两分钟。全部通过的，状态改为“已校验”。"),
    )


@needs(Permission.PACK_REVISE)
@require_http_methods(_METHODS)
@idempotent
def revise(request: HttpRequest, pack_id: int) -> HttpResponseBase:
    """Send a checked version back to be changed."""
    actor = actor_of(request)
    return _step(
        request,
        pack_id,
        "revise",
        ReasonForm(sent(request)),
        lambda form: actions.revise_pack(
            actor=actor, at=timezone.now(), pack_id=pack_id, reason=form.cleaned_data["reason"]
        ),
        _("已退回，可以修改草案。"),
    )


@needs(Permission.PACK_PUBLISH)
@require_http_methods(_METHODS)
@idempotent
def publish(request: HttpRequest, pack_id: int) -> HttpResponseBase:
    """Publish a checked version by a document, from a day on."""
    actor = actor_of(request)
    return _step(
        request,
        pack_id,
        "publish",
        PublishForm(sent(request)),
        lambda form: actions.publish_pack(
            actor=actor,
            at=timezone.now(),
            pack_id=pack_id,
            document_number=form.cleaned_data["document_number"],
            effective_on=form.cleaned_data["effective_on"],
        ),
        _("已发布。到施行日期起，各项办理按这一版执行。"),
        lead=_("发布后不能修改，也不能撤销，只能由以后的版本替代。起草的人不能发布自己起草的版本。"),
    )


@needs(Permission.PACK_SUPERSEDE)
@require_http_methods(_METHODS)
@idempotent
def supersede(request: HttpRequest, pack_id: int) -> HttpResponseBase:
    """Record that a later version has taken its place."""
    actor = actor_of(request)
    return _step(
        request,
        pack_id,
        "supersede",
        PlainForm(sent(request)),
        lambda _form: actions.supersede_pack(actor=actor, at=timezone.now(), pack_id=pack_id),
        _("已登记被替代。"),
        lead=_("后续版本施行之日起登记。已经作出的决定仍按当时的版本查阅。"),
    )


@needs(Permission.PACK_WITHDRAW)
@require_http_methods(_METHODS)
@idempotent
def withdraw(request: HttpRequest, pack_id: int) -> HttpResponseBase:
    """Give up a version that has not been published."""
    actor = actor_of(request)
    return _step(
        request,
        pack_id,
        "withdraw",
        ReasonForm(sent(request)),
        lambda form: actions.withdraw_pack(
            actor=actor, at=timezone.now(), pack_id=pack_id, reason=form.cleaned_data["reason"]
        ),
        _("草案已撤销。"),
        is_danger=True,
    )


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form sent, also when it has no field of its own."""
    return request.POST if request.method == "POST" else None


def _begun(request: HttpRequest, form: Form, act: Act, perform: Callable[[], int]) -> HttpResponseBase:
    return carry_out(
        request,
        form=form,
        act=act,
        perform=perform,
        done=_("已存为草案。下一步请校验。"),
        leads_to=lambda pack_id: reverse("workbench:catalogue:version", args=[pack_id]),
        template=_TEMPLATE,
    )


def _step(
    request: HttpRequest,
    pack_id: int,
    verb: str,
    form: Form,
    perform: Callable[[Form], object],
    done: str,
    *,
    submit: str = "",
    lead: str = "",
    is_danger: bool = False,
) -> HttpResponseBase:
    """The page of one step of a version of the actor's own area."""
    one = _own(actor_of(request), pack_id)
    name = verb_name(PACKS, verb)
    return carry_out(
        request,
        form=form,
        act=Act(name, one.title, _page(pack_id), submit or name, lead, is_danger=is_danger),
        perform=lambda: perform(form),
        done=done,
        template=_TEMPLATE,
    )


def _own(actor: Actor, pack_id: int) -> queries.PackVersionView:
    """A version that the actor may act on; a published one of elsewhere is seen, and no more."""
    one = queries.pack_version(actor=actor, at=timezone.now(), pack_id=pack_id).version
    actor.require_scope(one.division)
    return one


def _area(actor: Actor) -> DivisionCode:
    if actor.scope.division is None:
        raise OutOfScope
    return actor.scope.division


def _list() -> str:
    return reverse("workbench:catalogue:versions")


def _page(pack_id: int) -> str:
    return reverse("workbench:catalogue:version", args=[pack_id])
