"""Every generation of Polis exports is read, and rubbish gets an error that says where."""

import csv
import io
import json
import zipfile

import numpy as np
import pytest

from clustering.errors import ExchangeError
from clustering.exchange import read_polis_export
from clustering.pipeline import compute_group_map

COMMENTS = (
    "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    '2,x,0,9,2,1,1,"First, with ""quotes""\nand a line break"\n'
    "1,x,1,9,1,1,-1,Second\n"
    "1,x,2,9,0,2,0,第三\n"
)
MATRIX = (
    "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2\n"
    "0,0,1,3,1,1,1,0,-1\n"
    "1,,0,2,2,0,1,1,\n"
    "5,1,0,3,0,3,-1,-1,-1\n"
)
LOG = (
    "timestamp,datetime,comment-id,voter-id,vote\n"
    "1000,x,0,0,-1\n2000,x,0,0,1\n1001,x,1,0,0\n1002,x,2,0,-1\n"
    "1003,x,0,1,1\n1004,x,1,1,1\n"
    "1005,x,0,5,-1\n1006,x,1,5,-1\n1007,x,2,5,-1\n"
)
SUMMARY = 'topic,"A question, really?"\nurl,https://example.org\nconversation-description,"Two\nlines"\n'
PLAIN = {"comments.csv": COMMENTS, "participants-votes.csv": MATRIX, "votes.csv": LOG, "summary.csv": SUMMARY}
CELLS = {("0", "0"): 1, ("0", "1"): 0, ("0", "2"): -1, ("1", "0"): 1, ("1", "1"): 1}
CELLS |= {("5", name): -1 for name in "012"}


