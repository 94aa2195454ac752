"""Observations: the latest set with its NEWS2, the trend of each measurement, and every set as numbers.

The score is the Royal College of Physicians'; its chart is not redrawn here.
"""

from collections.abc import Callable
from datetime import datetime

from simemr.domain import news2, when
from simemr.domain.record import Observation, Patient
from simemr.html import charts, score, words
from simemr.html.course import course
from simemr.html.escape import Markup, el, hidden, join
from simemr.html.tables import empty, table

Measure = tuple[str, str, Callable[[Observation], str], Callable[[Observation], float] | None]

_MEASURES: tuple[Measure, ...] = (
    ("rr", "Respiration rate", lambda o: f"{o.rr}/min", lambda o: o.rr),
    ("spo2", "Oxygen saturation", lambda o: f"{o.spo2} %", lambda o: o.spo2),
    ("oxygen", "Air or oxygen", words.oxygen, None),
    ("sbp", "Blood pressure", lambda o: f"{o.sbp}/{o.dbp} mmHg", lambda o: o.sbp),
    ("pulse", "Pulse", lambda o: f"{o.pulse}/min", lambda o: o.pulse),
    ("consciousness", "Consciousness", lambda o: words.CONSCIOUSNESS.get(o.consciousness, o.consciousness), None),
    ("temperature", "Temperature", lambda o: f"{o.temperature:.1f} °C", lambda o: o.temperature),
)


def screen(patient: Patient, clock: datetime, advice: bool = True) -> Markup:
    """Return the latest set, the course of NEWS2, then every set, newest first."""
    if not patient.observations:
        return join(el("h3", "Observations"), empty("No observations are recorded yet."))
    return join(
        latest(patient, clock, advice=advice), course(patient, clock), el("h3", "Every set"), _sets(patient, clock)
    )


def latest(patient: Patient, clock: datetime, trends: bool = True, advice: bool = True) -> Markup:
    """Return the newest set with the points of each measurement, and (``advice``) what the total calls for."""
    if not patient.observations:
        return empty("No observations are recorded yet.")
    newest = patient.observations[-1]
    scored = score.of(newest, patient.news2_scale)
    titles = ["Measurement", "Latest", "Points"] + (["72 hours"] if trends else [])
    rows = []
    for key, name, show, number in _MEASURES:
        row = [name, show(newest), _points(scored.parts[key] if scored else None)]
        if trends:
            points = [(o.at, float(number(o))) for o in patient.observations] if number else []
            row.append(charts.sparkline(points, until=clock))
        rows.append(row)
    return join(
        el("h3", f"Latest observations, {when.moment_text(newest.at, clock)}"),
        total(scored, patient.news2_scale, advice),
        table("Latest observations", titles, rows, numbers=(1,), look="em-vitals"),
    )


def total(scored: news2.Score | None, scale: int, advice: bool = True) -> Markup:
    """Return the total in words, and (``advice``) what it calls for."""
    if scored is None:
        return el("p", "NEWS2 can't be worked out: a measurement can't be true.", class_="em-news em-score-medium")
    scale_text = ", SpO₂ scale 2" if scale == 2 else ""
    if not advice:
        return el("p", el("b", f"NEWS2 {scored.total}{scale_text}."), class_="em-news")
    return el(
        "p", el("b", f"NEWS2 {scored.total}: {scored.risk} clinical risk{scale_text}."), " ", scored.response,
        class_=f"em-news {score.look(scored)}",
    )  # fmt: skip


def _points(points: int | None) -> Markup:
    if points is None:
        return Markup("–")
    return el("span", points, hidden(" points"), class_=f"em-points em-points-{min(points, 3)}")


def _sets(patient: Patient, clock: datetime) -> Markup:
    rows = []
    for o in reversed(patient.observations):
        scored = score.of(o, patient.news2_scale)
        rows.append(
            (
                when.moment_text(o.at, clock), score.mark(scored), o.rr, o.spo2, o.oxygen, f"{o.sbp}/{o.dbp}", o.pulse,
                words.CONSCIOUSNESS.get(o.consciousness, o.consciousness), f"{o.temperature:.1f}",
            )
        )  # fmt: skip
    titles = (
        "Time", "NEWS2", "Resp. rate /min", "SpO₂ %", "Oxygen", "BP mmHg", "Pulse /min", "Consciousness", "Temp. °C",
    )  # fmt: skip
    return table("Every set of observations", titles, rows, numbers=(1, 2, 3, 5, 6, 8), wide=True)
