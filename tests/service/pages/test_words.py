import re
import string
from datetime import UTC, datetime

import pytest
from markupsafe import Markup

from clustering.vocabulary import GROUP_LETTERS, Outcome
from service.pages.texts_en import ENGLISH
from service.pages.words import LANGUAGES, words_for


def places(text):
    forms = text if isinstance(text, tuple) else (text,)
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def test_both_languages_say_everything():
    dutch, english = LANGUAGES["nl"].texts, LANGUAGES["en"].texts
    assert set(dutch) == set(english)
    for key, text in english.items():
        assert places(dutch[key]) == places(text), key
        assert isinstance(dutch[key], tuple) == isinstance(text, tuple), key


def test_every_outcome_and_number_of_groups_has_words():
    for outcome in set(Outcome) - {Outcome.READY}:
        assert str(outcome) in ENGLISH
        assert f"{outcome}_next" in ENGLISH
    for n_groups in range(2, len(GROUP_LETTERS) + 1):
        assert f"count_{n_groups}" in ENGLISH


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES)
def test_no_text_is_longer_than_people_read(words):
    """Plain language: sentences of at most 25 words."""
    for key, text in words.texts.items():
        for form in text if isinstance(text, tuple) else (text,):
            for sentence in re.split(r"[.:;?!](?:\s|$)", form):
                assert len(sentence.split()) <= 25, (key, sentence)


def test_numbers_and_times_as_people_write_them():
    dutch, english = LANGUAGES["nl"], LANGUAGES["en"]
    moment = datetime(2026, 3, 9, 16, 2, tzinfo=UTC)
    assert (dutch.number(12345), english.number(12345)) == ("12.345", "12,345")
    assert (dutch.number(0.4567, 2), english.number(0.4567, 2)) == ("0,46", "0.46")
    assert (dutch.time(moment), english.time(moment)) == ("9 maart 2026, 16:02 UTC", "9 March 2026, 16:02 UTC")
    assert dutch("people", n=1) == "1 persoon"
    assert dutch("people", n=1200) == "1.200 mensen"
    assert english.several(["a", "b", "c"]) == "a, b and c"


def test_what_is_filled_in_is_escaped():
    assert LANGUAGES["en"]("quoted", text="<b>&") == Markup("“&lt;b&gt;&amp;”")


@pytest.mark.parametrize(
    ("wanted", "conversation", "accepted", "spoken"),
    [
        ("nl", "en", ["en"], "nl"),
        ("xx", "en", ["nl"], "en"),
        (None, "nl-BE", ["en"], "nl"),
        (None, "zh", ["de", "nl-NL", "en"], "nl"),
        (None, None, [], "en"),
        ("<script>", "", ["*"], "en"),
    ],
)
def test_which_language(wanted, conversation, accepted, spoken):
    assert words_for(wanted=wanted, conversation=conversation, accepted=accepted).language == spoken
