"""Redraw maps as the queue asks: one process that listens, and for each job a fork of it that computes.

The parent imports the numerics and loads their compiled loops once, so that no fork has to. It draws no
maps: threads that a numeric library starts don't survive a fork, and the child would wait for them for
ever. Loading the loops runs them on forty people, in this one thread.
"""

import logging
import os
import signal
import sys
from typing import NoReturn

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

import worker.jobs as jobs
from clustering.warm_up import warm_up
from service.lifetime import die_with_parent
from service.map_requests import QUEUE
from service.settings import Settings

KILL_GRACE_SECONDS = 10
"""Native code may not hear the queue's own time limit; this much processor time later the kernel ends it."""


NICENESS = 5


class MapWorker(Worker):
    """A queue worker whose children end with it and whose patience with a lost Redis is short."""

    max_connection_wait_time = 2.0

    def main_work_horse(self, job: Job, queue: Queue) -> NoReturn:
        """Compute in the fork, under a limit that native code can't ignore."""
        die_with_parent()
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, (job.timeout or 0) + KILL_GRACE_SECONDS)
        super().main_work_horse(job, queue)


def main() -> int:
    """Work until told to stop."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    die_with_parent()
    # People who vote go before people who look: on a busy machine a map may come later, an answer may not.
    os.nice(NICENESS)
    if not settings.redis_url:
        sys.stderr.write("worker: no queue to listen to; set REDIS_URL, or run `poldermodel serve`\n")
        return 2
    connection = Redis.from_url(settings.redis_url)
    worker = MapWorker(
        [Queue(QUEUE, connection=connection, serializer=JSONSerializer)],
        connection=connection,
        serializer=JSONSerializer,
        # One that listens asks every ten seconds whether Redis is there; one that vanished is noticed soon.
        worker_ttl=25,
        maintenance_interval=30,
        log_job_description=False,
    )
    warm_up()
    logging.getLogger("worker").info("listening, %s loaded, process %d", jobs.__name__, os.getpid())
    try:
        worker.work(logging_level=None)
    except RedisError as error:
        # Whoever started this process starts it again; the sweep asks again for what was lost.
        logging.getLogger("worker").error("the queue is gone: %s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
