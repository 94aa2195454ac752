"""An order set on the screen: what to settle first, and what the record says about each line of it."""

from collections.abc import Iterable

from simemr.domain.rules import Alert
from simemr.html.escape import Markup, el, hidden, join, sign


def advice(words: str) -> Markup:
    """Return the one thing to settle before anything in the set is ordered."""
    return el("p", el("b", "First: "), words, class_="em-set-advice")


def notes(alerts: Iterable[Alert]) -> Markup:
    """Return what stands against a line for this patient: a stop that will ask for a decision, or something to know."""
    made = [
        el("p", sign("⊖"), hidden(" Stop:"), f" {alert.title} You will be asked about it.", class_="em-line-stop")
        if alert.interrupts
        else el("p", f"Worth knowing: {alert.title}", class_="em-line-note")
        for alert in alerts
    ]
    return join(made)
