"""How routes are declared: what they take and answer, and who may call them; the document is made of that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Blueprint, Response, abort, request
from pydantic import BaseModel, ConfigDict, ValidationError

from service.api import errors
from service.identity.access import needs, public
from service.identity.caller import Scope


class Asked(BaseModel):
    """What a request says, in its address or its body; what isn't known is passed over, as Polis does."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


@dataclass(frozen=True, slots=True)
class Declared:
    """One route.

    Attributes
    ----------
    asked
        What it takes.
    scope
        What it asks of everybody who calls it; nothing where it looks at that itself.
    kind
        What it answers: `object`, `list` or `text/csv`.
    """

    method: str
    path: str
    name: str
    summary: str
    asked: type[Asked]
    scope: Scope | None
    kind: str


class PolisRoutes(Blueprint):
    """Routes that know what they were declared as."""

    def __init__(self) -> None:
        super().__init__("polis_api", __name__, url_prefix="/api/v3")
        self.declared: list[Declared] = []

    def declare(
        self, method: str, path: str, asked: type[Asked], *, scope: Scope | None = None, kind: str = "object"
    ) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Make a function the view of a route; it is called with what the request says."""

        def mark(view: Callable[..., Response]) -> Callable[..., Response]:
            summary = (view.__doc__ or "").partition("\n")[0]
            name = view.__name__
            self.declared.append(Declared(method, path, name, summary, asked, scope, kind))

            def answer(**path_parts: str) -> Response:
                return view(_asked(asked), **path_parts)

            marked = public(answer) if scope is None else needs(scope)(answer)
            self.add_url_rule(path, endpoint=name, view_func=marked, methods=[method])
            return view

        return mark


routes = PolisRoutes()
"""All of them; the modules beside this one declare them."""


def json_of(value: Any, *, status: int = 200) -> Response:
    """Return the response that carries a value as JSON."""
    return Response(orjson.dumps(value), status, mimetype="application/json")


def _asked(model: type[Asked]) -> Any:
    said: dict[str, Any] = _in_address()
    if request.method != "GET" and (request.content_length or request.mimetype):
        said |= {name: value for name, value in request.get_json().items() if value is not None}
    try:
        return model.model_validate(said)
    except ValidationError as error:
        return abort(errors.of_validation(error))


def _in_address() -> dict[str, str | list[str]]:
    """Return what the address says; what is said several times, as `keys=a&keys=b` or `keys[]=a`, is a list."""
    found: dict[str, str | list[str]] = {}
    for name, values in request.args.lists():
        if name.endswith("[]"):
            found[name.removesuffix("[]")] = values
        else:
            found.setdefault(name, values if len(values) > 1 else values[0])
    return found
