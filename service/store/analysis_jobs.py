"""Analyses that were asked for alone: keep what they are made of, take one, say what came of it, forget it.

Web and worker may stand on different machines, so what an analysis is made of goes through the store, in
pieces: no transaction holds others up for long, and nobody holds all of it in memory.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from time import time
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, case, delete, func, insert, select, update

from service.store.analysis_records import ENDED, AnalysisJob, AnalysisKind, AnalysisState, NewAnalysis
from service.store.clock import as_time
from service.store.database import Store
from service.store.errors import NotFoundError
from service.store.platform_tables import analysis_jobs, analysis_pieces

KEPT_SECONDS = 3600.0
"""How long an analysis is kept after it ended, and how long it may wait or run at all."""

MOST_AT_ONCE = 20
"""Most analyses of one tenant that haven't ended; what they are made of stands in the store meanwhile."""

RING_AGAIN_SECONDS = 5.0
"""From this age on the sweep asks again for an analysis that nobody has begun."""

IMPORT_SECONDS = 600.0
"""How long an import may take; five million votes take about a minute."""

_IMPORTS = (AnalysisKind.IMPORT.value, AnalysisKind.IMPORT_CHECK.value)

GRACE_SECONDS = 30.0
"""How long after its time limit an analysis counts as killed."""

_SMALL = [column for column in analysis_jobs.c if column.name != "document"]


def add(store: Store, new: NewAnalysis, pieces: Iterable[bytes] = ()) -> AnalysisJob | None:
    """Keep an analysis to be made and what it is made of, each piece in a transaction of its own.

    Returns
    -------
    AnalysisJob or None
        None when the tenant has as many under way as it may have.
    """
    row = {
        "id": secrets.token_hex(16),
        "tenant": new.tenant,
        "conversation": new.conversation_number,
        "kind": new.kind.value,
        "is_test": new.is_test,
        "state": AnalysisState.ARRIVING.value,
        "request": dict(new.request),
        "errors": [],
        "made_at": time(),
    }
    is_open = (analysis_jobs.c.tenant == new.tenant) & analysis_jobs.c.state.not_in(_ended())
    with store.writing() as connection:
        n_open = connection.execute(select(func.count()).select_from(analysis_jobs).where(is_open)).scalar_one()
        if n_open >= MOST_AT_ONCE:
            return None
        number = connection.execute(
            insert(analysis_jobs).values(row).returning(analysis_jobs.c.number)
        ).scalar()
    assert number is not None  # noqa: S101 - what was inserted has a number.
    for place, piece in enumerate(pieces):
        with store.writing() as connection:
            connection.execute(insert(analysis_pieces).values({"job": number, "number": place, "data": piece}))
    with store.writing() as connection:
        connection.execute(update(analysis_jobs).where(_this(number)).values(state=AnalysisState.WAITING.value))
    return read(store, number)


def find(
    store: Store,
    tenant: str,
    job_id: str,
    *,
    kind: AnalysisKind,
    is_test: bool | None,
    conversation_number: int | None = None,
) -> AnalysisJob:
    """Return an analysis of a tenant.

    Raises
    ------
    NotFoundError
        When there is none of that kind, in that conversation; another tenant's is answered alike.
    """
    here = (analysis_jobs.c.id == job_id) & (analysis_jobs.c.tenant == tenant)
    here &= analysis_jobs.c.kind == kind.value
    here &= analysis_jobs.c.conversation.is_not_distinct_from(conversation_number)
    if is_test is not None:
        here &= analysis_jobs.c.is_test == is_test
    with store.reading() as connection:
        row = connection.execute(select(analysis_jobs).where(here)).mappings().first()
    if row is None:
        raise NotFoundError("no such analysis")
    return _job(row)


def read(store: Store, number: int) -> AnalysisJob | None:
    """Return an analysis without what was made, or None when it was taken back."""
    with store.reading() as connection:
        row = connection.execute(select(*_SMALL).where(_this(number))).mappings().first()
    return None if row is None else _job(row)


def take(store: Store, number: int) -> AnalysisJob | None:
    """Begin an analysis; of many who try one gets it, and nobody one that was taken back."""
    begun = (
        update(analysis_jobs)
        .where(_this(number), analysis_jobs.c.state == AnalysisState.WAITING.value)
        .values(state=AnalysisState.RUNNING.value, begun_at=time())
        .returning(*_SMALL)
    )
    with store.writing() as connection:
        row = connection.execute(begun).mappings().first()
    return None if row is None else _job(row)


def pieces_of(store: Store, number: int) -> Iterator[bytes]:
    """Yield what an analysis is made of, piece by piece."""
    place = 0
    while True:
        wanted = (analysis_pieces.c.job == number) & (analysis_pieces.c.number == place)
        with store.reading() as connection:
            piece = connection.execute(select(analysis_pieces.c.data).where(wanted)).scalar()
        if piece is None:
            return
        yield bytes(piece)
        place += 1


def tell_step(store: Store, number: int, step: str) -> None:
    """Say what is being done now for an analysis that runs."""
    with store.writing() as connection:
        connection.execute(update(analysis_jobs).where(_this(number)).values(step=step))


