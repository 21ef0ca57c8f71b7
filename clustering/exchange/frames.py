"""Votes, places and statements as pandas data frames and as AnnData; needs the extra `notebooks`."""

from typing import Any

import numpy as np
import pandas as pd

from clustering.assessment import Assessment
from clustering.group_map import GroupMap
from clustering.vocabulary import GROUP_LETTERS
from clustering.vote_matrix import VoteMatrix


def votes_frame(matrix: VoteMatrix) -> pd.DataFrame:
    """Return the votes, participants × statements: 1 agree, 0 pass, −1 disagree, NaN where not seen."""
    cells = np.full((matrix.n_participants, matrix.n_statements), np.nan, dtype=np.float32)
    votes = matrix.votes.tocoo()
    cells[votes.coords] = votes.data
    names = pd.Index(list(matrix.participants), name="participant")
    return pd.DataFrame(cells, index=names, columns=pd.Index(_ids(matrix), name="statement"))


def participants_frame(group_map: GroupMap, *, assessed: Assessment | None = None) -> pd.DataFrame:
    """Return a row per participant: place, group, votes; with an assessment how sure the group is.

    The columns are x, y, group (a letter, or none), is_placed, n_votes, weight, with the covariances xx, xy and
    yy where the method knows them, and membership, 0 … 1.
    """
    matrix = group_map.matrix
    letters = np.array([*GROUP_LETTERS, None], dtype=object)
    there = list(GROUP_LETTERS[: group_map.n_groups])
    columns: dict[str, Any] = {
        "x": group_map.places[:, 0],
        "y": group_map.places[:, 1],
        "group": pd.Categorical(letters[group_map.labels], categories=there),
        "is_placed": group_map.is_placed,
        "n_votes": matrix.votes_per_participant,
        "weight": group_map.weights,
    }
    if group_map.covariances is not None:
        for name, (one, other) in {"xx": (0, 0), "xy": (0, 1), "yy": (1, 1)}.items():
            columns[name] = group_map.covariances[:, one, other]
    if assessed is not None and assessed.certainty is not None:
        columns["membership"] = np.full(matrix.n_participants, np.nan)
        columns["membership"][group_map.is_placed] = assessed.certainty.membership
    return pd.DataFrame(columns, index=pd.Index(list(matrix.participants), name="participant"))


def statements_frame(group_map: GroupMap) -> pd.DataFrame:
    """Return a row per statement: text, moderation, place, extremity, priority, counts of everybody and groups.

    The counts are n_agree, n_disagree and n_seen, and with groups the same with the letter at the end:
    n_agree_A and so on; beside them group_aware_consensus.
    """
    matrix, judged = group_map.matrix, group_map.judged
    columns: dict[str, Any] = {
        "text": [statement.text for statement in matrix.statements],
        "is_moderated_out": [statement.is_moderated_out for statement in matrix.statements],
        "is_meta": [statement.is_meta for statement in matrix.statements],
        "x": group_map.statement_places[:, 0],
        "y": group_map.statement_places[:, 1],
        "extremity": group_map.extremity,
        "priority": judged.priorities,
    }
    counted = {"": (judged.everybody, 0)}
    counted |= {f"_{GROUP_LETTERS[group]}": (judged.groups, group) for group in range(group_map.n_groups)}
    for ending, (counts, row) in counted.items():
        columns[f"n_agree{ending}"] = counts.n_agree[row]
        columns[f"n_disagree{ending}"] = counts.n_disagree[row]
        columns[f"n_seen{ending}"] = counts.n_seen[row]
    if group_map.n_groups:
        columns["group_aware_consensus"] = judged.group_aware_consensus
    return pd.DataFrame(columns, index=pd.Index(_ids(matrix), name="statement"))


def to_anndata(group_map: GroupMap, *, assessed: Assessment | None = None) -> Any:
    """Return the map as AnnData, laid out so that valency-anndata and scanpy find their way.

    `X` holds the votes, participants × statements, NaN where not seen; `obs` and `var` the two frames, `var`
    also with valency-anndata's names for text and moderation; `obsm["X_polis"]` the places of participants,
    `varm["loadings"]` those of statements; `uns` the settings and the hash of the map.
    """
    import anndata

    people, statements = participants_frame(group_map, assessed=assessed), statements_frame(group_map)
    people.index, statements.index = people.index.astype(str), statements.index.astype(str)
    statements["content"] = statements["text"]
    statements["moderation_state"] = np.where(statements["is_moderated_out"], -1, 1)
    # Files of AnnData know no empty value.
    asked = {key: value for key, value in group_map.settings.to_document().items() if value is not None}
    made = anndata.AnnData(X=votes_frame(group_map.matrix).to_numpy(), obs=people, var=statements)
    made.obsm["X_polis"], made.varm["loadings"] = group_map.places, group_map.statement_places
    made.uns["settings"], made.uns["outcome"] = asked, group_map.outcome.value
    made.uns["result_hash"] = group_map.result_hash
    return made


def _ids(matrix: VoteMatrix) -> list[str]:
    return [str(statement.id) for statement in matrix.statements]
