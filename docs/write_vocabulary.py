"""Write docs/vocabulary.md from docs/words.toml and the docstrings of clustering/vocabulary.py.

.venv/bin/python docs/write_vocabulary.py            write the page
.venv/bin/python docs/write_vocabulary.py --check    only say whether it is as it would be written
"""

import ast
import inspect
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "vocabulary.md"
SOURCE = DOCS.parent / "clustering" / "vocabulary.py"

OPENING = """\
# The vocabulary

Written by `docs/write_vocabulary.py` from `docs/words.toml` and the docstrings of `clustering/vocabulary.py`.

JSON fields, SQL columns and identifiers use these words. The words under *never* are those of other systems;
they occur only where a foreign format is converted.
"""


def page() -> str:
    """Return the whole page, as Markdown."""
    parts = [OPENING, "## Words\n", *words(), "## As the program has them\n", *definitions()]
    return "\n".join(parts)


def words() -> Iterator[str]:
    """Return the table of words."""
    yield "| word | means | never |\n| --- | --- | --- |"
    for word in tomllib.loads((DOCS / "words.toml").read_text(encoding="utf-8"))["word"]:
        yield f"| {word['word']} | {word['means']} | {', '.join(word['never'])} |"
    yield ""


def definitions() -> Iterator[str]:
    """Return what the module defines for everybody, each with its docstring, in its order."""
    statements = ast.parse(SOURCE.read_text(encoding="utf-8")).body
    for statement, following in zip(statements, [*statements[1:], None], strict=True):
        if isinstance(statement, ast.ClassDef | ast.FunctionDef) and not statement.name.startswith("_"):
            yield f"### `{statement.name}`\n"
            yield f"{described(ast.get_docstring(statement) or '')}\n"
            yield from members(statement)
        elif isinstance(statement, ast.Assign) and is_text(following):
            yield f"### `{ast.unparse(statement)}`\n"
            yield f"{inspect.cleandoc(ast.literal_eval(following.value))}\n"


def is_text(node: ast.stmt | None) -> bool:
    """Say whether a statement is a docstring."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def members(definition: ast.ClassDef | ast.FunctionDef) -> Iterator[str]:
    """Return the members of an enumeration, with their values."""
    if isinstance(definition, ast.FunctionDef):
        return
    values = [node for node in definition.body if isinstance(node, ast.Assign)]
    yield from (f"- `{ast.unparse(value)}`" for value in values)
    if values:
        yield ""


def described(docstring: str) -> str:
    """Return a numpydoc docstring as Markdown: lists for its sections, code for its examples."""
    opening, *sections = re.split(r"^(\w+)\n-+\n", docstring, flags=re.MULTILINE)
    parts = [opening.strip()]
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        if title == "Examples":
            # The empty line ends the last answer for doctest too.
            parts.append(f"```python\n{body.strip()}\n\n```")
        else:
            entries = re.findall(r"^(\S.*)\n((?:\s+.*\n?)*)", body, flags=re.MULTILINE)
            lines = [f"- `{term}`: {' '.join(text.split())}" for term, text in entries]
            parts.append(f"{title}:\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(
            0
            if PAGE.read_text(encoding="utf-8") == page()
            else f"{PAGE.name} is old: run {Path(__file__).name}"
        )
    PAGE.write_text(page(), encoding="utf-8")
