"""Habits of the source: verbs and reads have one shape, time is passed in, tables state what they hold."""

import ast
import importlib
import importlib.util
import inspect
from collections.abc import Callable

import pytest
from django.db import models
from tests.house.source import ROOMS, Module, modules, within

from jiuzhu.groundwork.database.derive import record_models
from jiuzhu.groundwork.records import History, PersonalData, Policy, Record, Unscoped

_QUERIES = [module for module in within("jiuzhu.rooms") if module.name.split(".")[3:4] == ["queries"]]
_CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("time", "time"),
}
# A field with such a word in its name holds personal data, whatever its model says.
_TELLING = (
    "name",
    "phone",
    "address",
    "birth",
    "identity",
    "id_number",
    "account_number",
    "income",
    "illness",
    "disability",
    "reason",
    "note",
)
# Names of services and events and notes on tenders, not on persons.
_NAMES_OF_THINGS = {
    "organization_purchased_service.name",
    "organization_purchased_service.procedure_note",
    "outbox_event.name",
}
_WRITES = {"create", "bulk_create", "update", "bulk_update", "delete", "save", "get_or_create", "update_or_create"}


def _through(door: str) -> list[tuple[str, Callable[..., object]]]:
    """The functions that the rooms hand out through a door (`actions` or `queries`)."""
    found: list[tuple[str, Callable[..., object]]] = []
    for room in ROOMS:
        if importlib.util.find_spec(f"jiuzhu.rooms.{room}.{door}") is None:
            continue
        module = importlib.import_module(f"jiuzhu.rooms.{room}.{door}")
        found += [
            (f"{room}.{door}.{name}", value)
            for name, value in inspect.getmembers(module, inspect.isfunction)
            if not name.startswith("_") and value.__module__.startswith(f"jiuzhu.rooms.{room}.{door}")
        ]
    return found


@pytest.mark.parametrize(
    ("name", "verb"), _through("actions"), ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_action_takes_actor_and_time_by_keyword(name: str, verb: Callable[..., object]) -> None:
    parameters = inspect.signature(verb).parameters.values()
    assert [one.name for one in parameters if one.kind is not inspect.Parameter.KEYWORD_ONLY] == []
    required = {one.name for one in parameters if one.default is inspect.Parameter.empty}
    assert {"actor", "at"} <= required


@pytest.mark.parametrize(
    ("name", "read"), _through("queries"), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_query_takes_an_actor_and_returns_values(name: str, read: Callable[..., object]) -> None:
    signature = inspect.signature(read)
    # before anyone is known, an account is turned into an actor or asked for its posts
    if not read.__name__.startswith("public_") and not name.endswith(("_actor", "_of_account")):
        assert "actor" in signature.parameters, "takes no actor and is not public_…"
    assert signature.return_annotation is not inspect.Signature.empty, "says nothing of what it returns"
    assert "QuerySet" not in str(signature.return_annotation), "lets a QuerySet out of the room"


@pytest.mark.parametrize("module", _QUERIES, ids=lambda module: module.place)
def test_a_query_does_not_write(module: Module) -> None:
    calls = [
        f"{module.place}:{node.lineno}: {node.func.attr}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _WRITES
        and "objects" in ast.unparse(node.func)
    ]
    assert calls == []


def test_time_is_passed_in() -> None:
    """Core, engine, rooms and journeys never look at a clock; pages and tasks take the time at the edge."""
    inside = [*within("jiuzhu.core"), *within("jiuzhu.engine"), *within("jiuzhu.rooms"), *within("jiuzhu.journeys")]
    looks = [
        f"{module.place}:{node.lineno}"
        for module in inside
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in _CLOCKS
        and not (node.func.attr == "localdate" and node.args)  # the day of a moment that was passed in
    ]
    assert looks == []


def test_every_module_and_public_thing_is_explained() -> None:
    silent = [module.place for module in modules() if ast.get_docstring(module.tree) is None] + [
        f"{module.place}: {node.name}"
        for module in modules()
        for node in module.tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model._meta.db_table)
def test_a_table_states_policy_history_and_personal_data(model: type[Record]) -> None:
    assert isinstance(model.policy, Policy | Unscoped)
    assert isinstance(model.history, History)
    fields = {field.name: field for field in model._meta.get_fields() if isinstance(field, models.Field)}
    assert set(model.personal_data) <= set(fields), "names a field that does not exist"
    assert all(isinstance(kind, PersonalData) for kind in model.personal_data.values())


def test_the_telling_fields_are_annotated() -> None:
    """A field whose name tells of a person is annotated, unless its table belongs to the public order of the city."""
    missing = [
        f"{model._meta.db_table}.{field.name}"
        for model in record_models()
        if isinstance(model.policy, Policy)
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField | models.BinaryField | models.DateField)
        and any(word in field.name for word in _TELLING)
        and not field.name.endswith(("_code", "table_name"))
        and f"{model._meta.db_table}.{field.name}" not in _NAMES_OF_THINGS
        and field.name not in model.personal_data
    ]
    assert missing == []


def test_our_models_are_all_records() -> None:
    from django.apps import apps

    loose = [
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("jiuzhu.") and not issubclass(model, Record)
    ]
    assert loose == [], (
        "a table of ours that is no Record has no policy and no history (many-to-many: write the table between)"
    )


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model._meta.db_table)
def test_references_between_tables_protect_what_they_name(model: type[Record]) -> None:
    for field in model._meta.get_fields():
        if not isinstance(field, models.ForeignKey):
            continue
        where = f"{model._meta.db_table}.{field.name}"
        assert field.remote_field.on_delete in (models.PROTECT, models.RESTRICT, models.CASCADE), where
        if field.remote_field.model._meta.app_label != model._meta.app_label:
            assert field.remote_field.on_delete is models.PROTECT, f"{where}: a reference to another room protects"
            assert field.remote_field.related_name == "+", f"{where}: a reference to another room leaves no name there"


@pytest.mark.parametrize("model", record_models(), ids=lambda model: model._meta.db_table)
def test_a_table_is_named_after_its_room(model: type[Record]) -> None:
    label = model._meta.app_label
    assert label == "groundwork" or model._meta.db_table.startswith(f"{label}_")
