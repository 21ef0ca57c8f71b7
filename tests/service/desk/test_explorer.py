"""Statements to sort and to filter: what is asked is what is shown, and hidden groups stay hidden."""

import pytest

from service.desk.beeswarm import RADIUS, beeswarm
from service.desk.explorer import KINDS, SORTS, Row, Wish, division, wanted, wish_of
from service.desk.shares import Shares, shares
from service.desk.statement_table import statement_cells


def counts(agree, disagree, passed=0):
    return {
        "n_agree": agree,
        "n_disagree": disagree,
        "n_pass": passed,
        "n_seen": agree + disagree + passed,
    }


def row(number, *of_groups, text="Trees", kinds=()):
    groups = [shares(one, group=letter) for one, letter in zip(of_groups, "ABCDE", strict=False)]
    summed = {name: sum(one[name] for one in of_groups) for name in of_groups[0]}
    found = (*groups, shares(summed, group=None))
    return Row(
        number=number,
        id=str(number),
        text=text,
        language="en",
        is_visible=True,
        is_meta=False,
        is_counted=True,
        shares=found,
        division=division(found, has_groups=True),
        kinds=frozenset(kinds),
    )


@pytest.fixture
def rows():
    return [
        row(0, counts(90, 10), counts(10, 90), text="=Cars first", kinds={"dividing"}),
        row(1, counts(45, 5), counts(40, 10), text="Trees on the square", kinds={"consensus"}),
        row(2, counts(5, 5, 40), counts(2, 8, 10), text="A café on the square", kinds={"unsure"}),
    ]


def test_shares_hide_what_every_page_hides():
    assert shares(None, group="A").is_group_hidden
    assert shares(counts(4, 0), group="A") == Shares("A", None)
    assert shares(counts(4, 0), group=None).n_seen == 4
    assert shares(counts(0, 0), group="A") == Shares("A", 0)
    found = shares(counts(6, 1), group="A")
    assert found.is_small
    assert found.agree.percent + found.passed.percent + found.disagree.percent == 100


def test_division_is_the_widest_gap_between_groups_with_enough_votes(rows):
    assert [one.division for one in rows] == [0.8, 0.1, 0.0]
    # Nine votes say nothing, and of one group there is nothing to compare.
    assert row(3, counts(9, 0), counts(0, 50)).division is None
    alone = (shares(counts(50, 50), group=None),)
    assert division(alone, has_groups=False) == 1.0
    assert division((shares(counts(0, 80), group=None),), has_groups=False) == 0.0
    assert division((shares(counts(5, 4), group=None),), has_groups=False) is None


@pytest.mark.parametrize(
    ("wish", "ids"),
    [
        (Wish(), ["0", "1", "2"]),
        (Wish(sort="least-votes"), ["2", "1", "0"]),
        (Wish(sort="division"), ["0", "1", "2"]),
        (Wish(sort="agree"), ["1", "0", "2"]),
        (Wish(sort="agree", group="B"), ["1", "0", "2"]),
        (Wish(sort="disagree", group="B"), ["0", "2", "1"]),
        (Wish(sort="pass"), ["2", "0", "1"]),
        (Wish(sort="order"), ["0", "1", "2"]),
        (Wish(kind="unsure"), ["2"]),
        (Wish(find="SQUARE trees"), ["1"]),
        (Wish(kind="dividing", find="square"), []),
    ],
)
def test_what_is_asked_is_shown_in_order(rows, wish, ids):
    assert [one.id for one in wanted(rows, wish)] == ids


def test_nonsense_in_an_address_is_no_wish():
    assert wish_of({}, ["A"]) == Wish()
    assert (
        wish_of({"kind": "<b>", "group": "AB", "sort": "1", "find": " x " * 200}, ["A"]).find
        == (" x " * 200).strip()[:200]
    )
    for kind in KINDS:
        assert wish_of({"kind": kind}, []).kind == kind
    for sort in SORTS:
        assert wish_of({"sort": sort}, []).sort == sort


def test_the_swarm_keeps_dots_apart_and_at_their_own_division(rows):
    assert beeswarm(rows[:1]) is None
    many = [row(number, counts(60 + number % 7, 40), counts(50, 50)) for number in range(80)]
    swarm = beeswarm(many)
    assert len(swarm.dots) == 80
    for place, dot in enumerate(swarm.dots):
        assert dot.x == pytest.approx(swarm.left + (swarm.right - swarm.left) * dot.row.division, abs=0.06)
        assert RADIUS <= dot.y <= swarm.height - RADIUS
        for other in swarm.dots[:place]:
            # Drawn places are rounded to tenths.
            assert (dot.x - other.x) ** 2 + (dot.y - other.y) ** 2 >= (2 * RADIUS + 0.7) ** 2


def test_the_table_has_every_number_and_runs_no_formula(rows):
    head, first, *_ = list(statement_cells(rows, ["A", "B"]))
    line = dict(zip(head, first, strict=True))
    assert line["text"] == "'=Cars first"
    assert (line["group_A_agree_percent"], line["group_A_n_seen"]) == (90, 100)
    assert line["group_A_agree_low"] < 90 < line["group_A_agree_high"]
    assert line["division"] == "0.80"
    hidden = list(statement_cells([row(1, counts(4, 0), counts(40, 0))], ["A", "B"]))[1]
    assert dict(zip(head, hidden, strict=True))["group_A_n_seen"] == ""
