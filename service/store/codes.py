"""One-time codes: batches of them, and each redeemed once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.store.clock import as_time, now_seconds
from service.store.database import Store
from service.store.errors import NotFoundError
from service.store.platform_records import CodeBatch
from service.store.records import Conversation
from service.store.tables import code_batches, codes


def start_batch(store: Store, conversation: Conversation, *, label: str, n_codes: int) -> CodeBatch:
    """Order so many codes; a worker makes them."""
    row = {
        "conversation": conversation.number,
        "label": label,
        "n_codes": n_codes,
        "n_made": 0,
        "is_closed": False,
        "created_at": now_seconds(),
    }
    with store.writing() as connection:
        made = connection.execute(insert(code_batches).values(row).returning(*code_batches.c)).mappings().one()
    return _batch(made, 0)


def find_batch(store: Store, conversation: Conversation, batch: int) -> CodeBatch:
    """Return one batch; raises `NotFoundError`."""
    found = [one for one in list_batches(store, conversation) if one.number == batch]
    if not found:
        raise NotFoundError(f"no batch {batch} of codes")
    return found[0]


def list_batches(store: Store, conversation: Conversation) -> Sequence[CodeBatch]:
    """Return a conversation's batches, oldest first, with how many codes of each were redeemed."""
    here = codes.c.conversation == conversation.number
    redeemed = select(codes.c.batch, func.count().label("n")).where(here, codes.c.redeemed_at.is_not(None))
    query = select(code_batches).where(code_batches.c.conversation == conversation.number)
    with store.reading() as connection:
        n_redeemed = {row.batch: row.n for row in connection.execute(redeemed.group_by(codes.c.batch))}
        rows = connection.execute(query.order_by(code_batches.c.number)).mappings().all()
    return [_batch(row, n_redeemed.get(row["number"], 0)) for row in rows]


def add_codes(
    store: Store, conversation: Conversation, batch: int, *, hashes: Sequence[bytes], first: int
) -> bool:
    """Keep a batch's codes from number `first` on; nothing happens if somebody else did so first."""
    rows = [{"conversation": conversation.number, "code_hash": one, "batch": batch} for one in hashes]
    with store.writing() as connection:
        this = (code_batches.c.number == batch) & (code_batches.c.n_made == first)
        moved = connection.execute(update(code_batches).where(this).values(n_made=first + len(hashes)))
        if moved.rowcount != 1:
            return False
        new = (sqlite if store.is_sqlite else postgresql).insert(codes)
        connection.execute(new.on_conflict_do_nothing(), rows)
    return True


def close_batch(store: Store, conversation: Conversation, batch: int) -> None:
    """Let a batch's codes not be read again: done when the letters are in the post."""
    this = (code_batches.c.number == batch) & (code_batches.c.conversation == conversation.number)
    with store.writing() as connection:
        if connection.execute(update(code_batches).where(this).values(is_closed=True)).rowcount != 1:
            raise NotFoundError(f"no batch {batch} of codes")


def redeem(store: Store, conversation: Conversation, code_hash: bytes) -> bool | None:
    """Return whether a code was redeemed now; None when there is no such code, false when it was before."""
    this = (codes.c.conversation == conversation.number) & (codes.c.code_hash == code_hash)
    with store.writing() as connection:
        free = update(codes).where(this, codes.c.redeemed_at.is_(None)).values(redeemed_at=now_seconds())
        if connection.execute(free).rowcount == 1:
            return True
        known = connection.execute(select(codes.c.batch).where(this)).first()
    return None if known is None else False


def _batch(row: Any, n_redeemed: int) -> CodeBatch:
    return CodeBatch(
        number=row["number"],
        label=row["label"],
        n_codes=row["n_codes"],
        n_made=row["n_made"],
        n_redeemed=n_redeemed,
        is_closed=row["is_closed"],
        created_at=as_time(row["created_at"]),
    )
