import contextlib
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api.texts import NothingShownError, kept_text, n_characters, text_schema


@pytest.mark.parametrize(
    ("text", "n"),
    [("", 0), ("zoë", 3), ("zoe\u0308", 3), ("👩‍👩‍👧‍👦🇳🇱", 2), ("हिन्दी", 2), ("각", 1), ("a\u0301" * 140, 140)],
)
def test_counts_what_a_reader_sees(text, n):
    assert n_characters(text) == n


def test_kept_in_nfc_without_blanks_around_it():
    assert kept_text("  zoe\u0308\u00a0", most=3) == "zo\u00eb"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\u200b\u200d\ufeff",
        "a\x00b",
        "a\nb",
        "a\x7fb",
        "a\x85b",
        "a\ud800b",
        "\uffff",
        "x" * 141,
        "a" + "\u0301" * 40,
        "a" + "\u0301" * 10_000,
    ],
)
def test_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own words.
        kept_text(text, most=140)


def test_invisible_beyond_what_a_schema_can_say():
    # Tags and the marks that hold music or shorthand together: the schema promises them, and they are refused.
    for text in ("\U000e0041", " \U0001d173\u200b"):
        assert re.fullmatch(text_schema(most=140)["pattern"][1:-1], text)
        with pytest.raises(NothingShownError):
            kept_text(text, most=140)
    assert kept_text("\U0001f3f4\U000e0067\U000e007f", most=1)


def test_a_character_newer_than_this_program_is_kept():
    # U+1FADD is assigned to nothing yet: whoever can type it has a newer Unicode than we have.
    assert kept_text("\U0001fadd", most=1) == "\U0001fadd"


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("may_be_empty", [False, True])
@given(text=st.text(max_size=30) | st.text(" \t\r\n\u200b\u2028\x00a", max_size=30))
def test_the_schema_promises_nothing_that_is_refused(text, lines, may_be_empty):
    kind = {"most": 30, "lines": lines, "may_be_empty": may_be_empty}
    schema = text_schema(**kind)
    is_promised = schema.get("minLength", 0) <= len(text) <= schema["maxLength"] and re.fullmatch(
        schema["pattern"][1:-1], text
    )
    if is_promised:
        with contextlib.suppress(NothingShownError):
            kept_text(text, **kind)
    else:
        with pytest.raises(ValueError):  # noqa: PT011 - each has its own words.
            kept_text(text, **kind)


def test_lines_are_kept_where_they_are_welcome():
    assert kept_text("one\r\ntwo\n", most=10, lines=True) == "one\ntwo"


@given(st.text(max_size=300))
def test_what_is_kept_is_kept_again_as_it_is(text):
    try:
        kept = kept_text(text, most=140)
    except ValueError:
        return
    assert kept_text(kept, most=140) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert 1 <= n_characters(kept) <= 140
