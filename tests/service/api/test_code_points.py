import re
import sys

import pytest
import regex

from service.api.code_points import INVISIBLE, REFUSED, in_schemas, ranges_without, regex_class


def members(ranges):
    return {point for first, last in ranges for point in range(first, last + 1)}


def having(properties):
    """The code points that Unicode gives one of these properties."""
    pattern = regex.compile(f"[{properties}]")
    every = (chr(point) for point in range(sys.maxunicode + 1))
    return {ord(one) for one in every if pattern.match(one)}


def test_what_is_refused_is_what_unicode_calls_control_or_no_character():
    found = having(r"\p{Cc}\p{Noncharacter_Code_Point}")
    assert members(REFUSED) == {point for point in found if point <= 0xFFFF}


def test_what_is_invisible_is_what_unicode_says_shows_nothing():
    # The three that hold annotations together show nothing either, though Unicode asks programs to show them.
    found = having(r"\p{White_Space}\p{Default_Ignorable_Code_Point}") | {0xFFF9, 0xFFFA, 0xFFFB}
    assert members(INVISIBLE) == found - members(REFUSED)
    assert members(in_schemas(INVISIBLE)) == {point for point in members(INVISIBLE) if point <= 0xFFFF}


def test_ranges_less_others_are_sets_less_others():
    for removed in ([(0, 5)], [(3, 4)], [(8, 9)], [(2, 8)], [(5, 12), (0, 1)]):
        assert members(ranges_without([(2, 8)], removed)) == members([(2, 8)]) - members(removed)


@pytest.mark.parametrize("ranges", [REFUSED, INVISIBLE])
def test_the_class_matches_exactly_its_ranges(ranges):
    pattern = re.compile(f"[{regex_class(ranges)}]")
    every = (chr(point) for point in range(sys.maxunicode + 1))
    assert {ord(one) for one in every if pattern.match(one)} == members(ranges)
