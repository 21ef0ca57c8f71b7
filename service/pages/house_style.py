"""The look of the organisation that a page belongs to: a style sheet and a logo, named by their content."""

import re
from dataclasses import dataclass

from flask import Blueprint, Response, url_for

from service.actions.keep_house_style import lightened
from service.identity.access import public
from service.pages.colours import BACKGROUND
from service.pages.packing import lasting_answer
from service.parts import parts
from service.store import house_styles
from service.store.errors import NotFoundError

routes = Blueprint("house_styles", __name__, url_prefix="/house-styles")

_DIGEST = re.compile(r"[0-9a-f]{32}", re.ASCII)
_ON_LIGHT, _ON_DARK = "#ffffff", "#0c1216"


@dataclass(frozen=True, slots=True)
class House:
    """What a template needs: addresses, each empty where there is nothing, and the organisation's name."""

    name: str
    style: str
    logo: str
    digest: str


def house_of(tenant: str) -> House | None:
    """Return how an organisation's pages look; nothing where it chose nothing."""
    found = house_styles.find(parts().store, tenant)
    if found is None:
        return None
    style = url_for("house_styles.style_sheet", digest=found.digest, v=1) if found.accent else ""
    logo = url_for("house_styles.logo", digest=found.digest, v=1) if found.logo_type else ""
    return House(found.name, style, logo, found.digest)


@routes.get("/<digest>/style.css")
@public
def style_sheet(digest: str) -> Response:
    """Send an organisation's colour; it is a colour and no more."""
    found = house_styles.find_by_digest(parts().store, digest) if _DIGEST.fullmatch(digest) else None
    if found is None or not found.accent:
        raise NotFoundError("no such style")
    return lasting_answer(written_style(found.accent).encode(), "text/css", digest)


@routes.get("/<digest>/logo")
@public
def logo(digest: str) -> Response:
    """Send an organisation's logo."""
    found = house_styles.find_by_digest(parts().store, digest) if _DIGEST.fullmatch(digest) else None
    picture = None if found is None else house_styles.logo(parts().store, digest)
    if found is None or picture is None:
        raise NotFoundError("no such logo")
    # A picture is packed already.
    response = Response(picture, mimetype=found.logo_type)
    response.set_etag(digest)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def written_style(accent: str) -> str:
    """Return a style sheet: the colour on light ground, and on dark a lighter one that can be read there."""
    dark = lightened(accent, on=BACKGROUND["dark"])
    return (
        f":root{{--opinion-accent:{accent};--opinion-on-accent:{_ON_LIGHT};"
        f"--opinion-dark-accent:{dark};--opinion-dark-on-accent:{_ON_DARK};"
        f"--accent:{accent};--on-accent:{_ON_LIGHT}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{--accent:{dark};--on-accent:{_ON_DARK}}}}}\n"
    )
