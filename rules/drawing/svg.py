"""The few SVG elements the picture is made of, as text. Knows nothing of rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 1123, 794
"""A4 landscape at 96 dots an inch; a larger rule base makes the page higher."""

INK, MUTED, LINE = "#101828", "#475467", "#98a2b3"
SANS = "'Noto Sans CJK JP', 'Noto Sans JP', 'Hiragino Sans', 'Yu Gothic', Meiryo, sans-serif"
MONO = "'DejaVu Sans Mono', Menlo, Consolas, monospace"
STYLE = f"text{{font-family:{SANS}}} .m{{font-family:{MONO}}} .a{{fill:none}}"
TIP = (
    '<defs><marker id="tip" markerUnits="userSpaceOnUse" markerWidth="8" markerHeight="8" refX="7.5" refY="4"'
    ' orient="auto"><path d="M0 0L8 4L0 8z" fill="#667085"/></marker></defs>'
)


@dataclass(frozen=True)
class Box:
    """A place on the page."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Return the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Return the height of the middle."""
        return self.y + self.height / 2


def page(title: str, height: float, lines: Iterable[str]) -> str:
    """Return the document; it prints on one page."""
    tall = max(HEIGHT, round(height))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall}" width="{WIDTH}" height="{tall}"'
    return "\n".join(
        (
            f'{head} role="img" xml:lang="ja">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
            TIP,
            f'<rect width="{WIDTH}" height="{tall}" fill="#ffffff"/>',
            *lines,
            "</svg>\n",
        )
    )


def box(place: Box, fill: str, ink: str, round_: float = 6) -> str:
    """Return a rectangle with rounded corners."""
    where = f'x="{place.x:.1f}" y="{place.y:.1f}" width="{place.width:.1f}" height="{place.height:.1f}"'
    return f'<rect {where} rx="{round_}" fill="{fill}" stroke="{ink}"/>'


def text(  # noqa: PLR0913 - a text has so many properties
    x: float, y: float, words: str, size: float, *, ink: str = INK, bold: bool = False, hint: str = ""
) -> str:
    """Return a line of text; `hint` is shown to who points at it."""
    weight = ' font-weight="700"' if bold else ""
    title = f"<title>{escape(hint)}</title>" if hint else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{ink}"{weight}>{title}{escape(words)}</text>'


def code(x: float, y: float, words: str, ink: str = MUTED) -> str:
    """Return an id, in small type of equal width."""
    return f'<text class="m" x="{x:.1f}" y="{y:.1f}" font-size="8.5" fill="{ink}">{escape(words)}</text>'


def tag(right: float, y: float, words: str) -> tuple[str, float]:
    """Return a small tag that ends at `right` on the line of text at `y`, and its width."""
    width = 9.0 * len(words) + 7
    shape = box(Box(right - width, y - 10.5, width, 14), "#eff4ff", "#b2ccff", 7)
    word = f'<text x="{right - width / 2:.1f}" y="{y:.1f}" font-size="9" fill="#1849a9" text-anchor="middle">'
    return f"{shape}{word}{escape(words)}</text>", width


def path(steps: str, *, tip: bool = True, ink: str = "#667085") -> str:
    """Return a line along the steps, with an arrow tip at its end."""
    end = ' marker-end="url(#tip)"' if tip else ""
    return f'<path class="a" d="{steps}" stroke="{ink}" stroke-width="1.3"{end}/>'


def curve(x: float, y: float, to_x: float, to_y: float) -> str:
    """Return an arrow that leaves and arrives level."""
    half = (x + to_x) / 2
    return path(f"M{x:.1f} {y:.1f}C{half:.1f} {y:.1f} {half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
