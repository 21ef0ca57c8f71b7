"""Votes that came along: every form gives the same matrix, and every mistake is told with its place."""

import csv
import io
import random
import zipfile

import orjson
import pytest

from clustering.settings import MapSettings
from service.api.examples import EXAMPLES
from worker.given_votes import MOST_VOTES, GivenVotesError, given_votes

TABLE = {"settings": {}, "certainty": False}


def cast(n_participants=30, n_statements=9):
    chance = random.Random(11)
    votes = [
        [f"p{person}", f"{statement}", chance.choice([1, 1, 0, -1])]
        for person in range(n_participants)
        for statement in range(n_statements)
        if chance.random() < 0.8
    ]
    chance.shuffle(votes)
    return votes


@pytest.fixture
def read(tmp_path):
    """Read votes that were sent in a form."""

    def make(form, body, **limits):
        file = tmp_path / "votes"
        file.write_bytes(body)
        return given_votes(file, {"form": form} | TABLE, **limits)

    return make


def plain_table(votes):
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([["vote", "participant", "statement"]])
    csv.writer(text).writerows([vote, who, what] for who, what, vote in votes)
    return text.getvalue().encode("utf-8-sig")


def polis_table(votes):
    """One row a participant, as Polis exports votes."""
    names = list(dict.fromkeys(who for who, _, _ in votes))
    statements = sorted({what for _, what, _ in votes})
    cell = {(who, what): vote for who, what, vote in votes}
    text = io.StringIO()
    write = csv.writer(text).writerow
    write(["participant", "group-id", "n-votes", "n-agree", "n-disagree", *statements])
    for who in names:
        own = [cell.get((who, what), "") for what in statements]
        write([who, "", sum(vote != "" for vote in own), own.count(1), own.count(-1), *own])
    return text.getvalue().encode()


def polis_log(votes):
    text = io.StringIO()
    csv.writer(text).writerows([["timestamp", "comment-id", "voter-id", "vote"]])
    csv.writer(text).writerows([at, what, who, vote] for at, (who, what, vote) in enumerate(votes))
    return text.getvalue().encode()


def zipped(body, name="participants-votes.csv"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, body)
    return packed.getvalue()


def test_every_form_gives_the_same_ballots(read):
    votes = cast()
    found = [
        read("json", orjson.dumps({"votes": votes})),
        read("csv", plain_table(votes)),
        read("csv", polis_table(votes)),
        read("csv", polis_log(votes)),
        read("zip", zipped(polis_table(votes))),
    ]
    digests = {one.matrix.rows(one.matrix.in_ballot_order()).digest() for one in found}
    assert len(digests) == 1
    assert [one.matrix.n_votes for one in found] == [len(votes)] * 5
    # In the plain forms people stand in the order of their first vote.
    assert list(found[0].matrix.participants) == list(dict.fromkeys(who for who, _, _ in votes))
    assert list(found[1].matrix.participants) == list(found[0].matrix.participants)


def test_settings_statements_and_later_votes_are_heeded(read):
    found = read(
        "json",
        orjson.dumps(
            {
                "votes": [[7, "a", 1], ["7", "a", -1], ["eight", 3, 0]],
                "statements": ["b", {"id": 3, "is_meta": True}, {"id": "a", "is_moderated_out": True}],
                "settings": {"method": "ideal", "seed": 5, "n_groups": 3, "certainty": True},
            }
        ),
    )
    assert found.settings == MapSettings(method="ideal", seed=5, n_groups=3)
    assert found.is_certainty_wanted
    assert list(found.matrix.participants) == ["7", "eight"]
    assert [(one.id, one.is_moderated_out, one.is_meta) for one in found.matrix.statements] == [
        ("3", False, True),
        ("a", True, False),
        ("b", False, False),
    ]
    assert found.matrix.votes.toarray().tolist() == [[0, -1, 0], [0, 0, 0]]
    assert found.matrix.n_votes == 2


def test_no_votes_are_no_mistake(read):
    assert read("json", b'{"votes": []}').matrix.n_votes == 0
    assert read("csv", b"participant,statement,vote\n").matrix.n_votes == 0


def test_the_example_of_the_api_is_read(read):
    assert read("json", orjson.dumps(EXAMPLES["computeGroupMap"].body)).matrix.n_votes == 2


