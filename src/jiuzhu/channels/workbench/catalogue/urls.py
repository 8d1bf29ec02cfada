"""Addresses of the catalogue's pages."""

from django.urls import path

from jiuzhu.channels.workbench.catalogue.views import comparison, impacts, pack_acts, standard_acts, standards, versions

app_name = "catalogue"
_VERSION = "versions/<int:pack_id>/"
_STANDARD = "standards/<int:standard_id>/"
urlpatterns = [
    path("versions/", versions.versions, name="versions"),
    path("versions/new/", pack_acts.draft, name="draft"),
    path("versions/from-force/", pack_acts.draft_in_force, name="draft_in_force"),
    path(_VERSION, versions.version, name="version"),
    path(f"{_VERSION}progress/", versions.version_progress, name="version_progress"),
    path(f"{_VERSION}archive/", versions.version_archive, name="version_archive"),
    path(f"{_VERSION}redraft/", pack_acts.redraft, name="redraft"),
    path(f"{_VERSION}check/", pack_acts.check, name="pack_check"),
    path(f"{_VERSION}revise/", pack_acts.revise, name="pack_revise"),
    path(f"{_VERSION}publish/", pack_acts.publish, name="pack_publish"),
    path(f"{_VERSION}supersede/", pack_acts.supersede, name="pack_supersede"),
    path(f"{_VERSION}withdraw/", pack_acts.withdraw, name="pack_withdraw"),
    path(f"{_VERSION}compare/", comparison.compare, name="compare"),
    path(f"{_VERSION}compare/export/", comparison.compare_export, name="compare_export"),
    path(f"{_VERSION}impacts/", impacts.impacts, name="impacts"),
    path("impacts/<int:impact_id>/", impacts.impact, name="impact"),
    path("impacts/<int:impact_id>/progress/", impacts.impact_progress, name="impact_progress"),
    path("impacts/<int:impact_id>/export/", impacts.impact_export, name="impact_export"),
    path("standards/", standards.board, name="board"),
    path("standards/export/", standards.board_export, name="board_export"),
    path("standards/proposals/", standards.proposals, name="proposals"),
    path("standards/new/", standard_acts.propose, name="propose"),
    path(_STANDARD, standards.standard, name="standard"),
    path(f"{_STANDARD}consult/", standard_acts.consult, name="standard_consult"),
    path(f"{_STANDARD}approve/", standard_acts.approve, name="standard_approve"),
    path(f"{_STANDARD}drop/", standard_acts.drop, name="standard_drop"),
    path(f"{_STANDARD}publish/", standard_acts.publish, name="standard_publish"),
    path(f"{_STANDARD}replace/", standard_acts.replace, name="standard_replace"),
]
