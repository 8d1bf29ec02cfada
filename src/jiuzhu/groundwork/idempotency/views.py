"""The decorator that makes a view answer a repeated request as it answered the first.

The claim of the key, the view's effects and the stored answer are one transaction: after a crash either all of them are
there or none. A second request that comes while the first is being answered waits for it at the database.
"""

import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from jiuzhu.core.actors import Actor, system_actor
from jiuzhu.core.errors import Conflict, InvalidValue, Refusal
from jiuzhu.groundwork.crypto.installation import installed_keyring
from jiuzhu.groundwork.database.scope import acting
from jiuzhu.groundwork.idempotency.models import IdempotentAnswer

P = ParamSpec("P")

HEADER = "Idempotency-Key"
FIELD = "idempotency_key"
REPLAYED = "Idempotent-Replayed"

_PATIENCE = "10s"
_LARGEST_BODY_BYTES = 256 * 1024
_KEY_LENGTHS = range(8, 129)
# stands where an answer was too large to keep
_NOT_KEPT = 0
_CONTEXT = "idempotency_answer.body"
_KEPT_HEADERS = ("Content-Type", "Location", "Content-Disposition", "Content-Language")
# they differ between two prints of the same form
_IGNORED_FIELDS = frozenset({"csrfmiddlewaretoken", FIELD})
_KEEPER = system_actor("idempotency")


@dataclass(frozen=True, slots=True)
class _Claim:
    key: str
    sender: str
    route: str
    digest: bytes


def idempotent(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let a view of POST, PUT, PATCH or DELETE take effect once per key.

    The key comes from the header `Idempotency-Key` or the form field `idempotency_key`; a request without one runs as
    ever. Same key, sender, path and content: the first answer again, marked `Idempotent-Replayed: true`. Other content
    under the same key: `Conflict`, which the channels answer with 409. Answers of 400 and more are not kept, because
    such a request changed nothing and may be sent again; nor are streams and bodies over 256 KiB, whose repetition is a
    `Conflict` too.

    Raises:
        Conflict: the key was used for other content, or the first request is still being answered after ten seconds.
        InvalidValue: the key is malformed.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
            return view(request, *args, **kwargs)
        key = request.headers.get(HEADER) or request.POST.get(FIELD, "")
        if not key:
            return view(request, *args, **kwargs)
        if len(key) not in _KEY_LENGTHS or not key.isascii() or not key.isprintable():
            raise _malformed()
        claim = _Claim(key, _sender(request), f"{request.method} {request.path}", _digest(request))
        with transaction.atomic():
            try:
                first = _take(claim, timezone.now())
            except OperationalError as error:
                # only a wait that lasted too long is an answer; anything else is a fault
                if not _waited_too_long(error):
                    raise
                raise _busy() from error
            if not first:
                return _answer_again(claim)
            response = view(request, *args, **kwargs)
            _keep(claim, response)
            return response

    return wrapped


def _take(claim: _Claim, at: datetime) -> bool:
    """Claim the key; False when it has been used. Waits while another request is being answered under it."""
    with acting(_KEEPER), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_PATIENCE])
        cursor.execute(
            "INSERT INTO idempotency_answer (key, sender, route, request_digest, headers, body, at)"
            " VALUES (%s, %s, %s, %s, '{}', '', %s) ON CONFLICT (sender, route, key) DO NOTHING",
            [claim.key, claim.sender, claim.route, claim.digest, at],
        )
        taken: bool = cursor.rowcount == 1
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")
        return taken


def _waited_too_long(error: OperationalError) -> bool:
    return isinstance(error.__cause__, LockNotAvailable)


def _keep(claim: _Claim, response: HttpResponseBase) -> None:
    """Store the answer under the claim, or give the claim up when the request was refused."""
    mine = IdempotentAnswer.objects.filter(sender=claim.sender, route=claim.route, key=claim.key)
    if response.status_code >= 400:
        with acting(_KEEPER):
            mine.delete()
        return
    if isinstance(response, SimpleTemplateResponse):
        response.render()
    body = response.content if isinstance(response, HttpResponse) else None
    if body is None or len(body) > _LARGEST_BODY_BYTES:
        with acting(_KEEPER):
            mine.update(status=_NOT_KEPT)
        return
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    # what the page showed may be personal: it is kept sealed
    sealed = installed_keyring().seal(body, _CONTEXT)
    with acting(_KEEPER):
        mine.update(status=response.status_code, headers=headers, body=sealed)


def _answer_again(claim: _Claim) -> HttpResponse:
    with acting(_KEEPER):
        stored = IdempotentAnswer.objects.get(sender=claim.sender, route=claim.route, key=claim.key)
    if bytes(stored.request_digest) != claim.digest:
        raise _other_content()
    if stored.status is None or stored.status == _NOT_KEPT:
        raise _done_already()
    body = installed_keyring().open(bytes(stored.body), _CONTEXT)
    return HttpResponse(body, status=stored.status, headers={**stored.headers, REPLAYED: "true"})


def _sender(request: HttpRequest) -> str:
    actor = getattr(request, "actor", None)
    if isinstance(actor, Actor) and actor.account_id is not None:
        return f"account:{actor.account_id}"
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"account:{user.pk}"
    session = getattr(request, "session", None)
    session_key = "" if session is None else session.session_key or ""
    return f"session:{hashlib.sha256(session_key.encode()).hexdigest()}"


def _digest(request: HttpRequest) -> bytes:
    """A digest of what the request says, the same for two submissions of one form."""
    content = hashlib.sha256(request.META.get("QUERY_STRING", "").encode())
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        fields = sorted((name, values) for name, values in request.POST.lists() if name not in _IGNORED_FIELDS)
        content.update(json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        for name, uploads in sorted(request.FILES.lists()):
            for upload in uploads:
                content.update(json.dumps([name, _file_name(upload), _file_digest(upload)]).encode())
    else:
        content.update(request.body)
    return content.digest()


def _file_name(upload: "UploadedFile[bytes]") -> str:
    return upload.name or ""


def _file_digest(upload: "UploadedFile[bytes]") -> str:
    content = hashlib.sha256()
    for chunk in upload.chunks():
        content.update(chunk)
    upload.seek(0)
    return content.hexdigest()


def _malformed() -> Refusal:
    return InvalidValue(
        "idempotency.key",
        "幂等键应为8至128个英文字母、数字或符号，请刷新页面后重新提交",
        "An idempotency key has 8 to 128 ASCII characters; reload the page and submit again.",
        field=FIELD,
    )


def _busy() -> Refusal:
    return Conflict(
        "idempotency.busy",
        "该请求正在处理，请稍候再查看结果，不必重复提交",
        "This request is still being worked on; wait a moment and look for the result instead of submitting again.",
    )


def _other_content() -> Refusal:
    return Conflict(
        "idempotency.other_content",
        "该表单已提交过，且内容与本次不同，本次未保存；请重新打开页面，核对后再提交",
        "This form was already submitted with other content, and nothing was saved now; open the page again and check.",
    )


def _done_already() -> Refusal:
    return Conflict(
        "idempotency.done",
        "该请求已处理完成，没有重复办理，请刷新页面查看结果",
        "This request has already been carried out and was not repeated; reload the page to see the result.",
    )
