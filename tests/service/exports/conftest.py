"""A conversation in which everything happened that an export has to tell, and the files of a zip."""

import io
import zipfile
from pathlib import Path

import pytest

from clustering.exchange import read_polis_export
from service.actions.export_conversation import ExportForm, export_conversation
from service.store import conversations, leaving, participants, statements, votes
from service.store.platform_records import HashedParticipant
from service.store.records import (
    NewConversation,
    NewStatement,
    NewVote,
    StatementChange,
    StatementState,
)

HOSTILE = (
    '=HYPERLINK("http://example.org")',
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\ttab",
    "two\nlines, \"quotes\" and 'more'",
    "第三 \N{GRINNING FACE} \N{RIGHT-TO-LEFT OVERRIDE}abc",
    "plain",
)


@pytest.fixture
def eventful(store, vote):
    """Eight people, hostile texts, changed minds, withdrawn votes, somebody excluded and somebody erased."""
    new = NewConversation(question="=What, exactly?", description="Two\nlines", settings={"seed": 3})
    made = conversations.create(store, "default", new)
    author = HashedParticipant(participants.id_hash(store, made, "p1"))
    statements.add(store, made, [NewStatement(text) for text in HOSTILE])
    statements.add(store, made, [NewStatement("Written by p1.", author=author)])
    for person in range(8):
        cast = [vote(f"p{person}", str(number), (person + number) % 3 - 1) for number in range(9)]
        votes.record(store, made, cast)
    votes.record(store, made, [vote("p2", "0", 1), vote("p2", "0", -1), vote("p2", "0", 1)])
    votes.record(store, made, [NewVote(vote("p3", "1", 1).participant, vote("p3", "1", 1).statement, None)])
    translated = {"nl": {"text": "=Gewoon", "is_machine": True}}
    wanted = [
        StatementChange(vote("p", "3", 1).statement, state=StatementState.HIDDEN, reason='Not, "nice".'),
        StatementChange(vote("p", "7", 1).statement, translations=translated, is_meta=True),
    ]
    statements.moderate_all(store, made, wanted)
    leaving.exclude(store, made, 4, reason="Somebody's robot.")
    leaving.erase(store, made, "p5")
    return conversations.find(store, "default", made.id)


@pytest.fixture
def exported(store):
    """Return a function that exports a conversation and returns its files by name."""

    def files(conversation, form):
        packed = b"".join(export_conversation(store, conversation, ExportForm(form)))
        with zipfile.ZipFile(io.BytesIO(packed)) as opened:
            assert opened.testzip() is None
            return {name: opened.read(name) for name in opened.namelist()}

    return files


@pytest.fixture
def as_file(store, tmp_path):
    """Return a function that exports a conversation to a file and returns its path."""

    def write(conversation, form, name="export.zip"):
        path = tmp_path / name
        path.write_bytes(b"".join(export_conversation(store, conversation, ExportForm(form))))
        return path

    return write


OPEN_DATA = Path(__file__).parents[4] / "shared" / "data" / "polis-exports"
OPEN_EXPORTS = (
    "american-assembly.bowling-green",
    "brexit-consensus",
    "london.youth.policing",
    "scoop-hivemind.ubi",
    "vtaiwan.uberx",
)


@pytest.fixture(params=OPEN_EXPORTS)
def open_export(request):
    return read_polis_export(OPEN_DATA / request.param)


@pytest.fixture
def two_sided(store, vote):
    """Twenty people, half of whom agree with what the other half disagrees with."""
    made = conversations.create(store, "default", NewConversation("Left or right?"))
    statements.add(store, made, [NewStatement(f"Sentence {number}.") for number in range(10)])
    for person in range(20):
        side = 1 if person < 10 else -1
        cast = [vote(f"p{person}", str(number), side * (1 if number % 2 else -1)) for number in range(10)]
        # Somebody of each side differs on one, so that not all stand on one point.
        cast[person % 10] = vote(f"p{person}", str(person % 10), 0)
        votes.record(store, made, cast)
    return conversations.find(store, "default", made.id)
