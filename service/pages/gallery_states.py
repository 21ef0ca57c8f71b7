"""Every state that the element can be in: how the example conversation differs from itself in each of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Answers = dict[str, Any]
"""What the service answers, by method and by what follows on the conversation's address: `GET /own-votes`."""

Alteration = Callable[[Answers], None]


@dataclass(frozen=True, slots=True)
class State:
    """A state of the element.

    Attributes
    ----------
    room
        Which part of a visit it belongs to: `vote`, `part`, `results` or `trouble`.
    view
        The view that is open: `vote`, `write`, `results`, `mine` or `about`.
    alterations
        What is otherwise than in the example; each changes the answers in place.
    refusals
        What is asked → the kind of problem that it is refused with.
    attributes
        More attributes of the element.
    """

    room: str = "vote"
    view: str = "vote"
    alterations: tuple[Alteration, ...] = ()
    refusals: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)


def _conversation(**changed: Any) -> Alteration:
    def alter(answers: Answers) -> None:
        answers["GET "] |= changed

    return alter


def _map(**changed: Any) -> Alteration:
    def alter(answers: Answers) -> None:
        answers["GET /group-map"] |= changed

    return alter


def _certainty(**changed: Any) -> Alteration:
    def alter(answers: Answers) -> None:
        answers["GET /group-map"]["certainty"] |= changed

    return alter


def _voted(share: float) -> Alteration:
    """Let the visitor have voted on this share of the statements."""

    def alter(answers: Answers) -> None:
        cast = answers["GET /own-votes"]["items"]
        cast[:] = cast[: round(share * len(cast))]

    return alter


def _placed(**changed: Any) -> Alteration:
    def alter(answers: Answers) -> None:
        answers["GET /own-place"]["place"] |= changed

    return alter


def _nowhere(answers: Answers) -> None:
    answers["GET /own-place"]["place"] = None


def _without_statements(answers: Answers) -> None:
    answers["GET /statements"]["items"] = []
    answers["GET /own-votes"]["items"] = []


def _without_own(answers: Answers) -> None:
    answers["GET /own-statements"]["items"] = []


def _asking(answers: Answers) -> None:
    answers["GET "]["about_questions"] = answers["about_questions"]


def _translated(answers: Answers) -> None:
    """Let every statement be written in the other language; the example in that one is its mirror."""
    for one in answers["GET /statements"]["items"]:
        translation = {"text": one["text"], "is_machine": True}
        one |= {"text": answers["dutch"][one["text"]], "language": "nl", "translations": {"en": translation}}


def _cloud(answers: Answers) -> None:
    """Let there be people, and no groups of them."""
    told = answers["GET /group-map"]
    bubbles = [bubble for group in told["groups"] for bubble in group["bubbles"]]
    told |= {"outcome": "no-structure", "groups": [], "axes": [], "certainty": None, "bubbles": bubbles}


_GROUPLESS = {"groups": [], "shared_by_all_groups": [], "dividing": []}
_OUTCOME = _conversation(outcome="The council keeps the trees and moves the parking places to the north side.")
_CLOSED = _conversation(is_open=False, takes_votes=False, takes_statements=False)
_PHASE = {"name": "Vote", "asks": ["votes"]}
_COMING = _PHASE | {"starts_at": "2098-03-01T09:00:00Z", "ends_at": "2098-04-01T09:00:00Z"}
_PRESENT = _PHASE | {"starts_at": "2026-03-01T09:00:00Z", "ends_at": "2098-04-01T09:00:00Z"}
_NEW = (_voted(0), _nowhere, _without_own)
_AT_HOME = (_voted(0.6),)
_TOO_EARLY = _map(
    outcome="too-few-participants",
    missing={"participants": 14, "votes_each": 7, "statements": 0},
    groups=[],
    bubbles=[],
    axes=[],
    certainty=None,
)
_NO_VOTES = _map(outcome="no-votes", missing=None, groups=[], bubbles=[], axes=[], certainty=None)
_UNCERTAIN = _certainty(
    verdict="not enough votes yet", missing={"participants": 31, "votes_each": 7, "statements": 0}
)
_NOBODY_COMES_IN = {"POST /participant-tokens": "assurance-needed"}

STATES: dict[str, State] = {
    "start": State(alterations=_NEW),
    "phase": State(alterations=(*_NEW, _conversation(phases=[_PRESENT], phase="Vote", is_test=True))),
    "translated": State(alterations=(*_NEW, _translated)),
    "halfway": State(alterations=(_voted(0.5), _nowhere)),
    "done": State(alterations=(_asking,)),
    "no-statements": State(alterations=(*_NEW, _without_statements)),
    "not-yet-open": State(
        alterations=(*_NEW, _conversation(takes_votes=False, takes_statements=False, phases=[_COMING]))
    ),
    "closed": State(alterations=(*_AT_HOME, _CLOSED, _OUTCOME)),
    "write": State("part", "write", _NEW),
    "about": State("part", "about", (*_AT_HOME, _asking)),
    "mine": State("part", "mine", (*_AT_HOME, _asking)),
    "mine-new": State("part", "mine", _NEW),
    "code": State(
        "part", alterations=(*_NEW, _conversation(required_assurance="code")), refusals=_NOBODY_COMES_IN
    ),
    "login": State(
        "part", alterations=(*_NEW, _conversation(required_assurance="account")), refusals=_NOBODY_COMES_IN
    ),
    "results": State("results", "results", _AT_HOME),
    "results-in-between": State("results", "results", (*_AT_HOME, _placed(is_in_between=True))),
    "results-leanings": State("results", "results", (*_AT_HOME, _certainty(verdict="leanings on a spectrum"))),
    "results-no-groups": State(
        "results", "results", (_voted(0.1), _nowhere, _certainty(verdict="no stable groups", **_GROUPLESS))
    ),
    "results-no-pattern": State(
        "results", "results", (*_AT_HOME, _certainty(verdict="no shared pattern", **_GROUPLESS))
    ),
    "results-no-structure": State("results", "results", (*_AT_HOME, _nowhere, _cloud)),
    "results-uncertain": State("results", "results", (*_NEW, _UNCERTAIN)),
    "results-not-judged": State("results", "results", (*_AT_HOME, _map(certainty=None, votes_pending=12))),
    "results-too-early": State("results", "results", (*_NEW, _TOO_EARLY)),
    "results-no-votes": State("results", "results", (*_NEW, _NO_VOTES)),
    "results-failed": State("results", "results", (*_NEW, _map(outcome="failed", groups=[], certainty=None))),
    "results-after-voting": State(
        "results",
        "results",
        (_voted(0.1), _nowhere, _conversation(results_visible="after-voting", min_votes_for_results=7)),
    ),
    "results-after-closing": State(
        "results", "results", (*_NEW, _conversation(results_visible="after-closing"))
    ),
    "results-outcome": State("results", "results", (*_AT_HOME, _CLOSED, _OUTCOME)),
    "waiting": State("trouble", alterations=_NEW, attributes={"identity-token": ""}),
    "vote-waits": State("trouble", alterations=_NEW, refusals={"POST /votes": "unavailable"}),
    "vote-refused": State("trouble", alterations=_NEW, refusals={"POST /votes": "hidden-statement"}),
    "offline": State("trouble", alterations=_NEW, refusals={"GET /next-statement": "unavailable"}),
    "failed": State("trouble", alterations=_NEW, refusals={"GET /next-statement": "not-now"}),
    "gone": State("trouble", alterations=_NEW, refusals={"GET ": "not-found"}),
}
"""By name, in the order of a visit."""
