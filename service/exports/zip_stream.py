"""A zip that is sent while it is made: nothing of it waits anywhere, whatever its size."""

import hashlib
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

PIECE_BYTES = 65_536
"""How much gathers before it is sent on."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the zip: its name, its size unpacked, and the SHA-256 of what it says."""

    name: str
    n_bytes: int
    sha256: str


class _Gathering:
    """Stands where a file would stand, and gives away what was written to it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.n_bytes = 0

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        self.n_bytes += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        gathered = b"".join(self._pieces)
        self._pieces, self.n_bytes = [], 0
        return gathered


class ZipStream:
    """A zip in the making; each method yields what can be sent already, and must be read to its end."""

    def __init__(self) -> None:
        self._gathering = _Gathering()
        # Without `seek` the sizes of a file follow it, as the format allows; every unzipper knows that.
        self._zip = zipfile.ZipFile(self._gathering, "w", zipfile.ZIP_DEFLATED)  # type: ignore[arg-type]
        self.files: list[Written] = []

    def member(self, name: str, pieces: Iterable[bytes], *, is_packed: bool = False) -> Iterator[bytes]:
        """Add a file that comes in pieces; one that is packed in itself is not packed again."""
        info = zipfile.ZipInfo(name, time.gmtime()[:6])
        info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        digest, n_bytes = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                n_bytes += len(piece)
                if self._gathering.n_bytes >= PIECE_BYTES:
                    yield self._gathering.taken()
        self.files.append(Written(name, n_bytes, digest.hexdigest()))

    def end(self) -> Iterator[bytes]:
        """Write the list of files that a zip ends with; without it nothing of the zip can be read."""
        self._zip.close()
        yield self._gathering.taken()
