"""Time and memory of the classic method, beside red-dwarf in the same run.

    python -m benchmarks.classic [--no-peer] [--json]

Each measurement is a process of its own: it makes the votes, warms up with a small map, then times the call.
Time is the shortest of three runs (one for the peer), memory the highest resident size above what the process
held with the votes in memory.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SIZES = {
    "536 × 314": (536, 314, 35_500),
    "10k × 500": (10_000, 500, 600_000),
    "33k × 783": (33_000, 783, 2_180_000),
    "100k × 1,000": (100_000, 1_000, 5_310_000),
}
AIM_SECONDS = {"536 × 314": 0.1, "10k × 500": 0.3, "33k × 783": 0.5, "100k × 1,000": 1.0}
PEER_LIMIT_SECONDS = 300
RUNS = 3


def _measured(call: Callable[[], Any], *, runs: int) -> dict[str, float]:
    before = _resident_mb("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # Linux: start the high-water mark anew.
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return {"seconds": min(times), "first_seconds": times[0], "peak_mb": _resident_mb("VmHWM") - before}


def _resident_mb(field: str) -> float:
    """Return this process's resident memory now (VmRSS) or at its highest since the mark (VmHWM), in MB."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]


def measure_ours(size: str) -> dict[str, float]:
    """Return seconds and megabytes of `compute_group_map`."""
    from benchmarks.made_up import matrix
    from clustering.pipeline import compute_group_map

    compute_group_map(matrix(100, 20, 1_000))
    votes = matrix(*SIZES[size])
    return {**_measured(lambda: compute_group_map(votes), runs=RUNS), "n_votes": votes.n_votes}


def measure_peer(size: str) -> dict[str, float]:
    """Return seconds and megabytes of red-dwarf's pipeline on the same votes."""
    from reddwarf.implementations.polis import run_pipeline  # type: ignore[import-not-found]

    from benchmarks.made_up import matrix

    votes = _as_red_dwarf_reads(matrix(*SIZES[size]))
    run_pipeline(votes=_as_red_dwarf_reads(matrix(100, 20, 1_000)), random_state=0)
    return {**_measured(lambda: run_pipeline(votes=votes, random_state=0), runs=1), "n_votes": len(votes)}


def _as_red_dwarf_reads(votes: Any) -> list[dict[str, int]]:
    cells = votes.votes.tocoo()
    triples = zip(cells.row.tolist(), cells.col.tolist(), cells.data.tolist(), strict=True)
    return [{"participant_id": p, "statement_id": s, "vote": v, "modified": 0} for p, s, v in triples]


def in_own_process(engine: str, size: str) -> dict[str, Any] | str:
    """Return what a child process measured, or in words why there is no figure."""
    command = [sys.executable, "-m", "benchmarks.classic", "--child", engine, size]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PEER_LIMIT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"not done in {PEER_LIMIT_SECONDS} s"
    if done.returncode:
        return "failed: " + (done.stderr.strip().splitlines() or ["killed"])[-1][:80]
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Measure every size with both engines and print a table, or JSON."""
    parser = argparse.ArgumentParser(description="Time and memory of the classic method beside red-dwarf.")
    parser.add_argument("--child", nargs=2, metavar=("ENGINE", "SIZE"), help=argparse.SUPPRESS)
    parser.add_argument("--no-peer", action="store_true", help="measure ours only")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    if arguments.child:
        engine, size = arguments.child
        print(json.dumps((measure_ours if engine == "ours" else measure_peer)(size)))
        return
    results = {}
    for size in SIZES:
        ours = in_own_process("ours", size)
        peer = "not asked for" if arguments.no_peer else in_own_process("peer", size)
        results[size] = {"ours": ours, "red_dwarf": peer}
        if not arguments.json:
            print(_line(size, ours, peer), flush=True)
    if arguments.json:
        print(json.dumps(results, ensure_ascii=False))


def _line(size: str, ours: dict[str, Any] | str, peer: dict[str, Any] | str) -> str:
    if isinstance(ours, str):
        return f"{size:>13}: {ours}"
    line = (
        f"{size:>13}: {ours['n_votes']:>9,} votes  ours {ours['seconds']:6.3f} s "
        f"(aim {AIM_SECONDS[size]:.1f}) +{ours['peak_mb']:4.0f} MB"
    )
    if isinstance(peer, str):
        return f"{line}  red-dwarf {peer}"
    ratio = peer["seconds"] / ours["seconds"]
    return f"{line}  red-dwarf {peer['seconds']:7.2f} s +{peer['peak_mb']:5.0f} MB  ratio {ratio:,.0f} ×"


if __name__ == "__main__":
    main()
