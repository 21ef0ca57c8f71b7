"""Run the web server: gunicorn with threads, told everything here and nothing by files or the environment.

The app's modules are loaded once, before gunicorn forks: a process that is started anew answers at once.
"""

import os
from typing import Any

from gunicorn.app.base import BaseApplication

from service.app import create_app
from service.lifetime import die_with_parent
from service.settings import Settings

MEMORY_FOLDER = "/dev/shm"  # noqa: S108 (gunicorn makes a private file there)

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
        return create_app(self._settings)

    def _options(self) -> dict[str, Any]:
        """Return gunicorn's settings."""
        settings, listening = self._settings, self._file_descriptor
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        return {
            "bind": f"{host}:{settings.port}" if listening is None else f"fd://{listening}",
            "workers": settings.web_processes,
            "worker_class": "gthread",
            "threads": settings.web_threads,
            "graceful_timeout": DRAIN_SECONDS,
            "timeout": 60,
            # A heartbeat file on a disk can block a whole process for as long as the disk is busy.
            "worker_tmp_dir": MEMORY_FOLDER if os.access(MEMORY_FOLDER, os.W_OK) else None,
            "control_socket_disable": True,
            # Addresses and query strings are personal data or may hold some: no access log.
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
            "proc_name": "poldermodel-web",
            "post_fork": lambda _arbiter, _worker: die_with_parent(),
        }
