"""A statement as the pages show it."""

from dataclasses import dataclass

from service.pages.bars import Bar


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """A statement with its votes.

    Attributes
    ----------
    id
        Its id.
    text, language
        Its text, nothing when it is no longer shown, and that text's language.
    bars
        The votes of every group, by letter.
    everybody
        The votes of everybody.
    is_meta
        Whether it is about the conversation itself.
    """

    id: str
    text: str | None
    language: str
    bars: tuple[Bar, ...]
    everybody: Bar
    is_meta: bool
