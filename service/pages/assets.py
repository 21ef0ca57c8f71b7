"""What the pages are dressed with: files that come with the package, at addresses that name their content."""

import hashlib
from functools import cache
from importlib.resources import files

from flask import url_for

ASSETS = {
    "pages.css": "text/css",
    "participate.css": "text/css",
    "taking-part.css": "text/css",
    "gallery.css": "text/css",
    "api-page.js": "text/javascript",
    "refresh.js": "text/javascript",
    "embedding.css": "text/css",
    "embedding.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
"""The files there are, and their media types; nothing else of the folder is ever sent."""

_JOINED = {"taking-part.css": ("pages.css", "participate.css")}
"""What is sent as one file, because each request on a slow connection takes as long as a screenful of text."""


@cache
def content_of(name: str) -> bytes:
    """Return a file's content.

    Raises
    ------
    KeyError
        For a name that is not in `ASSETS`.
    """
    if name not in ASSETS:
        raise KeyError(name)
    folder = files("service.pages").joinpath("static")
    return b"\n".join(folder.joinpath(one).read_bytes() for one in _JOINED.get(name, (name,)))


@cache
def digest_of(name: str) -> str:
    """Return what names a file's content."""
    return hashlib.sha256(content_of(name)).hexdigest()[:16]


def asset_address(name: str) -> str:
    """Return where a page finds a file; the address changes with the content."""
    return url_for("pages.asset_file", name=name, v=digest_of(name))


@cache
def release() -> str:
    """Return what names the pages' templates, texts and files together."""
    digest = hashlib.sha256()
    for folder in ("static", "templates", "."):
        for one in sorted(files("service.pages").joinpath(folder).iterdir(), key=lambda file: file.name):
            if one.is_file():
                digest.update(one.read_bytes())
    return digest.hexdigest()[:16]
