"""Our own zip: everything a conversation is restored from, as docs/exports.md tells."""

from collections.abc import Iterator
from typing import Any

from service.exports.manifest import MANIFEST, WITHDRAWN_VALUE, Progress, json_of, manifest, unwatched
from service.exports.zip_stream import ZipStream
from service.identity.derived import derived_key
from service.store.database import Store
from service.store.exporting import Reading, reading
from service.store.records import Conversation

FORM = "poldermodel-conversation"
FORM_VERSION = 1

CONVERSATION = "conversation.json"
STATEMENTS = "statements.jsonl"
PARTICIPANTS = "participants.csv"
VOTES = "votes.csv"
CHANGES = "changes.jsonl"
EXCLUSIONS = "exclusions.jsonl"
FILES = (CONVERSATION, STATEMENTS, PARTICIPANTS, CHANGES, EXCLUSIONS, VOTES)
VOTE_COLUMNS = "sequence,participant,statement_number,value,cast_at"
PARTICIPANT_COLUMNS = "participant,id_hash,channel"


def home_of(secret: bytes, *, tenant: str, conversation_id: str) -> str:
    """Return what tells a service that hashes were made with its secret, for this tenant and conversation."""
    return derived_key(secret, "home of an export", tenant, conversation_id).hex()[:32]


def archive(store: Store, conversation: Conversation, *, progress: Progress = unwatched) -> Iterator[bytes]:
    """Yield the zip that a conversation can be restored from."""
    with reading(store, conversation) as found:
        made = ZipStream()
        yield from made.member(CONVERSATION, [json_of(_words(found), is_indented=True)])
        yield from made.member(STATEMENTS, _statements(found))
        yield from made.member(PARTICIPANTS, _participants(found))
        yield from made.member(CHANGES, _changes(found))
        yield from made.member(EXCLUSIONS, _exclusions(found))
        n_lines = [0]
        yield from made.member(VOTES, _votes(found, n_lines, progress))
        home = home_of(store.secret, tenant=conversation.tenant, conversation_id=conversation.id)
        counts = found.counts
        more: dict[str, Any] = {
            "votes_are": {"agree": 1, "disagree": -1, "pass": 0} | WITHDRAWN_VALUE,
            "n_participants": counts.n_participants,
            "n_statements": counts.n_statements,
            "n_votes": counts.n_votes,
            "n_vote_lines": n_lines[0],
            "home": home,
        }
        document = manifest(
            found, found.published_map(), form=FORM, form_version=FORM_VERSION, files=made.files, more=more
        )
        yield from made.member(MANIFEST, [document])
        yield from made.end()


def _words(found: Reading) -> dict[str, Any]:
    conversation = found.conversation
    names = ("id", "tenant", "question", "description", "language", "is_open", "is_test")
    document = {name: getattr(conversation, name) for name in names}
    return document | {"settings": dict(conversation.settings), "created_at": _time(conversation.created_at)}


def _statements(found: Reading) -> Iterator[bytes]:
    for one, author in found.statements():
        yield json_of(
            {
                "number": one.number,
                "id": one.id,
                "text": one.text,
                "state": one.state.value,
                "is_meta": one.is_meta,
                "language": one.language,
                "created_at": _time(one.created_at),
                "reason": one.reason,
                "translations": dict(one.translations),
                "author_hash": None if author is None else author.hex(),
            }
        )


def _participants(found: Reading) -> Iterator[bytes]:
    yield f"{PARTICIPANT_COLUMNS}\n".encode()
    for some in found.participants():
        yield "".join(f"{number},{hashed.hex()},{channel}\n" for number, hashed, channel in some).encode()


def _changes(found: Reading) -> Iterator[bytes]:
    for some in found.changes():
        for one in some:
            yield json_of(
                {
                    "sequence": one.sequence,
                    "kind": one.kind,
                    "payload": dict(one.payload),
                    "made_at": _time(one.made_at),
                }
            )


def _exclusions(found: Reading) -> Iterator[bytes]:
    for one in found.left_out():
        yield json_of(
            {
                "participant": one.participant_number,
                "is_erased": one.is_erased,
                "reason": one.reason,
                "made_at": _time(one.made_at),
            }
        )


def _votes(found: Reading, n_lines: list[int], progress: Progress) -> Iterator[bytes]:
    """Yield the log, withdrawn votes and changed minds too; count its lines in `n_lines`."""
    yield f"{VOTE_COLUMNS}\n".encode()
    for n_more, lines in found.log_lines():
        n_lines[0] += n_more
        yield lines.encode()
        progress(n_lines[0], max(found.counts.n_votes, n_lines[0]))


def _time(moment: Any) -> int:
    """Return seconds since 1970."""
    return int(moment.timestamp())
