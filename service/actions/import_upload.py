"""A conversation comes in over HTTP: the command `import` reads it, in a process of its own.

Reading an export takes the arithmetic's libraries and much memory for a moment; a process that answers people
should have neither. What becomes of it is told as of any analysis that is asked for.
"""

import contextlib
import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.settings import Settings, environment_of
from service.store import analysis_jobs
from service.store.analysis_jobs import IMPORT_SECONDS
from service.store.analysis_records import AnalysisJob, AnalysisKind, AnalysisState, NewAnalysis
from service.store.database import Store
from service.store.errors import StoreError

_STEP = "step: "
"""What the command's lines begin with that say what it does now."""

_WRONG = 2
"""What the command ends with when something in the file, or in what was asked, is wrong."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Upload:
    """A file that came, and what is to become of it; the file is deleted afterwards.

    Attributes
    ----------
    wanted
        Options of the command that have a value: `id`, `language`, `question`.
    flags
        Its options that have none: `dry-run`, `hold-unmoderated`, `closed`.
    """

    path: Path
    tenant: str
    is_test: bool
    wanted: Mapping[str, str]
    flags: Sequence[str] = ()

    def arguments(self) -> list[str]:
        """Return how the command is called."""
        # With an equals sign, so that no value is taken for an option.
        named = [f"--{name}={value}" for name, value in self.wanted.items()]
        named += [f"--{name}" for name in self.flags]
        kind = "--test" if self.is_test else "--live"
        return ["import", "--json", "--steps", kind, "--tenant", self.tenant, *named, "--", str(self.path)]


def import_upload(
    store: Store, settings: Settings, new: NewAnalysis, upload: Upload, *, kept: Iterable[bytes] = ()
) -> AnalysisJob | None:
    """Begin an import, and return what tells of it; None when the tenant has too many under way.

    Parameters
    ----------
    kept
        The file in pieces, where it is kept with what tells of it: a dry run's, for the import after it.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    job = analysis_jobs.add(store, new, kept)
    begun = None if job is None else analysis_jobs.take(store, job.number)
    if begun is None:
        upload.path.unlink(missing_ok=True)
        return None
    threading.Thread(target=_run, args=(store, settings, begun, upload), name="import", daemon=True).start()
    return begun


def _run(store: Store, settings: Settings, job: AnalysisJob, upload: Upload) -> None:
    """Import, say what came of it, and delete the file."""
    try:
        told = _imported(store, settings, job.number, upload)
        is_check = job.kind is AnalysisKind.IMPORT_CHECK and told["state"] is AnalysisState.DONE
        analysis_jobs.finish(store, job.number, told.pop("state"), keeps_pieces=is_check, **told)
    except StoreError as error:
        _log.warning("import %d: %s", job.number, error)
    finally:
        upload.path.unlink(missing_ok=True)


def _imported(store: Store, settings: Settings, number: int, upload: Upload) -> dict[str, Any]:
    """Return what is to be told of an import once it has ended; meanwhile the store tells each step."""
    command = [sys.executable, "-m", "service.cli", *upload.arguments()]
    began, said = time.monotonic(), []
    with subprocess.Popen(  # noqa: S603 (this program itself, its arguments checked by the route)
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment_of(settings)
    ) as running:
        assert running.stdout is not None and running.stderr is not None  # noqa: S101, PT018
        timer = threading.Timer(IMPORT_SECONDS, running.kill)
        timer.start()
        try:
            for line in running.stderr:
                if not line.startswith(_STEP):
                    said.append(line.strip())
                    continue
                with contextlib.suppress(StoreError):
                    analysis_jobs.tell_step(store, number, line.removeprefix(_STEP).strip())
            answer = running.stdout.read()
        finally:
            timer.cancel()
    if running.returncode < 0 and time.monotonic() - began >= IMPORT_SECONDS:
        return {"state": AnalysisState.FAILED, "error": f"it took longer than {IMPORT_SECONDS:.0f} seconds"}
    return _ended(running.returncode, answer, [line for line in said if line], upload)


def _ended(status: int, answer: str, said: list[str], upload: Upload) -> dict[str, Any]:
    """Return what is to be told of a command that ended by itself."""
    if status == 0:
        return {"state": AnalysisState.DONE, "document": json.dumps(json.loads(answer)).encode()}
    told = said[-1].removeprefix("Error: ").replace(f"{upload.path}", "the file") if said else ""
    if status == _WRONG and told:
        detail = told.replace(upload.path.name, "the file")
        return {"state": AnalysisState.REFUSED, "errors": [{"pointer": "file", "detail": detail}]}
    _log.error("an import ended with %d: %s", status, told)
    return {"state": AnalysisState.FAILED, "error": "this is our fault; the log of the service says more"}
