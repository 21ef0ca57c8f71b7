"""red-dwarf's map of votes, in the interpreter that has it: JSON in, JSON out.

    PYTHON benchmarks/red_dwarf.py < VOTES > PLACES

VOTES is a list of conversations, each a list of [participant, statement, vote]; PLACES a list of as many maps,
each participant → [x, y, group]. It imports nothing of ours, so that any interpreter with red-dwarf will do.
"""

import json
import sys
import warnings


def main() -> None:
    """Map every conversation on standard input."""
    warnings.simplefilter("ignore")
    from reddwarf.implementations.polis import run_pipeline  # type: ignore[import-not-found]

    maps = []
    for cells in json.load(sys.stdin):
        votes = [{"participant_id": p, "statement_id": s, "vote": v, "modified": 0} for p, s, v in cells]
        try:
            people = run_pipeline(votes=votes, random_state=0).participants_df
        except Exception:
            # Too few votes for it: no map, as with ours.
            maps.append({})
            continue
        group = people["cluster_id"]
        maps.append(
            {
                str(p): [float(people["x"][p]), float(people["y"][p]), int(group[p])]
                for p in people.index[group.notna()]
            }
        )
    json.dump(maps, sys.stdout)


if __name__ == "__main__":
    main()
