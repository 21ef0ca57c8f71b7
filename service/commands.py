"""The commands for operators that look after tenants and keys: `poldermodel tenant` and `poldermodel key`."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from service.store.database import Store
    from service.store.platform_records import ApiKey, SigningKey

SCOPES = click.Choice(["vote", "statement:write", "moderate", "export", "admin"])

_TENANT = re.compile(r"[a-z0-9][a-z0-9-]{0,62}", re.ASCII)
_tenant_option = click.option("--tenant", default="default", show_default=True, help="Whose keys.")
_json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


@click.group()
def tenant() -> None:
    """Organisations that share this service and never see each other."""


@tenant.command(name="add")
@click.argument("tenant_id", metavar="ID")
@click.option("--name", default="", help="What people call it.")
@_json_option
def add_tenant(tenant_id: str, name: str, as_json: bool) -> None:
    """Add a tenant; ID has small letters, digits and hyphens, such as `utrecht`."""
    from service.store import tenants

    if not _TENANT.fullmatch(tenant_id):
        raise click.BadParameter("expected 1 to 63 small letters, digits and hyphens", param_hint="ID")
    with prepared_store() as (store, _):
        made = tenants.add(store, tenant_id, name=name)
    _tell({"tenant": made.id, "name": made.name}, made.id, as_json=as_json)


@tenant.command(name="list")
@_json_option
def list_tenants(as_json: bool) -> None:
    """List the tenants."""
    from service.store import tenants

    with prepared_store() as (store, _):
        found = tenants.list_all(store)
    told = [{"tenant": one.id, "name": one.name, "created_at": one.created_at.isoformat()} for one in found]
    _tell(told, "\n".join(f"{one.id}  {one.name}".rstrip() for one in found), as_json=as_json)


@click.group()
def key() -> None:
    """Keys that platforms call the API with, and keys they sign participants' identities with."""


@key.command(name="add")
@_tenant_option
@click.option("--name", required=True, help="What it is for; two keys of a name may be live, for rotation.")
@click.option("--scope", "scopes", type=SCOPES, multiple=True, required=True, help="May be given repeatedly.")
@click.option("--test", "is_test", is_flag=True, help="A test key: reaches test conversations, and only those.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), help="Last day (UTC); by default none.")
@_json_option
def add_key(
    tenant: str, name: str, scopes: Sequence[str], is_test: bool, expires: datetime | None, as_json: bool
) -> None:
    """Make a key and print it, once; with it a secret to sign identities with (HS256)."""
    from service.identity.derived import signing_secret
    from service.identity.keys import fresh_key
    from service.store import keys
    from service.store.platform_records import NewApiKey

    fresh = fresh_key(is_test=is_test)
    new = NewApiKey(
        id=fresh.id,
        tenant=tenant,
        name=name,
        key_hash=fresh.key_hash,
        scopes=frozenset(scopes),
        is_test=is_test,
        expires_at=None if expires is None else expires.replace(hour=23, minute=59, second=59, tzinfo=UTC),
    )
    with prepared_store() as (store, _):
        keys.add(store, new)
        secret = signing_secret(store.secret, fresh.id)
    told = {"id": fresh.id, "key": fresh.text, "signing_secret": secret, "tenant": tenant, "name": name}
    lines = [
        f"key:            {fresh.text}",
        f"key id (kid):   {fresh.id}",
        f"signing secret: {secret}",
        "The key is shown this once; keep it where your platform keeps its secrets.",
    ]
    _tell(told, "\n".join(lines), as_json=as_json)


@key.command(name="register")
@_tenant_option
@click.option("--name", required=True, help="What it is for.")
@click.option("--test", "is_test", is_flag=True, help="For test conversations, and only those.")
@click.argument("public_key", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_json_option
def register_key(tenant: str, name: str, is_test: bool, public_key: Path, as_json: bool) -> None:
    """Register PUBLIC_KEY (Ed25519, PEM), so that your platform can sign identities by EdDSA."""
    from service.identity.public_keys import PublicKeyError, read_public_key
    from service.store import keys
    from service.store.platform_records import NewSigningKey

    try:
        key_id, pem = read_public_key(public_key.read_bytes())
    except PublicKeyError as error:
        raise click.BadParameter(str(error), param_hint="PUBLIC_KEY") from None
    with prepared_store() as (store, _):
        keys.register(store, NewSigningKey(key_id, tenant, name, pem, is_test))
    _tell({"id": key_id, "tenant": tenant, "name": name}, f"key id (kid): {key_id}", as_json=as_json)


@key.command(name="list")
@_tenant_option
@_json_option
def list_keys(tenant: str, as_json: bool) -> None:
    """List a tenant's keys, ended ones too; a key itself can't be shown again."""
    from service.store import keys

    with prepared_store() as (store, _):
        found = [*map(_bearer, keys.list_all(store, tenant)), *map(_signing, keys.list_signing(store, tenant))]
    _tell(found, "\n".join(_line(one) for one in found), as_json=as_json)


@key.command(name="revoke")
@_tenant_option
@click.argument("key_id", metavar="ID")
def revoke_key(tenant: str, key_id: str) -> None:
    """End a key of either kind, now."""
    from service.store import keys

    with prepared_store() as (store, _):
        keys.revoke(store, tenant, key_id)


def _bearer(found: "ApiKey") -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "id": found.id,
        "kind": "bearer",
        "name": found.name,
        "scopes": sorted(found.scopes),
        "is_test": found.is_test,
        "is_live": found.is_live(now),
        "created_at": found.created_at.isoformat(),
        "expires_at": None if found.expires_at is None else found.expires_at.isoformat(),
        "last_used_at": None if found.last_used_at is None else found.last_used_at.isoformat(),
    }


def _signing(found: "SigningKey") -> dict[str, Any]:
    return {
        "id": found.id,
        "kind": "public",
        "name": found.name,
        "scopes": [],
        "is_test": found.is_test,
        "is_live": found.revoked_at is None,
        "created_at": found.created_at.isoformat(),
        "expires_at": None,
        "last_used_at": None,
    }


def _line(told: dict[str, Any]) -> str:
    state = "live" if told["is_live"] else "ended"
    used = f"used {told['last_used_at'][:10]}" if told["last_used_at"] else "never used"
    mode = "test" if told["is_test"] else "real"
    scopes = ",".join(told["scopes"]) or "-"
    return "  ".join([told["id"], told["kind"], mode, state, used, scopes, told["name"]])


def _tell(document: Any, text: str, *, as_json: bool) -> None:
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else text)


@contextmanager
def prepared_store() -> "Iterator[tuple[Store, Any]]":
    """Yield the store, its tables made, with the settings."""
    from service.embedded.data_folder import prepared
    from service.settings import Settings
    from service.store.agreed_secret import agree_on_secret
    from service.store.database import open_store
    from service.store.migrating import migrate

    settings = prepared(Settings())
    migrate(settings.database_url)
    store = open_store(settings.database_url, secret=settings.secret.get_secret_value().encode())
    try:
        agree_on_secret(store)
        yield store, settings
    finally:
        store.close()
