"""The stages are those of a map, and each has a limit."""

from benchmarks.made_up import matrix
from benchmarks.stages import measure_stages


def test_every_stage_has_a_time_and_a_limit():
    *stages, memory = measure_stages(matrix(300, 30, 4_000))
    assert memory["bytes_per_second"] > 0
    assert len(stages) == 12
    for stage in stages:
        assert stage["seconds"] > 0
        assert stage["limit_seconds"] == stage["bytes"] / memory["bytes_per_second"] > 0
