"""A table becomes a Parquet file in a process of its own: DuckDB's memory is gone again when that ends.

`python -m service.exports.parquet_file TARGET COLUMNS` reads CSV with a header from standard input; COLUMNS is
JSON, each name with its type.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from service.exports.cells import table
from service.lifetime import die_with_parent
from service.settings import environment_of_others

TIME = "TIMESTAMPTZ"
"""The type of a moment; its cells are whole seconds since 1970."""
MEMORY = "32MB"
"""What DuckDB may take beside the 80 MB that it needs to be there at all."""
ROWS_PER_GROUP = 20_480
"""Rows that are gathered before they are written; DuckDB asks for at least ten times 2,048."""
LONGEST_LINE = 1_000_000
READ_AT_ONCE = 4_000_000
PIECE_BYTES = 1 << 16
ROOT = Path(__file__).resolve().parents[2]


def parquet_file(target: Path, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Write a table to a file, and yield that file's bytes; it is removed afterwards.

    Parameters
    ----------
    target
        Where the file stands meanwhile.
    columns
        Each column's name, and its type as SQL has it.
    rows
        Cells in the order of the columns; None, or an empty text, is no value.

    Raises
    ------
    OSError
        When the file can't be written: the disk is full, for one.
    """
    try:
        with subprocess.Popen(  # noqa: S603 (this program itself)
            [sys.executable, "-m", __name__, str(target), json.dumps(columns)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=environment_of_others(),
        ) as process:
            try:
                _fed(process, table(_with_header(columns, rows)))
            finally:
                # Rows may fail to come, or nobody wants the rest: then it would wait for them for ever.
                process.kill()
        with target.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece
    finally:
        target.unlink(missing_ok=True)


def _with_header(columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield tuple(columns)
    yield from rows


def _fed(process: subprocess.Popen[bytes], pieces: Iterable[bytes]) -> None:
    """Give the process its table, and wait until it has written it."""
    # A process that has ended already says below why.
    with suppress(BrokenPipeError), process.stdin as stdin:  # type: ignore[union-attr]
        for piece in pieces:
            stdin.write(piece)
    said = process.stderr.read().decode(errors="replace").strip().splitlines()  # type: ignore[union-attr]
    if process.wait():
        raise OSError(f"the Parquet file could not be written: {said[-1] if said else 'no reason given'}")


def _write(target: str, columns: Mapping[str, str]) -> None:
    """Write the table on standard input to a Parquet file."""
    import duckdb

    given = {name: "BIGINT" if kind == TIME else kind for name, kind in columns.items()}
    shown = ", ".join(
        f'to_timestamp("{name}") AS "{name}"' if kind == TIME else f'"{name}"' for name, kind in columns.items()
    )
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": MEMORY}) as database:
        # A moment is the same moment wherever the service runs; nothing is fetched from anywhere.
        database.execute("SET TimeZone = 'UTC'; SET autoinstall_known_extensions = false")
        where = target.replace("'", "''")
        database.execute(
            f"""
            COPY (
                SELECT {shown} FROM read_csv(
                    '/dev/stdin', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
                    nullstr = '', parallel = false, columns = $columns,
                    max_line_size = {LONGEST_LINE}, buffer_size = {READ_AT_ONCE}
                )
            ) TO '{where}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_PER_GROUP})
            """,  # noqa: S608 (the names are this program's own)
            {"columns": given},
        )


if __name__ == "__main__":
    die_with_parent()
    _write(sys.argv[1], json.loads(sys.argv[2]))
