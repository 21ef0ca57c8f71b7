"""Which tests go through which lines of the arithmetic, and so which could notice a fault in them.

Lines in functions are seen while the tests run. A line that Python doesn't see run, because it is compiled or
runs when its module is loaded, is reached by the lines that name its function, constant or class; if those are
compiled or constants too, by those that name them.
"""

import ast
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from benchmarks.small_faults import NOWHERE, Mutant, compilers, head, is_compiled

Lines = dict[str, list[int]]


class Watcher:
    """Notes for each test how long it takes and which lines of `clustering` it goes through.

    Seconds are the processor's, so that a busy machine changes nothing.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.now = f"{root}/", defaultdict(set)
        self.seconds: dict[str, float] = defaultdict(float)
        self.by_test: dict[str, dict[str, set[int]]] = {}
        self.by_file: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.is_good: dict[str, bool] = {}

    def _called(self, frame: Any, _event: str, _: Any) -> Any:
        is_ours = frame.f_code.co_filename.startswith(f"{self.root}clustering/")
        return self._line if is_ours else None

    def _line(self, frame: Any, event: str, _: Any) -> Any:
        if event == "line":
            self.now[frame.f_code.co_filename].add(frame.f_lineno)
        return self._line

    def _watched(self, item: Any) -> Iterator[None]:
        self.now = defaultdict(set)
        before, start = sys.gettrace(), time.process_time()
        sys.settrace(self._called)
        result = yield
        sys.settrace(before)
        self.seconds[item.nodeid] += time.process_time() - start
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: Any) -> Any:
        """Watch what fixtures do: it counts for every test of the file, because a fixture may be made once."""
        result = yield from self._watched(item)
        for module, lines in self.now.items():
            self.by_file[item.nodeid.split("::")[0]][module] |= lines
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: Any) -> Any:
        """Watch the test itself."""
        result = yield from self._watched(item)
        self.by_test[item.nodeid] = self.now
        return result

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note who passed: a test that fails without any fault, or is expected to, says nothing."""
        passed = report.outcome == "passed" and not hasattr(report, "wasxfail")
        self.is_good[report.nodeid] = self.is_good.get(report.nodeid, True) and passed

    def noted(self) -> list[dict[str, Any]]:
        """Return the tests, quickest first."""
        tests = [
            {"id": name, "seconds": round(self.seconds[name], 3), "through": self._through(name)}
            for name in self.by_test
            if self.is_good[name]
        ]
        return sorted(tests, key=lambda test: test["seconds"])

    def _through(self, name: str) -> Lines:
        own, shared = self.by_test[name], self.by_file[name.split("::")[0]]
        return {
            module.removeprefix(self.root): sorted(own.get(module, set()) | shared.get(module, set()))
            for module in own.keys() | shared.keys()
        }


class Mentions:
    """Where the source of `clustering` names what."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def _of_names(self) -> dict[str, list[tuple[str, tuple[int, int], str]]]:
        """Return for each name where it stands: module and lines, or the unseen name that stands for them."""
        found = defaultdict(list)
        for path in sorted((self.root / "clustering").rglob("*.py")):
            tree, module = ast.parse(path.read_bytes()), str(path.relative_to(self.root))
            for name, lines, unseen in _named_below(tree, NOWHERE, "", compilers(tree)):
                found[name].append((module, lines, unseen))
        return found

    def reaching(self, mutant: Mutant) -> dict[str, set[int]]:
        """Return the lines of each module that, when run, run the statement of a fault."""
        lines: dict[str, set[int]] = defaultdict(set)
        if mutant.is_seen:
            lines[mutant.module] = set(range(mutant.lines[0], mutant.lines[1] + 1))
            return lines
        for name in self.unseen(mutant):
            for module, (first, last), outside in self._of_names.get(name, ()):
                if not outside:
                    lines[module] |= set(range(first, last + 1))
        return lines

    def unseen(self, mutant: Mutant) -> set[str]:
        """Return the names of what isn't seen running and runs a fault's statement: its own, its callers'."""
        if mutant.is_seen:
            return set()
        # A name may stand for several: `a, b = 1, 2`.
        waiting = set(re.findall(r"\w+", mutant.name))
        known = set(waiting)
        while waiting:
            for _, _, outside in self._of_names.get(waiting.pop(), ()):
                others = set(re.findall(r"\w+", outside)) - known
                known, waiting = known | others, waiting | others
        return known


def _named_below(
    node: ast.AST, lines: tuple[int, int], unseen: str, compiled: set[str]
) -> Iterator[tuple[str, tuple[int, int], str]]:
    """Return (name, lines of its statement, unseen name it belongs to or "") for every name below a node."""
    for child in ast.iter_child_nodes(node):
        where, outside = lines, unseen
        if isinstance(child, ast.FunctionDef):
            outside = child.name if is_compiled(child, compiled) else ""
            where = (child.body[0].lineno, child.end_lineno or child.lineno)
        elif isinstance(child, ast.ClassDef):
            outside = child.name
        elif isinstance(child, ast.Assign | ast.AnnAssign) and lines == NOWHERE and not unseen:
            target = child.targets[0] if isinstance(child, ast.Assign) else child.target
            outside = ast.unparse(target)
        elif isinstance(child, ast.stmt) and not unseen and lines != NOWHERE:
            where = head(child)
        if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load):
            yield child.id, where, outside
        elif isinstance(child, ast.Attribute) and isinstance(child.ctx, ast.Load):
            yield child.attr, where, outside
        yield from _named_below(child, where, outside, compiled)


def going_through(
    mutant: Mutant, tests: list[dict[str, Any]], mentions: Mentions, *, seconds: float
) -> list[dict[str, Any]]:
    """Return the tests that go through a fault, up to so many seconds of them, and the first one in any case.

    Those of files that name the fault's module come first, as they test it more closely; then the quickest.
    What runs when the module is loaded, every test of such a file goes through; and so do those of a file that
    names a compiled function, which nobody sees running.
    """
    reaching = mentions.reaching(mutant)
    module = mutant.module.removesuffix(".py").replace("/", ".")
    package, _, stem = module.rpartition(".")
    named = re.compile(rf"\b{re.escape(module)}\b|\bfrom {re.escape(package)} import [^\n]*\b{stem}\b")
    texts = {file: (mentions.root / file).read_text() for file in {_file(test) for test in tests}}
    is_close = {file: bool(named.search(text)) for file, text in texts.items()}
    unseen = mentions.unseen(mutant)
    is_called = {
        file: is_close[file] and not unseen.isdisjoint(re.findall(r"\w+", texts[file])) for file in texts
    }
    there = [
        test
        for test in tests
        if (mutant.lines == NOWHERE and is_close[_file(test)])
        or is_called[_file(test)]
        or any(not lines.isdisjoint(test["through"].get(where, ())) for where, lines in reaching.items())
    ]
    chosen, total = [], 0.0
    for test in sorted(there, key=lambda test: (not is_close[_file(test)], test["seconds"])):
        if not chosen or total + test["seconds"] <= seconds:
            chosen.append(test)
            total += test["seconds"]
    return chosen


def _file(test: dict[str, Any]) -> str:
    return test["id"].split("::")[0]
