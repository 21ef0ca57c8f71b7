"""Paper and pencils for `plots`: a figure measured in inches, text that fits, and how groups are told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any
from warnings import catch_warnings, filterwarnings

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike
from PIL import Image

INK, MUTED, LINE, SURFACE, PAPER = "#1B2126", "#56616B", "#D5DADF", "#F5F7F8", "#FFFFFF"
WIDTH = 9.0
"""Of every figure, in inches: about 64 characters of its text, which is what a reader's eye takes in."""
DOTS_PER_INCH = 144
SHOWN_PIXELS_PER_INCH = 84
"""In a notebook: half of the dots, so that screens with fine dots show fine text."""
TITLE, BODY, SMALL = 15.5, 11.5, 10.0
"""Sizes of text, in points."""
LEADING = 1.4
"""Distance between lines of text, in their size."""

# Beside the font that matplotlib brings: those in which systems usually write what it can't.
_OTHER_SCRIPTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "WenQuanYi Zen Hei",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "Noto Sans Arabic",
    "Noto Sans Devanagari",
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a group is told apart: by letter and shape, never by colour alone.

    The colours keep a contrast of 4.5 to white and stay apart for people who see fewer colours.
    """

    letter: str
    marker: str
    colour: str


LOOKS = (
    Look("A", "o", "#143349"),
    Look("B", "^", "#A85E0E"),
    Look("C", "s", "#048157"),
    Look("D", "D", "#AE1EC2"),
    Look("E", "P", "#403513"),
)
EVERYBODY = Look("", "o", MUTED)


class Picture(Figure):
    """A figure on paper of so many inches, x from the left and y from the top, that a notebook shows by itself.

    The same data give the same picture: nothing is taken from the settings of the program around it.
    """

    def __init__(self, *, title: str, note: str, height: float) -> None:
        super().__init__(facecolor=PAPER)
        FigureCanvasAgg(self)
        self.title, self.note = title, note
        heading = wrapped(title, WIDTH, TITLE, weight="bold")
        notes = wrapped(note, WIDTH, SMALL)
        self.top = _height(heading, TITLE) + 0.06 + _height(notes, SMALL) + 0.22
        self.set_size_inches(WIDTH + 0.4, self.top + height + 0.4)
        self.paper = self._blank(height)
        self.write(0, 0, heading, size=TITLE, weight="bold")
        self.write(0, _height(heading, TITLE) + 0.06, notes, size=SMALL, colour=MUTED)

    def _blank(self, height: float) -> Axes:
        wide, high = self.get_size_inches()
        body = (0.2 / wide, 0.2 / high, WIDTH / wide, (self.top + height) / high)
        paper = self.add_axes(body)
        paper.set(xlim=(0, WIDTH), ylim=(self.top + height, 0))
        paper.axis("off")
        return paper

    def write(
        self,
        x: float,
        y: float,
        text: str | Sequence[str],
        *,
        size: float = BODY,
        colour: str = INK,
        weight: str = "normal",
        align: str = "left",
        halo: bool = False,
    ) -> float:
        """Write lines of text with the top of the first at y; return where the next would stand."""
        lines = [text] if isinstance(text, str) else text
        effects = [withStroke(linewidth=4.5, foreground=PAPER)] if halo else []
        for line in lines:
            self.paper.text(
                x,
                y + 0.82 * size / 72,
                line.replace("$", r"\$"),
                fontproperties=_font(size, weight),
                color=colour,
                ha=align,
                va="baseline",
                path_effects=effects,
            )
            y += LEADING * size / 72
        return y

    def mark(self, x: Any, y: Any, look: Look, *, area: Any = 60.0, faint: bool = False) -> None:
        """Draw a group's shape at places, with so large an area in square points."""
        opacity = 0.55 if faint else 1.0
        kept = {"color": look.colour, "alpha": opacity, "edgecolor": PAPER, "linewidth": 0.8, "zorder": 3}
        self.paper.scatter(x, y, s=area, marker=look.marker, **kept)

    def bar(self, x: float, y: float, width: float, height: float, **drawn: Any) -> None:
        """Draw a rectangle with its top left at (x, y)."""
        self.paper.add_patch(Rectangle((x, y), width, height, **{"linewidth": 0, **drawn}))

    def line(self, x: ArrayLike, y: ArrayLike, **drawn: Any) -> None:
        """Draw a line through places."""
        self.paper.plot(
            np.asarray(x), np.asarray(y), **{"color": INK, "linewidth": 1.0, "solid_capstyle": "butt", **drawn}
        )

    def whisker(self, low: float, high: float, y: float) -> None:
        """Draw an interval: thin, with a white rim, so that it is seen on bars and beside them."""
        rim = [withStroke(linewidth=3.2, foreground=PAPER)]
        self.line([low, high], [y, y], linewidth=1.4, path_effects=rim, zorder=4)

    def png(self) -> bytes:
        """Return the picture as a PNG of 128 colours: small enough to keep in a notebook."""
        self.set_dpi(DOTS_PER_INCH)
        canvas = FigureCanvasAgg(self)
        canvas.draw()
        dots = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        file = BytesIO()
        dots.quantize(128, dither=Image.Dither.NONE).save(file, format="png", optimize=True)
        return file.getvalue()

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        """Show the picture in a notebook, with its finding for whoever can't see it."""
        wide, high = self.get_size_inches() * SHOWN_PIXELS_PER_INCH
        return self.png(), {"width": round(wide), "height": round(high), "alt": f"{self.title}. {self.note}"}


def wrapped(text: str, width: float, size: float, *, weight: str = "normal", at_most: int = 99) -> list[str]:
    """Return text in lines no wider than so many inches, and no more than so many lines.

    Scripts without spaces are broken anywhere. What doesn't fit ends in an ellipsis.
    """
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and _width(joined, size, weight) <= width:
            lines[-1] = joined
            continue
        lines.append("")
        for character in word:
            if lines[-1] and _width(lines[-1] + character, size, weight) > width:
                lines.append("")
            lines[-1] += character
    if len(lines) <= at_most:
        return lines
    last = lines[at_most - 1]
    while last and _width(last + " …", size, weight) > width:
        last = last[:-1]
    return [*lines[: at_most - 1], last.rstrip(" ,.;:") + " …"]


def tinted(colour: str, strength: float) -> str:
    """Return a colour mixed with white: 1 is the colour itself, 0 is white."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - strength * (255 - part)):02X}" for part in parts)


def rounded_outline(corners: np.ndarray) -> np.ndarray:
    """Return a closed outline with its corners cut until they look round: Chaikin (1974), three times."""
    for _ in range(3):
        following = np.roll(corners, -1, axis=0)
        cut = np.stack((0.75 * corners + 0.25 * following, 0.25 * corners + 0.75 * following), axis=1)
        corners = cut.reshape(-1, 2)
    return corners


def _height(lines: Sequence[str], size: float) -> float:
    return len(lines) * LEADING * size / 72


@cache
def _font(size: float, weight: str) -> FontProperties:
    present = {entry.name for entry in fontManager.ttflist}
    others = [name for name in _OTHER_SCRIPTS if name in present]
    return FontProperties(family=["DejaVu Sans", *others], size=size, weight=weight)


@cache
def _ruler() -> Any:
    return FigureCanvasAgg(Figure(dpi=72)).get_renderer()


@cache
def _width(text: str, size: float, weight: str) -> float:
    """Return how wide a line of text is, in inches; what no font here can write is told when it's drawn."""
    with catch_warnings():
        filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        return _ruler().get_text_width_height_descent(text, _font(size, weight), False)[0] / 72