@pytest.mark.parametrize(
    ("body", "pointer", "word"),
    [
        (b"[1]", "#", "expected an object"),
        (b"{", "#", "not JSON"),
        (b'{"votes": [], "votes": []}', "#", "twice"),
        (b"{}", "#/votes", "needed"),
        (b'{"votes": [], "vote": []}', "#/vote", "unknown"),
        (b'{"votes": {}}', "#/votes", "list"),
        (b'{"votes": [["a", "b", 1], ["a", "b"]]}', "#/votes/1", "participant, statement, vote"),
        (b'{"votes": [["a", "b", 1], ["a", "b", 2]]}', "#/votes/1/2", "expected 1"),
        (b'{"votes": [["a", "b", 1.5]]}', "#/votes/0/2", "expected 1"),
        (b'{"votes": [["a", "b", true]]}', "#/votes/0/2", "expected 1"),
        (b'{"votes": [["a", "", 1]]}', "#/votes/0/1", "statement id"),
        (b'{"votes": [[true, "b", 1]]}', "#/votes/0/0", "participant id"),
        (b'{"votes": [[["a"], "b", 1]]}', "#/votes/0/0", "participant id"),
        (b'{"votes": [], "statements": ["a", "a"]}', "#/statements/1", "twice"),
        (b'{"votes": [], "statements": [{"id": "a", "text": "x"}]}', "#/statements/0/text", "unknown"),
        (b'{"votes": [], "statements": [{"id": "a", "is_meta": 1}]}', "#/statements/0/is_meta", "true"),
        (b'{"votes": [], "settings": []}', "#/settings", "object"),
        (b'{"votes": [], "settings": {"n_groups": 9}}', "#/settings", "1 to 5"),
        (b'{"votes": [], "settings": {"method": "magic"}}', "#/settings", "classic"),
        (b'{"votes": [], "settings": {"certainty": "yes"}}', "#/settings/certainty", "true"),
    ],
)
def test_a_mistake_in_json_is_told_with_its_pointer(read, body, pointer, word):
    with pytest.raises(GivenVotesError, match=word) as error:
        read("json", body)
    assert error.value.pointer == pointer


@pytest.mark.parametrize(
    ("form", "body", "pointer", "word"),
    [
        ("csv", b"participant,statement,vote\na,b,1\na,c,2\n", "line 3, column vote", "'2'"),
        ("csv", b"participant,statement,vote\na,b\n", "line 2", "3 cells"),
        ("csv", b"participant,statement,vote\n,b,1\n", "line 2", "participant id"),
        ("csv", b'participant,statement,vote\n"a,b,1\n', "line 2", "unexpected end"),
        ("csv", b"participant,statement,vote\n\xff,b,1\n", "after line 0", "not UTF-8"),
        ("csv", b"who,what\na,b\n", "file", "participant, statement, vote"),
        ("csv", b"", "file", "participant, statement, vote"),
        ("csv", b"\xff\xfe", "file", "UTF-8"),
        ("csv", b"timestamp,comment-id,voter-id,vote\n1,2,3,9\n", "file", "votes.csv line 2, column vote"),
        ("zip", b"PK no zip", "file", "no zip"),
        ("zip", zipped(b"x", "readme.txt"), "file", "participants-votes.csv"),
    ],
)
def test_a_mistake_in_a_table_is_told_with_its_line(read, form, body, pointer, word):
    with pytest.raises(GivenVotesError, match=word) as error:
        read(form, body)
    assert error.value.pointer == pointer


def test_where_a_file_stood_here_is_not_told(read, tmp_path):
    for form, body in (("zip", zipped(b"x", "readme.txt")), ("csv", b"participant,n-agree\na,1\n")):
        with pytest.raises(GivenVotesError) as error:
            read(form, body)
        assert str(tmp_path) not in str(error.value)


def test_a_zip_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(read):
    """Two gibibytes of nothing pack to two mebibytes."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file,
        file.open("votes.csv", "w", force_zip64=True) as member,
    ):
        for _ in range(1025):
            member.write(bytes(1 << 20))
    with pytest.raises(GivenVotesError, match="unpacks to"):
        read("zip", packed.getvalue())


def test_more_votes_than_there_may_be(read):
    assert MOST_VOTES == 5_000_000
    for form, body in (
        ("json", orjson.dumps({"votes": cast()})),
        ("csv", plain_table(cast())),
        ("zip", zipped(polis_table(cast()))),
    ):
        with pytest.raises(GivenVotesError, match="at most 10 votes"):
            read(form, body, most_votes=10)
