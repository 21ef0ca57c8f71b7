"""The tree stays readable: small modules, small functions, the words of the vocabulary, undocumented is red."""

import ast
import re
import statistics
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("clustering", "service", "worker")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in MODULES]

Function = ast.FunctionDef | ast.AsyncFunctionDef

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "core", "misc"}
FOREIGN_ROOMS = ("clustering/exchange/", "service/polis_api/")

# A word under *never* may mean something else: which names, where, and what it means there.
OTHER_MEANINGS = [
    ("pid", r".*", r"(service|worker)/.*", "the operating system's number of a process"),
    ("result", r"(_?RESULT|_?result)_hash(es)?", r".*", "the published name of a group map's hash"),
    (
        "result",
        r"results_visible|min_votes_for_results",
        r"service/api/.*",
        "what people call the group map",
    ),
    ("cluster", r".*", r"clustering/strict\.py", "a base cluster: one of the hundred that Polis starts from"),
    ("cluster", r".*", r"service/api/texts\.py", "a grapheme cluster: what a reader calls one character"),
    ("item", r"items?|\w+Item", r"service/api/.*", "what a page of a list, a batch or an OpenAPI path holds"),
]

# Functions on arrays that only move numbers about, so that there is nothing to cite.
PLUMBING = {
    "spread_labels",
    "judgements",
    "collapse",
    "bubbles",
    "outline",
    "rounded",
    "halved",
}


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions_of(path: Path) -> list[Function]:
    return [
        node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def n_body_lines(function: Function) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_module_is_over_400_lines():
    lengths = {name: len(path.read_text().splitlines()) for name, path in zip(NAMES, MODULES, strict=True)}
    assert not {name: length for name, length in lengths.items() if length > 400}


def test_modules_are_small_on_the_whole():
    lengths = [len(path.read_text().splitlines()) for path in MODULES]
    assert statistics.median(lengths) <= 120
    assert statistics.quantiles(lengths, n=20)[-1] <= 300


def test_no_function_is_over_60_lines():
    lengths = {
        f"{name}: {function.name}": n_body_lines(function)
        for name, path in zip(NAMES, MODULES, strict=True)
        for function in functions_of(path)
    }
    assert not {name: length for name, length in lengths.items() if length > 60}


def test_functions_are_small_on_the_whole():
    lengths = [n_body_lines(function) for path in MODULES for function in functions_of(path)]
    assert statistics.median(lengths) <= 8
    assert statistics.quantiles(lengths, n=20)[-1] <= 30


def test_no_module_has_an_empty_name():
    rooms = {part for path in MODULES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert not rooms & EMPTY_NAMES


def test_tests_are_no_package_and_mirror_the_tree():
    assert not list((ROOT / "tests").rglob("__init__.py"))
    rooms = {path.parent.relative_to(ROOT) for path in MODULES} | {Path()}
    rooms |= {Path(name) for name in ("browser", "faults", "benchmarks", "notebooks")}
    mirrored = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}
    assert not mirrored - rooms


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(FOREIGN_ROOMS)])
def test_names_are_words_of_the_vocabulary(name: str):
    wrong = {
        defined
        for defined in names_defined_in(tree_of(ROOT / name))
        for word in words_of(defined) & never_words()
        if not has_other_meaning(word, defined, name)
    }
    assert not wrong, f"{name}: say it in the words of docs/vocabulary.md: {sorted(wrong)}"


def never_words() -> set[str]:
    words = tomllib.loads((ROOT / "docs" / "words.toml").read_text(encoding="utf-8"))["word"]
    return {never for word in words for never in word["never"] if "-" not in never}


def words_of(identifier: str) -> set[str]:
    """Split `n_userVotes` into {"n", "user", "votes", "vote"}: a plural is the same word."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)
    whole = {part if part.isupper() else part.lower() for part in parts}
    return whole | {part.removesuffix("s") for part in whole if len(part) > 3}


def has_other_meaning(word: str, defined: str, name: str) -> bool:
    return any(
        word == other and re.fullmatch(names, defined) and re.fullmatch(modules, name)
        for other, names, modules, _ in OTHER_MEANINGS
    )


def names_defined_in(tree: ast.Module) -> set[str]:
    """Names this module gives: functions, classes, parameters, variables and attributes; not those it calls."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
    return names


ARRAYS = re.compile(r"NDArray|ArrayLike|Floats|Ints|csr|sparse")


def arithmetic_functions() -> list[tuple[str, ast.FunctionDef]]:
    """Public functions of `clustering` that take or give arrays; other rooms' formats are not arithmetic."""
    return [
        (path.name, function)
        for path in sorted((ROOT / "clustering").glob("*.py"))
        for function in tree_of(path).body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_")
        if ARRAYS.search(" ".join(map(ast.unparse, annotations_of(function))))
    ]


def annotations_of(function: ast.FunctionDef) -> list[ast.expr]:
    arguments = function.args
    given = [
        argument.annotation for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    ]
    return [annotation for annotation in (*given, function.returns) if annotation is not None]


def test_arithmetic_says_what_it_raises_and_where_it_comes_from():
    undocumented = [
        f"{module}: {function.name}"
        for module, function in arithmetic_functions()
        if not is_documented(function.name, ast.get_docstring(function) or "")
    ]
    assert not undocumented


def is_documented(name: str, docstring: str) -> bool:
    return "\nRaises\n------\n" in docstring and ("*Source*" in docstring or name in PLUMBING)


DRAWING = {"plots.py", "certainty_plots.py", "statement_plots.py", "findings.py", "drawing.py"}


def test_every_formula_is_held_against_something():
    told = (ROOT / "docs" / "oracles.md").read_text(encoding="utf-8")
    rows = "\n".join(line.split("|")[1] for line in told.splitlines() if line.startswith("| `"))
    modules = {module for module, _ in arithmetic_functions()} - DRAWING
    assert not {module for module in modules if f"`{module.removesuffix('.py')}`" not in rows}
