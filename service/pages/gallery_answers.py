"""What the service answers in the gallery: an example conversation in each state; nothing is kept.

`example/conversation.json` holds answers as the real service gives them for the simulated neighbourhood of
`clustering.samples`; a test asks it again and compares.
"""

import copy
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from service.api.problems import ProblemError
from service.pages.gallery_states import Answers, State

EXAMPLES = {"example": "en", "voorbeeld": "nl"}
"""The ids of the example, and the language that each is written in."""

_MOST_LETTERS = 140


def answer(state: State, example: str, asked: str, body: dict[str, Any], *, without: frozenset[str]) -> Any:
    """Return what is answered in a state.

    Parameters
    ----------
    example
        One of `EXAMPLES`.
    asked
        The method, and what follows on the conversation's address: `POST /votes`.
    body
        What was sent; it changes nothing, but a statement is given back as it was written.
    without
        Ids of statements that the element holds ready.

    Raises
    ------
    ProblemError
        Where the state is one of refusal, and for what the element never asks.
    """
    if asked in state.refusals:
        raise ProblemError(state.refusals[asked], "the gallery shows what is seen then")
    answers = _altered(state)
    answers["GET /next-statement"] = _next(answers, without)
    answers["GET /own-data"] = _own_data(answers)
    if asked not in answers or " " not in asked:
        raise ProblemError("not-found", "the element does not ask this")
    told = answers[asked] if EXAMPLES[example] == "en" else _mirrored(answers[asked])
    if asked == "POST /statements":
        told["items"][0]["text"] = str(body.get("text", ""))[:_MOST_LETTERS]
    if asked == "POST /vote-batches":
        sent = body.get("votes")
        told["items"] *= len(sent) if isinstance(sent, list) else 0
    return told


def _altered(state: State) -> Answers:
    answers = copy.deepcopy(_recorded()["answers"])
    answers["dutch"] = _recorded()["dutch"]
    for alter in state.alterations:
        alter(answers)
    return answers


@cache
def _recorded() -> dict[str, Any]:
    return orjson.loads(files("service.pages").joinpath("example", "conversation.json").read_bytes())


@cache
def _mirror() -> dict[str, str]:
    dutch = _recorded()["dutch"] | {"en": "nl"}
    return dutch | {there: here for here, there in dutch.items()}


def _mirrored(told: Any) -> Any:
    """Return an answer with Dutch for English, and English for Dutch."""
    if isinstance(told, list):
        return [_mirrored(one) for one in told]
    if isinstance(told, dict):
        return {_mirror().get(name, name): _mirrored(value) for name, value in told.items()}
    return _mirror().get(told, told) if isinstance(told, str) else told


def _next(answers: Answers, without: frozenset[str]) -> Answers:
    listed = [one for one in answers["GET /statements"]["items"] if one["state"] == "visible"]
    seen = {one["statement"] for one in answers["GET /own-votes"]["items"]}
    left = [one for one in listed if one["id"] not in seen | without]
    n_seen = len(seen & {one["id"] for one in listed})
    told = {"n_seen": n_seen, "n_statements": len(listed), "seed": 1}
    return told | {"statement": left[0] if left else None, "propensity": 1.0 if left else None}


def _own_data(answers: Answers) -> Answers:
    """Return a short piece of what somebody takes along; how long it is makes no difference to the eye."""
    return {
        "conversation": "example",
        "votes": answers["GET /own-votes"]["items"][:3],
        "statements": answers["GET /own-statements"]["items"][:1],
        "answers": [],
    }
