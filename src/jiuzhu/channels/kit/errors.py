"""Error pages: what happened, in plain words, and what to do next; and how refusals of the domain become answers."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiuzhu.channels.kit.context import frame_of
from jiuzhu.channels.kit.wording import labelled, permission_name
from jiuzhu.core.actors import PermissionRefused
from jiuzhu.core.errors import Conflict, NotFound, Refusal

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page says: a heading, what happened, what the reader can do."""

    status: int
    title: str
    text: str
    advice: Sequence[str] = ()


def draw(request: HttpRequest, page: ErrorPage) -> HttpResponse:
    """Draw an error page without the database; if even the template fails, answer in bare HTML."""
    try:
        context = {"page": page, "frame": frame_of(request), "request_id": getattr(request, "request_id", "")}
        body: str = render_to_string("errors/page.html", context)
    except Exception:  # an error page must not fail
        logger.exception("an error page could not be drawn")
        body = _bare(page)
    return HttpResponse(body, status=page.status)


def _bare(page: ErrorPage) -> str:
    advice = "".join(f"<li>{escape(line)}</li>" for line in page.advice)
    return (
        f'<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{escape(page.title)}</title></head>'
        f"<body><h1>{escape(page.title)}</h1><p>{escape(page.text)}</p><ul>{advice}</ul></body></html>"
    )


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page for a refusal: 403 permission, 404 not found or out of scope, 409 conflict, 422 for all others."""
    said = refusal.message(get_language() or "zh-hans")
    if isinstance(refusal, PermissionRefused):
        named = permission_name(refusal.permission)
        return draw(request, _forbidden(f"{said} {labelled(_('所需权限'), named)}" if named else said))
    if isinstance(refusal, NotFound):
        return draw(request, _not_found(said))
    if isinstance(refusal, Conflict):
        return draw(
            request,
            ErrorPage(
                409,
                _("内容已被更改"),
                said,
                [_("返回上一页并刷新，查看最新内容后再办理。"), _("您刚才填写的内容没有保存，请先抄下或复制。")],
            ),
        )
    return draw(
        request,
        ErrorPage(422, _("无法办理"), said, [_("返回上一页，按提示修改后再提交。"), _("没有任何内容被更改。")]),
    )


class RefusalMiddleware:
    """Turns refusals raised by views into pages, and a bare 405 into one that can be read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            page = draw(
                request,
                ErrorPage(
                    405,
                    _("不能这样打开此页"),
                    _("这个地址只接受从页面按钮提交的内容，不能直接打开。"),
                    [_("返回上一页，点击页面上的按钮办理。"), _("或从首页重新进入。")],
                ),
            )
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal of the domain; anything else goes on to become a 500."""
        return answer(request, exception) if isinstance(exception, Refusal) else None


def _forbidden(said: str) -> ErrorPage:
    return ErrorPage(
        403,
        _("您没有办理此事项的权限"),
        said,
        [_("如果您有多个岗位，请先切换到对应岗位。"), _("确需办理的，请联系本单位系统管理员授权。")],
    )


def _not_found(said: str) -> ErrorPage:
    return ErrorPage(
        404,
        _("没有找到"),
        said,
        [_("核对地址是否完整、有无多余字符。"), _("从首页或列表重新进入。")],
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 and, when more was sent than is taken, 413."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return draw(
            request,
            ErrorPage(
                413,
                _("提交的内容太大"),
                _("一次提交的文件或内容超过了系统能接收的大小，没有保存。"),
                [_("把照片缩小，或分几次上传。"), _("返回上一页后重新提交。")],
            ),
        )
    return draw(
        request,
        ErrorPage(
            400,
            _("请求有误"),
            _("系统没有看懂收到的内容，没有做任何更改。"),
            [_("返回上一页，刷新后重新填写。"), _("如果是从别处点进来的链接，请改从首页进入。")],
        ),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a permission is missing; a refusal says which."""
    if isinstance(exception, Refusal):
        return answer(request, exception)
    return draw(request, _forbidden(_("您现在的身份不能打开此页。")))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or not within the reader's area; both look the same."""
    if isinstance(exception, Refusal):
        return answer(request, exception)
    return draw(request, _not_found(_("您要找的页面不存在，或不在您的管辖范围内。")))


def too_many_requests(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """429: too many attempts; also the answer to a locked login."""
    return draw(
        request,
        ErrorPage(
            429,
            _("操作太频繁"),
            _("短时间内尝试次数过多，为保护账户安全，暂停受理。"),
            [_("请30分钟后再试。"), _("忘记密码的，请联系本单位系统管理员；群众可拨打12349。")],
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault, drawn without the database."""
    return draw(
        request,
        ErrorPage(
            500,
            _("系统出了问题"),
            _("问题出在系统，不是您的操作。刚才提交的内容没有保存。"),
            [_("请稍等几分钟，再试一次。"), _("急需办理的，请到乡镇（街道）社会救助窗口，或拨打12349。")],
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 when a form was sent without a valid token: an old page, blocked cookies, or a foreign site."""
    logger.warning("form refused: %s", reason)
    return draw(
        request,
        ErrorPage(
            403,
            _("页面已失效，请重新提交"),
            _("为防止他人冒用您的身份，系统没有接收这次提交。通常是因为页面打开得太久，或浏览器禁用了Cookie。"),
            [_("返回上一页，刷新后重新填写并提交。"), _("如仍不成功，请在浏览器设置中允许本站使用Cookie。")],
        ),
    )
