"""What a problem's `type` leads to: what that kind of problem means."""

from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from service.api.fields import Answer
from service.api.problems import KINDS, ProblemError
from service.api.reading import answer
from service.identity.access import public

routes = APIBlueprint("problems", __name__, abp_tags=[{"name": "problems"}])


class KindPath(BaseModel):
    """Which kind of problem."""

    name: Annotated[str, Field(examples=["conversation-closed"])]


class KindAnswer(Answer):
    """A kind of problem: its name, the status it comes with, and what it means."""

    name: str
    status: int
    title: str


@routes.get("/problems/<name>", operation_id="readProblemKind", responses={200: KindAnswer})
@public
def read_problem_kind(path: KindPath) -> Response:
    """Read what a kind of problem means."""
    kind = KINDS.get(path.name)
    if kind is None:
        raise ProblemError("not-found", "there is no problem of this kind")
    return answer(KindAnswer(name=kind.name, status=kind.status, title=kind.title))
