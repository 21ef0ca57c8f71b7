import contextlib
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.strict_json import MAX_DEPTH, StrictJsonError, parse

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_says_what_any_json_reader_says(value):
    assert parse(json.dumps(value).encode()) == value
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body):
    with contextlib.suppress(StrictJsonError):
        parse(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b'{"text": "\xe9"}', "not UTF-8"),
        (b'{"vote": NaN}', "NaN"),
        (b'{"vote": -Infinity}', "-Infinity"),
        (b'{"vote": 1e999}', "too large"),
        (b'{"vote": 9007199254740992}', "beyond"),
        (b'{"vote": ' + b"9" * 100_000 + b"}", "beyond"),
        (b'{"vote": 1, "vote": 1}', "twice"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "twice"),
        (b'{"text": "\\ud800"}', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
        (b'{"text": "\\ude00\\ud83d"}', "surrogate"),
        (b"[" * 1_000_000, "deeper"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "deeper"),
        (b'{"text": "\x01"}', "not JSON"),
    ],
)
def test_refused(body, reason):
    with pytest.raises(StrictJsonError, match=reason):
        parse(body)


def test_brackets_in_text_are_not_nesting():
    text = "[" * 200 + '\\"{'
    assert parse(json.dumps({"text": text}).encode()) == {"text": text}


def test_as_deep_as_allowed():
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_a_pair_of_surrogates_is_a_character():
    assert parse(b'"\\ud83d\\ude00"') == "😀"


@pytest.mark.parametrize(
    "body",
    [
        b'"' + b'\\"' * 500_000,
        b"[" * 33 + b'"' + b"\\\\" * 500_000,
        b"{" + b",".join(b'"%d":0' % n for n in range(90_000)) + b',"5":0}',
        b"[" * 33 + b'"\\' * 300_000,
    ],
)
def test_a_mebibyte_made_to_be_slow_is_refused_soon(body):
    started = time.perf_counter()
    with pytest.raises(StrictJsonError):
        parse(body)
    # Linear work on a mebibyte takes tens of milliseconds; quadratic work takes minutes.
    assert time.perf_counter() - started < 2
