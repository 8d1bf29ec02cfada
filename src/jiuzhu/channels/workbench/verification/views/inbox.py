"""The questions put to a department whose officer answers them by hand."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.verification_wording import ITEM_TAGS, item_name, item_state_name, source_name
from jiuzhu.channels.kit.wording import said
from jiuzhu.channels.workbench.organization.changing import Change, Crumb, Values, change_page, changes, posted
from jiuzhu.channels.workbench.registry.views.page import today
from jiuzhu.channels.workbench.verification.forms import ReplyForm
from jiuzhu.rooms.verification import actions, queries
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import connector

_BASIS = gettext_noop("社会救助法第四十一条；政务数据共享条例第二十一条、第二十六条")


@needs(Permission.ITEM_ANSWER)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, or was answered last."""
    answered = request.GET.get("show") == "answered"
    page = queries.inbox(actor=actor_of(request), at=timezone.now(), answered=answered)
    context = {
        "answered": answered,
        "more": page.more,
        "rows": [
            {
                "line": one,
                "what": f"{source_name(one.item.source)} · {item_name(one.item.source, one.item.item)}",
                "state": item_state_name(one.item.state),
                "tag": ITEM_TAGS[one.item.state],
                "late": one.item.due_on is not None and one.item.due_on < today(),
            }
            for one in page.rows
        ],
    }
    return render(request, "workbench/verification/inbox.html", context)


@needs(Permission.ITEM_ANSWER)
@changes
def answer(request: HttpRequest, item_id: int) -> HttpResponseBase:
    """Answer one question."""
    actor, on = actor_of(request), today()
    question = queries.officers_question(actor=actor, at=timezone.now(), item_id=item_id)
    line = question.line
    item = connector(line.item.source).source.item(line.item.item)
    form = ReplyForm(posted(request), item=item, initial={"data_as_of": on, "finding": "none_found"})

    def act(values: Values) -> None:
        actions.answer_item(
            actor=actor,
            at=timezone.now(),
            item_id=item_id,
            rows=form.rows(),
            data_as_of=values["data_as_of"],
            reference=values["reference"],
        )

    notes = []
    if line.disputed:
        notes.append(_("当事人有异议：%(statement)s") % {"statement": question.statement})
        notes.extend(
            _("原答复：%(cells)s")
            % {"cells": "；".join(f"{said(c[0], c[1])} {said(c[2], c[3])}" for c in record.cells)}
            for record in question.records
        )
    home = reverse("workbench:verification:inbox")
    change = Change(
        title=_("答复查询"),
        lead=f"{item_name(line.item.source, line.item.item)} · {line.name} {line.number}",
        notes=notes,
        basis=_(_BASIS),
        submit=_("提交答复"),
        done=_("已答复。"),
        back=home,
        crumbs=[Crumb(_("待答复的查询"), home)],
        asks=False,
    )
    return change_page(request, change, form, act)
