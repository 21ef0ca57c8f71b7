"""The finding in sentences: what a reader should know after ten seconds."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from service.pages.bars import Bar
from service.pages.map_page import MapPage, ShownGroup, ShownStatement
from service.pages.words import Words

Quote = Callable[[ShownStatement], Markup]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The finding.

    Attributes
    ----------
    groups, differs, shares
        Which groups there are, what they differ on most, what they share most; nothing when there is none.
    next
        What has to happen before there is more to say; nothing when there are groups.
    """

    groups: Markup | None = None
    differs: Markup | None = None
    shares: Markup | None = None
    next: Markup | None = None


def verdict(page: MapPage, words: Words, quote: Quote) -> Verdict:
    """Return the finding of a page.

    Parameters
    ----------
    quote
        Writes a statement inside a sentence.
    """
    if page.state != "ready":
        return Verdict(next=_next(page, words))
    return Verdict(
        groups=_groups(page.groups, words),
        differs=None if page.differs is None else _differs(page.differs, words, quote),
        shares=None if page.shares is None else _shares(page.shares, words, quote),
    )


def size_of(group: ShownGroup, words: Words) -> Markup:
    """Return how many people a group has, in words."""
    if group.n_participants is None:
        return words("few_people")
    return words("people", n=group.n_participants)


def _groups(groups: tuple[ShownGroup, ...], words: Words) -> Markup:
    if len(groups) == 1:
        return words("verdict_one_group", size=size_of(groups[0], words))
    named = [words("group_with_size", letter=one.letter, size=size_of(one, words)) for one in groups]
    return words("verdict_groups", count=words(f"count_{len(groups)}"), groups=words.several(named))


def _differs(statement: ShownStatement, words: Words, quote: Quote) -> Markup:
    first = max(statement.bars, key=lambda bar: bar.share)
    second = min(statement.bars, key=lambda bar: bar.share)
    return words(
        "verdict_differ",
        statement=quote(statement),
        first=_share(first, words),
        first_group=words("group", letter=first.group),
        second=_share(second, words),
        second_group=words("group", letter=second.group),
    )


def _shares(statement: ShownStatement, words: Words, quote: Quote) -> Markup:
    shares = [
        words("share_of_group", share=_share(bar, words), group=words("group", letter=bar.group))
        for bar in statement.bars
    ]
    return words("verdict_share", statement=quote(statement), shares=words.several(shares))


def _share(bar: Bar, words: Words) -> Markup:
    return words(
        "share_with_interval",
        percent=words.percent(bar.share),
        low=words.number(100 * bar.low),
        high=words.number(100 * bar.high),
    )


def _next(page: MapPage, words: Words) -> Markup:
    missing = page.document["missing"]
    if page.state == "too-few-participants":
        if not missing:
            return words("too-few-participants_unknown")
        return words("too-few-participants_next", n=missing["participants"], votes_each=missing["votes_each"])
    if page.state == "too-few-statements":
        return (
            words("too-few-statements_next", n=missing["statements"])
            if missing
            else words(f"{page.state}_unknown")
        )
    return words("first_map_next" if page.state == "first-map" else f"{page.state}_next")
