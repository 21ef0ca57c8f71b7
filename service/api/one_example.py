"""What one example of an operation holds."""

from dataclasses import dataclass
from typing import Any

CREATED = "2026-03-02T09:30:00+00:00"


@dataclass(frozen=True, slots=True)
class Example:
    """What one request may send, and what it is answered."""

    answer: dict[str, Any] | str
    body: dict[str, Any] | None = None
    media_type: str = "application/json"
