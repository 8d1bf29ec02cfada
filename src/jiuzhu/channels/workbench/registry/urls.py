"""Addresses of the registry pages."""

from django.urls import path

from jiuzhu.channels.workbench.registry.views import (
    counts,
    duplicates,
    endings,
    households,
    persons,
    register,
    rolls,
    search,
)

app_name = "registry"
urlpatterns = [
    path("", search.search, name="search"),
    path("export/", search.export, name="export"),
    path("counts/", counts.counts, name="counts"),
    path("counts/export/", counts.counts_export, name="counts_export"),
    path("households/", search.households, name="households"),
    path("households/new/", register.register, name="register"),
    path("households/<int:household_id>/", households.household, name="household"),
    path("households/<int:household_id>/numbers/", households.household_numbers, name="household_numbers"),
    path("households/<int:household_id>/history/", households.household_history, name="household_history"),
    path(
        "households/<int:household_id>/history/<int:person_id>/",
        households.household_history,
        name="household_history_of",
    ),
    path("households/<int:household_id>/looks/", households.household_looks, name="household_looks"),
    path("households/<int:household_id>/looks/<int:person_id>/", households.household_looks, name="household_looks_of"),
    path("households/<int:household_id>/members/new/", households.household_member, name="household_member"),
    path("households/<int:household_id>/members/<int:person_id>/leave/", households.leave, name="leave"),
    path("households/<int:household_id>/head/", households.household_head, name="household_head"),
    path("households/<int:household_id>/split/", households.household_split, name="household_split"),
    path("households/<int:household_id>/splits/<int:split_id>/undo/", endings.undo_split, name="undo_split"),
    path("households/<int:household_id>/groups/new/", households.household_group, name="household_group"),
    path("households/<int:household_id>/facts/new/", households.household_fact, name="household_fact"),
    path("persons/<int:person_id>/", persons.person, name="person"),
    path("persons/<int:person_id>/numbers/", persons.person_numbers, name="person_numbers"),
    path("persons/<int:person_id>/history/", persons.person_history, name="person_history"),
    path("persons/<int:person_id>/looks/", persons.person_looks, name="person_looks"),
    path("persons/<int:person_id>/facts/new/", persons.person_fact, name="person_fact"),
    path("persons/<int:person_id>/groups/new/", persons.person_group, name="person_group"),
    path("persons/<int:person_id>/events/", persons.person_events, name="person_events"),
    path("persons/<int:person_id>/events/<slug:kind>/", persons.person_event, name="person_event"),
    path("persons/<int:person_id>/guardians/new/", persons.person_guardian, name="person_guardian"),
    path(
        "persons/<int:person_id>/guardians/<int:guardianship_id>/end/",
        endings.end_guardianship,
        name="end_guardianship",
    ),
    path("persons/<int:person_id>/authorisations/new/", persons.person_authorisation, name="person_authorisation"),
    path(
        "persons/<int:person_id>/authorisations/<int:authorisation_id>/withdraw/",
        endings.withdraw_authorisation,
        name="withdraw_authorisation",
    ),
    path("persons/<int:person_id>/correct/", persons.person_correct, name="person_correct"),
    path("persons/<int:person_id>/protect/", persons.person_protect, name="person_protect"),
    path("persons/<int:person_id>/merge/", duplicates.merge_with, name="merge_with"),
    path("persons/<int:person_id>/merges/<int:merge_id>/undo/", endings.undo_merge, name="undo_merge"),
    *(
        path(
            f"{subject}s/<int:subject_id>/{things}/<int:{thing}_id>/{verb}/",
            view,
            {"subject": subject},
            name=f"{subject}_{name}",
        )
        for subject in ("person", "household")
        for things, thing, verb, view, name in (
            ("facts", "fact", "withdraw", endings.withdraw_fact, "withdraw_fact"),
            ("groups", "group", "end", endings.end_group, "end_group"),
        )
    ),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<int:person_id>/<int:other_id>/", duplicates.compare, name="compare"),
    path("duplicates/<int:person_id>/<int:other_id>/dismiss/", duplicates.dismiss, name="dismiss"),
    path("rolls/", rolls.rolls, name="rolls"),
    path("rolls/template/", rolls.roll_template, name="roll_template"),
    path("rolls/<int:roll_id>/", rolls.roll, name="roll"),
    path("rolls/<int:roll_id>/progress/", rolls.roll_progress, name="roll_progress"),
    path("rolls/<int:roll_id>/errors/", rolls.roll_errors, name="roll_errors"),
    path("rolls/<int:roll_id>/confirm/", rolls.roll_confirm, name="roll_confirm"),
    path("rolls/<int:roll_id>/continue/", rolls.roll_continue, name="roll_continue"),
    path("rolls/<int:roll_id>/cancel/", rolls.roll_cancel, name="roll_cancel"),
]
