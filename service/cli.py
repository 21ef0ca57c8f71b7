"""The `poldermodel` command. What a command needs is loaded when it runs: `--help` answers at once."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service import commands as operators
from service import desk_commands, exchanging, moving

if TYPE_CHECKING:
    from service.settings import Settings

WRONG_DATA = 2
"""Exit status when what was given can't be used; one line says why."""

DEMO_EMAIL = "demo@example.org"

METHODS = click.Choice(["classic", "ideal", "strict"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; whatever is wrong with what was given is one line and exit status 2."""
    with _one_line_errors():
        sys.exit(commands.main(args=arguments, prog_name="poldermodel", standalone_mode=False))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="poldermodel")
def commands() -> None:
    """Opinion groups from votes on short statements."""


@commands.command()
@click.option("--host", help="Address to listen on (default: POLDERMODEL_HOST, or 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
def serve(host: str | None, port: int | None) -> None:
    """Run everything: web server, worker, assessor, sweep and, unless REDIS_URL says where, a queue."""
    from service.embedded.data_folder import ADMIN_KEY_FILE
    from service.embedded.serving import serving

    settings = _settings(host=host, port=port)
    with serving(settings, may_move=port is None) as running:
        running.wait_until_it_answers()
        click.echo(running.address)
        if not settings.admin_key.get_secret_value():
            click.echo(f"administrator's key: {settings.data_folder / ADMIN_KEY_FILE}", err=True)
        desk = desk_commands.desk_address(running.settings)
        click.echo(f"facilitator's desk: {desk} ('poldermodel desk invite EMAIL' lets somebody in)", err=True)
        running.supervisor.run()


@commands.command()
@click.argument("export", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), help="Port; by default 8000, or a free one.")
def demo(export: Path | None, port: int | None) -> None:
    """Show the group map of EXPORT, or of a simulated conversation; nothing is kept."""
    from service.embedded.demonstration import demonstration

    with demonstration(_settings(port=port), export) as (page, running):
        if page:
            click.echo(page)
            with _store(running.settings) as store:
                link = desk_commands.invitation_link(store, f"{running.address}/desk", email=DEMO_EMAIL)
            click.echo(f"facilitator's desk, for {DEMO_EMAIL}: {link}", err=True)
        running.supervisor.run()


@commands.command()
@click.option("--listening", type=int, hidden=True, help="A socket that listens already.")
def web(listening: int | None) -> None:
    """Run the web server alone; the database's tables must be there (`migrate`)."""
    from service.embedded.data_folder import prepared
    from service.store.agreed_secret import agree_on_secret
    from service.store.database import is_migrated
    from service.web import WebServer

    settings = prepared(_settings())
    with _store(settings) as store:
        if is_migrated(store):
            agree_on_secret(store)
    WebServer(settings, file_descriptor=listening).run()


@commands.command()
def worker() -> None:
    """Redraw group maps as the queue at REDIS_URL asks."""
    _become("worker")


@commands.command()
def assessor() -> None:
    """Judge how sure group maps are as the queue at REDIS_URL asks."""
    _become("worker.assessor")


@commands.command()
def sweep() -> None:
    """Ask again for every group map that is behind its votes, and every assessment that is due."""
    _become("worker.sweep")


@commands.command()
def deliver() -> None:
    """Send webhooks' messages."""
    from service.embedded.data_folder import prepared
    from service.settings import environment_of

    settings = _settings()
    # Of the keys it needs the secret only, to sign with.
    known = settings if settings.secret.get_secret_value() else prepared(settings)
    _become("worker.deliveries", environment_of(known))


@commands.command()
def migrate() -> None:
    """Bring the database's tables up to date; doing so twice is harmless."""
    from service.store.migrating import migrate as migrate_database

    migrate_database(_settings().database_url)


@commands.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to."
)
@click.option("--method", type=METHODS, default="classic", show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option(
    "--groups", type=click.IntRange(1, 5), help="This many groups; by default the best number is looked for."
)
@click.option("--certainty", is_flag=True, help="Judge how sure the map is too: takes up to a minute.")
@click.option("--json", "as_json", is_flag=True, help="Print the group map's document.")
def analyse(
    path: Path, out: Path, method: str, seed: int, groups: int | None, certainty: bool, as_json: bool
) -> None:
    """Compute the group map of a Polis export (folder or zip) and write it as files; needs no store."""
    from clustering.settings import MapSettings
    from service.analysis import analyse as analyse_export

    settings = MapSettings.from_document({"method": method, "seed": seed, "n_groups": groups})
    with exchanging.steps() as step:
        document = analyse_export(path, out, settings=settings, certainty=certainty, step=step)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        click.echo(
            f"{document['outcome']}: {document['n_groups']} groups of {document['n_placed']} people; {out}"
        )


def _settings(**given: object) -> "Settings":
    """Return the settings, with what the command line says going before the environment."""
    from service.settings import Settings

    return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


@contextmanager
def _store(settings: "Settings") -> Iterator:
    """Yield the store, open."""
    from service.store.database import open_store

    store = open_store(settings.database_url, secret=settings.secret.get_secret_value().encode())
    try:
        yield store
    finally:
        store.close()


def _become(module: str, environment: dict[str, str] | None = None) -> None:
    """Let another module's program take this process's place: the service may not import the worker."""
    import os

    command = [sys.executable, "-m", module]
    os.execve(sys.executable, command, environment or dict(os.environ))  # noqa: S606 (no shell is wanted)


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Turn errors that the user can do something about into one line."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(f"poldermodel: {' '.join(error.format_message().split())}", err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except (OSError, RuntimeError, ValueError) as error:
        if not _lies_outside(error):
            raise
        click.echo(f"poldermodel: {_in_one_line(error)}", err=True)
        sys.exit(WRONG_DATA)


def _lies_outside(error: Exception) -> bool:
    """Return whether the cause lies with what was given, not with this program."""
    from pydantic import ValidationError

    from clustering.errors import ClusteringError
    from service.embedded.data_folder import MissingSecretError, UnusableKeyError
    from service.embedded.serving import StartError
    from service.store.errors import StoreError

    keys = (MissingSecretError, UnusableKeyError)
    known = (OSError, ClusteringError, StoreError, *keys, StartError, ValidationError)
    return isinstance(error, known)


def _in_one_line(error: Exception) -> str:
    """Return what is wrong, in one line; a setting is named, its value is not."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        return "; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors(include_input=False))
    return " ".join(str(error).split())


commands.add_command(operators.tenant)
commands.add_command(operators.key)
commands.add_command(desk_commands.desk)
commands.add_command(exchanging.import_)
commands.add_command(exchanging.export)
commands.add_command(moving.import_polis)

if __name__ == "__main__":
    main()
