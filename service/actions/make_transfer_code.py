"""A participant goes on at another device: they get a code, and are the same participant there."""

import time
from dataclasses import dataclass
from datetime import datetime

from service.identity.transfer_codes import LIFE_SECONDS, fresh_transfer_code, transfer_code_hash
from service.store import transfer_codes
from service.store.clock import as_time
from service.store.database import Store
from service.store.platform_records import Assurance, HashedParticipant
from service.store.records import Conversation


@dataclass(frozen=True, slots=True)
class TransferCode:
    """A code as people read it, and when it ends."""

    code: str
    expires_at: datetime


def make_transfer_code(
    store: Store, conversation: Conversation, participant: HashedParticipant, *, assurance: Assurance
) -> TransferCode:
    """Return a new code that leads to this participant once, within ten minutes.

    Raises
    ------
    StoreUnavailableError
        When the store does not answer.
    """
    code = fresh_transfer_code()
    expires_at = time.time() + LIFE_SECONDS
    transfer_codes.keep(
        store,
        conversation,
        participant,
        code_hash=transfer_code_hash(store.secret, conversation, code),
        assurance=assurance,
        expires_at=expires_at,
    )
    return TransferCode(code, as_time(int(expires_at)))
