"""Read what Polis exports: CSV files of every generation, or its API's answers as JSON; folder or zip."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from clustering.errors import ClusteringError, ExchangeError
from clustering.exchange.export import Export
from clustering.exchange.polis_api import read_recorded
from clustering.exchange.sign import sign_of
from clustering.exchange.tables import Files, Row
from clustering.vocabulary import Statement, StatementId, identifier

Progress = Callable[[int], None]
FIXED_COLUMNS = ("participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
FIRST_SECONDS, LAST_SECONDS = 10**9, 10**11
"""Times in between are seconds (2001 to 5138); as milliseconds they would lie before Polis was made."""
VOTES = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-0.0": 0, "-1.0": -1}


def read_polis_export(path: str | Path, *, progress: Progress | None = None) -> Export:
    """Return the conversation in a Polis export.

    Parameters
    ----------
    path
        A folder or a zip. Either `participants-votes.csv` (or `participant-votes.csv`) or `votes.csv`, and
        optionally `comments.csv` and `summary.csv`; names may have a prefix. Or `votes.json` and
        `comments.json` as Polis's API answers.
    progress
        Called with the number of rows read, now and then.

    Raises
    ------
    ExchangeError
        When a file or column is missing or a row can't be read; names file, line and column.

    Notes
    -----
    *Source*: the exports of Polis's `math` (export.clj) and `server` (reportExport), 2015 to 2025. Whether
    agree is +1 or −1 is established from the counts in the same files, because both have been published.
    """
    with Files(Path(path)) as files:
        try:
            if files.find("votes.json"):
                return read_recorded(files)
            return _read_csv(files, progress or (lambda _: None))
        except ClusteringError as error:
            if isinstance(error, ExchangeError):
                raise
            raise ExchangeError(f"{files.path}: {error}") from None


def _read_csv(files: Files, progress: Progress) -> Export:
    matrix_file = files.find("participants-votes.csv", "participant-votes.csv")
    log_file = files.find("votes.csv")
    if matrix_file is None and log_file is None:
        raise ExchangeError(
            f"{files.path}: expected participants-votes.csv or votes.csv in it, as Polis exports them"
        )
    statements = _Statements(files)
    summary = _summary(files)
    cells = _Cells()
    log = {}
    if log_file is not None:
        log = _read_log(files, log_file, statements, cells, fills=matrix_file is None)
    if matrix_file is not None:
        _read_matrix(files, matrix_file, statements, cells, progress)
    return _export(summary, statements, cells, log)


class _Statements:
    """Statements by id: those of comments.csv and any others that have votes."""

    def __init__(self, files: Files) -> None:
        self.listed: list[Statement] = []
        self.position: dict[str, int] = {}
        self.agrees: dict[int, int] = {}
        self.disagrees: dict[int, int] = {}
        self.authors: dict[int, str] = {}
        self.created_ms: dict[int, int] = {}
        self.unmoderated: set[str] = set()
        name = files.find("comments.csv")
        if name is None:
            return
        for row in files.rows(name, needed=["comment-id", "comment-body"]):
            at = self.add(_statement(row))
            if "agrees" in row.cells and "disagrees" in row.cells:
                self.agrees[at] = row.whole("agrees", default=0)
                self.disagrees[at] = row.whole("disagrees", default=0)
            if row.cells.get("author-id", "").strip():
                self.authors[at] = row.cells["author-id"].strip()
            if row.cells.get("timestamp", "").strip():
                self.created_ms[at] = _milliseconds(row.whole("timestamp"))
            if row.whole("moderated", default=1) == 0:
                self.unmoderated.add(self.listed[at].id)

    def add(self, statement: Statement) -> int:
        if statement.id in self.position:
            raise ExchangeError(f"comments.csv: comment-id {statement.id} stands twice")
        self.position[statement.id] = len(self.listed)
        self.listed.append(statement)
        return self.position[statement.id]

    def at(self, statement_id: str) -> int:
        known = self.position.get(statement_id)
        if known is not None:
            return known
        return self.add(Statement(id=StatementId(identifier(statement_id, of="statement"))))


class _Cells:
    """Votes as they are read, and what each participant's row says of its own counts."""

    def __init__(self) -> None:
        self.participants: list[str] = []
        self.position: dict[str, int] = {}
        self.groups: list[str | None] = []
        self.counts: list[tuple[int, int]] = []
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[int] = []
        self.xids: dict[int, str] = {}
        self.n_votes_changed = 0

    def participant(self, name: str, *, group: str | None = None, counts: tuple[int, int] | None = None) -> int:
        name = identifier(name, of="participant")
        self.position[name] = len(self.participants)
        self.participants.append(name)
        self.groups.append(group)
        if counts is not None:
            self.counts.append(counts)
        return self.position[name]

    def add(self, row: int, column: int, value: int) -> None:
        self.rows.append(row)
        self.columns.append(column)
        self.values.append(value)


def _statement(row: Row) -> Statement:
    moderated = row.whole("moderated", default=0)
    if moderated not in (-1, 0, 1):
        raise ExchangeError(
            f"{row.file} line {row.line}, column moderated: expected -1, 0 or 1, got {moderated}"
        )
    return Statement(
        id=StatementId(identifier(row.cells["comment-id"].strip(), of="statement")),
        text=row.cells["comment-body"],
        is_moderated_out=moderated == -1,
        is_meta=row.cells.get("is-meta", "").strip().lower() in {"true", "t", "1"},
    )


def _summary(files: Files) -> dict[str, str]:
    name = files.find("summary.csv")
    return {} if name is None else {cells[0]: ",".join(cells[1:]) for _, cells in files.lines(name)}


