"""Loading the demonstration city into the database, a part at a time; what is loaded is not loaded again.

Read `load.py` first (`load_city`), then `city.py` (which city), `journal.py` (what is done), `chunks.py` (one chunk in
one transaction) and the files that turn a chunk into rows: `people.py`, `circumstances.py`, `groups.py`.
"""

from jiuzhu.demo.loading.load import load_city

__all__ = ["load_city"]
