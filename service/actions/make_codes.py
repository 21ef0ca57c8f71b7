"""Make a batch's codes, some at a time, so that progress shows and whoever comes next can go on."""

import threading
import time
from collections.abc import Callable

from service.identity.codes import code_hash, codes_of_batch, value_of
from service.store import codes
from service.store.database import Store
from service.store.platform_records import CodeBatch
from service.store.records import Conversation

AT_ONCE = 1_000
"""Codes kept in one transaction."""

_turn = threading.Lock()
"""Of all batches of a process, some codes of one at a time."""


def make_codes(
    store: Store, conversation: Conversation, batch: CodeBatch, *, rest: Callable[[float], object] = time.sleep
) -> None:
    """Make the codes that a batch still lacks; several doing so at once are harmless.

    After some codes it rests for as long as they took, and many batches make theirs by turns: a vote that waits
    to be written would find the store's lock taken again and again, for longer than it waits.

    Parameters
    ----------
    rest
        Called with how many seconds to rest.

    Raises
    ------
    StoreError
        When the store fails; what was made is kept, and doing this again goes on from there.
    """
    n_made = batch.n_made
    while n_made < batch.n_codes:
        n_codes = min(AT_ONCE, batch.n_codes - n_made)
        with _turn:
            began = time.monotonic()
            fresh = codes_of_batch(store.secret, conversation, batch.number, first=n_made, n_codes=n_codes)
            hashes = [code_hash(store.secret, conversation, value_of(one)) for one in fresh]
            if not codes.add_codes(store, conversation, batch.number, hashes=hashes, first=n_made):
                return
            n_made += n_codes
            rest(time.monotonic() - began)
