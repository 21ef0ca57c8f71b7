"""Write docs/figures.md from the constants of clustering/settings.py, their docstrings and sources.

.venv/bin/python docs/write_figures.py            write the page
.venv/bin/python docs/write_figures.py --check    only say whether it is as it would be written
"""

import ast
import inspect
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "figures.md"
SOURCE = DOCS.parent / "clustering" / "settings.py"

OPENING = """\
# Every figure that was chosen

Written by `docs/write_figures.py` from `clustering/settings.py`. These numbers are not computed from the votes:
somebody chose them, and each could have been another. They are the same for every conversation. What they do is
told in [the method](method.md) and in [certainty](certainty.md).
"""


def page() -> str:
    """Return the whole page, as Markdown."""
    return "\n".join([OPENING, *sections()]) + "\n"


def sections() -> Iterator[str]:
    """Yield a table for each comment of the module, of the constants under it."""
    sys.path.insert(0, str(DOCS.parent))
    values = runpy.run_path(str(SOURCE))
    text = SOURCE.read_text(encoding="utf-8")
    lines, statements = text.splitlines(), ast.parse(text).body
    title = "Versions"
    is_open = False
    for statement, following in zip(statements, [*statements[1:], None], strict=True):
        told = comment_above(lines, statement)
        if told:
            title, is_open = told, False
        if not isinstance(statement, ast.Assign) or not ast.unparse(statement.targets[0]).isupper():
            continue
        if not is_open:
            yield f"{'' if title == 'Versions' else chr(10)}## {heading(title)}\n"
            yield f"{source(title)}| figure | value | what it is |\n| --- | --- | --- |"
            is_open = True
        name = ast.unparse(statement.targets[0])
        yield f"| `{name}` | {values[name]} | {described(following)} |"


def comment_above(lines: list[str], statement: ast.stmt) -> str:
    """Return the comment that stands right above a statement, on one line."""
    found: list[str] = []
    for line in reversed(lines[: statement.lineno - 1]):
        if not line.startswith("# "):
            break
        found.insert(0, line[2:])
    return " ".join(found)


def heading(comment: str) -> str:
    """Return what a comment says before its first full stop."""
    return comment.split(". ")[0].removesuffix(".")


def source(comment: str) -> str:
    """Return what a comment says after its first full stop, as a paragraph."""
    rest = comment.partition(". ")[2]
    return f"{rest}\n\n" if rest else ""


def described(node: ast.stmt | None) -> str:
    """Return a docstring on one line, or nothing where the name says it all."""
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return ""
    said = inspect.cleandoc(str(node.value.value))
    return re.sub(r"\s+", " ", said.replace("*Source*", "Source"))


def main() -> int:
    """Write the page, or compare it."""
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != page():
        print("docs/figures.md: out of date; run docs/write_figures.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
