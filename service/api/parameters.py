"""What requests say outside their body: path, query and headers."""

import re
from typing import Annotated
from urllib.parse import unquote

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from clustering.vocabulary import MAX_ID_LENGTH
from service.api.cursors import CURSOR_PATTERN
from service.api.fields import MAX_BATCH, Query

MAX_WITHOUT_LENGTH = 4_000
"""Room for the ids of many more statements than a browser ever holds ready."""

_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,20}", re.ASCII)


def _digits(value: object) -> object:
    # On the wire it is text, and pydantic would also take " 1.0 " and "1_0" for whole numbers.
    if isinstance(value, str) and not _WHOLE_NUMBER.fullmatch(value):
        raise ValueError("expected a whole number")
    return value


class PageQuery(Query):
    """Which page of a list."""

    after: (
        Annotated[str, Field(pattern=CURSOR_PATTERN, description="The `next` of the page before.")] | None
    ) = None
    limit: Annotated[int, Field(ge=1, le=MAX_BATCH), BeforeValidator(_digits)] = 100


class NextStatementQuery(Query):
    """How to choose."""

    seed: (
        Annotated[
            int,
            Field(ge=0, le=2**53 - 1, description="The same seed, votes and map give the same statement."),
            BeforeValidator(_digits),
        ]
        | None
    ) = None


class ParticipantHeaders(BaseModel):
    """On whose behalf a platform asks: never in an address, which would end up in logs."""

    model_config = ConfigDict(extra="ignore")

    participant: Annotated[
        str | None,
        Field(
            alias="Participant",
            description="The participant's id; with a participant's own token it is left out. "
            "An id that is not ASCII is sent as UTF-8, which schemas of headers have no word for.",
            json_schema_extra={"pattern": r"^[!-~]([ -~]*[!-~])?$", "maxLength": MAX_ID_LENGTH},
        ),
    ] = None


class NextStatementHeaders(ParticipantHeaders):
    """On whose behalf a platform asks, and what not to choose.

    It is a header because browsers ask anew for every address whether a page of another website may use it.
    """

    without: Annotated[
        str,
        Field(
            alias="Without",
            description="Ids of statements not to choose, percent-encoded, with commas between: those that are "
            "on the screen, or voted on a moment ago.",
            max_length=MAX_WITHOUT_LENGTH,
            pattern=r"^[!-~]*$",
        ),
    ] = ""

    @property
    def left_out(self) -> frozenset[str]:
        """Return the ids; those of no statement do no harm."""
        return frozenset(unquote(one) for one in self.without.split(",") if one)


class ConversationPath(BaseModel):
    """Which conversation."""

    conversation: Annotated[str, Field(description="The conversation's id.", examples=["7k2m9q4xw1"])]


class StatementPath(ConversationPath):
    """Which statement of which conversation."""

    statement: Annotated[str, Field(description="The statement's id.", examples=["12"])]
