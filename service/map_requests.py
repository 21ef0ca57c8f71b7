"""Ask the worker for a new map, or the assessor for its assessment; take a request. Only this knows the queue.

The queue is a doorbell, not a list of votes: a mark in Redis says that somebody rang, whoever set it enqueues
one job, and the job clears the mark before it reads, so that a vote cast meanwhile rings again. Whatever gets
lost here the sweep repairs.
"""

import threading
import time
from collections.abc import Callable
from uuid import uuid4

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

QUEUE = "group-maps"
JOB = "worker.jobs.redraw_group_map"

ASSESSMENT_QUEUE = "assessments"
ASSESSMENT_JOB = "worker.assessing.assess_group_map"
"""A queue and a worker of their own: no map ever waits for an assessment."""

ANALYSIS_QUEUE = "analyses"
ANALYSIS_JOB = "worker.analysing.make_analysis"
"""Analyses asked for alone; the assessor's process makes them too, before assessments."""

MARK_SECONDS = 30
"""A mark whose job was lost stops ringing for no longer than this; the sweep doesn't heed it at all."""

CONNECT_SECONDS = 0.2
ANSWER_SECONDS = 0.5
"""How long a vote's answer can be held up by Redis, and by no more than one vote each `REST_SECONDS`."""

REST_SECONDS = 1.0
"""How long Redis is left alone after it failed to answer."""

FAILURE_SECONDS = 600
"""How long Redis remembers a failed job, for people who look into it."""


class MapRequests:
    """The doorbell to the worker. A broken bell never fails or delays a vote: the sweep repairs."""

    _mark = "map-request"

    def __init__(
        self, redis_url: str, *, job_timeout_seconds: int = 120, job: str = JOB, queue: str = QUEUE
    ) -> None:
        self._job = job
        self._job_timeout_seconds = job_timeout_seconds
        self._queue = (
            None
            if not redis_url
            else Queue(queue, connection=_connection(redis_url), serializer=JSONSerializer)
        )
        self._rests_until = 0.0
        self._trying = threading.Lock()

    def ask(self, conversation_number: int) -> bool:
        """Ask unless somebody has; return False when the queue can't be reached."""
        return self._guarded(lambda queue: self._ring(queue, conversation_number))

    def ask_at_once(self, conversation_number: int) -> bool:
        """Ask even while it rests: for those who look after a conversation and wait to see what they did."""
        return self._guarded(lambda queue: self._ring_at_once(queue, conversation_number))

    def ask_again(self, conversation_number: int) -> bool:
        """Ask even where somebody has: for the sweep, which knows that it didn't help."""
        return self._guarded(lambda queue: self._ring(queue, conversation_number, heeds_mark=False))

    def take(self, conversation_number: int) -> bool:
        """Clear the mark, so that the next vote rings again. The job's first act."""
        marks = f"{self._mark}:{conversation_number}", self._hurry_key(conversation_number)
        return self._guarded(lambda queue: queue.connection.delete(*marks))

    def rest(self, conversation_number: int, seconds: float) -> bool:
        """Let a conversation rest: until then its jobs do nothing, and the sweep doesn't ask."""
        return self._guarded(
            lambda queue: queue.connection.set(
                self._rest_key(conversation_number), 1, px=round(1_000 * seconds)
            )
        )

    def is_resting(self, conversation_number: int) -> bool:
        """Return whether it rests and nobody asked at once; a queue that doesn't answer knows of no rest."""
        found = []
        keys = self._rest_key(conversation_number), self._hurry_key(conversation_number)
        self._guarded(lambda queue: found.extend(queue.connection.mget(keys)))
        return bool(found) and found[0] is not None and found[1] is None

    def waiting(self) -> set[int]:
        """Return the conversations that a job waits for.

        Raises
        ------
        ConnectionError
            When the queue can't be reached.
        """
        if self._queue is None:
            raise ConnectionError("there is no queue: set REDIS_URL")
        try:
            return {int(job_id.split("-")[1]) for job_id in self._queue.get_job_ids()}
        except RedisError as error:
            raise ConnectionError(f"the queue doesn't answer: {error}") from error

    def is_reachable(self) -> bool:
        """Return whether the queue answers now (for `/readyz`)."""
        return self._guarded(lambda queue: queue.connection.ping())

    def _rest_key(self, conversation_number: int) -> str:
        return f"{self._mark}-rest:{conversation_number}"

    def _hurry_key(self, conversation_number: int) -> str:
        return f"{self._mark}-hurry:{conversation_number}"

    def _ring_at_once(self, queue: Queue, conversation_number: int) -> None:
        """Leave word that the rest doesn't count: a map that is being drawn now may begin one after this.

        Who finds the word there leaves it at that: a job was asked for then, and has not read yet.
        """
        is_first = queue.connection.set(self._hurry_key(conversation_number), 1, nx=True, ex=MARK_SECONDS)
        self._ring(queue, conversation_number, heeds_mark=not is_first)

    def _ring(self, queue: Queue, conversation_number: int, *, heeds_mark: bool = True) -> None:
        """Set the mark and enqueue a job; whoever finds the mark set leaves it at that."""
        is_first = queue.connection.set(
            f"{self._mark}:{conversation_number}", 1, nx=heeds_mark, ex=MARK_SECONDS
        )
        if is_first:
            queue.enqueue_call(
                self._job,
                args=(conversation_number,),
                timeout=self._job_timeout_seconds,
                job_id=f"redraw-{conversation_number}-{uuid4().hex}",
                result_ttl=0,
                failure_ttl=FAILURE_SECONDS,
            )

    def _guarded(self, act: Callable[[Queue], object]) -> bool:
        """Do something with the queue; after a failure leave it alone, then let one try at a time."""
        if self._queue is None or time.monotonic() < self._rests_until:
            return False
        had_failed = self._rests_until > 0
        if had_failed and not self._trying.acquire(blocking=False):
            return False
        try:
            act(self._queue)
        except (RedisError, OSError):
            self._rests_until = time.monotonic() + REST_SECONDS
            return False
        else:
            self._rests_until = 0.0
            return True
        finally:
            if had_failed:
                self._trying.release()


class AssessmentRequests(MapRequests):
    """The doorbell to the assessor, beside the worker's and like it."""

    _mark = "assessment-request"

    def __init__(self, redis_url: str, *, job_timeout_seconds: int = 300, job: str = ASSESSMENT_JOB) -> None:
        super().__init__(redis_url, job_timeout_seconds=job_timeout_seconds, job=job, queue=ASSESSMENT_QUEUE)


class AnalysisRequests(MapRequests):
    """The doorbell for analyses that are asked for alone; they have numbers as conversations have."""

    _mark = "analysis-request"

    def __init__(self, redis_url: str, *, job_timeout_seconds: int = 300, job: str = ANALYSIS_JOB) -> None:
        super().__init__(redis_url, job_timeout_seconds=job_timeout_seconds, job=job, queue=ANALYSIS_QUEUE)


def _connection(redis_url: str) -> Redis:
    """Return a connection that gives up soon and never tries twice."""
    return Redis.from_url(
        redis_url,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
