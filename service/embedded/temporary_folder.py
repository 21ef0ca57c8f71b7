"""A folder that goes away with the process that uses it, even when that process is killed."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_N_TRIES = 30
_PAUSE_SECONDS = 0.1


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """Yield a folder for the owner only; it is removed on leaving, or else when this process ends.

    A small process waits for that: the pipe it reads from closes when this process is gone. It is in a session
    of its own, so that whatever ends this process's group doesn't end it too.
    """
    # Not needed by the process that removes the folder, which is to start at once.
    from service.settings import environment_of_others

    folder = Path(tempfile.mkdtemp(prefix=prefix))
    remover = subprocess.Popen(  # noqa: S603 (this program itself)
        [sys.executable, "-m", __name__, str(folder)],
        stdin=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
        env=environment_of_others(),
    )
    try:
        yield folder
    finally:
        remover.communicate()


def _remove(folder: Path) -> None:
    """Remove a folder; the processes that still write to it are about to end."""
    for _ in range(_N_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(_PAUSE_SECONDS)


if __name__ == "__main__":
    sys.stdin.read()
    _remove(Path(sys.argv[1]))
