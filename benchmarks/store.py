"""Time and memory of the vote store, SQLite beside PostgreSQL in the same run.

    python -m benchmarks.store [--postgresql ADDRESS] [--votes N] [--json]

Each measurement is a process of its own. PostgreSQL is measured where the address of a database is given; give
an empty one, which the benchmark fills and leaves so. Memory is the highest resident size of the measuring
process; the service that is restarted has others.
"""

import argparse
import contextlib
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from service.store.bulk import BulkVotes
    from service.store.database import Store
    from service.store.records import Conversation, NewVote

SECRET = b"a secret for benchmarks only, kept nowhere"
IMPORTED = (10_000, 500, 230_000)
CAST_SECONDS = 5.0
MEASURES = ("import", "load", "1 thread", "8 threads", "32 threads", "restart")


@contextlib.contextmanager
def _opened(address: str) -> "Iterator[Store]":
    from service.store.database import open_store
    from service.store.migrating import migrate

    migrate(address)
    store = open_store(address, secret=SECRET)
    try:
        yield store
    finally:
        store.close()


def _made_up(n_participants: int, n_statements: int, n_votes: int) -> "BulkVotes":
    from benchmarks.made_up import matrix
    from service.store.bulk import BulkVotes

    cells = matrix(n_participants, n_statements, n_votes).votes.tocoo()
    who, what, values = (one.tolist() for one in (cells.row, cells.col, cells.data.astype(int)))
    return BulkVotes(who, what, values, [None] * len(values))


def _kept(store: "Store", n_participants: int, n_statements: int, bulk: "BulkVotes") -> "Conversation":
    from service.store.bulk import create_with_votes
    from service.store.records import DEFAULT_TENANT, NewConversation, NewStatement

    new = [NewStatement(f"Statement {number}.") for number in range(n_statements)]
    people = [f"participant {number}" for number in range(n_participants)]
    return create_with_votes(store, DEFAULT_TENANT, NewConversation("Made up?"), new, people, bulk)


def importing(address: str, _n_votes: int) -> dict[str, float]:
    """Return seconds of keeping a conversation that comes from elsewhere."""
    n_participants, n_statements, n_votes = IMPORTED
    bulk = _made_up(n_participants, n_statements, n_votes)
    with _opened(address) as store:
        start = time.perf_counter()
        _kept(store, n_participants, n_statements, bulk)
        return {"seconds": time.perf_counter() - start, "n_votes": len(bulk.values)}


def loading(address: str, n_votes: int) -> dict[str, float]:
    """Return seconds of loading 100,000 people's votes for a map; the shortest of three times."""
    from service.store.loading import load

    with _opened(address) as store:
        bulk = _made_up(100_000, 1_000, n_votes)
        made, n_different = _kept(store, 100_000, 1_000, bulk), len(bulk.values)
        del bulk
        _start_memory_anew()
        times = []
        for _ in range(3):
            start = time.perf_counter()
            load(store, made.number)
            times.append(time.perf_counter() - start)
    return {"seconds": min(times), "n_votes": n_different}


