"""Votes that came along to be analysed: JSON, CSV or a zip; what is wrong is told with its place."""

import csv
import io
import re
import tempfile
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from clustering.errors import ClusteringError, ExchangeError, IdError, VoteValueError
from clustering.exchange import read_polis_export
from clustering.settings import MapSettings
from clustering.vocabulary import Statement, StatementId, identifier, vote_value
from clustering.vote_matrix import VoteMatrix
from clustering.zips import open_zip
from service.strict_json import StrictJsonError, parse

MOST_VOTES = 5_000_000
"""Most votes of one analysis."""

MOST_UNPACKED_BYTES = 1 << 30
"""Most that a zip may unpack to, all its files together."""

PLAIN_COLUMNS = ["participant", "statement", "vote"]
"""Header of the plain table: one vote a line, agree 1, pass 0, disagree −1."""

_FOLDER = "table-"
_VALUES = {"1": 1, "0": 0, "-1": -1}


class GivenVotesError(Exception):
    """What was sent can't be read as votes.

    Attributes
    ----------
    pointer
        Where: a JSON pointer, or a line of a table.
    """

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer = pointer


@dataclass(frozen=True, eq=False)
class GivenVotes:
    """Votes and what is to be made of them."""

    matrix: VoteMatrix
    settings: MapSettings
    is_certainty_wanted: bool


@dataclass
class _Cells:
    """Votes as they are read; people stand in the order of their first vote."""

    statements: list[Statement] = field(default_factory=list)
    column_of: dict[str, int] = field(default_factory=dict)
    row_of: dict[str, int] = field(default_factory=dict)
    rows: array = field(default_factory=lambda: array("i"))
    columns: array = field(default_factory=lambda: array("i"))
    values: array = field(default_factory=lambda: array("b"))

    def name(self, statement: Statement) -> None:
        """Add a statement."""
        self.column_of[statement.id] = len(self.statements)
        self.statements.append(statement)

    def row(self, participant: object) -> int:
        """Return a participant's row; raises `IdError` for what is no id."""
        # A number and its digits name the same; `True` would pass for 1 as a key.
        known = self.row_of.get(participant) if isinstance(participant, str) else None
        if known is not None:
            return known
        return self.row_of.setdefault(identifier(participant, of="participant"), len(self.row_of))

    def column(self, statement: object) -> int:
        """Return a statement's column; raises `IdError` for what is no id."""
        known = self.column_of.get(statement) if isinstance(statement, str) else None
        if known is None:
            name = identifier(statement, of="statement")
            if name not in self.column_of:
                self.name(Statement(id=StatementId(name)))
            known = self.column_of[name]
        return known

    def add(self, row: int, column: int, value: int) -> None:
        """Add a vote; a later one of the same person on the same statement counts."""
        self.rows.append(row)
        self.columns.append(column)
        self.values.append(value)

    def matrix(self) -> VoteMatrix:
        """Return the votes as a matrix."""
        return VoteMatrix.from_arrays(
            participants=list(self.row_of),
            statements=self.statements,
            participant_index=np.frombuffer(self.rows, dtype=np.int32),
            statement_index=np.frombuffer(self.columns, dtype=np.int32),
            values=np.frombuffer(self.values, dtype=np.int8),
        )


def given_votes(file: Path, request: Mapping[str, Any], *, most_votes: int = MOST_VOTES) -> GivenVotes:
    """Return the votes in a file.

    Parameters
    ----------
    file
        What was sent.
    request
        `form`: `json`, `csv` or `zip`; `settings` and `certainty`, which JSON may overrule.
    most_votes
        How many there may be.

    Raises
    ------
    GivenVotesError
        When something in it is wrong.
    """
    if request["form"] == "json":
        return _of_json(file.read_bytes(), most_votes, request)
    try:
        matrix = _of_table(file, most_votes) if request["form"] == "csv" else _of_export(file)
    except ClusteringError as error:
        raise GivenVotesError("file", _without_path(str(error), file)) from None
    _check_number(matrix.n_votes, most_votes)
    return GivenVotes(matrix, _settings(request["settings"]), bool(request["certainty"]))


def _of_json(text: bytes, most_votes: int, request: Mapping[str, Any]) -> GivenVotes:
    try:
        document = parse(text)
    except StrictJsonError as error:
        raise GivenVotesError("#", str(error)) from None
    _check_fields("#", document, needed=("votes",), known=("votes", "statements", "settings"))
    settings = document.get("settings", {})
    if not isinstance(settings, dict):
        raise GivenVotesError("#/settings", "expected an object")
    settings = {**request["settings"], "certainty": request["certainty"], **settings}
    is_wanted = settings.pop("certainty")
    if not isinstance(is_wanted, bool):
        raise GivenVotesError("#/settings/certainty", "expected true or false")
    cells = _Cells()
    for place, entry in enumerate(_listed(document.get("statements", []), "#/statements")):
        statement = _statement(entry, f"#/statements/{place}")
        if statement.id in cells.column_of:
            raise GivenVotesError(f"#/statements/{place}", f"the statement {statement.id!r} stands twice")
        cells.name(statement)
    votes = _listed(document["votes"], "#/votes")
    _check_number(len(votes), most_votes)
    for place, vote in enumerate(votes):
        if not isinstance(vote, list) or len(vote) != 3:
            raise GivenVotesError(f"#/votes/{place}", "expected [participant, statement, vote]")
        at = 0
        try:
            row, at = cells.row(vote[0]), 1
            column, at = cells.column(vote[1]), 2
            cells.add(row, column, vote_value(vote[2]))
        except (IdError, VoteValueError) as error:
            raise GivenVotesError(f"#/votes/{place}/{at}", str(error)) from None
    return GivenVotes(cells.matrix(), _settings(settings), is_wanted)


