"""Which pages of other websites may show a page of this service in a frame, and hear from it."""

import re
from collections.abc import Sequence

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors {}"
)


def policy_of_a_frame(sites: Sequence[str]) -> str:
    """Return the Content-Security-Policy of a page that these origins may frame; without any, none."""
    return _POLICY.format(" ".join(sites) or "'none'")


def parent_origin(asked: str | None, sites: Sequence[str]) -> str | None:
    """Return the one origin that a framed page speaks with, if it is one of those that may frame it.

    Parameters
    ----------
    asked
        What the frame's address says (`?origin=`).
    sites
        Origins that may frame it; `*.` stands for any name before a domain.

    Examples
    --------
    >>> parent_origin("https://www.example.org", ["https://*.example.org"])
    'https://www.example.org'
    >>> parent_origin("https://example.net", ["https://*.example.org"]) is None
    True
    """
    if asked is None:
        return None
    return asked if any(_pattern(site).fullmatch(asked) for site in sites) else None


def _pattern(site: str) -> re.Pattern[str]:
    return re.compile(re.escape(site).replace(r"\*\.", r"[a-z0-9-]+(\.[a-z0-9-]+)*\."))
