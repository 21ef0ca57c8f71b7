"""What the views work with: opened once by `create_app`, found through the app that answers."""

from dataclasses import dataclass, field

from flask import Flask, current_app

from service.actions.await_analysis import WaitingRoom
from service.identity.keys import KeyRing
from service.map_requests import AnalysisRequests, MapRequests
from service.settings import Settings
from service.store.committer import VoteCommitter
from service.store.database import Store
from service.store.exposures import ExposureLog

_NAME = "poldermodel"


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything outside the request that a view may need."""

    settings: Settings
    store: Store
    committer: VoteCommitter
    map_requests: MapRequests
    key_ring: KeyRing
    exposures: ExposureLog
    analysis_requests: AnalysisRequests
    waiting_room: WaitingRoom = field(default_factory=WaitingRoom)


def attach(app: Flask, found: Parts) -> None:
    """Give an app its parts."""
    app.extensions[_NAME] = found


def parts_of(app: Flask) -> Parts:
    """Return the parts of an app."""
    return app.extensions[_NAME]


def parts() -> Parts:
    """Return the parts of the app that answers this request."""
    return current_app.extensions[_NAME]
