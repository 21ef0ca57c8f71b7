"""The commands that bring conversations in and take them out: `poldermodel import` and `poldermodel export`."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.commands import prepared_store

if TYPE_CHECKING:
    from clustering.exchange import Export
    from service.actions.import_conversation import Choices
    from service.map_requests import MapRequests
    from service.store.database import Store

FORMS = click.Choice(["zip", "polis", "matrix", "parquet"])

_tenant_option = click.option("--tenant", default="default", show_default=True, help="Whose conversation.")
_json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.command(name="import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--id", "conversation_id", help="Id of the new conversation; by default a random one, or the zip's own."
)
@click.option("--language", help="Language of a Polis export, which doesn't say (BCP 47, such as nl).")
@click.option(
    "--test/--live", "is_test", default=None, help="A test conversation, or not; by default as it was."
)
@click.option("--question", help="Question of a Polis export that doesn't say it, or another wording.")
@click.option("--hold-unmoderated", is_flag=True, help="Let statements wait that nobody decided on in Polis.")
@click.option(
    "--closed", "is_closed", is_flag=True, help="A Polis export becomes a conversation without votes."
)
@click.option("--dry-run", is_flag=True, help="Say what would be imported, and keep nothing.")
@click.option("--steps", "in_lines", is_flag=True, help="Say each step in a line of its own, for programs.")
@_tenant_option
@_json_option
def import_(
    path: Path,
    conversation_id: str | None,
    is_test: bool | None,
    tenant: str,
    in_lines: bool,
    dry_run: bool,
    as_json: bool,
    **of_polis: Any,
) -> None:
    """Import a Polis export (folder or zip), or a zip of ours, as a new conversation, all or nothing."""
    from service.exports.archive_reading import is_archive

    with steps(in_lines=in_lines) as step:
        step("Reading the export")
        if is_archive(path):
            if any(of_polis.values()):
                raise click.UsageError(
                    "--language, --question, --hold-unmoderated and --closed are for Polis exports;"
                    " a zip of ours says its own"
                )
            found, said = _restored(path, conversation_id, tenant, is_test, step=step, dry_run=dry_run)
        else:
            export, choices = _read(path, **of_polis)
            wanted = conversation_id, tenant, of_polis["language"], bool(is_test)
            found, said = _tried(export, choices) if dry_run else _imported(export, choices, *wanted, step=step)
    click.echo(json.dumps(found) if as_json else said)


@click.command()
@click.argument("conversation_id", metavar="CONVERSATION")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Zip to write.")
@click.option(
    "--format", "form", type=FORMS, default="zip", show_default=True,
    help="zip: to be imported again; polis: Polis's five tables; matrix: pseudonymous ballots for open data;"
    " parquet: typed tables for data frames.",
)  # fmt: skip
@_tenant_option
@_json_option
def export(conversation_id: str, out: Path, form: str, tenant: str, as_json: bool) -> None:
    """Export CONVERSATION as a zip, as it is at this moment; replaces a file that is there."""
    from service.actions.export_conversation import ExportForm, export_conversation
    from service.store import conversations

    with prepared_store() as (store, _):
        conversation = conversations.find(store, tenant, conversation_id)
        with _votes_written() as progress:
            pieces = export_conversation(store, conversation, ExportForm(form), progress=progress)
            n_bytes = _write(out, pieces)
    found = {"conversation": conversation.id, "format": form, "path": str(out), "n_bytes": n_bytes}
    click.echo(json.dumps(found) if as_json else f"{conversation.id}: {n_bytes:,} bytes in {out}")


STEP = "step: "
"""What a line begins with that names a step, by the first word of what people read of it."""


@contextmanager
def steps(*, in_lines: bool = False) -> Iterator[Callable[[str], None]]:
    """Yield what is told of each step of long work; where nobody watches it says nothing.

    Parameters
    ----------
    in_lines
        Whether another program watches: then each step is a line on standard error.
    """
    if in_lines:
        yield lambda text: click.echo(f"{STEP}{text.split()[0].lower()}", err=True)
        return
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield status.update


def _read(
    path: Path, *, question: str | None, hold_unmoderated: bool, is_closed: bool, **_: Any
) -> "tuple[Export, Choices]":
    """Read somebody else's export, and what was decided about it."""
    from clustering.exchange import read_polis_export
    from service.actions.import_conversation import Choices

    read = read_polis_export(path)
    if question:
        read = replace(read, question=question)
    return read, Choices(waiting=read.unmoderated if hold_unmoderated else (), is_open=not is_closed)


