"""The environment: every variable is documented, read once, and passed on to child processes unchanged."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.settings import Settings, environment_of, environment_of_others

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def documented() -> dict[str, str]:
    rows = re.findall(
        r"^\| `(\w+)`[^|]*\| ([^|]*) \| ([^|]*) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {name: (default.strip(), text.strip()) for name, default, text in rows}


def test_every_setting_is_documented_with_its_default_and_meaning():
    expected = {
        f"POLDERMODEL_{name.upper()}": field.description for name, field in Settings.model_fields.items()
    }
    assert {name: text for name, (_, text) in documented().items()} == expected


def test_documented_defaults_are_the_real_ones(monkeypatch):
    for name in documented():
        monkeypatch.delenv(name, raising=False)
    settings = Settings()
    for name, (default, _) in documented().items():
        value = getattr(settings, name.removeprefix("POLDERMODEL_").lower())
        if default.startswith("`"):
            assert str(value).endswith(default.strip("`")), name


def test_plain_names_are_read_too_and_ours_go_first(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://plain/one")
    monkeypatch.setenv("REDIS_URL", "redis://plain")
    assert (Settings().database_url, Settings().redis_url) == ("postgresql://plain/one", "redis://plain")
    monkeypatch.setenv("POLDERMODEL_DATABASE_URL", "postgresql://ours/one")
    assert Settings().database_url == "postgresql://ours/one"


def test_an_empty_variable_is_none_at_all(monkeypatch):
    monkeypatch.setenv("POLDERMODEL_PORT", "")
    monkeypatch.setenv("DATABASE_URL", "")
    assert Settings().port == 8000
    assert Settings().has_own_database


def test_without_an_address_the_database_is_in_the_data_folder(tmp_path):
    assert Settings(data_folder=tmp_path).database_url == f"sqlite:///{tmp_path}/poldermodel.sqlite3"


def test_settings_cannot_be_changed_and_wrong_ones_are_refused(tmp_path):
    settings = Settings(data_folder=tmp_path)
    with pytest.raises(ValidationError):
        settings.port = 1
    with pytest.raises(ValidationError):
        Settings(port=70000)
    with pytest.raises(ValidationError):
        Settings(log_level="loud")


def test_a_child_process_reads_the_same_settings(monkeypatch, tmp_path):
    given = Settings(
        data_folder=tmp_path, port=81, secret="s" * 40, redis_url="unix:///run/redis", sweep_seconds=0.5
    )
    for name, value in environment_of(given).items():
        monkeypatch.setenv(name, value)
    assert Settings() == given


def test_secrets_are_not_written_by_accident(tmp_path):
    assert "hush" not in repr(Settings(data_folder=tmp_path, secret="hush", admin_key="hush"))


def test_who_needs_no_keys_is_told_none(monkeypatch, tmp_path):
    monkeypatch.setenv("POLDERMODEL_SECRET", "hush" * 10)
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hush@somewhere/one")
    given = Settings(data_folder=tmp_path, admin_key="hush" * 10, database_url="sqlite:///x")
    assert "hush" in environment_of(given)["POLDERMODEL_SECRET"]
    keyless = environment_of(given, with_keys=False)
    assert not {"POLDERMODEL_SECRET", "POLDERMODEL_ADMIN_KEY"} & set(keyless)
    assert keyless["POLDERMODEL_DATABASE_URL"] == "sqlite:///x"
    assert not any("hush" in value for value in environment_of_others().values())
