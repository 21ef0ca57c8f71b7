"""Time and memory of exporting a large conversation and restoring it, on either store.

    python -m benchmarks.exports [--postgresql ADDRESS] [--votes N] [--json]

Each measurement is a process of its own; memory is the highest resident size of that process, the interpreter
included. PostgreSQL is measured where the address of an empty database is given.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SECRET = b"a secret for benchmarks only, kept nowhere"
N_STATEMENTS = 1_000
VOTES_EACH = 50
MEASURES = ("make", "zip", "polis", "matrix", "parquet", "import")


def made_up(n_votes: int) -> Any:
    """Return the rows of a conversation of n_votes votes, made as they are read."""
    from service.store.restoring import Restored

    n_participants = n_votes // VOTES_EACH
    statement = {"state": "visible", "is_meta": False, "language": "en", "created_at": 0, "reason": ""}
    return Restored(
        created_at=0,
        sequence=n_participants * VOTES_EACH,
        n_participants=n_participants,
        n_statements=N_STATEMENTS,
        n_votes=n_participants * VOTES_EACH,
        statements=(
            {"number": number, "id": str(number), "text": f"Statement {number}.", **statement,
             "translations": {}, "author_hash": None}
            for number in range(N_STATEMENTS)
        ),
        participants=((number, number.to_bytes(32), "") for number in range(n_participants)),
        changes=(),
        left_out=(),
        votes=_votes(n_participants),
    )  # fmt: skip


def _votes(n_participants: int) -> Iterator[tuple[int, ...]]:
    sequence = 0
    for place in range(VOTES_EACH):
        for who in range(n_participants):
            sequence += 1
            # 19 and 1,000 share no divisor, so that nobody meets a statement twice.
            yield (
                sequence,
                who,
                (who + 19 * place) % N_STATEMENTS,
                (who + place) % 3 - 1,
                1_750_000_000 + sequence // 20,
            )


def measured(measure: str, address: str, folder: Path, n_votes: int) -> dict[str, float]:
    """Return seconds and peak megabytes of one measure, done in this process."""
    from service.actions.export_conversation import ExportForm, export_conversation
    from service.actions.restore_conversation import restore_conversation
    from service.map_requests import MapRequests
    from service.store import conversations
    from service.store.database import open_store
    from service.store.migrating import migrate
    from service.store.records import DEFAULT_TENANT, NewConversation
    from service.store.restoring import restore

    migrate(address)
    store = open_store(address, secret=SECRET)
    start, n_bytes = time.perf_counter(), 0
    if measure == "make":
        new = NewConversation("Made up?", id="7large", is_open=False)  # type: ignore[arg-type]
        restore(store, DEFAULT_TENANT, new, made_up(n_votes))
    elif measure == "import":
        restore_conversation(store, MapRequests(""), folder / "zip.zip", conversation_id="7again")
    else:
        found = conversations.find(store, DEFAULT_TENANT, "7large")
        with (folder / f"{measure}.zip").open("wb") as file:
            for piece in export_conversation(store, found, ExportForm(measure)):
                n_bytes += file.write(piece)
    taken = time.perf_counter() - start
    store.close()
    return {
        "seconds": round(taken, 1),
        "peak_megabytes": _peak_megabytes(),
        "megabytes": round(n_bytes / 1e6, 1),
    }


def _peak_megabytes() -> float:
    """Return the highest resident size this process had, or one that it started, in MB of a million bytes."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return round(max(int(line.split()[1]), of_children) * 1024 / 1e6, 1)


def main() -> None:
    """Measure all, or one as a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql")
    parser.add_argument("--votes", type=int, default=5_000_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        measure, address, folder = given.one
        print(json.dumps(measured(measure, address, Path(folder), given.votes)))
        return
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        addresses = {"sqlite": f"sqlite:///{folder}/store.sqlite3", "postgresql": given.postgresql}
        for name, address in addresses.items():
            for measure in MEASURES if address else ():
                command = [sys.executable, "-m", "benchmarks.exports", "--votes", str(given.votes)]
                done = subprocess.run(
                    [*command, "--one", measure, address, folder], stdout=subprocess.PIPE, check=True
                )
                found[f"{name} {measure}"] = told = json.loads(done.stdout)
                if not given.json:
                    figures = f"{told['peak_megabytes']:>8.1f} MB of memory{told['megabytes']:>8.1f} MB written"
                    print(f"{name:<11}{measure:<8}{told['seconds']:>8.1f} s{figures}", flush=True)
    if given.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
