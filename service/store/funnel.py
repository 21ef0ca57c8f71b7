"""How far people came: from seeing a statement to voting on all of them; and who is off the map for good."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select

from service.store.database import Store
from service.store.monitoring import votes_per_participant
from service.store.records import Conversation, StatementState
from service.store.tables import current_votes, exposures, left_out_participants, statements
from service.store.votes import WITHDRAWN

STEPS = (1, 5, 10)
"""Numbers of votes at which people are counted."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many people came how far; excluded people count among those who came, not erased ones.

    Attributes
    ----------
    n_opened
        People who were shown a statement by this service; nothing where it never chose what people see.
    n_after
        Votes → people who cast at least as many, for each of `STEPS`.
    n_all
        People who voted on every statement that is visible now.
    n_visible
        Statements that are visible now.
    n_erased
        People who had everything about them removed.
    """

    n_opened: int | None
    n_after: dict[int, int]
    n_all: int
    n_visible: int
    n_erased: int


def funnel(store: Store, conversation: Conversation) -> Funnel:
    """Return how many people came how far, counted now.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    here = conversation.number
    visible = (statements.c.conversation == here) & (statements.c.state == StatementState.VISIBLE.value)
    same = and_(
        statements.c.conversation == current_votes.c.conversation,
        statements.c.number == current_votes.c.statement_number,
    )
    on_visible = (
        select(func.count().label("n_votes"))
        .join_from(current_votes, statements, same)
        .where(visible, current_votes.c.value != WITHDRAWN)
        .group_by(current_votes.c.participant_number)
        .subquery()
    )
    shown = select(func.count(exposures.c.id_hash.distinct())).where(exposures.c.conversation == here)
    erased = (left_out_participants.c.conversation == here) & left_out_participants.c.is_erased
    per_participant = votes_per_participant(store, conversation)
    n_after = [sum(n for n_votes, n in per_participant.items() if n_votes >= step) for step in STEPS]
    with store.reading() as connection:
        n_visible = connection.execute(select(func.count()).where(visible)).scalar_one()
        all_of_them = select(func.count()).where(on_visible.c.n_votes >= max(1, n_visible))
        n_all = connection.execute(all_of_them).scalar_one()
        n_opened = connection.execute(shown).scalar_one()
        n_erased = connection.execute(select(func.count()).where(erased)).scalar_one()
    # Who came by another way, a ballot on paper or an import, was never shown anything here.
    is_known = n_opened >= n_after[0]
    return Funnel(
        n_opened if is_known else None, dict(zip(STEPS, n_after, strict=True)), n_all, n_visible, n_erased
    )
