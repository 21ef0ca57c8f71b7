"""The published group map over HTTP."""

import orjson
from flask import Response
from flask_openapi.blueprint import APIBlueprint

from service.actions.read_group_map import read_group_map
from service.api.conversations import public_conversation
from service.api.group_map_schemas import GroupMapAnswer
from service.api.parameters import ConversationPath
from service.api.reading import json_answer
from service.api.showing import check_map_shown, is_of_platform
from service.identity.access import public
from service.parts import parts

routes = APIBlueprint(
    "group_map", __name__, url_prefix="/v1/conversations/<conversation>", abp_tags=[{"name": "group map"}]
)


@routes.get("/group-map", operation_id="readGroupMap", responses={200: GroupMapAnswer})
@public
def get_group_map(path: ConversationPath) -> Response:
    """Read the published group map.

    To everybody it changes when five people or more voted, so that asking again never shows one person's
    votes; to the platform's keys with every vote. `as_of` is the sequence of the last change it includes:
    whoever voted knows by it whether that vote is in. `certainty` is what can be believed of it: it is made
    after the map, and says of which one it speaks.
    The ETag is the stamp of both: a reader who has this map already is answered 304.
    """
    conversation = public_conversation(path.conversation)
    check_map_shown(conversation)
    is_public = not is_of_platform(conversation)
    current = read_group_map(parts().store, conversation, is_public=is_public)
    return json_answer(orjson.dumps(current.document), headers={"ETag": f'"{current.stamp}"'})
