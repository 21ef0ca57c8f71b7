"""Small faults are planted where they could be noticed, and tried on the tests that go through them."""

from pathlib import Path

import pytest

from benchmarks.small_faults import mutants_of
from benchmarks.tests_reached import Mentions, going_through

LOOPS = '''"""Loops."""

from numba import njit

__all__ = ["added"]
_quick = njit(cache=True)
STEP = 2
"""How far."""


@_quick
def inner(total, n: "int > 3"):
    """Return n + 1."""
    return total + n


@_quick
def added(n):
    return inner(STEP, n)
'''

USERS = '''"""Users."""

from clustering.loops import STEP, added


def doubled(n, times=2):
    if n < 0:
        raise ValueError(f"below {0 + 0}")
    return (
        added(n)
        * times
    )


def step():
    return STEP
'''


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "clustering").mkdir()
    (tmp_path / "clustering" / "loops.py").write_text(LOOPS)
    (tmp_path / "clustering" / "users.py").write_text(USERS)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_users.py").write_text("from clustering.users import doubled\n")
    (tmp_path / "tests" / "test_far.py").write_text("")
    return tmp_path


def _mutants(house, name):
    module = f"clustering/{name}.py"
    return {(m.old, m.new): m for m in mutants_of(house / module, module=module)}


def test_what_says_nothing_is_left_alone(house):
    assert {old for old, _ in _mutants(house, "loops")} == {"2", "total + n"}
    # Neither the text of the error nor the annotation.
    assert {old for old, _ in _mutants(house, "users")} == {"2", "0", "n < 0", "added(n)\n        * times"}


def test_the_fault_is_where_it_says(house):
    text = _mutants(house, "users")[("n < 0", "(n <= 0)")].written_into(USERS.encode()).decode()
    assert text == USERS.replace("n < 0", "(n <= 0)")


def test_a_line_in_a_function_is_reached_by_itself_and_a_default_by_the_whole_function(house):
    mentions, found = Mentions(house), _mutants(house, "users")
    assert mentions.reaching(found[("n < 0", "(n <= 0)")]) == {"clustering/users.py": {7}}
    product = found[("added(n)\n        * times", "(added(n) / times)")]
    assert mentions.reaching(product) == {"clustering/users.py": {9, 10, 11, 12}}
    assert mentions.reaching(found[("2", "3")]) == {"clustering/users.py": {7, 8, 9, 10, 11, 12}}


def test_compiled_loops_and_constants_are_reached_by_who_names_them_in_the_end(house):
    mentions, found = Mentions(house), _mutants(house, "loops")
    calling = {"clustering/users.py": {9, 10, 11, 12}}
    assert mentions.reaching(found[("total + n", "(total - n)")]) == calling
    assert mentions.reaching(found[("2", "3")]) == {"clustering/users.py": {9, 10, 11, 12, 16}}


def _test(file, seconds, *lines):
    return {"id": f"tests/{file}.py::test", "seconds": seconds, "through": {"clustering/users.py": list(lines)}}


def test_tests_of_the_module_come_first_then_the_quickest_as_far_as_time_goes(house):
    mutant = _mutants(house, "users")[("n < 0", "(n <= 0)")]
    far, close, elsewhere = _test("test_far", 1, 6, 7), _test("test_users", 3, 7), _test("test_far", 0.1, 16)
    tests, mentions = [elsewhere, far, close], Mentions(house)
    assert going_through(mutant, tests, mentions, seconds=10) == [close, far]
    assert going_through(mutant, tests, mentions, seconds=3.5) == [close]
    # One is tried however long it takes.
    assert going_through(mutant, tests, mentions, seconds=0.5) == [close]


def test_what_runs_when_the_module_is_loaded_every_test_of_a_file_that_names_it_goes_through(house):
    (house / "tests" / "test_loops.py").write_text("from clustering.loops import STEP\n")
    constant = _mutants(house, "loops")[("2", "3")]
    naming, calling, elsewhere = _test("test_loops", 1), _test("test_far", 1, 9), _test("test_far", 1, 7)
    chosen = going_through(constant, [elsewhere, calling, naming], Mentions(house), seconds=10)
    assert chosen == [naming, calling]


def test_a_file_that_calls_a_compiled_function_goes_through_it_unseen(house):
    (house / "tests" / "test_loops.py").write_text("from clustering import loops\nassert loops.added(2) == 4\n")
    inside = _mutants(house, "loops")[("total + n", "(total - n)")]
    calling, elsewhere = _test("test_loops", 1), _test("test_far", 1, 7)
    assert going_through(inside, [elsewhere, calling], Mentions(house), seconds=10) == [calling]