def _tried(export: "Export", choices: "Choices") -> tuple[dict[str, Any], str]:
    from service.dry_runs import polis_dry_run

    found = polis_dry_run(export, n_waiting=len(choices.waiting))
    return found, _would_be(found)


def _imported(
    read: "Export",
    choices: "Choices",
    conversation_id: str | None,
    tenant: str,
    language: str | None,
    is_test: bool,
    *,
    step: Callable[[str], None],
) -> tuple[dict[str, Any], str]:
    """Import somebody else's export."""
    from service.actions.import_conversation import import_conversation
    from service.store.records import UNKNOWN_LANGUAGE

    step("Keeping its votes")
    with _store_and_queue() as (store, map_requests):
        made = import_conversation(
            store,
            map_requests,
            read,
            tenant=tenant,
            language=language or UNKNOWN_LANGUAGE,
            conversation_id=conversation_id,
            is_test=is_test,
            elsewhere=read,
            choices=choices,
        )
    found = {"conversation": made.id, "n_statements": len(read.statements), "n_votes": read.n_votes}
    return found, _told(found)


def _restored(
    path: Path,
    conversation_id: str | None,
    tenant: str,
    is_test: bool | None,
    *,
    step: Callable[[str], None],
    dry_run: bool,
) -> tuple[dict[str, Any], str]:
    """Import an export of ours, or say what would come of it."""
    from service.actions.restore_conversation import restore_conversation
    from service.dry_runs import own_dry_run

    with _store_and_queue() as (store, map_requests):
        if dry_run:
            tried = own_dry_run(store, path, tenant=tenant, conversation_id=conversation_id)
            return tried, _would_be(tried)
        step("Keeping its votes")
        made = restore_conversation(
            store, map_requests, path, tenant=tenant, conversation_id=conversation_id, is_test=is_test
        )
    found = {
        "conversation": made.conversation.id,
        "n_statements": made.n_statements,
        "n_votes": made.n_votes,
        "keeps_participants": made.keeps_participants,
    }
    strangers = "" if made.keeps_participants else "; participants won't find their earlier votes here"
    return found, f"{_told(found)}{strangers}"


def _would_be(found: dict[str, Any]) -> str:
    people, texts = found["n_participants"], found["n_statements"]
    told = f"{found['n_votes']} votes of {people} participants on {texts} statements"
    lines = [f"would become: {told}", *(f"  {one['what']}: {one['why']}" for one in found["differences"])]
    return "\n".join(lines)


def _told(found: dict[str, Any]) -> str:
    return f"{found['conversation']}: {found['n_votes']} votes on {found['n_statements']} statements"


@contextmanager
def _store_and_queue() -> "Iterator[tuple[Store, MapRequests]]":
    from service.map_requests import MapRequests

    with prepared_store() as (store, settings):
        yield store, MapRequests(settings.redis_url)


def _write(out: Path, pieces: Iterable[bytes]) -> int:
    """Write a file, readable by its owner only, whole or not at all; return its size."""
    with tempfile.NamedTemporaryFile(dir=out.parent, prefix=".export-", delete=False) as file:
        aside = Path(file.name)
        try:
            for piece in pieces:
                file.write(piece)
            n_bytes = file.tell()
            file.close()
            aside.replace(out)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
    return n_bytes


@contextmanager
def _votes_written() -> Iterator[Callable[[int, int], None]]:
    """Yield what is told how many of how many votes are written; where nobody watches it says nothing."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task("Writing votes", total=None)
        yield lambda done, of: bars.update(bar, completed=done, total=of)
