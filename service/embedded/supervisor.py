"""Keep the parts of the service running, and end them together."""

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.lifetime import dying_with_parent

_log = logging.getLogger(__name__)

LOOK_SECONDS = 0.1
"""How often the parts are looked at."""

STEADY_SECONDS = 10.0
"""A part that ran this long had started well: it is started again at once when it ends."""

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0

END_SECONDS = 15.0
"""How long a part may take to finish what it is doing before it is killed."""


@dataclass
class Part:
    """One process of the service, and how it has fared."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    keeps_open: tuple[int, ...] = ()
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    n_quick_ends: int = 0

    def start(self, *, now: float) -> None:
        """Start the process, in a group of its own: a Ctrl-C in the terminal is the supervisor's to pass on."""
        self.process = subprocess.Popen(  # noqa: S603 (the commands are this program's own)
            list(self.command),
            env=self.environment,
            pass_fds=self.keeps_open,
            process_group=0,
            preexec_fn=dying_with_parent(),
        )
        self.started_at = now

    def look(self, *, now: float) -> None:
        """Start the process again if it has ended: at once if it had run well, else after a growing pause."""
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return
            self.process = None
            self.n_quick_ends = 0 if now - self.started_at >= STEADY_SECONDS else self.n_quick_ends + 1
            pause = (
                0.0 if self.n_quick_ends == 0 else FIRST_PAUSE_SECONDS * 2.0 ** min(self.n_quick_ends - 1, 20)
            )
            self.start_again_at = now + min(pause, LONGEST_PAUSE_SECONDS)
            _log.warning("%s ended with status %d; starting it again in %.1f s", self.name, status, pause)
        if now >= self.start_again_at:
            self.start(now=now)


class Supervisor:
    """Starts parts in order, starts again those that end, and ends all of them in reverse order."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._n_stop_signals = 0

    def start(self) -> None:
        """Start every part, and heed SIGTERM and SIGINT from now on."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._heed)
        for part in self._parts:
            part.start(now=time.monotonic())

    def look(self) -> bool:
        """Start again what has ended; return False once told to stop."""
        if self._n_stop_signals:
            return False
        for part in self._parts:
            part.look(now=time.monotonic())
        return True

    def run(self) -> None:
        """Look after the parts until told to stop."""
        while self.look():
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """End every part, the last started first; those that don't end in time are killed."""
        for part in reversed(self._parts):
            if part.process is not None:
                _end(part.process, is_hurried=lambda: self._n_stop_signals > 1)
                part.process = None

    def _heed(self, _number: int, _frame: object) -> None:
        """Note that a signal to stop has come."""
        self._n_stop_signals += 1


def _end(process: subprocess.Popen, *, is_hurried) -> None:
    """Ask a process to end and wait; kill its group when it takes too long or somebody asks a second time."""
    process.terminate()
    deadline = time.monotonic() + END_SECONDS
    while process.poll() is None and time.monotonic() < deadline and not is_hurried():
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
