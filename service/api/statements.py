"""Statements over HTTP: add, list, moderate."""

import time
from collections.abc import Sequence

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from clustering.vocabulary import StatementId
from service.actions.add_statements import add_statements
from service.actions.moderate_statements import moderate_statements
from service.actions.submit_statement import RefusedStatement, SubmissionRefusal, submit_statement
from service.api.acting import check_assurance
from service.api.callers import caller
from service.api.conversations import own_conversation, public_conversation
from service.api.cursors import number_of, one_page
from service.api.fields import DEFAULT_STATEMENT_LENGTH
from service.api.parameters import ConversationPath, PageQuery, StatementPath
from service.api.problems import FieldError, ProblemError
from service.api.reading import answer
from service.api.settings_schemas import (
    LENGTH_SETTING,
    MODERATION_SETTING,
    WRITERS_SETTING,
    Moderation,
    Writers,
)
from service.api.statement_schemas import (
    ChangedStatementBody,
    ChangedStatementsBody,
    NewStatementBody,
    OneOrMoreStatementsBody,
    StatementAnswer,
    StatementsAnswer,
)
from service.api.texts import n_characters
from service.identity.access import needs, public
from service.identity.caller import Scope
from service.parts import parts
from service.store import statements
from service.store.errors import NotFoundError
from service.store.phases import asks_for_statements
from service.store.platform_records import HashedParticipant
from service.store.records import Conversation, NewStatement, StatementRecord, StatementState

routes = APIBlueprint(
    "statements",
    __name__,
    url_prefix="/v1/conversations/<conversation>/statements",
    abp_tags=[{"name": "statements"}],
)


@routes.post("", operation_id="addStatements", responses={201: StatementsAnswer})
@needs(Scope.STATEMENT_WRITE)
def post_statements(path: ConversationPath, body: OneOrMoreStatementsBody) -> Response:
    """Add one statement or several: all of them or, when one can't be added, none.

    A participant adds one at a time, with its text and language; it waits for a moderator unless the
    conversation shows statements at once.
    """
    conversation = own_conversation(path)
    new = body.records()
    _check_lengths(conversation, [(_pointer(place, len(new)), one.text) for place, one in enumerate(new)])
    author = caller().participant
    if author is not None:
        added = [_submitted(conversation, body, author)]
    else:
        _check_ids(new)
        added = add_statements(parts().store, parts().map_requests, conversation, new)
    return answer(StatementsAnswer(items=[StatementAnswer.of(one) for one in added]), 201)


@routes.get("", operation_id="listStatements", responses={200: StatementsAnswer})
@public
def list_statements(path: ConversationPath, query: PageQuery) -> Response:
    """List statements in the order they were added: to the public the visible ones, to moderators all."""
    conversation = public_conversation(path.conversation)
    sees_all = caller().may(Scope.MODERATE) and caller().tenant == conversation.tenant
    found = _visible(conversation, query, sees_all=sees_all)
    page, cursor = one_page(found, query.limit, number=lambda one: one.number)
    return answer(StatementsAnswer(items=[StatementAnswer.of(one) for one in page], next=cursor))


@routes.patch("", operation_id="moderateStatements", responses={200: StatementsAnswer})
@needs(Scope.MODERATE)
def patch_statements(path: ConversationPath, body: ChangedStatementsBody) -> Response:
    """Decide on up to 1,000 statements at once: all of them or, when one isn't there, none."""
    conversation = own_conversation(path)
    texts = [(f"#/statements/{place}/text", one.text) for place, one in enumerate(body.statements)]
    _check_lengths(conversation, [(pointer, text) for pointer, text in texts if text is not None])
    try:
        changed = moderate_statements(parts().store, parts().map_requests, conversation, body.records())
    except NotFoundError as error:
        raise ProblemError("unknown-statement", f"nothing was changed: {error}") from None
    return answer(StatementsAnswer(items=[StatementAnswer.of(one) for one in changed]))


