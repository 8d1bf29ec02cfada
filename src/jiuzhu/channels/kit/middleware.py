"""The headers of every answer and the identity of every request."""

import re
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

REQUEST_ID_HEADER = "X-Request-ID"
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")

_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


def content_security_policy() -> str:
    """Everything from this server, nothing inline, in no foreign frame.

    `IDENTITY_PROVIDER_ORIGINS` names the origins to which a login form may lead on; browsers also check redirects.
    """
    form_action = " ".join(["'self'", *getattr(settings, "IDENTITY_PROVIDER_ORIGINS", ())])
    return "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data:",  # QR codes of the second factor are data: pictures
            "object-src 'none'",
            "base-uri 'none'",
            f"form-action {form_action}",
            "frame-src 'none'",
            "frame-ancestors 'none'",
        )
    )


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Add the security headers; pages of a signed-in person are never kept by browser or proxy."""
    policy = content_security_policy()

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("Permissions-Policy", _PERMISSIONS)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "DENY")
        if "Cache-Control" not in headers and headers.get("Content-Type", "").startswith("text/html"):
            signed_in = getattr(request, "actor", None) is not None
            headers["Cache-Control"] = "no-store" if signed_in else "private, no-cache"
        return response

    return middleware


def request_identity(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give the request an id (from the proxy when it is well formed), for logs, the audit trail and the answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(REQUEST_ID_HEADER, "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = get_response(request)
        response.headers[REQUEST_ID_HEADER] = request_id
        return response

    return middleware
