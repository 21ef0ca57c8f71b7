"""Votes as a sparse matrix: participants × statements, rows and columns named.

A stored 0 is a pass; a cell that is not stored is a statement not seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from clustering.errors import IdError, ShapeError, VoteValueError
from clustering.kernels import ballot_digests, copied_ballots, seen_per_column
from clustering.parts import over_rows, summed_over_rows
from clustering.vocabulary import Statement, Vote, in_natural_order, natural_key


@dataclass(frozen=True, eq=False)
class VoteMatrix:
    """The latest vote of every participant on every statement.

    Attributes
    ----------
    participants
        Row names, length n_participants, also of people without votes; numbers where they have no names.
    statements
        Columns, length n_statements, in natural order of their ids.
    votes
        CSR array, n_participants × n_statements, int8, sorted indices: agree +1, disagree −1, pass a stored 0.
    """

    participants: Sequence[str] | Sequence[int]
    statements: Sequence[Statement]
    votes: sparse.csr_array

    @classmethod
    def from_votes(
        cls,
        votes: Iterable[Vote],
        *,
        statements: Sequence[Statement] = (),
        participants: Iterable[str] = (),
    ) -> "VoteMatrix":
        """Return the matrix of a stream of votes; of several on one statement the latest counts.

        Parameters
        ----------
        votes
            In the order they were cast.
        statements
            Statements with their moderation state; those only known from votes are added as visible ones.
        participants
            Ids of people who may have cast no vote; those of the votes are added. Rows are in natural order.

        Raises
        ------
        IdError
            When two statements have the same id.

        Examples
        --------
        >>> from clustering.vocabulary import Vote, VoteValue
        >>> cast = [Vote("ann", "0", VoteValue.AGREE), Vote("ann", "0", VoteValue.PASS)]
        >>> matrix = VoteMatrix.from_votes(cast)
        >>> matrix.n_votes, matrix.votes.data.tolist()
        (1, [0])
        """
        listed = list(votes)
        known = {statement.id for statement in statements}
        extra = {vote.statement for vote in listed} - known
        columns = [*statements, *(Statement(id=name) for name in extra)]
        rows = in_natural_order({*participants, *(vote.participant for vote in listed)})
        row_of = {name: row for row, name in enumerate(rows)}
        column_of = {statement.id: column for column, statement in enumerate(columns)}
        return cls.from_arrays(
            participants=rows,
            statements=columns,
            participant_index=[row_of[vote.participant] for vote in listed],
            statement_index=[column_of[vote.statement] for vote in listed],
            values=[vote.value for vote in listed],
        )

    @classmethod
    def from_arrays(
        cls,
        *,
        participants: Sequence[str] | Sequence[int],
        statements: Sequence[Statement],
        participant_index: ArrayLike,
        statement_index: ArrayLike,
        values: ArrayLike,
    ) -> "VoteMatrix":
        """Return the matrix of votes given as three arrays; of several votes on one cell the last counts.

        Parameters
        ----------
        participants, statements
            Row and column names; statements may come in any order, columns are put in natural order.
        participant_index, statement_index
            Length n_votes: positions in `participants` and `statements`.
        values
            Length n_votes: 1, 0 or −1.

        Raises
        ------
        ShapeError
            When the three arrays differ in length or an index is out of range.
        VoteValueError
            When a value is none of 1, 0, −1.
        IdError
            When two statements, or two participants, have the same id.
        """
        rows, columns = _as_index(participant_index), _as_index(statement_index)
        cells = np.asarray(values)
        _check_votes(rows, columns, cells, shape=(len(participants), len(statements)))
        _check_distinct(participants, of="participant")
        _check_distinct([statement.id for statement in statements], of="statement")
        order = sorted(range(len(statements)), key=lambda column: natural_key(statements[column].id))
        if order != list(range(len(statements))):
            new_column = np.empty(len(statements), dtype=np.int32)
            new_column[order] = np.arange(len(statements), dtype=np.int32)
            columns = new_column[columns]
        shape = (len(participants), len(statements))
        matrix = _latest_per_cell(rows, columns, cells.astype(np.int8, copy=False), shape)
        return cls(participants, [statements[column] for column in order], matrix)

    @property
    def n_participants(self) -> int:
        """Rows, also of people without votes."""
        return self.votes.shape[0]

    @property
    def n_statements(self) -> int:
        """Columns, also of statements without votes."""
        return self.votes.shape[1]

    @property
    def n_votes(self) -> int:
        """Latest votes, passes included."""
        return self.votes.nnz

    @cached_property
    def votes_per_participant(self) -> NDArray[np.int64]:
        """Statements each participant has seen, length n_participants, moderated-out ones included."""
        return np.diff(self.votes.indptr).astype(np.int64)

    @cached_property
    def votes_per_statement(self) -> NDArray[np.int64]:
        """Participants who have seen each statement, length n_statements."""
        shape = (self.n_statements,)
        return summed_over_rows(
            seen_per_column, self.n_votes, shape, self.votes.indices, work=self.n_votes
        ).astype(np.int64)

    @cached_property
    def is_left_out(self) -> NDArray[np.bool_]:
        """Statements that take no part in the map, length n_statements: moderated out, or meta."""
        return np.array([s.is_moderated_out or s.is_meta for s in self.statements], dtype=bool)

    def rows(self, order: NDArray[np.intp]) -> "VoteMatrix":
        """Return the matrix of the participants at these positions, in this order."""
        positions: list[int] = order.tolist()
        if self.participants == range(self.n_participants):
            names: Sequence[str] | Sequence[int] = positions
        else:
            names = [str(self.participants[row]) for row in positions]
        chosen = VoteMatrix(names, self.statements, self._votes_of(order))
        # What is known of a ballot stays true wherever it stands.
        if "ballot_digests" in self.__dict__:
            chosen.__dict__["ballot_digests"] = self.ballot_digests[order]
        return chosen

    def _votes_of(self, order: NDArray[np.intp]) -> sparse.csr_array:
        votes, counts = self.votes, self.votes_per_participant[order]
        indptr = np.concatenate(([0], np.cumsum(counts))).astype(votes.indptr.dtype)
        indices, data = np.empty(indptr[-1], votes.indices.dtype), np.empty(indptr[-1], votes.data.dtype)
        arguments = (data, votes.indptr, votes.indices, votes.data, order, indptr)
        over_rows(copied_ballots, len(order), indices, *arguments, work=indices.size)
        copied = sparse.csr_array((data, indices, indptr), shape=(len(order), votes.shape[1]))
        copied.has_sorted_indices = copied.has_canonical_format = True
        return copied

    def columns(self, chosen: NDArray[np.intp]) -> "VoteMatrix":
        """Return the matrix of the statements at these positions, in this order; every participant stays."""
        statements = [self.statements[column] for column in chosen.tolist()]
        votes = self.votes[:, chosen]
        votes.sort_indices()
        return VoteMatrix(self.participants, statements, votes)

    @cached_property
    def ballot_digests(self) -> NDArray[np.uint64]:
        """A 128-bit digest of each ballot, n_participants × 2: sums modulo 2⁶⁴, exact in any order."""
        votes = self.votes
        numbers = np.arange(6 * self.n_statements, dtype=np.uint64).reshape(-1, 2)
        digests = np.empty((self.n_participants, 2), dtype=np.uint64)
        arguments = (votes.indptr, votes.indices, votes.data, _scrambled(numbers + np.uint64(1)))
        over_rows(ballot_digests, self.n_participants, digests, *arguments, work=votes.nnz)
        return digests

    def in_ballot_order(self) -> NDArray[np.intp]:
        """Return the order of participants by the content of their ballots, length n_participants.

        Sums and starts that follow this order don't depend on names, numbers or arrival, so the same ballots
        give the same map bit for bit. Equal ballots stand side by side and are interchangeable.
        """
        return self._ballot_order

    @cached_property
    def _ballot_order(self) -> NDArray[np.intp]:
        """By how many votes, then by digest: one number a ballot, cut to 64 bits, sorts all but a few."""
        key = (self.votes_per_participant.astype(np.uint64) << np.uint64(44)) | (
            self.ballot_digests[:, 0] >> np.uint64(20)
        )
        order = np.argsort(key, kind="stable")
        is_tied = np.flatnonzero(np.diff(key[order]) == 0)
        if is_tied.size:
            tied = np.union1d(is_tied, is_tied + 1)
            rows = order[tied]
            order[tied] = rows[np.lexsort((*self.ballot_digests[rows].T[::-1], key[rows]))]
        return order

    def digest(self) -> str:
        """Return the SHA-256 of statement ids, moderation and votes, row by row, without participants' names.

        Of a matrix in ballot order it is the digest of the ballots, whoever cast them and when.
        """
        text = sha256()
        for statement in self.statements:
            text.update(f"{statement.id}\0{statement.is_moderated_out:d}{statement.is_meta:d}\0".encode())
        for part, kind in ((self.votes.indptr, "<i8"), (self.votes.indices, "<i4"), (self.votes.data, "<i1")):
            text.update(np.ascontiguousarray(part, dtype=kind).data)
        return f"sha256:{text.hexdigest()}"


def _as_index(positions: ArrayLike) -> NDArray[np.integer]:
    array = np.asarray(positions)
    return array.astype(np.int32) if array.size == 0 or array.dtype.kind not in "iu" else array


def _check_votes(
    rows: NDArray[np.integer], columns: NDArray[np.integer], cells: NDArray, *, shape: tuple[int, int]
) -> None:
    if not rows.shape == columns.shape == cells.shape or rows.ndim != 1:
        raise ShapeError(
            "votes: expected three arrays of equal length, got "
            f"participants {rows.shape}, statements {columns.shape}, values {cells.shape}"
        )
    if rows.size == 0:
        return
    for name, index, limit in (("participant", rows, shape[0]), ("statement", columns, shape[1])):
        if index.min() < 0 or index.max() >= limit:
            raise ShapeError(f"{name} index: expected 0 to {limit - 1}, got {index.min()} to {index.max()}")
    # Booleans are refused by their type: True is no vote, though it equals 1.
    wrong = np.ones(cells.shape, bool) if cells.dtype.kind not in "iu" else (cells < -1) | (cells > 1)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise VoteValueError(f"vote {at}: expected 1, 0 or -1, got {cells[at]!r} ({cells.dtype})")


def _check_distinct(names: Sequence[str] | Sequence[int], *, of: str) -> None:
    # A range of numbers is distinct by construction; looking would cost more than the rest of the check.
    if isinstance(names, range) or len(set(names)) == len(names):
        return
    seen: set[str | int] = set()
    twice = next(name for name in names if name in seen or seen.add(name))
    raise IdError(f"{of} id: {twice!r} stands twice; every {of} needs its own id")


def _latest_per_cell(
    rows: NDArray[np.integer], columns: NDArray[np.integer], cells: NDArray[np.int8], shape: tuple[int, int]
) -> sparse.csr_array:
    """Return the CSR array in which the last vote on each cell stands."""
    key = rows.astype(np.int64) * max(shape[1], 1) + columns
    if key.size and not (key[1:] > key[:-1]).all():
        order = _stable_order(rows, columns)
        key, columns, cells = key[order], columns[order], cells[order]
        is_last = np.append(key[1:] != key[:-1], True)
        key, columns, cells = key[is_last], columns[is_last], cells[is_last]
    counts = np.bincount(key // max(shape[1], 1), minlength=shape[0]) if key.size else np.zeros(shape[0], int)
    indptr = np.concatenate(([0], np.cumsum(counts)))
    index_type = np.int32 if key.size < 2**31 else np.int64
    matrix = sparse.csr_array(
        (cells, columns.astype(index_type), indptr.astype(index_type)), shape=shape, copy=False
    )
    matrix.has_sorted_indices = True
    matrix.has_canonical_format = True
    return matrix


def _stable_order(rows: NDArray[np.integer], columns: NDArray[np.integer]) -> NDArray[np.intp]:
    """Return the order by (row, column, position): a radix sort, sixteen bits at a time.

    NumPy's stable sort is a linear radix sort only for 16-bit integers; five million votes take 0.3 s so,
    against 1 s for sorting one 64-bit key.
    """
    order = np.arange(rows.size)
    for index in (columns, rows):
        for shift in range(0, max(int(index.max(initial=0)).bit_length(), 1), 16):
            digit = ((index >> shift) & 0xFFFF).astype(np.uint16)
            order = order[np.argsort(digit[order], kind="stable")]
    return order


def _scrambled(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return well-mixed 64-bit numbers: the SplitMix64 finaliser (Steele, Lea and Flood 2014, fig. 17)."""
    z = numbers * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
