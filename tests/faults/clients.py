"""Clients that cast votes, each in a process of its own that loads this module: it needs next to nothing."""

import http.client
import json
import random
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

N_CLIENTS = 8
N_VOTES = 5_000


@dataclass(frozen=True)
class Line:
    """A line of the log, or a vote as it was acknowledged."""

    sequence: int
    participant: str
    statement: str
    value: int


@dataclass(frozen=True)
class Acknowledged:
    """An answer that a client got: where its vote stands, and whether that line is new."""

    line: Line
    is_new_line: bool
    n_tries: int


def cast_votes(address, key, conversation_id, statement_ids, number, done, results):
    """Cast one client's share, each vote again and again until it is answered."""
    place, chosen = urlsplit(address), random.Random(number)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    path, connection, answers, history = f"/v1/conversations/{conversation_id}/votes", None, [], []
    for _ in range(N_VOTES // N_CLIENTS):
        if history and chosen.random() < 0.2:
            body = dict(chosen.choice(history))
            if chosen.random() < 0.5:
                body["vote"] = chosen.choice([-1, 0, 1])
        else:
            person = f"client-{number}-{chosen.randrange(40)}"
            body = {
                "participant": person,
                "statement": chosen.choice(statement_ids),
                "vote": chosen.choice([-1, 0, 1]),
            }
        history.append(body)
        n_tries = 0
        while True:
            n_tries += 1
            try:
                connection = connection or http.client.HTTPConnection(place.hostname, place.port, timeout=20)
                connection.request("POST", path, json.dumps(body), headers)
                answer = connection.getresponse()
                document = json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError):
                connection = None
                time.sleep(0.05)
                continue
            if answer.status in (200, 201):
                break
            assert answer.status in (429, 500, 502, 503), document
            time.sleep(0.1)
        line = Line(document["sequence"], body["participant"], body["statement"], body["vote"])
        answers.append(Acknowledged(line, is_new_line=answer.status == 201, n_tries=n_tries))
        with done.get_lock():
            done.value += 1
    results.put(answers)
