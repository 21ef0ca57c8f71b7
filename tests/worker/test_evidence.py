"""Evidence of coordinated ballots, from the store: planted copies and a planted burst are found."""

import numpy as np
import pytest

from service.store import analysis_jobs
from service.store.analysis_records import AnalysisKind, NewAnalysis
from service.store.bulk import BulkVotes, create_with_votes
from service.store.records import NewConversation, NewStatement
from worker.evidence import evidence


@pytest.fixture
def planted(store):
    """400 people with tastes of their own over ten hours, and 30 equal ballots within half a minute."""
    generator = np.random.default_rng(4)
    n_honest, n_copies, n_statements = 400, 30, 40
    values = np.where(generator.random((n_honest, n_statements)) < generator.random((n_honest, 1)), 1, -1)
    values = np.vstack([values, np.tile(np.where(np.arange(n_statements) % 3, 1, -1), (n_copies, 1))])
    cast_at = 90 * np.arange(n_honest, dtype=np.int64) + 1_700_000_000
    cast_at = np.append(cast_at, np.full(n_copies, cast_at[200] + 5) + np.arange(n_copies))
    who, what = np.indices(values.shape).reshape(2, -1)
    bulk = BulkVotes(
        who.tolist(), what.tolist(), values.ravel().tolist(), np.repeat(cast_at, n_statements).tolist()
    )
    return create_with_votes(
        store,
        "default",
        NewConversation(question="What is planted?"),
        [NewStatement(f"Statement {number}.") for number in range(n_statements)],
        [f"p{number}" for number in range(len(values))],
        bulk,
    )


def test_what_is_planted_is_found(store, planted):
    new = NewAnalysis("default", AnalysisKind.EVIDENCE, {}, False, planted.number)
    found = evidence(store, analysis_jobs.add(store, new))
    assert found["n_people"] == 430
    assert found["is_compared_pairwise"]
    bursts = [one for one in found["evidence"] if one["kind"] == "burst"]
    assert len(bursts) == 1
    copies = set(range(400, 430))
    assert copies <= set(bursts[0]["participant_numbers"])
    assert bursts[0]["seen"]["n_people"] <= 32
    alike = [set(one["participant_numbers"]) for one in found["evidence"] if one["kind"] == "alike"]
    assert any(copies <= one for one in alike)
