"""How many requests somebody made within a minute, counted in this process's memory."""

import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

WINDOW_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Counted:
    """One request, counted.

    Attributes
    ----------
    is_within
        Whether it may be answered.
    n_left
        How many more there may be now.
    resets_in
        Whole seconds, at least one: until the next window, or for a refused request until there is room again.
    """

    is_within: bool
    n_left: int
    resets_in: int


class RequestCounts:
    """Counts in a window that slides: of the last window so much counts as lies within a minute from now.

    A request looks at its own two numbers only, whoever else asks, and starts nothing.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._window = 0.0
        self._here: dict[Hashable, int] = {}
        self._before: dict[Hashable, int] = {}

    def count(self, who: Hashable, *, most: int) -> Counted:
        """Count a request of somebody who may make so many in a minute; a refused one doesn't count."""
        with self._lock:
            window, into = divmod(self._clock(), WINDOW_SECONDS)
            if window != self._window:
                # Everybody who has been quiet for two windows is forgotten with the older one.
                self._before = self._here if window == self._window + 1 else {}
                self._here, self._window = {}, window
            used = self._here.get(who, 0) + self._before.get(who, 0) * (1.0 - into / WINDOW_SECONDS)
            is_within = used + 1 <= most
            if is_within:
                self._here[who] = self._here.get(who, 0) + 1
                used += 1
            resets_in = WINDOW_SECONDS - into
            if not is_within:
                resets_in = _until_room(self._here.get(who, 0), self._before.get(who, 0), into, most=most)
        return Counted(is_within, max(0, int(most - used)), max(1, math.ceil(resets_in)))


def _until_room(here: int, before: int, into: float, *, most: int) -> float:
    """Return in how many seconds there is room for one request more, if nobody asks meanwhile."""
    room = most - 1
    if here <= room and before:
        # What the window before counts for shrinks until this one ends.
        return max(0.0, WINDOW_SECONDS * (1.0 - (room - here) / before) - into)
    # In the next window this one counts less and less.
    return WINDOW_SECONDS - into + WINDOW_SECONDS * max(0.0, 1.0 - room / here) if here else WINDOW_SECONDS
