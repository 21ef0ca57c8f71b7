"""What Polis's API answered, field by field, and which sign the counts prove."""

import json

import numpy as np
import pytest

from clustering.errors import ExchangeError
from clustering.exchange import read_polis_export
from clustering.exchange.sign import sign_of

VOTES = [
    {"pid": 10, "tid": 0, "vote": -1, "modified": "10.7"},
    {"pid": 2, "tid": 1, "vote": 1, "modified": 0},
    {"pid": 10, "tid": 9, "vote": 0},
    {"pid": 2, "tid": 7, "vote": -1, "modified": "12"},
]
COMMENTS = [
    {"tid": 1, "txt": "b", "agree_count": 0, "disagree_count": 1, "mod": -1, "is_meta": True, "pid": 4},
    {"tid": 0, "txt": "a", "agree_count": 1, "disagree_count": 0, "mod": 0, "created": "1700000000000"},
    {"tid": 2, "created": "x5"},
]


def _read(path, *, votes=VOTES, comments=COMMENTS, **others):
    for name, content in {"votes": votes, "comments": comments, **others}.items():
        (path / f"{name}.json").write_text(json.dumps(content))
    return read_polis_export(path)


def test_every_field(tmp_path):
    about = {"topic": "Which?", "description": None}
    export = _read(tmp_path, conversation=about, xids=[{"pid": 10, "xid": "me@example.org"}])
    assert (export.question, export.description, export.address) == ("Which?", "", "")
    # Statements as they are listed, then those only voted on, in natural order.
    assert [s.id for s in export.statements] == ["1", "0", "2", "7", "9"]
    assert [s.text for s in export.statements] == ["b", "a", "", "", ""]
    assert [(s.is_moderated_out, s.is_meta) for s in export.statements] == [(True, True)] + [(False, False)] * 4
    assert export.participants == ["2", "10"]
    assert export.participant_index.tolist() == [1, 0, 1, 0]
    assert export.statement_index.tolist() == [1, 0, 4, 3]
    assert export.values.tolist() == [1, -1, 0, 1]
    assert export.was_sign_turned
    # A time that isn't there, or is 0, isn't known.
    assert export.cast_at_ms.tolist() == [10, -1, -1, 12]
    assert export.published_groups == [None, None]
    assert export.statement_authors == ["4", None, None, None, None]
    assert export.statement_created_ms == [-1, 1_700_000_000_000, -1, -1, -1]
    assert export.unmoderated == {"0"}
    assert export.xids == [None, "me@example.org"]
    assert export.n_votes_changed == 0
    assert export.published_counts == [(0, 1), (1, 0), None, None, None]
    assert export.n_votes == 4


def test_who_asked_polis_knows_its_sign(tmp_path):
    export = _read(tmp_path, source={"agree": 1, "n_votes_changed": 3})
    assert (export.was_sign_turned, export.n_votes_changed) == (False, 3)
    assert export.values.tolist() == [-1, 1, 0, -1]


def test_fields_spelled_out(tmp_path):
    votes = [{"participant_id": 1, "statement_id": 5, "vote": 1}]
    comments = [
        {"statement_id": 5, "agree_count": 1, "disagree_count": 0, "moderated": -1, "participant_id": 8}
    ]
    export = _read(tmp_path, votes=votes, comments=comments)
    assert (export.participants, export.statements[0].id) == (["1"], "5")
    assert export.statements[0].is_moderated_out
    assert export.statement_authors == ["8"]
    assert export.values.tolist() == [1]


def test_a_missing_field_or_file_is_named(tmp_path):
    with pytest.raises(ExchangeError, match="entry 1: expected a field pid or participant_id, got tid, vote"):
        _read(tmp_path, votes=[VOTES[0], {"tid": 1, "vote": 1}])
    with pytest.raises(ExchangeError, match=r"entry 0: expected a field tid or statement_id, got txt"):
        _read(tmp_path, comments=[{"txt": "a"}])
    (tmp_path / "comments.json").unlink()
    with pytest.raises(ExchangeError, match=r"comments\.json"):
        read_polis_export(tmp_path)


def _sign(agrees, disagrees, values, index=None):
    index = np.zeros(len(values), int) if index is None else np.array(index)
    counts = {"n_agree": np.array(agrees), "n_disagree": np.array(disagrees)}
    return sign_of(index, np.array(values, np.int8), where="here.csv", **counts)


def test_the_sign_is_the_one_that_fits_the_counts_better():
    assert _sign([3], [1], [1, 1, 1, -1]) == 1
    assert _sign([3], [1], [-1, -1, -1, 1]) == -1
    assert _sign([2, 0], [0, 1], [-1, -1, 1, 0], [0, 0, 1, 1]) == -1
    # Four disagrees that no count tells of weigh as much as four, either way: two more decide.
    values, index = [-1, -1, -1, -1, 1, 1, 0, 0, 0, 0], [0, 1, 2, 3, 4, 4, 0, 0, 0, 0]
    assert _sign([0] * 5, [0, 0, 0, 0, 2], values, index) == -1
    # Equally many: nothing can be told, so votes are as they are written.
    assert _sign([2], [2], [1, 1, -1, -1]) == 1
    assert _sign([0], [0], []) == 1


def test_half_of_the_votes_may_contradict_the_counts():
    # Counted are 7 and 1: off by two agrees as written, by six and four turned round.
    assert _sign([7], [1], [1] * 5 + [-1]) == 1
    assert _sign([8], [1], [1] * 5 + [-1]) == 1
    with pytest.raises(ExchangeError, match=r"here\.csv: .* \(4 and 12 of 6 votes differ\)"):
        _sign([9], [1], [1] * 5 + [-1])
