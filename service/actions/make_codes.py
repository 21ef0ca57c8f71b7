"""Make a batch's codes, some at a time, so that progress shows and whoever comes next can go on."""

from service.identity.codes import code_hash, codes_of_batch, value_of
from service.store import codes
from service.store.database import Store
from service.store.platform_records import CodeBatch
from service.store.records import Conversation

AT_ONCE = 1_000
"""Codes kept in one transaction."""


def make_codes(store: Store, conversation: Conversation, batch: CodeBatch) -> None:
    """Make the codes that a batch still lacks; several doing so at once are harmless.

    Raises
    ------
    StoreError
        When the store fails; what was made is kept, and doing this again goes on from there.
    """
    n_made = batch.n_made
    while n_made < batch.n_codes:
        n_codes = min(AT_ONCE, batch.n_codes - n_made)
        fresh = codes_of_batch(store.secret, conversation, batch.number, first=n_made, n_codes=n_codes)
        hashes = [code_hash(store.secret, conversation, value_of(one)) for one in fresh]
        if not codes.add_codes(store, conversation, batch.number, hashes=hashes, first=n_made):
            return
        n_made += n_codes
