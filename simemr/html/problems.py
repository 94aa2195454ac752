"""The problem list."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from simemr.domain.actions.problems import REMOVALS, Gone
from simemr.domain.codes import Code
from simemr.domain.record import Problem
from simemr.html import words
from simemr.html.escape import Markup, el, hidden, join
from simemr.html.tables import empty, table

_AWAY = "Merged or taken off"


def screen(problems: Iterable[Problem], clock: datetime, gone: Iterable[Gone] = ()) -> Markup:
    """Return active problems, then those that are over, then what was merged or taken off."""
    problems = tuple(problems)
    active = [p for p in problems if p.status == "active"]
    return join(
        el("h3", "Active problems"),
        _table(active, clock, "Active problems") if active else empty("No active problem is recorded."),
        off_list(problems, clock, gone),
    )


def off_list(problems: Iterable[Problem], clock: datetime, gone: Iterable[Gone] = ()) -> Markup:
    """Return the problems that are over, and what was merged or taken off with the reason."""
    problems, gone = tuple(problems), tuple(gone)
    over = [p for p in problems if p.status != "active"]
    left = [(el("b", one.problem.text), how(one, problems)) for one in gone]
    return join(
        (el("h3", "Resolved"), _table(over, clock, "Resolved problems")) if over else "",
        (el("h3", _AWAY), table(_AWAY, ("Was", "Why"), left, look="em-stack")) if left else "",
    )  # fmt: skip


def how(one: Gone, problems: Iterable[Problem]) -> str:
    """Return why something left the list."""
    if one.into:
        kept = next((p.text for p in problems if p.id == one.into), "")
        return f"The same as “{kept}”" if kept else "The same as another problem, which has left the list too"
    return REMOVALS[one.reason]


def _table(problems: list[Problem], clock: datetime, caption: str) -> Markup:
    rows = [(el("b", p.text), _time(p, clock), p.icd10cm or "–", p.note or "–") for p in problems]
    return table(caption, ("Problem", "Since", "ICD-10-CM", "Note"), rows, look="em-stack")


def _time(problem: Problem, clock: datetime) -> str:
    since = words.onset(problem.onset, clock)
    until = f"over since {words.onset(problem.abated, clock)}" if problem.abated else ""
    return ", ".join(part for part in (since, until) if part) or "–"


def facts(problem: Problem, clock: datetime, codes: Mapping[str, Code]) -> Markup:
    """Return what a line of the list knows besides its name: the code with its words, since when, the note."""
    known = codes.get(problem.icd10cm)
    code = f"{problem.icd10cm} {known.text}" if known else problem.icd10cm
    since = words.onset(problem.onset, clock)
    return join(
        el(
            "span",
            hidden("Code: "),
            code or "no code",
            class_="em-problem-code" if code else "em-problem-code em-lacking",
        ),
        el(
            "span",
            f"since {since}" if since else "no date",
            class_="em-problem-since" if since else "em-problem-since em-lacking",
        ),
        el("span", problem.note, class_="em-problem-note") if problem.note else "",
    )


def chosen(problem: Problem, clock: datetime, codes: Mapping[str, Code]) -> Markup:
    """Return the line that is being worked on."""
    return el("div", el("h4", problem.text), el("p", facts(problem, clock, codes), class_="em-problem-facts"))
