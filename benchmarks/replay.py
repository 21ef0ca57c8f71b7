"""How many votes does a map need, if the statements are shown in this or that order?

    python -m benchmarks.replay EXPORT… [--json] [--seeds N] [--no-arriving] [--recorded N]

Nobody has a vote at first. In every round each participant is shown one of the statements that they did vote
on in reality, and the recorded vote is revealed; who has no recorded votes left is done. The routers know only
what is revealed so far. Who recorded few votes leaves a router little to choose and dilutes every difference;
`--recorded 40` replays only people with forty or more.

    ours      expected information on the participant's place (clustering.routing)
    polis     in proportion to Polis's priorities (clustering.priorities)
    random    any

Two ways of coming in. *Together*: everybody votes at once, without any map to begin with. *Arriving*: a tenth
of the people after the other, in the order of the export, each casting the same number of votes; whoever comes
finds the map of those before.

Measured: the distance of everybody's place to their place from all votes, after the turn that fits best (root
mean square, relative to the spread of those), once on the map fitted to the revealed votes and once with the
statements of the map of all votes (`own_error`: what the votes say of the people, if the statements were
known); and the adjusted Rand index of the groups to those of all votes, the number of groups given. The map is
fitted from two starts, the principal axes and the checkpoint before, and the likelier kept, for all routers
alike: with few votes one start now and then settles on another second axis.

The saving is one minus the ratio of the votes that two routers need to the same error, read off between
checkpoints; the mean over the errors that the other router had from 7 to 40 rounds.
"""

import argparse
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes
from sklearn.metrics import adjusted_rand_score

from benchmarks.routers import ROUTERS, router_of
from benchmarks.validity import conversation
from clustering.coordination import ballot_weights
from clustering.grouping import candidate_groupings, chosen
from clustering.ideal_fit import IdealPoints, fit_ideal_points, ideal_points, places_among
from clustering.projection import participant_places, principal_axes, statement_places
from clustering.settings import IDEAL_LOADING_PRECISION
from clustering.vote_matrix import VoteMatrix

CHECKPOINTS = (*range(1, 21), 25, 30, 35, 40)
BUDGETS = (5, 7, 10, 15, 20, 30, 40)
"""Votes of each, when people arrive one wave after the other."""
N_WAVES = 10
COMPARED = (7, 40)
"""Rounds of the other router whose errors ours has to reach."""
REACHED = 0.01
"""Position error from which a map is the map of all votes, and nothing is left to compare."""
Ballots = list[dict[int, int]]
Floats = NDArray[np.float64]
Figures = list[dict[str, float]]


@dataclass(frozen=True, eq=False)
class Reference:
    """The map of all votes."""

    model: IdealPoints
    places: Floats
    labels: NDArray[np.int8]
    n_groups: int


def fitted(matrix: VoteMatrix, before: Floats | None = None) -> tuple[IdealPoints, Floats]:
    """Return the model of the votes and each statement's extremity on the classic map."""
    weights = ballot_weights(matrix)
    axes = principal_axes(matrix, weights=weights)
    model = ideal_points(matrix, weights=weights, classic_places=participant_places(matrix, axes))
    if before is not None and before.any():
        again = fit_ideal_points(matrix.votes, weights=weights, start=before)
        model = max(model, again, key=lambda one: log_posterior(one, matrix))
    return model, np.hypot(*statement_places(matrix, axes).T)


def log_posterior(model: IdealPoints, matrix: VoteMatrix) -> float:
    """Return how likely the model finds the votes and its own places and loadings, up to a constant."""
    cells = matrix.votes.tocoo()
    i, j, sign = (part[cells.data != 0] for part in (cells.row, cells.col, cells.data))
    z = model.easiness[j] + (model.positions[i] * model.loadings[j]).sum(axis=1)
    loadings = model.loadings - model.loadings.mean(axis=0)
    prior = (model.positions**2).sum() + IDEAL_LOADING_PRECISION * (loadings**2).sum()
    return float(-np.logaddexp(0, -sign * z).sum() - prior / 2)


