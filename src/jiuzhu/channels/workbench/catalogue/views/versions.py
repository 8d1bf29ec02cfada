"""Versions of the packs: the list, one of them with what its check found, its archive."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.wording import said
from jiuzhu.channels.workbench.catalogue.forms import StateForm
from jiuzhu.channels.workbench.catalogue.wording import buttons, history, state_name, state_tag, stopped_text
from jiuzhu.channels.workbench.registry.views.page import path_of, today
from jiuzhu.journeys import check_pack as checking
from jiuzhu.rooms.catalogue import queries
from jiuzhu.rooms.catalogue.permissions import Permission
from jiuzhu.rooms.catalogue.states import PACKS, PackState

_PAGE = 30


@needs(Permission.PACK_VIEW)
@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """All versions that the actor may see, the newest first, and what is in force."""
    actor, on = actor_of(request), today()
    form = StateForm(request.GET or None)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    page = queries.pack_versions(
        actor=actor,
        at=timezone.now(),
        state=PackState(given["state"]) if given.get("state") else None,
        after=given.get("after"),
        size=_PAGE,
    )
    held = queries.pack_in_force(actor=actor, on=on)
    asked = {"state": given["state"]} if given.get("state") else {}
    context = {
        "form": form,
        "rows": [line(one) for one in page.rows],
        "following": f"?{urlencode({**asked, 'after': page.next_after})}" if page.next_after else "",
        "is_narrowed": bool(asked or given.get("after")),
        "held": None if held is None else line(held),
        "shipped_digest": queries.public_shipped_packs().digest if held is None else "",
        "may_draft": actor.may(Permission.PACK_DRAFT),
    }
    return render(request, "workbench/catalogue/versions.html", context, status=422 if form.errors else 200)


@needs(Permission.PACK_VIEW)
@require_GET
def version(request: HttpRequest, pack_id: int) -> HttpResponse:
    """One version: what it is, what its check found, the steps it took and can take."""
    return _page(request, pack_id)


@needs(Permission.PACK_VIEW)
@require_GET
def version_progress(request: HttpRequest, pack_id: int) -> HttpResponse:
    """The progress of a check alone for a page that asks again and again; opened by itself it is the whole page."""
    if request.headers.get("HX-Request") != "true":
        return _page(request, pack_id)
    actor = actor_of(request)
    found = queries.pack_version(actor=actor, at=timezone.now(), pack_id=pack_id)
    bar = checking.latest_progress(actor=actor, pack_id=pack_id)
    context = {"version": line(found.version), "bar": bar}
    response = render(request, "workbench/catalogue/version_progress.html", context)
    if bar is None or bar.ended:
        response.headers["HX-Refresh"] = "true"  # the result is another page
    return response


@needs(Permission.PACK_VIEW)
@require_GET
def version_archive(request: HttpRequest, pack_id: int) -> HttpResponse:
    """All files of a version as one zip."""
    actor, at = actor_of(request), timezone.now()
    one = queries.pack_version(actor=actor, at=at, pack_id=pack_id).version
    name = f"{one.title}_{one.id}.zip"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}  # noqa: FBT003
    content = queries.pack_archive(actor=actor, at=at, pack_id=pack_id)
    return HttpResponse(content, content_type="application/zip", headers=headers)


def line(one: queries.PackVersionView) -> dict[str, Any]:
    """A version as the pages show it."""
    return {
        "id": one.id,
        "title": one.title,
        "note": one.note,
        "state": one.state.value,
        "state_name": state_name(PACKS, one.state),
        "tag": state_tag(one.state),
        "division": one.division.value,
        "digest": one.digest,
        "archive_sha256": one.archive_sha256,
        "file_count": one.file_count,
        "document_number": one.document_number,
        "effective_on": one.effective_on,
        "ends_on": one.ends_on,
        "drafted_at": one.drafted_at,
        "drafted_by": one.drafted_by_name,
        "checked_at": one.checked_at,
        "checked_by": one.checked_by_name,
        "published_at": one.published_at,
        "published_by": one.published_by_name,
        "superseded_by_id": one.superseded_by_id,
    }


def _page(request: HttpRequest, pack_id: int) -> HttpResponse:
    actor, at = actor_of(request), timezone.now()
    found = queries.pack_version(actor=actor, at=at, pack_id=pack_id)
    one = found.version
    bar = checking.latest_progress(actor=actor, pack_id=pack_id) if one.state is PackState.DRAFT else None
    is_own = actor.covers(one.division)
    context = {
        "version": line(one),
        "place": path_of(one.division.value, today()),
        "check": found.check,
        "passed": one.state is not PackState.DRAFT and found.check is not None,
        "problems": [] if found.check is None else [_problem(each) for each in found.check.problems],
        "notes": [] if found.check is None else [_problem(each) for each in found.check.notes],
        "bar": None if bar is None or (bar.ended and not bar.message) else bar,
        "stopped": stopped_text(bar.message) if bar is not None and bar.ended else "",
        "buttons": buttons(PACKS, one.state, actor, one.division),
        "may_redraft": is_own and one.state is PackState.DRAFT and actor.may(Permission.PACK_DRAFT),
        "is_published_by_another": one.state is PackState.CHECKED and one.drafted_by_account == actor.account_id,
        "steps": history(PACKS, queries.pack_steps(actor=actor, at=at, pack_id=pack_id)),
    }
    return render(request, "workbench/catalogue/version.html", context)


def _problem(one: Any) -> dict[str, Any]:
    return {
        "place": f"{one.place.file}:{one.place.line}:{one.place.column}",
        "message": said(one.zh, one.en),
        "advice": said(one.advice_zh, one.advice_en),
    }
