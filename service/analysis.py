"""The analysis alone: an export in, the group map as files out; no store, no queue, no server."""

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.exports.cells import as_text

if TYPE_CHECKING:
    from clustering.exchange import Export
    from clustering.group_map import GroupMap
    from clustering.settings import MapSettings

Step = Callable[[str], None]
FILES = ("group-map.json", "participants.csv", "statements.csv", "pca2.json")


def analyse(
    path: Path,
    out: Path,
    *,
    settings: "MapSettings",
    certainty: bool = False,
    step: Step = lambda _: None,
) -> dict[str, Any]:
    """Read an export, compute its group map, write the four files and return the group map's document.

    Parameters
    ----------
    path
        A Polis export: folder or zip.
    out
        Folder for `group-map.json`, `participants.csv`, `statements.csv` and `pca2.json`; made if absent.
        Files of an earlier analysis are replaced, all four or none.
    settings
        Method, seed and forced number of groups.
    certainty
        Whether to judge how far the map can be trusted, which takes from seconds to a minute; it stands under
        `assessment` and is not covered by `result_hash`.
    step
        Told in words what is being done, for progress on long work.

    Raises
    ------
    ExchangeError
        When the export can't be read; nothing is written.
    OSError
        When the folder can't be written.
    """
    from clustering.exchange import read_polis_export
    from clustering.pipeline import compute_group_map

    step("Reading the export")
    export = read_polis_export(path)
    step(f"Computing the group map of {export.n_votes:,} votes")
    group_map = compute_group_map(export.vote_matrix(), settings=settings)
    document = group_map.to_document()
    if certainty:
        from clustering.assessment import assessment

        step("Judging how sure it is")
        document["assessment"] = assessment(group_map).to_document(smallest=1)
    step("Writing the files")
    _write_all(out, export, group_map, document)
    return document


def _write_all(out: Path, export: "Export", group_map: "GroupMap", document: dict[str, Any]) -> None:
    from clustering.exchange.pca2 import pca2_document

    if out.exists() and not out.is_dir():
        raise NotADirectoryError(f"{out}: expected a folder to write to, and this is a file")
    out.mkdir(parents=True, exist_ok=True)
    # Everything is written aside first, so that a full disk leaves the earlier files as they were.
    aside = Path(tempfile.mkdtemp(prefix=".analysis-", dir=out))
    try:
        last_vote = int(export.cast_at_ms.max(initial=0))
        (aside / FILES[0]).write_text(_json(document), encoding="utf-8")
        _write_table(aside / FILES[1], _participant_rows(export, group_map))
        _write_table(aside / FILES[2], _statement_rows(export, document))
        (aside / FILES[3]).write_text(_json(pca2_document(group_map, last_vote_ms=last_vote)), encoding="utf-8")
        for name in FILES:
            (aside / name).replace(out / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _write_table(path: Path, rows: Iterator[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _participant_rows(export: "Export", group_map: "GroupMap") -> Iterator[Sequence[Any]]:
    """Yield one row per participant, in the order and with the ids of the export."""
    from clustering.vocabulary import GROUP_LETTERS
    from clustering.written_form import rounded

    yield "participant", "x", "y", "placed", "group", "n_votes"
    places = rounded(group_map.as_given(group_map.places)).tolist()
    placed = group_map.as_given(group_map.is_placed).tolist()
    labels = group_map.as_given(group_map.labels).tolist()
    n_votes = group_map.as_given(group_map.matrix.votes_per_participant).tolist()
    for row, name in enumerate(export.participants):
        place = places[row] if n_votes[row] else ("", "")
        group = GROUP_LETTERS[labels[row]] if labels[row] >= 0 else ""
        yield name, *place, str(placed[row]).lower(), group, n_votes[row]


def _statement_rows(export: "Export", document: dict[str, Any]) -> Iterator[Sequence[Any]]:
    texts = {statement.id: statement.text for statement in export.statements}
    letters = [group["group"] for group in document["groups"]]
    plain = ["is_moderated_out", "is_meta", "n_agree", "n_disagree", "n_pass", "n_seen"]
    scores = ["extremity", "group_aware_consensus", "priority"]
    counts = ["n_agree", "n_disagree", "n_pass", "n_seen"]
    per_group = [f"{count}_{letter}" for letter in letters for count in counts]
    yield "statement", "text", *plain, "x", "y", *scores, *per_group
    for entry in document["statements"]:
        values = [
            str(value).lower() if isinstance(value, bool) else value for value in (entry[key] for key in plain)
        ]
        groups = [entry["groups"][letter][count] for letter in letters for count in counts]
        text = as_text(texts[entry["statement"]])
        yield entry["statement"], text, *values, *entry["place"], *(entry[key] for key in scores), *groups
