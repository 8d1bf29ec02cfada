"""Addresses of the workbench."""

from django.urls import include, path

from jiuzhu.channels.workbench.day import views as day

app_name = "workbench"
urlpatterns = [
    path("", day.home, name="home"),
    path("post/", day.choose_post, name="choose_post"),
    path("audit/", include("jiuzhu.channels.workbench.audit.urls")),
    path("disclosure/", include("jiuzhu.channels.workbench.disclosure.urls")),
    path("catalogue/", include("jiuzhu.channels.workbench.catalogue.urls")),
    path("registry/", include("jiuzhu.channels.workbench.registry.urls")),
    path("policy/", include("jiuzhu.channels.workbench.policy.urls")),
    path("verification/", include("jiuzhu.channels.workbench.verification.urls")),
    path("organization/", include("jiuzhu.channels.workbench.organization.urls")),
]
