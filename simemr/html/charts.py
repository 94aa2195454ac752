"""Small lines that show a trend. The numbers themselves always stand in a table near by."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from simemr.html.escape import Markup, el, join

Point = tuple[datetime, float]


def sparkline(
    points: Sequence[Point],
    *,
    low: float | None = None,
    high: float | None = None,
    until: datetime | None = None,
    hours: int = 72,
    width: int = 110,
    height: int = 26,
) -> Markup:
    """Return an SVG line of the last ``hours`` before ``until`` (default: the last point), with the range as a band.

    Hidden from screen readers: it adds nothing to the table beside it. Fewer than two points give no line.
    """
    if not points:
        return Markup("")
    end = until or points[-1][0]
    start = end - timedelta(hours=hours)
    shown = [(at, value) for at, value in points if start <= at <= end]
    if len(shown) < 2:
        return Markup("")
    values = [value for _, value in shown]
    # a range far from the values would press the line flat, so only its near edge counts
    bottom, top = min(values), max(values)
    room = (top - bottom) or abs(top) * 0.1 or 1.0
    if low is not None and bottom - room < low <= top:
        bottom = min(bottom, low)
    if high is not None and bottom <= high < top + room:
        top = max(top, high)
    pad, span = 3.0, (top - bottom) or 1.0

    def x(at: datetime) -> float:
        return round(pad + (width - 2 * pad) * ((at - start) / (end - start)), 1)

    def y(value: float) -> float:
        value = min(max(value, bottom), top)
        return round(height - pad - (height - 2 * pad) * ((value - bottom) / span), 1)

    band = Markup("")
    if low is not None or high is not None:
        upper, lower = y(top if high is None else high), y(bottom if low is None else low)
        if lower > upper:
            band = el("rect", x=0, y=upper, width=width, height=round(lower - upper, 1), class_="em-band")
    path = " ".join(f"{x(at)},{y(value)}" for at, value in shown)
    line = el("polyline", points=path, fill="none", stroke="currentColor", stroke_width="2", stroke_linejoin="round")
    dot = el("circle", cx=x(shown[-1][0]), cy=y(shown[-1][1]), r="2.6", fill="currentColor")
    return el(
        "svg",
        join(band, line, dot),
        class_="em-spark",
        width=width,
        height=height,
        viewBox=f"0 0 {width} {height}",
        aria_hidden="true",
        focusable="false",
    )
