"""Run the web server: gunicorn with threads, told everything here and nothing by files or the environment.

The app's modules are loaded once, before gunicorn forks: a process that is started anew answers at once.
"""

import contextlib
import os
import sys
from typing import Any
from wsgiref.types import WSGIApplication

from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import ParseException

from service.app import create_app
from service.lifetime import die_with_parent
from service.parts import parts_of
from service.settings import Settings
from service.store.errors import StoreError
from service.store.rehearsal import rehearse_a_vote
from service.web_worker import StrangersWorker

MEMORY_FOLDER = "/dev/shm"  # noqa: S108 (gunicorn makes a private file there)

SWITCH_SECONDS = 0.000_5
"""How long a thread that has a turn may keep it while others wait: a request gives its turn away at each of its
twenty questions to the database, and got it back only after Python's five milliseconds each time."""

DRAIN_SECONDS = 10
"""How long requests that are being answered may still take when the server is told to stop."""


class WebServer(BaseApplication):
    """Gunicorn around `create_app`; each of its processes makes an app of its own, after the fork."""

    def __init__(self, settings: Settings, *, file_descriptor: int | None = None) -> None:
        self._settings = settings
        self._file_descriptor = file_descriptor
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what it is to do."""
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the app, opened in the process that will answer."""
        app = create_app(self._settings)
        # A store that doesn't answer now may do so later; until then each request says so.
        with contextlib.suppress(StoreError):
            rehearse_a_vote(parts_of(app).store)
        return readable_bodies(app)

    def _options(self) -> dict[str, Any]:
        """Return gunicorn's settings."""
        settings, listening = self._settings, self._file_descriptor
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        return {
            "bind": f"{host}:{settings.port}" if listening is None else f"fd://{listening}",
            "workers": settings.web_processes,
            "worker_class": StrangersWorker,
            "threads": settings.web_threads,
            "graceful_timeout": DRAIN_SECONDS,
            "timeout": 60,
            "keepalive": 5,
            # A caller must not say where the app stands, or for whom it speaks.
            "forwarder_headers": "",
            "forwarded_allow_ips": "",
            # A heartbeat file on a disk can block a whole process for as long as the disk is busy.
            "worker_tmp_dir": MEMORY_FOLDER if os.access(MEMORY_FOLDER, os.W_OK) else None,
            "control_socket_disable": True,
            # Addresses and query strings are personal data or may hold some: no access log.
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "poldermodel-web",
            "post_fork": lambda _arbiter, _worker: _begun(),
        }


def _begun() -> None:
    """Prepare a process that answers requests, after the fork."""
    die_with_parent()
    sys.setswitchinterval(SWITCH_SECONDS)


class _ReadableBody:
    """A request's body whose faults are those of a connection, which the app has an answer for."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; raises `OSError` where they make no sense or come too late."""
        try:
            return self._body.read(None if size < 0 else size)
        except ParseException as error:
            raise ConnectionError("the body can't be read") from error


def readable_bodies(app: WSGIApplication) -> WSGIApplication:
    """Return an app that hears of a broken body as of a broken connection."""

    def run(environ: dict[str, Any], start_response: Any) -> Any:
        environ["wsgi.input"] = _ReadableBody(environ["wsgi.input"])
        return app(environ, start_response)

    return run
