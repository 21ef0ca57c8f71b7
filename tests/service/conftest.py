"""The web service over a store of its own, and a doorbell that remembers who rang."""

import pytest
from pydantic import SecretStr

from service.app import app_of
from service.identity.keys import KeyRing
from service.map_requests import AnalysisRequests
from service.parts import Parts
from service.settings import Settings
from service.store.committer import VoteCommitter
from service.store.database import open_store
from service.store.exposures import ExposureLog
from service.store.migrating import migrate

ADMIN_KEY = "an-admin-key-for-tests"


class Doorbell:
    """Stands where `MapRequests` stands; `asked` lists the conversations a map was asked for."""

    def __init__(self):
        self.asked = []
        self.reachable = True

    def ask(self, conversation_number):
        self.asked.append(conversation_number)
        return self.reachable

    def take(self, conversation_number):
        self.asked.remove(conversation_number)

    def is_reachable(self):
        return self.reachable


@pytest.fixture
def parts(tmp_path):
    database_url = f"sqlite:///{tmp_path}/store.db"
    migrate(database_url)
    store = open_store(database_url, secret=b"a secret for tests")
    committer, exposures = VoteCommitter(store), ExposureLog(store)
    settings = Settings(database_url=database_url, admin_key=SecretStr(ADMIN_KEY))
    yield Parts(
        settings=settings,
        store=store,
        committer=committer,
        map_requests=Doorbell(),
        key_ring=KeyRing(store),
        exposures=exposures,
        analysis_requests=AnalysisRequests(""),
    )
    exposures.close()
    committer.close()
    store.close()


@pytest.fixture
def app(parts):
    return app_of(parts)


@pytest.fixture
def public(app):
    """A client without a key."""
    return app.test_client()


@pytest.fixture
def api(app):
    """A client with the administrator's key."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {ADMIN_KEY}"
    return client
