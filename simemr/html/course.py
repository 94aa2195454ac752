"""The course of NEWS2 over the last days, as a picture of our own: the Royal College of Physicians' charts may not be
changed, so none is drawn here.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from simemr.domain import when
from simemr.domain.record import Patient
from simemr.html import score
from simemr.html.escape import Markup, el, join


def course(patient: Patient, clock: datetime, hours: int = 72) -> Markup:
    """Return the score over the last days as a picture of our own, with the thresholds of 5 and 7."""
    start = clock - timedelta(hours=hours)
    scored = [(o.at, score.of(o, patient.news2_scale)) for o in patient.observations]
    points = [(at, s.total) for at, s in scored if s is not None and start <= at <= clock]
    if len(points) < 2:
        return Markup("")
    first, last = points[0], points[-1]
    told = (
        f"NEWS2 over {hours} hours: from {first[1]} ({when.moment_text(first[0], clock)}) to {last[1]} "
        f"({when.moment_text(last[0], clock)}), at most {max(p for _, p in points)}. "
        "Every number stands in the table below."
    )
    picture = _picture(points, start, clock)
    return el(
        "figure", el("figcaption", "NEWS2 over the last 72 hours"), picture, el("p", told, class_="em-unseen"),
        class_="em-course",
    )  # fmt: skip


def _picture(points: Sequence[tuple[datetime, int]], start: datetime, end: datetime) -> Markup:
    width, height, left, right, pad = 640, 140, 30, 110, 12
    top = max(10, *(total for _, total in points))

    def x(at: datetime) -> float:
        return round(left + (width - left - right) * ((at - start) / (end - start)), 1)

    def y(total: float) -> float:
        return round(height - pad - (height - 2 * pad) * total / top, 1)

    lines = [
        join(
            el("line", x1=left, x2=width - right, y1=y(at), y2=y(at), class_=look),
            el("text", at, x=left - 8, y=y(at) + 4, text_anchor="end"),
            el("text", name, x=width - right + 6, y=y(at) + 4),
        )
        for at, name, look in ((0, "", "em-axis"), (5, "5: urgent", "em-limit"), (7, "7: emergency", "em-limit"))
    ]
    path = " ".join(f"{x(at)},{y(total)}" for at, total in points)
    line = el("polyline", points=path, fill="none", stroke="currentColor", stroke_width="2", stroke_linejoin="round")
    dots = [el("circle", cx=x(at), cy=y(total), r="3", fill="currentColor") for at, total in points]
    return el(
        "svg", lines, line, dots, viewBox=f"0 0 {width} {height}", class_="em-course-picture", aria_hidden="true",
        focusable="false",
    )  # fmt: skip
