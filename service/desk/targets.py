"""How many people and votes are hoped for, beside how many there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from service.actions.change_conversation import change_conversation
from service.api.settings_schemas import TARGETS_SETTING
from service.desk.answering import to_page
from service.desk.entering import Visit, desk_page
from service.parts import parts
from service.store.desk_records import Role
from service.store.records import Conversation, VoteCounts

KINDS = ("participants", "votes")
MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class Target:
    """One number that is hoped for; `percent` says how much of it is there, 100 at most."""

    kind: str
    wanted: int
    there: int
    percent: int


def targets_of(conversation: Conversation, counts: VoteCounts) -> list[Target]:
    """Return what is hoped for beside what is there; nothing where nothing is hoped for."""
    kept = conversation.settings.get(TARGETS_SETTING) or {}
    there = {"participants": counts.n_participants, "votes": counts.n_votes}
    return [
        # Rounded down: a target is reached when it is, not when it nearly is.
        Target(kind, kept[kind], there[kind], min(100, 100 * there[kind] // kept[kind]))
        for kind in KINDS
        if kept.get(kind)
    ]


@desk_page("/conversations/<conversation>/targets", Role.OWNER, method="POST")
def targets_form(visit: Visit) -> Response:
    """Keep what is hoped for; an empty field takes its target away, and a wrong one changes nothing."""
    conversation, given = visit.conversation, {}
    for kind in KINDS:
        text = request.form.get(kind, "").strip()
        number = target_of(text)
        if text and number is None:
            return to_page(url_for("desk.overview_page", conversation=conversation.id, wrong=kind) + "#targets")
        if number is not None:
            given[kind] = number

    def changed(settings: Mapping[str, Any]) -> dict[str, Any]:
        return dict(settings) | {TARGETS_SETTING: given}

    change_conversation(parts().store, parts().map_requests, conversation, {"settings": changed})
    return to_page(url_for("desk.overview_page", conversation=conversation.id) + "#targets")


def target_of(text: str) -> int | None:
    """Return a whole number as people write it, or nothing where it is none.

    Examples
    --------
    >>> target_of("1.500"), target_of("1,500"), target_of("1 500"), target_of("0"), target_of("many")
    (1500, 1500, 1500, None, None)
    """
    plain = text.translate(dict.fromkeys(map(ord, " .,\u202f\u00a0")))
    is_number = plain.isascii() and plain.isdecimal() and len(plain) <= len(str(MOST))
    return int(plain) if is_number and 1 <= int(plain) <= MOST else None
