"""Addresses of the organization's pages."""

from typing import Any

from django.urls import path, register_converter

from jiuzhu.channels.workbench.organization.views import (
    accounts,
    division_changes,
    divisions,
    duties,
    filings,
    groups,
    office_changes,
    offices,
    purchases,
    roles,
    sheets,
    staff,
    staff_changes,
    workforce,
)
from jiuzhu.core.divisions import DivisionCode
from jiuzhu.core.errors import InvalidValue


class DivisionInAddress:
    """A 12-digit division code in an address."""

    regex = "[0-9]{12}"

    def to_python(self, value: str) -> DivisionCode:
        """Read it.

        Raises:
            ValueError: no division has such a code; the address does not exist.
        """
        try:
            return DivisionCode(value)
        except InvalidValue as wrong:
            raise ValueError(value) from wrong

    def to_url(self, value: Any) -> str:
        """Write it."""
        return str(value)


register_converter(DivisionInAddress, "staff_division")

_D = "divisions/<staff_division:code>/"
_O = "offices/<int:office_id>/"
_S = "staff/<int:staff_id>/"

app_name = "organization"
urlpatterns = [
    path("divisions/", divisions.top, name="divisions"),
    path("divisions/search/", divisions.search, name="division_search"),
    path(_D, divisions.division, name="division"),
    path(f"{_D}export/", sheets.export_divisions, name="division_export"),
    path(f"{_D}new/", division_changes.create, name="division_create"),
    path(f"{_D}rename/", division_changes.rename, name="division_rename"),
    path(f"{_D}close/", division_changes.close, name="division_close"),
    path(f"{_D}merge/", division_changes.merge, name="division_merge"),
    path(f"{_D}zone/", division_changes.add_zone, name="zone_add"),
    path(f"{_D}administration/", division_changes.administration, name="administration"),
    path(f"{_D}figures/", division_changes.figures, name="figures"),
    path(f"{_D}offices/", offices.offices, name="offices"),
    path(f"{_D}offices/export/", sheets.export_offices, name="office_export"),
    path(f"{_D}offices/new/", office_changes.open_office, name="office_open"),
    path(_O, offices.office, name="office"),
    path(f"{_O}rename/", office_changes.rename, name="office_rename"),
    path(f"{_O}contact/", office_changes.contact, name="office_contact"),
    path(f"{_O}close/", office_changes.close, name="office_close"),
    path(f"{_O}posts/new/", office_changes.create_post, name="post_create"),
    path(f"{_O}posts/<int:post_id>/close/", office_changes.close_post, name="post_close"),
    path("staff/", staff.roll, name="staff"),
    path("staff/new/", staff_changes.register, name="staff_register"),
    path("staff/export/", sheets.export_staff, name="staff_export"),
    path("staff/appointments/export/", sheets.export_appointments, name="appointment_export"),
    path(_S, staff.person, name="person"),
    path(f"{_S}change/", staff_changes.change, name="staff_change"),
    path(f"{_S}appoint/", staff_changes.appoint, name="appoint"),
    path(f"{_S}appointments/<int:appointment_id>/end/", staff_changes.end, name="appointment_end"),
    path(f"{_S}appointments/<int:appointment_id>/revoke/", staff_changes.revoke, name="appointment_revoke"),
    path("import/<slug:sheet>/", sheets.import_page, name="import"),
    path("import/<slug:sheet>/template/", sheets.template, name="template"),
    path("roles/", roles.matrix, name="roles"),
    path("duties/", duties.clauses, name="duties"),
    path("groups/", groups.listing, name="groups"),
    path("groups/<staff_division:code>/form/", groups.form_group, name="group_form"),
    path("relatives/", filings.listing, name="relatives"),
    path("relatives/new/", filings.file_own, name="relative_file"),
    path(f"{_S}relatives/new/", filings.file_for, name="relative_file_for"),
    path("relatives/<int:filing_id>/withdraw/", filings.withdraw, name="relative_withdraw"),
    path("services/", purchases.listing, name="services"),
    path("services/new/", purchases.record, name="service_record"),
    path("services/<int:service_id>/contract/", purchases.contract, name="service_contract"),
    path("services/<int:service_id>/evaluate/", purchases.evaluate, name="service_evaluate"),
    path("services/<int:service_id>/cancel/", purchases.cancel, name="service_cancel"),
    path("workforce/", workforce.table, name="workforce"),
    path("workforce/export/", workforce.export, name="workforce_export"),
    path("accounts/", accounts.listing, name="accounts"),
    path(f"accounts/{_S}password/", accounts.password, name="account_password"),
    path(f"accounts/{_S}second-factor/", accounts.second_factor, name="account_second_factor"),
    path(f"accounts/{_S}unlock/", accounts.unlock, name="account_unlock"),
    path(f"accounts/{_S}close/", accounts.close, name="account_close"),
    path(f"accounts/{_S}reopen/", accounts.reopen, name="account_reopen"),
]
