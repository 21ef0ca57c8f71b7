"""Whether this process lives, whether it can serve, and what it is: for load balancers and operators."""

from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from service.api.fields import Answer
from service.api.problems import ProblemError
from service.api.reading import answer
from service.identity.access import public
from service.parts import parts
from service.store.database import is_migrated
from service.store.errors import StoreError

routes = APIBlueprint("health", __name__, abp_tags=[{"name": "health"}])


class AliveAnswer(Answer):
    """The process answers."""

    status: Literal["alive"] = "alive"


class ReadyAnswer(Answer):
    """The service can take votes; `degraded` names what it does without."""

    status: Literal["ready"] = "ready"
    degraded: list[Literal["redis"]]


class VersionAnswer(Answer):
    """Which release this is."""

    name: Literal["poldermodel"] = "poldermodel"
    version: str


@routes.get("/healthz", operation_id="isAlive", responses={200: AliveAnswer})
@public
def healthz() -> Response:
    """Say that the process lives, whatever it depends on."""
    return answer(AliveAnswer())


@routes.get("/readyz", operation_id="isReady", responses={200: ReadyAnswer})
@public
def readyz() -> Response:
    """Say whether votes can be taken: without Redis they can, and maps follow later; without the store, no."""
    try:
        parts().store.ping()
        migrated = is_migrated(parts().store)
    except StoreError:
        raise ProblemError("unavailable", "the store does not answer", headers={"Retry-After": "2"}) from None
    if not migrated:
        raise ProblemError(
            "unavailable", "the store's tables are not those of this release: run the migrations"
        )
    return answer(ReadyAnswer(degraded=[] if parts().map_requests.is_reachable() else ["redis"]))


@routes.get("/version", operation_id="readVersion", responses={200: VersionAnswer})
@public
def read_version() -> Response:
    """Say which release this is."""
    return answer(VersionAnswer(version=_release()))


def _release() -> str:
    try:
        return version("poldermodel")
    except PackageNotFoundError:  # Run from a source tree that was never installed.
        return "0+source"
