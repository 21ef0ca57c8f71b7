"""The open Polis data, read once, and small made-up votes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from clustering.exchange import Export, read_polis_export
from clustering.vocabulary import Statement
from clustering.vote_matrix import VoteMatrix

# The first example of a test loads compiled loops; on a busy machine that takes longer than Hypothesis waits.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

OPEN_DATA = Path(__file__).parents[3] / "shared" / "data"
EXPORTS = (
    "american-assembly.bowling-green",
    "brexit-consensus",
    "london.youth.policing",
    "scoop-hivemind.ubi",
    "vtaiwan.uberx",
)
RECORDED = ("above-100-ptpts", "below-100-ptpts")


@dataclass(frozen=True)
class Recorded:
    """A conversation as Polis's API answered it, with what Polis computed."""

    export: Export
    matrix: VoteMatrix
    pca2: dict[str, Any]


@cache
def _export(name: str) -> Export:
    return read_polis_export(OPEN_DATA / "polis-exports" / name)


@pytest.fixture(params=EXPORTS)
def export(request: pytest.FixtureRequest) -> Export:
    return _export(request.param)


@pytest.fixture(params=RECORDED)
def recorded(request: pytest.FixtureRequest) -> Recorded:
    folder = OPEN_DATA / "polis-recorded" / request.param
    export = read_polis_export(folder)
    pca2 = json.loads((folder / "math-pca2.json").read_text())
    return Recorded(export, export.vote_matrix(), pca2)


@pytest.fixture
def named_export() -> Callable[[str], Export]:
    return _export


def camps(n_participants: int, n_statements: int, *, seed: int, share_seen: float = 0.7) -> VoteMatrix:
    """Return made-up votes of two camps of 60 % and 40 % that disagree on half of the statements."""
    rng = np.random.default_rng(seed)
    camp = rng.random(n_participants) < 0.6
    leaning = np.where(rng.random(n_statements) < 0.5, 1.0, 0.0)
    chance = np.where(camp[:, None], 0.5 + 0.4 * leaning, 0.5 - 0.4 * leaning)
    votes = np.where(rng.random((n_participants, n_statements)) < chance, 1, -1)
    votes[rng.random(votes.shape) < 0.1] = 0
    rows, columns = np.nonzero(rng.random(votes.shape) < share_seen)
    return VoteMatrix.from_arrays(
        participants=[f"p{row}" for row in range(n_participants)],
        statements=[Statement(id=str(column)) for column in range(n_statements)],
        participant_index=rows,
        statement_index=columns,
        values=votes[rows, columns],
    )


@pytest.fixture
def two_camps() -> Callable[..., VoteMatrix]:
    return camps
