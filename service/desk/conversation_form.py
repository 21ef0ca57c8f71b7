"""A conversation as a form: what stands in the fields, and what a form that was sent asks for."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from service.api.problems import ProblemError
from service.api.schemas import ConversationAnswer
from service.store.records import Conversation

Model = TypeVar("Model", bound=BaseModel)

TEXTS = ("question", "description", "language", "outcome")
CHOICES = ("moderation", "writers", "required_assurance", "results_visible")
NUMBERS = ("min_votes_for_results", "max_statement_length")

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
_OPTION = re.compile(r"^\s*[-–•*]\s*(.+)$")


class FormError(ValueError):
    """Fields that can't be kept; `fields` names them."""

    def __init__(self, fields: set[str]) -> None:
        super().__init__(", ".join(sorted(fields)))
        self.fields = fields


def fields_of(conversation: Conversation) -> dict[str, Any]:
    """Return what stands in the fields for a conversation as it is."""
    shown = ConversationAnswer.of(conversation)
    return {
        **{name: getattr(shown, name) for name in TEXTS},
        **{name: getattr(shown, name).value for name in CHOICES},
        **{name: str(getattr(shown, name)) for name in NUMBERS},
        "is_open": shown.is_open,
        "sites": "\n".join(shown.embedding_sites),
        "about": "\n\n".join(
            "\n".join([question.text, *(f"- {option.text}" for option in question.options)])
            for question in shown.about_questions
        ),
        "phases": [
            {
                "name": phase.name,
                "asks": [asked.value for asked in phase.asks],
                "starts_at": _for_field(phase.starts_at),
                "ends_at": _for_field(phase.ends_at),
            }
            for phase in shown.phases
        ],
    }


def sent_fields(form: MultiDict[str, str]) -> dict[str, Any]:
    """Return what stands in the fields of a form that was sent."""
    phases = []
    for place in range(min(len(form.getlist("phase_name")), 20)):
        at = {name: _at(form.getlist(f"phase_{name}"), place) for name in ("name", "starts_at", "ends_at")}
        asks = [name for name in ("statements", "votes") if form.get(f"phase_{name}_{place}")]
        if any(at.values()):
            phases.append({**at, "asks": asks})
    plain = {name: form.get(name, "") for name in (*TEXTS, *CHOICES, *NUMBERS, "sites", "about")}
    return {**plain, "is_open": bool(form.get("is_open")), "phases": phases}


def read_fields(model: type[Model], fields: Mapping[str, Any], *, before: Conversation | None = None) -> Model:
    """Return a body for the API out of what stands in the fields: what it refuses, is refused here.

    Parameters
    ----------
    before
        The conversation as it is: who answered a question about themselves keeps that answer, for as long as
        question and option are worded as they were.

    Raises
    ------
    FormError
        Naming the fields that are wrong.
    """
    given: dict[str, Any] = {name: fields[name] for name in (*TEXTS, *CHOICES)}
    given |= {"is_open": fields["is_open"]}
    for name in NUMBERS:
        if not re.fullmatch(r"\d{1,4}", fields[name].strip(), re.ASCII):
            raise FormError({name})
        given[name] = int(fields[name])
    given["embedding_sites"] = [one.strip().rstrip("/") for one in fields["sites"].split() if one.strip()]
    asked = [] if before is None else ConversationAnswer.of(before).about_questions
    given["about_questions"] = _questions(fields["about"], [one.model_dump() for one in asked])
    given["phases"] = [
        {**one, "starts_at": _moment(one["starts_at"]), "ends_at": _moment(one["ends_at"])}
        for one in fields["phases"]
    ]
    try:
        return model.model_validate_json(orjson.dumps(given))
    except ValidationError as error:
        raise FormError({str(one["loc"][0]) if one["loc"] else "" for one in error.errors()}) from None
    except ProblemError as problem:
        raise FormError({"phases" if problem.name == "phases-clash" else "about_questions"}) from None


def _questions(text: str, asked: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return questions written as a line each, with their options below, each after a hyphen."""
    ids = {one["text"]: one["id"] for one in asked}
    options = {(one["text"], option["text"]): option["id"] for one in asked for option in one["options"]}
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        option = _OPTION.match(line)
        if option and found:
            found[-1]["options"].append({"text": option[1].strip()})
        elif line.strip():
            found.append({"text": line.strip(), "options": []})
    _give_ids(found, [ids.get(one["text"]) for one in found], "q")
    for one in found:
        known = [options.get((one["text"], option["text"])) for option in one["options"]]
        _give_ids(one["options"], known, "o")
    return found


def _give_ids(found: list[dict[str, Any]], known: list[str | None], letter: str) -> None:
    taken = {one for one in known if one is not None}
    free = (f"{letter}{number}" for number in range(1, 10_000) if f"{letter}{number}" not in taken)
    for one, id_text in zip(found, known, strict=True):
        one["id"] = id_text or next(free)


def _moment(text: str) -> str:
    # The page's script sends a whole moment; without it the field is read as it says, in UTC.
    return f"{text}Z" if _MOMENT.fullmatch(text) else text


def _for_field(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place].strip() if place < len(texts) else ""
