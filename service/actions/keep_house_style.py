"""An organisation chooses how its pages look: a name, a colour and a logo, if readable and safe."""

import re
from enum import StrEnum
from io import BytesIO

import imagesize

from service.store import house_styles
from service.store.database import Store
from service.store.house_styles import HouseStyle

LEAST_CONTRAST = 4.5
"""Contrast of text with its ground. Source: WCAG 2.2, success criterion 1.4.3."""
MOST_LOGO_BYTES = 200_000
MOST_LOGO_PIXELS = 2_000
"""Along either side."""
MOST_NAME = 80
WHITE = "#ffffff"

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)
_LOGOS = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}
"""How each kind of picture begins. No SVG: one can hold script."""


class StyleRefusal(StrEnum):
    """Why a style wasn't kept."""

    NO_COLOUR = "no-colour"
    TOO_LIGHT = "too-light"
    NO_PICTURE = "no-picture"
    TOO_LARGE = "too-large"


def keep_house_style(
    store: Store, tenant: str, *, name: str, accent: str, logo: bytes | None, keeps_logo: bool
) -> HouseStyle | StyleRefusal:
    """Return the style that was kept, or why none was.

    Parameters
    ----------
    accent
        `#rrggbb`, in any case; nothing for the service's own colour.
    logo
        A new logo.
    keeps_logo
        Whether, without a new one, the logo there is stays.

    Raises
    ------
    NotFoundError
        When there is no such tenant.
    """
    accent = accent.strip().lower()
    if accent and not _COLOUR.fullmatch(accent):
        return StyleRefusal.NO_COLOUR
    if accent and contrast(accent, WHITE) < LEAST_CONTRAST:
        return StyleRefusal.TOO_LIGHT
    kind = "" if logo is None else _kind(logo)
    if isinstance(kind, StyleRefusal):
        return kind
    return house_styles.keep(
        store, tenant, name=name, accent=accent, logo=logo, logo_type=kind, keeps_logo=keeps_logo
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21.

    *Source*: WCAG 2.2, definitions of relative luminance and of contrast ratio.
    """
    lower, higher = sorted((_luminance(one), _luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


def lightened(colour: str, *, on: str) -> str:
    """Return a colour mixed with as little white as makes it readable on a dark ground."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    for share in range(101):
        mixed = "#" + "".join(f"{round(part + (255 - part) * share / 100):02x}" for part in parts)
        if contrast(mixed, on) >= LEAST_CONTRAST:
            return mixed
    return WHITE


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _kind(logo: bytes) -> str | StyleRefusal:
    """Return a picture's media type, or why it isn't taken."""
    kind = next((kind for kind, begins in _LOGOS.items() if begins.match(logo)), None)
    if kind is None:
        return StyleRefusal.NO_PICTURE
    if len(logo) > MOST_LOGO_BYTES:
        return StyleRefusal.TOO_LARGE
    try:
        width, height = imagesize.get(BytesIO(logo))
    except (ValueError, OSError, IndexError, OverflowError):
        return StyleRefusal.NO_PICTURE
    if min(width, height) < 1:
        return StyleRefusal.NO_PICTURE
    return StyleRefusal.TOO_LARGE if max(width, height) > MOST_LOGO_PIXELS else kind
