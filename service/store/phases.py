"""What a conversation asks for at a moment: its phases, as its settings keep them."""

from collections.abc import Mapping, Sequence
from typing import Any

PHASES_SETTING = "phases"
"""Under which name a conversation's settings keep them: what each `asks`, from when until when (seconds)."""


def phase_at(settings: Mapping[str, Any], *, now: float) -> Mapping[str, Any] | None:
    """Return the phase that a moment lies in; a phase holds its first moment and not its last."""
    for phase in _phases(settings):
        if phase["starts_at"] <= now < phase["ends_at"]:
            return phase
    return None


def asks_for_votes(settings: Mapping[str, Any], *, now: float) -> bool:
    """Return whether votes are taken at a moment, in seconds since 1970; without phases, always."""
    return _asks_for("votes", settings, now=now)


def asks_for_statements(settings: Mapping[str, Any], *, now: float) -> bool:
    """Return whether participants' statements are taken at a moment; without phases, always."""
    return _asks_for("statements", settings, now=now)


def is_over(settings: Mapping[str, Any], *, now: float) -> bool:
    """Return whether votes were asked for and never will be again; without phases, never."""
    ends = [phase["ends_at"] for phase in _phases(settings) if "votes" in phase["asks"]]
    return bool(ends) and max(ends) <= now


def _asks_for(what: str, settings: Mapping[str, Any], *, now: float) -> bool:
    if not _phases(settings):
        return True
    phase = phase_at(settings, now=now)
    return phase is not None and what in phase["asks"]


def _phases(settings: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return settings.get(PHASES_SETTING) or ()
