"""A conversation becomes a zip for others, in one of the forms that docs/exports.md describes."""

from collections.abc import Callable, Iterator
from enum import StrEnum

from service.exports.archive import archive
from service.exports.manifest import Progress, unwatched
from service.exports.open_table import open_table
from service.exports.parquet_files import parquet_files
from service.exports.polis_files import polis_files
from service.store.database import Store
from service.store.records import Conversation


class ExportForm(StrEnum):
    """What an export is for: restoring it here, Polis's tools, open data, or data frames."""

    ZIP = "zip"
    POLIS = "polis"
    MATRIX = "matrix"
    PARQUET = "parquet"


_WRITERS: dict[ExportForm, Callable[..., Iterator[bytes]]] = {
    ExportForm.ZIP: archive,
    ExportForm.POLIS: polis_files,
    ExportForm.MATRIX: open_table,
    ExportForm.PARQUET: parquet_files,
}


def export_conversation(
    store: Store, conversation: Conversation, form: ExportForm, *, progress: Progress = unwatched
) -> Iterator[bytes]:
    """Yield a zip piece by piece; the conversation is read at one moment, in bounded memory."""
    return _WRITERS[form](store, conversation, progress=progress)
