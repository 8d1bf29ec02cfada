"""Pages of the audit viewer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.workbench.audit.forms import AuditFilter
from jiuzhu.groundwork.audit import queries
from jiuzhu.groundwork.permissions import Permission


@needs(Permission.AUDIT_VIEW)
@require_GET
def blocks(request: HttpRequest) -> HttpResponse:
    """The trail, newest first, by day, table, row, actor or request."""
    form = AuditFilter(request.GET or None)
    page = None
    if form.is_valid() or not form.is_bound:
        given = form.cleaned_data if form.is_bound else {}
        wanted = {name: value for name, value in given.items() if value not in (None, "")}
        page = queries.blocks(actor=actor_of(request), **wanted)
    following = ""
    if page is not None and page.next_id is not None:
        parameters = request.GET.copy()
        parameters["before_id"] = str(page.next_id)
        following = f"?{parameters.urlencode()}"
    return render(
        request,
        "workbench/audit/blocks.html",
        {"form": form, "page": page, "following": following},
        status=422 if form.errors else 200,
    )


@needs(Permission.AUDIT_VIEW)
@require_GET
def block(request: HttpRequest, block_id: int) -> HttpResponse:
    """One change with its rows and fields."""
    detail = queries.block_detail(actor=actor_of(request), block_id=block_id)
    return render(request, "workbench/audit/block.html", {"detail": detail})
