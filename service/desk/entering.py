"""Who comes in at the desk: a session's cookie is looked at, a role is asked, a form must be the person's own.

The cookie is sent under `/desk` only, so that whoever votes or calls the API never carries it. A form changes
something only when it shows the mark of its session and the browser says that it was sent from this site.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import urlsplit

from flask import Response, current_app, g, redirect, request, url_for

from service.api.conversations import own_conversation
from service.api.parameters import ConversationPath
from service.api.requests import takes
from service.desk.cookies import shown_session
from service.desk.declaring import MAX_FORM_BYTES, desk
from service.desk.words import desk_words
from service.identity.access import needed_role, needs_role
from service.identity.caller import Caller, Scope
from service.identity.desk_secrets import form_mark, is_form_mark, secret_hash
from service.pages.words import Words
from service.parts import parts
from service.store import desk_sessions
from service.store.acting import acting_by
from service.store.desk_records import DeskPerson, DeskSession, Role
from service.store.records import Conversation

SCOPES = {
    Role.VIEWER: frozenset({Scope.EXPORT}),
    Role.MODERATOR: frozenset({Scope.EXPORT, Scope.MODERATE, Scope.STATEMENT_WRITE, Scope.VOTE}),
    Role.OWNER: frozenset(Scope),
}
"""What each role may do of what keys may do: the desk's acts are those of the API."""


class RoleNeededError(Exception):
    """Somebody who is signed in may not do this."""


class StaleFormError(Exception):
    """A form that isn't of this session, or was sent from another site."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at the desk asks for a page.

    Attributes
    ----------
    person
        Who; their tenant is the only one whose conversations they see.
    words
        The desk's words in their language.
    mark
        What each form of the page carries in its field `mark`.
    opened
        The conversation that the address names, of the person's tenant; nothing where it names none.
    """

    person: DeskPerson
    session: DeskSession
    words: Words
    mark: str
    opened: Conversation | None

    @property
    def conversation(self) -> Conversation:
        """The conversation that the address names."""
        assert self.opened is not None  # noqa: S101 - only pages of conversations ask for it.
        return self.opened

    def may(self, role: Role | str) -> bool:
        """Return whether the person may do what needs this role."""
        return self.person.role.is_at_least(Role(role))


Page = Callable[..., Response]


def desk_page(
    path: str, role: Role, *, method: str = "GET", most_bytes: int = MAX_FORM_BYTES
) -> Callable[[Page], Page]:
    """Make a function a page of the desk, for people with at least a role.

    The function is called with the `Visit` and, by name, with the parts of the path; of these `conversation` is
    looked up first, and stands in the visit. Forms come by POST.

    Parameters
    ----------
    path
        Below `/desk`, such as `/conversations/<conversation>/map`.
    most_bytes
        Largest form with files.
    """

    def mark(page: Page) -> Page:
        @wraps(page)
        def answer(**path_parts: str) -> Response:
            return page(_visit(path_parts.pop("conversation", None)), **path_parts)

        marked = needs_role(role)(answer)
        if method == "POST":
            marked = takes(
                {"application/x-www-form-urlencoded": MAX_FORM_BYTES, "multipart/form-data": most_bytes}
            )(marked)
        desk.add_url_rule(path, endpoint=page.__name__, view_func=marked, methods=[method])
        return page

    return mark


def is_from_here() -> bool:
    """Return whether a browser says that this request was sent by a page of this site, or by its reader."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def current_session() -> DeskSession | None:
    """Return the session that this request shows, if it is one that isn't over."""
    hashed = secret_hash(shown_session())
    return None if hashed is None else desk_sessions.find(parts().store, hashed)


@desk.before_request
def _check() -> Response | None:
    """Let in whoever has the role that the page asks; nothing of the request is read before."""
    role = needed_role(current_app.view_functions[request.endpoint or ""])
    if role is None:
        return None
    session = current_session()
    if session is None:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("desk.sign_in_page", next=back), 303)  # type: ignore[return-value]
    g.desk_session = session
    if not session.person.role.is_at_least(role):
        raise RoleNeededError
    if request.method not in {"GET", "HEAD"}:
        # A form may bring a large file: it is read once it is known that its sender may send one.
        shown = request.form.get("mark", "") if is_from_here() else ""
        if not is_form_mark(parts().store.secret, session, shown):
            raise StaleFormError
    _act_as(session.person)
    return None


def _act_as(person: DeskPerson) -> None:
    """Go on as if a key of the tenant had been shown, so that every rule of the API holds here."""
    name = f"{person.name} ({person.email})"
    g.caller = Caller(tenant=person.tenant, scopes=SCOPES[person.role], name=name)
    acting_by.set(name)


def _visit(conversation_id: str | None) -> Visit:
    session: DeskSession = g.desk_session
    opened = None
    if conversation_id is not None:
        opened = own_conversation(ConversationPath.model_construct(conversation=conversation_id))
    return Visit(
        person=session.person,
        session=session,
        words=desk_words(session.person.language or None),
        mark=form_mark(parts().store.secret, session),
        opened=opened,
    )
