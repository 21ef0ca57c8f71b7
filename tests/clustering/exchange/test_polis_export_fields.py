"""Everything that Polis's files say beside the votes, and where reading them has its limits."""

import pytest

from clustering.errors import ExchangeError
from clustering.exchange import read_polis_export

COMMENTS = (
    "timestamp,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    "1700000000,3,9,1,0,0,Third\n"
    ",1, 4 ,0,1,1,First\n"
    "1700000000123,8,,0,0,-1,Eighth\n"
)
MATRIX = "participant,xid,group-id,n-agree,n-disagree,3,1,8\n7,me@x,0,1,1,1,-1,\n2,, ,1,0,,,1\n"
LOG = (
    "timestamp,comment-id,voter-id,vote\n"
    "1700000000500,3,7,-1\n1700000000500,3,7,1\n1700000000400,1,7,-1\n1700000000900,8,2,1\n1700000000100,8,2,0\n"
)
SUMMARY = "topic,What now?\nurl,https://example.org/5abc\nconversation-description,Some, with commas\n"


@pytest.fixture
def export(tmp_path):
    """Return a function that reads an export of these files; None leaves one out."""

    def read(**changed):
        files = {"comments": COMMENTS, "participants-votes": MATRIX, "votes": LOG, "summary": SUMMARY}
        for name, text in (files | {name.replace("_", "-"): text for name, text in changed.items()}).items():
            if text is not None:
                (tmp_path / f"{name}.csv").write_text(text)
        return read_polis_export(tmp_path)

    return read


def test_what_is_said_of_the_conversation(export):
    read = export()
    assert (read.question, read.address) == ("What now?", "https://example.org/5abc")
    assert read.description == "Some, with commas"
    silent = export(summary="topic\n")
    assert (silent.question, silent.description, silent.address) == ("", "", "")


def test_what_is_said_of_statements(export):
    read = export()
    assert [s.id for s in read.statements] == ["3", "1", "8"]
    assert [s.text for s in read.statements] == ["Third", "First", "Eighth"]
    assert read.statement_authors == ["9", "4", None]
    # Seconds are told from milliseconds; a time that isn't there isn't known.
    assert read.statement_created_ms == [1_700_000_000_000, -1, 1_700_000_000_123]
    assert read.unmoderated == {"3"}
    assert [s.is_moderated_out for s in read.statements] == [False, False, True]
    assert read.published_counts == [(1, 0), (0, 1), (0, 0)]


def test_what_is_said_of_people_and_votes(export):
    read = export()
    assert read.participants == ["7", "2"]
    assert read.xids == ["me@x", None]
    assert read.published_groups == ["0", None]
    assert (read.participant_index.tolist(), read.statement_index.tolist()) == ([0, 0, 1], [0, 1, 2])
    assert read.values.tolist() == [1, -1, 1]
    assert read.cast_at_ms.tolist() == [1_700_000_000_500, 1_700_000_000_400, 1_700_000_000_900]
    assert (read.n_votes, read.n_votes_changed) == (3, 2)


def test_of_two_votes_at_once_the_later_line_counts_and_of_others_the_later_time(export):
    read = export(participants_votes=None)
    cells = zip(read.participant_index, read.statement_index, read.values, strict=True)
    cast = {(read.participants[p], read.statements[s].id): int(v) for p, s, v in cells}
    assert cast == {("7", "3"): 1, ("7", "1"): -1, ("2", "8"): 1}
    # People come in the order of their first latest vote.
    assert read.participants == ["7", "2"]
    assert read.xids == [None, None]


def test_a_vote_the_log_does_not_know_has_no_time(export):
    read = export(votes=LOG.replace("1700000000400,1,7,-1\n", ""))
    assert read.cast_at_ms.tolist() == [1_700_000_000_500, -1, 1_700_000_000_900]


def test_without_counts_of_statements_none_are_published(export):
    plain = "comment-id,comment-body\n3,Third\n"
    read = export(comments=plain)
    assert read.published_counts == [None, None, None]
    assert read.unmoderated == set()
    assert read.statement_authors == [None] * 3
    assert read.statement_created_ms == [-1] * 3


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [
        (10**9 - 1, 10**9 - 1),
        (10**9, 10**12),
        (10**11 - 1, 10**14 - 1_000),
        (10**11, 10**11),
    ],
)
def test_seconds_lie_between_2001_and_5138(export, written, milliseconds):
    log = f"timestamp,comment-id,voter-id,vote\n{written},3,7,1\n"
    read = export(votes=log, participants_votes=None, comments=None)
    assert read.cast_at_ms.tolist() == [milliseconds]


def test_fractions_are_votes_too(export):
    matrix = MATRIX.replace("7,me@x,0,1,1,1,-1,", "7,me@x,0,1,1,1.0,-1.0,-0.0")
    assert export(participants_votes=matrix).values.tolist() == [1, -1, 0, 1]


def test_progress_is_told_every_thousand_rows(tmp_path):
    rows = "".join(f"{n},1,0,1\n" for n in range(2_001))
    (tmp_path / "participants-votes.csv").write_text("participant,n-agree,n-disagree,5\n" + rows)
    told = []
    read_polis_export(tmp_path, progress=told.append)
    assert told == [0, 1_000, 2_000]


def test_a_long_cell_is_one_of_more_than_a_hundred_thousand_characters(export):
    assert len(export(comments=COMMENTS.replace("Third", "x" * 100_000)).statements[0].text) == 100_000
    with pytest.raises(ExchangeError, match=r"comments\.csv line 2: .*100,000 characters"):
        export(comments=COMMENTS.replace("Third", "x" * 100_001))


def test_an_empty_line_is_no_row_and_lines_are_counted(export):
    assert export(participants_votes=MATRIX.replace("\n2,", "\n\n2,")).participants == ["7", "2"]
    with pytest.raises(ExchangeError, match=r"participants-votes\.csv line 4: expected 8 cells, got 2"):
        export(participants_votes=MATRIX + "5,1\n")
    with pytest.raises(ExchangeError, match=r"line 3, column 8: expected 1, 0, -1 or nothing, got '2'"):
        export(participants_votes=MATRIX.replace(",,,1", ",,,2").replace("2,, ,1,0,,,1", "2,, ,1,0,,,2"))
