"""A made-up neighbourhood conversation, for the demonstration, the documentation, tests and notebooks.

Nobody said any of this. The statements were written for this project; the votes are drawn from the model
that `neighbourhood_conversation` describes, so that the true groups are known.
"""

import csv
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from statistics import NormalDist
from typing import Literal, NamedTuple

from clustering.errors import SettingsError
from clustering.vocabulary import ParticipantId, Statement, StatementId, Vote, VoteValue

Language = Literal["nl", "en"]

QUESTION = {
    "nl": "Hoe richten we het Wilgenplein opnieuw in?",
    "en": "How should we redesign Wilgenplein?",
}
DESCRIPTION = {
    "nl": (
        "Voorbeeld met verzonnen stemmen. De gemeente gaat het Wilgenplein opnieuw inrichten. "
        "Wat vindt u van parkeren, groen, spelen, terrassen en veiligheid op het plein? "
        "Het plein, de stellingen en de stemmen zijn bedacht: niemand heeft echt gestemd."
    ),
    "en": (
        "Example with simulated votes. The municipality is going to redesign Wilgenplein, a square. "
        "What do you think of parking, greenery, play, café terraces and safety there? "
        "The square, the statements and the votes are made up: nobody really voted."
    ),
}


class _Kind(NamedTuple):
    """One group of people, in the space of the model.

    `share` of all participants; `green` from room for cars (−) to room for green (+); `lively` from quiet (−)
    to lively (+).
    """

    name: str
    share: float
    green: float
    lively: float


_KINDS = (
    _Kind("green and quiet", 0.45, 1.2, -0.9),
    _Kind("shops and cars", 0.33, -1.4, 0.0),
    _Kind("young and lively", 0.22, 0.7, 1.6),
)

_SPREAD = 0.4
"""Standard deviation of people around their group's centre, in units of the model's axes."""

_STEEPNESS = 1.5
"""How fast a leaning becomes certainty, in logits per unit of the model's axes."""

_SHARE_BRIEF = 0.12
"""Share of participants who stop after one, two or three votes."""

_SHARE_TIRELESS = 0.3
"""Share of participants who vote on everything there is."""

_N_SEEDS = 20
"""The first statements are there from the start; the others come in, evenly spaced, until 70 % have voted."""


class _Line(NamedTuple):
    """A statement and who likes it: `appeal` to all, and what a unit of `green` and of `lively` adds to it.

    `state` is "moderated out", "about the conversation" or nothing; `texts` has one per language.
    """

    appeal: float
    green: float
    lively: float
    state: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SampleConversation:
    """A made-up conversation with its votes and the truth behind them.

    Attributes
    ----------
    language
        Of the question, the description and the statements' texts: "nl" or "en".
    question, description
        The description says that the votes are simulated.
    statements
        In the order they were added.
    translations
        Every statement's text in the other language.
    votes
        In the order they were cast; nobody votes twice on a statement.
    groups
        Every participant's true group, by name.
    """

    language: Language
    question: str
    description: str
    statements: tuple[Statement, ...]
    translations: Mapping[StatementId, str]
    votes: tuple[Vote, ...]
    groups: Mapping[ParticipantId, str]


