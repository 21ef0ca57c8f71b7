"""Does the picture stay still while votes come in, and does it hang on a few of them?

    python -m benchmarks.growth EXPORT… [--json] [--groups K] [--peer-python PYTHON]

*Growth*: maps of the first twelfth of the votes, the first two twelfths and so on, in the order in which the
votes were cast, or by participant where the export doesn't say. Per step, of the people on the map before and
after: the share whose group's letter changed (no group is a letter too), and the root mean square distance they
moved, over the root mean square radius of the map. Mean over the steps; `groups` is the number shown at each.

*Loss*: the adjusted Rand index of the groups from all votes and from a random 95 % of them, five seeds; where
either shows no groups, everybody is in one.

For `classic` and `ideal` as presented, each map aligned to the one before; and for red-dwarf, where an
interpreter has it, as it comes and (`matched`) with its groups matched and its axes turned by us. With
`--groups` ours form so many groups: what is left is the change within a number of groups, not of it.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

from clustering.exchange import Export, read_polis_export
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings, Method
from clustering.steadiness import PLACE, PresentedMap, present
from clustering.vocabulary import Outcome
from clustering.vote_matrix import VoteMatrix

N_STEPS = 12
KEPT_SHARE = 0.95
SEEDS = range(5)
METHODS: tuple[Method, ...] = ("classic", "ideal")
PEER = Path(__file__).with_name("red_dwarf.py")
Index = NDArray[np.integer]
SEEN = np.dtype([*PLACE.descr, ("placed", "?")])
"""One participant on a map: as kept, and whether they are on it."""


@dataclass(frozen=True)
class Kept:
    """What people saw last."""

    presentation: bytes
    places: bytes


def growing(export: Export) -> list[Index]:
    """Return the votes of each prefix, as positions in the export."""
    has_times = bool((export.cast_at_ms >= 0).all())
    order = np.argsort(export.cast_at_ms if has_times else export.participant_index, kind="stable")
    return [order[: step * order.size // N_STEPS] for step in range(1, N_STEPS + 1)]


def thinned(export: Export) -> list[Index]:
    """Return all votes, then a random 95 % of them per seed."""
    n_kept = round(KEPT_SHARE * export.n_votes)
    draws = [np.random.default_rng(seed).permutation(export.n_votes)[:n_kept] for seed in SEEDS]
    return [np.arange(export.n_votes), *draws]


def matrix_of(export: Export, chosen: Index) -> VoteMatrix:
    """Return the matrix of some of the votes; every participant stays."""
    return VoteMatrix.from_arrays(
        participants=export.participants,
        statements=export.statements,
        participant_index=export.participant_index[chosen],
        statement_index=export.statement_index[chosen],
        values=export.values[chosen],
    )


def presented(export: Export, prefixes: list[Index], settings: MapSettings) -> list[NDArray]:
    """Return everybody's place on each map, each presented after the one before."""
    before, maps = None, []
    for chosen in prefixes:
        shown = present(compute_group_map(matrix_of(export, chosen), settings=settings), before)
        before = Kept(json.dumps(shown.presentation_document()).encode(), shown.places_bytes())
        maps.append(seen(shown))
    return maps


def canonical(export: Export, draws: list[Index], settings: MapSettings) -> list[NDArray]:
    """Return everybody's place on each map, each presented on its own."""
    shown = (present(compute_group_map(matrix_of(export, draw), settings=settings)) for draw in draws)
    return [seen(one) for one in shown]


def seen(shown: PresentedMap) -> NDArray:
    """Return everybody on a map as shown."""
    places = np.zeros(shown.canonical.matrix.n_participants, SEEN)
    kept = np.frombuffer(shown.places_bytes(), PLACE)
    for name in PLACE.fields or ():
        places[name] = kept[name]
    drawn = shown.outcome in {Outcome.READY, Outcome.NO_STRUCTURE}
    places["placed"] = shown.canonical.as_given(shown.canonical.is_placed) & drawn
    return places


def of_peer(python: str, export: Export, choices: list[Index]) -> list[NDArray] | None:
    """Return red-dwarf's maps of the same votes; None where it can't be imported."""
    visible = np.array([not (s.is_moderated_out or s.is_meta) for s in export.statements])
    rows, columns, values = export.participant_index, export.statement_index, export.values
    asked = []
    for chosen in choices:
        counted = chosen[visible[columns[chosen]]]
        cells = zip(rows[counted].tolist(), columns[counted].tolist(), values[counted].tolist(), strict=True)
        asked.append(list(cells))
    done = subprocess.run([python, str(PEER)], input=json.dumps(asked), capture_output=True, text=True)
    if done.returncode:
        return None
    maps = []
    for answer in json.loads(done.stdout):
        places = np.zeros(len(export.participants), SEEN)
        places["group"] = -1
        for row, (x, y, group) in answer.items():
            places[int(row)] = x, y, group, True
        maps.append(places)
    return maps


