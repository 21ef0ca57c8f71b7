"""Does a map say something about votes it has not seen, and nothing where there is nothing to say?

    python -m benchmarks.validity EXPORT… [--json]

Held-out votes: a tenth of the agrees and disagrees is hidden, another tenth calibrates every method alike
(Platt scaling), the rest is learned from; five seeds. Printed per conversation and on average: log loss
and AUC of

    statement_mean   the statement's share of agreement
    pca2             two principal axes, unseen statements filled with the mean
    pca2_scaled      the same, places stretched as Polis does
    groups           the share of agreement in the group that `classic` puts somebody in
    ideal            the ideal-point model

False representative statements: votes are permuted within each statement, so that nothing marks anybody
out; six seeds. Counted are the statements that Polis's rule names on the `classic` map, and those that
cross-fitting names on the `ideal` map.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from clustering.cross_fitting import cross_fitted_statements
from clustering.exchange import read_polis_export
from clustering.grouping import chosen
from clustering.ideal_point import IdealPointModel
from clustering.pipeline import compute_group_map, regrouped
from clustering.projection import participant_places, principal_axes
from clustering.settings import MIN_VOTES_TO_BE_PLACED, MapSettings
from clustering.tallies import overall_tallies, tallies
from clustering.vote_matrix import VoteMatrix

METHODS = ("statement_mean", "pca2", "pca2_scaled", "groups", "ideal")
SEEDS = range(5)
PERMUTATIONS = range(6)
Index = NDArray[np.integer]
Cells = tuple[Index, Index, NDArray[np.bool_]]
Scores = Callable[[Index, Index], NDArray[np.float64]]


@dataclass(frozen=True)
class Split:
    """Votes to learn from, and the cells (rows, columns, agrees) to calibrate and to test with."""

    learn: VoteMatrix
    calibrate: Cells
    test: Cells


def conversation(path: Path) -> VoteMatrix:
    """Return the votes that count: statements not left out, people with seven votes or more."""
    matrix = read_polis_export(path).vote_matrix()
    kept = np.flatnonzero(~matrix.is_left_out & (matrix.votes_per_statement > 0))
    return matrix.columns(kept).rows(np.flatnonzero(matrix.votes_per_participant >= MIN_VOTES_TO_BE_PLACED))


def split(matrix: VoteMatrix, seed: int) -> Split:
    """Return the votes with two tenths of the agrees and disagrees taken out."""
    cells = matrix.votes.tocoo()
    decided = np.random.default_rng(seed).permutation(np.flatnonzero(cells.data != 0))
    tenth = len(decided) // 10
    test, calibrate = decided[:tenth], decided[tenth : 2 * tenth]
    learn = np.ones(cells.data.size, bool)
    learn[test] = learn[calibrate] = False
    return Split(
        VoteMatrix.from_arrays(
            participants=range(matrix.n_participants),
            statements=matrix.statements,
            participant_index=cells.row[learn],
            statement_index=cells.col[learn],
            values=cells.data[learn],
        ),
        (cells.row[calibrate], cells.col[calibrate], cells.data[calibrate] > 0),
        (cells.row[test], cells.col[test], cells.data[test] > 0),
    )


def scorers(learn: VoteMatrix) -> dict[str, Scores]:
    """Return each method's score of a cell, before calibration: higher means more likely to agree."""
    everybody = overall_tallies(learn)
    n_decided = everybody.n_agree[0] + everybody.n_disagree[0]
    of_statement = logit((everybody.n_agree[0] + 1) / (n_decided + 2))
    axes = principal_axes(learn)
    scaled = participant_places(learn, axes)
    stretch = np.sqrt(learn.n_statements / np.maximum(learn.votes_per_participant, 1.0))
    group_map = compute_group_map(learn)
    labels = group_map.as_given(group_map.labels)
    counts = tallies(learn, labels, n_groups=group_map.n_groups)
    of_group = logit((counts.n_agree + 1) / (counts.n_agree + counts.n_disagree + 2))
    of_group = np.vstack((of_group, of_statement))
    model = IdealPointModel().fit(learn.votes)

    def along_axes(places: NDArray[np.float64]) -> Scores:
        return lambda i, j: axes.centre[j] + (places[i] * axes.components.T[j]).sum(axis=1)

    return {
        "statement_mean": lambda _, j: of_statement[j],
        "pca2": along_axes(scaled / stretch[:, None]),
        "pca2_scaled": along_axes(scaled),
        "groups": lambda i, j: of_group[labels[i], j],
        "ideal": lambda i, j: model.easiness_[j] + (model.positions_[i] * model.loadings_[j]).sum(axis=1),
    }


