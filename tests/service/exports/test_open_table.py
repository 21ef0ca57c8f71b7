"""The table for open data: ballots that can't be ordered, named or timed, and a warning that says so."""

import csv
import io
import json
import re

from service.store import participants


def rows_of(files, name="ballots.csv"):
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8"))))


def test_ballots_are_those_of_the_map_on_visible_statements(eventful, exported):
    files = exported(eventful, "matrix")
    rows = rows_of(files)
    shown = [row["statement"] for row in rows_of(files, "statements.csv")]
    assert shown == ["0", "1", "2", "4", "5", "6", "7", "8"]
    assert list(rows[0]) == ["row", "first_day", "last_day", *shown]
    expected = []
    for person in (0, 1, 2, 3, 6, 7):
        ballot = {str(number): str((person + number) % 3 - 1) for number in range(9)}
        if person == 2:
            ballot["0"] = "1"
        if person == 3:
            ballot["1"] = ""
        expected.append([ballot[name] for name in shown])
    assert sorted([row[name] for name in shown] for row in rows) == sorted(expected)
    assert sorted(int(row["row"]) for row in rows) == list(range(1, 7))


def test_nothing_in_it_names_or_times_anybody(store, eventful, exported):
    files = exported(eventful, "matrix")
    assert files["READ-ME-FIRST.txt"].startswith(b"Pseudonymous, not anonymous.")
    together = b"\n".join(files.values()).decode()
    for person in range(8):
        assert participants.id_hash(store, eventful, f"p{person}").hex() not in together
    for row in rows_of(files):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["first_day"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["last_day"])
    assert "Somebody's robot" not in together


def test_every_export_has_another_order(two_sided, exported):
    orders = {
        tuple(tuple(row[str(number)] for number in range(10)) for row in rows_of(exported(two_sided, "matrix")))
        for _ in range(4)
    }
    # That two of four orders of twenty different ballots are the same has a chance of 10⁻¹⁸.
    assert len(orders) == 4
    assert len({tuple(sorted(order)) for order in orders}) == 1


def test_the_manifest_says_how_many_ballots_are_unlike_all_others(store, two_sided, exported, vote):
    from service.store import votes

    told = json.loads(exported(two_sided, "matrix")["manifest.json"])
    assert told["banner"].startswith("Pseudonymous, not anonymous.")
    assert (told["n_ballots"], told["n_unique_ballots"], told["share_unique_ballots"]) == (20, 20, 1.0)
    for person in ("twin 1", "twin 2"):
        votes.record(store, two_sided, [vote(person, "0", 1), vote(person, "1", 1)])
    told = json.loads(exported(two_sided, "matrix")["manifest.json"])
    assert (told["n_ballots"], told["n_unique_ballots"]) == (22, 20)
    assert told["share_unique_ballots"] == round(20 / 22, 4)


def test_an_empty_conversation_is_an_empty_table(store, conversation, exported):
    for form, tables in (("matrix", ["ballots.csv"]), ("polis", ["votes.csv", "participants-votes.csv"])):
        files = exported(conversation, form)
        for name in tables:
            assert rows_of(files, name) == []
    assert json.loads(exported(conversation, "matrix")["manifest.json"])["share_unique_ballots"] == 0.0
