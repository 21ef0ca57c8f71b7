"""A conversation that tools made for Polis may read, and a client for each kind of caller."""

import pytest

from worker.jobs import redraw


@pytest.fixture
def conversation(api):
    """The id of an open conversation with five statements."""
    made = api.post("/v1/conversations", json={"question": "What should the square become?", "language": "en"})
    texts = ("Fewer cars.", "A market on Saturday.", "More trees.", "A fountain.", "Benches in the shade.")
    api.post(
        f"/v1/conversations/{made.json['id']}/statements", json={"statements": [{"text": t} for t in texts]}
    )
    return made.json["id"]


@pytest.fixture
def opened(api, conversation):
    """Open something of the conversation to tools made for Polis."""

    def open_(**settings):
        answer = api.patch(f"/v1/conversations/{conversation}", json={"polis": settings})
        assert answer.status_code == 200, answer.json
        return conversation

    return open_


@pytest.fixture
def drawn(parts):
    """Draw the map of the only conversation, as the worker does."""

    def draw(number=1):
        parts.map_requests.asked.append(number)
        return redraw(parts.store, parts.map_requests, number)

    return draw
