"""The doors: from outside, a room is entered only by queries, actions, states, permissions and ports."""

import grimp

DOORS = {"queries", "actions", "states", "permissions", "ports"}


def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("jiuzhu", cache_dir=None)


def _room(module: str) -> str | None:
    parts = module.split(".")
    return parts[2] if parts[:2] == ["jiuzhu", "rooms"] and len(parts) > 2 else None


def _enters_by_a_door(module: str) -> bool:
    parts = module.split(".")
    # the door of a package is the package, not a file within it
    return len(parts) == 4 and parts[3] in DOORS


def test_rooms_are_entered_only_by_their_doors() -> None:
    graph = _graph()
    broken = [
        f"{importer} -> {imported}"
        for imported in graph.modules
        if (room := _room(imported)) is not None
        for importer in graph.find_modules_that_directly_import(imported)
        if _room(importer) != room
        and not _enters_by_a_door(imported)
        # the loader of the invented city writes tables as a bulk load must, past the verbs of single cases
        and not importer.startswith("jiuzhu.demo.loading")
    ]
    assert sorted(broken) == []


def test_only_actions_write_and_only_rooms_and_groundwork_touch_tables() -> None:
    """Channels and journeys never import a model: reading goes by queries, writing by actions."""
    graph = _graph()
    broken = [
        f"{importer} -> {imported}"
        for imported in graph.modules
        if imported.endswith(".models") and (imported.startswith("jiuzhu.rooms") or "groundwork" in imported)
        for importer in graph.find_modules_that_directly_import(imported)
        if importer.startswith(("jiuzhu.channels", "jiuzhu.journeys", "jiuzhu.connectors"))
        and imported != "jiuzhu.groundwork.accounts.models"  # the login's user is what the web framework hands over
    ]
    assert sorted(broken) == []
