"""How opinion groups are told apart: a letter, a shape and a colour, never by colour alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """How one group is drawn.

    Attributes
    ----------
    letter
        Its letter.
    shape
        Its shape as a character, for sentences and tables.
    path
        Its shape as an SVG path around the origin, about 20 units across.
    light, dark
        Its colour on the light and on the dark background, as #RRGGBB; the style sheet repeats them, and a test
        compares.
    """

    letter: str
    shape: str
    path: str
    light: str
    dark: str


LOOKS = {
    look.letter: look
    for look in (
        Look("A", "●", "M-9 0A9 9 0 1 0 9 0A9 9 0 1 0 -9 0Z", "#143349", "#A5D0F7"),
        Look("B", "▲", "M0 -10L10 8L-10 8Z", "#A85E0E", "#F17D33"),
        Look("C", "■", "M-8 -8H8V8H-8Z", "#048157", "#14F3AD"),
        Look("D", "◆", "M0 -11L11 0L0 11L-11 0Z", "#AE1EC2", "#E93DF8"),
        Look("E", "✚", "M-3.5 -10H3.5V-3.5H10V3.5H3.5V10H-3.5V3.5H-10V-3.5H-3.5Z", "#403513", "#F5E21F"),
    )
}

BACKGROUND = {"light": "#FFFFFF", "dark": "#14181C"}
INK = {"light": "#1B2126", "dark": "#E8ECEF"}
MUTED = {"light": "#56616B", "dark": "#A8B3BC"}
