"""The files of an export, in a folder or a zip, and their rows; every error names file, line and column."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from clustering.errors import ExchangeError
from clustering.zips import UNPACKING_FAULTS, open_zip

MAX_CELL_LENGTH = 100_000
"""Longest cell accepted, in characters: a statement has hundreds; a broken quote swallows a whole file."""
MAX_UNPACKED_BYTES = 4 << 30
"""Largest file accepted out of a zip: fifteen times the largest conversation known."""


@dataclass(frozen=True)
class Row:
    """One line of a table, by column name."""

    file: str
    line: int
    cells: dict[str, str]

    def whole(self, column: str, *, default: int | None = None) -> int:
        """Return a cell as a whole number; an empty or absent one is the default.

        Raises
        ------
        ExchangeError
            Names file, line and column.
        """
        text = self.cells.get(column, "").strip()
        if not text and default is not None:
            return default
        try:
            return int(text)
        except ValueError:
            raise ExchangeError(
                f"{self.file} line {self.line}, column {column}: expected a whole number, got {text!r:.40}"
            ) from None


class Files:
    """The files of one export by their last name, whatever folder of the zip they stand in."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise ExchangeError(f"{path}: there is no such file or folder")
        self.path = path
        self._zip = None
        if path.is_dir():
            self._open: dict[str, Callable[[], AbstractContextManager[BinaryIO]]] = {
                entry.name: (lambda entry=entry: entry.open("rb"))
                for entry in path.iterdir()
                if entry.is_file()
            }
            return
        if not zipfile.is_zipfile(path):
            raise ExchangeError(f"{path}: expected a folder or a zip with the files of a Polis export")
        try:
            self._zip = open_zip(path)
        except ExchangeError as error:
            raise ExchangeError(f"{path}: {error}") from None
        self._open = {}
        for member in self._zip.infolist():
            name = member.filename.rsplit("/", 1)[-1]
            if not name or name.startswith("._"):
                continue
            if name in self._open:
                raise ExchangeError(f"{path}: {name} stands in it twice; expected one conversation")
            self._open[name] = lambda member=member: self._member(member)

    def __enter__(self) -> "Files":
        return self

    def __exit__(self, *_: object) -> None:
        if self._zip is not None:
            self._zip.close()

    def find(self, *names: str) -> str | None:
        """Return the file with one of these names, or with a prefix and a dash before it; None if absent."""
        for name in names:
            matches = sorted(file for file in self._open if file == name or file.endswith(f"-{name}"))
            if name in matches:
                return name
            # `participants-votes.csv` ends with `votes.csv` too, so a prefix may not be another known name.
            matches = [
                file
                for file in matches
                if not file.endswith(("participants-votes.csv", "participant-votes.csv"))
                or name.startswith("participant")
            ]
            if len(matches) > 1:
                raise ExchangeError(
                    f"{self.path}: both {matches[0]} and {matches[1]}; expected one conversation"
                )
            if matches:
                return matches[0]
        return None

    def read(self, name: str) -> bytes:
        """Return a file's bytes.

        Raises
        ------
        ExchangeError
            When a file of a zip is damaged or too large.
        """
        with self._opened(name) as stream:
            try:
                return stream.read()
            except UNPACKING_FAULTS as error:
                raise ExchangeError(f"{name}: damaged in the zip ({error})") from None

    def rows(self, name: str, *, needed: Sequence[str]) -> Iterator[Row]:
        """Yield the rows of a CSV file with a header.

        Raises
        ------
        ExchangeError
            When a needed column is missing, a row has another number of cells than the header, a cell is
            longer than 100,000 characters, or the bytes are no UTF-8.
        """
        lines = self.lines(name)
        _, header = next(lines, (1, []))
        missing = [column for column in needed if column not in header]
        if missing:
            raise ExchangeError(
                f"{name} line 1: column {missing[0]} is missing; columns: {', '.join(header)[:200]}"
            )
        twice = (
            {column for column in header if header.count(column) > 1} if len(set(header)) < len(header) else ()
        )
        if twice:
            raise ExchangeError(f"{name} line 1: column {sorted(twice)[0]} stands twice")
        for line, cells in lines:
            if len(cells) != len(header):
                raise ExchangeError(f"{name} line {line}: expected {len(header)} cells, got {len(cells)}")
            yield Row(name, line, dict(zip(header, cells, strict=True)))

    def lines(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """Yield line number and cells of every line of a CSV file that isn't empty.

        Raises
        ------
        ExchangeError
            When a cell is too long or the bytes are no UTF-8.
        """
        with self._opened(name) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
            reader = csv.reader(text, strict=True)
            previous = csv.field_size_limit(MAX_CELL_LENGTH)
            try:
                for cells in reader:
                    if cells:
                        yield reader.line_num, cells
            except csv.Error as error:
                raise ExchangeError(
                    f"{name} line {reader.line_num}: {error} (a cell may have {MAX_CELL_LENGTH:,} characters)"
                ) from None
            except UNPACKING_FAULTS as error:
                raise ExchangeError(
                    f"{name} after line {reader.line_num}: damaged in the zip ({error})"
                ) from None
            except UnicodeDecodeError as error:
                raise ExchangeError(
                    f"{name} after line {reader.line_num}: not UTF-8 ({error.reason})"
                ) from None
            finally:
                csv.field_size_limit(previous)

    def _opened(self, name: str) -> AbstractContextManager[BinaryIO]:
        return self._open[name]()

    def _member(self, member: zipfile.ZipInfo) -> AbstractContextManager[BinaryIO]:
        if member.file_size > MAX_UNPACKED_BYTES:
            raise ExchangeError(
                f"{self.path}: {member.filename} unpacks to {member.file_size:,} bytes, too large"
            )
        try:
            return self._zip.open(member)  # type: ignore[union-attr, return-value]
        except (*UNPACKING_FAULTS, RuntimeError, ValueError) as error:
            raise ExchangeError(f"{self.path}: {member.filename} can't be unpacked: {error}") from None
