"""Conversations with a published map: the sample's real one, and what a test makes of it."""

import json

import pytest

from clustering.pipeline import compute_group_map
from clustering.samples import neighbourhood_conversation
from clustering.steadiness import present
from clustering.vote_matrix import VoteMatrix
from service.store import conversations, group_maps, statements
from service.store.records import NewConversation, NewStatement, PublishedMap


@pytest.fixture(scope="session")
def sample():
    return neighbourhood_conversation(language="en")


@pytest.fixture(scope="session")
def sample_json(sample):
    matrix = VoteMatrix.from_votes(sample.votes, statements=sample.statements)
    return json.dumps(present(compute_group_map(matrix)).to_document())


@pytest.fixture
def document(sample_json):
    """The sample's public group map, fresh for each test to change."""
    return json.loads(sample_json)


@pytest.fixture
def publish(parts, sample):
    """Return a function that makes a conversation with a document as its map, and returns its id."""

    def make(document=None, *, sequence=None, texts=None, **fields):
        new = NewConversation(**({"question": sample.question, "language": "en"} | fields))
        made = conversations.create(parts.store, "default", new)
        texts = texts or {one.id: one.text for one in sample.statements}
        added = statements.add(
            parts.store, made, [NewStatement(text=text, id=key) for key, text in texts.items()]
        )
        if document is not None:
            redraw(made.number, document, sequence or len(added))
        return made.id

    def redraw(number, document, sequence):
        empty = dict.fromkeys(("canonical", "presentation", "priorities"), b"{}")
        assert group_maps.publish(
            parts.store,
            PublishedMap(
                conversation_number=number,
                method_version=document["method_version"],
                sequence=sequence,
                outcome=document["outcome"],
                result_hash=document["result_hash"],
                presented=json.dumps(document).encode(),
                places=b"",
                **empty,
            ),
        )

    make.redraw = redraw
    return make
