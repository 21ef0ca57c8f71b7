"""The report's summary: five sentences, each claim with the people it rests on and its 90 % interval."""

from markupsafe import Markup

from service.desk.shares import Share, Shares
from service.pages.certainty import Estimate, SureStatement
from service.pages.map_page import MapPage
from service.pages.shown_statement import ShownStatement
from service.pages.verdict import Quote, Verdict, told
from service.pages.words import Words

ByStatement = dict[str, tuple[Shares, ...]]


def summary(
    page: MapPage, verdict: Verdict, by_statement: ByStatement, words: Words, quote: Quote
) -> tuple[Markup, ...]:
    """Return the summary, sentence by sentence: who took part, groups, what is shared, what divides, how sure.

    Parameters
    ----------
    page, verdict
        What the map's own page says of the same map.
    by_statement
        The shares of every statement, those of everybody last.
    quote
        Writes a statement inside a sentence.
    """
    if page.document["n_votes"] == 0:
        return (words("no-votes"),)
    sentences = [_who(page, words), verdict.groups or words(page.state)]
    if verdict.groups is None and verdict.next is not None:
        sentences.append(verdict.next)
    more = (
        _shared(page, by_statement, words, quote),
        _divided(page, by_statement, words, quote),
        _how_sure(page, words),
    )
    sentences += [sentence for sentence in more if sentence is not None]
    return tuple(sentences)


def _who(page: MapPage, words: Words) -> Markup:
    n_people = words("people", n=page.document["n_participants"])
    n_votes = words("n_votes_long", n=page.document["n_votes"])
    n_statements = words("report_statements", n=page.document["n_statements_counted"])
    return words("report_who", people=n_people, votes=n_votes, statements=n_statements)


def _shared(page: MapPage, by_statement: ByStatement, words: Words, quote: Quote) -> Markup | None:
    sure = page.certainty
    if sure is not None and sure.has_groups and sure.by_all:
        return _said("report_most_shared_least", sure.by_all[0], by_statement, words, quote)
    if sure is not None and sure.by_most:
        return _said("report_most_think", sure.by_most[0], by_statement, words, quote)
    if sure is None and page.shares is not None:
        shares = by_statement[page.shares.id][:-1]
        told_of = [share_of(one, one.agree, "agree", words) for one in shares if one.agree]
        return words(
            "report_most_shared", statement=quote(page.shares), shares=words("report_and").join(told_of)
        )
    return words("report_nothing_shared") if sure is not None and sure.verdict is not None else None


def _divided(page: MapPage, by_statement: ByStatement, words: Words, quote: Quote) -> Markup | None:
    sure = page.certainty
    if sure is not None and not sure.has_groups and sure.unsure:
        return _said("report_most_doubted", sure.unsure[0], by_statement, words, quote)
    if sure is not None and sure.has_groups and sure.dividing:
        return _said("report_most_dividing", sure.dividing[0], by_statement, words, quote)
    if sure is None and page.differs is not None:
        shares = [one for one in by_statement[page.differs.id][:-1] if one.agree]
        ends = (max(shares, key=_agreeing), min(shares, key=_agreeing))
        told_of = [share_of(one, one.agree, "agree", words) for one in ends if one.agree]
        return words(
            "report_most_dividing", statement=quote(page.differs), shares=words("report_and").join(told_of)
        )
    return words("report_nothing_divides") if sure is not None and sure.has_groups and page.groups else None


def _agreeing(shares: Shares) -> int:
    return shares.agree.percent if shares.agree else 0


def _how_sure(page: MapPage, words: Words) -> Markup | None:
    sure = page.certainty
    if sure is None:
        return words("report_sure_pending")
    key = _SURE.get(sure.verdict or "")
    return words("sure_unknown") if key is None else words(key)


_SURE = {
    "distinct groups": "report_sure_distinct",
    "leanings on a spectrum": "report_sure_spectrum",
    "no stable groups": "report_sure_no_groups",
    "no shared pattern": "report_sure_no_pattern",
    "not enough votes yet": "report_sure_too_early",
}


def _said(key: str, one: SureStatement, by_statement: ByStatement, words: Words, quote: Quote) -> Markup:
    shares = [told_here(estimate, one, by_statement, words) for estimate in one.estimates]
    return words(key, statement=quote(one.statement), shares=words("report_and").join(shares))


def told_here(estimate: Estimate, one: SureStatement, by_statement: ByStatement, words: Words) -> Markup:
    """Return a share that is sure in words, with the figures that stand beside its bar.

    What is sure was found with groups made without the statement; its votes are told of the groups on the map,
    so that one statement has one figure everywhere.
    """
    for shares in by_statement.get(one.statement.id, ()):
        share = {"agree": shares.agree, "disagree": shares.disagree, "pass": shares.passed}[one.direction]
        if shares.group == estimate.group and share is not None:
            return share_of(shares, share, one.direction, words)
    return told(estimate, one.direction, words)


def share_of(shares: Shares, share: Share, direction: str, words: Words) -> Markup:
    """Return one share in words, with its interval and its people, and of whom it is.

    Parameters
    ----------
    direction
        `agree`, `disagree` or `pass`: what the share is of.
    """
    figure = words("share_with_interval", percent=words.percent(share.percent / 100), low=share.low,
                   high=share.high)  # fmt: skip
    sentence = words(f"estimate_{direction}", share=figure, n=shares.n_seen)
    if shares.group is None:
        return sentence
    return words("estimate_of_group", group=words("group_title", letter=shares.group), estimate=sentence)


def quoted_with(statement: ShownStatement, words: Words, without_full_stop: str) -> Markup:
    """Return a statement inside a sentence, in its own language and direction."""
    return Markup('<bdi lang="{}">{}</bdi>').format(statement.language, words("quoted", text=without_full_stop))
