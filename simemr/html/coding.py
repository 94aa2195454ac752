"""What is known in words about a patient's reactions, and what a prepared order meets."""

from collections.abc import Iterable
from typing import Any

from simemr.domain.actions.allergies import CHOICES, Narrative
from simemr.html import alerts as alert_pages
from simemr.html.escape import Markup, el, join, sign


def narratives(found: Iterable[Narrative]) -> Markup:
    """Return the narratives of the open patient, each with where it stands and what the patient says."""
    made = [
        el(
            "div", el("h4", each.where), el("p", each.text, class_="em-narrative"),
            el("p", el("b", "When you ask: "), each.said) if each.said else "", class_="em-note",
        )
        for each in found
    ]  # fmt: skip
    return join(el("h3", "What is known in words"), made)


def met(alerts: Iterable[Any], choice: str) -> Markup:
    """Return what the record said about a prepared order, and what was decided."""
    alerts = tuple(alerts)
    stopping = [a for a in alerts if a.interrupts]
    said = join(
        alert_pages.interrupting(stopping),
        alert_pages.advisory([a for a in alerts if not a.interrupts]),
        "" if alerts else el("p", sign("○ "), "No alert. The record has nothing against it.", class_="em-silent"),
    )
    decided = el("p", sign("✓ "), f"You decided: {CHOICES[choice].lower()}.", class_="em-done") if choice else ""
    return join(said, decided)
