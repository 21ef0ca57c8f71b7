"""Keys made once, kept for their owner only, and never made where another machine would make others."""

import threading

import pytest

from service.embedded.data_folder import (
    MissingSecretError,
    UnusableKeyError,
    prepared,
    served_address,
    told_address,
)
from service.settings import Settings


def test_keys_are_made_once_and_only_their_owner_can_read_them(tmp_path):
    folder = tmp_path / "data"
    first, second = prepared(Settings(data_folder=folder)), prepared(Settings(data_folder=folder))
    assert first == second
    assert len(first.secret.get_secret_value()) >= 40
    assert first.secret != first.admin_key
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["admin-key", "secret"]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_given_keys_are_used_and_nothing_is_written(tmp_path):
    given = Settings(data_folder=tmp_path / "data", secret="s" * 40, admin_key="k" * 40)
    assert prepared(given) == given
    assert not (tmp_path / "data").exists()


def test_commands_know_where_the_service_is_while_it_runs(tmp_path):
    for folder in (tmp_path, tmp_path / "absent"):
        assert served_address(folder) is None
        with told_address(folder, "http://127.0.0.1:4711"):
            assert served_address(folder) == (None if folder != tmp_path else "http://127.0.0.1:4711")
        assert served_address(folder) is None
    (tmp_path / "served-at").write_bytes(b"\xff")
    assert served_address(tmp_path) is None


def test_a_shared_database_needs_a_given_secret(tmp_path):
    with pytest.raises(MissingSecretError, match="POLDERMODEL_SECRET"):
        prepared(Settings(data_folder=tmp_path, database_url="postgresql://somewhere/one"))


def test_many_that_start_at_once_agree(tmp_path):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(prepared(Settings(data_folder=tmp_path / "data"))))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert len({settings.secret.get_secret_value() for settings in found}) == 1


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff" * 40])
def test_a_file_that_holds_no_key_is_refused(tmp_path, content):
    prepared(Settings(data_folder=tmp_path))
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(UnusableKeyError, match="secret"):
        prepared(Settings(data_folder=tmp_path))


def test_keys_that_are_there_need_nothing_written(tmp_path):
    made = prepared(Settings(data_folder=tmp_path))
    before = tmp_path.stat().st_mtime_ns
    assert prepared(Settings(data_folder=tmp_path)) == made
    assert tmp_path.stat().st_mtime_ns == before
