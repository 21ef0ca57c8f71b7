"""How many small faults the tests of the arithmetic would notice.

    python -m benchmarks.mutation [--mutants N] [--minutes M] [--seed S] [--only MODULE …] [--json]
                                  [--keep-tests FILE]

A mutant is the arithmetic with one small fault: a < that became <=, a + that became −, a number that became
another, a condition turned round, a keyword left out, a maximum that became a minimum. Of all that can be made
a sample is drawn, in proportion to each module's number and at least two of each. A mutant is killed if a test
fails or runs five times as long as it should. It is tried on the tests that go through its line
(`benchmarks.tests_reached`), those of its module first, then the quickest, up to 25 seconds of them: what other
tests would kill counts as survived. Compiled functions are compiled anew, and nothing compiled before is used.

Left out, because no test should hold them to the letter: what `benchmarks.small_faults` says, and the modules
that draw (their figures are looked at). Needs os.fork: Linux or macOS.
"""

import argparse
import importlib
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from queue import Queue
from typing import Any

import numpy as np
import pytest

from benchmarks.small_faults import Mutant, mutants_of, sampled
from benchmarks.tests_reached import Mentions, Watcher, going_through

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = {"drawing.py", "plots.py", "certainty_plots.py", "statement_plots.py", "findings.py"}
TESTS = ("tests/clustering",)
SECONDS_OF_TESTS, SECONDS_OF_FIRST_ROUND = 25.0, 4.0
COPIED = ("clustering", "service", "worker", "tests", "benchmarks", "docs", "pyproject.toml")

LOADED_ONCE = (
    "alembic.config", "anndata", "hypothesis.strategies", "matplotlib.figure", "numba", "orjson", "pandas",
    "psycopg", "pydantic_settings", "redis", "scipy.sparse.linalg", "scipy.stats", "sklearn.cluster",
    "sklearn.decomposition", "sklearn.isotonic", "sklearn.metrics", "sklearn.mixture",
    "sklearn.utils.estimator_checks", "sqlalchemy", "statsmodels.stats.proportion", "threadpoolctl",
    "clustering.warm_up",
)  # fmt: skip
"""What tests and arithmetic import, so that no mutant waits for it. The arithmetic itself is loaded anew."""


