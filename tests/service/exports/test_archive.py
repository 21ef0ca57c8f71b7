"""Our own zip: what comes back is what was there, and a damaged one brings nothing at all."""

import hashlib
import io
import json
import shutil
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from clustering.errors import ExchangeError
from clustering.vocabulary import ParticipantId, StatementId, VoteValue
from service.actions.export_conversation import ExportForm, export_conversation
from service.actions.restore_conversation import restore_conversation
from service.exports.archive import FILES
from service.map_requests import MapRequests
from service.store import conversations, group_maps, leaving, merges, merging, statements, tables, votes
from service.store.database import open_store
from service.store.errors import AlreadyExistsError, NotFoundError, StoreError
from service.store.merging import MergeRefusedError
from service.store.records import NewConversation, NewStatement, NewVote, StatementState
from worker.jobs import drawn

NO_QUEUE = MapRequests("")
SECRET = b"a secret for tests only, thirty-two bytes"
COPIED = ("statements", "participants", "votes", "current_votes", "left_out_participants", "changes")


@pytest.fixture
def elsewhere(tmp_path, migrated_file):
    """Return a function that opens another, empty store."""
    opened = []

    def make(secret=SECRET):
        file = shutil.copy(migrated_file, tmp_path / f"elsewhere-{len(opened)}.sqlite3")
        opened.append(open_store(f"sqlite:///{file}", secret=secret))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def rows_of(store, conversation):
    """Everything a conversation holds, but for its number."""
    with store.reading() as connection:
        own = connection.execute(
            select(tables.conversations).where(tables.conversations.c.number == conversation.number)
        ).mappings().one()  # fmt: skip
        found = {"conversation": {name: value for name, value in own.items() if name != "number"}}
        for name in COPIED:
            table = getattr(tables, name)
            query = select(table).where(table.c.conversation == conversation.number)
            columns = [column for column in table.c if column.name not in {"conversation", "client_sequence"}]
            rows = connection.execute(query.with_only_columns(*columns).order_by(*table.primary_key.columns))
            found[name] = [tuple(row) for row in rows]
        return found


def test_what_comes_back_is_what_was_there(store, eventful, as_file, elsewhere):
    other = elsewhere()
    made = restore_conversation(other, NO_QUEUE, as_file(eventful, "zip"))
    assert made.keeps_participants
    assert rows_of(other, made.conversation) == rows_of(store, eventful)
    before, after = (drawn(*one) for one in ((store, eventful.number), (other, made.conversation.number)))
    assert (after.result_hash, after.sequence) == (before.result_hash, before.sequence)


def test_a_second_export_says_the_same(store, eventful, exported, as_file, elsewhere):
    other = elsewhere()
    made = restore_conversation(other, NO_QUEUE, as_file(eventful, "zip"))
    first = exported(eventful, "zip")
    packed = b"".join(export_conversation(other, made.conversation, ExportForm.ZIP))
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        assert {name: opened.read(name) for name in FILES} == {name: first[name] for name in FILES}


def test_people_find_their_own_votes_and_voting_goes_on(store, eventful, as_file, elsewhere, vote):
    other = elsewhere()
    made = restore_conversation(other, NO_QUEUE, as_file(eventful, "zip")).conversation
    for person in ("p2", "p3", "p4", "p5"):
        assert votes.own_votes(other, made, person) == votes.own_votes(store, eventful, person)
    assert [one.id for one in statements.own(other, made, "p1")] == ["8"]
    (again,) = votes.record(other, made, [vote("p2", "0", 1)])
    assert not again.is_new_line
    (new,) = votes.record(other, made, [vote("p3", "1", 1)])
    assert new.sequence == votes.counts(store, eventful).sequence + 1


@pytest.mark.parametrize("how", ["secret", "id", "tenant"])
def test_elsewhere_hashes_are_replaced_and_say_nothing(store, eventful, as_file, elsewhere, how):
    from service.store import tenants

    other = elsewhere(b"quite another secret of thirty-two") if how == "secret" else elsewhere()
    tenants.add(other, "utrecht", name="Utrecht")
    made = restore_conversation(
        other,
        NO_QUEUE,
        as_file(eventful, "zip"),
        conversation_id="another" if how == "id" else None,
        tenant="utrecht" if how == "tenant" else "default",
    )
    assert not made.keeps_participants
    assert votes.own_votes(other, made.conversation, "p2") == []
    here, there = (
        {row[1] for row in rows_of(*one)["participants"]}
        for one in ((store, eventful), (other, made.conversation))
    )
    assert len(there) == len(here)
    assert not here & there
    assert drawn(other, made.conversation.number).result_hash == drawn(store, eventful.number).result_hash


