"""red-dwarf's map of votes, in the interpreter that has it: JSON in, JSON out.

    PYTHON benchmarks/red_dwarf.py < VOTES > PLACES
    PYTHON benchmarks/red_dwarf.py --time VOTES.npy

VOTES is a list of conversations, each a list of [participant, statement, vote]; PLACES a list of as many maps,
each participant → [x, y, group]. VOTES.npy has one vote a row; its map is timed. It imports nothing of ours, so
that any interpreter with red-dwarf will do.
"""

import json
import os
import re
import sys
import time
import warnings
from pathlib import Path
from typing import Any


def main() -> None:
    """Map every conversation on standard input."""
    warnings.simplefilter("ignore")
    from reddwarf.implementations.polis import run_pipeline  # type: ignore[import-not-found]

    maps = []
    for cells in json.load(sys.stdin):
        votes = [{"participant_id": p, "statement_id": s, "vote": v, "modified": 0} for p, s, v in cells]
        try:
            people = run_pipeline(votes=votes, random_state=0).participants_df
        except Exception:
            # Too few votes for it: no map, as with ours.
            maps.append({})
            continue
        group = people["cluster_id"]
        maps.append(
            {
                str(p): [float(people["x"][p]), float(people["y"][p]), int(group[p])]
                for p in people.index[group.notna()]
            }
        )
    json.dump(maps, sys.stdout)


def timed(path: str) -> dict[str, float]:
    """Return seconds and megabytes of its map of the votes in a file, after a small map."""
    import numpy as np
    from reddwarf.implementations.polis import run_pipeline  # type: ignore[import-not-found]

    warnings.simplefilter("ignore")
    rows = np.load(path)
    run_pipeline(votes=_as_it_reads(rows[rows[:, 0] < 100]), random_state=0)
    votes = _as_it_reads(rows)
    before = _resident_mb("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # Linux: start the high-water mark anew.
    start, used = time.perf_counter(), time.process_time()
    run_pipeline(votes=votes, random_state=0)
    return {
        "seconds": time.perf_counter() - start,
        "processor_seconds": time.process_time() - used,
        "peak_mb": _resident_mb("VmHWM") - before,
        "load": os.getloadavg()[0],
    }


def _as_it_reads(rows: Any) -> list[dict[str, int]]:
    return [{"participant_id": p, "statement_id": s, "vote": v, "modified": 0} for p, s, v in rows.tolist()]


def _resident_mb(field: str) -> float:
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--time"]:
        print(json.dumps(timed(sys.argv[2])))
    else:
        main()
