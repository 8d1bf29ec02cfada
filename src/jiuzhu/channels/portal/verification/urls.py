"""Addresses of a citizen's own pages of verification."""

from django.urls import path

from jiuzhu.channels.portal.verification import views

app_name = "verification"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("mandates/<int:mandate_id>/", views.mandate, name="mandate"),
    path("mandates/<int:mandate_id>/sign/<int:person_id>/", views.sign, name="sign"),
    path("mandates/<int:mandate_id>/withdraw/<int:person_id>/", views.withdraw, name="withdraw"),
    path("reports/<int:report_id>/", views.report, name="report"),
    path("reports/<int:report_id>/pdf/", views.report_pdf, name="report_pdf"),
    path("mandates/<int:mandate_id>/pdf/", views.mandate_pdf, name="mandate_pdf"),
    path("items/<int:item_id>/dispute/", views.dispute, name="dispute"),
    path("log/<int:person_id>/", views.log, name="log"),
]
