"""Time and memory of a map, `classic` and `ideal`, beside red-dwarf in the same run; and stage by stage.

    python -m benchmarks.speed [--peer-python PYTHON] [--warm] [--stages] [--json] [SIZE…]

Each measurement is a process of its own: it makes the votes, warms up with a small map, then times the call.
Time is the shortest of three runs (one for the peer) by the clock, with the processors' own time beside it: on
a busy machine the clock says little. Memory is the highest resident size above what the process held with the
votes in memory. `--warm` adds what a map takes that starts from the map of 99 % of the votes, beside one from
scratch in the same process, by turns. `--stages` adds each stage's time against its physical limit
(`benchmarks/stages.py`).
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SIZES = {
    "10k": (10_000, 500, 600_000),
    "33k": (33_000, 783, 2_180_000),
    "100k": (100_000, 1_000, 5_310_000),
    "1M": (1_000_000, 2_000, 31_000_000),
}
AIM_SECONDS = {"10k": (0.3, 0.5), "33k": (None, None), "100k": (0.6, 1.2), "1M": (3.0, 8.0)}
PEER_SIZES = ("10k", "33k", "100k")
"""The peer makes a dense table of doubles: 16 GB for a million people."""
PEER = Path(__file__).with_name("red_dwarf.py")
PEER_LIMIT_SECONDS = 300
RUNS = 3
METHODS = ("classic", "ideal")


def _timed(call: Callable[[], Any]) -> tuple[float, float]:
    """Return the seconds of a call by the clock, and of the processors (user and system)."""
    start, used = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - start, time.process_time() - used


def _measured(call: Callable[[], Any]) -> dict[str, float]:
    before = _resident_mb("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # Linux: start the high-water mark anew.
    times, processor = zip(*(_timed(call) for _ in range(RUNS)), strict=True)
    return {
        "seconds": min(times),
        "first_seconds": times[0],
        "processor_seconds": min(processor),
        "peak_mb": _resident_mb("VmHWM") - before,
        "load": os.getloadavg()[0],
    }


def _resident_mb(field: str) -> float:
    """Return this process's resident memory now (VmRSS) or at its highest since the mark (VmHWM), in MB."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]


def measure_ours(method: Any, size: str) -> dict[str, float]:
    """Return seconds and megabytes of `compute_group_map`."""
    from benchmarks.made_up import matrix
    from clustering.pipeline import compute_group_map
    from clustering.settings import MapSettings
    from clustering.vote_matrix import VoteMatrix

    settings = MapSettings(method)
    compute_group_map(matrix(100, 20, 1_000), settings=settings)
    made = matrix(*SIZES[size])

    def from_votes() -> None:
        # A matrix of its own for each run, which remembers nothing of the run before.
        compute_group_map(VoteMatrix(made.participants, made.statements, made.votes), settings=settings)

    return {**_measured(from_votes), "n_votes": made.n_votes}


def measure_warm(method: Any, size: str) -> dict[str, dict[str, float]]:
    """Return the seconds of a map from scratch and of one that starts from the map of 99 % of the votes."""
    from benchmarks.made_up import matrix
    from clustering.pipeline import compute_group_map
    from clustering.settings import MapSettings
    from clustering.vote_matrix import VoteMatrix

    settings = MapSettings(method)
    start = compute_group_map(matrix(*SIZES[size], kept=0.99), settings=settings).start
    made = matrix(*SIZES[size])

    def drawn(start: Any) -> None:
        again = VoteMatrix(made.participants, made.statements, made.votes)
        compute_group_map(again, settings=settings, start=start)

    runs = [(_timed(lambda: drawn(None)), _timed(lambda: drawn(start))) for _ in range(RUNS)]
    cold, warm = zip(*runs, strict=True)
    return {
        name: {"seconds": min(s for s, _ in of), "processor_seconds": min(p for _, p in of)}
        for name, of in (("cold", cold), ("warm", warm))
    } | {"load": os.getloadavg()[0]}  # type: ignore[return-value]


def measure_stages(size: str) -> list[dict[str, Any]]:
    """Return the stages of `benchmarks.stages`, everything compiled before."""
    from benchmarks.made_up import matrix
    from benchmarks.stages import measure_stages

    measure_stages(matrix(1_000, 50, 20_000))
    return measure_stages(matrix(*SIZES[size]))


