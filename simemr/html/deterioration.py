"""NEWS2 on the screen: a set that waits for its score, and how the points are given.

The score and its thresholds are the Royal College of Physicians', which is credited where they stand. Its charts may
not be changed, so none is drawn here: the table is our own.
"""

import math
from datetime import datetime

from simemr.domain import news2, when
from simemr.domain.actions.deterioration import (
    CALL,
    REPEAT,
    Deterioration,
    ObservationSet,
    Response,
    Scored,
    counted_otherwise,
    sets_of,
)
from simemr.domain.record import Patient
from simemr.domain.session import Session
from simemr.html.escape import Markup, el, join, sign
from simemr.html.tables import table

CREDIT = "National Early Warning Score 2, Royal College of Physicians, 2017. The table is the course's own."
# by points, for the guide: name, part, scale, on oxygen
_LINES = (
    ("Respiration rate /min", "rr", 1, False),
    ("Oxygen saturation %, scale 1", "spo2", 1, False),
    ("Oxygen saturation %, scale 2, on air", "spo2", 2, False),
    ("Oxygen saturation %, scale 2, on oxygen", "spo2", 2, True),
    ("Systolic blood pressure mmHg", "sbp", 1, False),
    ("Pulse /min", "pulse", 1, False),
    ("Temperature °C", "temperature", 1, False),
)


def measurement(found: ObservationSet, part: str) -> str:
    """Return a part with its measurement: "Pulse: 104/min"."""
    oxygen = "air" if found.oxygen == "air" else f"{found.oxygen} oxygen"
    values = {
        "rr": f"{found.rr}/min",
        "spo2": f"{found.spo2} %",
        "oxygen": oxygen,
        "sbp": f"{found.sbp}/{found.dbp} mmHg",
        "pulse": f"{found.pulse}/min",
        "temperature": f"{found.temperature:.1f} °C",
    }
    name = "blood pressure, systolic" if part == "sbp" else news2.PARTS[part]
    return f"{name[:1].upper()}{name[1:]}: {values[part]}"


def sets(session: Session, patient: Patient) -> list[Markup]:
    """Return the patient's sets of this exercise, with what was answered."""
    part = session.state.part(Deterioration)
    made = []
    for found in sets_of(session, patient.id):
        scored, response = part.scored.get(found.id), part.responses.get(found.id)
        made.append(el("div", one(found, scored, response, session.hospital.clock), class_="em-set"))
    return made


def one(
    found: ObservationSet,
    scored: Scored | None,
    response: Response | None,
    clock: datetime,
    measured: bool = True,
) -> Markup:
    """Return one set: what was seen and (``measured``) what was measured, then its score and the answer."""
    at = when.moment_text(found.at, clock)
    parts = [measurement(found, part) for part in news2.PARTS if part != "consciousness"]
    facts = el("ul", [el("li", text) for text in parts], class_="em-set-facts") if measured else ""
    bedside = el("p", el("b", "At the bedside: "), found.behaviour)
    if scored is None:
        return join(el("h4", f"Observations of {at}: not scored yet"), facts, bedside)
    return join(el("h4", f"Observations of {at}"), facts, bedside, given(found, scored), _answer(response))


def given(found: ObservationSet, scored: Scored) -> Markup:
    """Return the score that was given, and where the record counts otherwise."""
    head = f"You scored NEWS2 {scored.total} on SpO₂ scale {scored.scale}."
    other = [news2.PARTS[part] for part in counted_otherwise(found, scored)]
    if not other:
        return el("p", sign("✓"), f" {head}", class_="em-news")
    doubt = f" On this scale the record counts the {' and the '.join(other)} otherwise. Look again."
    return el("p", el("b", head), doubt, class_="em-news em-score-medium")


def _answer(response: Response | None) -> Markup:
    if response is None:
        return Markup("")
    said = f" “{response.words}”" if response.words else ""
    return el(
        "p", sign("✓"), f" Observations: {REPEAT[response.repeat].lower()}. {CALL[response.call]}.{said}",
        class_="em-verdict em-accepted",
    )  # fmt: skip


def guide() -> Markup:
    """Return how the points are given, folded away."""
    rows = [(name, *_by_points(part, scale, oxygen)) for name, part, scale, oxygen in _LINES]
    rows.insert(4, ("Air or oxygen", "air", "–", "oxygen", "–"))
    rows.insert(7, ("Consciousness", "alert", "–", "–", "new confusion; responds to voice or pain; unresponsive"))
    scale = (
        "Scale 2 is for patients with confirmed respiratory failure with high carbon dioxide, whose target of "
        "88 to 92 % is prescribed. Everybody else is scored on scale 1."
    )
    titles = ("Measurement", "0 points", "1 point", "2 points", "3 points")
    return el(
        "details",
        el("summary", "How the points are given"),
        table("How NEWS2 gives its points", titles, rows, look="em-guide em-stack"),
        el("p", scale),
        el("p", CREDIT, class_="em-quiet"),
        class_="em-earlier",
    )


def _by_points(part: str, scale: int, on_oxygen: bool) -> list[str]:
    """The ranges that give 0, 1, 2 and 3 points: "9 to 11"."""
    step = 0.1 if part == "temperature" else 1
    ranges: dict[int, list[str]] = {points: [] for points in range(4)}
    above = -math.inf
    for up_to, points in news2.bands(part, scale, on_oxygen):
        low, high = (above + 1) * step, up_to * step
        ranges[points].append(_range(low, high, 1 if part == "temperature" else 0))
        above = up_to
    return ["; ".join(found) or "–" for found in ranges.values()]


def _range(low: float, high: float, decimals: int) -> str:
    if low == -math.inf:
        return f"{high:.{decimals}f} or less"
    if high == math.inf:
        return f"{low:.{decimals}f} or more"
    return f"{low:.{decimals}f} to {high:.{decimals}f}"
