"""How fast one running service answers tools and pages made for Polis, on a large conversation.

    python -m benchmarks.polis_load [--people N] [--statements N] [--votes N] [--rate N] [--seconds N] [--json]

`poldermodel serve` as it comes, with its worker, on a conversation of 33,000 people, 783 statements and two
million made-up votes. In equal parts `participationInit`, `nextComment` and `votes` (POST) are asked at a fixed
rate, half of them by newcomers. A request's time counts from when it was due, so that a service that falls
behind can't hide it; the first five seconds of requests aren't counted. Memory is the highest sum of the
resident sizes of all its processes, shared pages counted each time. The votes that come in make the worker draw
new maps all the while.
"""

import argparse
import http.client
import json
import os
import random
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

KINDS = ("participationInit", "nextComment", "votes")
CONVERSATION = "7load"
THREADS = 64
WARM_UP_SECONDS = 5.0


def prepare(folder: Path, n_people: int, n_statements: int, n_votes: int) -> int:
    """Fill the store in a folder; return how many votes there are (pairs drawn twice count once)."""
    from benchmarks.made_up import matrix
    from clustering.vocabulary import ConversationId
    from service.embedded.data_folder import prepared
    from service.settings import Settings
    from service.store.bulk import BulkVotes, create_with_votes
    from service.store.database import open_store
    from service.store.migrating import migrate
    from service.store.records import DEFAULT_TENANT, NewConversation, NewStatement

    cells = matrix(n_people, n_statements, n_votes).votes.tocoo()
    who, what, values = (one.tolist() for one in (cells.row, cells.col, cells.data.astype(int)))
    settings = prepared(Settings(data_folder=folder))
    migrate(settings.database_url)
    store = open_store(settings.database_url, secret=settings.secret.get_secret_value().encode())
    new = NewConversation("How shall we live?", id=ConversationId(CONVERSATION))
    texts = [
        NewStatement(f"Statement {number} says something of usual length about the town.")
        for number in range(n_statements)
    ]
    people = [str(number) for number in range(n_people)]
    create_with_votes(
        store, DEFAULT_TENANT, new, texts, people, BulkVotes(who, what, values, [None] * len(who))
    )
    store.close()
    return len(who)


@dataclass
class Load:
    """Requests on their way, and what came of them."""

    address: str
    n_statements: int
    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    statuses: Counter[int] = field(default_factory=Counter)
    tokens: list[str] = field(default_factory=list)
    _own: threading.local = field(default_factory=threading.local)
    _random: random.Random = field(default_factory=lambda: random.Random(0))

    def run(self, rate: float, seconds: float) -> None:
        """Send requests at a rate, each when it is due."""
        start = time.perf_counter() + 0.1
        with ThreadPoolExecutor(THREADS) as pool:
            for number in range(round(rate * seconds)):
                due = start + number / rate
                time.sleep(max(0.0, due - time.perf_counter()))
                pool.submit(self._one, KINDS[number % len(KINDS)], due, is_new=number % 2 == 0)

    def _one(self, kind: str, due: float, *, is_new: bool) -> None:
        token = None if is_new or not self.tokens else self._random.choice(self.tokens)
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        try:
            if kind == "votes":
                tid = self._random.randrange(self.n_statements)
                said = {"conversation_id": CONVERSATION, "tid": tid, "vote": self._random.choice((-1, 0, 1))}
                status, told = self._ask("POST", "votes", headers, said)
                if status == 200 and "auth" in told:
                    self.tokens.append(told["auth"]["token"])
            else:
                status, _ = self._ask("GET", f"{kind}?conversation_id={CONVERSATION}", headers)
        except OSError:
            status = 0
        self.statuses[status] += 1
        self.seconds[kind].append(time.perf_counter() - due)

    def _ask(
        self, method: str, path: str, headers: dict[str, str], said: dict[str, Any] | None = None
    ) -> tuple[int, Any]:
        connection = self._connection()
        body = None if said is None else json.dumps(said)
        try:
            connection.request(method, f"/api/v3/{path}", body, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            connection.close()
            raise OSError("no answer") from None

    def _connection(self) -> http.client.HTTPConnection:
        if not hasattr(self._own, "connection"):
            split = urlsplit(self.address)
            self._own.connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=60)
        connection = self._own.connection
        # What the service closed after five idle seconds can be read, to its end; any client connects anew.
        if connection.sock is not None and select.select([connection.sock], [], [], 0)[0]:
            connection.close()
        return connection


