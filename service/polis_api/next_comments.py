"""The statement that somebody is asked next, as Polis's clients read it."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import request

from service.actions.next_statement import next_statement
from service.api.acting import Participant
from service.parts import parts
from service.polis_api.answers import comment_answer
from service.polis_api.shelf import numbering
from service.store.records import Conversation, StatementRecord


def next_comment(
    conversation: Conversation,
    participant: Participant | None,
    *,
    without: Sequence[int] = (),
    lang: str | None = None,
) -> dict[str, Any]:
    """Return what is asked next; an empty object when everything has been seen."""
    store, tids = parts().store, numbering(conversation).statements
    left_out = {number for number in map(tids.inside, without) if number is not None}
    found = next_statement(
        store, parts().exposures, conversation, participant, seed=secrets.randbits(53), without=left_out
    )
    one = found.statement
    if one is None:
        return {}
    return comment_answer(one, tid=tids.outside(one.number), pid=0, is_seed=not found.is_participants) | {
        "randomN": found.propensity,
        "remaining": found.n_statements - found.n_seen,
        "total": found.n_statements,
        "translations": translations(one, tids.outside(one.number), _spoken(lang)),
    }


def translations(one: StatementRecord, tid: int, lang: str | None) -> list[dict[str, Any]]:
    """Return a statement's translations, all of them or those into one language."""
    return [
        {"tid": tid, "lang": language, "txt": told["text"], "src": -1 if told.get("is_machine") else 1}
        for language, told in one.translations.items()
        if lang is None or language.partition("-")[0] == lang.partition("-")[0]
    ]


def _spoken(lang: str | None) -> str | None:
    """Return a language; Polis's pages say `acceptLang` for the one that the browser asks for."""
    return request.accept_languages.best if lang == "acceptLang" else lang
