"""Ask the worker for a new map; take a request. The only part of the service that knows the queue."""


class MapRequests:
    """The doorbell to the worker. A broken bell never fails or delays a vote: the sweep repairs."""

    def __init__(self, redis_url: str) -> None:
        raise NotImplementedError

    def ask(self, conversation_number: int) -> bool:
        """Ask for a new map unless somebody has; return False when the queue can't be reached."""
        raise NotImplementedError

    def take(self, conversation_number: int) -> None:
        """Clear the mark, so that the next vote rings again. The job's first act."""
        raise NotImplementedError

    def is_reachable(self) -> bool:
        """Return whether the queue answers now (for `/readyz`)."""
        raise NotImplementedError
