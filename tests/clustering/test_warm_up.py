"""After warming up nothing is left to compile while somebody waits."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

COMPILED_BEFORE_AND_AFTER = """
import json
from numba.core.dispatcher import Dispatcher
from benchmarks.made_up import matrix
from clustering import kernels, latent_density, model_loops
from clustering.assessment import assessment
from clustering.pipeline import compute_group_map
from clustering.settings import MapSettings
from clustering.warm_up import warm_up, warm_up_certainty

def compiled():
    loops = vars(kernels) | vars(latent_density) | vars(model_loops)
    return {name: len(loop.signatures) for name, loop in loops.items() if isinstance(loop, Dispatcher)}

warm_up()
warm_up_certainty()
before = compiled()
for method in ("classic", "ideal"):
    assessment(compute_group_map(matrix(400, 40, 8_000), settings=MapSettings(method)))
print(json.dumps([before, compiled()]))
"""


def test_maps_and_assessments_compile_nothing_more():
    done = subprocess.run(
        [sys.executable, "-c", COMPILED_BEFORE_AND_AFTER],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    before, after = json.loads(done.stdout)
    assert after == before
    assert before["person_step_and_sums"] == before["_climbed"] == 1
