"""What the report's template is filled with."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from markupsafe import Markup

from service.api.settings_schemas import OUTCOME_SETTING
from service.desk.report import Report
from service.desk.summary import quoted_with, share_of, summary, told_here
from service.pages.certainty import Estimate, SureStatement
from service.pages.colours import LOOKS
from service.pages.map_page import MapPage, MarkingStatement
from service.pages.routes import without_full_stop
from service.pages.shown_statement import ShownStatement
from service.pages.verdict import Quote, Verdict, verdict
from service.pages.words import Words
from service.store.records import Conversation

LONGEST_QUOTE = 220
"""Characters of a statement quoted inside a sentence; the whole stands where its votes are shown."""


def figure_values(page: MapPage, words: Words) -> dict[str, Any]:
    """Return what every figure of a map on the desk is filled with."""
    return {
        "looks": LOOKS,
        "places": {},
        "sizes": {group.letter: short_size(group.n_participants, words) for group in page.groups},
        "quote": quoting(words),
        "without_full_stop": without_full_stop,
        "moment": moment_in(page.published_at, words),
        "judged_at": moment_in(page.certainty.made_at if page.certainty else None, words),
    }


def report_values(conversation: Conversation, report: Report, words: Words) -> dict[str, Any]:
    """Return what the template of the report is filled with, but for addresses."""
    quote, said = quoting(words), desk_verdict(report.page, words)

    def told_of(estimate: Estimate, one: SureStatement) -> Markup:
        """Return a share that is sure in words."""
        return told_here(estimate, one, dict(report.by_statement), words)

    def share_in(one: MarkingStatement, letter: str) -> Markup | None:
        """Return what one group thinks of a statement that marks it, in words."""
        for shares in report.by_statement[one.statement.id]:
            share = shares.agree if one.direction == "agree" else shares.disagree
            if shares.group == letter and share is not None:
                return share_of(shares, share, one.direction, words)
        return None

    return figure_values(report.page, words) | {
        "report": report,
        "page": report.page,
        "labels": report.labels,
        "verdict": said,
        "summary": summary(report.page, said, dict(report.by_statement), words, quote),
        "share_in": share_in,
        "told_of": told_of,
        "outcome": conversation.settings.get(OUTCOME_SETTING, ""),
    }


def desk_verdict(page: MapPage, words: Words) -> Verdict:
    """Return the finding as the desk tells it: its pages don't refresh, and may speak of a map of earlier."""
    said = verdict(page, words, quoting(words))
    if page.certainty is None and said.how_sure:
        return replace(said, how_sure=(words("report_sure_pending"),))
    return said


def quoting(words: Words) -> Quote:
    """Return what writes a statement inside a sentence."""

    def quote(statement: ShownStatement) -> Markup:
        text = statement.text or str(words("hidden_statement"))
        if len(text) > LONGEST_QUOTE:
            text = text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + "…"
        return quoted_with(statement, words, without_full_stop(text))

    return quote


def short_size(n_participants: int | None, words: Words) -> str:
    """Return how many people a group has, short enough for a figure."""
    return "< 5" if n_participants is None else words.number(n_participants)


def moment_in(moment: datetime | None, words: Words) -> Markup | None:
    """Return a moment as HTML knows it, or nothing."""
    if moment is None:
        return None
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), words.time(moment))
