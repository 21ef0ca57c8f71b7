"""The environment, read once into a frozen record: the only reader of environment variables."""

import os
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "POLDERMODEL_"
"""What the names of this service's environment variables start with."""


def _embedded_database(given: dict[str, Any]) -> str:
    """Return the address of the SQLite file in the data folder."""
    return f"sqlite:///{given['data_folder'] / 'poldermodel.sqlite3'}"


class Settings(BaseSettings):
    """What the service can be told from outside; `docs/settings.md` lists it for operators."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore", populate_by_name=True
    )

    data_folder: Annotated[Path, AfterValidator(Path.absolute)] = Field(
        default=Path("poldermodel-data"),
        validate_default=True,
        description="Folder of the embedded store and of generated keys; made when needed, for the owner only.",
    )
    database_url: str = Field(
        default_factory=_embedded_database,
        validation_alias=AliasChoices("POLDERMODEL_DATABASE_URL", "DATABASE_URL"),
        description="`sqlite:///FILE` or `postgresql://…`; by default SQLite in the data folder.",
    )
    redis_url: str = Field(
        default="",
        validation_alias=AliasChoices("POLDERMODEL_REDIS_URL", "REDIS_URL"),
        description="`redis://…`, `rediss://…` or `unix://…`; without it `serve` starts a server of its own.",
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        description="Secret that participants' ids are hashed with; never change it. "
        "By default made by `serve` and kept in the data folder.",
    )
    admin_key: SecretStr = Field(
        default=SecretStr(""),
        description="The administrator's bearer key. By default made by `serve` and kept in the data folder.",
    )
    audience: str = Field(
        default="poldermodel",
        min_length=1,
        max_length=200,
        description="What `aud` must be in identities that platforms sign for this service.",
    )
    contact_name: str = Field(
        default="The maintainers of Poldermodel",
        min_length=1,
        max_length=200,
        description="Whom platforms turn to with questions about this service; told in `/v1/openapi.json`.",
    )
    contact_url: str = Field(
        default="https://example.org/poldermodel",
        pattern="^https?://[!-~]+$",
        description="Their page.",
    )
    contact_email: str = Field(
        default="poldermodel@example.org", pattern="^[^@ ]+@[^@ ]+$", description="Their address."
    )
    host: str = Field(default="127.0.0.1", description="Address that the web server listens on.")
    port: int = Field(
        default=8000, ge=0, le=65535, description="Port that the web server listens on; 0 takes a free one."
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?)?$",
        description="Where people reach the service, with its path on a host's own domain if it has one: "
        "`https://www.example.org/opinions`. By default what each request says.",
    )
    openid_issuer: str = Field(
        default="",
        pattern=r"^(https://[!-~]+|http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?(/[!-~]*)?)?$",
        description="Issuer of the OpenID provider that people sign in at the desk with, such as "
        "`https://login.example.org/town`.",
    )
    openid_client: str = Field(default="", max_length=300, description="This service's client id there.")
    openid_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Its client secret; none where the provider asks for none."
    )
    openid_name: str = Field(
        default="", max_length=60, description="What the button calls the provider; by default its host's name."
    )
    openid_believes_addresses: bool = Field(
        default=False,
        description="Whether the provider's e-mail addresses are believed without `email_verified`: only where "
        "nobody can choose their own there.",
    )
    desk_passwords: bool = Field(
        default=True, description="Whether people may come in at the desk by password; without, only by OpenID."
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="How many proxies before the service are believed: their `X-Forwarded-For`, `-Proto`, "
        "`-Host` and `-Prefix`.",
    )
    web_processes: int = Field(
        default=4, ge=1, le=64, description="How many web processes answer requests; two for each processor."
    )
    web_threads: int = Field(
        default=16, ge=1, le=256, description="How many requests each of them answers at once."
    )
    participant_requests_per_minute: int = Field(
        default=300, ge=1, description="How often one participant may ask, in each web process."
    )
    key_requests_per_minute: int = Field(
        default=60_000, ge=1, description="How often one key may be used, in each web process."
    )
    tokens_per_minute: int = Field(
        default=6_000,
        ge=1,
        description="How many participants' tokens one address may ask for, in each web process; "
        "behind a proxy everybody has its address.",
    )
    webhooks_to_private_addresses: bool = Field(
        default=False,
        description="Whether webhooks may lead to private addresses, and over plain http: only to try.",
    )
    job_timeout_seconds: int = Field(
        default=120, ge=1, description="How long redrawing one map may take before it counts as failed."
    )
    assessment_timeout_seconds: int = Field(
        default=300,
        ge=1,
        description="How long judging how sure one map is may take before it counts as failed.",
    )
    analysis_timeout_seconds: int = Field(
        default=600,
        ge=1,
        description="How long an analysis that is asked for alone may take before it counts as failed.",
    )
    sweep_seconds: float = Field(
        default=2.0, gt=0, description="Pause between two looks for maps that are behind their votes."
    )
    log_level: str = Field(
        default="info", pattern="^(debug|info|warning|error)$", description="Least severe log lines to write."
    )

    @model_validator(mode="after")
    def _has_a_way_in(self) -> Self:
        """Refuse an OpenID provider that doesn't know this service, and a desk without any door."""
        if bool(self.openid_issuer) != bool(self.openid_client):
            raise ValueError("openid_issuer and openid_client go together; set both, or neither")
        if not self.desk_passwords and not self.openid_issuer:
            raise ValueError("desk_passwords may be off only where openid_issuer is set")
        return self

    @property
    def has_own_database(self) -> bool:
        """Whether the store is the SQLite file that only this machine's processes share."""
        return self.database_url.startswith("sqlite")


def environment_of_others() -> dict[str, str]:
    """Return the environment of a child process that needs none of these settings, least of all the keys."""
    ours = {"DATABASE_URL", "REDIS_URL"}
    return {
        name: value for name, value in os.environ.items() if name not in ours and not name.startswith(PREFIX)
    }


def environment_of(settings: Settings, *, with_keys: bool = True) -> dict[str, str]:
    """Return the environment of a child process that is to read these same settings.

    Parameters
    ----------
    with_keys
        Whether the child is told the secret and the administrator's key. Whoever neither answers people nor
        records votes needs neither.
    """
    written = dict(os.environ)
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if field.annotation is SecretStr and not with_keys:
            written.pop(PREFIX + name.upper(), None)
            continue
        written[PREFIX + name.upper()] = (
            value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        )
    return written
