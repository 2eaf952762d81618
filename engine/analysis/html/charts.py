"""Small charts as inline SVG: widths in percent, so that they fit every screen."""

from __future__ import annotations

from collections.abc import Sequence

from engine.analysis.markup import Markup, join, tag

ROW, BAR, FONT = 44, 16, 14
HEIGHT = 160


def bars(rows: Sequence[tuple[str, float, str, str]], title: str) -> Markup:
    """Horizontal bars: label, amount, the amount as shown, and a colour class."""
    most = max((amount for _, amount, _, _ in rows), default=0) or 1
    drawn = []
    for n, (label, amount, shown, class_) in enumerate(rows):
        top = n * ROW
        drawn += [
            _text(label, "0", top + FONT),
            _text(shown, "100%", top + FONT, "end"),
            _bar("0", 100.0, top + FONT + 6, "rail"),
            _bar("0", 100 * amount / most, top + FONT + 6, class_),
        ]
    return _chart(drawn, len(rows) * ROW, title)


def stacked(rows: Sequence[tuple[str, Sequence[tuple[int, str]]]], title: str) -> Markup:
    """One bar a row, cut into parts: label, then count and colour class of each part."""
    drawn = []
    for n, (label, cuts) in enumerate(rows):
        top, whole, done = n * ROW, sum(count for count, _ in cuts) or 1, 0.0
        drawn.append(_text(label, "0", top + FONT))
        for count, class_ in cuts:
            share = 100 * count / whole
            drawn.append(_bar(f"{done:.2f}%", share, top + FONT + 6, class_))
            done += share
    return _chart(drawn, len(rows) * ROW, title)


def columns(rows: Sequence[tuple[str, Sequence[tuple[int, str]]]], title: str) -> Markup:
    """One column a row, each as high as the others and cut into parts from the ground up: label,
    then count and colour class of each part. About six of the labels are written."""
    drawn, width, step = [], 100 / max(len(rows), 1), max(-(-len(rows) // 6), 1)
    for n, (label, cuts) in enumerate(rows):
        whole, ground = sum(count for count, _ in cuts) or 1, float(HEIGHT)
        for count, class_ in cuts:
            high = HEIGHT * count / whole
            ground -= high
            drawn.append(_block(n * width, width, ground, high, class_))
        if n % step == 0:
            drawn.append(_text(label, f"{n * width:.2f}%", HEIGHT + FONT + 4))
    return _chart(drawn, HEIGHT + 28, title)


def legend(names: Sequence[tuple[str, str]]) -> Markup:
    """What the colours mean: a class and its words."""
    items = [tag("li", tag("span", class_=f"swatch {class_}"), words) for class_, words in names]
    return tag("ul", items, class_="legend")


def _chart(drawn: list[Markup], height: int, title: str) -> Markup:
    return tag(
        "svg",
        tag("title", title),
        join(drawn),
        class_="chart",
        role="img",
        width="100%",
        height=max(height - 4, 1),
        aria_label=title,
    )


def _text(text: str, x: str, y: int, anchor: str = "start") -> Markup:
    return tag("text", text, x=x, y=y, text_anchor=anchor)


def _bar(x: str, share: float, y: int, class_: str) -> Markup:
    return tag("rect", x=x, y=y, width=f"{share:.2f}%", height=BAR, rx=3, class_=class_)


def _block(x: float, width: float, y: float, high: float, class_: str) -> Markup:
    return tag(
        "rect",
        x=f"{x + width * 0.1:.2f}%",
        y=f"{y:.1f}",
        width=f"{width * 0.8:.2f}%",
        height=f"{high:.1f}",
        class_=class_,
    )
