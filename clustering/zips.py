"""Open a zip that anybody may have damaged or made to do harm: whatever is wrong is told in one line."""

import lzma
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from clustering.errors import ExchangeError

UNPACKING_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
)
"""What reading a damaged file of a zip raises: one changed byte may name another way of packing."""


def open_zip(file: Path | BinaryIO) -> zipfile.ZipFile:
    """Return a zip, its list of files read.

    Raises
    ------
    ExchangeError
        When it is none, or its list of files is damaged; the caller names the file.
    """
    try:
        return zipfile.ZipFile(file)
    # A list of files is damaged in many ways: a name that is no text is a ValueError, a place before the file's
    # start an OSError or a ValueError, and a version or a packing that doesn't exist a NotImplementedError.
    except (*UNPACKING_FAULTS, ValueError, OverflowError) as error:
        raise ExchangeError(f"no zip that can be read ({error})") from None
