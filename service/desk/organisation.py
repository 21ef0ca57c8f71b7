"""How the organisation's own pages look: a name, a colour and a logo, chosen by an owner."""

from collections.abc import Mapping

from flask import Response, request, url_for

from service.actions.keep_house_style import MOST_NAME, StyleRefusal, keep_house_style
from service.api.texts import kept_text
from service.desk.answering import desk_answer, to_page
from service.desk.entering import Visit, desk_page
from service.parts import parts
from service.store import house_styles
from service.store.desk_records import Role


@desk_page("/organisation", Role.OWNER)
def organisation_page(visit: Visit) -> Response:
    """Show the name, the colour and the logo there are."""
    found = house_styles.find(parts().store, visit.person.tenant)
    name, accent = ("", "") if found is None else (found.name, found.accent)
    is_done = request.args.get("done") == "1"
    return _page(visit, {"name": name, "accent": accent}, is_done=is_done)


@desk_page("/organisation", Role.OWNER, method="POST")
def keep_organisation(visit: Visit) -> Response:
    """Keep another look."""
    form, file = request.form, request.files.get("logo")
    accent = form.get("accent", "")[:20] if form.get("own_accent") else ""
    given = {"name": form.get("name", "")[:300], "accent": accent}
    logo = file.read() if file is not None and file.filename else None
    try:
        name = kept_text(given["name"], most=MOST_NAME) if given["name"].strip() else ""
    except ValueError:
        return _page(visit, given, trouble="desk_house_long-name")
    keeps_logo = not form.get("no_logo")
    # Whoever can't see a logo hears the name.
    if not name and (logo is not None or (keeps_logo and _has_logo(visit))):
        return _page(visit, given, trouble="desk_house_no-name")
    kept = keep_house_style(
        parts().store,
        visit.person.tenant,
        name=name,
        accent=accent,
        logo=logo,
        keeps_logo=keeps_logo,
    )
    if isinstance(kept, StyleRefusal):
        return _page(visit, given, trouble=f"desk_house_{kept}")
    return to_page(url_for("desk.organisation_page", done=1))


def _has_logo(visit: Visit) -> bool:
    found = house_styles.find(parts().store, visit.person.tenant)
    return found is not None and bool(found.logo_type)


def _page(visit: Visit, given: Mapping[str, str], *, trouble: str = "", is_done: bool = False) -> Response:
    status = 422 if trouble else 200
    told = {"trouble": trouble, "is_done": is_done, "most_name": MOST_NAME}
    return desk_answer(visit, "organisation.html", status, **given, **told)
