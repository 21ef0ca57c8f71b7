"""A conversation to vote in."""

import pytest


@pytest.fixture
def conversation(api):
    """The id of an open conversation with the statements 0, 1 and `trees`."""
    made = api.post("/v1/conversations", json={"question": "What should the square become?", "language": "en"})
    statements = [
        {"text": "Fewer cars."},
        {"text": "A market on Saturday."},
        {"text": "More trees.", "id": "trees"},
    ]
    api.post(f"/v1/conversations/{made.json['id']}/statements", json={"statements": statements})
    return made.json["id"]
