"""A conversation as a zip over HTTP, sent while it is made."""

from collections.abc import Iterator
from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from service.actions.export_conversation import ExportForm, export_conversation
from service.api.conversations import own_conversation
from service.api.parameters import ConversationPath
from service.identity.access import needs
from service.identity.caller import Scope
from service.parts import parts

routes = APIBlueprint(
    "exports",
    __name__,
    url_prefix="/v1/conversations/<conversation>/exports",
    abp_tags=[{"name": "exports"}],
)


class ExportPath(ConversationPath):
    """Which form of which conversation."""

    format: Annotated[
        ExportForm,
        Field(
            description="`zip` can be imported again; `polis` holds Polis's five tables; `matrix` holds "
            "pseudonymous ballots for open data; `parquet` holds typed tables for data frames.",
            examples=["zip"],
        ),
    ]


@routes.get("/<format>", operation_id="exportConversation", responses={200: None})
@needs(Scope.EXPORT)
def get_export(path: ExportPath) -> Response:
    """Export a conversation as it is now, as a zip that is sent while it is made."""
    conversation = own_conversation(path)
    pieces = export_conversation(parts().store, conversation, path.format)
    return Response(
        begun(pieces),
        mimetype="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{conversation.id}-{path.format}.zip"',
            "Cache-Control": "no-store",
        },
    )


class _Pieces:
    """Pieces of which the first is made already; closing them lets the store go."""

    def __init__(self, first: bytes, rest: Iterator[bytes]) -> None:
        self._first: bytes | None = first
        self._rest = rest

    def __iter__(self) -> "_Pieces":
        return self

    def __next__(self) -> bytes:
        if self._first is None:
            return next(self._rest)
        first, self._first = self._first, None
        return first

    def close(self) -> None:
        """Stop making more: whoever asked has gone, or has all."""
        closing = getattr(self._rest, "close", None)
        if closing is not None:
            closing()


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Return pieces once the first is there: what goes wrong before it is still answered with a problem."""
    return _Pieces(next(pieces), pieces)
