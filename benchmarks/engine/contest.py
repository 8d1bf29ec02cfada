"""`python -m benchmarks.engine.contest NAME FILE`: one contestant in a process of its own; answers as JSON."""

import hashlib
import json
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.engine.contestants import CONTESTANTS
from benchmarks.engine.town import opened

_REPEATED = 3


def main() -> None:
    """Prepare, run once cold and then a few times warm."""
    name, file = sys.argv[1:3]
    arrays = opened(Path(file))
    start = perf_counter()
    run = CONTESTANTS[name](arrays)
    prepared = perf_counter() - start
    times, processor = [], []
    for _ in range(_REPEATED + 1):
        start, used = perf_counter(), process_time()
        amounts = run()
        times.append(perf_counter() - start)
        processor.append(process_time() - used)
    answer = {
        "households": len(arrays["household"]),
        "prepared": prepared,
        "cold": times[0],
        "warm": min(times[1:]),
        "cpu": min(processor[1:]),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "paid_fen": int(amounts.sum()),
        "digest": hashlib.sha256(amounts.tobytes()).hexdigest(),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
