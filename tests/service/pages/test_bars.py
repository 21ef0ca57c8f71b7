import pytest
from hypothesis import given
from hypothesis import strategies as st

from clustering.intervals import share_interval
from service.pages.bars import bar, interval, percentages


@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=3).filter(any))
def test_percentages_are_whole_and_sum_to_100(parts):
    found = percentages(parts)
    assert sum(found) == 100
    assert all(abs(one - 100 * part / sum(parts)) < 1 for one, part in zip(found, parts, strict=True))


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_share_lies_in_its_interval(counts):
    n_yes, n_seen = counts
    low, high = interval(n_yes, n_seen)
    # Rounding of the last digit only.
    assert 0 <= low <= n_yes / n_seen + 1e-12
    assert n_yes / n_seen - 1e-12 <= high <= 1


def test_the_interval_of_a_known_table():
    """Against R's qbeta(c(.05, .95), yes + 1, no + 1), widened to the share where nobody says yes."""
    for n_yes, n_seen, low, high in [(8, 10, 0.5299, 0.9212), (0, 20, 0.0, 0.1329), (150, 300, 0.4528, 0.5472)]:
        # The table has four digits; the expansion for many votes is good to a ten-thousandth.
        assert interval(n_yes, n_seen) == pytest.approx((low, high), abs=1e-4)


def test_a_page_s_interval_is_that_of_certainty():
    """One share, one interval: what a bar shows is what the assessment says."""
    for n_yes, n_seen in [(3, 5), (37, 41), (900, 1_200)]:
        known = share_interval(n_yes, n_seen)
        # Shown are whole percentages.
        assert interval(n_yes, n_seen) == pytest.approx((float(known.low), float(known.high)), abs=1e-4)
    with pytest.raises(ValueError, match="expected 0 to"):
        interval(0, 0)


def counts(n_agree, n_pass, n_disagree):
    n_seen = n_agree + n_pass + n_disagree
    return {"n_agree": n_agree, "n_pass": n_pass, "n_disagree": n_disagree, "n_seen": n_seen}


def test_few_votes_of_a_group_are_not_shown():
    assert bar(counts(3, 1, 0), group="A").n_seen is None
    assert bar(counts(3, 1, 1), group="A").n_seen == 5
    assert bar(counts(3, 1, 1), group="A").is_small
    assert not bar(counts(10, 0, 0), group="A").is_small
    assert bar(counts(0, 0, 0), group="A").n_seen == 0
    assert bar(dict.fromkeys(("n_agree", "n_pass", "n_disagree", "n_seen")), group="A").is_group_hidden
