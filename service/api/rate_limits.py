"""How often one participant or one key may ask: counted for each of them, never for an address alone.

Two hundred people behind one town hall's address are two hundred participants. Counts stand in each web
process's memory: nothing is written for them, and nothing is lost when Redis is.
"""

from flask import Flask, Response, current_app, g, request

from service.api.callers import caller
from service.api.problems import ProblemError
from service.api.request_counts import RequestCounts
from service.parts import parts

_NAME = "poldermodel.rate_limits"
_DEAR = frozenset({"polis_api.get_conversation_stats"})

_ADMITTING = frozenset(
    {
        "participant_tokens.post_participant_token",
        "participating.take_part",
        "polis_api.post_participants",
        "polis_api.post_votes",
        "polis_api.post_comments",
    }
)
"""Where somebody unknown becomes a participant: these are counted by address.

Whoever names themselves elsewhere in `polis_api` becomes one too.
"""


def register(app: Flask) -> None:
    """Let an app count and refuse."""
    app.extensions[_NAME] = RequestCounts()
    app.before_request(_count)
    app.after_request(_tell)


def _count() -> None:
    found = _limited()
    if found is None:
        return
    per_minute, who = found
    counts: RequestCounts = current_app.extensions[_NAME]
    counted = counts.count(who, most=per_minute)
    g.rate_limit = {
        "RateLimit-Limit": str(per_minute),
        "RateLimit-Remaining": str(counted.n_left),
        "RateLimit-Reset": str(counted.resets_in),
    }
    if not counted.is_within:
        detail = f"at most {per_minute} requests a minute; ask again in {counted.resets_in} seconds"
        raise ProblemError("too-many-requests", detail, headers={"Retry-After": str(counted.resets_in)})


def _limited() -> tuple[int, tuple[str, ...]] | None:
    """Return how many requests a minute whoever asks has, and what they are counted under."""
    who, settings = caller(), parts().settings
    if who.participant is not None:
        return settings.participant_requests_per_minute, ("participant", who.participant.digest.hex())
    if who.is_known:
        return settings.key_requests_per_minute, ("key", who.tenant or "", who.name)
    endpoint = request.endpoint or ""
    # What reads every vote there is, or admits somebody, is counted for strangers too.
    is_dear = endpoint.startswith("polis_api.") and ("xid" in request.args or endpoint in _DEAR)
    if endpoint in _ADMITTING or is_dear:
        return settings.tokens_per_minute, ("address", request.remote_addr or "")
    return None


def _tell(response: Response) -> Response:
    response.headers.update(g.pop("rate_limit", {}))
    return response