def resident_mb(leader: int) -> float:
    """Return the sum of the resident sizes of a process and all that come from it."""
    parents, sizes = {}, {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            lines = dict(
                line.split(":", 1) for line in (place / "status").read_text().splitlines() if ":" in line
            )
        except OSError:
            continue
        parents[int(place.name)] = int(lines["PPid"])
        sizes[int(place.name)] = int(lines.get("VmRSS", "0 kB").split()[0])
    family, total = {leader}, 0
    while True:
        more = {child for child, parent in parents.items() if parent in family} - family
        if not more:
            break
        family |= more
    total = sum(sizes.get(one, 0) for one in family)
    return total / 1024


def wait_for_the_map(address: str, seconds: float) -> None:
    """Wait until the conversation has a map; asking for it is the sweep's."""
    deadline = time.monotonic() + seconds
    split = urlsplit(address)
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(split.hostname or "", split.port, timeout=60)
        connection.request("GET", f"/api/v3/math/pca2?conversation_id={CONVERSATION}&keys=n")
        if connection.getresponse().status == 200:
            return
        time.sleep(1.0)
    raise SystemExit("no map was drawn")


def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return what came of one run."""
    with tempfile.TemporaryDirectory(prefix="polis-load-") as place:
        folder = Path(place) / "data"
        n_votes = prepare(folder, arguments.people, arguments.statements, arguments.votes)
        environment = dict(os.environ) | {"POLDERMODEL_DATA_FOLDER": str(folder)}
        command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
        service = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert service.stdout is not None
        sizes: list[float] = []
        has_ended = threading.Event()

        def watch() -> None:
            while not has_ended.wait(0.5):
                sizes.append(resident_mb(service.pid))

        watcher = threading.Thread(target=watch)
        try:
            address = service.stdout.readline().strip()
            watcher.start()
            wait_for_the_map(address, 300.0)
            # The service is a running one: what each of its processes does for the first time isn't counted.
            Load(address, arguments.statements).run(arguments.rate, WARM_UP_SECONDS)
            load, before = Load(address, arguments.statements), os.getloadavg()[0]
            load.run(arguments.rate, arguments.seconds)
        finally:
            has_ended.set()
            service.terminate()
            service.wait(60)
    told: dict[str, Any] = {
        "people": arguments.people, "statements": arguments.statements, "n_votes": n_votes,
        "rate": arguments.rate, "load_before": before, "load_after": os.getloadavg()[0],
        "peak_mb": round(max(sizes)),
        "statuses": {str(status): n_times for status, n_times in sorted(load.statuses.items())},
    }  # fmt: skip
    for kind, taken in load.seconds.items():
        taken.sort()
        told[kind] = {
            f"p{share}_ms": round(1_000 * taken[len(taken) * share // 100], 1) for share in (50, 95, 99)
        }
    return told


def main() -> None:
    """Measure, and print a line for each route."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=33_000)
    parser.add_argument("--statements", type=int, default=783)
    parser.add_argument("--votes", type=int, default=2_050_000)
    parser.add_argument("--rate", type=float, default=100.0, help="requests a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    told = measured(arguments)
    if arguments.json:
        print(json.dumps(told))
        return
    print(f"{told['people']:,} × {told['statements']:,}, {told['n_votes']:,} votes, {told['rate']:g} a second")
    for kind in KINDS:
        times = told[kind]
        print(f"{kind:18} p50 {times['p50_ms']} ms, p95 {times['p95_ms']} ms, p99 {times['p99_ms']} ms")
    print(
        f"answers {told['statuses']}, peak memory {told['peak_mb']:,} MB, load {told['load_before']:.1f} before"
    )


if __name__ == "__main__":
    main()
