"""The environment, read once into a frozen record: the only reader of environment variables."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the service can be told from outside."""

    model_config = SettingsConfigDict(env_prefix="POLDERMODEL_", frozen=True, extra="ignore", populate_by_name=True)

    data_folder: str = Field(default="poldermodel-data", description="Folder of the embedded store and generated keys.")
    database_url: str = Field(default="", description="SQLite or PostgreSQL address; empty: SQLite in the data folder.")
    redis_url: str = Field(default="", description="Redis address; empty: `serve` starts its own.")
    secret: SecretStr = Field(default=SecretStr(""), description="Secret that participants' ids are hashed with.")
    admin_key: SecretStr = Field(default=SecretStr(""), description="Bearer key of the administrator.")
