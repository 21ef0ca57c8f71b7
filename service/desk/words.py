"""The desk's words: those of the public pages, and its own; each part of the desk adds a pair of modules."""

from dataclasses import replace

from flask import request

from service.desk.texts_en import DESK_ENGLISH
from service.desk.texts_map_en import MAP_ENGLISH
from service.desk.texts_map_nl import MAP_DUTCH
from service.desk.texts_nl import DESK_DUTCH
from service.desk.texts_report_en import REPORT_ENGLISH
from service.desk.texts_report_nl import REPORT_DUTCH
from service.desk.texts_statements_en import STATEMENTS_ENGLISH
from service.desk.texts_statements_nl import STATEMENTS_DUTCH
from service.pages import words as pages_words
from service.pages.words import Words

_OWN = {
    "en": (DESK_ENGLISH, REPORT_ENGLISH, STATEMENTS_ENGLISH, MAP_ENGLISH),
    "nl": (DESK_DUTCH, REPORT_DUTCH, STATEMENTS_DUTCH, MAP_DUTCH),
}

LANGUAGES = {
    tag: replace(
        words, texts={**words.texts, **{key: text for part in _OWN[tag] for key, text in part.items()}}
    )
    for tag, words in pages_words.LANGUAGES.items()
}
"""By tag, as on the public pages."""


def desk_words(chosen: str | None) -> Words:
    """Return the words for whoever made this request.

    Parameters
    ----------
    chosen
        The language that the person chose, if they did; what the address asks for goes before it.
    """
    accepted = [tag for tag, _ in request.accept_languages]
    spoken = pages_words.words_for(wanted=request.args.get("lang"), conversation=chosen, accepted=accepted)
    return LANGUAGES[spoken.language]
