"""What the map says of conversations whose truth is known.

    python -m benchmarks.known_truth [--runs N] [--only SCENARIO …] [--simulations N] [--json] [FOLDER …]

Who voted on what, and how statements divide people, is taken from real conversations (exports of the open
Polis data; by default those in ../shared/data/polis-exports with at least 50 people). Where people stand is
drawn anew from a known distribution with variance 1 per axis on average, and their votes from the model. Groups
and lines lie along the axis on which the conversation's own people differ most; with --turned in any
direction, also along one that its statements hardly measure. Every scenario is run N times, in turn over the
conversations.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.special import expit
from sklearn.metrics import adjusted_rand_score

from clustering.exchange import read_polis_export
from clustering.group_choice import GroupChoice, group_choice
from clustering.grouping import Grouping, candidate_groupings, chosen
from clustering.ideal_point import IdealPointModel
from clustering.measurement import Measurement, measured_by_model
from clustering.membership import membership_probabilities
from clustering.modality import Modality, modality
from clustering.prediction_strength import prediction_strength
from clustering.settings import IDEAL_MIN_PLACED, MIN_VOTES_TO_BE_PLACED, SIGNIFICANCE_LEVEL, VALLEY_AT_MOST
from clustering.shared_pattern import shared_pattern
from clustering.vocabulary import Statement, StatementId
from clustering.vote_matrix import VoteMatrix

Floats = NDArray[np.float64]
EXPORTS = Path(__file__).parents[2] / "shared" / "data" / "polis-exports"
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Edges of the bins in which membership probabilities are compared with how often they are right."""
TOLERANCE = 0.03


@dataclass(frozen=True, eq=False)
class Conversation:
    """What a real conversation lends to made-up votes.

    Attributes
    ----------
    name
        Of its folder.
    seen
        n_participants × n_statements: 1 where somebody agreed or disagreed.
    loadings, easiness
        Of the fitted model, n_statements × 2 and n_statements.
    """

    name: str
    seen: sparse.csr_array
    loadings: Floats
    easiness: Floats


@dataclass(frozen=True, eq=False)
class Truth:
    """Where people stand, n × 2, and their group, length n (zeros where there are none)."""

    places: Floats
    group: NDArray[np.intp]


@dataclass(frozen=True)
class Scenario:
    """A distribution of people: how it is drawn, its number of groups, and whether it has one crowd only."""

    draw: Callable[[int, np.random.Generator], Truth]
    n_groups: int
    tests_modality: bool


def groups(centres: Floats, shares: Sequence[float]) -> Callable[[int, np.random.Generator], Truth]:
    """Return a drawing of round groups around centres, given in standard deviations within a group."""

    def draw(n: int, rng: np.random.Generator) -> Truth:
        group = rng.choice(len(shares), size=n, p=np.array(shares))
        return Truth(standard(centres[group] + rng.standard_normal((n, 2))), group)

    return draw


def crowd(shape: Callable[[int, np.random.Generator], Floats]) -> Callable[[int, np.random.Generator], Truth]:
    """Return a drawing of one crowd."""
    return lambda n, rng: Truth(standard(shape(n, rng)), np.zeros(n, dtype=np.intp))


def standard(places: Floats) -> Floats:
    """Return places centred, with variance 1 per axis on average."""
    centred = places - places.mean(axis=0)
    return centred / (np.sqrt((centred**2).sum() / centred.size) or 1.0)


def turned(truth: Truth, rng: np.random.Generator) -> Truth:
    """Return the same people turned by a random angle about the centre."""
    angle = rng.random() * 2 * np.pi
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return Truth(truth.places @ turn, truth.group)


def pair(distance: float) -> Floats:
    """Return two centres so far apart."""
    return np.array([[0.0, 0.0], [distance, 0.0]])


def triangle(distance: float) -> Floats:
    """Return three centres so far apart."""
    return distance * np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])


def _on_a_line(n: int, rng: np.random.Generator) -> Floats:
    return np.column_stack((rng.random(n), np.zeros(n)))


def _skewed(n: int, rng: np.random.Generator) -> Floats:
    return np.column_stack((rng.gamma(2.0, 1.0, n), rng.standard_normal(n)))


HALVES, THIRDS = (0.5, 0.5), (1 / 3, 1 / 3, 1 / 3)
SCENARIOS = {
    "pure noise": Scenario(lambda n, _: Truth(np.zeros((n, 2)), np.zeros(n, np.intp)), 1, True),
    "one Gaussian": Scenario(crowd(lambda n, rng: rng.standard_normal((n, 2))), 1, True),
    "uniform line": Scenario(crowd(_on_a_line), 1, True),
    "skewed cloud": Scenario(crowd(_skewed), 1, True),
    "2 groups 3σ": Scenario(groups(pair(3), HALVES), 2, False),
    "2 groups 4σ": Scenario(groups(pair(4), HALVES), 2, False),
    "2 groups 6σ": Scenario(groups(pair(6), HALVES), 2, True),
    "2 groups 20:80 4σ": Scenario(groups(pair(4), (0.2, 0.8)), 2, False),
    "3 groups 4σ": Scenario(groups(triangle(4), THIRDS), 3, False),
    "3 groups 6σ": Scenario(groups(triangle(6), THIRDS), 3, False),
}


