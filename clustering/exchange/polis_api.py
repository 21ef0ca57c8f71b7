"""Read a conversation as Polis's HTTP API answered it."""

import json
from typing import Any

import numpy as np

from clustering.errors import ExchangeError
from clustering.exchange.export import Export
from clustering.exchange.sign import sign_of
from clustering.exchange.tables import Files
from clustering.vocabulary import Statement, StatementId, identifier, in_natural_order, vote_value


def read_recorded(files: Files) -> Export:
    """Return the conversation in `votes.json`, `comments.json` and, where present, `conversation.json`.

    Keys may be Polis's own (`pid`, `tid`, `mod`) or spelled out (`participant_id`, `statement_id`,
    `moderated`), as client libraries keep them. Whether agree is +1 is established from the counts, unless
    `source.json` says it (`{"agree": -1, "n_votes_changed": 0}`), as whoever asked Polis itself knows.

    Parameters
    ----------
    files
        A folder or zip.

    Raises
    ------
    ExchangeError
        When a file is missing, is no JSON list of objects, or an entry lacks a field.
    """
    votes, comments = _listed(files, "votes.json"), _listed(files, "comments.json")
    name = files.find("conversation.json")
    about = {} if name is None else _parsed(files, name)
    statements = [_statement(entry, at) for at, entry in enumerate(comments)]
    position: dict[str, int] = {statement.id: at for at, statement in enumerate(statements)}
    voters = [
        identifier(_field(vote, "pid", "participant_id", at=at), of="participant")
        for at, vote in enumerate(votes)
    ]
    voted = [
        identifier(_field(vote, "tid", "statement_id", at=at), of="statement") for at, vote in enumerate(votes)
    ]
    for extra in in_natural_order(set(voted) - set(position)):
        position[extra] = len(statements)
        statements.append(Statement(id=StatementId(extra)))
    participants = in_natural_order(set(voters))
    listed = _listed(files, "xids.json") if files.find("xids.json") else []
    named = {str(_field(one, "pid", at=at)): str(_field(one, "xid", at=at)) for at, one in enumerate(listed)}
    row_of = {voter: row for row, voter in enumerate(participants)}
    columns = np.array([position[name] for name in voted], dtype=np.int32)
    values = np.array([vote_value(_field(vote, "vote", at=at)) for at, vote in enumerate(votes)], dtype=np.int8)
    source_name = files.find("source.json")
    source = {} if source_name is None else _parsed(files, source_name)
    n_more = len(statements) - len(comments)
    sign = source.get("agree") or sign_of(
        columns,
        values,
        n_agree=np.array([_count(entry, "agree_count") for entry in comments] + [0] * n_more),
        n_disagree=np.array([_count(entry, "disagree_count") for entry in comments] + [0] * n_more),
        where="comments.json",
    )
    return Export(
        question=str(about.get("topic") or ""),
        description=str(about.get("description") or ""),
        statements=statements,
        participants=participants,
        participant_index=np.array([row_of[voter] for voter in voters], dtype=np.int32),
        statement_index=columns,
        values=(values * sign).astype(np.int8),
        cast_at_ms=np.array([int(float(vote.get("modified") or -1)) for vote in votes], dtype=np.int64),
        published_groups=[None] * len(participants),
        was_sign_turned=sign < 0,
        statement_authors=[_author(entry) for entry in comments] + [None] * n_more,
        statement_created_ms=[_created(entry) for entry in comments] + [-1] * n_more,
        unmoderated=frozenset(
            one.id for one, entry in zip(statements, comments, strict=False) if _moderated(entry) == 0
        ),
        xids=[named.get(voter) for voter in participants],
        n_votes_changed=source.get("n_votes_changed", 0),
        published_counts=[_counts(entry) for entry in comments] + [None] * n_more,
    )


def _statement(entry: dict[str, Any], at: int) -> Statement:
    return Statement(
        id=StatementId(identifier(_field(entry, "tid", "statement_id", at=at), of="statement")),
        text=str(entry.get("txt") or ""),
        is_moderated_out=_moderated(entry) == -1,
        is_meta=bool(entry.get("is_meta")),
    )


def _moderated(entry: dict[str, Any]) -> Any:
    return entry.get("mod", entry.get("moderated"))


def _author(entry: dict[str, Any]) -> str | None:
    author = entry.get("pid", entry.get("participant_id"))
    return None if author is None else str(author)


def _created(entry: dict[str, Any]) -> int:
    """Return when a statement was written, in milliseconds since 1970; −1 where that can't be read."""
    created = str(entry.get("created") or "")
    return int(created) if created.isascii() and created.isdigit() else -1


def _counts(entry: dict[str, Any]) -> tuple[int, int] | None:
    if entry.get("agree_count") is None:
        return None
    return _count(entry, "agree_count"), _count(entry, "disagree_count")


def _count(entry: dict[str, Any], key: str) -> int:
    count = entry.get(key)
    return count if isinstance(count, int) else 0


def _field(entry: dict[str, Any], *keys: str, at: int) -> Any:
    for key in keys:
        if key in entry:
            return entry[key]
    raise ExchangeError(f"entry {at}: expected a field {' or '.join(keys)}, got {', '.join(entry)[:100]}")


def _listed(files: Files, suffix: str) -> list[dict[str, Any]]:
    name = files.find(suffix)
    if name is None:
        raise ExchangeError(f"{files.path}: expected {suffix} in it")
    parsed = _parsed(files, name)
    if not isinstance(parsed, list) or not all(isinstance(entry, dict) for entry in parsed):
        raise ExchangeError(f"{name}: expected a list of objects")
    return parsed


def _parsed(files: Files, name: str) -> Any:
    try:
        return json.loads(files.read(name))
    except (ValueError, RecursionError) as error:
        raise ExchangeError(f"{name}: no JSON: {str(error)[:200]}") from None