def finish(
    store: Store,
    number: int,
    state: AnalysisState,
    *,
    document: bytes | None = None,
    error: str | None = None,
    errors: Sequence[Mapping[str, str]] = (),
    keeps_pieces: bool = False,
) -> None:
    """Say what came of an analysis that runs, and let go what it was made of, unless that is needed again."""
    told: dict[str, Any] = {"state": state.value, "document": document, "error": error, "errors": list(errors)}
    is_running = _this(number) & (analysis_jobs.c.state == AnalysisState.RUNNING.value)
    with store.writing() as connection:
        connection.execute(update(analysis_jobs).where(is_running).values(told | {"finished_at": time()}))
        if not keeps_pieces:
            connection.execute(delete(analysis_pieces).where(analysis_pieces.c.job == number))


def remove(store: Store, number: int) -> None:
    """Forget an analysis, begun or not: whoever makes it stops within a second or two."""
    with store.writing() as connection:
        connection.execute(delete(analysis_jobs).where(_this(number)))
        connection.execute(delete(analysis_pieces).where(analysis_pieces.c.job == number))


def list_latest(store: Store, tenant: str, kind: AnalysisKind, *, limit: int) -> list[AnalysisJob]:
    """Return a tenant's analyses of a kind, the newest first."""
    query = (
        select(analysis_jobs).where(_ours(tenant, kind)).order_by(analysis_jobs.c.number.desc()).limit(limit)
    )
    with store.reading() as connection:
        return [_job(row) for row in connection.execute(query).mappings()]


def remove_but_latest(store: Store, tenant: str, kind: AnalysisKind, *, n_kept: int) -> None:
    """Forget all but a tenant's latest analyses of a kind, with what they were made of."""
    with store.writing() as connection:
        numbers = (
            select(analysis_jobs.c.number).where(_ours(tenant, kind)).order_by(analysis_jobs.c.number.desc())
        )
        old = list(connection.execute(numbers.offset(n_kept)).scalars())
        if old:
            connection.execute(delete(analysis_pieces).where(analysis_pieces.c.job.in_(old)))
            connection.execute(delete(analysis_jobs).where(analysis_jobs.c.number.in_(old)))


def forget_old(store: Store, *, now: float, limit_seconds: float) -> None:
    """Delete what is past its time, and say of those whose maker was killed that they failed.

    Parameters
    ----------
    now
        In seconds since 1970.
    limit_seconds
        How long an analysis may take.
    """
    since = func.coalesce(analysis_jobs.c.finished_at, analysis_jobs.c.begun_at, analysis_jobs.c.made_at)
    is_old = since < now - max(KEPT_SECONDS, 2 * limit_seconds)
    limit = case(
        (analysis_jobs.c.kind.in_(_IMPORTS), max(limit_seconds, IMPORT_SECONDS)), else_=float(limit_seconds)
    )
    is_killed = (analysis_jobs.c.state == AnalysisState.RUNNING.value) & (
        analysis_jobs.c.begun_at < now - GRACE_SECONDS - limit
    )
    old_or_killed = select(analysis_jobs.c.number).where(is_old | is_killed)
    # Most looks find nothing, and a look is no reason to write.
    with store.reading() as connection:
        if connection.execute(old_or_killed.limit(1)).first() is None:
            return
    with store.writing() as connection:
        connection.execute(delete(analysis_pieces).where(analysis_pieces.c.job.in_(old_or_killed)))
        connection.execute(delete(analysis_jobs).where(is_old))
        connection.execute(
            update(analysis_jobs)
            .where(is_killed)
            .values(state=AnalysisState.FAILED.value, error=TOO_MUCH, finished_at=now)
        )


TOO_MUCH = "it took too long, or more memory than there is; send fewer votes, or leave certainty out"


def waiting(store: Store, *, now: float) -> list[int]:
    """Return the numbers of analyses that nobody has begun for a while, oldest first."""
    is_late = (analysis_jobs.c.state == AnalysisState.WAITING.value) & (
        analysis_jobs.c.made_at < now - RING_AGAIN_SECONDS
    )
    with store.reading() as connection:
        query = select(analysis_jobs.c.number).where(is_late).order_by(analysis_jobs.c.number)
        return list(connection.execute(query).scalars())


def _this(number: int) -> ColumnElement[bool]:
    return analysis_jobs.c.number == number


def _ours(tenant: str, kind: AnalysisKind) -> ColumnElement[bool]:
    return (analysis_jobs.c.tenant == tenant) & (analysis_jobs.c.kind == kind.value)


def _ended() -> list[str]:
    return sorted(state.value for state in ENDED)


def _job(row: RowMapping) -> AnalysisJob:
    document = row.get("document")
    return AnalysisJob(
        number=row["number"],
        id=row["id"],
        tenant=row["tenant"],
        conversation_number=row["conversation"],
        kind=AnalysisKind(row["kind"]),
        is_test=row["is_test"],
        state=AnalysisState(row["state"]),
        request=row["request"],
        error=row["error"],
        errors=row["errors"],
        made_at=as_time(row["made_at"]),
        begun_at=None if row["begun_at"] is None else as_time(row["begun_at"]),
        finished_at=None if row["finished_at"] is None else as_time(row["finished_at"]),
        document=None if document is None else bytes(document),
        step=row["step"],
    )
