"""The commands that let people in at the facilitator's desk: `poldermodel desk`."""

import json
from typing import TYPE_CHECKING, Any

import click

from service.commands import prepared_store

if TYPE_CHECKING:
    from service.settings import Settings
    from service.store.database import Store

ROLES = click.Choice(["owner", "moderator", "viewer"])
_tenant_option = click.option("--tenant", default="default", show_default=True, help="Whose desk.")
_json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.group()
def desk() -> None:
    """People who prepare, moderate and follow conversations."""


@desk.command(name="invite")
@click.argument("email")
@click.option("--role", type=ROLES, default="owner", show_default=True, help="What they may do.")
@_tenant_option
@_json_option
def invite(email: str, role: str, tenant: str, as_json: bool) -> None:
    """Print a link by which EMAIL comes in once; also for a new password or another role."""
    with prepared_store() as (store, settings):
        try:
            link = invitation_link(store, desk_address(settings), email=email, role=role, tenant=tenant)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="EMAIL") from None
    told = {"email": email, "role": role, "tenant": tenant, "link": link}
    click.echo(json.dumps(told) if as_json else link)


@desk.command(name="list")
@_tenant_option
@_json_option
def list_people(tenant: str, as_json: bool) -> None:
    """List a tenant's people, and who is invited."""
    from service.store import desk_people

    with prepared_store() as (store, _):
        people, invited = desk_people.list_all(store, tenant), desk_people.invitations(store, tenant)
    told: list[dict[str, Any]] = [
        {"email": one.email, "role": one.role, "state": "live" if one.is_live else "ended"} for one in people
    ]
    told += [{"email": one.email, "role": one.role, "state": "invited"} for one in invited]
    lines = "\n".join(f"{one['email']}  {one['role']}  {one['state']}" for one in told)
    click.echo(json.dumps(told) if as_json else lines)


@desk.command(name="end")
@click.argument("email")
@_tenant_option
def end(email: str, tenant: str) -> None:
    """Let EMAIL in no longer, from now on."""
    from service.store import desk_people

    with prepared_store() as (store, _):
        desk_people.end(store, tenant, email.strip().lower())


def desk_address(settings: "Settings") -> str:
    """Return where the desk is: at the public address, where the service runs now, or where it would."""
    from service.embedded.data_folder import served_address

    public = settings.public_url.rstrip("/")
    here = public or served_address(settings.data_folder) or f"http://{settings.host}:{settings.port}"
    return f"{here}/desk"


def invitation_link(
    store: "Store", address: str, *, email: str, role: str = "owner", tenant: str = "default"
) -> str:
    """Return a link that lets somebody in once; its code stands behind the `#`, which browsers send nowhere."""
    from service.actions.invite_person import invite_person
    from service.store.desk_records import Role

    made_by = "poldermodel desk invite"
    code = invite_person(store, tenant=tenant, email=email, role=Role(role), made_by=made_by)
    return f"{address}/invitation#{code}"