def grouped(places: Floats, *, n_groups: int | None = None) -> tuple[NDArray[np.int8], int]:
    """Return everybody's group and the number of groups, chosen by silhouette if not given."""
    best = chosen(candidate_groupings(places, seed=0, also=n_groups), n_groups=n_groups)
    if best is None:
        return np.zeros(len(places), np.int8), 1
    return best.labels, best.n_groups


def reference(matrix: VoteMatrix) -> Reference:
    """Return the map of all votes."""
    model = fitted(matrix)[0]
    return Reference(model, model.positions, *grouped(model.positions))


def placed_by(model: IdealPoints, matrix: VoteMatrix) -> Floats:
    """Return where these votes put everybody, the model's statements fixed."""
    return places_among(matrix.votes, loadings=model.loadings, easiness=model.easiness)


def position_error(places: Floats, truth: Floats) -> float:
    """Return the root mean square distance after the best turn, relative to the spread of the truth."""
    turn = orthogonal_procrustes(places, truth)[0]
    away = ((places @ turn - truth) ** 2).sum()
    return float(np.sqrt(away / ((truth - truth.mean(axis=0)) ** 2).sum()))


def revealed(matrix: VoteMatrix, shown: Ballots) -> VoteMatrix:
    """Return the matrix of the votes revealed so far."""
    rows = [row for row, votes in enumerate(shown) for _ in votes]
    columns = [column for votes in shown for column in votes]
    values = [value for votes in shown for value in votes.values()]
    return VoteMatrix.from_arrays(
        participants=range(matrix.n_participants),
        statements=matrix.statements,
        participant_index=np.array(rows, np.int32),
        statement_index=np.array(columns, np.int32),
        values=np.array(values, np.int8),
    )


@dataclass
class Replay:
    """One router's conversation, as far as it is revealed."""

    matrix: VoteMatrix
    name: str
    truth: Reference
    seed: int

    def __post_init__(self) -> None:
        """Start without votes."""
        votes = self.matrix.votes
        self.recorded: Ballots = [
            dict(zip(votes.indices[a:b].tolist(), votes.data[a:b].tolist(), strict=True))
            for a, b in zip(votes.indptr[:-1], votes.indptr[1:], strict=True)
        ]
        self.shown: Ballots = [{} for _ in self.recorded]
        self.places: Floats | None = None
        self.router = router_of(
            self.name, revealed(self.matrix, self.shown), np.zeros(self.matrix.n_statements)
        )

    def reveal(self, rows: Iterable[int], turn: int) -> None:
        """Show everybody in these rows one statement."""
        for row in rows:
            own = self.shown[row]
            left = [column for column in self.recorded[row] if column not in own]
            if left:
                column = self.router(left, own, hash((self.seed, turn, row)) % 2**32)
                own[column] = self.recorded[row][column]

    def learn(self) -> dict[str, float]:
        """Fit the map again, tell the router, and return how far it is from the map of all votes."""
        known = revealed(self.matrix, self.shown)
        model, extremity = fitted(known, self.places)
        self.places = model.positions
        self.router = router_of(self.name, known, extremity)
        labels, _ = grouped(self.places, n_groups=self.truth.n_groups)
        return {
            "votes_per_participant": known.n_votes / known.n_participants,
            "position_error": position_error(self.places, self.truth.places),
            "own_error": position_error(placed_by(self.truth.model, known), self.truth.places),
            "ari": float(adjusted_rand_score(self.truth.labels, labels)),
        }


def together(replay: Replay) -> Figures:
    """Return the figures of each checkpoint, everybody voting at once."""
    figures = []
    for turn in range(1, CHECKPOINTS[-1] + 1):
        replay.reveal(range(replay.matrix.n_participants), turn)
        if turn in CHECKPOINTS:
            figures.append({"round": turn, **replay.learn()})
    return figures


def arriving(start: Callable[[], Replay]) -> Figures:
    """Return the figures at the end of each budget, a tenth of the people after the other."""
    figures = []
    for budget in BUDGETS:
        replay, at = start(), {}
        for wave in np.array_split(np.arange(replay.matrix.n_participants), N_WAVES):
            for turn in range(1, budget + 1):
                replay.reveal(wave.tolist(), turn)
                if wave[0] == 0 and turn < budget:
                    replay.learn()
            at = replay.learn()
        figures.append({"round": budget, **at})
    return figures


