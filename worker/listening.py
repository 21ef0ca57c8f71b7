"""Listen to queues: a process that forks for each job, under limits that native code can't ignore.

The parent imports the numerics and loads their compiled loops once, so that no fork has to. It computes
nothing: threads that a numeric library starts don't survive a fork, and the child would wait for them for
ever. Loading the loops runs them on forty people, in this one thread.
"""

import logging
import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from service.lifetime import die_with_parent
from service.settings import Settings

KILL_GRACE_SECONDS = 10
"""Native code may not hear the queue's own time limit; this much processor time later the kernel ends it."""


class MapWorker(Worker):
    """A queue worker whose children end with it and whose patience with a lost Redis is short."""

    max_connection_wait_time = 2.0

    def main_work_horse(self, job: Job, queue: Queue) -> NoReturn:
        """Compute in the fork, under a limit that native code can't ignore."""
        die_with_parent()
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, (job.timeout or 0) + KILL_GRACE_SECONDS)
        super().main_work_horse(job, queue)


def listen(*queues: str, name: str, warm_up: Callable[[], None]) -> int:
    """Work until told to stop; return the process's exit status.

    Parameters
    ----------
    queues
        Their names; what waits in the first goes first.
    name
        What the log calls it.
    warm_up
        Loads the compiled loops that its jobs need.
    """
    settings = Settings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    die_with_parent()
    if not settings.redis_url:
        sys.stderr.write(f"{name}: no queue to listen to; set REDIS_URL, or run `poldermodel serve`\n")
        return 2
    connection = Redis.from_url(settings.redis_url)
    worker = MapWorker(
        [Queue(queue, connection=connection, serializer=JSONSerializer) for queue in queues],
        connection=connection,
        serializer=JSONSerializer,
        # One that listens asks every ten seconds whether Redis is there; one that vanished is noticed soon.
        worker_ttl=25,
        maintenance_interval=30,
        log_job_description=False,
    )
    warm_up()
    logging.getLogger(name).info("listening, process %d", os.getpid())
    try:
        worker.work(logging_level=None)
    except RedisError as error:
        # Whoever started this process starts it again; the sweep asks again for what was lost.
        logging.getLogger(name).error("the queue is gone: %s", error)
        return 1
    return 0