def test_the_manifest_tells_the_moment_the_sign_and_every_checksum(store, eventful, exported):
    group_maps.publish(store, drawn(store, eventful.number))
    files = exported(eventful, "zip")
    told = json.loads(files.pop("manifest.json"))
    counted = votes.counts(store, eventful)
    assert told["votes_are"] == {"agree": 1, "disagree": -1, "pass": 0, "withdrawn": 2}
    assert (told["sequence"], told["n_votes"]) == (counted.sequence, counted.n_votes)
    assert told["settings"] == {"seed": 3}
    assert told["group_map"]["result_hash"] == drawn(store, eventful.number).result_hash
    assert told["group_map"]["is_of_these_votes"] is True
    assert {one["name"]: one["sha256"] for one in told["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert told["n_vote_lines"] == files["votes.csv"].count(b"\n") - 1


def test_nobody_takes_an_id_that_is_taken(store, eventful, as_file):
    with pytest.raises(AlreadyExistsError):
        restore_conversation(store, NO_QUEUE, as_file(eventful, "zip"))
    with pytest.raises(NotFoundError, match="tenant"):
        restore_conversation(store, NO_QUEUE, as_file(eventful, "zip"), tenant="nowhere", conversation_id="x")
    again = restore_conversation(store, NO_QUEUE, as_file(eventful, "zip"), conversation_id="7again")
    assert drawn(store, again.conversation.number).result_hash == drawn(store, eventful.number).result_hash


def rewritten(path, change, *, keeps_checksums=False):
    """Write a zip anew with its files changed; its checksums follow, unless the old ones are to stay."""
    with zipfile.ZipFile(path) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    change(files)
    if not keeps_checksums and "manifest.json" in files:
        told = json.loads(files["manifest.json"])
        for one in told.get("files", []):
            content = files.get(one["name"], b"")
            one |= {"sha256": hashlib.sha256(content).hexdigest(), "n_bytes": len(content)}
        files["manifest.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)


def told_otherwise(**changed):
    def change(files):
        files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]) | changed).encode()

    return change


def replaced(name, old, new):
    def change(files):
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return change


