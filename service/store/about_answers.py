"""What participants answer about themselves: one row each, under the keyed hash that their votes are under."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from service.store import participants
from service.store.clock import now_seconds
from service.store.database import Store
from service.store.platform_records import HashedParticipant
from service.store.records import Conversation
from service.store.taking_part_tables import about_answers

ABOUT_SETTING = "about_questions"
"""Under which name a conversation's settings keep what is asked: each with its `id`, `text` and `options`."""


def keep(
    store: Store,
    conversation: Conversation,
    participant_id: str | HashedParticipant,
    *,
    answers: Mapping[str, str],
) -> None:
    """Keep somebody's answers, question id to option id, in place of earlier ones; none leave no row."""
    hashed = participants.id_hash(store, conversation, participant_id)
    row = {
        "conversation": conversation.number,
        "id_hash": hashed,
        "answers": dict(answers),
        "changed_at": now_seconds(),
    }
    new = (sqlite if store.is_sqlite else postgresql).insert(about_answers).values(row)
    changed = {name: new.excluded[name] for name in ("answers", "changed_at")}
    with store.writing() as connection:
        if not answers:
            connection.execute(delete(about_answers).where(_of(conversation, hashed)))
            return
        connection.execute(new.on_conflict_do_update(index_elements=["conversation", "id_hash"], set_=changed))


def find(
    store: Store, conversation: Conversation, participant_id: str | HashedParticipant
) -> Mapping[str, str]:
    """Return somebody's answers, also to questions that aren't asked any more."""
    hashed = participants.id_hash(store, conversation, participant_id)
    with store.reading() as connection:
        found = connection.execute(select(about_answers.c.answers).where(_of(conversation, hashed))).scalar()
    return found or {}


def _of(conversation: Conversation, hashed: bytes):
    return (about_answers.c.conversation == conversation.number) & (about_answers.c.id_hash == hashed)
