"""The desk's words: those of the public pages, and its own; each part of the desk adds a pair of modules."""

from dataclasses import replace

from flask import request

from service.desk.reading_texts import READING_DUTCH, READING_ENGLISH
from service.desk.texts_creating_en import CREATING_ENGLISH
from service.desk.texts_creating_nl import CREATING_DUTCH
from service.desk.texts_en import DESK_ENGLISH
from service.desk.texts_house_en import HOUSE_ENGLISH
from service.desk.texts_house_nl import HOUSE_DUTCH
from service.desk.texts_importing_en import IMPORTING_ENGLISH
from service.desk.texts_importing_nl import IMPORTING_DUTCH
from service.desk.texts_moderating_en import MODERATING_ENGLISH
from service.desk.texts_moderating_nl import MODERATING_DUTCH
from service.desk.texts_nl import DESK_DUTCH
from service.desk.texts_openid_en import OPENID_ENGLISH
from service.desk.texts_openid_nl import OPENID_DUTCH
from service.desk.texts_overview_en import OVERVIEW_ENGLISH
from service.desk.texts_overview_nl import OVERVIEW_DUTCH
from service.desk.texts_paper_en import PAPER_ENGLISH
from service.desk.texts_paper_nl import PAPER_DUTCH
from service.pages import words as pages_words
from service.pages.words import Words

_OWN = {
    "en": (
        DESK_ENGLISH,
        CREATING_ENGLISH,
        HOUSE_ENGLISH,
        IMPORTING_ENGLISH,
        MODERATING_ENGLISH,
        OPENID_ENGLISH,
        OVERVIEW_ENGLISH,
        PAPER_ENGLISH,
        READING_ENGLISH,
    ),
    "nl": (
        DESK_DUTCH,
        CREATING_DUTCH,
        HOUSE_DUTCH,
        IMPORTING_DUTCH,
        MODERATING_DUTCH,
        OPENID_DUTCH,
        OVERVIEW_DUTCH,
        PAPER_DUTCH,
        READING_DUTCH,
    ),
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
