"""Know the caller of each request, and refuse who may not, before anything of the request is read."""

from flask import Flask, current_app, g, request

from service.identity.access import check, needed_scope
from service.identity.bearer import caller_of
from service.identity.caller import Caller
from service.parts import parts
from service.store.acting import acting_by


def _forget(_error: BaseException | None = None) -> None:
    # What this thread does next is somebody else's.
    acting_by.set("")


def register(app: Flask) -> None:
    """Let an app check each request's caller."""
    app.teardown_request(_forget)
    app.before_request(_check)


def caller() -> Caller:
    """Return who made this request."""
    return g.caller


def _check() -> None:
    g.caller = caller_of(
        request.headers.get("Authorization"),
        admin_key=parts().settings.admin_key.get_secret_value(),
        key_ring=parts().key_ring,
    )
    acting_by.set(g.caller.name)
    # What has no route is answered 404 or 405 by Flask; OPTIONS tells methods only, and carries no key.
    if request.endpoint is not None and request.method != "OPTIONS":
        check(g.caller, needed_scope(current_app.view_functions[request.endpoint]))
