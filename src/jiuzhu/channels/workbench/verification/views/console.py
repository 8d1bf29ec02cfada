"""How the sources are doing: what waits, what is late, what fails, how long answers take."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from jiuzhu.channels.kit.access import actor_of, needs
from jiuzhu.channels.kit.verification_wording import cause_name, source_name
from jiuzhu.rooms.verification import queries
from jiuzhu.rooms.verification.permissions import Permission
from jiuzhu.rooms.verification.ports import Transport

_PERIODS = (7, 30, 90, 365)
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


@needs(Permission.SOURCE_VIEW)
@require_GET
def console(request: HttpRequest) -> HttpResponse:
    """The figures of every source in the area."""
    text = request.GET.get("days", "")
    days = int(text) if text in {str(one) for one in _PERIODS} else 90
    now = timezone.now()
    found = queries.console(actor=actor_of(request), at=now, days=days)
    transports = {
        Transport.HTTP: _("系统接口"),
        Transport.FILE: _("文件交换"),
        Transport.MANUAL: _("人工答复"),
        None: _("未接入"),
    }
    context = {
        "console": found,
        "days": days,
        "periods": [(one, ngettext("最近%(n)s天", "最近%(n)s天", one) % {"n": one}) for one in _PERIODS],
        "rows": [
            {
                "figures": one,
                "name": source_name(one.source),
                "transport": transports[one.transport],
                "median": _span(one.median_s),
                "p95": _span(one.p95_s),
                "open": one.open_until is not None and one.open_until > now,
                "cause": cause_name(one.last_cause) if one.last_cause else "",
            }
            for one in found.sources
        ],
        "causes": [(cause_name(cause), count) for cause, count in found.causes],
    }
    return render(request, "workbench/verification/console.html", context)


def _span(seconds: float | None) -> str:
    """A time in the unit that suits it."""
    if seconds is None:
        return "—"
    if seconds < _MINUTE:
        return _("%(n)s秒") % {"n": f"{seconds:.1f}"}
    if seconds < _HOUR:
        return _("%(n)s分钟") % {"n": f"{seconds / _MINUTE:.0f}"}
    if seconds < _DAY:
        return _("%(n)s小时") % {"n": f"{seconds / _HOUR:.1f}"}
    return _("%(n)s天") % {"n": f"{seconds / _DAY:.1f}"}
