"""Real conversations: what comes in is what goes out, and `math/pca2` has the shape that Polis gave it."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from clustering.exchange import read_polis_export
from service.actions.import_conversation import import_conversation
from service.store import conversations, reports

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
EXPORTS = sorted(path.name for path in (DATA / "polis-exports").iterdir())
RECORDED = sorted(path.name for path in (DATA / "polis-recorded").iterdir())


@pytest.fixture
def brought(parts):
    """Import a folder; return the conversation's id."""

    def bring(folder):
        read = read_polis_export(folder)
        settings = {"polis": {"open_data": True}}
        made = import_conversation(parts.store, parts.map_requests, read, elsewhere=read)
        return conversations.change(parts.store, made, settings=settings)

    return bring


def rows_of(text):
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("name", EXPORTS)
def test_what_is_exported_is_what_was_imported(public, parts, brought, name):
    folder = DATA / "polis-exports" / name
    made = brought(folder)
    report = reports.create(parts.store, made)
    base = f"/api/v3/reportExport/{report.id}"
    if (folder / "votes.csv").exists():
        _, *lines = rows_of((folder / "votes.csv").read_text())
        latest = {}
        for when, _, tid, pid, value in lines:
            if latest.get((int(tid), int(pid)), ("0",))[0] <= when:
                latest[int(tid), int(pid)] = (when, value)
        expected = "".join(
            f"{int(when) // 1000},{tid},{pid},{value}\n" for (tid, pid), (when, value) in sorted(latest.items())
        )
        _, *found = rows_of(public.get(f"{base}/votes.csv").text)
        assert "".join(f"{when},{tid},{pid},{value}\n" for when, _, tid, pid, value in found) == expected
    theirs = by_participant((folder / "participants-votes.csv").read_text())
    ours = by_participant(public.get(f"{base}/participant-votes.csv").text)
    # People without a vote have no row here.
    assert set(ours) == {pid for pid, row in theirs.items() if row["n-votes"] != "0"}
    different = [
        (pid, column, cell, mine.get(column))
        for pid, mine in ours.items()
        for column, cell in theirs[pid].items()
        if column not in OTHER_COLUMNS and mine.get(column) != cell
    ]
    assert different == []


OTHER_COLUMNS = {"group-id", "xid"}
"""Groups are those of our map; external ids stand in a table of their own, for those who may see them."""


def by_participant(text):
    return {row["participant"]: row for row in csv.DictReader(io.StringIO(text))}


def kinds(value):
    """The shape of a document: names and types, whatever the numbers; lists and tables by what is in them."""
    if isinstance(value, dict):
        if value and all(key.lstrip("-").isdigit() for key in value):
            return {"<number>": merged(kinds(one) for one in value.values())}
        return {key: kinds(one) for key, one in value.items()}
    if isinstance(value, list):
        return [merged(kinds(one) for one in value)] if value else []
    # A whole number may stand where a fraction may.
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def merged(shapes):
    found = []
    for shape in shapes:
        if shape not in found and shape != []:
            found.append(shape)
    return sorted(found, key=str)


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_map_has_the_recorded_shape_and_numbers(public, parts, brought, drawn, name):
    folder = DATA / "polis-recorded" / name
    recorded = json.loads((folder / "math-pca2.json").read_text())
    made = brought(folder)
    drawn(made.number)
    found = public.get(f"/api/v3/math/pca2?conversation_id={made.id}").json
    assert set(found) == set(recorded)
    for key, value in recorded.items():
        theirs, ours = kinds(value), kinds(found[key])
        assert theirs == ours or ours in ([], {}), key
    for key in ("n", "n-cmts", "user-vote-counts", "meta-tids"):
        assert found[key] == recorded[key], key
    assert sorted(found["tids"]) == sorted(recorded["tids"])
    assert sorted(found["mod-out"]) == sorted(recorded["mod-out"])
    check_numbers(found, recorded)
    check_counts(found, recorded)


# Both sides compute in double precision; 1e-9 is what the comparison with Polis is held to everywhere.
CLOSE = {"rtol": 0.0, "atol": 1e-9}


def check_numbers(found, recorded):
    """What depends on votes alone, and not on which groups were drawn: centre, axes, places, consensus."""
    at = [found["tids"].index(tid) for tid in recorded["tids"]]
    ours = {name: np.array(value, dtype=float)[..., at] for name, value in found["pca"].items()}
    theirs = {name: np.array(value, dtype=float) for name, value in recorded["pca"].items()}
    # An axis has no sign of its own.
    turn = np.sign((ours["comps"] * theirs["comps"]).sum(axis=1))[:, None]
    assert_allclose(ours["center"], theirs["center"], **CLOSE)
    assert_allclose(ours["comps"] * turn, theirs["comps"], **CLOSE)
    assert_allclose(ours["comment-projection"] * turn, theirs["comment-projection"], **CLOSE)
    assert_allclose(ours["comment-extremity"], theirs["comment-extremity"], **CLOSE)
    for side, listed in recorded["consensus"].items():
        assert [one["tid"] for one in found["consensus"][side]] == [one["tid"] for one in listed]
        for mine, their in zip(found["consensus"][side], listed, strict=True):
            assert mine == pytest.approx(their, rel=0, abs=1e-9)
    # The store keeps whole seconds.
    assert found["lastVoteTimestamp"] == recorded["lastVoteTimestamp"] // 1_000 * 1_000
    # A person alone in a base cluster stands where Polis put them.
    alone = lone_places(found), lone_places(recorded)
    for pid in alone[0].keys() & alone[1].keys():
        assert_allclose(np.array(alone[0][pid]) * turn[:, 0], alone[1][pid], **CLOSE)


def check_counts(found, recorded):
    """What is counted of whoever is on the map, and priorities, which follow from counts and axes."""
    here, there = set(found["in-conv"]), set(recorded["in-conv"])
    assert here <= there
    # Whoever is on the map there only came in while there were fewer statements, or fewer people.
    assert max(recorded["user-vote-counts"][str(pid)] for pid in there - here) < 7
    for document in (found, recorded):
        assert by_base(document) == by_group(document)
    ours, theirs = by_group(found), by_group(recorded)
    same = [tid for tid in theirs if ours[tid] == theirs[tid]]
    assert len(same) >= 20
    assert all(ours[tid][side] <= theirs[tid][side] for tid in theirs for side in "ADS")
    priorities = [[document["comment-priorities"][tid] for tid in same] for document in (found, recorded)]
    assert_allclose(*priorities, **CLOSE)


def by_group(document):
    groups = document["group-votes"].values()
    return {
        tid: {side: sum(one["votes"][tid][side] for one in groups) for side in "ADS"}
        for tid in document["votes-base"]
    }


def by_base(document):
    return {tid: {side: sum(one[side]) for side in "ADS"} for tid, one in document["votes-base"].items()}


def lone_places(document):
    bases = document["base-clusters"]
    return {
        members[0]: (x, y)
        for members, x, y in zip(bases["members"], bases["x"], bases["y"], strict=True)
        if len(members) == 1
    }
