"""Small faults that could be made in the arithmetic by mistake, one at a time, and samples of them.

Left out, because no test should hold them to the letter: the texts of errors and documentation, annotations,
and the compiler's options.
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


@dataclass(frozen=True)
class Mutant:
    """One small fault: where it is, what stood there, what stands there now, and in which function."""

    module: str
    line: int
    start: int
    end: int
    old: str
    new: str
    function_line: int
    is_compiled: bool

    def written_into(self, source: bytes) -> bytes:
        """Return the module's source with the fault."""
        return source[: self.start] + self.new.encode() + source[self.end :]


def mutants_of(path: Path, *, module: str) -> list[Mutant]:
    """Return every mutant of a module, in the order of its text."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for node, function, new in _faults(ast.parse(source), None):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        compiled = function is not None and any("njit" in ast.unparse(d) for d in function.decorator_list)
        line = min([function.lineno, *(d.lineno for d in function.decorator_list)]) if function else 0
        old = source[start:end].decode()
        found.append(Mutant(module, node.lineno, start, end, old, new, line, compiled))
    return sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.new))


def _faults(node: ast.AST, function: Any) -> Iterator[tuple[Any, Any, str]]:
    """Return (node, function it is in, text to put in its place) for everything below a node."""
    if isinstance(node, ast.FunctionDef):
        function = node
    for child in _children(node):
        for new in _instead_of(child):
            yield child, function, new
        yield from _faults(child, function)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Return what is below a node, without annotations, documentation, decorators and errors."""
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list"} or isinstance(node, ast.Raise | ast.JoinedStr):
            continue
        for child in value if isinstance(value, list) else [value]:
            is_text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
            if (
                isinstance(child, ast.AST)
                and not is_text
                and not isinstance(child, ast.Import | ast.ImportFrom)
            ):
                yield child


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
    for left_out in (keyword.arg for keyword in node.keywords if keyword.arg):
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