def conversation(folder: Path) -> Conversation | None:
    """Return what an export lends, or None if too few people decided on seven statements."""
    matrix = read_polis_export(folder).vote_matrix()
    matrix = matrix.rows(matrix.in_ballot_order())
    votes = matrix.votes[:, ~matrix.is_left_out].copy()
    votes.eliminate_zeros()
    votes = votes[np.diff(votes.indptr) >= MIN_VOTES_TO_BE_PLACED]
    if votes.shape[0] < IDEAL_MIN_PLACED:
        return None
    model = IdealPointModel().fit(votes)
    return Conversation(folder.name, abs(votes), model.loadings_, model.easiness_)


def made_up_votes(lent: Conversation, truth: Truth, rng: np.random.Generator) -> sparse.csr_array:
    """Return votes of people who stand where the truth says, on the statements that real people saw."""
    people = np.repeat(np.arange(lent.seen.shape[0]), np.diff(lent.seen.indptr))
    statements = lent.seen.indices
    pull = (truth.places[people] * lent.loadings[statements]).sum(axis=1) + lent.easiness[statements]
    agrees = rng.random(len(pull)) < expit(pull)
    values = np.where(agrees, 1, -1).astype(np.int8)
    return sparse.csr_array((values, statements, lent.seen.indptr), shape=lent.seen.shape)


def run(
    lent: Conversation, scenario: Scenario, *, seed: int, n_simulations: int, is_turned: bool = False
) -> dict[str, Any]:
    """Return what the map says of one made-up conversation, beside the truth."""
    rng = np.random.Generator(np.random.PCG64(seed))
    truth = scenario.draw(lent.seen.shape[0], rng)
    truth = turned(truth, rng) if is_turned else truth
    votes = made_up_votes(lent, truth, rng)
    model = IdealPointModel().fit(votes)
    places = model.positions_
    candidates = candidate_groupings(places, seed=0)
    strengths = prediction_strength(places, n_groups=[c.n_groups for c in candidates], seed=0)
    measurement = measured_by_model(places, model.covariances_)
    crowds, has_pattern = None, None
    if scenario.tests_modality and n_simulations:
        crowds = modality(measurement, seed=seed, n_simulations=n_simulations)
        has_pattern = shared_pattern(_matrix(votes), seed=seed).p_value <= SIGNIFICANCE_LEVEL
    return {
        "conversation": lent.name,
        **_of_groups(candidates, group_choice(candidates, strengths), strengths),
        **_of_truth(candidates, measurement, truth, scenario.n_groups),
        **_of_crowds(crowds),
        "has_pattern": has_pattern,
    }


def _matrix(votes: sparse.csr_array) -> VoteMatrix:
    statements = [Statement(id=StatementId(str(column))) for column in range(votes.shape[1])]
    return VoteMatrix(range(votes.shape[0]), statements, votes)


def _of_groups(candidates: list[Grouping], choice: GroupChoice, strengths: dict[int, float]) -> dict[str, Any]:
    clearest = chosen(candidates, n_groups=None)
    return {
        "k_silhouette": clearest.n_groups if clearest else 0,
        "k_published": choice.n_groups,
        "prediction_strength": strengths,
    }


def _of_truth(
    candidates: list[Grouping], measurement: Measurement, truth: Truth, n_groups: int
) -> dict[str, Any]:
    """Return agreement with the true groups at their number, and who is how sure and right."""
    grouping = chosen(candidates, n_groups=n_groups) if n_groups > 1 else None
    if grouping is None:
        return {"ari": None, "says": [], "is_right": []}
    chances = membership_probabilities(measurement, grouping.labels, n_groups=n_groups, seed=0)
    says = chances[np.arange(len(chances)), grouping.labels]
    both = np.zeros((n_groups, n_groups))
    np.add.at(both, (grouping.labels, truth.group), 1)
    _, true_group = linear_sum_assignment(-both)
    return {
        "ari": float(adjusted_rand_score(truth.group, grouping.labels)),
        "ari_mixture": float(adjusted_rand_score(truth.group, chances.argmax(axis=1))),
        "says": says.tolist(),
        "is_right": (true_group[grouping.labels] == truth.group).tolist(),
    }


def _of_crowds(crowds: Modality | None) -> dict[str, Any]:
    if crowds is None:
        return {"p_value": None, "valley_depth": None}
    return {"p_value": crowds.p_value, "valley_depth": crowds.valley_depth}


