"""The words of the pages in a reader's language, with that language's numbers and plurals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from markupsafe import Markup

from service.pages.texts_embedding_en import EMBEDDING_ENGLISH
from service.pages.texts_embedding_nl import EMBEDDING_DUTCH
from service.pages.texts_en import ENGLISH
from service.pages.texts_gallery_en import GALLERY_ENGLISH
from service.pages.texts_gallery_nl import GALLERY_DUTCH
from service.pages.texts_nl import DUTCH
from service.pages.texts_taking_part_en import TAKING_PART_ENGLISH
from service.pages.texts_taking_part_nl import TAKING_PART_DUTCH

Texts = Mapping[str, str | tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words.

    Attributes
    ----------
    language
        Its tag, for `lang`.
    name
        What it calls itself.
    texts
        By key: a text with `{names}` to fill in, or a pair (for one, for any other number) chosen by `n`.
    thousands, decimal
        Its marks in numbers.
    """

    language: str
    name: str
    texts: Texts
    thousands: str
    decimal: str

    def __call__(self, key: str, **values: Any) -> Markup:
        """Return a text with its values filled in: numbers written out, everything else escaped."""
        text = self.texts[key]
        if isinstance(text, tuple):
            text = text[0] if values["n"] == 1 else text[1]
        written = {name: self.number(value) if _is_number(value) else value for name, value in values.items()}
        # The texts are ours; what is filled in may be anybody's, and `Markup.format` escapes it.
        return Markup(text).format(**written)  # noqa: S704

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number as this language writes it."""
        written = f"{value:,.{decimals}f}"
        return written.translate({ord(","): self.thousands, ord("."): self.decimal})

    def percent(self, share: float) -> str:
        """Return a share between 0 and 1 as a whole percentage."""
        return f"{round(100 * share)}\u202f%"

    def time(self, moment: datetime) -> str:
        """Return a moment as people write it, in UTC; pages with JavaScript show the reader's own time."""
        there = moment.astimezone(UTC)
        month = str(self("months")).split()[there.month - 1]
        return f"{there.day} {month} {there.year}, {there:%H:%M} UTC"

    def day(self, day: date) -> str:
        """Return a day as people write it."""
        return f"{day.day} {str(self('months')).split()[day.month - 1]} {day.year}"

    def several(self, parts: list[Any]) -> Markup:
        """Return parts as an enumeration: a, b and c."""
        if len(parts) < 2:
            return Markup("").join(parts)
        return self("and", first=Markup(", ").join(parts[:-1]), last=parts[-1])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


LANGUAGES = {
    words.language: words
    for words in (
        Words(
            language="nl",
            name="Nederlands",
            texts=DUTCH | TAKING_PART_DUTCH | GALLERY_DUTCH | EMBEDDING_DUTCH,
            thousands=".",
            decimal=",",
        ),
        Words(
            language="en",
            name="English",
            texts=ENGLISH | TAKING_PART_ENGLISH | GALLERY_ENGLISH | EMBEDDING_ENGLISH,
            thousands=",",
            decimal=".",
        ),
    )
}


def words_for(*, wanted: str | None, conversation: str | None, accepted: list[str]) -> Words:
    """Return the words to speak: the language asked for, the conversation's, the reader's, or else English.

    Parameters
    ----------
    wanted
        What the address asks for, if it does.
    conversation
        The conversation's language tag, if there is a conversation.
    accepted
        The reader's language tags, best first.
    """
    for tag in (wanted, conversation, *accepted):
        short = (tag or "").lower().partition("-")[0]
        if short in LANGUAGES:
            return LANGUAGES[short]
    return LANGUAGES["en"]
