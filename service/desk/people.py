"""Who works at the desk of one's organisation: invite colleagues, and let them go."""

from flask import Response, request, url_for

from service.actions.invite_person import EmailError, invite_person, plain_email
from service.desk.answering import desk_answer, to_page
from service.desk.entering import Visit, desk_page
from service.parts import parts
from service.store import desk_people
from service.store.desk_records import Role
from service.store.errors import AlreadyExistsError


@desk_page("/people", Role.OWNER)
def people_page(visit: Visit) -> Response:
    """Show who is in, and who is invited."""
    return _page(visit)


@desk_page("/people", Role.OWNER, method="POST")
def invite_form(visit: Visit) -> Response:
    """Invite somebody, and show the link this once; it stands in no address and no log."""
    form = request.form
    email = form.get("email", "")[:300]
    try:
        role = Role(form.get("role", ""))
        code = invite_person(
            parts().store, tenant=visit.person.tenant, email=email, role=role, made_by=visit.person.email
        )
    except (EmailError, AlreadyExistsError, ValueError) as error:
        key = "desk_email_taken" if isinstance(error, AlreadyExistsError) else "desk_email_wrong"
        return _page(visit, status=422, trouble=key, email=email)
    link = url_for("desk.invitation_page", _external=True, _anchor=code)
    return _page(visit, link=link, invited=plain_email(email))


@desk_page("/people/end", Role.OWNER, method="POST")
def end_person(visit: Visit) -> Response:
    """Let somebody in no longer; not oneself, so that an organisation keeps an owner."""
    email = request.form.get("email", "")
    if email != visit.person.email:
        desk_people.end(parts().store, visit.person.tenant, email)
    return to_page(url_for("desk.people_page"))


def _page(visit: Visit, *, status: int = 200, **told: str) -> Response:
    store, tenant = parts().store, visit.person.tenant
    return desk_answer(
        visit,
        "people.html",
        status,
        people=[one for one in desk_people.list_all(store, tenant) if one.is_live],
        invitations=desk_people.invitations(store, tenant),
        **{"link": "", "invited": "", "trouble": "", "email": "", **told},
    )
