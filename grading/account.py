"""What a learner did, and how it was judged, as text and HTML for the trainer and the learner to read.

Everything that came from a learner is shown as text: escaped, without control characters, and cut when it is
long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from grading.scoring import Extra, Result, Scored

LONGEST = 600
MOST_EVENTS = 500

#: Control characters (a terminal would obey them) and the marks that turn the direction of text around.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def plain(value: Any) -> str:
    """A value as text that is safe to show anywhere text is shown."""
    text = _UNSEEN.sub("", str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text)} characters)"


def criterion_text(scored: Scored) -> str:
    """One criterion's outcome, as lines of text."""
    outcome = "met" if scored.met else "partly met" if scored.points else "not met"
    lines = [f"{scored.title}: {outcome}, {scored.points:g} of {scored.max:g} points"]
    if scored.critical:
        lines[0] += " (critical)"
    lines += [f"What the log shows: {plain(scored.evidence)}", scored.debrief]
    if not scored.met:
        lines.append(f"Read again: {scored.read}")
    return "\n".join(lines)


def extra_text(scored: Extra) -> str:
    """A code criterion's outcome, as lines of text."""
    outcome = "met" if scored.met else "partly met" if scored.points else "not met"
    head = "not judged yet" if scored.waiting else f"{outcome}, {scored.points:g} of {scored.max:g} extra points"
    lines = [f"Extra: {scored.title}: {head}", plain(scored.evidence)]
    if scored.code and not scored.waiting:
        lines.append(scored.debrief)
    return "\n".join(lines)


def extra_html(scored: Extra) -> str:
    """A code criterion's outcome, with the code and what it printed, as HTML."""
    head, *rest = extra_text(scored).split("\n")
    body = "".join(f"<p>{escape(line)}</p>" for line in rest)
    for title, text in (("The code", scored.code), ("What it printed", scored.printed)):
        if text:
            shown = escape(_UNSEEN.sub("", text))
            body += f"<details><summary>{title}</summary><pre>{shown}</pre></details>"
    return f'<div class="criterion"><p><strong>{escape(head)}</strong></p>{body}</div>'


def criterion_html(scored: Scored) -> str:
    """One criterion's outcome, as HTML."""
    head, evidence, *rest = criterion_text(scored).split("\n")
    body = "".join(f"<p>{escape(line)}</p>" for line in (evidence, *rest))
    return f'<div class="criterion"><p><strong>{escape(head)}</strong></p>{body}</div>'


def attempt_text(result: Result, events: Iterable[Any], hospital: Any) -> str:
    """The whole attempt: the outcome, then what was done, a line an event."""
    lines = [summary(result)]
    if result.torn:
        lines.append("The last line of the log was cut off when it was written; it is left out.")
    lines += [f"{at}  {what}" for at, what in _told(events, hospital)]
    return "\n".join(lines)


def attempt_html(result: Result, events: Iterable[Any], hospital: Any) -> str:
    """The whole attempt as HTML."""
    torn = "<p>The last line of the log was cut off when it was written; it is left out.</p>" if result.torn else ""
    told = _told(events, hospital)
    rows = "".join(f"<tr><td>{escape(at)}</td><td>{escape(what)}</td></tr>" for at, what in told)
    # Folded: the criteria that follow are what most people came to read.
    table = (
        f"<details><summary>What was done, in {len(told)} steps</summary>"
        '<table><thead><tr><th scope="col">Time (UTC)</th><th scope="col">Action</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )
    head = f"<p><strong>{escape(summary(result))}</strong></p>"
    return f'<div class="attempt">{head}{torn}{table if rows else ""}</div>'


def summary(result: Result) -> str:
    """The outcome in a line."""
    outcome = "passed" if result.passed else "not passed"
    if not result.attempt:
        return f"{result.title}: nothing was handed in, {result.points:g} of {result.max:g} points, {outcome}"
    return f"{result.title}, attempt {result.attempt}: {result.points:g} of {result.max:g} points, {outcome}"


def describe(event: Any, hospital: Any) -> str:
    """One event in words: the action, then its arguments. A patient is called by name."""
    words = []
    for name, value in event.args.items():
        if name == "patient" and value in hospital.patients:
            value = hospital.patients[value].display_name
        words.append(f"{name.replace('_', ' ')}: {_said(value)}")
    action = event.action.replace("_", " ").capitalize()
    return plain(f"{action} ({'; '.join(words)})" if words else action)


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_said(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_said(item) for item in value)
    return str(value)


def _told(events: Iterable[Any], hospital: Any) -> list[tuple[str, str]]:
    events = list(events)
    told = [(plain(event.at).replace("T", " ").removesuffix("Z"), describe(event, hospital)) for event in events]
    if len(told) > MOST_EVENTS:
        told = [*told[:MOST_EVENTS], ("", f"and {len(told) - MOST_EVENTS} actions more, in the answer log")]
    return told
