"""Who took part beside the municipality's own figures, and what shares become when that is made up for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.api.settings_schemas import FIGURES_SETTING
from service.desk.shares import Share
from service.pages.bars import interval
from service.store import represented
from service.store.about_answers import ABOUT_SETTING
from service.store.database import Store
from service.store.records import Conversation, StatementRecord

LEAST_PEOPLE = 50
"""People who answered below which nothing is weighed: one answer would move a share by two points."""


@dataclass(frozen=True, slots=True)
class CellRow:
    """Some options of a question, counted together where few chose them.

    Attributes
    ----------
    texts
        Of the options.
    n_people
        Who chose one of them; nothing below five.
    share, known, difference
        Of those who answered, of all residents, and the first minus the second, in percentage points.
    """

    texts: tuple[str, ...]
    n_people: int | None
    share: Share | None
    known: int
    difference: Share | None

    @property
    def is_sure(self) -> bool:
        """Whether the difference is more than chance."""
        return self.difference is not None and (self.difference.low > 0 or self.difference.high < 0)


@dataclass(frozen=True, slots=True)
class QuestionRows:
    """A question about people with its answers beside the known figures."""

    id: str
    text: str
    n_answered: int
    rows: tuple[CellRow, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What share of everybody agrees with a statement, among those who answered: as counted, and weighed."""

    statement: StatementRecord
    n_seen: int
    plain: Share
    weighed: Share


@dataclass(frozen=True, slots=True)
class Representing:
    """How far those who took part are like all residents, as far as is known.

    Attributes
    ----------
    n_people, n_effective
        Who answered something about themselves, and as how many people drawn at random they tell.
    trust
        `good`, `fair`, `weak`, or `none` where nothing was weighed.
    largest_gap
        Percentage points that weighing leaves between shares and figures.
    """

    questions: tuple[QuestionRows, ...]
    n_people: int
    n_effective: int
    trust: str
    largest_gap: int
    weighed: tuple[Weighed, ...]


def known_figures(conversation: Conversation) -> dict[str, dict[str, float]]:
    """Return question id → option id → the known number or percentage, of questions that are still asked."""
    kept = conversation.settings.get(FIGURES_SETTING) or {}
    figures = {}
    for question in conversation.settings.get(ABOUT_SETTING) or ():
        given = kept.get(question["id"], {})
        options = {one["id"]: float(given.get(one["id"], 0)) for one in question["options"]}
        if sum(1 for value in options.values() if value > 0) > 1:
            figures[question["id"]] = options
    return figures


def representing(
    store: Store, conversation: Conversation, statements: Sequence[StatementRecord]
) -> Representing | None:
    """Return who took part beside the known figures; nothing where there are no figures.

    Parameters
    ----------
    statements
        Those whose shares are weighed.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    known = known_figures(conversation)
    if not known:
        return None
    # Loaded here: only who weighs needs arrays.
    import numpy as np

    from clustering.representing import NO_ANSWER, raked

    people = represented.answered(store, conversation)
    asked = [one for one in conversation.settings[ABOUT_SETTING] if one["id"] in known]
    places = [{option["id"]: at for at, option in enumerate(one["options"])} for one in asked]
    people = [
        one
        for one in people
        if any(one.answers.get(q["id"]) in at for q, at in zip(asked, places, strict=True))
    ]
    answers = np.array(
        [
            [at.get(one.answers.get(q["id"], ""), NO_ANSWER) for q, at in zip(asked, places, strict=True)]
            for one in people
        ],
        dtype=np.int64,
    ).reshape(len(people), len(asked))
    figures = [np.array(list(known[one["id"]].values())) for one in asked]
    found = raked(answers, figures)
    questions = tuple(
        _question(one, answers[:, column], figures[column], found.cells[column])
        for column, one in enumerate(asked)
    )
    is_enough = len(people) >= LEAST_PEOPLE and found.n_effective >= LEAST_PEOPLE / 2
    return Representing(
        questions=questions,
        n_people=len(people),
        n_effective=round(found.n_effective),
        trust=_trust(found.n_effective, len(people), found.is_converged) if is_enough else "none",
        largest_gap=round(100 * found.largest_gap),
        weighed=_weighed(store, conversation, people, found.weights, statements) if is_enough else (),
    )


def _trust(n_effective: float, n_people: int, is_converged: bool) -> str:
    """Return how far the weighed shares can be trusted: by what weighing cost, and whether it succeeded."""
    if not is_converged or n_effective < 0.4 * n_people:
        return "weak"
    return "good" if n_effective >= 0.7 * n_people else "fair"


def _question(question: Mapping[str, Any], chosen: Any, figures: Any, cells: Any) -> QuestionRows:
    n_answered = int((chosen >= 0).sum())
    rows = []
    for cell in sorted({int(one) for one in cells}):
        members = [at for at, one in enumerate(cells) if one == cell]
        n_in = sum(int((chosen == at).sum()) for at in members)
        wanted = float(sum(figures[at] for at in members) / figures.sum())
        texts = tuple(question["options"][at]["text"] for at in members)
        rows.append(_cell(texts, n_in, n_answered, wanted))
    return QuestionRows(question["id"], question["text"], n_answered, tuple(rows))


def _cell(texts: tuple[str, ...], n_in: int, n_answered: int, wanted: float) -> CellRow:
    from clustering.settings import SMALLEST_CELL

    if n_in < SMALLEST_CELL:
        return CellRow(texts, None, None, round(100 * wanted), None)
    low, high = interval(n_in, n_answered)
    share = Share(*(round(100 * one) for one in (n_in / n_answered, low, high)))
    # A known figure has no interval of its own.
    away = Share(*(round(100 * (one - wanted)) for one in (n_in / n_answered, low, high)))
    return CellRow(texts, n_in, share, round(100 * wanted), away)


def _weighed(
    store: Store,
    conversation: Conversation,
    people: Sequence[represented.Answered],
    weights: Any,
    statements: Sequence[StatementRecord],
) -> tuple[Weighed, ...]:
    import numpy as np

    from clustering.representing import weighted_share

    weight_of = {one.participant_number: float(weight) for one, weight in zip(people, weights, strict=True)}
    by_number: dict[int, list[tuple[float, bool]]] = {one.number: [] for one in statements}
    cast = represented.votes_of(store, conversation, list(weight_of), list(by_number)) if statements else []
    for participant, statement, value in cast:
        by_number[statement].append((weight_of[participant], value > 0))
    told = []
    for one in statements:
        votes = by_number[one.number]
        if len(votes) < LEAST_PEOPLE / 2:
            continue
        is_yes = np.array([yes for _, yes in votes])
        share, n_effective = weighted_share(is_yes, np.array([weight for weight, _ in votes]))
        n_yes = int(is_yes.sum())
        told.append(
            Weighed(
                one,
                len(votes),
                _share(n_yes / len(votes), *interval(n_yes, len(votes))),
                _share(share, *interval(share * n_effective, n_effective)),
            )
        )
    return tuple(told)


def _share(share: float, low: float, high: float) -> Share:
    return Share(round(100 * share), round(100 * low), round(100 * high))
