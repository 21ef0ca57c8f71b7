"""Small faults that could be made in the arithmetic by mistake, one at a time, and samples of them.

Left out, because no test should hold them to the letter: the texts of errors and documentation, annotations and
names of types, lists of what a module offers, the compiler's options, which warnings are silenced, and options
that only refuse what a right program never does (`strict=` of `zip`).
"""

import ast
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SWAPPED: dict[type, str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.Pow: "*", ast.FloorDiv: "/", ast.Mod: "*",
    ast.MatMult: "*", ast.BitAnd: "|", ast.BitOr: "&", ast.BitXor: "&", ast.LShift: ">>", ast.RShift: "<<",
    ast.And: "or", ast.Or: "and",
}  # fmt: skip
OTHER_NAMES = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum",
    "argmin": "argmax", "argmax": "argmin",
    "any": "all", "all": "any", "zeros": "ones", "ones": "zeros", "sum": "max", "mean": "sum",
}  # fmt: skip

GUARDS = {"strict"}
"""Options that only refuse what a right program never does."""


@dataclass(frozen=True)
class Mutant:
    """One small fault: where it is, what stood there and what stands there now.

    `lines` are the first and the last of the statement it is in, or of the whole body where it is a default of
    a function. `name` is what that function or, outside functions, the assigned name or the class is called.
    `is_seen` says whether Python sees those lines run: not in compiled functions and outside functions.
    """

    module: str
    line: int
    start: int
    end: int
    old: str
    new: str
    lines: tuple[int, int]
    name: str
    is_seen: bool

    def written_into(self, source: bytes) -> bytes:
        """Return the module's source with the fault."""
        return source[: self.start] + self.new.encode() + source[self.end :]


def mutants_of(path: Path, *, module: str) -> list[Mutant]:
    """Return every mutant of a module, in the order of its text."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree = ast.parse(source)
    compiled = compilers(tree)
    found = []
    for node, where, new in _faults(tree, _Where(NOWHERE, "", False), compiled):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        old = source[start:end].decode()
        found.append(Mutant(module, node.lineno, start, end, old, new, where.lines, where.name, where.is_seen))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.new))


@dataclass(frozen=True)
class _Where:
    """Where a fault is: see `Mutant`."""

    lines: tuple[int, int]
    name: str
    is_seen: bool


NOWHERE = (0, 0)


def compilers(tree: ast.Module) -> set[str]:
    """Return the names of a module's decorators that compile: `njit` and what is made from it."""
    made = {
        ast.unparse(node.targets[0])
        for node in tree.body
        if isinstance(node, ast.Assign) and "njit(" in ast.unparse(node.value)
    }
    return made | {"njit"}


def is_compiled(function: ast.AST, names: set[str]) -> bool:
    """Say whether a function is compiled, so that Python doesn't see its lines run."""
    decorators = getattr(function, "decorator_list", [])
    return any(ast.unparse(decorator).split("(")[0] in names for decorator in decorators)


def head(node: ast.stmt) -> tuple[int, int]:
    """Return the first and last line of a statement; of one with a body, of what stands before the body."""
    body = getattr(node, "body", None)
    last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
    return node.lineno, last


def _faults(node: ast.AST, where: _Where, compiled: set[str]) -> Iterator[tuple[Any, _Where, str]]:
    """Return (node, where it is, text to put in its place) for everything below a node."""
    for child in _children(node):
        inside = _inside(child, where, compiled)
        for new in _instead_of(child):
            yield child, inside, new
        yield from _faults(child, inside, compiled)


def _inside(node: ast.AST, where: _Where, compiled: set[str]) -> _Where:
    """Return where the nodes below a node are."""
    if isinstance(node, ast.FunctionDef):
        is_within_compiled = where.lines != NOWHERE and not where.is_seen
        is_seen = not is_within_compiled and not is_compiled(node, compiled)
        return _Where((node.body[0].lineno, node.end_lineno or node.lineno), node.name, is_seen)
    if isinstance(node, ast.ClassDef):
        return _Where(NOWHERE, node.name, False)
    if isinstance(node, ast.stmt) and where.is_seen:
        return _Where(head(node), where.name, True)
    if isinstance(node, ast.Assign | ast.AnnAssign) and not where.name:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return _Where(where.lines, ast.unparse(target), False)
    return where


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Return what is below a node, without annotations, documentation, decorators and errors."""
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list"} or isinstance(node, ast.Raise | ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            is_text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            if isinstance(child, ast.AST) and not is_text and not _says_nothing(child):
                yield child


def _says_nothing(node: ast.AST) -> bool:
    """Return whether a node is no arithmetic: imports, `__all__`, types, options, silenced warnings."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) == "__all__" or "Literal[" in ast.unparse(node.value)
    return isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {
        "njit",
        "errstate",
        "TypeVar",
    }


def _instead_of(node: ast.AST) -> Iterator[str]:
    """Return what could stand in place of a node by mistake."""
    if isinstance(node, ast.Constant):
        yield from _other_constants(node.value)
    elif isinstance(node, ast.BinOp):
        yield f"({ast.unparse(node.left)} {SWAPPED[type(node.op)]} {ast.unparse(node.right)})"
    elif isinstance(node, ast.BoolOp):
        yield "(" + f" {SWAPPED[type(node.op)]} ".join(f"({ast.unparse(value)})" for value in node.values) + ")"
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield f"({ast.unparse(node.left)} {SWAPPED[type(node.ops[0])]} {ast.unparse(node.comparators[0])})"
    elif isinstance(node, ast.UnaryOp):
        yield f"({ast.unparse(node.operand)})"
    elif isinstance(node, ast.AugAssign) and type(node.op) in SWAPPED:
        yield f"{ast.unparse(node.target)} {SWAPPED[type(node.op)]}= {ast.unparse(node.value)}"
    elif isinstance(node, ast.IfExp):
        yield f"({ast.unparse(node.orelse)} if {ast.unparse(node.test)} else {ast.unparse(node.body)})"
    elif isinstance(node, ast.Call):
        yield from _other_calls(node)


def _other_constants(value: Any) -> Iterator[str]:
    if isinstance(value, bool):
        yield str(not value)
    elif isinstance(value, int):
        yield str(value + 1)
    elif isinstance(value, float):
        yield repr(value * 2 if value else 1.0)
    elif isinstance(value, str) and value:
        yield repr(f"X{value}")


def _other_calls(node: ast.Call) -> Iterator[str]:
    for left_out in (keyword.arg for keyword in node.keywords if keyword.arg and keyword.arg not in GUARDS):
        kept = [keyword for keyword in node.keywords if keyword.arg != left_out]
        yield ast.unparse(ast.Call(node.func, node.args, kept))
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in OTHER_NAMES:
        called = ast.unparse(node.func)
        text = called[: len(called) - len(name)] + OTHER_NAMES[name]
        yield text + ast.unparse(node)[len(called) :]


def sampled(by_module: dict[str, list[Mutant]], n: int, *, seed: int) -> list[Mutant]:
    """Return a sample in proportion to each module's mutants, at least two of each; the seed decides which."""
    total = sum(map(len, by_module.values()))
    chosen = []
    for module, mutants in sorted(by_module.items()):
        wanted = min(len(mutants), max(2, round(n * len(mutants) / total)))
        chosen += random.Random(f"{seed} {module}").sample(mutants, wanted)
    random.Random(seed).shuffle(chosen)
    return chosen
