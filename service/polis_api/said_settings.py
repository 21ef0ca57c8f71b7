"""A conversation's settings, said in Polis's words."""

from collections.abc import Mapping
from typing import Any

from service.api.settings_schemas import MODERATION_SETTING, POLIS_SETTING, WRITERS_SETTING, Moderation, Writers


def said_settings(
    now: Mapping[str, Any],
    *,
    is_strict: bool | None = None,
    takes_statements: bool | None = None,
    polis: Mapping[str, bool | None] | None = None,
) -> dict[str, Any]:
    """Return settings as they become; what isn't said stays.

    Parameters
    ----------
    is_strict
        Whether statements wait for a moderator (`strict_moderation`).
    takes_statements
        Whether participants may write (`write_type`).
    polis
        What the conversation opens to tools made for Polis, by name.
    """
    settings = dict(now)
    if is_strict is not None:
        settings[MODERATION_SETTING] = (Moderation.BEFORE if is_strict else Moderation.AFTER).value
    if takes_statements is not None:
        settings[WRITERS_SETTING] = (Writers.PARTICIPANTS if takes_statements else Writers.PLATFORM).value
    said = {name: value for name, value in (polis or {}).items() if value is not None}
    if said:
        settings[POLIS_SETTING] = dict(settings.get(POLIS_SETTING, {})) | said
    return settings