FORGED = {
    "another form": (told_otherwise(format="zip of somebody"), "somebody"),
    "another version": (told_otherwise(format_version=99), "99"),
    "more votes than there are": (told_otherwise(n_votes=10_000), "10000"),
    "a count that can't be": (told_otherwise(n_participants=-1), "n_participants"),
    "a sequence too small": (told_otherwise(sequence=3), "out of order"),
    "a statement that isn't there": (replaced("votes.csv", b",0,", b",99,"), "votes.csv"),
    "a vote of five": (replaced("votes.csv", b",1,", b",x,"), "whole numbers"),
    "a cell too many": (replaced("votes.csv", b"\n", b",more\n"), "line 1"),
    "a state nobody knows": (replaced("statements.jsonl", b'"hidden"', b'"loud"'), "loud"),
    "no JSON": (replaced("changes.jsonl", b"{", b"{{"), "no JSON"),
    "a field too few": (replaced("exclusions.jsonl", b'"reason"', b'"because"'), "reason"),
    "a hash too short": (replaced("participants.csv", b"\n0,", b"\n0,zz"), "64 digits"),
    "people out of order": (replaced("participants.csv", b"\n1,", b"\n7,"), "participant 1"),
    "a question of another kind": (replaced("conversation.json", b'"=What, exactly?"', b"7"), "question"),
    "settings that can't be": (replaced("conversation.json", b'"seed": 3', b'"seed": -3'), "seed"),
    "a file too few": (lambda files: files.pop("votes.csv"), "missing"),
    "a file too many": (lambda files: files.update({"../../evil": b"x"}), "doesn't belong"),
    "no manifest": (lambda files: files.pop("manifest.json"), "manifest.json"),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_does_not_fit_together_brings_nothing(eventful, as_file, elsewhere, name):
    change, said = FORGED[name]
    path, other = as_file(eventful, "zip"), elsewhere()
    rewritten(path, change)
    with pytest.raises((ExchangeError, StoreError, ValueError), match=said) as raised:
        restore_conversation(other, NO_QUEUE, path)
    assert "\n" not in str(raised.value)
    assert conversations.list_all(other, "default") == []


@pytest.mark.parametrize("file", FILES)
def test_a_changed_file_is_told_by_its_checksum(eventful, as_file, elsewhere, file):
    path, other = as_file(eventful, "zip"), elsewhere()

    def change(files):
        files[file] += b" "

    rewritten(path, change, keeps_checksums=True)
    with pytest.raises(ExchangeError, match=f"{file} is not what was exported"):
        restore_conversation(other, NO_QUEUE, path)
    assert conversations.list_all(other, "default") == []


def test_a_zip_cut_off_or_scribbled_on_is_told_in_one_line(store, eventful, as_file, elsewhere):
    path, other = as_file(eventful, "zip"), elsewhere()
    whole = path.read_bytes()
    cuts = [whole[: len(whole) * part // 7] for part in range(7)]
    scribbles = [
        whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :] for at in range(40, len(whole) - 40, 97)
    ]
    said = []
    for number, damaged in enumerate(cuts + scribbles):
        path.write_bytes(damaged)
        try:
            restore_conversation(other, NO_QUEUE, path, conversation_id=f"7x{number}")
        except (ExchangeError, StoreError) as error:
            said.append(str(error))
    assert all("\n" not in one and one for one in said)
    # A scribble may hit what says nothing of the conversation, such as a date or a second copy of a size (about
    # a fifth of so small a zip, and which bytes are hit is another each time); none changes what is kept.
    kept = conversations.list_all(other, "default", limit=1_000)
    assert len(said) + len(kept) == len(cuts + scribbles)
    assert len(said) >= 0.6 * len(cuts + scribbles)
    for one in kept:
        assert rows_of(other, one)["votes"] == rows_of(store, eventful)["votes"]


def test_a_store_that_fails_half_way_keeps_nothing(eventful, as_file, elsewhere):
    path, other = as_file(eventful, "zip"), elsewhere()
    rewritten(path, replaced("statements.jsonl", b'"id":"1"', b'"id":"0"'))
    with pytest.raises(StoreError, match="twice"):
        restore_conversation(other, NO_QUEUE, path)
    assert conversations.list_all(other, "default") == []


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("vote"), st.integers(0, 6), st.integers(0, 5), st.sampled_from([1, 0, -1, None])),
        st.tuples(st.just("exclude"), st.integers(0, 6)),
        st.tuples(st.just("readmit"), st.integers(0, 6)),
        st.tuples(st.just("erase"), st.integers(0, 6)),
        st.tuples(st.just("moderate"), st.integers(0, 5), st.sampled_from(list(StatementState))),
        st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
        st.tuples(st.just("part"), st.integers(0, 3)),
    ),
    max_size=40,
)  # fmt: skip


def act(store, made, kind, one, *more):
    try:
        if kind == "vote":
            value = None if more[1] is None else VoteValue(more[1])
            new = NewVote(ParticipantId(f"p{one}"), StatementId(str(more[0])), value, client_sequence=None)
            votes.record(store, made, [new])
        elif kind == "moderate":
            statements.moderate(store, made, str(one), state=more[0])
        elif kind == "merge":
            merging.merge(store, made, str(one), str(more[0]), reason="the same")
        elif kind == "part":
            standing = merges.list_standing(store, made)
            if standing:
                merging.undo(store, made, standing[one % len(standing)].sequence)
        elif kind == "erase":
            leaving.erase(store, made, f"p{one}")
        else:
            {"exclude": lambda: leaving.exclude(store, made, one, reason="r"),
             "readmit": lambda: leaving.readmit(store, made, one)}[kind]()  # fmt: skip
    except (NotFoundError, MergeRefusedError):
        pass


@settings(max_examples=40, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(acts=ACTS, texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
                                         max_size=20), min_size=6, max_size=6))  # fmt: skip
def test_whatever_happened_comes_back(tmp_path_factory, migrated_file, acts, texts):
    folder = tmp_path_factory.mktemp("round-trip")
    files = [shutil.copy(migrated_file, folder / name) for name in ("here", "there")]
    here, there = (open_store(f"sqlite:///{file}", secret=SECRET) for file in files)
    try:
        made = conversations.create(here, "default", NewConversation("What?"))
        statements.add(here, made, [NewStatement(text) for text in texts])
        for one in acts:
            act(here, made, *one)
        path = folder / "export.zip"
        path.write_bytes(b"".join(export_conversation(here, made, ExportForm.ZIP)))
        again = restore_conversation(there, NO_QUEUE, path).conversation
        assert rows_of(there, again) == rows_of(here, made)
        assert drawn(there, again.number).result_hash == drawn(here, made.number).result_hash
    finally:
        here.close()
        there.close()
        shutil.rmtree(folder)
