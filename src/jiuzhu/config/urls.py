"""Addresses of the whole site: the portal at the root, every other channel under its own name."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("jiuzhu.channels.kit.urls")),
    path("", include("jiuzhu.channels.portal.urls")),
    path("account/", include("jiuzhu.channels.kit.accounts.urls")),
    path("workbench/", include("jiuzhu.channels.workbench.urls")),
    path("public/", include("jiuzhu.channels.public.urls")),
    *([path("demo/", include("jiuzhu.demo.urls"))] if settings.TRIAL else []),
]

handler400 = "jiuzhu.channels.kit.errors.bad_request"
handler403 = "jiuzhu.channels.kit.errors.forbidden"
handler404 = "jiuzhu.channels.kit.errors.not_found"
handler429 = "jiuzhu.channels.kit.errors.too_many_requests"
handler500 = "jiuzhu.channels.kit.errors.server_error"
