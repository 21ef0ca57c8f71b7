"""Times as kept (seconds since 1970) and as given out (with their zone)."""

import time
from datetime import UTC, datetime


def now_seconds() -> int:
    """Return the present as whole seconds since 1970: enough for a vote, and no more than is needed."""
    return int(time.time())


def as_time(seconds: float) -> datetime:
    """Return kept seconds as a time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