def neighbourhood_conversation(
    *, n_participants: int = 400, seed: int = 1, language: Language = "nl"
) -> SampleConversation:
    """Return a conversation about a square in a Dutch town: simulated votes, known groups.

    Everybody has a place on two axes: room for cars (−) or green (+), and quiet (−) or lively (+). Three
    groups (45, 33 and 22 %) lie around (1.2, −0.9), (−1.4, 0.0) and (0.7, 1.6), normally spread by 0.4. A
    participant's leaning to a statement is l = appeal + green·x + lively·y; they pass with probability
    0.25·exp(−|l|) and otherwise agree with probability 1 / (1 + exp(−1.5·l)). Twelve in a hundred stop after
    one to three votes, thirty vote on everything, the others stop somewhere in between. People arrive one by
    one and see, in random order, the statements there are by then; so late statements have fewer votes.

    Parameters
    ----------
    n_participants
        People, 0 or more.
    seed
        Same seed, same votes, on every platform and Python: only `random.Random.random` is used, the one
        sequence Python promises never to change.
    language
        Of the texts: "nl" or "en"; the votes are the same.

    Raises
    ------
    SettingsError
        For fewer than 0 participants, or a language other than these.

    Examples
    --------
    >>> sample = neighbourhood_conversation(n_participants=100, language="en")
    >>> sample.question, sample.statements[0].text, sample.translations[sample.statements[0].id]
    ('How should we redesign Wilgenplein?', 'Wilgenplein should get more trees.',
    'Er moeten meer bomen op het Wilgenplein komen.')
    >>> len(sample.statements), len(sample.votes), sample.groups[sample.votes[0].participant]
    (46, 2371, 'green and quiet')
    """
    if n_participants < 0:
        raise SettingsError(f"n_participants: expected 0 or more people, got {n_participants}")
    if language not in QUESTION:
        raise SettingsError(f"language: expected 'nl' or 'en', got {language!r}")
    lines = _lines()
    source = random.Random(seed)  # noqa: S311 - a simulation, not a secret
    votes: list[Vote] = []
    groups: dict[ParticipantId, str] = {}
    for arrival in range(n_participants):
        participant = ParticipantId(str(arrival + 1))
        kind = _kind(source.random())
        groups[participant] = kind.name
        n_open = _n_open(arrival, n_participants, n_lines=len(lines))
        votes += _votes_of(participant, kind, lines=lines[:n_open], source=source)
    other = "en" if language == "nl" else "nl"
    return SampleConversation(
        language=language,
        question=QUESTION[language],
        description=DESCRIPTION[language],
        statements=tuple(_statement(number, line, language) for number, line in enumerate(lines)),
        translations={_id(number): line.texts[other] for number, line in enumerate(lines)},
        votes=tuple(votes),
        groups=groups,
    )


def _kind(uniform: float) -> _Kind:
    """Return the group that a number between 0 and 1 falls in, by the groups' shares."""
    for kind in _KINDS[:-1]:
        if uniform < kind.share:
            return kind
        uniform -= kind.share
    return _KINDS[-1]


def _lines() -> list[_Line]:
    """Return the statements of the conversation, from the table beside this module."""
    table = resources.files("clustering").joinpath("wilgenplein.csv").read_text(encoding="utf-8")
    return [
        _Line(
            appeal=float(row["appeal"]),
            green=float(row["green"]),
            lively=float(row["lively"]),
            state=row["state"],
            texts={"nl": row["nl"], "en": row["en"]},
        )
        for row in csv.DictReader(table.splitlines())
    ]


def _n_open(arrival: int, n_participants: int, *, n_lines: int) -> int:
    """Return how many statements there are when somebody arrives."""
    elapsed = min(1.0, arrival / (0.7 * n_participants))
    return _N_SEEDS + round(elapsed * (n_lines - _N_SEEDS))


def _votes_of(
    participant: ParticipantId, kind: _Kind, *, lines: list[_Line], source: random.Random
) -> list[Vote]:
    """Return one participant's votes, in the order they cast them."""
    green = kind.green + _SPREAD * _normal(source)
    lively = kind.lively + _SPREAD * _normal(source)
    numbers = sorted(range(len(lines)), key=[source.random() for _ in lines].__getitem__)
    votes = []
    for number in numbers[: _n_votes(len(lines), source)]:
        line = lines[number]
        leaning = line.appeal + line.green * green + line.lively * lively
        votes.append(Vote(participant, _id(number), _value(leaning, source)))
    return votes


def _n_votes(n_open: int, source: random.Random) -> int:
    """Return after how many votes somebody stops."""
    temper = source.random()
    patience = source.random()
    if temper < _SHARE_BRIEF:
        return 1 + int(3 * patience)
    if temper >= 1 - _SHARE_TIRELESS:
        return n_open
    return 4 + int((n_open - 4) * patience)


def _value(leaning: float, source: random.Random) -> VoteValue:
    """Return a vote drawn from a leaning: people without one pass more often."""
    if source.random() < 0.25 * math.exp(-abs(leaning)):
        return VoteValue.PASS
    is_agreed = source.random() < 1 / (1 + math.exp(-_STEEPNESS * leaning))
    return VoteValue.AGREE if is_agreed else VoteValue.DISAGREE


def _normal(source: random.Random) -> float:
    """Return a standard normal number from one uniform number, which is kept away from 0."""
    return NormalDist().inv_cdf(max(source.random(), 2**-53))


def _statement(number: int, line: _Line, language: Language) -> Statement:
    """Return a line of the table as a statement."""
    return Statement(
        _id(number),
        line.texts[language],
        is_moderated_out=line.state == "moderated out",
        is_meta=line.state == "about the conversation",
    )


def _id(number: int) -> StatementId:
    """Return a line's statement id: counted from 1, as people do."""
    return StatementId(str(number + 1))
