"""The desk speaks Dutch and English: the same sentences in both, short ones, and all that the pages ask for."""

import re
import string
from importlib.resources import files

import pytest

from service.desk.words import LANGUAGES


def places(text):
    forms = text if isinstance(text, tuple) else (text,)
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def test_both_languages_say_everything():
    dutch, english = dict(LANGUAGES["nl"].texts), dict(LANGUAGES["en"].texts)
    assert set(dutch) == set(english)
    for key, text in english.items():
        assert places(dutch[key]) == places(text), key
        assert isinstance(dutch[key], tuple) == isinstance(text, tuple), key


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_no_text_is_longer_than_people_read(words):
    for key, text in words.texts.items():
        for form in text if isinstance(text, tuple) else (text,):
            for sentence in re.split(r"[.:;?!](?:\s|$)", form):
                assert len(sentence.split()) <= 25, (key, sentence)


def test_every_word_that_a_page_names_is_there():
    folder = files("service.desk").joinpath("templates", "desk")
    named = {
        key
        for page in folder.iterdir()
        for key in re.findall(r'words\("([a-z0-9_-]+)"[,)]', page.read_text(encoding="utf-8"))
    }
    assert len(named) > 100
    assert named <= set(LANGUAGES["en"].texts)