def summary(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of one scenario."""
    tested = [one for one in runs if one["p_value"] is not None]
    aris = [one["ari"] for one in runs if one["ari"] is not None]
    is_small = [one["p_value"] <= SIGNIFICANCE_LEVEL for one in tested]
    # As the map does: crowds are only asked for where votes hang together.
    is_rejected = [no and one["has_pattern"] for no, one in zip(is_small, tested, strict=True)]
    is_distinct = [
        no and one["valley_depth"] <= VALLEY_AT_MOST for no, one in zip(is_rejected, tested, strict=True)
    ]
    return {
        "runs": len(runs),
        "k_silhouette": _counts(one["k_silhouette"] for one in runs),
        "k_published": _counts(one["k_published"] for one in runs),
        "published": sum(one["k_published"] > 0 for one in runs) / len(runs),
        "ari": float(np.mean(aris)) if aris else None,
        "modality_runs": len(tested),
        "shared_pattern": sum(one["has_pattern"] for one in tested),
        "modality_small_p": sum(is_small),
        "modality_rejections": sum(is_rejected),
        "modality_and_valley": sum(is_distinct),
    }


def _counts(numbers: Iterable[int]) -> dict[str, int]:
    values, counts = np.unique(list(numbers), return_counts=True)
    return {str(value): int(count) for value, count in zip(values, counts, strict=True)}


def calibration(runs: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return, per bin of membership probability, how often the group was right."""
    listed = list(runs)
    says = np.concatenate([one["says"] for one in listed] or [[]])
    is_right = np.concatenate([one["is_right"] for one in listed] or [[]])
    bins = []
    for low, high in pairwise(BINS):
        within = (says >= low) & ((says < high) | (high == 1.0))
        if not within.any():
            continue
        said, right = float(says[within].mean()), float(is_right[within].mean())
        bins.append(
            {
                "from": low,
                "to": high,
                "people": int(within.sum()),
                "says": said,
                "right": right,
                "is_fair": right >= said - TOLERANCE,
            }
        )
    return bins


def required(scenarios: dict[str, dict[str, Any]], bins: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures that must hold, each with what is required of it."""
    unimodal = [s for name, s in scenarios.items() if SCENARIOS[name].n_groups == 1 and s["modality_runs"]]
    n_tested = sum(s["modality_runs"] for s in unimodal)
    found = {
        "false positives of modality, at most .08": sum(s["modality_rejections"] for s in unimodal) / n_tested
        if n_tested
        else None,
        "membership fair in all bins": all(one["is_fair"] for one in bins) if bins else None,
    }
    if noise := scenarios.get("pure noise"):
        found["groups published on pure noise, at most .10"] = noise["published"]
    if three := scenarios.get("3 groups 6σ"):
        found["three groups at 6σ found, at least .90"] = three["k_silhouette"].get("3", 0) / three["runs"]
        found["three groups at 6σ found and published"] = three["k_published"].get("3", 0) / three["runs"]
    if (two := scenarios.get("2 groups 6σ")) and two["modality_runs"]:
        found["power of modality at 6σ, at least .95"] = two["modality_rejections"] / two["modality_runs"]
    return found


def main() -> None:
    """Run the scenarios and print a table, or JSON."""
    parser = argparse.ArgumentParser(description="What the map says of conversations whose truth is known.")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="Polis exports")
    parser.add_argument("--runs", type=int, default=32, help="runs per scenario (32)")
    parser.add_argument("--only", nargs="*", choices=[*SCENARIOS], metavar="SCENARIO", help="scenarios to run")
    parser.add_argument("--simulations", type=int, default=99, help="per modality test (99); 0 for no test")
    parser.add_argument("--turned", action="store_true", help="turn every scenario by a random angle")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    folders = arguments.folders or sorted(path for path in EXPORTS.iterdir() if path.is_dir())
    lent = [found for folder in folders if (found := conversation(folder))]
    if not lent:
        sys.exit("known_truth: no export with 50 people who decided on seven statements")
    scenarios, everything = {}, []
    for name in arguments.only or SCENARIOS:
        runs = [
            run(
                lent[at % len(lent)],
                SCENARIOS[name],
                seed=at,
                n_simulations=arguments.simulations,
                is_turned=arguments.turned,
            )
            for at in range(arguments.runs)
        ]
        scenarios[name] = summary(runs)
        everything += runs
        if not arguments.json:
            print(_line(name, scenarios[name]), flush=True)
    bins = calibration(everything)
    found = {
        "conversations": [one.name for one in lent],
        "scenarios": scenarios,
        "membership": bins,
        "required": required(scenarios, bins),
    }
    print(json.dumps(found, ensure_ascii=False) if arguments.json else _report(found))


def _line(name: str, figures: dict[str, Any]) -> str:
    ari = "   –" if figures["ari"] is None else f"{figures['ari']:4.2f}"
    return (
        f"{name:>18}: silhouette k {_listed(figures['k_silhouette'])}; "
        f"published k {_listed(figures['k_published'])}; "
        f"ARI, k given {ari}; modality {figures['modality_rejections']}/{figures['modality_runs']} "
        f"(with valley {figures['modality_and_valley']}; whether or not votes hang together "
        f"{figures['modality_small_p']})"
    )


def _listed(counts: dict[str, int]) -> str:
    return " ".join(f"{k}×{count}" for k, count in counts.items())


def _report(found: dict[str, Any]) -> str:
    lines = ["membership probability: says → is right"]
    lines += [
        f"  {one['from']:.2f}–{one['to']:.2f}  {one['says']:.3f} → {one['right']:.3f}  ({one['people']} people)"
        for one in found["membership"]
    ]
    lines += [f"{what}: {figure}" for what, figure in found["required"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