def in_child(work: Any, *, seconds: float) -> int:
    """Return what work() gives, a number from 0 to 255, in a process of its own.

    Below 0 when its seconds of the processor are up: a busy machine makes no test fail.
    """
    child = os.fork()
    if child == 0:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        try:
            os._exit(int(work()))
        except BaseException:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class House:
    """A copy of the project, to plant faults in one at a time."""

    def __init__(self, folder: Path, *, like: "House | None" = None) -> None:
        self.root, self.mentions = folder / "house", Mentions(folder / "house")
        folder.mkdir()
        (folder / "shared").symlink_to(ROOT.parent / "shared")
        if like is not None:
            shutil.copytree(like.root, self.root)
            return
        for name in COPIED:
            source, target = ROOT / name, self.root / name
            self.root.mkdir(exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, target)
        # Whatever can be compiled once is: loops, tests, modules.
        for ahead in (["clustering.warm_up"], ["pytest", "--collect-only", "-q", *TESTS]):
            subprocess.run([sys.executable, "-m", *ahead], cwd=self.root, check=True, stdout=subprocess.DEVNULL)

    def tests(self, known: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
        """Return every test of the arithmetic with what it goes through, by the digest of its file.

        Those of files that are known, with the same arithmetic, aren't watched again.
        """
        files = [path for name in TESTS for path in sorted((self.root / name).rglob("test_*.py"))]
        arithmetic = b"".join(path.read_bytes() for path in sorted((self.root / "clustering").rglob("*.py")))
        digests = {path: sha256(path.read_bytes() + arithmetic).hexdigest() for path in files}
        told = self.root / "tests.json"

        def watch() -> int:
            watcher = Watcher(self.root)
            self._tested([str(path) for path in files if digests[path] not in known], plugins=[watcher])
            told.write_text(json.dumps(watcher.noted()))
            return 0

        found = {digest: known.get(digest, []) for digest in digests.values()}
        if not found.keys() <= known.keys():
            in_child(watch, seconds=3600)
            for test in json.loads(told.read_text()):
                found[digests[self.root / test["id"].split("::")[0]]].append(test)
        return found

    def kills(self, mutant: Mutant, tests: list[dict[str, Any]]) -> bool:
        """Say whether the tests notice the fault."""
        path = self.root / mutant.module
        kept, times = path.read_bytes(), path.stat()
        cache = {entry: entry.read_bytes() for entry in path.parent.glob(f"__pycache__/{path.stem}.*.nb*")}
        rounds = _rounds(going_through(mutant, tests, self.mentions, seconds=SECONDS_OF_TESTS))
        try:
            path.write_bytes(mutant.written_into(kept))
            return any(self.fail(part) for part in rounds if part)
        finally:
            path.write_bytes(kept)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
            for entry in path.parent.glob(f"__pycache__/{path.stem}.*.nb*"):
                entry.unlink()
            for entry, content in cache.items():
                entry.write_bytes(content)

    def fail(self, tests: list[dict[str, Any]]) -> bool:
        """Say whether any of these tests fails, or they take far too long."""
        names, seconds = [test["id"] for test in tests], sum(test["seconds"] for test in tests)
        return in_child(lambda: self._tested(["-x", *names]), seconds=30 + 5 * seconds) != 0

    def _tested(self, arguments: list[str], *, plugins: Any = ()) -> int:
        os.chdir(self.root)
        sys.dont_write_bytecode = True
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        sys.path[:] = [str(self.root), *(entry for entry in sys.path if entry not in ("", str(ROOT)))]
        for name in [name for name in sys.modules if name.split(".")[0] in ("clustering", "benchmarks")]:
            del sys.modules[name]
        return int(pytest.main(["-q", "-p", "no:cacheprovider", *arguments], plugins=list(plugins)))


def _rounds(chosen: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return tests in two rounds: a few seconds of them, then the rest."""
    ends = np.cumsum([test["seconds"] for test in chosen])
    first = max(int(np.searchsorted(ends, SECONDS_OF_FIRST_ROUND)), 1)
    return [chosen[:first], chosen[first:]]


def interval(rate: float, n: int) -> tuple[float, float]:
    """Return the 90 % Wilson interval of a share."""
    z = 1.6449
    middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - half, middle + half


def main() -> None:
    """Draw a sample of mutants, try the tests on each, and print how many are killed and which are not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=210)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", help="modules, such as intervals.py")
    parser.add_argument(
        "--keep-tests", type=Path, help="file to keep what tests go through, and to read it from"
    )
    parser.add_argument("--minutes", type=float, default=240.0, help="stop trying others after so long")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    by_module = {}
    for path in sorted((ROOT / "clustering").rglob("*.py")):
        module = str(path.relative_to(ROOT))
        wanted = not arguments.only or path.name in arguments.only
        mutants = mutants_of(path, module=module) if wanted and path.name not in LEFT_OUT else []
        if mutants:
            by_module[module] = mutants
    sample = sampled(by_module, arguments.mutants, seed=arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        report = _measured(
            Path(folder), by_module, sample, keep=arguments.keep_tests, minutes=arguments.minutes
        )
    if arguments.json:
        print(json.dumps(report, indent=1))
        return
    for fault in report["survivors"]:
        print(f"{fault['module']}:{fault['line']}: {fault['old']!r:.70} became {fault['new']!r:.80}")
    low, high = report["interval"]
    print(f"{report['n_killed']} of {report['n_mutants']} killed (of {report['n_possible']} possible)")
    print(f"{report['rate']:.1%}, 90 % interval {low:.1%} to {high:.1%}")
    print(
        "left out: "
        + ", ".join(sorted(LEFT_OUT))
        + "; texts of errors, documentation, annotations, options of the compiler"
    )


def _measured(
    folder: Path, by_module: dict[str, list[Mutant]], sample: list[Mutant], *, keep: Path | None, minutes: float
) -> dict[str, Any]:
    for name in LOADED_ONCE:
        importlib.import_module(name)
    importlib.import_module("clustering.warm_up").warm_up()
    houses: Queue[House] = Queue()
    first = House(folder / "0")
    by_file = first.tests(json.loads(keep.read_text()) if keep is not None and keep.exists() else {})
    if keep is not None:
        keep.write_text(json.dumps(by_file))
    tests = sorted((test for found in by_file.values() for test in found), key=lambda test: test["seconds"])
    if first.fail([test for test in tests if test["seconds"] < 0.02][::4]):
        raise SystemExit("the tests fail without any fault: mend that, or remove the file of --keep-tests")
    houses.put(first)
    houses.put(House(folder / "1", like=first))

    def tried(mutant: Mutant) -> bool:
        house = houses.get()
        try:
            is_killed = house.kills(mutant, tests)
        finally:
            houses.put(house)
        sign = (
            "."
            if is_killed
            else f"\nsurvived: {mutant.module}:{mutant.line} {mutant.old!r} -> {mutant.new!r}\n"
        )
        sys.stderr.write(sign)
        sys.stderr.flush()
        return is_killed

    deadline = time.monotonic() + 60 * minutes
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda mutant: tried(mutant) if time.monotonic() < deadline else None, sample))
    # The sample is in random order, so those tried before time was up are a sample too.
    sample = [mutant for mutant, dead in zip(sample, found, strict=True) if dead is not None]
    killed = [dead for dead in found if dead is not None]
    n = Counter(mutant.module for mutant in sample)
    n_killed = Counter(mutant.module for mutant, dead in zip(sample, killed, strict=True) if dead)
    total = sum(map(len, by_module.values()))
    rate = sum(killed) / max(len(killed), 1)
    return {
        "n_possible": total,
        "n_mutants": len(sample),
        "n_killed": sum(killed),
        "rate": rate,
        "interval": interval(rate, max(len(sample), 1)),
        "by_module": {module: [n_killed[module], n[module]] for module in sorted(n)},
        "survivors": [asdict(mutant) for mutant, dead in zip(sample, killed, strict=True) if not dead],
    }


if __name__ == "__main__":
    main()