def saving(ours: Figures, other: Figures, error: str) -> float | None:
    """Return the share of the other's votes that ours spares to the same error; None if it is never reached."""
    votes = np.array([figures["votes_per_participant"] for figures in ours])
    # The best so far: a map that got worse has been as good before.
    errors = np.minimum.accumulate([figures[error] for figures in ours])
    spared = [
        1 - float(np.interp(-figures[error], -errors, votes)) / figures["votes_per_participant"]
        for figures in other
        if COMPARED[0] <= figures["round"] <= COMPARED[1]
        and max(errors[-1], REACHED) <= figures[error] <= errors[0]
    ]
    return float(np.mean(spared)) if spared else None


def averaged(runs: list[Figures]) -> Figures:
    """Return each checkpoint's medians over the seeds."""
    return [
        {name: float(np.median([at[name] for at in same])) for name in same[0]}
        for same in zip(*runs, strict=True)
    ]


def measured(path: Path, *, n_seeds: int, n_recorded: int, also_arriving: bool) -> dict[str, Any]:
    """Return each router's curves and the savings."""
    matrix = conversation(path)
    matrix = matrix.rows(np.flatnonzero(matrix.votes_per_participant >= n_recorded))
    truth = reference(matrix)
    ways: dict[str, Callable[[str, int], Figures]] = {
        "together": lambda name, seed: together(Replay(matrix, name, truth, seed))
    }
    if also_arriving:
        ways["arriving"] = lambda name, seed: arriving(lambda: Replay(matrix, name, truth, seed))
    result: dict[str, Any] = {"n_participants": matrix.n_participants, "n_groups": truth.n_groups}
    for way, played in ways.items():
        curves = {name: averaged([played(name, seed) for seed in range(n_seeds)]) for name in ROUTERS}
        result[way] = {
            "curves": curves,
            "saving": {
                f"{error} over {other}": saving(curves["ours"], curves[other], error)
                for error in ("position_error", "own_error")
                for other in ROUTERS[1:]
            },
        }
    return result


def _print(name: str, result: dict[str, Any]) -> None:
    print(f"{name}: {result['n_participants']} people, {result['n_groups']} groups")
    for way in ("together", "arriving"):
        if way not in result:
            continue
        print(f"{way}: votes each, position error / own error / ARI")
        curves = result[way]["curves"]
        print(f"{'round':>7}" + "".join(f"{router:>29}" for router in ROUTERS))
        for at in zip(*(curves[router] for router in ROUTERS), strict=True):
            print(f"{at[0]['round']:7.0f}" + "".join(f"{_cell(figures):>29}" for figures in at))
        for what, share in result[way]["saving"].items():
            print(f"  votes spared, {what}: {'not comparable' if share is None else f'{share:.0%}'}")


def _cell(at: dict[str, float]) -> str:
    errors = f"{at['position_error']:.3f} / {at['own_error']:.3f}"
    return f"{at['votes_per_participant']:6.1f}  {errors} / {at['ari']:4.2f}"


def main() -> None:
    """Replay the exports named on the command line."""
    parser = argparse.ArgumentParser(description="Votes needed to the same map, by router.")
    parser.add_argument("exports", nargs="+", type=Path, metavar="EXPORT")
    parser.add_argument("--seeds", type=int, default=3, help="runs to take the median of (3)")
    parser.add_argument("--no-arriving", action="store_true", help="only everybody together")
    parser.add_argument("--recorded", type=int, default=7, metavar="N", help="people with N votes or more (7)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    results = {}
    for path in arguments.exports:
        results[path.name] = measured(
            path,
            n_seeds=arguments.seeds,
            n_recorded=arguments.recorded,
            also_arriving=not arguments.no_arriving,
        )
        if not arguments.json:
            _print(path.name, results[path.name])
    if arguments.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
