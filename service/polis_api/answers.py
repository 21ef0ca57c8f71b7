"""What Polis's clients read: the fields, names and types of its answers. Times are milliseconds, as text."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from service.api.settings_schemas import MODERATION_SETTING, WRITERS_SETTING, Moderation, Writers
from service.identity.participant_tokens import LIFE_SECONDS, ParticipantToken
from service.polis_api import rights
from service.store.records import Conversation, StatementRecord, StatementState, VoteCounts
from service.store.reports import Report

MODERATED = {StatementState.VISIBLE: 1, StatementState.WAITING: 0, StatementState.HIDDEN: -1}
STATES = {mod: state for state, mod in MODERATED.items()}

# What Polis has and we don't, at the value that means so.
_CONVERSATION: Mapping[str, Any] = {
    "is_anon": False,
    "is_draft": False,
    "is_public": True,
    "email_domain": None,
    "owner": 0,
    "profanity_filter": False,
    "spam_filter": False,
    "context": None,
    "owner_sees_participation_stats": False,
    "course_id": None,
    "link_url": None,
    "upvotes": 0,
    "parent_url": None,
    "vis_type": 1,
    "bgcolor": None,
    "help_type": 1,
    "socialbtn_type": 0,
    "style_btn": None,
    "auth_needed_to_vote": False,
    "auth_needed_to_write": False,
    "auth_opt_fb": False,
    "auth_opt_tw": False,
    "auth_opt_allow_3rdparty": False,
    "help_bgcolor": None,
    "help_color": None,
    "is_curated": False,
    "dataset_explanation": None,
    "write_hint_type": 1,
    "subscribe_type": 0,
    "org_id": 0,
    "need_suzinvite": False,
    "use_xid_whitelist": False,
    "prioritize_seed": False,
    "importance_enabled": False,
    "site_id": "",
    "auth_opt_fb_computed": False,
    "auth_opt_tw_computed": False,
    "translations": [],
    "ownername": "",
    "is_mod": False,
}

USER: Mapping[str, Any] = {
    "uid": 0,
    "email": None,
    "hname": None,
    "hasFacebook": False,
    "hasTwitter": False,
    "hasXid": False,
    "xInfo": None,
    "finishedTutorial": False,
    "site_ids": [],
    "created": 0,
}


def milliseconds(at: datetime | int) -> str:
    """Return a time as Polis writes it."""
    seconds = int(at.timestamp()) if isinstance(at, datetime) else at
    return str(1_000 * seconds)


def conversation_answer(conversation: Conversation, counts: VoteCounts, *, is_owner: bool) -> dict[str, Any]:
    """Return a conversation."""
    kept = conversation.settings
    created = milliseconds(conversation.created_at)
    return dict(_CONVERSATION) | {
        "topic": conversation.question,
        "description": conversation.description,
        "is_active": conversation.is_open,
        "participant_count": counts.n_participants,
        "created": created,
        "modified": created,
        "strict_moderation": kept.get(MODERATION_SETTING, Moderation.BEFORE) == Moderation.BEFORE,
        "write_type": int(kept.get(WRITERS_SETTING, Writers.PARTICIPANTS) == Writers.PARTICIPANTS),
        "is_data_open": rights.setting(conversation, "open_data"),
        "is_owner": is_owner,
        "conversation_id": conversation.id,
    }


def comment_answer(
    one: StatementRecord, *, tid: int, pid: int, is_seed: bool, conversation_id: str | None = None
) -> dict[str, Any]:
    """Return a statement, without its counts."""
    answer: dict[str, Any] = {
        "txt": one.text,
        "tid": tid,
        "created": milliseconds(one.created_at),
        "tweet_id": None,
        "quote_src_url": None,
        "is_seed": is_seed,
        "is_meta": one.is_meta,
        "lang": one.language or None,
        "pid": pid,
    }
    if conversation_id is not None:
        answer |= {
            "velocity": 1,
            "mod": MODERATED[one.state],
            "active": one.state is not StatementState.HIDDEN,
            "conversation_id": conversation_id,
        }
    return answer


def participant_answer(pid: int, *, n_votes: int, at: int) -> dict[str, Any]:
    """Return a participant."""
    return {
        "pid": pid,
        "uid": 0,
        "created": milliseconds(at),
        "vote_count": n_votes,
        "last_interaction": milliseconds(at),
        "subscribed": 0,
        "last_notified": "0",
        "mod": 0,
        "nsli": 0,
    }


def auth_answer(token: ParticipantToken) -> dict[str, Any]:
    """Return a participant's token as newer Polis hands it out."""
    return {"token": token.text, "token_type": "Bearer", "expires_in": LIFE_SECONDS}


def report_answer(report: Report, labels: tuple[str, ...]) -> dict[str, Any]:
    """Return a report."""
    return {name: report.settings.get(name) for name in labels} | {
        "report_id": report.id,
        "created": milliseconds(report.created_at),
        "modified": milliseconds(report.modified_at),
        "report_name": report.name or None,
        "mod_level": 0,
        "conversation_id": report.conversation.id,
    }
