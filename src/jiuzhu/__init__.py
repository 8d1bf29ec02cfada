"""jiuzhu (救助): social assistance for a whole Chinese city.

The tree follows the flow of the work; `docs/seed-map.md` leads from each clause of the founding document to its room.
"""

__version__ = "0.1.0"
