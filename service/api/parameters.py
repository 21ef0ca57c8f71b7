"""What requests say outside their body: path, query and headers."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from service.api.fields import MAX_BATCH, Query


class PageQuery(Query):
    """Which page of a list."""

    after: Annotated[str, Field(max_length=64, description="The `next` of the page before.")] | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_BATCH)] = 100


class NextStatementQuery(Query):
    """How to choose."""

    seed: (
        Annotated[
            int,
            Field(ge=0, le=2**53 - 1, description="The same seed, votes and map give the same statement."),
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
            description="The participant's id, in UTF-8; with a participant's own token it is left out.",
        ),
    ] = None


class ConversationPath(BaseModel):
    """Which conversation."""

    conversation: Annotated[str, Field(description="The conversation's id.", examples=["7k2m9q4xw1"])]


class StatementPath(ConversationPath):
    """Which statement of which conversation."""

    statement: Annotated[str, Field(description="The statement's id.", examples=["12"])]
