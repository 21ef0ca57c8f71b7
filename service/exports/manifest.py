"""What every export says of itself: which conversation, which moment, which sign, and the hash of each file."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import orjson

from service.exports.zip_stream import Written
from service.store.exporting import MapStamp, Reading

Progress = Callable[[int, int], None]
"""Told how many of how many votes are written."""

MANIFEST = "manifest.json"
VALUES = {"agree": 1, "disagree": -1, "pass": 0}
WITHDRAWN_VALUE = {"withdrawn": 2}


def unwatched(_done: int, _of: int) -> None:
    """Stand where progress is told, and tell nobody."""


def manifest(
    reading: Reading,
    published: MapStamp | None,
    *,
    form: str,
    form_version: int,
    files: Sequence[Written],
    more: dict[str, Any],
) -> bytes:
    """Return the manifest of an export, as JSON.

    Parameters
    ----------
    reading
        The conversation at the moment of the export.
    published
        The map published last, if any.
    form, form_version
        Which kind of export this is, and which version of it.
    files
        Every other file of the zip.
    more
        What only this kind of export tells; it goes before what all tell.
    """
    counts = reading.counts
    document = {
        "format": form,
        "format_version": form_version,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "made_by": f"poldermodel {_release()}",
        "conversation": reading.conversation.id,
        "sequence": counts.sequence,
        "votes_are": VALUES,
        "group_map": _map(published, counts.sequence),
        "settings": dict(reading.conversation.settings),
        **more,
        "files": [asdict(file) for file in files],
    }
    return json_of(document, is_indented=True)


def json_of(document: Any, *, is_indented: bool = False) -> bytes:
    """Return a JSON document with a line end."""
    options = orjson.OPT_APPEND_NEWLINE | (orjson.OPT_INDENT_2 if is_indented else 0)
    return orjson.dumps(document, option=options)


def _map(published: MapStamp | None, sequence: int) -> dict[str, Any] | None:
    """Return which map was published, and whether it is the map of the very votes exported."""
    if published is None:
        return None
    return {
        "method_version": published.method_version,
        "sequence": published.sequence,
        "result_hash": published.result_hash,
        "is_of_these_votes": published.sequence == sequence,
    }


def _release() -> str:
    try:
        return version("poldermodel")
    except PackageNotFoundError:
        return "not installed"
