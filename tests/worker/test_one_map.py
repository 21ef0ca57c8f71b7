"""The same votes, the same map: whatever the store, the order, the batches and the restarts."""

import random

import pytest

from clustering.pipeline import compute_group_map
from clustering.vocabulary import Vote
from clustering.vote_matrix import VoteMatrix
from service.map_requests import MapRequests
from service.store import conversations, group_maps, votes
from service.store.database import open_store
from worker.jobs import Redrawn, redraw

from_scratch: dict[str, str] = {}


@pytest.fixture
def cast(vote):
    """Twenty-six people's latest votes on ten statements, and for some of them what they had voted before."""
    chosen = random.Random(11)
    latest = [
        vote(f"p{person}", str(statement), chosen.choice([1, 1, 0, -1]) * (1 if person % 2 else -1))
        for person in range(26)
        for statement in range(10)
        if chosen.random() < 0.9
    ]
    earlier = [vote(v.participant, v.statement, chosen.choice([1, 0, -1])) for v in chosen.sample(latest, 40)]
    return earlier, latest


@pytest.mark.parametrize("batch", [1, 7, 1_000])
@pytest.mark.parametrize("order", range(4))
def test_one_result_hash(store, store_url, conversation, cast, order, batch):
    earlier, latest = cast
    shuffled = random.Random(order)
    log = shuffled.sample(earlier, len(earlier)) + shuffled.sample(latest, len(latest))
    half = len(log) // 2
    for first in range(0, half, batch):
        votes.record(store, conversation, log[first : min(first + batch, half)])
    # A map on the way, and a restart, leave no trace in the result.
    redraw(store, MapRequests(""), conversation.number)
    again = open_store(store_url, secret=b"a secret for tests only, thirty-two bytes")
    found = conversations.find(again, "default", conversation.id)
    for first in range(half, len(log), batch):
        votes.record(again, found, log[first : first + batch])
    assert redraw(again, MapRequests(""), found.number) is Redrawn.PUBLISHED
    result_hash = group_maps.read(again, found).result_hash
    again.close()
    matrix = VoteMatrix.from_votes([Vote(v.participant, v.statement, v.value) for v in latest])
    assert result_hash == compute_group_map(matrix).result_hash
    # All parameters, SQLite and PostgreSQL among them, meet here.
    assert from_scratch.setdefault("hash", result_hash) == result_hash
