"""The web service over a store of its own, a doorbell that remembers who rang, and published maps."""

import copy
import json
from functools import partial

import pytest
from flask import Flask
from pydantic import SecretStr

from clustering.assessment import assessment
from clustering.pipeline import compute_group_map
from clustering.samples import neighbourhood_conversation
from clustering.steadiness import present
from clustering.vote_matrix import VoteMatrix
from service.api import rate_limits
from service.app import app_of
from service.desk import limiting
from service.identity.keys import KeyRing
from service.map_requests import AnalysisRequests
from service.parts import Parts, attach
from service.polis_api import shelf
from service.reverse_proxy import behind_proxies
from service.settings import Settings
from service.store import assessments, conversations, group_maps, statements
from service.store.committer import VoteCommitter
from service.store.database import open_store
from service.store.exposures import ExposureLog
from service.store.records import NewConversation, NewStatement, PublishedAssessment, PublishedMap

ADMIN_KEY = "an-admin-key-for-tests"
REMEMBERS_NOTHING = {"poldermodel.problem_page"}
MADE_WHEN_ASKED = {"poldermodel.openapi"}


class Doorbell:
    """Stands where `MapRequests` stands; `asked` lists the conversations a map was asked for."""

    def __init__(self):
        self.asked = []
        self.rests = {}
        self.reachable = True

    def ask(self, conversation_number):
        self.asked.append(conversation_number)
        return self.reachable

    def ask_at_once(self, conversation_number):
        return self.ask(conversation_number)

    def rest(self, conversation_number, seconds):
        self.rests[conversation_number] = seconds
        return True

    def is_resting(self, conversation_number):
        return False

    def take(self, conversation_number):
        self.asked.remove(conversation_number)

    def is_reachable(self):
        return self.reachable


@pytest.fixture
def parts(sqlite_store_url):
    store = open_store(sqlite_store_url, secret=b"a secret for tests")
    committer, exposures = VoteCommitter(store), ExposureLog(store)
    settings = Settings(database_url=sqlite_store_url, admin_key=SecretStr(ADMIN_KEY))
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


@pytest.fixture(scope="session")
def bound_once():
    """A list that holds the first app made: binding its addresses takes longer than most tests do."""
    return []


@pytest.fixture
def app(parts, bound_once):
    """The service as `app_of` makes it, over these parts; nothing it remembers is another test's."""
    if not bound_once:
        bound_once.append(app_of(parts))
    made = copy.copy(bound_once[0])
    fresh = Flask("fresh")
    attach(fresh, parts)
    for remembering in (rate_limits, limiting, shelf):
        remembering.register(fresh)
    made.extensions = {**{name: made.extensions[name] for name in REMEMBERS_NOTHING}, **fresh.extensions}
    assert made.extensions.keys() | MADE_WHEN_ASKED >= bound_once[0].extensions.keys()
    made.wsgi_app = behind_proxies(partial(Flask.wsgi_app, made), parts.settings)
    return made


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


@pytest.fixture(scope="session")
def sample():
    return neighbourhood_conversation(language="en")


@pytest.fixture(scope="session")
def sample_map(sample):
    return present(compute_group_map(VoteMatrix.from_votes(sample.votes, statements=sample.statements)))


@pytest.fixture(scope="session")
def sample_json(sample_map):
    return json.dumps(sample_map.to_document())


@pytest.fixture(scope="session")
def assessment_json(sample_map):
    judged = assessment(sample_map.canonical, grouping=sample_map.grouping, judged=sample_map.judged)
    return json.dumps(judged.to_document(letters=sample_map.letters))


@pytest.fixture
def assessed(assessment_json):
    """What can be believed of the sample's map, fresh for each test to change."""
    return json.loads(assessment_json)


@pytest.fixture
def document(sample_json):
    """The sample's public group map, fresh for each test to change."""
    return json.loads(sample_json)


@pytest.fixture
def publish(parts, sample):
    """Return a function that makes a conversation with a document as its map, and returns its id."""

    def make(document=None, *, sequence=None, texts=None, assessed=None, **fields):
        new = NewConversation(**({"question": sample.question, "language": "en"} | fields))
        made = conversations.create(parts.store, "default", new)
        texts = texts or {one.id: one.text for one in sample.statements}
        added = statements.add(
            parts.store, made, [NewStatement(text=text, id=key) for key, text in texts.items()]
        )
        if document is not None:
            redraw(made.number, document, sequence or len(added))
        if assessed is not None:
            judge(made.number, assessed, sequence or len(added))
        return made.id

    def redraw(number, document, sequence):
        empty = dict.fromkeys(("canonical", "presentation", "priorities"), b"{}")
        assert group_maps.publish(
            parts.store,
            PublishedMap(
                conversation_number=number,
                method_version=document["method_version"],
                sequence=sequence,
                outcome=document["outcome"],
                result_hash=document["result_hash"],
                presented=json.dumps(document).encode(),
                places=b"",
                **empty,
            ),
        )

    def judge(number, assessed, sequence):
        told = json.dumps(assessed).encode()
        assert assessments.publish(parts.store, PublishedAssessment(number, 1, sequence, told, b""))

    make.redraw, make.judge = redraw, judge
    return make
