"""A conversation comes in over HTTP: the command `import` reads it, in a process of its own.

Reading an export takes the arithmetic's libraries and much memory for a moment; a process that answers people
should have neither. What becomes of it is told as of any analysis that is asked for.
"""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.settings import Settings, environment_of
from service.store import analysis_jobs
from service.store.analysis_records import AnalysisJob, AnalysisState, NewAnalysis
from service.store.database import Store
from service.store.errors import StoreError

MOST_SECONDS = 600.0
"""How long an import may take; five million votes take about a minute."""

_WRONG = 2
"""What the command ends with when something in the file, or in what was asked, is wrong."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Upload:
    """A file that came, and what is to become of it; the file is deleted afterwards.

    Attributes
    ----------
    wanted
        Options of the command: `id`, `language`.
    """

    path: Path
    tenant: str
    is_test: bool
    wanted: Mapping[str, str]

    def arguments(self) -> list[str]:
        """Return how the command is called."""
        named = [part for name, value in self.wanted.items() for part in (f"--{name}", value)]
        kind = "--test" if self.is_test else "--live"
        return ["import", "--json", kind, "--tenant", self.tenant, *named, "--", str(self.path)]


def import_upload(store: Store, settings: Settings, new: NewAnalysis, upload: Upload) -> AnalysisJob | None:
    """Begin an import, and return what tells of it; None when the tenant has too many under way.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    job = analysis_jobs.add(store, new)
    begun = None if job is None else analysis_jobs.take(store, job.number)
    if begun is None:
        upload.path.unlink(missing_ok=True)
        return None
    threading.Thread(
        target=_run, args=(store, settings, begun.number, upload), name="import", daemon=True
    ).start()
    return begun


def _run(store: Store, settings: Settings, number: int, upload: Upload) -> None:
    """Import, say what came of it, and delete the file."""
    try:
        _finish(store, number, _imported(settings, upload))
    except StoreError as error:
        _log.warning("import %d: %s", number, error)
    finally:
        upload.path.unlink(missing_ok=True)


def _imported(settings: Settings, upload: Upload) -> dict[str, Any]:
    """Return what is to be told of an import once it has ended."""
    command = [sys.executable, "-m", "service.cli", *upload.arguments()]
    try:
        ended = subprocess.run(  # noqa: S603 (this program itself, its arguments checked by the route)
            command,
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
            env=environment_of(settings),
        )
    except subprocess.TimeoutExpired:
        return {"state": AnalysisState.FAILED, "error": f"it took longer than {MOST_SECONDS:.0f} seconds"}
    if ended.returncode == 0:
        document = json.dumps(json.loads(ended.stdout)).encode()
        return {"state": AnalysisState.DONE, "document": document}
    said = ended.stderr.strip().splitlines()
    told = said[-1].removeprefix("Error: ").replace(f"{upload.path}", "the file") if said else ""
    if ended.returncode == _WRONG and told:
        detail = told.replace(upload.path.name, "the file")
        return {"state": AnalysisState.REFUSED, "errors": [{"pointer": "file", "detail": detail}]}
    _log.error("an import ended with %d: %s", ended.returncode, told)
    return {"state": AnalysisState.FAILED, "error": "this is our fault; the log of the service says more"}


def _finish(store: Store, number: int, told: dict[str, Any]) -> None:
    analysis_jobs.finish(store, number, told.pop("state"), **told)
