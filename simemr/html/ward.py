"""The ward list's rows. The name itself is the button; this is what stands around it."""

from datetime import datetime

from simemr.domain.record import Patient
from simemr.html import score, words
from simemr.html.escape import Markup, el, hidden, sign


def heading(name: str, count: int) -> Markup:
    """Return "Alder ward · 12 patients", and over the scores what they are: each row says it to a screen reader."""
    scores = el("span", " NEWS2", class_="em-scores", aria_hidden="true")
    return el("h2", f"{name} · {count} patient{'' if count == 1 else 's'}", scores)


def row(patient: Patient, clock: datetime, waiting: int = 0) -> Markup:
    """Return bed, age, reason and NEWS2; ``waiting`` is how many orders still wait for a check."""
    asks = ""
    if waiting:
        asks = el("span", f"{waiting} order{'' if waiting == 1 else 's'} to check", class_="em-waiting")
    return Markup(
        el("span", hidden("Bed "), patient.bed, class_="em-bed")
        + el("span", f"{words.who(patient, clock)} · {patient.reason}", asks, class_="em-reason")
        + score.mark(score.latest(patient))
    )


def locked_row(patient: Patient) -> Markup:
    """Return the row of a record that is locked: where the patient lies, and nothing that the record holds."""
    return Markup(
        el("span", hidden("Bed "), patient.bed, class_="em-bed")
        + el("span", sign("⊘"), " Locked for you", class_="em-reason")
    )