def _statement(entry: object, pointer: str) -> Statement:
    named: Any = entry if isinstance(entry, dict) else {"id": entry}
    _check_fields(pointer, named, needed=("id",), known=("id", "is_moderated_out", "is_meta"))
    marks = {name: named.get(name, False) for name in ("is_moderated_out", "is_meta")}
    for name, value in marks.items():
        if not isinstance(value, bool):
            raise GivenVotesError(f"{pointer}/{name}", "expected true or false")
    try:
        return Statement(id=StatementId(identifier(named["id"], of="statement")), **marks)
    except IdError as error:
        raise GivenVotesError(pointer, str(error)) from None


def _check_fields(pointer: str, found: object, *, needed: Sequence[str], known: Sequence[str]) -> None:
    if not isinstance(found, dict):
        raise GivenVotesError(pointer, "expected an object")
    for name in needed:
        if name not in found:
            raise GivenVotesError(f"{pointer}/{name}", "this field is needed")
    for name in found:
        if name not in known:
            raise GivenVotesError(f"{pointer}/{name:.60}", f"unknown field; known: {', '.join(known)}")


def _listed(found: object, pointer: str) -> list[Any]:
    if not isinstance(found, list):
        raise GivenVotesError(pointer, "expected a list")
    return found


def _settings(found: Mapping[str, Any]) -> MapSettings:
    try:
        return MapSettings.from_document(found)
    except ClusteringError as error:
        raise GivenVotesError("#/settings", str(error)) from None


def _check_number(n_votes: int, most_votes: int) -> None:
    if n_votes > most_votes:
        raise GivenVotesError("#/votes", f"expected at most {most_votes:,} votes, got {n_votes:,}")


def _of_table(file: Path, most_votes: int) -> VoteMatrix:
    """Return the votes of one table: the plain one, or one of the two in which Polis exports votes."""
    with file.open("rb") as stream:
        first = stream.readline(1 << 20)
    try:
        header = next(csv.reader([first.decode("utf-8-sig").strip()]), [])
    except (UnicodeDecodeError, csv.Error):
        raise ExchangeError("line 1: expected the names of columns, in UTF-8") from None
    if sorted(header) == sorted(PLAIN_COLUMNS):
        return _of_plain_table(file, most_votes)
    name = "votes.csv" if "voter-id" in header else "participants-votes.csv"
    if "participant" not in header and "voter-id" not in header:
        raise ExchangeError(
            f"line 1: expected the columns {', '.join(PLAIN_COLUMNS)}, or those of a Polis export, got "
            f"{', '.join(header)[:200]}"
        )
    # The reader of exports knows files by their names.
    with tempfile.TemporaryDirectory(prefix=_FOLDER, dir=file.parent) as folder:
        file.rename(Path(folder) / name)
        return read_polis_export(folder).vote_matrix()


def _of_plain_table(file: Path, most_votes: int) -> VoteMatrix:
    cells = _Cells()
    with io.TextIOWrapper(file.open("rb"), encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, strict=True)
        try:
            header = next(reader)
            who, what, how = (header.index(name) for name in PLAIN_COLUMNS)
            for line in reader:
                if line:
                    _add_line(cells, line, at=reader.line_num, columns=(who, what, how))
                    _check_number(len(cells.values), most_votes)
        except csv.Error as error:
            raise GivenVotesError(f"line {reader.line_num}", str(error)) from None
        except UnicodeDecodeError as error:
            raise GivenVotesError(f"after line {reader.line_num}", f"not UTF-8 ({error.reason})") from None
    return cells.matrix()


def _add_line(cells: _Cells, line: list[str], *, at: int, columns: tuple[int, int, int]) -> None:
    if len(line) != len(PLAIN_COLUMNS):
        raise GivenVotesError(f"line {at}", f"expected {len(PLAIN_COLUMNS)} cells, got {len(line)}")
    participant, statement, vote = (line[column].strip() for column in columns)
    value = _VALUES.get(vote)
    if value is None:
        raise GivenVotesError(f"line {at}, column vote", f"expected 1, 0 or -1, got {vote!r:.40}")
    try:
        cells.add(cells.row(participant), cells.column(statement), value)
    except IdError as error:
        raise GivenVotesError(f"line {at}", str(error)) from None


def _of_export(file: Path) -> VoteMatrix:
    """Return the votes of a zipped export, if it doesn't unpack to more than there is room for."""
    with open_zip(file) as packed:
        n_bytes = sum(member.file_size for member in packed.infolist())
    if n_bytes > MOST_UNPACKED_BYTES:
        raise ExchangeError(f"it unpacks to {n_bytes:,} bytes; expected at most {MOST_UNPACKED_BYTES:,}")
    return read_polis_export(file).vote_matrix()


def _without_path(text: str, file: Path) -> str:
    """Return an error's words without where the file stood here, which is nobody's business."""
    folder = re.escape(str(file.parent / _FOLDER))
    return re.sub(rf"{folder}[^/:]*", "the table", text).replace(str(file), "the zip")
