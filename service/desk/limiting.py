"""How often somebody may try to come in: counted for the e-mail address and, far wider, for where they sit."""

import hashlib

from flask import Flask, current_app, request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

_NAME = "poldermodel.desk_limits"
_PER_EMAIL = parse("10 per 15 minutes")
_PER_ADDRESS = parse("200 per 15 minutes")


def register(app: Flask) -> None:
    """Let an app count."""
    app.extensions[_NAME] = SlidingWindowCounterRateLimiter(MemoryStorage())


def may_ask() -> bool:
    """Count a try of which nobody knows yet whose it is; return whether it may be made."""
    limiter: SlidingWindowCounterRateLimiter = current_app.extensions[_NAME]
    return limiter.hit(_PER_ADDRESS, "address", request.remote_addr or "")


def may_try(email: str) -> bool:
    """Count a try; return whether it may be made. A whole town hall behind one address can sign in."""
    limiter: SlidingWindowCounterRateLimiter = current_app.extensions[_NAME]
    who = hashlib.sha256(email.strip().casefold().encode("utf-8", "replace")).hexdigest()
    within = limiter.hit(_PER_EMAIL, "email", who)
    return limiter.hit(_PER_ADDRESS, "address", request.remote_addr or "") and within