def _vote(text: str, *, file: str, line: int, column: str) -> int:
    value = VOTES.get(text.strip())
    if value is None:
        raise ExchangeError(
            f"{file} line {line}, column {column}: expected 1, 0, -1 or nothing, got {text!r:.40}"
        )
    return value


def _read_matrix(files: Files, name: str, statements: _Statements, cells: _Cells, progress: Progress) -> None:
    lines = files.lines(name)
    _, header = next(lines, (1, []))
    for column in ("participant", "n-agree", "n-disagree"):
        if column not in header:
            raise ExchangeError(
                f"{name} line 1: column {column} is missing; columns: {', '.join(header)[:200]}"
            )
    if len(set(header)) < len(header):
        twice = next(column for column in header if header.count(column) > 1)
        raise ExchangeError(f"{name} line 1: column {twice} stands twice")
    at = {column: position for position, column in enumerate(header)}
    voted_on = [(at[column], statements.at(column), column) for column in header if column not in FIXED_COLUMNS]
    for n_rows, (line, row) in enumerate(lines):
        if len(row) != len(header):
            raise ExchangeError(f"{name} line {line}: expected {len(header)} cells, got {len(row)}")
        fixed = Row(name, line, {column: row[at[column]] for column in FIXED_COLUMNS if column in at})
        participant = fixed.cells["participant"].strip()
        if participant in cells.position:
            raise ExchangeError(f"{name} line {line}: participant {participant} stands twice")
        counts = fixed.whole("n-agree", default=0), fixed.whole("n-disagree", default=0)
        who = cells.participant(
            participant, group=fixed.cells.get("group-id", "").strip() or None, counts=counts
        )
        if fixed.cells.get("xid", "").strip():
            cells.xids[who] = fixed.cells["xid"].strip()
        for position, statement, column in voted_on:
            if row[position]:
                cells.add(who, statement, _vote(row[position], file=name, line=line, column=column))
        if n_rows % 1_000 == 0:
            progress(n_rows)


def _read_log(
    files: Files, name: str, statements: _Statements, cells: _Cells, *, fills: bool
) -> dict[tuple[str, int], int]:
    """Return the time of the latest vote on every cell; fill the cells too where no matrix does."""
    latest: dict[tuple[str, int], tuple[int, int]] = {}
    n_lines = 0
    for row in files.rows(name, needed=["timestamp", "comment-id", "voter-id", "vote"]):
        when = _milliseconds(row.whole("timestamp"))
        where = row.cells["voter-id"].strip(), statements.at(row.cells["comment-id"].strip())
        value = _vote(row.cells["vote"], file=name, line=row.line, column="vote")
        n_lines += 1
        # Of two votes of the same millisecond the later line counts.
        if where not in latest or latest[where][0] <= when:
            latest[where] = when, value
    cells.n_votes_changed = n_lines - len(latest)
    if fills:
        for (voter, statement), (_, value) in sorted(latest.items(), key=lambda item: item[1][0]):
            who = cells.position.get(voter)
            cells.add(cells.participant(voter) if who is None else who, statement, value)
    return {where: when for where, (when, _) in latest.items()}


def _milliseconds(when: int) -> int:
    """Return a time in milliseconds since 1970; Polis's server writes seconds, its `math` milliseconds."""
    return when * 1_000 if FIRST_SECONDS <= when < LAST_SECONDS else when


def _export(
    summary: dict[str, str], statements: _Statements, cells: _Cells, log: dict[tuple[str, int], int]
) -> Export:
    rows, columns = np.array(cells.rows, dtype=np.int32), np.array(cells.columns, dtype=np.int32)
    values = np.array(cells.values, dtype=np.int8)
    sign = _established_sign(rows, columns, values, statements, cells)
    times = [
        log.get((cells.participants[row], column), -1)
        for row, column in zip(cells.rows, cells.columns, strict=True)
    ]
    return Export(
        question=summary.get("topic", ""),
        description=summary.get("conversation-description", ""),
        statements=statements.listed,
        participants=cells.participants,
        participant_index=rows,
        statement_index=columns,
        values=(values * sign).astype(np.int8),
        cast_at_ms=np.array(times, dtype=np.int64),
        published_groups=cells.groups,
        was_sign_turned=sign < 0,
        statement_authors=[statements.authors.get(at) for at in range(len(statements.listed))],
        statement_created_ms=[statements.created_ms.get(at, -1) for at in range(len(statements.listed))],
        unmoderated=frozenset(statements.unmoderated),
        xids=[cells.xids.get(at) for at in range(len(cells.participants))],
        n_votes_changed=cells.n_votes_changed,
        published_counts=[
            (statements.agrees[at], statements.disagrees[at]) if at in statements.agrees else None
            for at in range(len(statements.listed))
        ],
        address=summary.get("url", ""),
    )


def _established_sign(
    rows: NDArray[np.int32],
    columns: NDArray[np.int32],
    values: NDArray[np.int8],
    statements: _Statements,
    cells: _Cells,
) -> int:
    """Return what to multiply votes by; participants' own counts are exact, statements' are not."""
    if cells.counts:
        n_agree, n_disagree = np.array(cells.counts).T
        return sign_of(rows, values, n_agree=n_agree, n_disagree=n_disagree, where="participants-votes.csv")
    counted = np.array(
        [position in statements.agrees for position in range(len(statements.listed))], dtype=bool
    )
    n_agree, n_disagree = (
        np.array([counts.get(position, 0) for position in range(len(statements.listed))])
        for counts in (statements.agrees, statements.disagrees)
    )
    known = counted[columns]
    return sign_of(columns[known], values[known], n_agree=n_agree, n_disagree=n_disagree, where="comments.csv")