def held_out(matrix: VoteMatrix) -> dict[str, dict[str, float]]:
    """Return the mean log loss and AUC of every method over the seeds."""
    losses: dict[str, list[tuple[float, float]]] = {method: [] for method in METHODS}
    for seed in SEEDS:
        parts = split(matrix, seed)
        for method, score in scorers(parts.learn).items():
            platt = LogisticRegression(C=1e6).fit(score(*parts.calibrate[:2])[:, None], parts.calibrate[2])
            chance = platt.predict_proba(score(*parts.test[:2])[:, None])[:, 1]
            losses[method].append((log_loss(parts.test[2], chance), roc_auc_score(parts.test[2], chance)))
    return {
        method: dict(zip(("log_loss", "auc"), np.mean(pairs, axis=0).tolist(), strict=True))
        for method, pairs in losses.items()
    }


def permuted(matrix: VoteMatrix, seed: int) -> VoteMatrix:
    """Return the votes with each statement's votes dealt anew among those who saw it."""
    rng = np.random.default_rng(seed)
    columns = matrix.votes.tocsc()
    data = columns.data.copy()
    for first, last in zip(columns.indptr[:-1], columns.indptr[1:], strict=True):
        data[first:last] = rng.permutation(data[first:last])
    votes = sparse.csc_array((data, columns.indices, columns.indptr), shape=columns.shape).tocsr()
    votes.sort_indices()
    return VoteMatrix(matrix.participants, matrix.statements, votes)


def false_representative(matrix: VoteMatrix) -> dict[str, float]:
    """Return how many statements are named, on average, where none is representative."""
    named: dict[str, list[int]] = {"classic": [], "honest": []}
    for seed in PERMUTATIONS:
        noise = permuted(matrix, seed)
        classic = compute_group_map(noise)
        named["classic"].append(sum(map(len, classic.judged.representative)))
        ideal = compute_group_map(noise, settings=MapSettings(method="ideal"))
        # No division of noise is reported; cross-fitting has to withstand the clearest one all the same.
        clearest = chosen(ideal.candidates, n_groups=None)
        found = (
            []
            if clearest is None
            else cross_fitted_statements(
                ideal.matrix,
                clearest,
                ideal.is_placed,
                regroup=lambda m, g=ideal, k=clearest.n_groups: regrouped(g, m, n_groups=k),
                seed=seed,
            )
        )
        named["honest"].append(sum(map(len, found)))
    return {rule: float(np.mean(counts)) for rule, counts in named.items()}


def measured(paths: list[Path], report: Callable[[str], None]) -> dict:
    """Return the figures of all conversations and their means."""
    conversations = {}
    for path in paths:
        matrix = conversation(path)
        figures: dict[str, Any] = {**held_out(matrix), "false_representative": false_representative(matrix)}
        figures["n_participants"], figures["n_statements"] = matrix.n_participants, matrix.n_statements
        conversations[path.name] = figures
        report(_line(path.name, figures))
    every = conversations.values()
    mean = {
        method: {figure: float(np.mean([c[method][figure] for c in every])) for figure in ("log_loss", "auc")}
        for method in METHODS
    }
    return {
        "conversations": conversations,
        "mean": mean,
        "wins_over_scaled": sum(c["ideal"]["log_loss"] < c["pca2_scaled"]["log_loss"] for c in every),
        "false_representative": {
            rule: float(np.mean([c["false_representative"][rule] for c in every]))
            for rule in ("classic", "honest")
        },
    }


def _line(name: str, figures: dict) -> str:
    columns = "  ".join(f"{figures[m]['log_loss']:.3f}/{figures[m]['auc']:.3f}" for m in METHODS)
    named = figures["false_representative"]
    return f"{name[:32]:32}  {columns}  {named['classic']:5.1f} {named['honest']:5.2f}"


def main() -> None:
    """Measure the exports named on the command line."""
    parser = argparse.ArgumentParser(
        description="Log loss and AUC on held-out votes; false representative statements."
    )
    parser.add_argument("exports", nargs="+", type=Path, metavar="EXPORT")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    if not arguments.json:
        print(
            f"{'log loss / AUC':32}  " + "  ".join(f"{m[:11]:11}" for m in METHODS) + "  false: classic, honest"
        )
    result = measured(arguments.exports, (lambda _: None) if arguments.json else print)
    if arguments.json:
        print(json.dumps(result))
        return
    print(_line("mean", {**result["mean"], "false_representative": result["false_representative"]}))
    print(f"ideal better than pca2_scaled in {result['wins_over_scaled']} of {len(arguments.exports)}")


if __name__ == "__main__":
    main()
