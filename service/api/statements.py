"""Statements over HTTP: add, list, moderate."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint

from service.actions.add_statements import add_statements
from service.actions.moderate_statement import moderate_statement
from service.api.callers import caller
from service.api.conversations import own_conversation, public_conversation
from service.api.cursors import number_of, one_page
from service.api.fields import DEFAULT_STATEMENT_LENGTH
from service.api.parameters import ConversationPath, PageQuery, StatementPath
from service.api.problems import FieldError, ProblemError
from service.api.reading import answer
from service.api.schemas import (
    ChangedStatementBody,
    OneOrMoreStatementsBody,
    StatementAnswer,
    StatementsAnswer,
)
from service.api.settings_schemas import LENGTH_SETTING
from service.api.texts import n_characters
from service.identity.access import needs, public
from service.identity.caller import Scope
from service.parts import parts
from service.store import statements
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
    """Add one statement or several: all of them or, when one can't be added, none."""
    conversation = own_conversation(path)
    new = body.records()
    _check_lengths(conversation, new)
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


# A statement's id may hold slashes, as those that are addresses do.
@routes.patch("/<path:statement>", operation_id="moderateStatement", responses={200: StatementAnswer})
@needs(Scope.MODERATE)
def patch_statement(path: StatementPath, body: ChangedStatementBody) -> Response:
    """Show, hide or hold back a statement, or say that it is about the conversation itself."""
    conversation = own_conversation(path)
    if "\0" in path.statement:
        raise ProblemError("not-found", "there is nothing here that you may see; check the ids in the address")
    changed = moderate_statement(
        parts().store,
        parts().map_requests,
        conversation,
        path.statement,
        state=body.state,
        is_meta=body.is_meta,
    )
    return answer(StatementAnswer.of(changed))


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


def _check_lengths(conversation: Conversation, new: list[NewStatement]) -> None:
    most = conversation.settings.get(LENGTH_SETTING, DEFAULT_STATEMENT_LENGTH)
    errors = tuple(
        FieldError(
            _pointer(index, len(new)), f"expected at most {most} characters, got {n_characters(one.text)}"
        )
        for index, one in enumerate(new)
        if n_characters(one.text) > most
    )
    if errors:
        raise ProblemError("invalid", f"{len(errors)} statements are too long; see errors", errors[:20])


def _pointer(index: int, n_statements: int) -> str:
    return "#/text" if n_statements == 1 else f"#/statements/{index}/text"


def _check_ids(new: list[NewStatement]) -> None:
    ids = [one.id for one in new if one.id is not None]
    if len(set(ids)) < len(ids):
        raise ProblemError("statement-exists", "the same id is given to two statements of this request")
