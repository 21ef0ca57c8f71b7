"""What a process remembers between requests: numberings, which never change, and the maps read last."""

from collections import OrderedDict
from threading import Lock

import orjson
from flask import Flask, current_app

from service.parts import parts_of
from service.store import outside_maps
from service.store.database import Store
from service.store.outside_maps import OutsideMap
from service.store.outside_numbers import Numbering, NumberingBook
from service.store.records import Conversation

_NAME = "poldermodel.polis_api"
MOST_MAPS = 8
"""Maps kept in memory: the large ones have megabytes."""


class Shelf:
    """Numberings and maps. One per process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._book = NumberingBook(store)
        self._maps: OrderedDict[tuple[int, bool], OutsideMap] = OrderedDict()
        self._quoted: tuple[OutsideMap, bytes] | None = None
        self._lock = Lock()

    def numbering(self, conversation: Conversation) -> Numbering:
        """Return how a conversation's participants and statements are numbered."""
        return self._book.of(conversation)

    def map_of(self, conversation: Conversation, *, is_public: bool) -> OutsideMap | None:
        """Return the published map, if there is one; read again only when there is a newer one."""
        stamp = outside_maps.stamp(self._store, conversation, is_public=is_public)
        if stamp is None:
            return None
        key = conversation.number, is_public
        with self._lock:
            known = self._maps.get(key)
        if known is not None and (known.method_version, known.sequence) == stamp:
            return known
        found = outside_maps.read(self._store, conversation, is_public=is_public)
        if found is not None:
            with self._lock:
                self._maps[key] = found
                self._maps.move_to_end(key)
                while len(self._maps) > MOST_MAPS:
                    self._maps.popitem(last=False)
        return found

    def quoted(self, drawn: OutsideMap) -> bytes:
        """Return a map's document as a text within JSON; kept for the one that was asked for last."""
        known = self._quoted
        if known is None or known[0] is not drawn:
            known = self._quoted = drawn, orjson.dumps(drawn.document.decode())
        return known[1]


def register(app: Flask) -> None:
    """Give an app its shelf."""
    app.extensions[_NAME] = Shelf(parts_of(app).store)


def shelf() -> Shelf:
    """Return the shelf of the app that answers this request."""
    return current_app.extensions[_NAME]


def numbering(conversation: Conversation) -> Numbering:
    """Return how a conversation's participants and statements are numbered."""
    return shelf().numbering(conversation)