# A statement's id may hold slashes, as those that are addresses do.
@routes.patch("/<path:statement>", operation_id="moderateStatement", responses={200: StatementAnswer})
@needs(Scope.MODERATE)
def patch_statement(path: StatementPath, body: ChangedStatementBody) -> Response:
    """Show, hide or hold back a statement, with a reason; correct its text, or translate it."""
    conversation = own_conversation(path)
    if "\0" in path.statement:
        raise ProblemError("not-found", "there is nothing here that you may see; check the ids in the address")
    _check_lengths(conversation, [("#/text", body.text)] if body.text is not None else [])
    change = body.record(StatementId(path.statement))
    (changed,) = moderate_statements(parts().store, parts().map_requests, conversation, [change])
    return answer(StatementAnswer.of(changed))


def _submitted(
    conversation: Conversation, body: OneOrMoreStatementsBody, author: HashedParticipant
) -> StatementRecord:
    """Return a participant's own statement, kept."""
    given = body.root
    if not isinstance(given, NewStatementBody) or given.model_fields_set - {"text", "language"}:
        raise ProblemError("scope-needed", "a participant adds one statement at a time: its text and language")
    return submitted(conversation, given.text, author=author, language=given.language or "")


def submitted(
    conversation: Conversation, text: str, *, author: HashedParticipant, language: str
) -> StatementRecord:
    """Return a participant's own statement, kept; its text is in the form that texts are kept in.

    Raises
    ------
    ProblemError
        When the conversation doesn't take it.
    """
    _check_lengths(conversation, [("#/text", text)])
    _check_may_write(conversation)
    kept = submit_statement(
        parts().store,
        parts().map_requests,
        conversation,
        text,
        author=author,
        language=language,
        is_shown_at_once=conversation.settings.get(MODERATION_SETTING) == Moderation.AFTER,
    )
    if not isinstance(kept, RefusedStatement):
        return kept
    if kept.reason is SubmissionRefusal.TOO_MANY_WAITING:
        raise ProblemError("too-many-waiting", "wait until a moderator has read those you wrote")
    same = "" if kept.same_as is None else f"; it is statement {kept.same_as}"
    raise ProblemError("same-statement", f"this is said already{same}")


def _check_may_write(conversation: Conversation) -> None:
    check_assurance(conversation)
    if not conversation.is_open:
        raise ProblemError("conversation-closed", "the conversation takes no statements any more")
    if conversation.settings.get(WRITERS_SETTING) == Writers.PLATFORM or not asks_for_statements(
        conversation.settings, now=time.time()
    ):
        raise ProblemError("not-now", "this conversation does not ask participants for statements now")


def _visible(conversation: Conversation, query: PageQuery, *, sees_all: bool) -> list[StatementRecord]:
    """Return up to one more than a page of statements that the caller may see."""
    found: list[StatementRecord] = []
    after = number_of(query.after)
    while len(found) <= query.limit:
        read = statements.list_all(parts().store, conversation, after=after, limit=query.limit + 1)
        found += [one for one in read if sees_all or one.state is StatementState.VISIBLE]
        if len(read) <= query.limit:
            break
        after = read[-1].number
    return found[: query.limit + 1]


def _check_lengths(conversation: Conversation, texts: Sequence[tuple[str, str]]) -> None:
    """Refuse texts that are longer than the conversation allows; each comes with where it stands."""
    most = conversation.settings.get(LENGTH_SETTING, DEFAULT_STATEMENT_LENGTH)
    errors = tuple(
        FieldError(pointer, f"expected at most {most} characters, got {n_characters(text)}")
        for pointer, text in texts
        if n_characters(text) > most
    )
    if errors:
        raise ProblemError("too-long", f"{len(errors)} statements are too long; see errors", errors[:20])


def _pointer(index: int, n_statements: int) -> str:
    return "#/text" if n_statements == 1 else f"#/statements/{index}/text"


def _check_ids(new: list[NewStatement]) -> None:
    ids = [one.id for one in new if one.id is not None]
    if len(set(ids)) < len(ids):
        raise ProblemError("statement-exists", "the same id is given to two statements of this request")