def matched(maps: list[NDArray]) -> list[NDArray]:
    """Return the maps, groups renumbered and axes turned to fit the one before."""
    aligned = [maps[0]]
    for places in maps[1:]:
        then, now = aligned[-1], places.copy()
        both = (then["group"] >= 0) & (now["group"] >= 0)
        n = int(max(then["group"].max(initial=0), now["group"].max(initial=0))) + 1
        overlap = np.zeros((n, n))
        np.add.at(overlap, (now["group"][both], then["group"][both]), 1)
        number = np.append(linear_sum_assignment(-overlap)[1], -1)
        now["group"] = number[now["group"]]
        if both.any():
            turned = _xy(now) @ orthogonal_procrustes(_xy(now[both]), _xy(then[both]))[0]
            now["x"], now["y"] = turned.T
        aligned.append(now)
    return aligned


def _xy(places: NDArray) -> NDArray[np.float64]:
    return np.column_stack((places["x"], places["y"]))


def unrest(maps: list[NDArray]) -> dict[str, Any]:
    """Return the mean label change and displacement per step, over the steps between two drawn maps."""
    changes, moves = [], []
    for then, now in pairwise(maps):
        both = then["placed"] & now["placed"]
        if not both.any():
            continue
        changes.append(float((then["group"] != now["group"])[both].mean()))
        everybody = _xy(now[now["placed"]])
        moved = np.square(_xy(now[both]) - _xy(then[both])).sum(axis=1).mean()
        moves.append(float(np.sqrt(moved / np.square(everybody).sum(axis=1).mean())))
    return {
        "label_change": float(np.mean(changes)),
        "displacement": float(np.mean(moves)),
        "largest_label_change": float(np.max(changes)),
        "n_steps": float(len(changes)),
        "groups": [int(np.unique(one["group"][one["group"] >= 0]).size) for one in maps],
    }


def likeness(maps: list[NDArray]) -> dict[str, float]:
    """Return the ARI of the first map's groups with the others', and how often their number moved."""
    full, scores, moved = maps[0], [], []
    for other in maps[1:]:
        both = full["placed"] & other["placed"]
        one, two = full["group"][both], other["group"][both]
        scores.append(adjusted_rand_score(one, two))
        moved.append((one.max(), len(np.unique(one))) != (two.max(), len(np.unique(two))))
    return {"ari": float(np.mean(scores)), "least_ari": float(np.min(scores)), "k_moved": float(np.mean(moved))}


def measured(path: Path, peer_python: str, *, n_groups: int | None) -> dict[str, Any]:
    """Return the figures of one export, method by method."""
    export = read_polis_export(path)
    prefixes, draws = growing(export), thinned(export)
    figures: dict[str, Any] = {}
    for method in METHODS:
        settings = MapSettings(method, n_groups=n_groups)
        grown, lost = presented(export, prefixes, settings), canonical(export, draws, settings)
        figures[method] = {**unrest(grown), **likeness(lost)}
    peer = of_peer(peer_python, export, [*prefixes, *draws])
    if peer is not None:
        grown, lost = peer[:N_STEPS], peer[N_STEPS:]
        figures["red_dwarf"] = {**unrest(grown), **likeness(lost)}
        figures["red_dwarf_matched"] = {**unrest(matched(grown)), **likeness(lost)}
    return figures


def _report(name: str, figures: dict[str, Any], show: Callable[[str], None]) -> None:
    for method, f in figures.items():
        show(
            f"{name[:26]:26} {method:18} {f['label_change']:6.1%} {f['largest_label_change']:7.1%} "
            f"{f['displacement']:7.3f} {f['n_steps']:6.0f} {f['ari']:7.3f} {f['least_ari']:7.3f} "
            f"{f['k_moved']:5.0%}  {' '.join(map(str, f['groups']))}"
        )


def main() -> None:
    """Measure the exports named on the command line."""
    parser = argparse.ArgumentParser(description="Label change and displacement of growing maps; ARI at 95 %.")
    parser.add_argument("exports", nargs="+", type=Path, metavar="EXPORT")
    parser.add_argument(
        "--peer-python", default=sys.executable, help="interpreter that has red-dwarf (this one)"
    )
    parser.add_argument(
        "--groups", type=int, metavar="K", help="number of groups to form (chosen by the method)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    if not arguments.json:
        print(f"{'':26} {'':18} change largest  moved  steps  ARI 95%   least   k moved  groups")
    results = {}
    for path in arguments.exports:
        results[path.name] = measured(path, arguments.peer_python, n_groups=arguments.groups)
        if not arguments.json:
            _report(path.name, results[path.name], print)
    if arguments.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
