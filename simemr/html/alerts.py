"""What decision support says about the order being written: what is wrong, why for this patient, what instead."""

from collections.abc import Iterable, Mapping
from typing import Any

from simemr.domain.state import Override
from simemr.html.escape import Markup, el, hidden, join

_STOP = el(
    "svg",
    el("circle", cx="10", cy="10", r="9", fill="currentColor"),
    el("rect", x="4.5", y="8.5", width="11", height="3", class_="em-stop-bar"),
    width="20", height="20", viewBox="0 0 20 20", aria_hidden="true", focusable="false",
)  # fmt: skip


def interrupting(alerts: Iterable[Any]) -> Markup:
    """Return the alerts that need a decision, as one message that is read out at once."""
    made = [
        el(
            "div",
            el("h3", _STOP, hidden("Stop: "), alert.title, class_="em-alert-head"),
            el("div", el("p", alert.why), _instead(alert), class_="em-alert-body"),
            class_="em-alert",
        )
        for alert in alerts
    ]
    return el("div", made, role="alert") if made else Markup("")


def advisory(alerts: Iterable[Any]) -> Markup:
    """Return what is worth knowing and stops nobody."""
    made = [
        el(
            "div", el("h3", "Worth knowing: ", alert.title, class_="em-advice-head"),
            el("p", alert.why), _instead(alert), class_="em-advice",
        )
        for alert in alerts
    ]  # fmt: skip
    return join(made)


def overridden(overrides: Iterable[Override], alerts: Iterable[Any], reasons: Mapping[str, str]) -> Markup:
    """Return what was overridden, and why."""
    titles = {alert.id: alert.title for alert in alerts}
    made = [
        el(
            "li",
            el("b", titles.get(o.alert, o.alert)),
            f" You go on: {reasons.get(o.reason, o.reason)}.",
            f" “{o.note}”" if o.note else "",
        )
        for o in overrides
    ]
    return el("ul", made, class_="em-overridden") if made else Markup("")


def _instead(alert: Any) -> Markup:
    return el("p", el("b", "Instead: "), alert.instead) if getattr(alert, "instead", "") else Markup("")
