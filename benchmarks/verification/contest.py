"""`python -m benchmarks.verification.contest NAME FOLDER OUT`: one contestant, in its own process; answers as JSON."""

import json
import sys
from pathlib import Path

from benchmarks.verification.contestants import CONTESTANTS


def main() -> None:
    """Run one contestant once."""
    name, folder, out = sys.argv[1:4]
    print(json.dumps(CONTESTANTS[name](Path(folder), Path(out))))


if __name__ == "__main__":
    main()
