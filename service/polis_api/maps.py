"""The map: `math/pca2`, and who stands in which of its base clusters."""

import re

import orjson
from flask import Response, request

from service.api.problems import ProblemError
from service.parts import parts
from service.polis_api import asked, rights
from service.polis_api.declaring import json_of, routes
from service.polis_api.shelf import numbering, shelf
from service.polis_api.taking_part import taker
from service.store import participants
from service.store.outside_maps import OutsideMap, stamp_number
from service.store.records import Conversation


@routes.declare("GET", "/math/pca2", asked.MapQuery)
def get_math_pca2(said: asked.MapQuery) -> Response:
    """Read the published map; with the right to see ballots that of people, otherwise that of groups.

    304 when it is no newer than the `math_tick`, or the ETag in If-None-Match; 404 before the first.
    """
    drawn = _drawn(rights.shown(said.conversation_id))
    tick = stamp_number(drawn.method_version, drawn.sequence)
    known = _known_tick(said.math_tick)
    if known is not None and tick <= known:
        response = Response(status=304)
    elif said.keys:
        document = orjson.loads(drawn.document)
        response = json_of({key: document[key] for key in said.keys if key in document})
    else:
        response = Response(drawn.document, mimetype="application/json")
    response.headers["ETag"] = f'"{tick}"'
    return response


@routes.declare("GET", "/bidToPid", asked.MapQuery)
def get_bid_to_pid(said: asked.MapQuery) -> Response:
    """Read which participants each base cluster holds; needs the right to see ballots."""
    conversation = rights.shown(said.conversation_id)
    rights.require_ballots(conversation)
    return json_of({"bidToPid": orjson.loads(_drawn(conversation).document)["base-clusters"]["members"]})


@routes.declare("GET", "/bid", asked.ParticipantQuery)
def get_bid(said: asked.ParticipantQuery) -> Response:
    """Read which base cluster of the map of people holds the caller; -1 for none."""
    conversation = rights.shown(said.conversation_id)
    who = taker(conversation, said.xid).participant
    number = None if who is None else participants.number(parts().store, conversation, who)
    drawn = shelf().map_of(conversation, is_public=False)
    if number is None or drawn is None:
        return json_of({"bid": -1})
    pid, bases = (
        numbering(conversation).participants.outside(number),
        orjson.loads(drawn.document)["base-clusters"],
    )
    held = (bid for bid, members in zip(bases["id"], bases["members"], strict=True) if pid in members)
    return json_of({"bid": next(held, -1)})


def _drawn(conversation: Conversation) -> OutsideMap:
    drawn = shelf().map_of(conversation, is_public=not rights.reads_ballots(conversation))
    if drawn is None:
        raise ProblemError("not-found", "there is no map of this conversation yet")
    return drawn


def _known_tick(asked_for: int | None) -> int | None:
    """Return the latest version that the caller says they have."""
    named = [int(tick) for tick in re.findall(r'"(\d{1,15})"', request.headers.get("If-None-Match", ""))]
    return max(named, default=asked_for)
