"""The problem list."""

from collections.abc import Iterable
from datetime import datetime

from simemr.domain.record import Problem
from simemr.html import words
from simemr.html.escape import Markup, el, join
from simemr.html.tables import empty, table


def screen(problems: Iterable[Problem], clock: datetime) -> Markup:
    """Return active problems, then those that are over."""
    problems = tuple(problems)
    active = [p for p in problems if p.status == "active"]
    over = [p for p in problems if p.status != "active"]
    return join(
        el("h3", "Active problems"),
        _table(active, clock, "Active problems") if active else empty("No active problem is recorded."),
        (el("h3", "Resolved"), _table(over, clock, "Resolved problems")) if over else "",
    )


def _table(problems: list[Problem], clock: datetime, caption: str) -> Markup:
    rows = [(el("b", p.text), words.onset(p.onset, clock), p.icd10cm or "–", p.note or "–") for p in problems]
    return table(caption, ("Problem", "Since", "ICD-10-CM", "Note"), rows, look="em-stack")
