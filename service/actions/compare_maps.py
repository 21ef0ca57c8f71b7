"""Compare two kept maps of one conversation."""

from typing import Any

import orjson

from service.store.analysis_records import MapVersion


def compare_maps(before: MapVersion, now: MapVersion) -> dict[str, Any]:
    """Return what differs between two kept maps (`clustering.differences`)."""
    # Loaded here: only who compares maps needs arrays.
    import numpy as np

    from clustering.differences import differences

    n_participants = max(len(before.groups), len(now.groups))

    def groups_of(version: MapVersion) -> Any:
        # Who came later had no group; −1 is a byte of ones.
        return np.frombuffer(version.groups.ljust(n_participants, b"\xff"), dtype=np.int8)

    return differences(
        orjson.loads(before.document),
        orjson.loads(now.document),
        groups_before=groups_of(before),
        groups_now=groups_of(now),
    )
