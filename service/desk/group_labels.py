"""What a facilitator calls the groups: a word or two for each letter, kept with the conversation's settings."""

from collections.abc import Mapping
from typing import Any

from clustering.vocabulary import GROUP_LETTERS
from service.api.settings_schemas import LABELS_SETTING
from service.store.records import Conversation

MOST_CHARACTERS = 60


def labels_of(conversation: Conversation) -> Mapping[str, str]:
    """Return letter → label of the groups that have one."""
    return conversation.settings.get(LABELS_SETTING) or {}


def with_labels(settings: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    """Return settings with labels in place of those of the same letters; an empty one takes it away.

    Examples
    --------
    >>> with_labels({"group_labels": {"A": "Green"}}, {"A": "", "B": "Cars"})
    {'group_labels': {'B': 'Cars'}}
    """
    kept = {**(settings.get(LABELS_SETTING) or {}), **labels}
    return dict(settings) | {LABELS_SETTING: {letter: label for letter, label in kept.items() if label}}


def is_letter(text: str) -> bool:
    """Return whether a text is the letter of a group."""
    return len(text) == 1 and text in GROUP_LETTERS