@pytest.fixture
def folder(tmp_path):
    """Return a function that writes an export and returns its folder; None leaves a file out."""

    def write(**changed):
        files = {**PLAIN, **{name.replace("_", "-") + ".csv": text for name, text in changed.items()}}
        for name, text in files.items():
            if text is not None:
                (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


def _cells(export):
    cells = zip(export.participant_index, export.statement_index, export.values, strict=True)
    return {(export.participants[p], export.statements[s].id): int(value) for p, s, value in cells}


def test_the_plain_case(folder):
    export = read_polis_export(folder())
    assert export.question == "A question, really?"
    assert export.description == "Two\nlines"
    assert export.participants == ["0", "1", "5"]
    assert export.published_groups == ["0", None, "1"]
    assert [s.text for s in export.statements] == ['First, with "quotes"\nand a line break', "Second", "第三"]
    assert [s.is_moderated_out for s in export.statements] == [False, True, False]
    assert _cells(export) == CELLS
    assert export.cast_at_ms.tolist() == [2000, 1001, 1002, 1003, 1004, 1005, 1006, 1007]
    assert not export.was_sign_turned


@pytest.mark.parametrize(
    "changed",
    [
        {"votes": None},
        {"participants_votes": None},
        {"summary": None},
        {"comments": None},
        {"participants_votes": None, "participant_votes": MATRIX},
        {
            "participants_votes": MATRIX.replace("participant,", "participant,xid,")
            .replace("\n0,", "\n0,me@x,")
            .replace("\n1,", "\n1,,")
            .replace("\n5,", "\n5,,")
        },
        {"participants_votes": MATRIX.replace("1,0,-1", "1.0,0.0,-1.0")},
        {"participants_votes": "\ufeff" + MATRIX.replace("\n", "\r\n")},
        {
            "votes": LOG.replace(",vote\n", ",vote,important\n")
            .replace(",1\n", ",1,true\n")
            .replace(",-1\n", ",-1,\n")
            .replace(",0\n", ",0,\n")
            .replace("0,0,-1,\n", "0,0,-1,\n")
        },
        {
            "comments": COMMENTS.replace("comment-body\n", "comment-body,is-meta,importance\n")
            .replace('break"\n', 'break",false,0\n')
            .replace("Second\n", "Second,,\n")
            .replace("第三\n", "第三,false,2\n")
        },
    ],
)
def test_every_generation_says_the_same(folder, changed):
    export = read_polis_export(folder(**changed))
    assert _cells(export) == CELLS
    assert not any(s.is_meta for s in export.statements)


def test_meta_statements(folder):
    comments = "comment-id,moderated,comment-body,is-meta\n0,1,a,false\n1,1,b,true\n2,1,c,False\n"
    assert [s.is_meta for s in read_polis_export(folder(comments=comments)).statements] == [False, True, False]


def test_ids_that_don_t_start_at_zero_and_people_who_cast_no_vote(folder):
    matrix = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,4,17\n3,,0,1,1,0,,1\n8,,0,0,0,0,,\n"
    export = read_polis_export(folder(participants_votes=matrix, comments=None, votes=None))
    assert export.participants == ["3", "8"]
    assert [s.id for s in export.statements] == ["4", "17"]
    assert _cells(export) == {("3", "17"): 1}


@pytest.mark.parametrize("turned", ["participants_votes", "votes"])
def test_the_sign_is_established_from_the_counts(folder, turned):
    """Polis has published agree as −1 as well; each file is held against the counts."""
    if turned == "votes":
        lines = [line.rsplit(",", 1) for line in LOG.splitlines()]
        text = "\n".join(
            f"{start},{-int(vote)}" if vote.lstrip("-").isdigit() else f"{start},{vote}"
            for start, vote in lines
        )
        export = read_polis_export(folder(votes=text, participants_votes=None))
    else:
        rows = [line.split(",") for line in MATRIX.splitlines()]
        text = "\n".join(
            ",".join([*row[:6], *(str(-int(v)) if v.lstrip("-").isdigit() and at else v for v in row[6:])])
            for at, row in enumerate(rows)
        )
        export = read_polis_export(folder(participants_votes=text))
    assert export.was_sign_turned
    assert _cells(export) == CELLS


@pytest.mark.parametrize("inside", ["", "conversation/"])
@pytest.mark.parametrize("prefix", ["", "2024-01-01-7abc-"])
def test_a_zip_is_as_good_as_a_folder(tmp_path, inside, prefix):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PLAIN.items():
            archive.writestr(inside + prefix + name, text)
        archive.writestr("__MACOSX/._votes.csv", "rubbish")
    assert _cells(read_polis_export(path)) == CELLS


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"participants_votes": MATRIX.replace("n-agree", "agrees")},
            "participants-votes.csv line 1: column n-agree is missing",
        ),
        ({"participants_votes": MATRIX.replace("participant,", "who,")}, "column participant is missing"),
        (
            {"comments": COMMENTS.replace("comment-body", "body")},
            "comments.csv line 1: column comment-body is missing",
        ),
        (
            {"votes": LOG.replace("voter-id", "voter"), "participants_votes": None},
            "votes.csv line 1: column voter-id is missing",
        ),
        (
            {"votes": LOG + "1008,x,0,5,7\n", "participants_votes": None},
            "votes.csv line 11, column vote: expected",
        ),
        ({"participants_votes": MATRIX.replace("0,1,2\n", "0,1,1\n")}, "column 1 stands twice"),
        (
            {"participants_votes": MATRIX + "6,,0,1,1,0,1\n"},
            "participants-votes.csv line 5: expected 9 cells, got 7",
        ),
        (
            {"participants_votes": MATRIX.replace("1,0,-1", "1,0,2")},
            "line 2, column 2: expected 1, 0, -1 or nothing, got '2'",
        ),
        (
            {"participants_votes": MATRIX.replace("1,0,-1", "1,true,-1")},
            "column 1: expected 1, 0, -1 or nothing, got 'true'",
        ),
        (
            {"participants_votes": MATRIX.replace("1,0,-1", "nan,0,-1")},
            "column 0: expected 1, 0, -1 or nothing, got 'nan'",
        ),
        ({"participants_votes": MATRIX.replace("\n5,", "\n1,")}, "line 4: participant 1 stands twice"),
        (
            {"participants_votes": MATRIX.replace("3,1,1,1", "3,many,1,1")},
            "line 2, column n-agree: expected a whole number, got 'many'",
        ),
        (
            {"participants_votes": MATRIX.replace("3,1,1,1,0,-1", "3,90,0,1,0,-1")},
            "fit the votes with neither sign",
        ),
        (
            {"comments": COMMENTS.replace(",1,-1,Second", ",1,-7,Second")},
            "line 4, column moderated: expected -1, 0 or 1, got -7",
        ),
        ({"comments": COMMENTS + "1,x,2,9,0,2,0,again\n"}, "comment-id 2 stands twice"),
        (
            {"comments": COMMENTS.replace("Second", "x" * 1_000_000)},
            "comments.csv line 4: field larger than field limit",
        ),
        ({"comments": COMMENTS.replace("Second", '"never closed')}, "comments.csv line"),
        ({"comments": COMMENTS.encode() + b"1,x,7,9,0,0,0,\xff\xfe\n"}, "not UTF-8"),
        ({"comments": COMMENTS.encode("utf-16")}, "comments.csv"),
        (
            {"votes": LOG.replace("1003,", "yesterday,"), "participants_votes": None},
            "column timestamp: expected a whole number, got 'yesterday'",
        ),
        ({"participants_votes": None, "votes": None}, "expected participants-votes.csv or votes.csv"),
        ({"participants_votes": b""}, "column participant is missing"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(folder, changed, says):
    with pytest.raises(ExchangeError, match=says) as raised:
        read_polis_export(folder(**changed))
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 500


def test_what_is_no_export_at_all(tmp_path):
    with pytest.raises(ExchangeError, match="there is no such file"):
        read_polis_export(tmp_path / "nowhere")
    (tmp_path / "a.txt").write_text("hello")
    with pytest.raises(ExchangeError, match="expected a folder or a zip"):
        read_polis_export(tmp_path / "a.txt")
    with pytest.raises(ExchangeError, match=r"expected participants-votes\.csv"):
        read_polis_export(tmp_path)


def test_a_damaged_zip(tmp_path):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("participants-votes.csv", MATRIX * 50)
    damaged = bytearray(path.read_bytes())
    damaged[80:120] = bytes(40)
    path.write_bytes(damaged)
    with pytest.raises(ExchangeError, match=r"damaged|expected a folder or a zip"):
        read_polis_export(path)


def test_two_conversations_in_one_zip(tmp_path):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/votes.csv", LOG)
        archive.writestr("b/votes.csv", LOG)
    with pytest.raises(ExchangeError, match=r"votes\.csv stands in it twice"):
        read_polis_export(path)


VOTES_JSON = [
    {"pid": 0, "tid": 0, "vote": -1, "modified": "10"},
    {"pid": 0, "tid": 1, "vote": 1, "modified": "11"},
    {"pid": 1, "tid": 0, "vote": -1, "modified": "12"},
]
COMMENTS_JSON = [
    {"tid": 0, "txt": "a", "agree_count": 2, "disagree_count": 0, "mod": 1, "is_meta": False},
    {"tid": 1, "txt": "b", "agree_count": 0, "disagree_count": 1, "mod": -1, "is_meta": True},
]


def _recorded(path, votes=VOTES_JSON, comments=COMMENTS_JSON):
    (path / "votes.json").write_text(votes if isinstance(votes, str) else json.dumps(votes))
    (path / "comments.json").write_text(json.dumps(comments))
    return path


def test_recorded_api_answers_in_polis_sign(tmp_path):
    export = read_polis_export(_recorded(tmp_path))
    assert export.was_sign_turned
    assert _cells(export) == {("0", "0"): 1, ("0", "1"): -1, ("1", "0"): 1}
    assert [(s.is_moderated_out, s.is_meta) for s in export.statements] == [(False, False), (True, True)]
    assert [s.text for s in export.statements] == ["a", "b"]


@pytest.mark.parametrize(
    ("votes", "says"),
    [
        ("{", "votes.json: no JSON"),
        ("[" * 100_000, "votes.json: no JSON"),
        ({"a": 1}, "votes.json: expected a list of objects"),
        ([{"pid": 0, "tid": 0}], "entry 0: expected a field vote"),
        ([{"pid": 0, "tid": 0, "vote": True}], "got True"),
        ([{"pid": None, "tid": 0, "vote": 1}], "participant id"),
    ],
)
def test_recorded_rubbish(tmp_path, votes, says):
    with pytest.raises(ExchangeError, match=says):
        read_polis_export(_recorded(tmp_path, votes=votes))


def test_the_log_reduced_to_latest_votes_is_the_matrix(named_export):
    """In the open Polis data both are there, and say the same, cell for cell."""
    for name in ("brexit-consensus", "vtaiwan.uberx"):
        export = named_export(name)
        assert (export.cast_at_ms > 0).all()


def test_recorded_signs_fit_the_counts_of_every_statement(recorded):
    """Established, not assumed: in both recordings the counts of comments.json are those of our agrees."""
    export = recorded.export
    agrees = np.bincount(export.statement_index[export.values == 1], minlength=len(export.statements))
    by_id = {s.id: int(n) for s, n in zip(export.statements, agrees, strict=True)}
    votes = recorded.pca2["group-votes"]
    for tid in recorded.pca2["tids"]:
        assert sum(group["votes"][str(tid)]["A"] for group in votes.values()) <= by_id[str(tid)]


def test_a_read_export_makes_a_map(folder):
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *range(8)])
    for p in range(12):
        votes = [(1 if (p < 6) == (s % 2 == 0) else -1) for s in range(8)]
        writer.writerow([p, "", 0, 8, votes.count(1), votes.count(-1), *votes])
    export = read_polis_export(folder(participants_votes=rows.getvalue(), comments=None, votes=None))
    assert compute_group_map(export.vote_matrix()).n_groups == 2


def test_times_in_seconds_are_times_in_seconds(folder):
    """Polis's server writes seconds, its `math` milliseconds; both are kept as milliseconds."""
    log = "timestamp,datetime,comment-id,voter-id,vote\n"
    for when in ("1700000000", "1700000000000"):
        cast = f"{log}{when},x,0,0,1\n"
        export = read_polis_export(folder(votes=cast, participants_votes=None, comments=None))
        assert export.cast_at_ms.tolist() == [1_700_000_000_000]


def test_without_a_word_on_moderation_a_statement_is_visible(folder):
    comments = COMMENTS.splitlines()[0] + "\n2,x,0,9,2,1,,First\n1,x,1,9,1,1,,Second\n1,x,2,9,0,2,,Third\n"
    export = read_polis_export(folder(comments=comments))
    assert [s.is_moderated_out for s in export.statements] == [False, False, False]