def measure_peer(python: str, size: str) -> dict[str, Any] | str:
    """Return seconds and megabytes of red-dwarf's map of the same votes, or in words why there are none."""
    import numpy as np

    from benchmarks.made_up import matrix

    if size not in PEER_SIZES:
        return "not run: its table would take 16 GB"
    cells = matrix(*SIZES[size]).votes.tocoo()
    with tempfile.NamedTemporaryFile(suffix=".npy") as file:
        np.save(file.name, np.column_stack((cells.row, cells.col, cells.data)).astype(np.int32))
        return _child([python, str(PEER), "--time", file.name])


def in_own_process(*arguments: str) -> Any:
    """Return what a child process measured, or in words why there is no figure."""
    return _child([sys.executable, "-m", "benchmarks.speed", "--child", *arguments])


def _child(command: list[str]) -> Any:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PEER_LIMIT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"not done in {PEER_LIMIT_SECONDS} s"
    if done.returncode:
        return "failed: " + (done.stderr.strip().splitlines() or ["killed"])[-1][:80]
    return json.loads(done.stdout.splitlines()[-1])


def _child_measures(kind: str, size: str) -> Any:
    if kind == "stages":
        return measure_stages(size)
    warm, _, method = kind.rpartition(" ")
    return measure_warm(method, size) if warm else measure_ours(method, size)


def main() -> None:
    """Measure every size and print a table, or JSON."""
    parser = argparse.ArgumentParser(description="Time and memory of a map, beside red-dwarf.")
    parser.add_argument("sizes", nargs="*", metavar="SIZE", help=f"of {', '.join(SIZES)} (all)")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    parser.add_argument("--peer-python", metavar="PYTHON", help="interpreter that has red-dwarf")
    parser.add_argument("--warm", action="store_true", help="also maps that start from an earlier one")
    parser.add_argument("--stages", action="store_true", help="also each stage against its limit")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    if arguments.child:
        kind, size = arguments.child
        print(json.dumps(_child_measures(kind, size)))
        return
    results = {}
    for size in arguments.sizes or SIZES:
        found = {method: in_own_process(method, size) for method in METHODS}
        if arguments.peer_python:
            found["red_dwarf"] = measure_peer(arguments.peer_python, size)
        if arguments.warm:
            found["warm"] = {method: in_own_process(f"warm {method}", size) for method in METHODS}
        if arguments.stages:
            found["stages"] = in_own_process("stages", size)
        results[size] = found
        if not arguments.json:
            print(_table(size, found), flush=True)
    if arguments.json:
        print(json.dumps(results, ensure_ascii=False))


def _table(size: str, found: dict[str, Any]) -> str:
    n_people, n_statements, _ = SIZES[size]
    lines = [f"{n_people:,} × {n_statements:,}"]
    for (method, aim), of in zip(
        (("classic", 0), ("ideal", 1)), (found["classic"], found["ideal"]), strict=True
    ):
        lines.append(_line(method, AIM_SECONDS[size][aim], of))
    if "red_dwarf" in found:
        lines.append(_line("red-dwarf", None, found["red_dwarf"]))
    lines += [_warm_line(method, of) for method, of in found.get("warm", {}).items()]
    stages = found.get("stages", [])
    if isinstance(stages, str):
        return "\n".join([*lines, f"  stages {stages}"])
    lines += [
        f"    {one['stage']:26} {one['seconds']:7.3f} s  {one['bytes'] / 1e6:7,.0f} MB  limit "
        f"{one['limit_seconds']:6.3f} s"
        if "seconds" in one
        else f"    memory reads {one['bytes_per_second'] / 1e9:.1f} GB/s"
        for one in stages
    ]
    return "\n".join(lines)


def _line(name: str, aim: float | None, of: dict[str, Any] | str) -> str:
    if isinstance(of, str):
        return f"  {name:10} {of}"
    wanted = f"(aim {aim:.1f})" if aim else ""
    return (
        f"  {name:10} {of['seconds']:7.2f} s {wanted:10} processors {of['processor_seconds']:6.2f} s  "
        f"+{of['peak_mb']:5.0f} MB  load {of['load']:.1f}"
    )


def _warm_line(method: str, of: dict[str, Any] | str) -> str:
    name = f"{method}, warm"
    if isinstance(of, str):
        return f"  {name:13} {of}"
    cold, warm = of["cold"], of["warm"]
    clock, processors = (warm[unit] / cold[unit] for unit in ("seconds", "processor_seconds"))
    return (
        f"  {name:13} {warm['seconds']:5.2f} of {cold['seconds']:5.2f} s = {clock:4.0%} (aim 50%)  processors "
        f"{warm['processor_seconds']:5.2f} of {cold['processor_seconds']:5.2f} s = {processors:4.0%}  "
        f"load {of['load']:.1f}"
    )


if __name__ == "__main__":
    main()
