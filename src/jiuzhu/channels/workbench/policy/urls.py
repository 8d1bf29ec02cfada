"""Addresses of the policy pages."""

from django.urls import path

from jiuzhu.channels.workbench.policy.views import findings, households, screenings

app_name = "policy"
urlpatterns = [
    path("screenings/", screenings.screenings, name="screenings"),
    path("screenings/<int:run_id>/", screenings.screening, name="screening"),
    path("screenings/<int:run_id>/progress/", screenings.screening_progress, name="screening_progress"),
    path("screenings/<int:run_id>/export/", screenings.screening_export, name="screening_export"),
    path("households/<int:household_id>/", households.household, name="household"),
    path("findings/", findings.findings, name="findings"),
    path("findings/export/", findings.findings_export, name="findings_export"),
]