def casting(address: str, n_threads: int) -> dict[str, float]:
    """Return votes a second on one conversation, by threads that each wait for the disk."""
    from service.store import conversations, statements
    from service.store.committer import VoteCommitter
    from service.store.records import DEFAULT_TENANT, NewConversation, NewStatement

    with _opened(address) as store:
        made = conversations.create(store, DEFAULT_TENANT, NewConversation("Made up?"))
        statements.add(store, made, [NewStatement(f"Statement {number}.") for number in range(100)])
        committer, counted, end = VoteCommitter(store), [0] * n_threads, time.monotonic() + CAST_SECONDS

        def cast(thread: int) -> None:
            while time.monotonic() < end:
                committer.record(made, _vote(f"{thread}-{counted[thread] // 100}", counted[thread] % 100))
                counted[thread] += 1

        threads = [threading.Thread(target=cast, args=(number,)) for number in range(n_threads)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        committer.close()
    return {"seconds": CAST_SECONDS, "n_votes": sum(counted), "votes_per_second": sum(counted) / CAST_SECONDS}


def _vote(participant: str, statement: int) -> "NewVote":
    from clustering.vocabulary import ParticipantId, StatementId, VoteValue
    from service.store.records import NewVote

    return NewVote(ParticipantId(participant), StatementId(str(statement)), VoteValue.AGREE)


def restarting(address: str, _n_votes: int) -> dict[str, float]:
    """Return seconds from starting a service that was killed to its first acknowledged vote."""
    with tempfile.TemporaryDirectory(prefix="poldermodel-benchmark-") as folder:
        key = secrets.token_urlsafe(32)
        told = {"DATA_FOLDER": folder, "DATABASE_URL": address, "ADMIN_KEY": key, "SECRET": SECRET.decode()}
        environment = os.environ | {f"POLDERMODEL_{name}": value for name, value in told.items()}
        killed, place = _served(environment)
        conversation = _asked(place, key, "", {"question": "Made up?"})["id"]
        _asked(place, key, f"/{conversation}/statements", {"text": "Trees.", "id": "0"})
        killed.kill()
        killed.communicate()
        start = time.perf_counter()
        running, place = _served(environment)
        _asked(place, key, f"/{conversation}/votes", {"participant": "a", "statement": "0", "vote": 1})
        seconds = time.perf_counter() - start
        running.terminate()
        running.communicate()
    return {"seconds": seconds, "n_votes": 1}


def _served(environment: dict[str, str]) -> tuple[subprocess.Popen, str]:
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    return running, running.stdout.readline().strip()


def _asked(place: str, key: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    from urllib.request import ProxyHandler, Request, build_opener

    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = Request(f"{place}/v1/conversations{path}", json.dumps(body).encode(), headers)
    with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
        return json.load(answer)


def measured(measure: str, address: str, n_votes: int) -> dict[str, float]:
    """Return what one measurement finds, with this process's highest memory in MB."""
    if "thread" in measure:
        found = casting(address, int(measure.split()[0]))
    else:
        found = {"import": importing, "load": loading, "restart": restarting}[measure](address, n_votes)
    return found | {"peak_mb": _peak_mb()}


def _start_memory_anew() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # Linux only.


def _peak_mb() -> float:
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else float("nan")


def in_own_process(measure: str, address: str, n_votes: int) -> dict[str, Any] | str:
    """Return what a child process measured, or in words why there is no figure."""
    command = [sys.executable, "-m", "benchmarks.store", "--child", measure, address, "--votes", str(n_votes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return "failed: " + (done.stderr.strip().splitlines() or ["killed"])[-1][:120]
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Measure each store and print a table, or JSON."""
    parser = argparse.ArgumentParser(description="Time and memory of the vote store.")
    parser.add_argument("--child", nargs=2, metavar=("MEASURE", "ADDRESS"), help=argparse.SUPPRESS)
    parser.add_argument("--postgresql", metavar="ADDRESS", help="an empty PostgreSQL database")
    parser.add_argument("--votes", type=int, default=5_310_000, help="votes to load (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    if arguments.child:
        measure, address = arguments.child
        print(json.dumps(measured(measure, address, arguments.votes)))
        return
    results: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="poldermodel-benchmark-") as folder:
        for measure in MEASURES:
            stores = {"SQLite": f"sqlite:///{folder}/{measure.replace(' ', '-')}.sqlite3"}
            if arguments.postgresql:
                stores["PostgreSQL"] = arguments.postgresql
            for name, address in stores.items():
                found = in_own_process(measure, address, arguments.votes)
                results.setdefault(measure, {})[name] = found
                if not arguments.json:
                    print(_line(measure, name, found), flush=True)
    if arguments.json:
        print(json.dumps(results))


def _line(measure: str, name: str, found: dict[str, Any] | str) -> str:
    if isinstance(found, str):
        return f"{measure:>10}  {name:<10}  {found}"
    rate = f"{found['votes_per_second']:8,.0f} votes/s" if "votes_per_second" in found else ""
    return (
        f"{measure:>10}  {name:<10}  {found['n_votes']:>9,} votes  {found['seconds']:7.2f} s  "
        f"{found['peak_mb']:5.0f} MB {rate}"
    )


if __name__ == "__main__":
    main()
