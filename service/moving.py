"""The command that brings a conversation from Polis: `poldermodel import-polis`."""

import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.commands import prepared_store
from service.exchanging import steps

if TYPE_CHECKING:
    from clustering.exchange import Export
    from service.store.records import Conversation

_ID = re.compile(r"[0-9a-z]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Brought:
    """What is to become a conversation here: read, and decided on.

    Attributes
    ----------
    about
        The conversation as the API told it; empty for an export.
    id, report
        The ids it had, as far as they are known and can be kept.
    missing
        What could not be read.
    """

    export: "Export"
    about: dict[str, Any]
    id: str | None
    report: str | None
    language: str | None
    missing: tuple[str, ...]


@click.command(name="import-polis")
@click.argument("source")
@click.option("--conversation", help="Id of the conversation, where SOURCE is the address of a service.")
@click.option(
    "--id", "conversation_id", help="Id here; by default the one it had, so that links go on working."
)
@click.option("--language", help="Its language (BCP 47); by default that of most of its statements.")
@click.option(
    "--token-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with a bearer token of the source, or with the password of --email.",
)  # fmt: skip
@click.option("--email", help="Log in at the source with this address and the password in --token-file.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path),
    help="Where what is fetched is put, and kept; by default in the data folder, until the import is done.",
)  # fmt: skip
@click.option("--keep-xids", is_flag=True, help="Keep external ids so that they can be read back.")
@click.option("--hold-unmoderated", is_flag=True, help="Let statements wait that nobody decided on there.")
@click.option("--test/--live", "is_test", default=False, help="A test conversation, or not (the default).")
@click.option("--dry-run", is_flag=True, help="Say what would be imported, and change nothing here.")
@click.option("--tenant", default="default", show_default=True, help="Whose conversation.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def import_polis(source: str, as_json: bool, **options: Any) -> None:
    """Bring a conversation from Polis: SOURCE is an export (folder or zip) or the address of a running one.

    An address is that of a conversation (https://pol.is/2demo), of a report (https://pol.is/report/r…) or of a
    service. An interrupted import goes on where it was when it is started again.
    """
    told = _run(source, **options)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo("\n".join(_lines(told)))


def _run(
    source: str,
    *,
    conversation: str | None,
    folder: Path | None,
    token_file: Path | None,
    email: str | None,
    **options: Any,
) -> dict[str, Any]:
    if email is not None and token_file is None:
        raise click.UsageError("--email needs --token-file with the password")
    with steps() as step:
        if not re.match(r"https?://", source):
            return _decide(_of_export(Path(source), step), step=step, **options)
        with _fetching_folder(source, conversation, folder) as place:
            secret = None if token_file is None else token_file.read_text(encoding="utf-8").strip()
            brought = _of_source(source, conversation, place, email=email, secret=secret, step=step)
            return _decide(brought, step=step, **options)


def _of_export(path: Path, step: Callable[[str], None]) -> Brought:
    from clustering.exchange import read_polis_export

    step("Reading the export")
    read = read_polis_export(path)
    return Brought(read, {}, _usable(read.address.rstrip("/").rpartition("/")[2]), None, None, ())


def _of_source(
    source: str,
    conversation: str | None,
    folder: Path,
    *,
    email: str | None,
    secret: str | None,
    step: Callable[[str], None],
) -> Brought:
    """Fetch what isn't in the folder yet, and read it."""
    from dataclasses import replace

    from clustering.exchange import read_polis_export
    from service.polis_api.fetching import fetch
    from service.polis_api.source import PolisSource, source_address

    address = source_address(source)
    if conversation is not None:
        address = replace(address, conversation=conversation)
    asked = PolisSource(address.base, token=secret if email is None else None)
    if email is not None:
        asked.log_in(email, secret or "")
    fetched = fetch(asked, address, folder, step=step)
    step("Reading what was fetched")
    about = json.loads((folder / "conversation.json").read_bytes())
    listed = json.loads((folder / "comments.json").read_bytes())
    return Brought(
        read_polis_export(folder), about, _usable(fetched.conversation), fetched.report, _language(listed),
        fetched.missing,
    )  # fmt: skip


def _decide(
    brought: Brought,
    *,
    conversation_id: str | None,
    language: str | None,
    keep_xids: bool,
    hold_unmoderated: bool,
    is_test: bool,
    dry_run: bool,
    tenant: str,
    step: Callable[[str], None],
) -> dict[str, Any]:
    """Import unless it is only tried; return what is told of it."""
    from service.actions.import_conversation import Choices
    from service.polis_api.differing import differences
    from service.polis_api.said_settings import said_settings

    write_type = brought.about.get("write_type")
    is_strict = bool(brought.about.get("strict_moderation"))
    waiting = brought.export.unmoderated if hold_unmoderated or is_strict else frozenset()
    choices = Choices(
        waiting=waiting,
        keeps_xids=keep_xids,
        settings=said_settings(
            {},
            is_strict=brought.about.get("strict_moderation"),
            takes_statements=None if write_type is None else bool(write_type),
            polis={"keep_xids": keep_xids or None},
        ),
        is_open=bool(brought.about.get("is_active", True)),
    )
    told = _counted(brought, n_waiting=len(waiting)) | {
        "conversation": conversation_id or brought.id,
        "report": brought.report,
        "is_dry_run": dry_run,
        "differences": [
            one.told()
            for one in differences(
                brought.export,
                waiting=len(waiting),
                missing=brought.missing,
                n_said=brought.about.get("participant_count"),
            )
        ],
    }
    if dry_run:
        return told
    step("Importing")
    made, report = _kept(
        brought,
        choices,
        conversation_id or brought.id,
        language or brought.language,
        tenant=tenant,
        is_test=is_test,
    )
    return told | {"conversation": made.id, "report": report}


def _kept(
    brought: Brought, choices: Any, wanted: str | None, language: str | None, *, tenant: str, is_test: bool
) -> "tuple[Conversation, str]":
    from service.actions.import_conversation import import_conversation
    from service.map_requests import MapRequests
    from service.store import reports
    from service.store.errors import AlreadyExistsError
    from service.store.records import UNKNOWN_LANGUAGE

    with prepared_store() as (store, settings):
        made = import_conversation(
            store,
            MapRequests(settings.redis_url),
            brought.export,
            tenant=tenant,
            language=language or UNKNOWN_LANGUAGE,
            conversation_id=wanted,
            is_test=is_test,
            elsewhere=brought.export,
            choices=choices,
        )
        try:
            report = reports.create(store, made, report_id=brought.report)
        except AlreadyExistsError:
            report = reports.create(store, made)
    return made, report.id


def _counted(brought: Brought, *, n_waiting: int) -> dict[str, Any]:
    export = brought.export
    n_hidden = sum(one.is_moderated_out for one in export.statements)
    return {
        "question": export.question,
        "n_statements": len(export.statements),
        "n_hidden": n_hidden,
        "n_waiting": n_waiting,
        "n_meta": sum(one.is_meta for one in export.statements),
        "n_participants": len(export.participants),
        "n_votes": export.n_votes,
        "n_votes_changed": export.n_votes_changed,
        "n_xids": sum(xid is not None for xid in export.xids),
    }


def _lines(told: dict[str, Any]) -> list[str]:
    """Return what is told, for people."""
    name = told["conversation"] or "(a new id)"
    head = "would become" if told["is_dry_run"] else "is"
    lines = [
        f"{told['question'] or 'The conversation'}: {head} {name}",
        f"  {told['n_votes']:,} votes of {told['n_participants']:,} participants on"
        f" {told['n_statements']:,} statements ({told['n_hidden']} hidden, {told['n_waiting']} waiting,"
        f" {told['n_meta']} meta)",
    ]
    if told["n_xids"]:
        lines.append(f"  {told['n_xids']:,} external ids")
    if told["report"]:
        lines.append(f"  report {told['report']}")
    lines += [
        f"  {one['what']}: {one['there']} there, {one['here']} here; {one['why']}"
        for one in told["differences"]
    ]
    return lines


def _usable(conversation_id: str | None) -> str | None:
    """Return an id if one of ours may read so."""
    return conversation_id if conversation_id is not None and _ID.fullmatch(conversation_id) else None


def _language(listed: list[dict[str, Any]]) -> str | None:
    """Return the language of most statements, where they say."""
    known = Counter(one["lang"] for one in listed if isinstance(one.get("lang"), str) and one["lang"])
    most = known.most_common(1)
    return most[0][0] if most and most[0][1] * 2 > len(listed) else None


@contextmanager
def _fetching_folder(source: str, conversation: str | None, folder: Path | None):
    """Yield where to put what is fetched; the default place is emptied once everything is done."""
    if folder is not None:
        yield folder
        return
    from service.embedded.data_folder import prepared
    from service.settings import Settings

    name = re.sub(r"[^0-9A-Za-z.-]+", "-", f"{source.split('://', 1)[1]} {conversation or ''}").strip("-")
    place = prepared(Settings()).data_folder / "polis-imports" / name[:150]
    if place.exists() and sys.stderr.isatty():
        click.echo(f"going on with what is in {place}", err=True)
    yield place
    shutil.rmtree(place, ignore_errors=True)
