"""Read our own zip: every file is compared with its checksum before anything is believed."""

import hashlib
import hmac
import re
import secrets
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import orjson

from clustering.errors import ClusteringError, ExchangeError
from clustering.vocabulary import identifier
from clustering.zips import UNPACKING_FAULTS, open_zip
from service.exports.archive import (
    CHANGES,
    CONVERSATION,
    EXCLUSIONS,
    FILES,
    FORM,
    FORM_VERSION,
    PARTICIPANT_COLUMNS,
    PARTICIPANTS,
    STATEMENTS,
    VOTE_COLUMNS,
    VOTES,
    home_of,
)
from service.exports.manifest import MANIFEST
from service.store.records import StatementState
from service.store.restoring import Restored

MAX_LINE_BYTES = 1 << 20
"""Longest line accepted: a statement with its translations has some thousands."""
MAX_WORDS_BYTES = 1 << 20
"""Largest manifest and `conversation.json` accepted."""
MAX_RATIO = 200
"""How many times larger than in the zip a file may be, beyond `FREE_BYTES`; a log of votes is ten times."""
FREE_BYTES = 16 << 20
MAX_UNPACKED_BYTES = 4 << 30
"""Largest file accepted: a hundred million votes."""
PIECE_BYTES = 1 << 16
MAX_NUMBER = 2**31 - 1
MAX_SEQUENCE = 2**53 - 1

