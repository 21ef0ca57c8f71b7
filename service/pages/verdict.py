"""The finding in sentences: what a reader should know after ten seconds."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from service.pages.bars import Bar
from service.pages.certainty import Estimate, ShownCertainty
from service.pages.map_page import MapPage, ShownGroup
from service.pages.shown_statement import ShownStatement
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
    how_sure
        Sentences that say how sure the groups are.
    """

    groups: Markup | None = None
    differs: Markup | None = None
    shares: Markup | None = None
    next: Markup | None = None
    how_sure: tuple[Markup, ...] = ()


def verdict(page: MapPage, words: Words, quote: Quote) -> Verdict:
    """Return the finding of a page.

    Parameters
    ----------
    quote
        Writes a statement inside a sentence.
    """
    sure = page.certainty
    if page.state == "no-structure" and sure is not None and sure.verdict is not None:
        return Verdict(groups=_without_groups(sure, words), next=_next(page, words))
    if page.state != "ready":
        return Verdict(next=_next(page, words))
    if sure is not None and not sure.has_groups:
        return Verdict(groups=_without_groups(sure, words))
    if sure is not None and sure.verdict == "not enough votes yet":
        so_far = words("sure_so_far", groups=_named(page.groups, words))
        return Verdict(groups=_too_early(sure, words), how_sure=(so_far,))
    return Verdict(
        groups=_groups(page, words),
        how_sure=_how_sure(page, words),
        differs=None if page.differs is None else _differs(page.differs, words, quote),
        shares=None if page.shares is None else _shares(page.shares, words, quote),
    )


def size_of(group: ShownGroup, words: Words) -> Markup:
    """Return how many people a group has, in words."""
    if group.n_participants is None:
        return words("few_people")
    return words("people", n=group.n_participants)


def told(estimate: Estimate, direction: str, words: Words) -> Markup:
    """Return a share with its interval and its people in words: 81 % (77–85) of 312 people agree."""
    sentence = words(f"estimate_{direction}", share=_share(estimate, words), n=estimate.n_people)
    if estimate.group is None:
        return sentence
    return words("estimate_of_group", group=words("group_title", letter=estimate.group), estimate=sentence)


def _groups(page: MapPage, words: Words) -> Markup:
    groups, sure = page.groups, page.certainty
    if len(groups) == 1:
        return words("verdict_one_group", size=size_of(groups[0], words))
    kind = _KIND_OF.get(sure.verdict or "", "verdict_groups") if sure else "verdict_groups"
    return words(kind, count=words(f"count_{len(groups)}"), groups=_named(groups, words))


_KIND_OF = {"distinct groups": "sure_distinct", "leanings on a spectrum": "sure_spectrum"}


def _named(groups: tuple[ShownGroup, ...], words: Words) -> Markup:
    return words.several(
        [words("group_with_size", letter=one.letter, size=size_of(one, words)) for one in groups]
    )


def _too_early(sure: ShownCertainty, words: Words) -> Markup:
    if "participants" in sure.missing:
        missing = sure.missing
        return words("sure_too_early", n=missing["participants"], votes_each=missing["votes_each"])
    return words("sure_too_early_statements", n=sure.missing["statements"])


def _without_groups(sure: ShownCertainty, words: Words) -> Markup:
    """Return the sentence for people who don't fall into groups on the map."""
    if sure.verdict == "not enough votes yet":
        return _too_early(sure, words)
    kinds = {"no stable groups": "sure_no_groups", "no shared pattern": "sure_no_pattern"}
    return words(kinds.get(sure.verdict or "", "sure_beginning"))


def _how_sure(page: MapPage, words: Words) -> tuple[Markup, ...]:
    """Return what is known of the groups on the map, sentence by sentence."""
    sure = page.certainty
    if sure is None:
        return (words("sure_pending"),)
    if sure.verdict is None:
        return (words("sure_unknown"),)
    sentences = []
    if sure.recovery:
        found = [
            words("sure_share_of", share=words.percent(share), group=words("group", letter=letter))
            for letter, share in sure.recovery.items()
        ]
        sentences.append(words("sure_recovery", shares=words.several(found)))
    if sure.n_groups != len(page.groups):
        sentences.append(words("sure_other_number", shown=len(page.groups), n=sure.n_groups))
    if sure.n_in_between != 0:
        key = "sure_few_in_between" if sure.n_in_between is None else "sure_in_between"
        sentences.append(words(key, n=sure.n_in_between))
    return tuple(sentences)


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


def _share(bar: Bar | Estimate, words: Words) -> Markup:
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