_CHANNEL = re.compile(r"([a-z0-9][a-z0-9-]{0,39})?", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_VALUES = frozenset({"1", "0", "-1", "2"})


def is_archive(path: Path) -> bool:
    """Return whether a file claims to be a zip of ours, rather than somebody else's export."""
    if path.is_dir() or not zipfile.is_zipfile(path):
        return False
    try:
        with open_zip(path) as opened:
            return MANIFEST in opened.namelist()
    except ExchangeError:
        return False


class Archive:
    """A zip of ours whose files are as they were written; `words` and `manifest` are read already."""

    def __init__(self, opened: zipfile.ZipFile, path: Path) -> None:
        self.path = path
        self._opened = opened
        self.manifest = self._document(MANIFEST)
        self._check_kind()
        self._check_files()
        self.words = self._document(CONVERSATION)
        for name, kind in _WORDS.items():
            if not _is_a(self.words.get(name), kind):
                raise self._error(f"{CONVERSATION}: {name} is missing or of another kind")

    def is_home(self, secret: bytes, *, tenant: str, conversation_id: str) -> bool:
        """Return whether people would find their own votes again here, under this tenant and id."""
        home = home_of(secret, tenant=tenant, conversation_id=conversation_id)
        return hmac.compare_digest(home, str(self.manifest.get("home")))

    def rows(self, *, keeps_hashes: bool) -> Restored:
        """Return what is to be restored; whether it is possible shows while it is read.

        Parameters
        ----------
        keeps_hashes
            Whether hashes of participants' ids are kept. Elsewhere than at home they say nothing; they are
            replaced, the same by the same, so that nobody can compare them with where they come from.
        """
        replacing = secrets.token_bytes(32)

        def hashed(digits: Any, where: str) -> bytes:
            if not isinstance(digits, str) or not _HASH.fullmatch(digits):
                raise self._error(f"{where}: expected a hash of 64 digits")
            known = bytes.fromhex(digits)
            return known if keeps_hashes else hmac.digest(replacing, known, "sha256")

        return Restored(
            created_at=self.words["created_at"],
            sequence=self._count("sequence", MAX_SEQUENCE),
            n_participants=self._count("n_participants", MAX_NUMBER),
            n_statements=self._count("n_statements", MAX_NUMBER),
            n_votes=self._count("n_votes", MAX_NUMBER),
            statements=self._statements(hashed),
            participants=self._participants(hashed),
            changes=self._changes(),
            left_out=self._left_out(),
            votes=self._votes(),
        )

    def _statements(self, hashed: Callable[[Any, str], bytes]) -> Iterator[dict[str, Any]]:
        number = -1
        for number, (where, one) in enumerate(self._records(STATEMENTS, _STATEMENT)):
            if one["number"] != number:
                raise self._error(f"{where}: expected statement number {number}")
            try:
                kept = {
                    "id": identifier(one["id"], of="statement"),
                    "state": StatementState(one["state"]).value,
                }
            except (ClusteringError, ValueError) as error:
                raise self._error(f"{where}: {error}") from None
            author = None if one["author_hash"] is None else hashed(one.pop("author_hash"), where)
            yield one | kept | {"author_hash": author}
        self._check_all(STATEMENTS, number + 1, self._count("n_statements", MAX_NUMBER))

    def _participants(self, hashed: Callable[[Any, str], bytes]) -> Iterator[tuple[int, bytes, str]]:
        number = -1
        for number, (where, cells) in enumerate(self._rows(PARTICIPANTS, PARTICIPANT_COLUMNS)):
            if cells[0] != str(number):
                raise self._error(f"{where}: expected participant {number}")
            if not _CHANNEL.fullmatch(cells[2]):
                raise self._error(f"{where}: '{cells[2]:.40}' is no channel")
            yield number, hashed(cells[1], where), cells[2]
        self._check_all(PARTICIPANTS, number + 1, self._count("n_participants", MAX_NUMBER))

    def _changes(self) -> Iterator[dict[str, Any]]:
        before, reached = 0, self._count("sequence", MAX_SEQUENCE)
        for where, one in self._records(CHANGES, _CHANGE):
            if not before < one["sequence"] <= reached:
                raise self._error(f"{where}: sequence {one['sequence']} is out of order")
            before = one["sequence"]
            yield one

    def _left_out(self) -> Iterator[dict[str, Any]]:
        before, n_participants = -1, self._count("n_participants", MAX_NUMBER)
        for where, one in self._records(EXCLUSIONS, _EXCLUSION):
            if not before < one["participant"] < n_participants:
                raise self._error(f"{where}: there is no participant {one['participant']}, or not here")
            before = one["participant"]
            yield {"participant_number": one.pop("participant"), **one}

    def _votes(self) -> Iterator[tuple[int, ...]]:
        n_participants, n_statements = (self._count(f"n_{one}", MAX_NUMBER)
                                        for one in ("participants", "statements"))  # fmt: skip
        before, reached, n_lines = 0, self._count("sequence", MAX_SEQUENCE), 0
        for where, cells in self._rows(VOTES, VOTE_COLUMNS):
            try:
                sequence, who, what, value, when = map(int, cells)
            except ValueError:
                raise self._error(f"{where}: expected whole numbers") from None
            is_known = 0 <= who < n_participants and 0 <= what < n_statements and cells[3] in _VALUES
            if not (is_known and before < sequence <= reached and 0 <= when <= MAX_SEQUENCE):
                raise self._error(f"{where}: this vote can't be: {','.join(cells):.60}")
            before, n_lines = sequence, n_lines + 1
            yield sequence, who, what, value, when
        self._check_all(VOTES, n_lines, self._count("n_vote_lines", MAX_SEQUENCE))

    def _records(self, name: str, kinds: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the records of a file with a JSON object on each line, and where each stands."""
        for number, line in enumerate(self._lines(name), start=1):
            where = f"{name} line {number}"
            try:
                one = orjson.loads(line)
            except orjson.JSONDecodeError:
                raise self._error(f"{where}: no JSON") from None
            if not isinstance(one, dict) or one.keys() != kinds.keys():
                raise self._error(f"{where}: expected an object with {', '.join(kinds)}")
            for key, kind in kinds.items():
                if not _is_a(one[key], kind):
                    raise self._error(f"{where}: {key} is of another kind")
            yield where, one

    def _rows(self, name: str, columns: str) -> Iterator[tuple[str, list[str]]]:
        """Yield the cells of a table of numbers, and where each row stands."""
        lines, n_cells = self._lines(name), columns.count(",") + 1
        if next(lines, b"").decode("ascii", "replace") != columns:
            raise self._error(f"{name} line 1: expected {columns}")
        for number, line in enumerate(lines, start=2):
            cells = line.decode("ascii", "replace").split(",")
            if len(cells) != n_cells:
                raise self._error(f"{name} line {number}: expected {n_cells} cells, got {len(cells)}")
            yield f"{name} line {number}", cells

    def _lines(self, name: str) -> Iterator[bytes]:
        with self._reading(name) as file:
            while line := file.readline(MAX_LINE_BYTES + 1):
                if len(line) > MAX_LINE_BYTES:
                    raise self._error(f"{name}: a line is longer than {MAX_LINE_BYTES:,} bytes")
                yield line.rstrip(b"\n")

    def _document(self, name: str) -> dict[str, Any]:
        try:
            with self._reading(name) as file:
                found = orjson.loads(file.read(MAX_WORDS_BYTES))
        except orjson.JSONDecodeError:
            raise self._error(f"{name}: no JSON, or longer than {MAX_WORDS_BYTES:,} bytes") from None
        if not isinstance(found, dict):
            raise self._error(f"{name}: expected a JSON object")
        return found

    def _check_kind(self) -> None:
        form, form_version = self.manifest.get("format"), self.manifest.get("format_version")
        if form != FORM:
            raise self._error(f"it is '{form!s:.40}'; only '{FORM}' can be imported (export with --format zip)")
        if form_version != FORM_VERSION:
            raise self._error(f"it is of version {form_version!s:.20}; this release reads {FORM_VERSION}")

    def _check_files(self) -> None:
        """Compare every file with what the manifest says of it."""
        told = self.manifest.get("files")
        files = (
            {one.get("name"): one for one in told if isinstance(one, dict)} if isinstance(told, list) else {}
        )
        if files.keys() != set(FILES):
            raise self._error(f"the manifest must name {', '.join(FILES)}")
        if sorted(self._opened.namelist()) != sorted((*FILES, MANIFEST)):
            raise self._error("a file is missing, twice there, or doesn't belong")
        for name in FILES:
            digest, n_bytes = hashlib.sha256(), 0
            with self._reading(name) as file:
                while piece := file.read(PIECE_BYTES):
                    digest.update(piece)
                    n_bytes += len(piece)
            if n_bytes != files[name].get("n_bytes") or digest.hexdigest() != files[name].get("sha256"):
                raise self._error(f"{name} is not what was exported: its checksum differs")

    def _check_all(self, name: str, n_found: int, n_told: int) -> None:
        if n_found != n_told:
            raise self._error(f"{name}: expected {n_told} rows, got {n_found}")

    def _count(self, name: str, most: int) -> int:
        found = self.manifest.get(name)
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= most:
            raise self._error(f"{MANIFEST}: {name} is missing or can't be")
        return found

    @contextmanager
    def _reading(self, name: str) -> Iterator[IO[bytes]]:
        try:
            info = self._opened.getinfo(name)
            if info.file_size > MAX_UNPACKED_BYTES:
                raise self._error(f"{name} unpacks to more than {MAX_UNPACKED_BYTES:,} bytes")
            if info.file_size > FREE_BYTES + MAX_RATIO * info.compress_size:
                raise self._error(f"{name} unpacks to far more than a file of its kind")
            if info.flag_bits & 1:
                raise self._error(f"{name} is encrypted")
            with self._opened.open(name) as file:
                yield file
        except KeyError:
            raise self._error(f"{name} is missing") from None
        except UNPACKING_FAULTS as error:
            raise self._error(f"{name} is damaged ({error})") from None

    def _error(self, said: str) -> ExchangeError:
        return ExchangeError(f"{self.path.name}: {said}")


def _is_a(value: Any, kind: Any) -> bool:
    """Return whether a JSON value is of a kind; whole numbers are those the store can keep."""
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SEQUENCE
    return isinstance(value, kind)


_WORDS: dict[str, Any] = {
    "id": str,
    "question": str,
    "description": str,
    "language": str,
    "is_open": bool,
    "is_test": bool,
    "settings": dict,
    "created_at": int,
}
_STATEMENT: dict[str, Any] = {
    "number": int,
    "id": str,
    "text": str,
    "state": str,
    "is_meta": bool,
    "language": str,
    "created_at": int,
    "reason": str,
    "translations": dict,
    "author_hash": str | None,
}
_CHANGE: dict[str, Any] = {"sequence": int, "kind": str, "payload": dict, "made_at": int}
_EXCLUSION: dict[str, Any] = {"participant": int, "is_erased": bool, "reason": str, "made_at": int}


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """Yield a zip of ours, its checksums compared.

    Raises
    ------
    ExchangeError
        When it is damaged or no zip of ours, in one line.
    """
    with path.open("rb") as file:
        # Opened here, so that it is closed too when reading a file of it is broken off.
        try:
            opened = open_zip(file)
        except ExchangeError as error:
            raise ExchangeError(f"{path.name}: {error}") from None
        with opened:
            yield Archive(opened, path)
